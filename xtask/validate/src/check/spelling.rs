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
    let like = || nearest(key, fields.names()).or_else(|| ending(key, fields.names()));
    other_case.map(Meant::Case).or_else(|| like().map(Meant::Like))
}

/// The most alike of some names, if one is alike.
pub(crate) fn nearest<'n>(key: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // A name of many characters is none of a field, and comparing takes the product of both lengths.
    if key.len() > 64 {
        return None;
    }
    let key = key.to_lowercase();
    let scored = names.map(|name| (strsim::normalized_damerau_levenshtein(&key, &name.to_lowercase()), name));
    let best = scored.filter(|(score, name)| *score >= alike(name)).max_by(|one, other| one.0.total_cmp(&other.0));
    best.map(|(_, name)| name)
}

/// One letter of three is a slip too.
fn alike(name: &str) -> f64 {
    if name.len() <= 3 { 0.6 } else { ALIKE }
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
    fn a_slip_of_the_fingers_is_seen() {
        let names = ["Amount", "Installment", "ClientIP"];
        assert_eq!(nearest("Amuont", names.into_iter()), Some("Amount"));
        assert_eq!(nearest("instalment", names.into_iter()), Some("Installment"));
        assert_eq!(nearest("Colour", names.into_iter()), None);
        assert_eq!(nearest("Cvc", ["Cvv", "Number"].into_iter()), Some("Cvv"));
    }

    #[test]
    fn a_name_with_more_before_it_is_known_by_its_end() {
        let names = ["Number", "OwnerName", "ExpireMonth"];
        assert_eq!(ending("CardNumber", names.into_iter()), Some("Number"));
        assert_eq!(ending("Name", names.into_iter()), Some("OwnerName"));
        assert_eq!(ending("CardNumber", ["Number", "RealCardNumber"].into_iter()), None);
        assert_eq!(ending("ID", ["OwnerID"].into_iter()), None);
    }
}
