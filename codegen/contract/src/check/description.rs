//! `description`: everything that becomes public has a description, since the crate denies its absence,
//! and every named object and code list names its page.

use crate::document::{self, SchemaKind};
use crate::finding::Finding;
use crate::node::{At, Node};
use crate::read::Document;

const RULE: &str = "description";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for named in document::schemas(document) {
        findings.extend(missing(named.at, named.node, named.name));
        if named.kind() != SchemaKind::Scalar && named.node.get("externalDocs").is_none() {
            findings.push(Finding::new(
                RULE,
                named.at,
                format!("`{}` without its page", named.name),
                "write `externalDocs` with the `url` of the page that documents it",
            ));
        }
        let codes = named.node.get("x-extensible-enum").map(Node::elements).unwrap_or_default();
        findings.extend(codes.iter().filter_map(|code| blank(code, "meaning")));
    }
    for object in document::objects(document) {
        let properties = object.node.get("properties").map(Node::entries).unwrap_or_default();
        findings.extend(properties.iter().filter_map(|entry| missing(&entry.at, &entry.value, &entry.key)));
        let is_element = properties.is_empty() || object.node.get("description").is_some();
        findings.extend((!is_element).then(|| missing(object.at, object.node, &object.name)).flatten());
    }
    let tags = document.root().get("tags").map(Node::elements).unwrap_or_default();
    findings.extend(tags.iter().filter_map(|tag| blank(tag, "description")));
    for operation in document::operations(document) {
        findings.extend(blank(operation.node, "summary"));
        findings.extend(operation.parameters().iter().filter_map(|parameter| blank(parameter, "description")));
    }
    findings.extend(document::messages(document).iter().filter_map(|message| blank(message.node, "summary")));
    findings
}

/// A text that is there and says nothing; one that is absent is a missing key.
fn blank(node: &Node, key: &str) -> Option<Finding> {
    let text = node.get(key)?;
    let says_nothing = text.text()?.trim().is_empty();
    says_nothing.then(|| Finding::new(RULE, &text.at, format!("an empty `{key}`"), "say in our own words what it is"))
}

/// A bare reference speaks with the description of what it refers to.
fn missing(at: &At, node: &Node, name: &str) -> Option<Finding> {
    if node.get("$ref").is_some() {
        return None;
    }
    let text = node.text_of("description").unwrap_or_default();
    text.trim()
        .is_empty()
        .then(|| Finding::new(RULE, at, format!("`{name}` without a description"), "say in our own words what it is"))
}
