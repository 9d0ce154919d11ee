//! Where one thread checks: it reads text into a tree, settles what it is, and puts findings in their places.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use super::judge::{Judge, Locate, Reading, Subject, parsed, parsed_first};
use super::log::Line;
use super::traffic::Traffic;
use super::{Settings, produce};
use crate::checker::Checker;
use crate::choice::Known;
use crate::finding::{Finding, Rule, Severity};
use crate::input::kind::{self, Kind};
use crate::input::{encoding, form, har, values};
use crate::place::{Place, Places};
use crate::report::{Batch, Report, Stretch, Unreadable};
use crate::tree::{Parser, SyntaxError, SyntaxFault};

/// One thread's tools, used again for every payload.
pub(super) struct Desk<'r> {
    parser: Parser,
    /// Reads what stands within what the other one has read.
    within: Parser,
    judge: Judge<'r>,
}

impl<'r> Desk<'r> {
    pub(super) fn new(checker: &'r Checker, settings: &'r Settings) -> Self {
        let judge = Judge { checker, settings, frames: 0, asks_types: true, is_log: false };
        Self { parser: Parser::default(), within: Parser::default(), judge }
    }

    pub(super) fn file(&mut self, path: Arc<str>, file: &Path) -> Batch {
        let known = self.judge.settings.choice.at(self.judge.checker, file);
        match produce::read(file) {
            Ok(bytes) => self.whole(path, &bytes, Kind::of(file), known),
            Err(unreadable) => Batch { reports: vec![unreadable.into()], ..Batch::new(path, 0) },
        }
    }

    /// A file that is one payload, or traffic.
    pub(super) fn whole(&mut self, path: Arc<str>, bytes: &[u8], kind: Option<Kind>, known: Known) -> Batch {
        self.judge.frames = self.judge.settings.frames;
        self.judge.asks_types = true;
        self.judge.is_log = false;
        let mark = encoding::mark(bytes);
        let marked = &bytes[mark..];
        let mut batch = Batch::new(path, bytes.len());
        let first = Place { offset: mark, ..Place::START };
        match encoding::decode(marked, first) {
            Err(_) if encoding::narrow(marked).is_ok() && is_form(kind, &String::from_utf8_lossy(marked)) => {
                batch.reports.push(self.form(bytes, mark, known));
            }
            Err(unreadable) => batch.reports.push(unreadable.into()),
            Ok(text) if text.trim().is_empty() => batch.reports.push(produce::empty().into()),
            Ok(text) if is_form(kind, text) => batch.reports.push(self.form(bytes, mark, known)),
            Ok(text) => self.text(&mut batch, text, first, kind, known),
        }
        batch
    }

    fn text(&mut self, batch: &mut Batch, text: &str, first: Place, kind: Option<Kind>, known: Known) {
        let places = Places::new(text.as_bytes(), first);
        let locate = |span: &Range<usize>| Stretch { start: places.at(span.start), end: places.at(span.end) };
        let mut judge = self.judge;
        let reading = match kind {
            Some(Kind::Commented) => Reading::Commented,
            Some(Kind::Json) => Reading::Plain,
            _ => Reading::Part,
        };
        let Self { parser, within, .. } = self;
        let read = parsed(parser, text, reading, |tree, departure| match har::entries(tree.root()) {
            Some(entries) => Traffic { judge, within, locate: &locate }.entries(batch, entries),
            None if kind == Some(Kind::Har) => batch.reports.push(no_har().into()),
            None => judge.value(&Subject { text, tree, locate: &locate, label: None }, known, departure, batch),
        });
        let Err(error) = read else { return };
        match kind {
            Some(Kind::Json | Kind::Commented) => self.several(batch, text, reading, known, &error, &locate),
            None => self.log(batch, text, first, known, &error, &locate),
            _ => batch.reports.push(self.judge.broken(text, &error, &locate, None).into()),
        }
    }

    /// A file of one value, as its name says, that holds more than one, or something else.
    fn several(
        &mut self,
        batch: &mut Batch,
        text: &str,
        reading: Reading,
        known: Known,
        error: &SyntaxError,
        locate: Locate<'_>,
    ) {
        let mut at = values::behind_space(text, 0);
        if !values::begins_value(&text[at..]) {
            batch.reports.push(self.judge.broken(text, error, locate, None).into());
            // What is no JSON may be a log all the same, unless it is a broken object.
            if text[at..].starts_with('{') {
                return;
            }
            let first = locate(&(0..0)).start;
            let mut found = Batch::new(Arc::clone(&batch.path), 0);
            self.each_line(&mut found, text.as_bytes(), first, known, false);
            batch.reports.append(&mut found.reports);
            return;
        }
        let mut is_told = false;
        let mut is_first = true;
        while at < text.len() {
            if !values::begins_value(&text[at..]) {
                let length = text[at..].chars().next().map_or(0, char::len_utf8);
                let more = SyntaxError { span: at..at + length, fault: SyntaxFault::More };
                batch.reports.push(self.judge.broken(text, &more, locate, None).into());
                return;
            }
            let another = (!is_first && !is_told).then(|| another(at));
            is_told |= another.is_some();
            let Self { parser, judge, .. } = self;
            let read = parsed_first(parser, text, at, reading, |tree, departure| {
                judge.value(&Subject { text, tree, locate, label: None }, known, departure.or(another), batch);
            });
            match read {
                Ok(end) => at = values::behind_space(text, end),
                Err(error) => {
                    batch.reports.push(self.judge.broken(text, &error, locate, None).into());
                    return;
                }
            }
            is_first = false;
        }
    }

    /// An input whose name says nothing, and that is not one value.
    fn log(
        &mut self,
        batch: &mut Batch,
        text: &str,
        first: Place,
        known: Known,
        error: &SyntaxError,
        locate: Locate<'_>,
    ) {
        self.each_line(batch, text.as_bytes(), first, known, false);
        if batch.reports.is_empty() {
            batch.asides.clear();
            batch.reports.push(self.judge.broken(text, error, locate, None).into());
        }
    }

    /// A form, as bytes: one field that is no UTF-8 spoils itself alone. Before it stands a mark of that length.
    fn form(&mut self, body: &[u8], mark: usize, known: Known) -> Report {
        let mut pairs = form::fields(body);
        if let Known::Sure(id, _) = known {
            pairs.sort(self.judge.checker.parameters(id));
        }
        let tree = self.parser.build(&pairs.decoded.text, &pairs.pairs);
        let countable = encoding::countable(&body[mark..]);
        let places = Places::new(&countable, Place { offset: mark, ..Place::START });
        let place = |byte: usize| places.at(byte.saturating_sub(mark));
        let locate = |span: &Range<usize>| {
            let raw = pairs.decoded.raw(span);
            Stretch { start: place(raw.start), end: place(raw.end) }
        };
        let subject = Subject { text: &pairs.decoded.text, tree, locate: &locate, label: None };
        self.judge.report(&subject, known, None)
    }

    /// Some lines of a file, each a payload.
    pub(super) fn lines(
        &mut self,
        path: Arc<str>,
        bytes: &[u8],
        first: Place,
        known: Known,
        is_promised: bool,
    ) -> Batch {
        self.judge.frames = self.judge.settings.frames;
        let mut batch = Batch::new(path, bytes.len());
        self.each_line(&mut batch, bytes, first, known, is_promised);
        batch
    }

    fn each_line(&mut self, batch: &mut Batch, bytes: &[u8], first: Place, known: Known, is_promised: bool) {
        self.judge.is_log = true;
        let mut place = first;
        let mut rest = bytes;
        while !rest.is_empty() {
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            // Where files were joined, a mark stands before a later line too.
            let mark = encoding::mark(rest);
            let line = rest[mark..length].trim_ascii_end();
            let start = Place { offset: place.offset + mark, ..place };
            let mut read = 0;
            if !line.is_empty() {
                self.judge.asks_types = self.judge.settings.types_of_all || is_asked_about(start.line);
                read = mark + self.line(batch, line, &rest[mark..], start, known, is_promised);
            }
            if read > length {
                place = Places::new(rest, place).at(read);
            } else {
                place = Place { line: place.line + 1, column: 1, offset: place.offset + length };
            }
            rest = &rest[read.max(length)..];
        }
    }

    /// How much of the rest was read with the line, if more than it.
    fn line(
        &mut self,
        batch: &mut Batch,
        line: &[u8],
        rest: &[u8],
        start: Place,
        known: Known,
        is_promised: bool,
    ) -> usize {
        let text = match encoding::decode(line, start) {
            Ok(text) => text,
            Err(unreadable) => {
                batch.reports.push(unreadable.into());
                return 0;
            }
        };
        let places = Places::new(line, start);
        let locate = |span: &Range<usize>| Stretch { start: places.at(span.start), end: places.at(span.end) };
        let Self { parser, judge, .. } = self;
        let read = parsed(parser, text, Reading::Part, |tree, departure| {
            judge.value(&Subject { text, tree, locate: &locate, label: None }, known, departure, batch);
        });
        match read {
            Ok(()) => 0,
            Err(error) => Line { judge, parser, batch, known, text, rest, start, is_promised }.read(&error),
        }
    }
}

/// Whether an input is a form, by its name or else by how it begins.
fn is_form(kind: Option<Kind>, text: &str) -> bool {
    kind == Some(Kind::Form) || (kind.is_none() && kind::is_form(text))
}

/// Whether the types are asked of this line. By its number, so that the result depends on nothing else.
fn is_asked_about(line: usize) -> bool {
    line <= 1000 || line.is_multiple_of(16)
}

fn no_har() -> Unreadable {
    Unreadable::file("expected a HAR file, found no list of entries in its log")
        .help("a payload of its own ends in .json")
}

/// That a second value stands in a file of one: told once.
fn another(at: usize) -> Finding {
    Finding {
        rule: Rule::NotStrict,
        severity: Severity::Warning,
        span: at..at + 1,
        pointer: String::new(),
        found: "another value behind the first".to_owned(),
        expected: "one value in a file of this name".to_owned(),
        help: Some("keep one value a file, or write each on a line of its own and end the name in .jsonl".to_owned()),
        page: None,
        related: Vec::new(),
    }
}
