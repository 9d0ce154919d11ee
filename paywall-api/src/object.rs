//! The members of a JSON object as they stand: in their order, with names that stand twice, and unread values.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::objects;

/// How deep an object is looked into for something that it says. What is deeper counts as said.
const DEEPEST: u8 = 8;

/// The members of an object.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Members<'j> {
    members: Vec<(String, &'j RawValue)>,
    /// By name in small letters: how often it stands, and whether each says the same.
    readings: BTreeMap<String, Readings<'j>>,
}

#[cfg_attr(test, derive(Debug))]
struct Readings<'j> {
    first: &'j RawValue,
    agree: bool,
}

impl<'j> Members<'j> {
    /// What stands under `name`, if it stands once: of two values nobody knows which one counts.
    pub(crate) fn once(&self, name: &str) -> Option<&'j RawValue> {
        let mut found = self.iter().filter(|(other, _)| *other == name).map(|(_, value)| value);
        found.next().filter(|_| found.next().is_none())
    }

    /// Does `name` stand twice, in whatever case, with values that differ? .NET, which Paywall runs on, reads names
    /// without regard to case.
    pub(crate) fn has_another_reading(&self, name: &str) -> bool {
        self.readings.get(&name.to_ascii_lowercase()).is_some_and(|readings| !readings.agree)
    }

    /// The value of `name`, in whatever case it is written. Of several, the first.
    pub(crate) fn in_any_case(&self, name: &str) -> Option<&'j RawValue> {
        self.readings.get(&name.to_ascii_lowercase()).map(|readings| readings.first)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'j RawValue)> {
        self.members.iter().map(|(name, value)| (name.as_str(), *value))
    }

    fn add(&mut self, name: String, value: &'j RawValue) {
        let readings = self.readings.entry(name.to_ascii_lowercase());
        let readings = readings.or_insert(Readings { first: value, agree: true });
        readings.agree &= readings.first.get() == value.get();
        self.members.push((name, value));
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Members { members: Vec::new(), readings: BTreeMap::new() };
        while let Some((Name(name), value)) = map.next_entry::<Name, &RawValue>()? {
            members.add(name, value);
        }
        Ok(members)
    }
}

/// A member's name. Half of a surrogate pair, which no text can hold, becomes U+FFFD.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
        Ok(Name(name.to_owned()))
    }

    fn visit_bytes<E: de::Error>(self, name: &[u8]) -> Result<Name, E> {
        Ok(Name(String::from_utf8_lossy(name).into_owned()))
    }
}

/// Is there nothing in a value: null, an empty text, or an object of such values alone, each under a name of its own?
pub(crate) fn says_nothing(json: &str) -> bool {
    says_nothing_within(json, DEEPEST)
}

fn says_nothing_within(json: &str, depth: u8) -> bool {
    if json == "null" || objects::read::<String>(json).is_ok_and(|text| text.trim().is_empty()) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1).filter(|_| json.starts_with('{')) else { return false };
    let Ok(object) = objects::read::<Members<'_>>(json) else { return false };
    let says = |name| object.once(name).is_none_or(|value| !says_nothing_within(value.get(), depth));
    let says_something = object.iter().any(|(name, _)| says(name));
    !says_something
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_stands_twice_is_read_as_none() {
        let members: Members<'_> = objects::read(r#"{"A":1,"B":2,"A":1,"b":2,"C":3,"c":4}"#).expect("members");
        assert!(members.once("A").is_none() && members.once("D").is_none());
        assert_eq!(members.once("B").map(RawValue::get), Some("2"));
        assert!(!members.has_another_reading("A") && !members.has_another_reading("B"));
        assert!(members.has_another_reading("C") && members.has_another_reading("c"));
    }

    #[test]
    fn a_name_that_no_text_can_hold_spoils_no_other() {
        let members: Members<'_> = objects::read(r#"{"\ud800":"\udfff","\u0041":1}"#).expect("members");
        assert_eq!(members.once("A").map(RawValue::get), Some("1"));
    }

    #[test]
    fn nothing_is_told_from_something() {
        for json in ["null", "\"\"", "\" \"", "{}", r#"{"A":null,"B":{"C":""}}"#] {
            assert!(says_nothing(json), "{json}");
        }
        let deep = format!("{}null{}", r#"{"A":"#.repeat(100), "}".repeat(100));
        for json in [
            "0",
            "false",
            "[]",
            "\"a\"",
            r#"{"A":{"B":0}}"#,
            r#"{"A":7,"A":null}"#,
            r#"{"A":null,"A":null}"#,
            deep.as_str(),
            "{",
        ] {
            assert!(!says_nothing(json), "{json}");
        }
    }
}
