//! `expectation`: `expectations.yaml` tells of every operation and message, of nothing else, and what the contract says.
//!
//! The file was written from the pages, so that a slip of the contract is seen. No fix proposes a value: whoever copies
//! one from the contract proves nothing.

use std::collections::BTreeSet;

use crate::document::{self, MessageNode, OperationNode};
use crate::expectations::{self, Expectation};
use crate::finding::Finding;
use crate::model::{Input, Model, Operation, Retry};
use crate::node::At;
use crate::read::Document;

const RULE: &str = "expectation";

/// What must be told of an operation, and of a message.
const OF_OPERATION: [&str; 6] = ["keys", "host", "money", "retry", "input", "answer"];
const OF_MESSAGE: [&str; 1] = ["subject"];

pub(super) fn check(document: &Document) -> Vec<Finding> {
    if document.expectations.is_none() {
        return Vec::new();
    }
    let operations = document::operations(document);
    let messages = document::messages(document);
    let mut findings: Vec<Finding> = Vec::new();
    let known: BTreeSet<&str> =
        operations.iter().map(OperationNode::id).chain(messages.iter().map(MessageNode::id)).collect();
    findings.extend(operations.iter().filter_map(|one| missing(document, one.id(), one.at, &OF_OPERATION)));
    findings.extend(messages.iter().filter_map(|one| missing(document, one.id(), one.at, &OF_MESSAGE)));
    for told in expectations::all(document).filter(|told| !known.contains(told.id)) {
        let message = format!("there is no operation and no message `{}`", told.id);
        findings.push(Finding::new(RULE, told.at, message, "remove the entry, or call it as the contract does"));
    }
    // The other rules tell why there is no model.
    let Ok(model) = crate::model(document) else { return findings };
    findings.extend(expectations::all(document).flat_map(|told| differences(&model, &told)));
    findings
}

/// An entry that is not there, or lacks something. What to write is told as lines to fill in.
fn missing(document: &Document, id: &str, at: &At, keys: &[&str]) -> Option<Finding> {
    let told = expectations::find(document, id);
    let missing: Vec<&str> =
        keys.iter().copied().filter(|key| told.is_none_or(|told| told.node.get(key).is_none())).collect();
    if missing.is_empty() {
        return None;
    }
    let lines: Vec<String> = missing.iter().map(|key| format!("          {key}: …")).collect();
    let lines = lines.join("\n");
    let fix = format!("write in expectations.yaml, from the page and not from the contract:\n        {id}:\n{lines}");
    Some(Finding::new(RULE, at, format!("expectations.yaml does not tell {} of `{id}`", missing.join(", ")), fix))
}

fn differences(model: &Model, told: &Expectation<'_>) -> Vec<Finding> {
    let differs = |key: &str, ours: &str| {
        let theirs = told.node.get(key).filter(|theirs| theirs.text() != Some(ours))?;
        let message = format!("`{}` of `{}` is `{}`, and the contract says `{ours}`", key, told.id, theirs.text()?);
        Some(Finding::new(RULE, &theirs.at, message, "read the page again: one of them is wrong"))
    };
    if let Some(message) = model.messages.iter().find(|message| message.id == told.id) {
        return differs("subject", &message.subject).into_iter().collect();
    }
    let Some(operation) = model.operations().find(|operation| operation.id == told.id) else { return Vec::new() };
    let mut findings: Vec<Finding> = facts(operation).iter().filter_map(|(key, ours)| differs(key, ours)).collect();
    let moves_money = operation.money.is_some();
    if moves_money && told.node.get("inquiry").is_none() {
        let fix = "write the operation by which an unknown outcome is looked up, or `none`";
        findings.push(Finding::new(RULE, told.at, format!("no `inquiry` of `{}`, which moves money", told.id), fix));
    }
    findings
}

/// What the contract says, in the words of `expectations.yaml`.
fn facts(operation: &Operation) -> Vec<(&'static str, String)> {
    let none = || "none".to_owned();
    let retry = match operation.retry {
        Retry::Inquiry => "inquiry",
        Retry::Repeatable => "repeatable",
        Retry::Unsent => "unsent",
    };
    let input = match operation.input {
        Input::Body(_) => "body",
        Input::Parameters(_) => "parameters",
        Input::Both { .. } => "both",
        Input::Nothing => "nothing",
    };
    let money = operation.money.as_ref();
    let effect = money.map_or_else(none, |money| money.effect.clone().unwrap_or_else(|| "moves".to_owned()));
    let inquiry = money.and_then(|money| money.inquiry.clone()).unwrap_or_else(none);
    vec![
        ("keys", operation.pair.clone().unwrap_or_else(none)),
        ("host", operation.api.clone()),
        ("money", effect),
        ("inquiry", inquiry),
        ("retry", retry.to_owned()),
        ("input", input.to_owned()),
    ]
}
