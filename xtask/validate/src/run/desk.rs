//! Where one thread checks: it reads text into a tree, settles what it is, and puts findings in their places.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::{Settings, produce};
use crate::checker::{Checker, PayloadId};
use crate::choice::Known;
use crate::finding::{Finding, Rule, Severity};
use crate::frame::{Frame, Source};
use crate::input::har::{self, Embedded, Entry, Wanted};
use crate::input::kind::{self, Kind};
use crate::input::{encoding, form};
use crate::place::{Place, Places};
use crate::report::{Batch, Checked, Chosen, Located, Report, Stretch, Unreadable};
use crate::tree::{Dialect, Node, Parser, SyntaxError, SyntaxFault, Tree};

/// One thread's tools, used again for every payload.
pub(super) struct Desk<'r> {
    parser: Parser,
    /// Reads what stands within what the other one has read.
    within: Parser,
    judge: Judge<'r>,
}

/// What is the same for all payloads.
#[derive(Clone, Copy)]
struct Judge<'r> {
    checker: &'r Checker,
    settings: &'r Settings,
    /// How many findings may still get a frame.
    frames: usize,
    /// Whether the types are asked of this payload.
    asks_types: bool,
}

/// Where a part of a payload stands in its file.
type Locate<'l> = &'l dyn Fn(&Range<usize>) -> Stretch;

impl<'r> Desk<'r> {
    pub(super) fn new(checker: &'r Checker, settings: &'r Settings) -> Self {
        let judge = Judge { checker, settings, frames: 0, asks_types: true };
        Self { parser: Parser::default(), within: Parser::default(), judge }
    }

    pub(super) fn file(&mut self, path: Arc<str>, file: &Path) -> Batch {
        let known = self.judge.settings.choice.at(self.judge.checker, file);
        match produce::read(file) {
            Ok(bytes) => self.whole(path, &bytes, Kind::of(file), known),
            Err(unreadable) => Batch { path, reports: vec![unreadable.into()], notes: Vec::new(), bytes: 0 },
        }
    }

    /// A file that is one payload, or traffic.
    pub(super) fn whole(&mut self, path: Arc<str>, bytes: &[u8], kind: Option<Kind>, known: Known) -> Batch {
        self.judge.frames = self.judge.settings.frames;
        self.judge.asks_types = true;
        let mark = encoding::mark(bytes);
        let mut batch = Batch { path, reports: Vec::new(), notes: Vec::new(), bytes: bytes.len() };
        let first = Place { offset: mark, ..Place::START };
        match encoding::decode(&bytes[mark..], first) {
            Err(unreadable) => batch.reports.push(unreadable.into()),
            Ok(text) if text.trim().is_empty() => batch.reports.push(produce::empty().into()),
            Ok(text) => self.text(&mut batch, text, first, kind, known),
        }
        batch
    }

    fn text(&mut self, batch: &mut Batch, text: &str, first: Place, kind: Option<Kind>, known: Known) {
        let places = Places::new(text.as_bytes(), first);
        let locate = |span: &Range<usize>| Stretch { start: places.at(span.start), end: places.at(span.end) };
        if kind == Some(Kind::Form) || (kind.is_none() && kind::is_form(text)) {
            batch.reports.push(self.form(text, &locate, known));
            return;
        }
        let mut judge = self.judge;
        let reading = match kind {
            Some(Kind::Commented) => Reading::Commented,
            _ => Reading::Plain,
        };
        let Self { parser, within, .. } = self;
        let read = parsed(parser, text, reading, |tree, departure| match har::entries(tree.root()) {
            Some(entries) => Traffic { judge, within, locate: &locate }.entries(batch, entries),
            None if kind == Some(Kind::Har) => batch.reports.push(no_har().into()),
            None => {
                let subject = Subject { text, tree, locate: &locate, label: None };
                let report = judge.report(&subject, known, departure);
                batch.reports.push(report);
            }
        });
        if let Err(error) = read {
            batch.reports.push(self.judge.broken(text, &error, &locate, None).into());
        }
    }

    fn form(&mut self, text: &str, locate: Locate<'_>, known: Known) -> Report {
        let mut pairs = match form::fields(text) {
            Ok(pairs) => pairs,
            Err(unreadable) => return unreadable.into(),
        };
        if let Known::Sure(id, _) = known {
            pairs.sort(self.judge.checker.header_names(id));
        }
        let tree = self.parser.build(&pairs.decoded.text, &pairs.pairs);
        let locate = |span: &Range<usize>| locate(&pairs.decoded.raw(span));
        let subject = Subject { text: &pairs.decoded.text, tree, locate: &locate, label: None };
        self.judge.report(&subject, known, None)
    }

    /// Some lines of a file, each a payload.
    pub(super) fn lines(&mut self, path: Arc<str>, bytes: &[u8], first: Place, known: Known) -> Batch {
        self.judge.frames = self.judge.settings.frames;
        let mut batch = Batch { path, reports: Vec::new(), notes: Vec::new(), bytes: bytes.len() };
        let mut place = first;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let mark = if place.offset == 0 { encoding::mark(line) } else { 0 };
            let start = Place { offset: place.offset + mark, ..place };
            let content = line[mark..].trim_ascii_end();
            if !content.is_empty() {
                self.judge.asks_types = self.judge.settings.types_of_all || is_asked_about(start.line);
                batch.reports.push(self.line(content, start, known));
            }
            place.line += 1;
            place.offset += line.len();
        }
        batch
    }

    fn line(&mut self, line: &[u8], start: Place, known: Known) -> Report {
        match encoding::decode(line, start) {
            Err(unreadable) => unreadable.into(),
            Ok(text) => {
                let places = Places::new(line, start);
                let locate = |span: &Range<usize>| Stretch { start: places.at(span.start), end: places.at(span.end) };
                let judge = &mut self.judge;
                let read = parsed(&mut self.parser, text, Reading::Plain, |tree, departure| {
                    judge.report(&Subject { text, tree, locate: &locate, label: None }, known, departure)
                });
                read.unwrap_or_else(|error| self.judge.broken(text, &error, &locate, None).into())
            }
        }
    }
}

/// Whether comments and commas behind the last are told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Plain,
    Commented,
}

/// Reads a text, hands on its tree, and where it first departs from JSON in a way that can be read nevertheless.
fn parsed<T>(
    parser: &mut Parser,
    text: &str,
    reading: Reading,
    then: impl FnOnce(Tree<'_>, Option<Range<usize>>) -> T,
) -> Result<T, SyntaxError> {
    if reading == Reading::Commented {
        return parser.parse(text, Dialect::Lenient).map(|tree| then(tree, None));
    }
    match parser.parse(text, Dialect::Strict) {
        Ok(tree) => Ok(then(tree, None)),
        Err(error) if matches!(error.fault, SyntaxFault::Comment | SyntaxFault::TrailingComma) => {
            let tree = parser.parse(text, Dialect::Lenient)?;
            Ok(then(tree, Some(error.span)))
        }
        Err(error) => Err(error),
    }
}

fn no_har() -> Unreadable {
    Unreadable::file("expected a HAR file, found no list of entries in its log")
        .help("a payload of its own ends in .json")
}

/// A payload that has been read.
struct Subject<'s> {
    text: &'s str,
    tree: Tree<'s>,
    locate: Locate<'s>,
    label: Option<Box<str>>,
}

/// Whether the types are asked of this line. By its number, so that the result depends on nothing else.
fn is_asked_about(line: usize) -> bool {
    line <= 1000 || line.is_multiple_of(16)
}

impl Judge<'_> {
    fn found(&self, id: PayloadId, root: Node<'_>) -> Vec<Finding> {
        if self.asks_types { self.checker.check(id, root) } else { self.checker.check_without_types(id, root) }
    }

    fn report(&mut self, subject: &Subject<'_>, known: Known, departure: Option<Range<usize>>) -> Report {
        let root = subject.tree.root();
        // To guess costs more than to check: what has nothing wrong with it as its neighbour is taken to be the same.
        if let Known::Likely(id, chosen, _) = known
            && departure.is_none()
            && self.found(id, root).is_empty()
        {
            return Report::Checked(self.checked(subject, id, chosen, &mut []));
        }
        match known.settle(self.checker, root) {
            Ok((id, chosen)) => {
                let mut findings = self.found(id, root);
                findings.extend(departure.map(not_strict));
                Report::Checked(self.checked(subject, id, chosen, &mut findings))
            }
            Err(unreadable) => {
                let start = root.span().start;
                let at = Some((subject.locate)(&(start..start)));
                Unreadable { label: subject.label.clone(), at, ..unreadable }.into()
            }
        }
    }

    fn checked(
        &mut self,
        subject: &Subject<'_>,
        id: crate::checker::PayloadId,
        chosen: Chosen,
        findings: &mut [Finding],
    ) -> Checked {
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
    fn broken(&mut self, text: &str, error: &SyntaxError, locate: Locate<'_>, label: Option<Box<str>>) -> Unreadable {
        let at = locate(&error.span);
        let frame = self.is_framed().then(|| {
            let source = Source { checker: self.checker, id: None, tree: None, text, show_values: false };
            let mut frame = Frame::default();
            source.mark(&mut frame, &error.span, at.start.line, "");
            Box::new(frame)
        });
        let help = help(text, error).map(Into::into);
        Unreadable { label, at: Some(at), message: format!("not JSON: {}", error.fault).into(), help, frame }
    }
}

fn help(text: &str, error: &SyntaxError) -> Option<&'static str> {
    let there = text.get(error.span.start..).unwrap_or_default();
    Some(match error.fault {
        _ if there.starts_with('\u{feff}') => "a byte order mark stands within the text: remove it",
        SyntaxFault::Truncated => "the payload is cut off: was all of it copied?",
        SyntaxFault::More => "one payload a line is JSON Lines: its files end in .jsonl",
        SyntaxFault::Key | SyntaxFault::Value if there.starts_with('\'') => "JSON has double quotes alone",
        SyntaxFault::Value if there.starts_with('<') => "this looks like XML or HTML",
        _ => return None,
    })
}

fn not_strict(span: Range<usize>) -> Finding {
    Finding {
        rule: Rule::NotStrict,
        severity: Severity::Warning,
        span,
        pointer: String::new(),
        found: "a comment, or a comma behind the last".to_owned(),
        expected: "JSON, which has neither".to_owned(),
        help: Some("leave it out, or end the file's name in .jsonc".to_owned()),
        page: None,
        related: Vec::new(),
    }
}

/// Traffic that is being checked.
struct Traffic<'d, 'r> {
    judge: Judge<'r>,
    within: &'d mut Parser,
    /// Where a part of the file stands.
    locate: Locate<'d>,
}

impl Traffic<'_, '_> {
    fn entries<'t>(&mut self, batch: &mut Batch, entries: impl Iterator<Item = Node<'t>>) {
        let choice = &self.judge.settings.choice;
        let wanted = Wanted { operation: choice.operation.as_deref(), part: choice.part };
        let (mut all, mut elsewhere, mut left_out, mut silent) = (0, 0, 0, 0);
        for (index, entry) in entries.enumerate() {
            all += 1;
            match har::entry(self.judge.checker, wanted, index, entry) {
                Entry::Elsewhere => elsewhere += 1,
                Entry::LeftOut => left_out += 1,
                Entry::Known(payloads) if payloads.is_empty() => silent += 1,
                Entry::Known(payloads) => batch.reports.extend(payloads.into_iter().map(|payload| match payload {
                    Ok(embedded) => self.embedded(&embedded),
                    Err((label, unreadable)) => Unreadable { label: Some(label), ..unreadable }.into(),
                })),
            }
        }
        let mut note = |count: usize, what: &str| {
            if count > 0 {
                batch.notes.push(format!("{count} of {all} entries {what}"));
            }
        };
        note(elsewhere, "go to no operation of the contract: not checked");
        note(left_out, "go to another operation than the one named: not checked");
        note(silent, "go to an operation, and no payload was recorded: not checked");
        if batch.reports.is_empty() {
            batch.reports.push(Unreadable::file("no payload in this traffic").into());
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
        let read = parsed(self.within, text, Reading::Plain, |tree, departure| {
            judge.report(&Subject { text, tree, locate: &locate, label }, known, departure)
        });
        read.unwrap_or_else(|error| self.judge.broken(text, &error, &locate, again).into())
    }
}
