//! What the pages say of each operation and message, told apart from the contract in `expectations.yaml`.

use crate::node::{At, Entry, Node};
use crate::read::Document;

/// What is told of one operation or message.
#[derive(Clone, Copy, Debug)]
pub struct Expectation<'d> {
    /// Its id.
    pub id: &'d str,
    /// Where the id stands.
    pub at: &'d At,
    /// What is told.
    pub node: &'d Node,
}

impl<'d> Expectation<'d> {
    fn of(entry: &'d Entry) -> Self {
        Self { id: &entry.key, at: &entry.at, node: &entry.value }
    }

    /// A word.
    #[must_use]
    pub fn word(&self, key: &str) -> Option<&'d str> {
        self.node.text_of(key)
    }

    /// Where secrets stand in `request` or `answer`.
    pub fn secrets(&self, part: &str) -> impl Iterator<Item = &'d str> + use<'d> {
        let list = self.node.get("secret").and_then(|secret| secret.get(part));
        list.map(Node::elements).unwrap_or_default().iter().filter_map(Node::text)
    }
}

/// Every entry, in the order of the file; none where there is no such file.
pub fn all(document: &Document) -> impl Iterator<Item = Expectation<'_>> {
    document.expectations.as_ref().map(Node::entries).unwrap_or_default().iter().map(Expectation::of)
}

/// That of an operation or message.
#[must_use]
pub fn find<'d>(document: &'d Document, id: &str) -> Option<Expectation<'d>> {
    document.expectations.as_ref()?.entry(id).map(Expectation::of)
}
