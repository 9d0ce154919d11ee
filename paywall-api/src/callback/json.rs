//! What does a JSON message say at a place? Only one thing: a key that stands twice where somebody looks is refused,
//! so that content, claim and hash cannot be made to read different values.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Notification;
use super::claim_error::{ClaimError, ClaimErrorKind, misfit};
use super::fields::{Field, Fields};
use crate::byte_order_mark;
use crate::objects::{self, Objects};
use crate::pointer;

/// The documented messages have about thirty keys.
const MOST_KEYS: usize = 1024;

/// A callback has at most 1,000 payments, by the documents. `{}` is three bytes and becomes a struct of hundreds.
const MOST_OBJECTS: usize = 10_000;

/// As `serde_json` has it for what it reads; here it also holds for what nobody reads.
const DEEPEST: usize = 127;

/// The text of a body without a byte order mark, if it is one, not too deep and not of too many parts.
pub(super) fn text(body: &[u8]) -> Result<&str, ClaimError> {
    let json = std::str::from_utf8(body).map_err(|error| {
        let found = format!("the message is not utf-8 from byte {} on", error.valid_up_to());
        ClaimError::new(ClaimErrorKind::NotUtf8, found)
    })?;
    let json = byte_order_mark::without(json);
    bounded(json).map(|()| json)
}

/// What stands at every place that the contract names for `N`.
pub(super) fn fields<N: Notification>(json: &str) -> Result<Fields, ClaimError> {
    let root = Object::read(json)?;
    Fields::read::<N, _>(|place| root.field(&mut pointer::keys(place)))
}

/// The message as the type of the contract.
pub(super) fn content<T: DeserializeOwned>(json: &str) -> Result<T, ClaimError> {
    objects::read(json).map_err(|_| {
        // Read again, slowly, to learn where.
        let deserializer = &mut serde_json::Deserializer::from_str(json);
        let again = serde_path_to_error::deserialize::<_, T>(Objects(deserializer));
        again.map_or_else(|error| misfit(error.path()), |_| no_object())
    })
}

/// Counts levels and objects, outside of text.
fn bounded(json: &str) -> Result<(), ClaimError> {
    let (mut depth, mut objects, mut in_text, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                objects += usize::from(byte == b'{');
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            let found = format!("the message is nested deeper than {DEEPEST} levels");
            return Err(ClaimError::new(ClaimErrorKind::TooDeep, found));
        }
        if objects > MOST_OBJECTS {
            let found = format!("the message has more than {MOST_OBJECTS} objects: expected about a thousand");
            return Err(ClaimError::new(ClaimErrorKind::TooMany, found));
        }
    }
    Ok(())
}

/// The members of an object, each name once.
struct Object<'j> {
    members: Vec<(String, &'j RawValue)>,
}

impl<'j> Object<'j> {
    fn read(json: &'j str) -> Result<Self, ClaimError> {
        let Members(members) = objects::read(json).map_err(|_| no_object())?;
        members.map(|members| Self { members })
    }

    /// What stands at the end of a way of keys.
    fn field(&self, way: &mut dyn Iterator<Item = String>) -> Result<Field, ClaimError> {
        let Some(key) = way.next() else {
            return Ok(Field::Odd);
        };
        let Some((_, raw)) = self.members.iter().find(|(name, _)| *name == key) else {
            return Ok(Field::Absent);
        };
        match raw.get() {
            json if json.starts_with('{') => Self::read(json)?.field(way),
            json if way.next().is_some() => Ok(if json == "null" { Field::Absent } else { Field::Odd }),
            json => Ok(scalar(json)),
        }
    }
}

fn scalar(json: &str) -> Field {
    match json.as_bytes().first() {
        Some(b'"') => objects::read::<String>(json).map_or(Field::Odd, Field::of_text),
        Some(b'-' | b'0'..=b'9') => Field::of_text(json),
        _ if json == "null" => Field::Absent,
        _ => Field::Odd,
    }
}

fn no_object() -> ClaimError {
    ClaimError::new(ClaimErrorKind::Syntax, "the message is no json object")
}

/// What an object's members are, or why they are not looked at. The object is read to its end in either case.
struct Members<'j>(Result<Vec<(String, &'j RawValue)>, ClaimError>);

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
        let (mut members, mut names) = (Vec::new(), BTreeSet::new());
        while let Some(name) = map.next_key::<String>()? {
            // Paywall's own platform reads keys without regard to case, and so may others behind this reader.
            let is_new = names.insert(name.to_ascii_lowercase());
            if let Err(error) = admit(is_new, names.len()) {
                map.next_value::<IgnoredAny>()?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(Members(Err(error)));
            }
            members.push((name, map.next_value()?));
        }
        Ok(Members(Ok(members)))
    }
}

fn admit(is_new: bool, names: usize) -> Result<(), ClaimError> {
    if !is_new {
        let found = "a key stands twice in an object that is looked at: expected each once, in upper or lower case";
        return Err(ClaimError::new(ClaimErrorKind::Repeated, found));
    }
    if names > MOST_KEYS {
        let found = format!("an object has more than {MOST_KEYS} keys: expected about thirty");
        return Err(ClaimError::new(ClaimErrorKind::TooMany, found));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(json: &str, place: &str) -> Result<Field, ClaimErrorKind> {
        let root = Object::read(json).map_err(|error| error.kind())?;
        root.field(&mut pointer::keys(place)).map_err(|error| error.kind())
    }

    fn found(json: &str, place: &str) -> String {
        match field(json, place) {
            Ok(Field::Text(text)) => format!("text {}", *text),
            Ok(Field::Absent) => "absent".to_owned(),
            Ok(Field::Odd) => "odd".to_owned(),
            Err(kind) => format!("{kind:?}"),
        }
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for number in ["1", "1.00", "-0", "11.96", "9007199254740993.00", "1e2", "1E+400"] {
            assert_eq!(found(&format!(r#"{{"Amount": {number} }}"#), "/Amount"), format!("text {number}"));
        }
        assert_eq!(found(r#"{"Amount":"1,00"}"#, "/Amount"), "text 1,00");
        assert_eq!(found(r#"{"\u0041mount":"\u015f\n"}"#, "/Amount"), "text ş\n");
    }

    #[test]
    fn null_is_absent_and_what_has_no_text_is_odd() {
        for json in ["{}", r#"{"a":null}"#, r#"{"A":1}"#, r#"{"b":{"a":1}}"#] {
            assert_eq!(found(json, "/a"), "absent", "{json}");
        }
        for value in ["true", "{}", "[]", "[1]", "{\"a\":1}", r#""\ud800""#] {
            assert_eq!(found(&format!(r#"{{"a":{value}}}"#), "/a"), "odd", "{value}");
        }
    }

    #[test]
    fn places_may_be_deep() {
        assert_eq!(found(r#"{"a":{"b/c":{"~":7}}}"#, "/a/b~1c/~0"), "text 7");
        assert_eq!(found(r#"{"a":null}"#, "/a/b"), "absent");
        assert_eq!(found(r#"{"a":{"c":1}}"#, "/a/b"), "absent");
        assert_eq!(found(r#"{"a":[1]}"#, "/a/b"), "odd");
        assert_eq!(found(r#"{"a":{"b":1,"b":2}}"#, "/a/b"), "Repeated");
    }

    #[test]
    fn a_key_stands_once_however_it_is_written() {
        for json in [
            r#"{"UniqueCode":1,"UniqueCode":1}"#,
            r#"{"UniqueCode":1,"\u0055niqueCode":2}"#,
            r#"{"UniqueCode":1,"x":0,"uniqueCode":2}"#,
            r#"{"unknown":1,"unknown":2,"UniqueCode":1}"#,
            r#"{"x":1,"x":{"x":[1,2]},"x":3,"y":4}"#,
            r#"{"UniqueCode":1,"":0,"":0}"#,
        ] {
            assert_eq!(found(json, "/UniqueCode"), "Repeated", "{json}");
        }
        assert_eq!(found(r#"{"a":{"x":1,"x":2},"b":[{"x":1,"x":2}],"UniqueCode":1}"#, "/UniqueCode"), "text 1");
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for json in [
            "",
            " ",
            "null",
            "[]",
            "[{}]",
            "7",
            "\"a\"",
            "{",
            "{\"a\"",
            "{\"a\":1,}",
            "{\"a\":01}",
            "{} {}",
            "\u{feff}{}",
        ] {
            assert_eq!(found(json, "/a"), "Syntax", "{json}");
        }
        assert_eq!(found(r#"{"a":1,"a":2"#, "/a"), "Syntax");
        assert_eq!(found(r#"{"\ud800":1}"#, "/a"), "Syntax");
    }

    #[test]
    fn keys_are_counted() {
        let object = |keys: usize| {
            let members: Vec<String> = (0..keys).map(|number| format!("\"{number}\":1")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert_eq!(found(&object(MOST_KEYS), "/7"), "text 1");
        assert_eq!(found(&object(MOST_KEYS + 1), "/7"), "TooMany");
        assert_eq!(found(&object(100_000), "/7"), "TooMany");
    }

    #[test]
    fn objects_are_counted_before_they_take_memory() {
        let payments = |items: usize| format!(r#"{{"Payments":[{}{{}}],"n":"{{{{"}}"#, "{},".repeat(items - 1));
        assert!(text(payments(MOST_OBJECTS - 1).as_bytes()).is_ok());
        for json in [payments(MOST_OBJECTS), payments(1_000_000)] {
            assert_eq!(text(json.as_bytes()).err().map(|error| error.kind()), Some(ClaimErrorKind::TooMany));
        }
    }

    #[test]
    fn depth_is_counted_outside_of_text() {
        let nested = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(text(nested(DEEPEST).as_bytes()).is_ok());
        assert!(serde_json::from_str::<serde_json::Value>(&nested(DEEPEST)).is_ok(), "the same bound");
        for json in [nested(DEEPEST + 1), nested(60_000), "[".repeat(60_000), "{\"a\":".repeat(60_000)] {
            assert_eq!(text(json.as_bytes()).err().map(|error| error.kind()), Some(ClaimErrorKind::TooDeep));
        }
        assert!(text(format!(r#"{{"a":"\"{}\\"}}"#, "[".repeat(1000)).as_bytes()).is_ok());
        assert!(text("[]".repeat(1000).as_bytes()).is_ok());
    }
}
