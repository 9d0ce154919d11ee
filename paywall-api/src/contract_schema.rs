//! How does a schema of the contract become one of `schemars`? Its references become the generator's.

use schemars::Schema;
use serde_json::Value;

/// The JSON Schema `text` of the contract, in which every reference to a type (`#/$defs/Name`) is replaced by what a
/// generator gave for that type.
///
/// Generated code calls it. A text that is no JSON gives a schema that nothing fits, so that a fault of the generator
/// is seen at once.
///
/// ```
/// use paywall_api::contract_schema;
///
/// let schema = contract_schema(r#"{"type": "integer", "minimum": 1}"#, &[]);
/// assert_eq!(schema.get("minimum"), Some(&1.into()));
/// ```
#[must_use]
pub fn contract_schema(text: &str, references: &[(&str, Schema)]) -> Schema {
    let parsed: Option<Value> = serde_json::from_str(text).ok();
    let turned = parsed.map(|schema| turned(schema, references));
    turned.and_then(|schema| Schema::try_from(schema).ok()).unwrap_or_else(|| Schema::from(false))
}

fn turned(schema: Value, references: &[(&str, Schema)]) -> Value {
    match schema {
        Value::Object(map) => match map.get("$ref").and_then(Value::as_str).map(|text| named(text, references)) {
            Some(schema) => schema,
            None => map.into_iter().map(|(key, value)| (key, turned(value, references))).collect(),
        },
        Value::Array(elements) => elements.into_iter().map(|element| turned(element, references)).collect(),
        other => other,
    }
}

fn named(text: &str, references: &[(&str, Schema)]) -> Value {
    let name = text.strip_prefix("#/$defs/").unwrap_or(text);
    let found = references.iter().find(|(known, _)| *known == name);
    found.map_or(Value::Bool(false), |(_, schema)| schema.clone().to_value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_the_generators() {
        let reference = Schema::new_ref("#/definitions/Inner".to_owned());
        let schema = contract_schema(r##"{"items": {"$ref": "#/$defs/Inner"}}"##, &[("Inner", reference)]);
        assert_eq!(schema.pointer("/items/$ref"), Some(&"#/definitions/Inner".into()));
    }

    #[test]
    fn what_is_not_there_fits_nothing() {
        let schema = contract_schema(r##"{"items": {"$ref": "#/$defs/Inner"}}"##, &[]);
        assert_eq!(schema.get("items"), Some(&Value::Bool(false)));
        assert_eq!(contract_schema("no json", &[]), Schema::from(false));
    }
}
