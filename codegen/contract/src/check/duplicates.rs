//! `duplicate-operation-id`, `duplicate-method`: an operation has its own id, and its own method in
//! its service.

use std::collections::BTreeMap;

use crate::document;
use crate::finding::Finding;
use crate::node::At;
use crate::read::Document;

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut ids: BTreeMap<&str, &At> = BTreeMap::new();
    let mut methods: BTreeMap<(String, String), &At> = BTreeMap::new();
    for operation in document::operations(document) {
        let Some(id) = operation.node.get("operationId") else { continue };
        if let Some(first) = ids.insert(operation.id(), &id.at) {
            let message = format!("`{}` is the id of another operation", operation.id());
            let finding = Finding::new("duplicate-operation-id", &id.at, message, "give each operation its own id");
            findings.push(finding.beside(first));
        }
        let method = operation.node.get("x-method");
        let name = operation.method();
        let tag = operation.node.get("tags").and_then(|tags| tags.elements().first()?.text()).unwrap_or_default();
        let at = method.map_or(&id.at, |node| &node.at);
        if let Some(first) = methods.insert((tag.to_owned(), name.clone()), at) {
            let message = format!("`{tag}` has a method `{name}` already");
            findings.push(Finding::new("duplicate-method", at, message, "write another `x-method`").beside(first));
        }
    }
    findings
}
