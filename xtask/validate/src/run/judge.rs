//! What becomes of a value that has been read: it is settled what it is, held against the contract, and its findings are
//! put in their places.

use std::ops::Range;

use super::Settings;
use super::inside::Inside;
use crate::checker::{Checker, PayloadId};
use crate::choice::Known;
use crate::finding::{Finding, Rule, Severity};
use crate::frame::{Frame, Source};
use crate::place::Place;
use crate::report::{Batch, Checked, Chosen, Located, Report, Stretch, Unreadable};
use crate::tree::{Dialect, Node, Parser, SyntaxError, SyntaxFault, Tree};

/// What is the same for all payloads.
#[derive(Clone, Copy)]
pub(super) struct Judge<'r> {
    pub(super) checker: &'r Checker,
    pub(super) settings: &'r Settings,
    /// How many findings may still get a frame.
    pub(super) frames: usize,
    /// Whether the types are asked of this payload.
    pub(super) asks_types: bool,
    /// Whether the values are those of a log, which need not be payloads: one that is said to be a payload is one.
    pub(super) is_log: bool,
}

/// Where a part of a payload stands in its file.
pub(super) type Locate<'l> = &'l dyn Fn(&Range<usize>) -> Stretch;

/// A value that has been read.
pub(super) struct Subject<'s> {
    pub(super) text: &'s str,
    pub(super) tree: Tree<'s>,
    pub(super) locate: Locate<'s>,
    pub(super) label: Option<Box<str>>,
}

/// How a value is read: whether comments and commas behind the last are told, and what helps against them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A file that may be called otherwise.
    Plain,
    /// They belong there.
    Commented,
    /// A line, a body in traffic, or standard input: no name says what they are.
    Part,
}

/// Reads a text, hands on its tree, and where it first departs from JSON in a way that can be read nevertheless.
pub(super) fn parsed<T>(
    parser: &mut Parser,
    text: &str,
    reading: Reading,
    then: impl FnOnce(Tree<'_>, Option<Finding>) -> T,
) -> Result<T, SyntaxError> {
    if reading == Reading::Commented {
        return parser.parse(text, Dialect::Lenient).map(|tree| then(tree, None));
    }
    match parser.parse(text, Dialect::Strict) {
        Ok(tree) => Ok(then(tree, None)),
        Err(error) if is_lenient(&error) => {
            let tree = parser.parse(text, Dialect::Lenient)?;
            Ok(then(tree, Some(not_strict(error.span, reading))))
        }
        Err(error) => Err(error),
    }
}

/// The same of the value that begins at a place of a text; says where it ends.
pub(super) fn parsed_first(
    parser: &mut Parser,
    text: &str,
    at: usize,
    reading: Reading,
    then: impl FnOnce(Tree<'_>, Option<Finding>),
) -> Result<usize, SyntaxError> {
    if reading != Reading::Commented {
        match parser.parse_first(text, at, Dialect::Strict) {
            Ok((tree, end)) => {
                then(tree, None);
                return Ok(end);
            }
            Err(error) if is_lenient(&error) => {
                let (tree, end) = parser.parse_first(text, at, Dialect::Lenient)?;
                then(tree, Some(not_strict(error.span, reading)));
                return Ok(end);
            }
            Err(error) => return Err(error),
        }
    }
    let (tree, end) = parser.parse_first(text, at, Dialect::Lenient)?;
    then(tree, None);
    Ok(end)
}

fn is_lenient(error: &SyntaxError) -> bool {
    matches!(error.fault, SyntaxFault::Comment | SyntaxFault::TrailingComma)
}

fn not_strict(span: Range<usize>, reading: Reading) -> Finding {
    let help = match reading {
        Reading::Plain => "leave it out, or end the file's name in .jsonc",
        Reading::Commented | Reading::Part => "leave it out",
    };
    Finding {
        rule: Rule::NotStrict,
        severity: Severity::Warning,
        span,
        pointer: String::new(),
        found: "a comment, or a comma behind the last".to_owned(),
        expected: "JSON, which has neither".to_owned(),
        help: Some(help.to_owned()),
        page: None,
        related: Vec::new(),
    }
}

impl Judge<'_> {
    fn found(&self, id: PayloadId, root: Node<'_>) -> Vec<Finding> {
        if self.asks_types { self.checker.check(id, root) } else { self.checker.check_without_types(id, root) }
    }

    /// What a value gives that stands by itself: a payload, or JSON in which payloads stand.
    pub(super) fn value(&mut self, subject: &Subject<'_>, known: Known, departure: Option<Finding>, batch: &mut Batch) {
        if let Some(report) = self.as_its_neighbour(subject, known, departure.as_ref()) {
            batch.reports.push(report);
            return;
        }
        let root = subject.tree.root();
        let settled = known.settle(self.checker, root).map(|(id, chosen)| (id, chosen, self.found(id, root)));
        if settled.as_ref().is_ok_and(|(_, _, findings)| findings.is_empty()) {
            batch.reports.push(self.settled(subject, settled, departure));
            return;
        }
        let fit = settled.as_ref().map_or(0, |(id, ..)| self.checker.fit(*id, root));
        let known_as = settled.as_ref().ok().map(|(id, ..)| *id).filter(|_| fit > 0);
        let inside = Inside::of(self, subject, known, known_as);
        let is_said = !self.is_log && matches!(known, Known::Sure(..) | Known::Either(..));
        if inside.best == 0 || inside.best <= fit || is_said {
            batch.reports.push(self.settled(subject, settled, departure));
        }
        inside.hand_on(batch);
    }

    /// What one payload gives.
    pub(super) fn report(&mut self, subject: &Subject<'_>, known: Known, departure: Option<Finding>) -> Report {
        if let Some(report) = self.as_its_neighbour(subject, known, departure.as_ref()) {
            return report;
        }
        let root = subject.tree.root();
        let settled = known.settle(self.checker, root).map(|(id, chosen)| (id, chosen, self.found(id, root)));
        self.settled(subject, settled, departure)
    }

    /// To guess costs more than to check: what has nothing wrong with it as its neighbour is taken to be the same.
    fn as_its_neighbour(&mut self, subject: &Subject<'_>, known: Known, departure: Option<&Finding>) -> Option<Report> {
        let Known::Likely(id, chosen, _) = known else { return None };
        let is_same = departure.is_none() && self.found(id, subject.tree.root()).is_empty();
        is_same.then(|| Report::Checked(self.checked(subject, id, chosen, &mut [])))
    }

    fn settled(
        &mut self,
        subject: &Subject<'_>,
        settled: Result<(PayloadId, Chosen, Vec<Finding>), Unreadable>,
        departure: Option<Finding>,
    ) -> Report {
        match settled {
            Ok((id, chosen, mut findings)) => {
                findings.extend(departure);
                Report::Checked(self.checked(subject, id, chosen, &mut findings))
            }
            Err(unreadable) => {
                let start = subject.tree.root().span().start;
                let at = Some((subject.locate)(&(start..start)));
                Unreadable { label: subject.label.clone(), at, ..unreadable }.into()
            }
        }
    }

    fn checked(&mut self, subject: &Subject<'_>, id: PayloadId, chosen: Chosen, findings: &mut [Finding]) -> Checked {
        findings.sort_by_key(|finding| finding.span.start);
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let source = Source {
            checker: self.checker,
            id: Some(id),
            tree: Some(subject.tree),
            text: subject.text,
            show_values: self.settings.show_values,
        };
        Checked {
            id,
            chosen,
            label: subject.label.clone(),
            start: Self::start(subject),
            errors,
            warnings: findings.len() - errors,
            findings: findings.iter_mut().map(|finding| self.located(&source, subject.locate, finding)).collect(),
        }
    }

    fn start(subject: &Subject<'_>) -> Place {
        let start = subject.tree.root().span().start;
        (subject.locate)(&(start..start)).start
    }

    fn located(&mut self, source: &Source<'_>, locate: Locate<'_>, finding: &mut Finding) -> Located {
        let at = locate(&finding.span);
        let related: Vec<_> =
            finding.related.iter().map(|related| (locate(&related.span), related.label.clone())).collect();
        let frame = self.is_framed().then(|| {
            let mut frame = Frame::default();
            source.mark(&mut frame, &finding.span, at.start.line, &finding.found);
            for (related, (at, label)) in finding.related.iter().zip(&related) {
                source.mark(&mut frame, &related.span, at.start.line, label);
            }
            frame
        });
        Located {
            rule: finding.rule,
            severity: finding.severity,
            at,
            pointer: std::mem::take(&mut finding.pointer),
            found: std::mem::take(&mut finding.found),
            expected: std::mem::take(&mut finding.expected),
            help: finding.help.take(),
            page: finding.page.take(),
            related,
            frame,
        }
    }

    fn is_framed(&mut self) -> bool {
        let left = self.frames;
        self.frames = left.saturating_sub(1);
        left > 0
    }

    /// What is no JSON.
    pub(super) fn broken(
        &mut self,
        text: &str,
        error: &SyntaxError,
        locate: Locate<'_>,
        label: Option<Box<str>>,
    ) -> Unreadable {
        let at = locate(&error.span);
        let frame = self.is_framed().then(|| {
            let source = Source { checker: self.checker, id: None, tree: None, text, show_values: false };
            let mut frame = Frame::default();
            source.mark(&mut frame, &error.span, at.start.line, "");
            Box::new(frame)
        });
        let help = help(text, error).map(Into::into);
        let message = format!("not JSON: {}", error.fault);
        Unreadable { label, at: Some(at), help, frame, ..Unreadable::file(message) }
    }
}

fn help(text: &str, error: &SyntaxError) -> Option<&'static str> {
    let there = text.get(error.span.start..).unwrap_or_default();
    Some(match error.fault {
        _ if there.starts_with('\u{feff}') => "a byte order mark stands within the text: remove it",
        SyntaxFault::Truncated => "the payload is cut off: was all of it copied?",
        SyntaxFault::More if there.starts_with(['}', ']']) => "a bracket more is closed than was opened",
        SyntaxFault::More if there.starts_with(',') => "no comma stands between values",
        SyntaxFault::More => "remove what is no part of the value",
        SyntaxFault::Key | SyntaxFault::Value if there.starts_with('\'') => "JSON has double quotes alone",
        SyntaxFault::Value if there.starts_with('<') => "this looks like XML or HTML",
        _ => return None,
    })
}
