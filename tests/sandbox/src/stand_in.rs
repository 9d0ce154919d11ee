//! What does an operation answer that no page shows an answer of? Its required fields, each with a simple value, and
//! what makes the answer a success.

use paywall_contract::Document;
use paywall_contract::document::{self, OperationNode};
use paywall_contract::node::Node;
use paywall_contract::pointer;

use crate::text::{self, quoted};

/// The JSON of the body of a success; null where the contract describes none.
pub(crate) fn body(document: &Document, operation: &OperationNode<'_>) -> String {
    let schema = operation.answer_in(document).and_then(|answer| answer.payload);
    schema.map_or_else(
        || "null".to_owned(),
        |schema| value(document, operation.file, schema, &Wanted::of_success(operation)),
    )
}

/// The JSON of a header that a request must have.
pub(crate) fn header(document: &Document, operation: &OperationNode<'_>, schema: &Node) -> String {
    value(document, operation.file, schema, &Wanted::default())
}

/// What must stand where, whatever the schema leaves open: each place as the keys on the way to it.
#[derive(Default)]
struct Wanted<'d> {
    places: Vec<(Vec<String>, &'d Node)>,
}

impl<'d> Wanted<'d> {
    /// What makes a success one: the first of the values that may stand there.
    fn of_success(operation: &OperationNode<'d>) -> Self {
        let places = operation.node.get("x-success").map(Node::elements).unwrap_or_default().iter();
        let places = places
            .filter_map(|place| Some((pointer::segments(place.text_of("at")?).collect(), first(place, "values")?)));
        Self { places: places.collect() }
    }

    /// What must stand right here.
    fn here(&self) -> Option<&'d Node> {
        self.places.iter().find(|(keys, _)| keys.is_empty()).map(|(_, value)| *value)
    }

    /// What must stand below a field.
    fn below(&self, field: &str) -> Self {
        let inside = self.places.iter().filter_map(|(keys, value)| {
            let (first, rest) = keys.split_first()?;
            (first == field).then(|| (rest.to_vec(), *value))
        });
        Self { places: inside.collect() }
    }

    fn has(&self, field: &str) -> bool {
        self.places.iter().any(|(keys, _)| keys.first().is_some_and(|first| first == field))
    }
}

fn value(document: &Document, file: &str, schema: &Node, wanted: &Wanted<'_>) -> String {
    if let Some(wanted) = wanted.here() {
        return text::write(wanted);
    }
    let Some((file, schema)) = document::followed(document, file, schema) else { return "null".to_owned() };
    if let Some(code) = first(schema, "x-extensible-enum").and_then(|code| code.get("value")) {
        return text::write(code);
    }
    if let Some(only) = first(schema, "enum") {
        return text::write(only);
    }
    match schema.text_of("type") {
        Some("object") => object(document, file, schema, wanted),
        Some("array") => array(document, file, schema),
        Some("string") if document::says_nothing(schema) => quoted(""),
        Some("string") => string(schema),
        Some("integer" | "number") => number(schema),
        Some("boolean") => "true".to_owned(),
        _ => {
            let inner = first(schema, "anyOf").or_else(|| first(schema, "allOf"));
            inner.map_or_else(|| "null".to_owned(), |inner| value(document, file, inner, wanted))
        }
    }
}

fn first<'n>(schema: &'n Node, list: &str) -> Option<&'n Node> {
    schema.get(list)?.elements().first()
}

/// The required fields, and those on the way to what is wanted.
fn object(document: &Document, file: &str, schema: &Node, wanted: &Wanted<'_>) -> String {
    let required = schema.get("required").map(Node::elements).unwrap_or_default();
    let is_required = |field: &str| required.iter().any(|name| name.text() == Some(field));
    let fields = schema.get("properties").map(Node::entries).unwrap_or_default();
    let kept = fields.iter().filter(|field| is_required(&field.key) || wanted.has(&field.key));
    let written = kept.map(|field| {
        let value = value(document, file, &field.value, &wanted.below(&field.key));
        format!("{}:{value}", quoted(&field.key))
    });
    format!("{{{}}}", written.collect::<Vec<_>>().join(","))
}

fn array(document: &Document, file: &str, schema: &Node) -> String {
    let least = schema.get("minItems").and_then(Node::int).unwrap_or(0);
    match schema.get("items") {
        Some(items) if least > 0 => format!("[{}]", value(document, file, items, &Wanted::default())),
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
