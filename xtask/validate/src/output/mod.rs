//! How are findings told? To people, and to the programs that CI runs.

mod file;
mod json;
mod junit;
mod sarif;
mod text;
mod waiting;

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

pub use file::Destination;
pub use json::Json;
pub use junit::Junit;
pub use sarif::Sarif;
pub use text::{Colours, Text};

use crate::checker::{Checker, Part, PayloadId};
use crate::report::{Batch, Chosen, Report};

/// A way to tell findings.
pub trait Output {
    /// Tells what some payloads gave.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn batch(&mut self, batch: &Batch) -> io::Result<()>;

    /// Tells what is to be told last.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// What all inputs gave together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// How many payloads were checked.
    pub payloads: usize,
    /// How many of them have findings.
    pub with_findings: usize,
    /// How many findings are errors.
    pub errors: usize,
    /// How many findings are warnings.
    pub warnings: usize,
    /// How many inputs, lines or bodies could not be checked.
    pub unreadable: usize,
    /// How many findings and unreadable inputs were counted and not listed.
    pub left_out: usize,
    /// What was taken for what by its fields alone, and how often.
    #[serde(skip)]
    pub matched: BTreeMap<(String, &'static str), usize>,
}

impl Summary {
    /// What the program ends with: 2 when something could not be read, 1 when something is wrong, else 0.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        if self.unreadable > 0 {
            2
        } else if self.errors > 0 {
            1
        } else {
            0
        }
    }

    /// Counts a batch, and takes from it what is beyond `limit` in all.
    pub fn add(&mut self, batch: &mut Batch, checker: &Checker, limit: usize) {
        batch.reports.retain_mut(|report| match report {
            Report::Checked(payload) => {
                let room = limit.saturating_sub(self.listed());
                self.payloads += 1;
                self.errors += payload.errors;
                self.warnings += payload.warnings;
                self.with_findings += usize::from(!payload.findings.is_empty());
                self.left_out += payload.findings.len().saturating_sub(room);
                payload.findings.truncate(room);
                self.count(checker, payload.id, payload.chosen);
                true
            }
            Report::Unreadable(_) => {
                let is_listed = self.listed() < limit;
                self.unreadable += 1;
                self.left_out += usize::from(!is_listed);
                is_listed
            }
        });
    }

    fn listed(&self) -> usize {
        self.errors + self.warnings + self.unreadable - self.left_out
    }

    fn count(&mut self, checker: &Checker, id: PayloadId, chosen: Chosen) {
        if matches!(chosen, Chosen::Match | Chosen::Tie) {
            // The name is made for the first of its kind alone.
            let part = part(checker, id);
            let operation = checker.operation(id);
            match self.matched.iter_mut().find(|((known, of), _)| known == operation && *of == part) {
                Some((_, count)) => *count += 1,
                None => {
                    self.matched.insert((operation.to_owned(), part), 1);
                }
            }
        }
    }
}

/// The name of a payload's part in every output.
#[must_use]
pub fn part(checker: &Checker, id: PayloadId) -> &'static str {
    match checker.part(id) {
        Part::Request => "request",
        Part::Response => "response",
    }
}

/// `1 error`, `2 errors`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
