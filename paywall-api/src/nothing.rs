//! What does a success carry that carries nothing?

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::quietly;

/// The `Body` of an operation whose success says all by being one: null, an empty text or an empty object.
///
/// Nothing else is taken for it. A refund whose success is filled with something that no page shows may be anything,
/// so that its outcome is unknown, and an inquiry tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        quietly(deserializer.deserialize_any(Empty))
    }
}

pub(crate) const TEXT: &str = "a text where nothing was expected";
pub(crate) const FIELDS: &str = "fields where nothing was expected";

struct Empty;

impl<'de> Visitor<'de> for Empty {
    type Value = Nothing;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing: null, an empty text or an empty object")
    }

    fn visit_unit<E: Error>(self) -> Result<Nothing, E> {
        Ok(Nothing)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Nothing, E> {
        if text.is_empty() { Ok(Nothing) } else { Err(E::custom(TEXT)) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Nothing, A::Error> {
        match map.next_key::<String>()? {
            None => Ok(Nothing),
            Some(_) => Err(A::Error::custom(FIELDS)),
        }
    }
}

/// As null.
impl Serialize for Nothing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

/// As the contract has it: null or an empty text.
#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Nothing {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Nothing".into()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        concat!(module_path!(), "::Nothing").into()
    }

    fn json_schema(_generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        crate::contract_schema(r#"{"type": ["string", "null"], "maxLength": 0}"#, &[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "schemars")]
    #[test]
    fn its_schema_has_both_ways_of_saying_nothing() {
        let schema = schemars::schema_for!(Nothing).to_value();
        assert_eq!((&schema["type"], &schema["maxLength"]), (&serde_json::json!(["string", "null"]), &0.into()));
    }

    #[test]
    fn only_nothing_is_nothing() {
        for json in ["null", "\"\"", "{}"] {
            assert_eq!(serde_json::from_str::<Nothing>(json).expect(json), Nothing, "{json}");
        }
        for json in ["{\"Result\":false}", "{\"Error\":{\"BankErrorCode\":\"51\"}}", "[]", "7", "true", "\"refused\""] {
            assert!(serde_json::from_str::<Nothing>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::to_string(&Nothing).expect("nothing"), "null");
    }
}
