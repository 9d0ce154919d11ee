//! The documented payloads as texts and as requests.

use paywall_api::{Input, Operation};
use paywall_contract::node::{Entry, Kind, Node};
use paywall_contract::sample::{self, Part, Sample};
use paywall_sandbox::text;
use serde::de::DeserializeOwned;

use crate::workspace;

fn find(operation: &str, case: &str, part: Part) -> Option<Sample<'static>> {
    let samples = sample::all(workspace::contract());
    samples.into_iter().find(|one| one.operation == operation && one.part == part && one.case == case)
}

/// The documented payload of a case.
pub(crate) fn case(operation: &str, case: &str, part: Part) -> Node {
    let found = find(operation, case, part);
    found.unwrap_or_else(|| panic!("no {case} of {operation}")).node.clone()
}

/// The documented request of an operation or message, headers beside a body included, if one is documented.
pub(crate) fn whole_request(id: &str) -> Option<Node> {
    find(id, "page", Part::Request).map(|sample| paywall_sandbox::whole(workspace::contract(), &sample))
}

/// The documented request of an operation as its type.
pub(crate) fn request<O: Operation>() -> O::Request
where
    O::Request: DeserializeOwned,
{
    let documented = whole_request(O::ID).map(|node| text::write(&node));
    assert!(documented.is_some() || O::INPUT == Input::Nothing, "no request of {} is documented", O::ID);
    serde_json::from_str(documented.as_deref().unwrap_or("null")).expect("a documented request fits its type")
}

/// The text of the documented answer of an operation, or of the one that stands in where none is documented.
pub(crate) fn answer(operation: &str) -> String {
    paywall_sandbox::usual_answer(workspace::contract(), operation).expect("an operation")
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
