//! Which field was meant by a name that the contract does not have?

use crate::shape::Fields;

/// How alike two names must be, from 0 to 1.
const ALIKE: f64 = 0.75;

/// What a name is instead of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meant<'f> {
    /// The same in other capitals.
    Case(&'f str),
    /// One like it.
    Like(&'f str),
}

impl<'f> Meant<'f> {
    pub(crate) fn name(self) -> &'f str {
        match self {
            Self::Case(name) | Self::Like(name) => name,
        }
    }
}

/// The field that an unknown name stands for.
pub(crate) fn meant<'f>(key: &str, fields: &'f Fields) -> Option<Meant<'f>> {
    let other_case = fields.names().find(|name| name.eq_ignore_ascii_case(key));
    other_case.map(Meant::Case).or_else(|| nearest(key, fields.names()).map(Meant::Like))
}

/// The most alike of some names, if one is alike.
pub(crate) fn nearest<'n>(key: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // A name of many characters is none of a field, and comparing takes the product of both lengths.
    if key.len() > 64 {
        return None;
    }
    let key = key.to_lowercase();
    let scored = names.map(|name| (strsim::normalized_damerau_levenshtein(&key, &name.to_lowercase()), name));
    let best = scored.filter(|(score, _)| *score >= ALIKE).max_by(|one, other| one.0.total_cmp(&other.0));
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_fingers_is_seen() {
        let names = ["Amount", "Installment", "ClientIP"];
        assert_eq!(nearest("Amuont", names.into_iter()), Some("Amount"));
        assert_eq!(nearest("instalment", names.into_iter()), Some("Installment"));
        assert_eq!(nearest("Colour", names.into_iter()), None);
    }
}
