//! What stands at the places where a claim or a hash looks? Read once, so that both read the same.

use zeroize::Zeroizing;

use super::{HashPlaces, Notification};

/// What stands at a place.
pub(super) enum Field {
    /// Nothing, or `null`.
    Absent,
    /// A text without its quotes and escapes, or a number as it is written.
    Text(Zeroizing<String>),
    /// Something that is neither.
    Odd,
}

impl Field {
    pub(super) fn of_text(text: impl Into<String>) -> Self {
        Self::Text(Zeroizing::new(text.into()))
    }
}

/// What stands at every place that the contract names for a message.
pub(super) struct Fields {
    found: Vec<(&'static str, Field)>,
}

impl Fields {
    /// Looks at every place of `N` by `field`.
    pub(super) fn read<N: Notification, E>(field: impl Fn(&'static str) -> Result<Field, E>) -> Result<Self, E> {
        let hash = N::HASH.into_iter().flat_map(HashPlaces::all);
        let found = N::CLAIM.all().chain(hash).map(|place| Ok((place, field(place)?)));
        Ok(Self { found: found.collect::<Result<_, E>>()? })
    }

    /// A place that the contract does not name holds nothing.
    pub(super) fn at(&self, place: &str) -> &Field {
        self.found.iter().find(|(known, _)| *known == place).map_or(&Field::Absent, |(_, field)| field)
    }

    /// The text at a place, empty or not.
    pub(super) fn text(&self, place: &str) -> Option<&str> {
        match self.at(place) {
            Field::Text(text) => Some(text),
            Field::Absent | Field::Odd => None,
        }
    }
}
