//! What is documented and what of it the contract covers: a table for people, made of the list of endpoints, the
//! contract and the samples, so that it cannot go stale.

use std::fmt::Write;

use crate::document;
use crate::node::Node;
use crate::read::Document;
use crate::sample::{self, Part, Sample};

/// A documented endpoint or message.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'d> {
    /// What is said of it.
    pub node: &'d Node,
    /// The id of the operation or message that covers it.
    pub covered_by: Option<&'d str>,
}

impl<'d> Endpoint<'d> {
    /// What the list calls it by: method and path, the id of a message, or nothing where the page was not read.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let text = |key: &str| self.node.text_of(key);
        match (text("method"), text("path"), text("id")) {
            (Some(method), Some(path), _) => Some(format!("{method} {path}")),
            (_, _, Some(id)) => Some(id.to_owned()),
            // A message that is read and not covered has a title alone.
            _ if text("fields") != Some("none") => text("title").map(str::to_owned),
            _ => None,
        }
    }

    /// Which payloads the pages show: request, answer, failure.
    pub fn documented(&self) -> impl Iterator<Item = &'static str> + use<'d> {
        let node = self.node;
        KINDS.into_iter().filter(|kind| node.text_of(kind) == Some("sample"))
    }
}

/// The kinds of payload that a page may show.
pub const KINDS: [&str; 3] = ["request", "answer", "failure"];

/// The services of the list, with their endpoints.
#[must_use]
pub fn services(document: &Document) -> Vec<(&str, Vec<Endpoint<'_>>)> {
    let services = document.endpoints.as_ref().map(Node::elements).unwrap_or_default();
    services
        .iter()
        .map(|service| {
            let endpoints = service.get("endpoints").map(Node::elements).unwrap_or_default();
            let endpoints = endpoints.iter().map(|node| Endpoint { node, covered_by: covered_by(document, node) });
            (service.text_of("service").unwrap_or_default(), endpoints.collect())
        })
        .collect()
}

fn covered_by<'d>(document: &'d Document, node: &Node) -> Option<&'d str> {
    let (method, path) = (node.text_of("method"), node.text_of("path"));
    let operation = document::operations(document).into_iter().find(|operation| {
        Some(operation.path) == path && method.is_some_and(|method| method.eq_ignore_ascii_case(operation.verb))
    });
    let message = || {
        let messages = document::messages(document).into_iter();
        messages.map(|message| message.id()).find(|id| Some(*id) == node.text_of("id"))
    };
    operation.map(|operation| operation.id()).or_else(message)
}

/// The kinds of payload of an operation or message that stand among the samples.
#[must_use]
pub fn tested(samples: &[Sample<'_>], id: &str) -> Vec<&'static str> {
    let own: Vec<&Sample<'_>> = samples.iter().filter(|sample| sample.operation == id).collect();
    KINDS.into_iter().filter(|kind| own.iter().any(|sample| kind_of(sample) == *kind)).collect()
}

fn kind_of(sample: &Sample<'_>) -> &'static str {
    let refused = sample.entry.is_some_and(|entry| entry.value.text_of("outcome").is_some());
    match sample.part {
        Part::Request => "request",
        Part::Response if refused => "failure",
        Part::Response => "answer",
    }
}

/// The table in Markdown.
#[must_use]
pub fn table(document: &Document) -> String {
    let services = services(document);
    let all = || services.iter().flat_map(|(_, endpoints)| endpoints);
    let covered = all().filter(|endpoint| endpoint.covered_by.is_some()).count();
    let unread = all().filter(|endpoint| endpoint.name().is_none()).count();
    let known = all().count() - unread;
    let mut text = format!("{covered} of {known} endpoints and messages that are documented are covered");
    let _ = writeln!(text, "; {unread} more pages are known by their titles alone.\n");
    text.push_str("| endpoint | fields documented | payloads documented | covered by | payloads tested |\n");
    text.push_str("|---|---|---|---|---|\n");
    let samples = sample::all(document);
    for endpoint in all().filter(|endpoint| endpoint.covered_by.is_some()) {
        let _ = writeln!(text, "{}", covered_row(&samples, endpoint));
    }
    text.push_str("\nDocumented and not covered:\n\n| service | endpoints |\n|---|---|\n");
    for (service, endpoints) in &services {
        text.push_str(&uncovered_row(service, endpoints));
    }
    text
}

fn covered_row(samples: &[Sample<'_>], endpoint: &Endpoint<'_>) -> String {
    let id = endpoint.covered_by.unwrap_or_default();
    let title = endpoint.node.get("callback").and_then(|_| endpoint.node.text_of("title"));
    let name = title.map_or_else(|| format!("`{}`", endpoint.name().unwrap_or_default()), str::to_owned);
    let page = endpoint.node.text_of("page").unwrap_or_default();
    let fields = endpoint.node.text_of("fields").unwrap_or_default();
    let documented = listed(&endpoint.documented().collect::<Vec<_>>());
    format!("| [{name}]({page}) | {fields} | {documented} | `{id}` | {} |", listed(&tested(samples, id)))
}

fn uncovered_row(service: &str, endpoints: &[Endpoint<'_>]) -> String {
    let uncovered = || endpoints.iter().filter(|endpoint| endpoint.covered_by.is_none());
    let names: Vec<String> = uncovered().filter_map(Endpoint::name).map(|name| format!("`{name}`")).collect();
    let unread = uncovered().count() - names.len();
    let more = (unread > 0).then(|| format!("{unread} more by title"));
    let parts: Vec<String> = names.into_iter().chain(more).collect();
    if parts.is_empty() { String::new() } else { format!("| {service} | {} |\n", parts.join(", ")) }
}

fn listed(kinds: &[&str]) -> String {
    if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") }
}
