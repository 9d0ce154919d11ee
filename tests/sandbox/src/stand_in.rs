//! What does an operation answer that no page shows an answer of? Its required fields, each with a simple value.

use codegen::Document;
use codegen::contract::{self, OperationNode};
use codegen::node::Node;

use crate::text::{self, quoted};

/// The JSON of the body of a success; null where the contract describes none.
pub(crate) fn body(document: &Document, operation: &OperationNode<'_>) -> String {
    let schema = operation.answer().and_then(|answer| contract::answer_body(document, answer));
    schema.map_or_else(|| "null".to_owned(), |schema| value(document, operation.file, schema))
}

fn value(document: &Document, file: &str, schema: &Node) -> String {
    let Some((file, schema)) = contract::followed(document, file, schema) else { return "null".to_owned() };
    if let Some(code) = first(schema, "x-extensible-enum").and_then(|code| code.get("value")) {
        return text::write(code);
    }
    if let Some(only) = first(schema, "enum") {
        return text::write(only);
    }
    match schema.text_of("type") {
        Some("object") => object(document, file, schema),
        Some("array") => array(document, file, schema),
        Some("string") => string(schema),
        Some("integer" | "number") => number(schema),
        Some("boolean") => "true".to_owned(),
        _ => {
            let inner = first(schema, "anyOf").or_else(|| first(schema, "allOf"));
            inner.map_or_else(|| "null".to_owned(), |inner| value(document, file, inner))
        }
    }
}

fn first<'n>(schema: &'n Node, list: &str) -> Option<&'n Node> {
    schema.get(list)?.elements().first()
}

fn object(document: &Document, file: &str, schema: &Node) -> String {
    let required = schema.get("required").map(Node::elements).unwrap_or_default();
    let fields = required.iter().filter_map(|name| {
        let name = name.text()?;
        let field = schema.get("properties")?.get(name)?;
        Some(format!("{}:{}", quoted(name), value(document, file, field)))
    });
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn array(document: &Document, file: &str, schema: &Node) -> String {
    let least = schema.get("minItems").and_then(Node::int).unwrap_or(0);
    match schema.get("items") {
        Some(items) if least > 0 => format!("[{}]", value(document, file, items)),
        _ => "[]".to_owned(),
    }
}

fn string(schema: &Node) -> String {
    match schema.text_of("format") {
        Some("timestamp") => quoted("2025-07-27T11:24:57"),
        Some("guid") => quoted("00000000-0000-4000-8000-000000000000"),
        Some("uri") => quoted("https://sandbox.example/"),
        _ => quoted("sandbox"),
    }
}

fn number(schema: &Node) -> String {
    let least = schema.get("minimum").and_then(Node::int).unwrap_or(0);
    let least = if schema.is_true("exclusiveMinimum") { least.saturating_add(1) } else { least };
    least.max(1).to_string()
}
