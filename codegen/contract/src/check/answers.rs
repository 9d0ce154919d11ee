//! `answer-form`, `envelope`: an answer is the one envelope and what it carries; nothing else can be read
//! in two steps.

use crate::document::{self, OperationNode, SchemaNode};
use crate::finding::Finding;
use crate::model::Type;
use crate::node::Node;
use crate::read::Document;
use crate::spelling::did_you_mean;

const RULE: &str = "answer-form";
const ENVELOPE: &str = "envelope";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = envelope(document);
    for operation in document::operations(document) {
        findings.extend(success(document, &operation));
        findings.extend(failure(document, &operation));
    }
    findings
}

/// There is one, and it has the fields that its mark names.
fn envelope(document: &Document) -> Vec<Finding> {
    let marked = document::schemas(document).into_iter().filter(|named| named.node.get("x-envelope").is_some());
    let mut findings = Vec::new();
    for (index, named) in marked.enumerate() {
        if index > 0 {
            let message = format!("`{}` is a second envelope", named.name);
            findings.push(Finding::new(ENVELOPE, named.at, message, "mark the one schema that wraps every answer"));
        }
        let properties = named.node.get("properties").map(Node::entries).unwrap_or_default();
        let marks = named.node.get("x-envelope").map(Node::entries).unwrap_or_default();
        for mark in marks.iter().filter(|mark| mark.key != "body") {
            let known = || properties.iter().map(|entry| entry.key.as_str());
            let Some(text) = mark.value.text().filter(|text| !known().any(|name| name == *text)) else { continue };
            let fix = did_you_mean(text, known(), "name a property of the envelope");
            findings.push(Finding::new(ENVELOPE, &mark.value.at, format!("the envelope has no `{text}`"), fix));
        }
        findings.extend(marks.iter().filter_map(|mark| odd_type(document, &named, &mark.key, &mark.value)));
    }
    findings
}

/// What the runtime reads in the envelope: a number, a flag and a text.
fn odd_type(document: &Document, envelope: &SchemaNode<'_>, mark: &str, name: &Node) -> Option<Finding> {
    let field = envelope.node.get("properties")?.get(name.text()?)?;
    let found = document::wire_type(document, envelope.file, field)?;
    let (fits, expected) = match mark {
        "code" => (matches!(found, Type::Int32 | Type::Int64), "a whole number, or a list of such codes"),
        "result" => (found == Type::Bool, "a boolean"),
        "message" => (found == Type::Text, "a string"),
        _ => return None,
    };
    (!fits).then(|| {
        let message = format!("`{mark}` of the envelope is not {expected}");
        Finding::new(ENVELOPE, &name.at, message, format!("name a field that is {expected}"))
    })
}

fn success(document: &Document, operation: &OperationNode<'_>) -> Option<Finding> {
    let answer = operation.answer()?;
    let wraps = match answer.get("allOf").map(Node::elements) {
        Some([first, carried]) => is_envelope(document, operation.file, first) && carries_body_alone(carried),
        _ => false,
    };
    (!wraps || document::answer_body(document, answer).is_none()).then(|| {
        Finding::new(
            RULE,
            &answer.at,
            "an answer that is not the envelope and its body",
            "write `allOf: [{$ref: the schema with x-envelope}, {type: object, properties: {its body key: …}}]`",
        )
    })
}

fn carries_body_alone(carried: &Node) -> bool {
    let keys_are_known = carried.entries().iter().all(|entry| ["type", "properties"].contains(&entry.key.as_str()));
    keys_are_known && carried.get("properties").is_some_and(|properties| properties.entries().len() == 1)
}

fn failure(document: &Document, operation: &OperationNode<'_>) -> Option<Finding> {
    let schema =
        operation.node.get("responses")?.get("default")?.get("content")?.get("application/json")?.get("schema")?;
    (!is_envelope(document, operation.file, schema)).then(|| {
        let fix = "refer to the schema with `x-envelope`, or leave out the content";
        Finding::new(RULE, &schema.at, "a `default` answer that is not the envelope", fix)
    })
}

fn is_envelope(document: &Document, file: &str, node: &Node) -> bool {
    let named = node.text_of("$ref").and_then(|text| document::named(document, file, text));
    named.is_some_and(|named| named.node.get("x-envelope").is_some())
}
