//! The contract as one plain file for tools that follow no references, with the documented payloads as
//! examples.

use serde_json::{Map, Value, json};

use crate::contract;
use crate::json_schema::plain;
use crate::node::{Kind, Node};
use crate::read::Document;
use crate::reference;
use crate::sample::{self, Part};

/// The bundled contract as YAML text.
///
/// # Errors
///
/// What cannot be written as YAML.
pub fn bundle(document: &Document) -> Result<String, String> {
    serde_yaml::to_string(&value(document)).map_err(|error| error.to_string())
}

/// The bundled contract.
#[must_use]
pub fn value(document: &Document) -> Value {
    let mut root = map(inlined(&document.root, document.root()));
    let schemas: Map<String, Value> = contract::schemas(document)
        .iter()
        .map(|named| (named.name.to_owned(), inlined(named.file, named.node)))
        .collect();
    if let Some(Value::Object(components)) = root.get_mut("components") {
        components.insert("schemas".to_owned(), Value::Object(schemas));
    }
    root.insert("paths".to_owned(), paths(document));
    if let Some(messages) = messages(document) {
        root.insert("x-webhooks".to_owned(), messages);
    }
    Value::Object(root)
}

fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}

/// Paths with their items in place, and the samples as examples.
fn paths(document: &Document) -> Value {
    let entries = document.root().get("paths").map(Node::entries).unwrap_or_default();
    let mut paths = Map::new();
    for entry in entries {
        if let Some((file, item)) = contract::followed(document, &document.root, &entry.value) {
            paths.insert(entry.key.clone(), inlined(file, item));
        }
    }
    for operation in contract::operations(document) {
        let item = paths.get_mut(operation.path).and_then(|item| item.get_mut(operation.verb));
        if let Some(Value::Object(target)) = item {
            with_examples(document, &operation, target);
        }
    }
    Value::Object(paths)
}

/// What the vendor sends by itself, in place.
fn messages(document: &Document) -> Option<Value> {
    let items = contract::message_items(document).into_iter();
    let mut items: Map<String, Value> =
        items.map(|(entry, file, item)| (entry.key.clone(), inlined(file, item))).collect();
    for message in contract::messages(document) {
        let examples = examples(document, message.id(), Part::Request);
        let content = items.get_mut(message.name).and_then(|item| item.pointer_mut("/post/requestBody/content"));
        let holders = content.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
        for holder in holders.filter_map(Value::as_object_mut).filter(|_| !examples.is_empty()) {
            holder.insert("examples".to_owned(), Value::Object(examples.clone()));
        }
    }
    (!items.is_empty()).then_some(Value::Object(items))
}

fn with_examples(document: &Document, operation: &contract::OperationNode<'_>, target: &mut Map<String, Value>) {
    let success = operation.successes().next().map(|entry| entry.key.as_str()).unwrap_or_default();
    let places = [
        (Part::Request, format!("/requestBody/content/{JSON}")),
        (Part::Response, format!("/responses/{success}/content/{JSON}")),
    ];
    for (part, pointer) in places {
        let examples = examples(document, operation.id(), part);
        let mut value = Value::Object(std::mem::take(target));
        if let (Some(Value::Object(media)), false) = (value.pointer_mut(&pointer), examples.is_empty()) {
            media.insert("examples".to_owned(), Value::Object(examples));
        }
        *target = map(value);
    }
}

/// `application/json` as a segment of a JSON pointer.
const JSON: &str = "application~1json";

fn examples(document: &Document, operation: &str, part: Part) -> Map<String, Value> {
    let samples = sample::all(document);
    let own = samples.iter().filter(|sample| sample.operation == operation && sample.part == part);
    own.map(|sample| {
        let page = sample.entry.and_then(|entry| entry.value.text_of("page")).unwrap_or_default();
        (sample.case.to_owned(), json!({ "summary": page, "value": plain(sample.node) }))
    })
    .collect()
}

/// A node as plain data, its references turned to the components of the one file.
fn inlined(file: &str, node: &Node) -> Value {
    match &node.kind {
        Kind::Map(entries) => Value::Object(
            entries
                .iter()
                .map(|entry| match (entry.key.as_str(), entry.value.text()) {
                    ("$ref", Some(text)) => ("$ref".to_owned(), json!(component(file, text))),
                    _ => (entry.key.clone(), inlined(file, &entry.value)),
                })
                .collect(),
        ),
        Kind::List(elements) => elements.iter().map(|element| inlined(file, element)).collect(),
        _ => plain(node),
    }
}

fn component(file: &str, text: &str) -> String {
    let name = reference::parse(file, text).map(|target| target.name().to_owned()).unwrap_or_default();
    format!("#/components/schemas/{name}")
}
