//! `condition`: the branches of an object's conditions name its own fields and ask what can be checked.

use crate::document::{self, ObjectNode};
use crate::finding::Finding;
use crate::model::{Literal, Runtime, Type};
use crate::node::{Entry, Node};
use crate::read::Document;
use crate::schema::{self, BOUNDS};
use crate::spelling::did_you_mean;

const RULE: &str = "condition";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    document::objects(document).iter().flat_map(|object| one(document, object)).collect()
}

fn one(document: &Document, object: &ObjectNode<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for one in object.node.get("allOf").map(Node::elements).unwrap_or_default() {
        if one.entries().len() != 1 || one.get("anyOf").is_none() {
            findings.push(Finding::new(
                RULE,
                &one.at,
                "an element of an object's `allOf` that is not one `anyOf`",
                "write each condition as `{anyOf: [branch, …]}`",
            ));
        }
        if one.get("anyOf").is_some_and(|branches| branches.elements().is_empty()) {
            findings.push(Finding::new(
                RULE,
                &one.at,
                "a condition without branches",
                "write its branches or remove it",
            ));
        }
    }
    for branch in schema::conditions(object.node).into_iter().flatten() {
        self::branch(document, object, branch, &mut findings);
    }
    findings
}

fn branch(document: &Document, object: &ObjectNode<'_>, node: &Node, findings: &mut Vec<Finding>) {
    for entry in
        node.entries().iter().filter(|entry| !["title", "required", "properties"].contains(&entry.key.as_str()))
    {
        findings.push(Finding::new(
            RULE,
            &entry.at,
            format!("`{}` in a branch", entry.key),
            "a branch has a `title`, `required` and `properties`",
        ));
    }
    let properties = object.node.get("properties").map(Node::entries).unwrap_or_default();
    let known: Vec<&str> = properties.iter().map(|entry| entry.key.as_str()).collect();
    let required = node.get("required").map(Node::elements).unwrap_or_default();
    let fields = node.get("properties").map(Node::entries).unwrap_or_default();
    let named = required.iter().filter_map(|name| Some((&name.at, name.text()?)));
    let named = named.chain(fields.iter().map(|entry| (&entry.at, entry.key.as_str())));
    for (at, name) in named.filter(|(_, name)| !known.contains(name)) {
        findings.push(Finding::new(
            RULE,
            at,
            format!("a branch names `{name}`, which is no property here"),
            did_you_mean(name, known.iter().copied(), "add the property or remove the name"),
        ));
    }
    for field in fields {
        let property = properties.iter().find(|entry| entry.key == field.key);
        let ty = property.and_then(|property| document::wire_type(document, object.file, &property.value));
        findings.extend(field.value.entries().iter().filter_map(|entry| constraint(entry, ty.as_ref())));
    }
}

/// What a branch asks of a field can be asked of its type.
fn constraint(entry: &Entry, ty: Option<&Type>) -> Option<Finding> {
    let key = entry.key.as_str();
    let odd = |message: String, fix: &str| Some(Finding::new(RULE, &entry.at, message, fix));
    if key == "pattern" {
        return odd("a `pattern` in a branch".to_owned(), "put the pattern at the field itself");
    }
    if !BOUNDS.contains(&key) && !["type", "enum", "nullable"].contains(&key) {
        return odd(format!("`{key}` in a branch's field"), "ask for a `type`, bounds or an `enum` of plain values");
    }
    let kind = kind_of(ty?);
    let fits = match key {
        "type" => entry.value.text() == Some(kind) || entry.value.text() == Some("number") && kind == "integer",
        "enum" => are_of(kind, entry.value.elements()),
        "minLength" | "maxLength" => kind == "string",
        "minItems" | "maxItems" => kind == "array",
        "nullable" => true,
        _ => kind == "integer" || kind == "number",
    };
    if fits {
        None
    } else {
        odd(format!("`{key}` as it stands here cannot be asked of a field of type {kind}"), fix_of(key))
    }
}

fn fix_of(key: &str) -> &'static str {
    match key {
        "enum" => "list values of the field's own type, whole numbers where it is a number, and null",
        _ => "ask what the field's type knows",
    }
}

/// The word of JSON Schema for what a field holds.
fn kind_of(ty: &Type) -> &'static str {
    match ty {
        Type::Runtime(Runtime::Amount) => "number",
        Type::Text | Type::Code(_) | Type::Runtime(_) => "string",
        Type::Bool => "boolean",
        Type::Int32 | Type::Int64 => "integer",
        Type::Object(_) => "object",
        Type::List(_) => "array",
        Type::Nothing => "null",
    }
}

/// Whether values are null or plain ones of a kind; of an object or a list only null can be asked.
fn are_of(kind: &str, values: &[Node]) -> bool {
    let fits = |value: &Node| match schema::literal(value) {
        Some(Literal::Null) => true,
        Some(Literal::Bool(_)) => kind == "boolean",
        Some(Literal::Int(_)) => kind == "integer" || kind == "number",
        Some(Literal::Text(_)) => kind == "string",
        None => false,
    };
    !values.is_empty() && values.iter().all(fits)
}
