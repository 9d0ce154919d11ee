//! `endpoint`: what the contract covers stands in the list of what is documented, once; and a payload that the list
//! calls documented stands among the samples.

use crate::document;
use crate::endpoints::{self, Endpoint};
use crate::finding::Finding;
use crate::node::At;
use crate::read::Document;
use crate::sample;

const RULE: &str = "endpoint";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    if document.endpoints.is_none() {
        return Vec::new();
    }
    let services = endpoints::services(document);
    let all: Vec<&Endpoint<'_>> = services.iter().flat_map(|(_, endpoints)| endpoints).collect();
    let operations = document::operations(document).into_iter().map(|operation| (operation.id(), operation.at));
    let messages = document::messages(document).into_iter().map(|message| (message.id(), message.at));
    let mut findings: Vec<Finding> =
        operations.chain(messages).filter_map(|(id, at)| listed_once(&all, id, at)).collect();
    findings.extend(all.iter().flat_map(|endpoint| missing_samples(document, endpoint)));
    findings
}

fn listed_once(all: &[&Endpoint<'_>], id: &str, at: &At) -> Option<Finding> {
    let mut entries = all.iter().filter(|endpoint| endpoint.covered_by == Some(id));
    let Some(first) = entries.next() else {
        let fix = "list it in endpoints.yaml with its page and how completely it is documented";
        return Some(Finding::new(RULE, at, format!("`{id}` is not among the documented endpoints"), fix));
    };
    let second = entries.next()?;
    let message = format!("`{id}` stands twice among the documented endpoints");
    Some(Finding::new(RULE, &second.node.at, message, "keep one of them").beside(&first.node.at))
}

fn missing_samples(document: &Document, endpoint: &Endpoint<'_>) -> Vec<Finding> {
    let Some(id) = endpoint.covered_by else { return Vec::new() };
    let tested = endpoints::tested(&sample::all(document), id);
    let missing = endpoint.documented().filter(|kind| !tested.contains(kind));
    missing
        .map(|kind| {
            let message = format!("the documented {kind} of `{id}` is not among the samples");
            Finding::new(RULE, &endpoint.node.at, message, format!("add it below `samples/{id}`"))
        })
        .collect()
}
