//! `required-without-property`, `session`, `expiry`, `decided-by`: what an object requires and marks exists, once, and is of the
//! type that is read there.

use crate::document::{self, ObjectNode};
use crate::finding::Finding;
use crate::model::{Runtime, Type};
use crate::node::Node;
use crate::read::Document;
use crate::spelling::did_you_mean;

const RULE: &str = "required-without-property";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    document::objects(document).iter().flat_map(|object| one(document, object)).collect()
}

fn one(document: &Document, object: &ObjectNode<'_>) -> Vec<Finding> {
    let properties = object.node.get("properties").map(Node::entries).unwrap_or_default();
    let known: Vec<&str> = properties.iter().map(|entry| entry.key.as_str()).collect();
    let mut findings = Vec::new();
    for key in ["required", "x-at-most-one"] {
        let names = object.node.get(key).map(Node::elements).unwrap_or_default();
        findings.extend(names.iter().filter_map(|name| missing(name, key, &known)));
        findings.extend(names.iter().enumerate().filter_map(|(index, name)| twice(key, name, &names[..index])));
    }
    if let Some(name) = object.node.get("x-decided-by") {
        findings.extend(missing(name, "x-decided-by", &known));
        findings.extend(decides_nothing(object, name));
    }
    for mark in object.node.get("x-session").map(Node::entries).unwrap_or_default() {
        findings.extend(missing(&mark.value, "x-session", &known));
        findings.extend(odd_mark(document, object, &mark.key, &mark.value));
    }
    for part in object.node.get("x-expiry").map(Node::entries).unwrap_or_default() {
        findings.extend(missing(&part.value, "x-expiry", &known));
        findings.extend(odd_expiry(document, object, &part.key, &part.value));
    }
    findings
}

fn missing(name: &Node, key: &str, known: &[&str]) -> Option<Finding> {
    let text = name.text()?;
    (!known.contains(&text)).then(|| {
        Finding::new(
            RULE,
            &name.at,
            format!("`{key}` names `{text}`, which is no property here"),
            did_you_mean(text, known.iter().copied(), "add the property or remove the name"),
        )
    })
}

fn twice(key: &str, name: &Node, before: &[Node]) -> Option<Finding> {
    let text = name.text()?;
    before
        .contains(name)
        .then(|| Finding::new(RULE, &name.at, format!("`{key}` names `{text}` twice"), "remove one of them"))
}

/// A field decides which one counts of others, where several may be given.
fn decides_nothing(object: &ObjectNode<'_>, name: &Node) -> Option<Finding> {
    let among = object.node.get("x-at-most-one").map(Node::elements);
    let is_odd = among.is_none_or(|among| among.contains(name));
    is_odd.then(|| {
        let message = format!("`x-decided-by` names `{}`, which decides nothing", name.text().unwrap_or_default());
        Finding::new("decided-by", &name.at, message, "name another field than those of `x-at-most-one`, beside it")
    })
}

/// A session is renewed when a flag says so, to an id that opens it, until a time.
fn odd_mark(document: &Document, object: &ObjectNode<'_>, mark: &str, name: &Node) -> Option<Finding> {
    let field = object.node.get("properties")?.get(name.text()?)?;
    let found = document::wire_type(document, object.file, field)?;
    let (expected, words) = match mark {
        "renewed" => (Type::Bool, "a boolean"),
        "id" => (Type::Runtime(Runtime::Secret), "a string with `x-secret: token`"),
        "expiry" => (Type::Runtime(Runtime::Timestamp), "a string with `format: timestamp`"),
        _ => return None,
    };
    (found != expected).then(|| {
        let message = format!("`{mark}` of a session is not {words}");
        Finding::new("session", &name.at, message, format!("name a field that is {words}"))
    })
}

/// Month and year of a card are texts.
fn odd_expiry(document: &Document, object: &ObjectNode<'_>, part: &str, name: &Node) -> Option<Finding> {
    let field = object.node.get("properties")?.get(name.text()?)?;
    let found = document::wire_type(document, object.file, field)?;
    (found != Type::Text).then(|| {
        let message = format!("the {part} of `x-expiry` is no string");
        Finding::new("expiry", &name.at, message, "name a field that is a string")
    })
}
