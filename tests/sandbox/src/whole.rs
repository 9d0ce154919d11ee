//! The whole request of a documented one: the pages show the body alone where parameters travel beside it.

use paywall_contract::Document;
use paywall_contract::document::OperationNode;
use paywall_contract::node::{At, Entry, Kind, Node};
use paywall_contract::sample::{Part, Sample};

use crate::{stand_in, text};

/// A documented payload as its type reads it: as it is, but for the request of an operation that takes parameters beside
/// its body. That one is an object of both, with parameters that the contract requires and this crate invents.
#[must_use]
pub fn whole(document: &Document, sample: &Sample<'_>) -> Node {
    let operation = sample.find_operation(document).filter(|_| sample.part == Part::Request);
    let operation = operation.filter(|operation| operation.body().is_some() && !operation.parameters().is_empty());
    match operation {
        Some(operation) => {
            map([("parameters".to_owned(), parameters(document, &operation)), ("body".to_owned(), sample.node.clone())])
        }
        None => sample.node.clone(),
    }
}

/// The parameters that an operation requires, each with a simple value.
fn parameters(document: &Document, operation: &OperationNode<'_>) -> Node {
    let required = operation.parameters().iter().filter(|parameter| parameter.is_true("required"));
    map(required.filter_map(|parameter| {
        let value = stand_in::header(document, operation, parameter.get("schema")?);
        Some((parameter.text_of("name")?.to_owned(), text::read(&value).ok()?))
    }))
}

fn map(fields: impl IntoIterator<Item = (String, Node)>) -> Node {
    let at = At::start_of("request");
    let entries = fields.into_iter().map(|(key, value)| Entry { key, at: at.clone(), value });
    Node { kind: Kind::Map(entries.collect()), at: at.clone() }
}
