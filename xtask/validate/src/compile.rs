//! Makes rules of a contract. It runs when this program is built, so that the program starts with rules alone.

use paywall_contract::Document;
use paywall_contract::document::{self, MessageNode, OperationNode, SchemaNode};
use paywall_contract::json_schema;
use paywall_contract::model::{Literal, SuccessMark};
use paywall_contract::node::Node;
use serde_json::{Map, Value, json};

use crate::book::{Book, Envelope, Form, Input, Mark, Part, Payload, Place};

/// The keys of a schema that an engine of JSON Schema does not know and a person is helped by.
const MARKS: [&str; 7] =
    ["x-secret", "x-personal", "x-extensible-enum", "x-at-most-one", "x-decided-by", "x-sum", "x-expiry"];

/// The rules of a contract that was checked.
pub fn compile(document: &Document) -> Book {
    let operations = document::operations(document);
    let messages = document::messages(document);
    let requests = operations.iter().flat_map(requests);
    let answers = operations.iter().filter_map(|operation| answer(document, operation));
    let messages = messages.iter().filter_map(message);
    Book {
        definitions: definitions(document),
        payloads: requests.chain(answers).chain(messages).collect(),
        envelopes: envelopes(document),
    }
}

fn definitions(document: &Document) -> Map<String, Value> {
    let schemas = document::schemas(document).into_iter();
    schemas.map(|named| (named.name.to_owned(), annotated(named.file, named.node))).collect()
}

/// The envelopes of the contract, in its order.
fn envelopes(document: &Document) -> Vec<Envelope> {
    let named = document::envelopes(document);
    let envelopes = named.iter().map(|named| paywall_contract::envelope(document, named));
    envelopes
        .map(|envelope| Envelope {
            definition: envelope.name,
            success: envelope.success.into_iter().map(mark).collect(),
            payload: envelope.payload,
        })
        .collect()
}

fn mark(SuccessMark { member, value, required }: SuccessMark) -> Mark {
    let value = match value {
        Literal::Null => Value::Null,
        Literal::Bool(value) => value.into(),
        Literal::Int(value) => value.into(),
        Literal::Text(value) => value.into(),
    };
    Mark { member, value, required }
}

/// A body, parameters, or both.
fn requests(operation: &OperationNode<'_>) -> Vec<Payload> {
    let inputs = || operation.parameters().iter().filter_map(input).collect();
    let whole = |form, schema| Payload { form, inputs: inputs(), schema, ..payload(operation, Part::Request) };
    match operation.body().map(|body| annotated(operation.file, body)) {
        None => vec![whole(Form::Headers, headers(operation))],
        Some(body) if operation.parameters().is_empty() => vec![whole(Form::Json, body)],
        Some(body) => vec![whole(Form::HeadersAndBody, body), whole(Form::HeadersBeside, headers(operation))],
    }
}

fn answer(document: &Document, operation: &OperationNode<'_>) -> Option<Payload> {
    let schema = annotated(operation.file, operation.answer()?);
    let envelope = operation.answer_in(document).and_then(|answer| answer.envelope);
    let is_it = |known: &SchemaNode<'_>| envelope.is_some_and(|envelope| envelope.name == known.name);
    let envelope = document::envelopes(document).iter().position(is_it);
    Some(Payload { envelope, schema, ..payload(operation, Part::Response) })
}

fn payload(operation: &OperationNode<'_>, part: Part) -> Payload {
    Payload {
        operation: operation.id().to_owned(),
        part,
        form: Form::Json,
        method: Some(operation.verb.to_ascii_uppercase()),
        path: Some(operation.path.to_owned()),
        inputs: Vec::new(),
        envelope: None,
        schema: Value::Null,
        page: page(operation.node),
    }
}

fn message(message: &MessageNode<'_>) -> Option<Payload> {
    Some(Payload {
        operation: message.id().to_owned(),
        part: Part::Request,
        form: if message.is_form() { Form::Form } else { Form::Json },
        method: None,
        path: None,
        inputs: Vec::new(),
        envelope: None,
        schema: annotated(message.file, message.body()?),
        page: page(message.node),
    })
}

/// The inputs that travel outside of a body, as the object that they are together.
fn headers(operation: &OperationNode<'_>) -> Value {
    let mut schema = json_schema::of_parameters(operation.file, operation.parameters());
    for parameter in operation.parameters() {
        let (Some(name), Some(inner)) = (parameter.text_of("name"), parameter.get("schema")) else { continue };
        if let Some(property) = schema.pointer_mut("/properties").and_then(|properties| properties.get_mut(name)) {
            *property = annotated(operation.file, inner);
        }
    }
    schema
}

fn input(parameter: &Node) -> Option<Input> {
    let place = match parameter.text_of("in") {
        Some("path") => Place::Path,
        Some("query") => Place::Query,
        _ => Place::Header,
    };
    Some(Input { name: parameter.text_of("name")?.to_owned(), place, required: parameter.is_true("required") })
}

fn page(node: &Node) -> Option<String> {
    node.get("externalDocs")?.text_of("url").map(str::to_owned)
}

/// A schema for an engine, with what people are told beside it.
fn annotated(file: &str, node: &Node) -> Value {
    let mut schema = json_schema::convert(file, node);
    annotate(node, &mut schema);
    schema
}

fn annotate(node: &Node, schema: &mut Value) {
    let Value::Object(schema) = schema else { return };
    for mark in MARKS {
        if let Some(value) = node.get(mark) {
            schema.insert(mark.to_owned(), json_schema::plain(value));
        }
    }
    if let Some(page) = page(node) {
        schema.insert("x-page".to_owned(), json!(page));
    }
    for entry in node.get("properties").map(Node::entries).unwrap_or_default() {
        if let Some(inner) = schema.get_mut("properties").and_then(|properties| properties.get_mut(&entry.key)) {
            annotate(&entry.value, inner);
        }
    }
    if let (Some(inner), Some(items)) = (node.get("items"), schema.get_mut("items")) {
        annotate(inner, items);
    }
    for key in ["allOf", "anyOf"] {
        let Some(Value::Array(ways)) = schema.get_mut(key) else { continue };
        let nodes = node.get(key).map(Node::elements).unwrap_or_default();
        nodes.iter().zip(ways).for_each(|(node, way)| annotate(node, way));
    }
}
