//! Does a payload keep the contract's schema? Every rule that it breaks, with its place, never with a value.

use std::ops::RangeInclusive;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Keyword, ValidationError, Validator};
use paywall_contract::json_schema;
use paywall_contract::node::At;
use paywall_contract::{Document, Finding, Findings};
use serde_json::{Number, Value};

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
        let engine =
            jsonschema::options().with_keyword("format", |_, format, _| Ok(Box::new(Format(Width::of(format)))));
        let validator = engine.build(&schema).map_err(|error| {
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

/// The integers of a format of OpenAPI; to JSON Schema alone it is a remark.
struct Width {
    whole: RangeInclusive<i64>,
    /// The nearest floats that are out.
    beyond: (f64, f64),
}

impl Width {
    fn of(format: &Value) -> Option<Self> {
        match format.as_str() {
            Some("int32") => {
                let whole = i32::MIN.into()..=i32::MAX.into();
                Some(Self { whole, beyond: (-2_147_483_649.0, 2_147_483_648.0) })
            }
            Some("int64") => {
                let whole = i64::MIN..=i64::MAX;
                Some(Self { whole, beyond: (-9_223_372_036_854_775_808.0, 9_223_372_036_854_775_808.0) })
            }
            _ => None,
        }
    }

    fn holds(&self, number: &Number) -> bool {
        if let Some(whole) = number.as_i64() {
            return self.whole.contains(&whole);
        }
        // It was read as a float: `1.0`, or more than 64 bits hold.
        number.as_f64().is_some_and(|float| self.beyond.0 < float && float < self.beyond.1)
    }
}

/// What `format` asks for; nothing where it is for people.
struct Format(Option<Width>);

impl<'i> Keyword<'i> for Format {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(value) { Ok(()) } else { Err(ValidationError::custom("the value is beyond its format")) }
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        let (Some(width), Value::Number(number)) = (&self.0, value) else { return true };
        width.holds(number)
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
