//! What does a success carry that carries nothing?

use serde::de::{Deserialize, Deserializer, IgnoredAny};
use serde::{Serialize, Serializer};

/// The `Body` of an operation whose success says all by being one: null or an empty text.
///
/// Whatever else comes is passed over: a refund that was made stays made, however its answer is filled one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
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
    fn whatever_comes_is_nothing() {
        for json in ["null", "\"\"", "{\"Id\":[1,{}]}", "[1]", "7"] {
            assert_eq!(serde_json::from_str::<Nothing>(json).expect(json), Nothing, "{json}");
        }
        assert_eq!(serde_json::to_string(&Nothing).expect("nothing"), "null");
    }
}
