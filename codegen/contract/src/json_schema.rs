//! The contract's schemas as JSON Schema 2020-12. OpenAPI 3.0 says null and exclusive bounds in words of
//! its own; a JSON Schema engine would misread them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::document::{self, SchemaNode};
use crate::node::{Kind, Node};
use crate::pattern;
use crate::read::Document;
use crate::reference;
use crate::schema::BOUNDS;

/// Where definitions stand in what is made here.
pub const DEFINITIONS: &str = "#/$defs/";

/// One schema that stands in `file`.
#[must_use]
pub fn convert(file: &str, node: &Node) -> Value {
    if let Some(text) = node.text_of("$ref") {
        let name = reference::parse(file, text).map(|target| target.name().to_owned()).unwrap_or_default();
        return json!({ "$ref": format!("{DEFINITIONS}{name}") });
    }
    let mut schema = Map::new();
    for entry in node.entries() {
        keyword(file, node, &entry.key, &entry.value, &mut schema);
    }
    Value::Object(schema)
}

fn keyword(file: &str, node: &Node, key: &str, value: &Node, schema: &mut Map<String, Value>) {
    let converted = match key {
        "type" if node.is_true("nullable") => json!([plain(value), "null"]),
        "type" | "title" | "description" | "format" | "required" | "enum" => plain(value),
        "properties" => Value::Object(
            value.entries().iter().map(|entry| (entry.key.clone(), convert(file, &entry.value))).collect(),
        ),
        "items" => convert(file, value),
        "allOf" | "anyOf" => value.elements().iter().map(|element| convert(file, element)).collect(),
        "minimum" if node.is_true("exclusiveMinimum") => return insert(schema, "exclusiveMinimum", plain(value)),
        "maximum" if node.is_true("exclusiveMaximum") => return insert(schema, "exclusiveMaximum", plain(value)),
        "exclusiveMinimum" | "exclusiveMaximum" => return,
        "pattern" => {
            value.text().and_then(|text| pattern::portable(text).ok()).map_or_else(|| plain(value), Value::from)
        }
        key if BOUNDS.contains(&key) => plain(value),
        _ => return,
    };
    insert(schema, key, converted);
}

/// The inputs that travel outside of a body, as the object that they are together.
#[must_use]
pub fn of_parameters(file: &str, parameters: &[Node]) -> Value {
    let mut properties = Map::new();
    for parameter in parameters {
        if let (Some(name), Some(schema)) = (parameter.text_of("name"), parameter.get("schema")) {
            properties.insert(name.to_owned(), convert(file, schema));
        }
    }
    let required = parameters.iter().filter(|parameter| parameter.is_true("required"));
    let required: Vec<&str> = required.filter_map(|parameter| parameter.text_of("name")).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn insert(schema: &mut Map<String, Value>, key: &str, value: Value) {
    schema.insert(key.to_owned(), value);
}

/// A node as plain JSON. For schemas and verdicts alone: money never passes through here to the wire.
#[must_use]
pub fn plain(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Number(text) => serde_json::from_str(text).unwrap_or(Value::Null),
        Kind::Text(text) => json!(text),
        Kind::List(elements) => elements.iter().map(plain).collect(),
        Kind::Map(entries) => {
            Value::Object(entries.iter().map(|entry| (entry.key.clone(), plain(&entry.value))).collect())
        }
    }
}

/// A schema with every definition beside it that it leads to, as an engine wants it.
#[must_use]
pub fn with_definitions(document: &Document, schema: Value) -> Value {
    let definitions = reached(document, &schema);
    let mut whole = match schema {
        Value::Object(map) => map,
        other => Map::from_iter([("const".to_owned(), other)]),
    };
    whole.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.insert("$defs".to_owned(), Value::Object(definitions));
    Value::Object(whole)
}

/// The definitions that a schema leads to. All of a large contract for each of many schemas would take seconds.
fn reached(document: &Document, schema: &Value) -> Map<String, Value> {
    let named: BTreeMap<&str, SchemaNode<'_>> =
        document::schemas(document).into_iter().map(|named| (named.name, named)).collect();
    let mut definitions = Map::new();
    let mut waiting = Vec::new();
    references(schema, &mut waiting);
    while let Some(name) = waiting.pop() {
        if let (false, Some(found)) = (definitions.contains_key(&name), named.get(name.as_str())) {
            let definition = convert(found.file, found.node);
            references(&definition, &mut waiting);
            definitions.insert(name, definition);
        }
    }
    definitions
}

/// The names that a schema refers to.
fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            let target = map.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(DEFINITIONS));
            found.extend(target.map(str::to_owned));
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(elements) => elements.iter().for_each(|element| references(element, found)),
        _ => {}
    }
}
