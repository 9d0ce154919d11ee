//! What does a payload say, and where does each part of it stand? A tree that borrows its text.
//!
//! Nodes stand in the order of the text in one list, a parent before its children. A value keeps its exact text, so
//! that no digit of a number and no key that stands twice is lost.

mod build;
mod json;
mod parse;
mod write;

use std::borrow::Cow;
use std::ops::Range;

pub use build::Pair;
pub use json::Spanned;
pub use parse::{Dialect, Parser, SyntaxError, SyntaxFault};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true`.
    True,
    /// `false`.
    False,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

/// A stretch of the text, and whether it holds an escape.
#[derive(Clone, Copy, Debug, Default)]
struct Piece {
    start: u32,
    end: u32,
    escaped: bool,
}

/// One value. Its children follow it; `after` is where the next value that is none of them stands.
#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: Kind,
    /// The key, without its quotes, where the parent is an object.
    key: Piece,
    /// A text without its quotes; a list and an object with their brackets.
    value: Piece,
    after: u32,
    /// How many children it has.
    count: u32,
}

/// A payload, taken apart.
#[derive(Clone, Copy, Debug)]
pub struct Tree<'t> {
    text: &'t str,
    entries: &'t [Entry],
    /// Whether the text is JSON as RFC 8259 has it.
    plain: bool,
    /// The place of the value that counts as the whole.
    top: usize,
}

impl<'t> Tree<'t> {
    /// The whole.
    #[must_use]
    pub fn root(self) -> Node<'t> {
        Node { text: self.text, entries: self.entries, index: self.top, plain: self.plain }
    }

    /// The same with one of its values as the whole.
    #[must_use]
    pub(crate) fn below(self, node: Node<'t>) -> Self {
        Self { top: node.index, ..self }
    }

    /// The whole text.
    #[must_use]
    pub fn text(self) -> &'t str {
        self.text
    }
}

/// A value of a payload.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    text: &'t str,
    entries: &'t [Entry],
    index: usize,
    plain: bool,
}

impl<'t> Node<'t> {
    /// How many values there are in it, itself included.
    pub(crate) fn size(self) -> usize {
        (self.entry().after as usize).saturating_sub(self.index)
    }

    /// Its place in the tree.
    pub(crate) fn place(self) -> usize {
        self.index
    }

    /// The value at a place of the same tree.
    pub(crate) fn at(self, place: usize) -> Self {
        Self { index: place, ..self }
    }

    /// The whole text that it stands in.
    pub(crate) fn whole(self) -> &'t str {
        self.text
    }

    fn entry(self) -> &'t Entry {
        &self.entries[self.index]
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.entry().kind
    }

    /// Where it stands, quotes and brackets included.
    #[must_use]
    pub fn span(self) -> Range<usize> {
        let entry = self.entry();
        outer(entry.value, entry.kind == Kind::Text, self.text)
    }

    /// Where its key stands, quotes included; nothing for an element of a list and for the whole.
    #[must_use]
    pub fn key_span(self) -> Option<Range<usize>> {
        let key = self.entry().key;
        (key.end > 0).then(|| outer(key, true, self.text))
    }

    /// Its key, where it is a field.
    #[must_use]
    pub fn key(self) -> Option<Cow<'t, str>> {
        let key = self.entry().key;
        (key.end > 0).then(|| self.decoded(key))
    }

    /// The text of a text, without escapes.
    #[must_use]
    pub fn text(self) -> Option<Cow<'t, str>> {
        (self.kind() == Kind::Text).then(|| self.decoded(self.entry().value))
    }

    /// The digits of a number, as they stand there.
    #[must_use]
    pub fn number(self) -> Option<&'t str> {
        (self.kind() == Kind::Number).then(|| self.raw())
    }

    /// What stands there: of a text, without its quotes.
    #[must_use]
    pub fn raw(self) -> &'t str {
        self.piece(self.entry().value)
    }

    /// How many children it has.
    #[must_use]
    pub fn count(self) -> usize {
        self.entry().count as usize
    }

    /// Its fields or elements, in their order.
    #[must_use]
    pub fn children(self) -> Children<'t> {
        Children { parent: self, next: self.index + 1, left: self.count() }
    }

    /// Its first field of this name. A second one is an error by itself, whatever it says.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Node<'t>> {
        if self.kind() != Kind::Object {
            return None;
        }
        let mut index = self.index + 1;
        for _ in 0..self.count() {
            let entry = &self.entries[index];
            if self.names(entry.key, name) {
                return Some(Node { index, ..self });
            }
            index = entry.after as usize;
        }
        None
    }

    /// Whether its key is this one.
    #[must_use]
    pub fn is_called(self, name: &str) -> bool {
        self.names(self.entry().key, name)
    }

    /// Most names differ in their length, and most of those that do not in their bytes.
    fn names(self, key: Piece, name: &str) -> bool {
        if key.escaped {
            return *self.decoded(key) == *name;
        }
        let (start, end) = (key.start as usize, key.end as usize);
        end - start == name.len() && end > 0 && self.text.as_bytes()[start..end] == *name.as_bytes()
    }

    /// The value as JSON: what stands there, or, where that is none, written again.
    #[must_use]
    pub fn json(self) -> Cow<'t, str> {
        if self.plain { Cow::Borrowed(&self.text[self.span()]) } else { Cow::Owned(write::json(self)) }
    }

    fn piece(self, piece: Piece) -> &'t str {
        &self.text[piece.start as usize..piece.end as usize]
    }

    fn decoded(self, piece: Piece) -> Cow<'t, str> {
        let raw = self.piece(piece);
        if piece.escaped { Cow::Owned(parse::unescaped(raw)) } else { Cow::Borrowed(raw) }
    }
}

/// A piece with the quotes around it, as far as there are any: a form and a header have none.
fn outer(piece: Piece, quoted: bool, text: &str) -> Range<usize> {
    let (start, end) = (piece.start as usize, piece.end as usize);
    let is_quote = |at: usize| text.as_bytes().get(at).is_some_and(|byte| matches!(byte, b'"' | b'\''));
    if quoted && start > 0 && is_quote(start - 1) && is_quote(end) { start - 1..end + 1 } else { start..end }
}

/// The children of a value.
#[derive(Clone, Debug)]
pub struct Children<'t> {
    parent: Node<'t>,
    next: usize,
    left: usize,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        self.left = self.left.checked_sub(1)?;
        let child = Node { index: self.next, ..self.parent };
        self.next = child.entry().after as usize;
        Some(child)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Children<'_> {}
