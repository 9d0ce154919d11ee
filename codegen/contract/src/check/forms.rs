//! `schema-form`, `money-as-float`: every schema has a form that Rust can hold, and says nothing beside it
//! that would be lost.

use super::keys;
use crate::document::{self, OperationNode, SchemaKind, SchemaNode};
use crate::finding::Finding;
use crate::model::Type;
use crate::node::Node;
use crate::read::Document;
use crate::schema::{self, BOUNDS, Form, Schema};

const RULE: &str = "schema-form";

/// What may stand at a schema of any form, and for people alone.
const WORDS: [&str; 5] = ["description", "externalDocs", "title", "x-source", "nullable"];

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for named in document::schemas(document) {
        findings.extend(odd_named(&named));
        if named.kind() != SchemaKind::CodeList {
            value(document, named.file, named.node, &mut findings);
        }
    }
    for operation in document::operations(document) {
        let answer = operation.answer_in(document).and_then(|answer| answer.payload);
        let parameters = operation.parameters().iter().filter_map(|parameter| parameter.get("schema"));
        for schema in operation.body().into_iter().chain(answer).chain(parameters) {
            value(document, operation.file, schema, &mut findings);
        }
        findings.extend(odd_request(document, &operation));
    }
    findings
}

/// A named schema is an object, a code list or one value, and null is admitted where it is referred to.
fn odd_named(named: &SchemaNode<'_>) -> Option<Finding> {
    let form = (named.kind() != SchemaKind::CodeList).then(|| schema::read(named.node).ok()).flatten()?.form;
    if !matches!(form, Form::Object | Form::Scalar(_)) {
        let message = format!("`{}` is a list, or another name of a schema", named.name);
        return Some(Finding::new(RULE, named.at, message, "write lists and references where they are used"));
    }
    let nullable = named.node.entry("nullable")?;
    let fix = "admit null where it is referred to, by `anyOf` of the reference and null";
    Some(Finding::new(RULE, &nullable.at, format!("`nullable` at `{}`, a named schema", named.name), fix))
}

fn odd_request(document: &Document, operation: &OperationNode<'_>) -> Option<Finding> {
    let body = operation.body()?;
    let ty = document::wire_type(document, operation.file, body)?;
    (!matches!(ty, Type::Object(_)))
        .then(|| Finding::new(RULE, &body.at, "a request that is no object", "refer to a named object"))
}

fn value(document: &Document, file: &str, node: &Node, findings: &mut Vec<Finding>) {
    let read = match schema::read(node) {
        Err(finding) => return findings.push(finding),
        Ok(read) => read,
    };
    findings.extend(lost_keys(node, &read));
    match read.form {
        Form::Object => fields(document, file, node, findings),
        Form::List(items) => {
            findings.extend(odd_element(document, file, items));
            value(document, file, items, findings);
        }
        Form::Reference(target) => findings.extend(names_no_schema(document, file, target)),
        Form::EitherCode(targets) => {
            findings.extend(targets.iter().filter_map(|target| is_no_list(document, file, target)));
            findings.extend(other_kinds(document, file, &targets));
        }
        Form::Scalar(_) => {}
    }
}

fn fields(document: &Document, file: &str, node: &Node, findings: &mut Vec<Finding>) {
    let properties = node.get("properties").map(Node::entries).unwrap_or_default();
    if properties.is_empty() {
        findings.push(Finding::new(RULE, &node.at, "an object without fields", "write its `properties`"));
    }
    for entry in properties {
        value(document, file, &entry.value, findings);
    }
    let required = node.get("required").map(Node::elements).unwrap_or_default();
    let named = properties.iter().filter(|entry| required.iter().any(|name| name.text() == Some(&entry.key)));
    for entry in named.filter(|entry| schema::read(&entry.value).is_ok_and(|read| read.nullable)) {
        let message = format!("`{}` is required and may be null, which Rust would leave out", entry.key);
        let fix = "let it be absent, or forbid null; else teach the emitter to write null";
        findings.push(Finding::new(RULE, &entry.at, message, fix));
    }
}

const OF_OBJECTS: [&str; 11] = [
    "type",
    "properties",
    "required",
    "allOf",
    "anyOf",
    "x-at-most-one",
    "x-decided-by",
    "x-sum",
    "x-expiry",
    "x-session",
    "x-envelope",
];

/// The keys that no stage reads at a schema of this form. Bounds have a rule of their own.
fn lost_keys(node: &Node, schema: &Schema<'_>) -> Vec<Finding> {
    let own: &[&str] = match &schema.form {
        Form::Object => &OF_OBJECTS,
        Form::List(_) => &["type", "items"],
        Form::Scalar(_) if node.text_of("type") == Some("string") => &["type", "format", "x-secret", "x-personal"],
        Form::Scalar(_) => &["type", "format"],
        Form::Reference(_) | Form::EitherCode(_) => &["$ref", "allOf", "anyOf"],
    };
    let combined = node.get("type").is_none();
    let is_read = |key: &str| {
        own.contains(&key)
            || WORDS.contains(&key) && !(combined && key == "nullable")
            || BOUNDS.contains(&key) && !combined
    };
    let lost = node.entries().iter().filter(|entry| keys::is_of_schema(&entry.key) && !is_read(&entry.key));
    lost.map(|entry| Finding::new(RULE, &entry.at, format!("`{}` says nothing here", entry.key), fix(&entry.key)))
        .collect()
}

fn fix(key: &str) -> &'static str {
    match key {
        "enum" => "lists of codes are open: name the schema and write `x-extensible-enum`",
        "x-extensible-enum" => "move the list to a named schema and refer to it",
        "x-secret" | "x-personal" => "mark a string; of one that is referred to, mark the named schema",
        "nullable" => "admit null by `anyOf` of the reference and `{type: object, nullable: true, enum: [null]}`",
        _ => "remove it, or name a schema that has it and refer to it",
    }
}

/// What is said of an element beside its type has no place in Rust.
fn odd_element(document: &Document, file: &str, items: &Node) -> Option<Finding> {
    let read = schema::read(items).ok()?;
    let named = match read.form {
        Form::Reference(target) => document::named(document, file, target.text()?),
        _ => None,
    };
    let bounded = |node: &Node| node.entries().iter().any(|entry| BOUNDS.contains(&entry.key.as_str()));
    let message = match read.form {
        Form::List(_) => "a list of lists",
        _ if read.nullable => "a list whose elements may be null",
        _ if bounded(items) || named.is_some_and(|named| bounded(named.node)) => "a list whose elements are bounded",
        _ => return None,
    };
    Some(Finding::new(RULE, &items.at, message, "make the element an object that has such a field"))
}

fn names_no_schema(document: &Document, file: &str, target: &Node) -> Option<Finding> {
    let text = target.text()?;
    let exists = crate::reference::resolve(document, file, text).is_some();
    (exists && document::named(document, file, text).is_none()).then(|| {
        Finding::new(
            RULE,
            &target.at,
            format!("`{text}` is no named schema"),
            "refer to an entry of a file in `schemas/` or of `components.schemas`",
        )
    })
}

/// A code of several lists is one value: they must be of one type.
fn other_kinds(document: &Document, file: &str, targets: &[&Node]) -> Vec<Finding> {
    let kind = |target: &Node| document::named(document, file, target.text()?).map(|named| schema::base_of(named.node));
    let first = targets.first().and_then(|target| kind(target));
    let others = targets.iter().filter(|target| kind(target).is_some_and(|kind| Some(kind) != first));
    others
        .map(|target| {
            Finding::new(RULE, &target.at, "a code list of another type than the first", "use lists of one type")
        })
        .collect()
}

fn is_no_list(document: &Document, file: &str, target: &Node) -> Option<Finding> {
    let named = document::named(document, file, target.text()?)?;
    (named.kind() != SchemaKind::CodeList).then(|| {
        Finding::new(
            RULE,
            &target.at,
            format!("`{}` is one of several and no code list", named.name),
            "use `anyOf` of references for code lists alone",
        )
    })
}
