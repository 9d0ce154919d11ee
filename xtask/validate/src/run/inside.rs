//! The payloads in a value that is none itself: in its texts, as logs hold them, and in its objects and lists.

use std::cell::OnceCell;
use std::ops::Range;

use super::judge::{Judge, Reading, Subject, parsed_first};
use crate::check::place::push;
use crate::checker::PayloadId;
use crate::choice::Known;
use crate::input::decoded::Decoded;
use crate::input::values;
use crate::report::{Aside, Batch, Report};
use crate::tree::{Kind, Node, Parser};

/// How deep texts in texts are looked into.
const DEPTH: usize = 4;

/// The payloads that were found.
pub(super) struct Inside {
    reports: Vec<Report>,
    in_texts: usize,
    within: usize,
    /// How well the best of them fits; zero where there is none.
    pub(super) best: i64,
}

impl Inside {
    /// Looks into everything; of what is a payload itself, only into the texts of fields that it does not have.
    pub(super) fn of(judge: &mut Judge<'_>, subject: &Subject<'_>, known: Known, known_as: Option<PayloadId>) -> Self {
        let checker = judge.checker;
        let mut inside = Self { reports: Vec::new(), in_texts: 0, within: 0, best: 0 };
        let mut search = Search { judge, known, inside: &mut inside, depth: 0 };
        let mut pointer = String::new();
        let root = subject.tree.root();
        match known_as {
            None => search.below(subject, root, &mut pointer),
            Some(id) => {
                let fields = &checker.shapes().get(checker.shape(id)).fields;
                let is_unknown = |child: &Node<'_>| child.key().is_some_and(|key| fields.get(&key).is_none());
                for child in root.children().filter(is_unknown).filter(|child| child.kind() == Kind::Text) {
                    search.child(subject, child, &child.key().unwrap_or_default(), &mut pointer);
                }
            }
        }
        inside
    }

    /// Adds what was found to what is told of the file; something broken alone is no find.
    pub(super) fn hand_on(self, batch: &mut Batch) {
        if self.best > 0 {
            batch.count(Aside::InTexts, self.in_texts);
            batch.count(Aside::WithinJson, self.within);
            batch.reports.extend(self.reports);
        }
    }
}

struct Search<'i, 'r> {
    judge: &'i mut Judge<'r>,
    known: Known,
    inside: &'i mut Inside,
    /// How many texts the search is in.
    depth: usize,
}

impl Search<'_, '_> {
    /// What stands in a value that is no payload.
    fn below(&mut self, subject: &Subject<'_>, node: Node<'_>, pointer: &mut String) {
        if node.kind() == Kind::Text {
            self.text(subject, node, pointer);
        }
        for (index, child) in node.children().enumerate() {
            match child.key() {
                Some(key) => self.child(subject, child, &key, pointer),
                None => self.child(subject, child, &index.to_string(), pointer),
            }
        }
    }

    fn child(&mut self, subject: &Subject<'_>, child: Node<'_>, step: &str, pointer: &mut String) {
        if !matches!(child.kind(), Kind::Text | Kind::Object | Kind::List) {
            return;
        }
        let length = pointer.len();
        push(pointer, step, false);
        self.value(subject, child, pointer);
        pointer.truncate(length);
    }

    fn value(&mut self, subject: &Subject<'_>, node: Node<'_>, pointer: &mut String) {
        let fit = if node.kind() == Kind::Object { self.known.fit(self.judge.checker, node) } else { 0 };
        if fit <= 0 {
            self.below(subject, node, pointer);
            return;
        }
        let label = (!pointer.is_empty()).then(|| pointer.as_str().into());
        // The node is one of this tree.
        let tree = subject.tree.below(subject.tree.root().at(node.place()));
        let report =
            self.judge.report(&Subject { text: subject.text, tree, locate: subject.locate, label }, self.known, None);
        self.inside.reports.push(report);
        self.inside.best = self.inside.best.max(fit);
        *if self.depth > 0 { &mut self.inside.in_texts } else { &mut self.inside.within } += 1;
    }

    /// Every value that a text holds, with its places in the file.
    fn text(&mut self, subject: &Subject<'_>, node: Node<'_>, pointer: &mut String) {
        if self.depth == DEPTH || !node.raw().contains('{') {
            return;
        }
        let Some(text) = node.text() else { return };
        let (raw, begin) = (node.raw(), node.span().start + 1);
        let places = OnceCell::new();
        let locate = |span: &Range<usize>| {
            let places = places.get_or_init(|| Decoded::of_json(raw).later(begin));
            (subject.locate)(&places.raw(span))
        };
        let mut parser = Parser::default();
        let mut from = 0;
        self.depth += 1;
        while let Some(at) = values::next(&text, from) {
            let read = parsed_first(&mut parser, &text, at, Reading::Part, |tree, _| {
                let subject = Subject { text: &text, tree, locate: &locate, label: None };
                self.value(&subject, tree.root(), pointer);
            });
            match read {
                Ok(end) => from = end,
                Err(error) => {
                    let label = (!pointer.is_empty()).then(|| pointer.as_str().into());
                    self.inside.reports.push(self.judge.broken(&text, &error, &locate, label).into());
                    break;
                }
            }
        }
        self.depth -= 1;
    }
}
