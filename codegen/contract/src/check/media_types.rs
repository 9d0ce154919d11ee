//! `success-type`, `media-type`, `answer`: an operation has one JSON request and one JSON answer of
//! success, and a `default` answer for what no page describes. progenitor panics on more.

use crate::document::{self, OperationNode};
use crate::finding::Finding;
use crate::node::{Entry, Node};
use crate::read::Document;

const JSON: &str = "application/json";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    document::operations(document).iter().flat_map(operation).collect()
}

fn operation(operation: &OperationNode<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let successes: Vec<&Entry> = operation.successes().collect();
    match successes.as_slice() {
        [_] => {}
        [] => findings.push(Finding::new("success-type", operation.at, "no answer of success", "write `\"200\"`")),
        [first, second, ..] => findings.push(Finding::new(
            "success-type",
            &second.at,
            format!("two answers of success, {} and {}", first.key, second.key),
            "keep the one that a page shows",
        )),
    }
    let responses = operation.node.get("responses").map(Node::entries).unwrap_or_default();
    for other in responses.iter().filter(|entry| entry.key != "default" && !is_success(&entry.key)) {
        findings.push(Finding::new(
            "answer",
            &other.at,
            format!("an answer for {}, which the client reads as any other failure", other.key),
            "write one status of success, and `default` for the rest: every failure is the envelope",
        ));
    }
    if !responses.iter().any(|entry| entry.key == "default") {
        findings.push(Finding::new("answer", operation.at, "no `default` answer", "write `default` with the envelope"));
    }
    findings.extend(responses.iter().filter_map(misplaced_mark));
    for success in successes.iter().filter(|entry| entry.value.get("content").is_none()) {
        let message = "an answer of success without content";
        findings.push(Finding::new("media-type", &success.at, message, format!("write `content` with `{JSON}`")));
    }
    let bodies = responses.iter().filter_map(|entry| entry.value.get("content"));
    for content in bodies.chain(operation.node.get("requestBody").and_then(|body| body.get("content"))) {
        findings.extend(media_types(content));
    }
    findings
}

/// A page describes the answer of success, and none describes what stands for every other status.
fn misplaced_mark(response: &Entry) -> Option<Finding> {
    let (message, fix) = match (response.key.as_str(), response.value.get("x-undocumented")) {
        ("default", None) => ("a `default` answer without `x-undocumented`", "write `x-undocumented: true`"),
        (key, Some(_)) if key != "default" => ("`x-undocumented` at a documented answer", "remove it"),
        _ => return None,
    };
    Some(Finding::new("answer", &response.at, message, fix))
}

/// A status from 200 to 299, written out.
fn is_success(status: &str) -> bool {
    status.len() == 3 && status.starts_with('2') && status.chars().all(|char| char.is_ascii_digit())
}

fn media_types(content: &Node) -> Option<Finding> {
    match content.entries() {
        [only] if only.key == JSON => None,
        [only] => Some(Finding::new(
            "media-type",
            &only.at,
            format!("`{}` where JSON is expected", only.key),
            format!("write `{JSON}`"),
        )),
        [_, second, ..] => Some(Finding::new(
            "media-type",
            &second.at,
            format!("{} media types", content.entries().len()),
            format!("keep `{JSON}` alone"),
        )),
        [] => Some(Finding::new("media-type", &content.at, "no media type", format!("write `{JSON}`"))),
    }
}
