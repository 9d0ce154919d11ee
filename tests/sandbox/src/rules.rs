//! Does a payload keep the contract's schema? Every rule that it breaks, with its place, never with a value.

use codegen::json_schema;
use codegen::node::At;
use codegen::{Document, Finding, Findings};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

/// One schema, ready to judge.
#[derive(Debug)]
pub(crate) struct Rules {
    schema: Value,
    validator: Validator,
}

impl Rules {
    /// The rules of a JSON Schema whose references are to the contract's named schemas.
    pub(crate) fn new(document: &Document, at: &At, schema: Value) -> Result<Self, Findings> {
        let schema = json_schema::with_definitions(document, schema);
        let validator = jsonschema::validator_for(&schema).map_err(|error| {
            let message = format!("the schema cannot be used: {}", error.masked());
            Findings::new(vec![Finding::new("schema", at, message, "mend the schema at this place")])
        })?;
        Ok(Self { schema, validator })
    }

    /// Everything that `value` breaks.
    pub(crate) fn broken_by(&self, value: &Value) -> Vec<String> {
        self.validator.iter_errors(value).flat_map(|error| self.told(&error)).collect()
    }

    /// A choice without ways of its own is a nullable object or one of several code lists: what is wrong with the first
    /// way says more than that neither holds.
    fn told(&self, error: &ValidationError<'_>) -> Vec<String> {
        let place = error.instance_path().as_str();
        let place = if place.is_empty() { "the request" } else { place };
        let rule = error.kind().keyword();
        if let ValidationErrorKind::AnyOf { context } = error.kind() {
            let ways = self.ways(error);
            if let (true, Some(first)) = (ways.is_empty(), context.first()) {
                return first.iter().flat_map(|error| self.told(error)).collect();
            }
            return vec![format!("{place}: expected {} ({rule})", ways.join(", or "))];
        }
        vec![format!("{place}: {} ({rule})", error.masked_with("the value"))]
    }

    /// What the ways of a failed choice are called.
    fn ways(&self, error: &ValidationError<'_>) -> Vec<String> {
        let ways = self.schema.pointer(error.schema_path().as_str()).and_then(Value::as_array);
        ways.map(Vec::as_slice).unwrap_or_default().iter().filter_map(way).collect()
    }
}

/// Its title, or the fields that it asks for; nothing for a type.
fn way(schema: &Value) -> Option<String> {
    if let Some(title) = schema.get("title") {
        return title.as_str().map(str::to_owned);
    }
    let required = schema.get("required").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let fields: Vec<&str> = required.iter().filter_map(Value::as_str).collect();
    (!fields.is_empty()).then(|| fields.join(" and "))
}
