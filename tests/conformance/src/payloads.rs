//! The documented payloads as texts and as requests.

use codegen::node::{Entry, Kind, Node};
use codegen::sample::{self, Part};
use paywall_api::Operation;
use paywall_sandbox::text;
use serde::de::DeserializeOwned;

use crate::workspace;

/// The first documented payload of an operation in one direction.
pub(crate) fn documented(operation: &str, part: Part) -> Node {
    case(operation, "page", part)
}

/// The documented payload of a case.
pub(crate) fn case(operation: &str, case: &str, part: Part) -> Node {
    let document = workspace::contract();
    let samples = sample::all(document);
    let found = samples.iter().find(|one| one.operation == operation && one.part == part && one.case == case);
    found.unwrap_or_else(|| panic!("no {case} of {operation}")).node.clone()
}

/// The documented request of an operation.
pub(crate) fn request<O: Operation>() -> O::Request
where
    O::Request: DeserializeOwned,
{
    let json = text::write(&documented(O::ID, Part::Request));
    serde_json::from_str(&json).expect("a documented request fits its type")
}

/// The text of the documented answer of an operation.
pub(crate) fn answer(operation: &str) -> String {
    text::write(&documented(operation, Part::Response))
}

/// A payload without its nulls, which a type does not write, and with its keys sorted.
pub(crate) fn normal(node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::Map(entries) => {
            let kept = entries.iter().filter(|entry| entry.value.kind != Kind::Null);
            let mut kept: Vec<Entry> =
                kept.map(|entry| Entry { value: normal(&entry.value), ..entry.clone() }).collect();
            kept.sort_by(|a, b| a.key.cmp(&b.key));
            Kind::Map(kept)
        }
        Kind::List(elements) => Kind::List(elements.iter().map(normal).collect()),
        other => other.clone(),
    };
    Node { at: node.at.clone(), kind }
}
