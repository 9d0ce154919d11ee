//! Captured traffic that is being checked: what its entries hold, and what they do not.

use std::ops::Range;

use super::judge::{Judge, Locate, Reading, Subject, parsed};
use crate::checker::Part;
use crate::choice::Known;
use crate::input::har::{self, Embedded, Entry, Half, Wanted};
use crate::report::{Batch, Chosen, Report, Unreadable};
use crate::tree::{Node, Parser};

/// Traffic that is being checked.
pub(super) struct Traffic<'d, 'r> {
    pub(super) judge: Judge<'r>,
    pub(super) within: &'d mut Parser,
    /// Where a part of the file stands.
    pub(super) locate: Locate<'d>,
}

/// How many entries are not told of otherwise.
#[derive(Default)]
struct Counts {
    all: usize,
    elsewhere: usize,
    left_out: usize,
    silent: usize,
    without_request: usize,
    without_answer: usize,
    misplaced: usize,
}

impl Traffic<'_, '_> {
    pub(super) fn entries<'t>(&mut self, batch: &mut Batch, entries: impl Iterator<Item = Node<'t>>) {
        let choice = &self.judge.settings.choice;
        let wanted = Wanted { operation: choice.operation.as_deref(), part: choice.part };
        let mut counts = Counts::default();
        for (index, entry) in entries.enumerate() {
            counts.all += 1;
            match har::entry(self.judge.checker, wanted, index, entry) {
                Entry::Elsewhere => counts.elsewhere += 1,
                Entry::LeftOut => counts.left_out += 1,
                Entry::Known(halves) => {
                    counts.add(&halves);
                    batch.reports.extend(halves.into_iter().filter_map(|half| self.half(half)));
                }
            }
        }
        counts.tell(batch);
        if batch.reports.is_empty() {
            batch.reports.push(Unreadable::file("no payload in this traffic").into());
        }
    }

    fn half(&mut self, half: Half<'_>) -> Option<Report> {
        match half {
            Half::Payload(embedded) => Some(self.embedded(&embedded)),
            Half::Unreadable(label, unreadable) => Some(Unreadable { label: Some(label), ..unreadable }.into()),
            Half::Missing(_) => None,
        }
    }

    fn embedded(&mut self, embedded: &Embedded<'_>) -> Report {
        let text = embedded.text();
        let outer = self.locate;
        let locate = |span: &Range<usize>| outer(&embedded.raw(span));
        let known = Known::Sure(embedded.id, Chosen::Traffic);
        let label = Some(embedded.label.clone());
        if let Some(pairs) = &embedded.pairs {
            let tree = self.within.build(text, pairs);
            return self.judge.report(&Subject { text, tree, locate: &locate, label }, known, None);
        }
        let judge = &mut self.judge;
        let again = label.clone();
        let read = parsed(self.within, text, Reading::Part, |tree, departure| {
            judge.report(&Subject { text, tree, locate: &locate, label }, known, departure)
        });
        read.unwrap_or_else(|error| self.judge.broken(text, &error, &locate, again).into())
    }
}

impl Counts {
    fn add(&mut self, halves: &[Half<'_>]) {
        let misses = |part| halves.iter().any(|half| matches!(half, Half::Missing(missing) if *missing == part));
        let is_misplaced = |half: &&Half<'_>| matches!(half, Half::Payload(embedded) if embedded.is_misplaced);
        self.misplaced += halves.iter().filter(is_misplaced).count();
        if halves.iter().all(|half| matches!(half, Half::Missing(_))) {
            self.silent += 1;
        } else {
            self.without_request += usize::from(misses(Part::Request));
            self.without_answer += usize::from(misses(Part::Response));
        }
    }

    fn tell(&self, batch: &mut Batch) {
        let all = self.all;
        let mut note = |count: usize, what: &str| {
            if count > 0 {
                batch.notes.push(format!("{count} of {all} entries {what}"));
            }
        };
        note(self.elsewhere, "go to no operation of the contract: not checked");
        note(self.left_out, "go to another operation than the one named: not checked");
        note(self.silent, "go to an operation, and no payload was recorded: not checked");
        note(self.without_request, "go to an operation, and the body of the request was not recorded: not checked");
        note(self.without_answer, "go to an operation, and the body of the answer was not recorded: not checked");
        note(self.misplaced, "hold a body that is no text, as HAR asks: checked as it stands");
    }
}
