//! The documented payloads: which operation and direction each belongs to, and what is said of it.

use crate::document::{self, MessageNode, OperationNode};
use crate::node::{Entry, Node};
use crate::read::Document;

/// Which way a payload travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What asks: to the vendor, or a message from it.
    Request,
    /// What answers.
    Response,
}

impl Part {
    /// The word in a sample's file name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// A documented payload.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'d> {
    /// Its path below `samples/`.
    pub path: &'d str,
    /// The id of the operation or message.
    pub operation: &'d str,
    /// What the file says between the operation and the direction.
    pub case: &'d str,
    /// Its direction.
    pub part: Part,
    /// The payload.
    pub node: &'d Node,
    /// What the index says of it.
    pub entry: Option<&'d Entry>,
}

impl<'d> Sample<'d> {
    /// The places where the payload knowingly departs from the contract.
    #[must_use]
    pub fn departures(&self) -> &'d [Node] {
        let departures = self.entry.and_then(|entry| entry.value.get("departures"));
        departures.map(Node::elements).unwrap_or_default()
    }

    /// The message that the payload belongs to, if it is none of an operation.
    #[must_use]
    pub fn find_message(&self, document: &'d Document) -> Option<MessageNode<'d>> {
        document::messages(document).into_iter().find(|message| message.id() == self.operation)
    }

    /// The operation that the payload belongs to.
    #[must_use]
    pub fn find_operation(&self, document: &'d Document) -> Option<OperationNode<'d>> {
        document::operations(document).into_iter().find(|operation| operation.id() == self.operation)
    }
}

/// Every sample, by path. Files whose name tells no operation and direction are left out: the rule on
/// samples reports them.
#[must_use]
pub fn all(document: &Document) -> Vec<Sample<'_>> {
    document
        .samples
        .iter()
        .filter_map(|(path, node)| {
            let (operation, case, part) = split(path)?;
            let entry = document.index.as_ref().and_then(|index| index.entry(path));
            Some(Sample { path, operation, case, part, node, entry })
        })
        .collect()
}

/// `<operation>/<case>.<part>.jsonc`, or `<message>/<case>.form`.
#[must_use]
pub fn split(path: &str) -> Option<(&str, &str, Part)> {
    let (operation, file) = path.split_once('/')?;
    if let Some(case) = file.strip_suffix(".form") {
        return Some((operation, case, Part::Request));
    }
    let stem = file.strip_suffix(".jsonc")?;
    let (case, part) = stem.rsplit_once('.')?;
    match part {
        "request" => Some((operation, case, Part::Request)),
        "response" => Some((operation, case, Part::Response)),
        _ => None,
    }
}
