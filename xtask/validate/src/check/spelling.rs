//! Which field was meant by a name that the contract does not have?

use paywall_contract::spelling::nearest;

use crate::shape::Fields;

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
    let like = || nearest(key, fields.names()).or_else(|| ending(key, fields.names()));
    other_case.map(Meant::Case).or_else(|| like().map(Meant::Like))
}

/// The one name that is the end of this one, or whose end this one is: `CardNumber` for `Number`.
fn ending<'n>(key: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let key = key.to_lowercase();
    let is_end = |name: &&str| {
        let name = name.to_lowercase();
        key.len().min(name.len()) >= 4 && (key.ends_with(&name) || name.ends_with(&key))
    };
    let mut found = names.filter(is_end);
    found.next().filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_more_before_it_is_known_by_its_end() {
        let names = ["Number", "OwnerName", "ExpireMonth"];
        assert_eq!(ending("CardNumber", names.into_iter()), Some("Number"));
        assert_eq!(ending("Name", names.into_iter()), Some("OwnerName"));
        assert_eq!(ending("CardNumber", ["Number", "RealCardNumber"].into_iter()), None);
        assert_eq!(ending("ID", ["OwnerID"].into_iter()), None);
    }
}
