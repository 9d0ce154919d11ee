//! A line that is no JSON by itself: a log writes something before it, a value goes on over more lines, or several values
//! stand on one.

use std::ops::Range;

use super::judge::{Judge, Reading, Subject, parsed_first};
use crate::choice::Known;
use crate::input::values;
use crate::place::{Place, Places};
use crate::report::{Aside, Batch, Report, Stretch};
use crate::tree::{Parser, SyntaxError, SyntaxFault};

/// How much of what follows a line is looked at first, and how many times as much next.
const WINDOW: usize = 16 * 1024;
const WIDER: usize = 16;

/// What is made of one line, and of those behind it.
pub(super) struct Line<'l, 'r> {
    pub(super) judge: &'l mut Judge<'r>,
    pub(super) parser: &'l mut Parser,
    pub(super) batch: &'l mut Batch,
    pub(super) known: Known,
    /// The line, without its end.
    pub(super) text: &'l str,
    /// All that is there from its first byte on.
    pub(super) rest: &'l [u8],
    /// Where that byte stands.
    pub(super) start: Place,
    /// Whether every line was promised to be JSON.
    pub(super) is_promised: bool,
}

/// Where a value ended that began on the line.
enum End {
    /// On it.
    Line(usize),
    /// On a later one; how much of the rest is read with it.
    Later(usize),
    /// It is broken, and has been told; how much of the rest belongs to it.
    Broken(usize),
}

impl Line<'_, '_> {
    /// Tells what the line holds; says how much of the rest was read, of which the line is the least.
    pub(super) fn read(mut self, error: &SyntaxError) -> usize {
        let begin = values::behind_space(self.text, 0);
        if values::begins_value(&self.text[begin..]) {
            return self.values(begin);
        }
        match self.next(0) {
            Some(at) => self.behind_prefix(at),
            None if self.is_promised => self.broken(error),
            None => {
                self.batch.count(Aside::WithoutJson, 1);
                0
            }
        }
    }

    /// One value behind the other, and nothing between them.
    fn values(&mut self, begin: usize) -> usize {
        let mut at = begin;
        loop {
            match self.value(at) {
                End::Line(end) => at = values::behind_space(self.text, end),
                End::Later(end) | End::Broken(end) => return end,
            }
            if at == self.text.len() {
                return 0;
            }
            if !values::begins_value(&self.text[at..]) {
                let length = self.text[at..].chars().next().map_or(0, char::len_utf8);
                return self.broken(&SyntaxError { span: at..at + length, fault: SyntaxFault::More });
            }
        }
    }

    /// Every value on the line, whatever stands around it. What is no payload beside one is what a log says of it.
    fn behind_prefix(&mut self, begin: usize) -> usize {
        let before = self.batch.reports.len();
        let end = self.each_behind_prefix(begin);
        let mut on_line = self.batch.reports.split_off(before);
        let payloads = on_line.iter().filter(|report| matches!(report, Report::Checked(_))).count();
        let all = on_line.len();
        if payloads > 0 {
            on_line.retain(|report| !is_no_payload(report));
        }
        self.batch.count(Aside::BesideText, payloads);
        self.batch.count(Aside::NoPayload, all - on_line.len());
        self.batch.reports.append(&mut on_line);
        end
    }

    fn each_behind_prefix(&mut self, begin: usize) -> usize {
        let mut next = Some(begin);
        while let Some(at) = next {
            match self.value(at) {
                End::Line(end) => next = self.next(end),
                End::Later(end) => return self.to_the_next(end),
                End::Broken(end) => return end,
            }
        }
        0
    }

    fn next(&self, from: usize) -> Option<usize> {
        values::next_of(self.text.as_bytes(), self.rest, from)
    }

    /// To the next value of the line on which one ended, or to the end of that line.
    fn to_the_next(&self, end: usize) -> usize {
        let line = memchr::memchr(b'\n', &self.rest[end..]).map_or(self.rest.len(), |at| end + at + 1);
        values::next_of(&self.rest[..line], self.rest, end).unwrap_or(line)
    }

    /// The value that begins at a place of the line.
    fn value(&mut self, at: usize) -> End {
        let places = Places::new(self.text.as_bytes(), self.start);
        let locate = |span: &Range<usize>| stretch(&places, span);
        let (judge, batch, text, known) = (&mut *self.judge, &mut *self.batch, self.text, self.known);
        let read = parsed_first(self.parser, text, at, Reading::Part, |tree, departure| {
            judge.value(&Subject { text, tree, locate: &locate, label: None }, known, departure, batch);
        });
        match read {
            Ok(end) => End::Line(end),
            Err(error) if error.fault == SyntaxFault::Truncated => self.over_lines(at),
            Err(error) => End::Broken(self.broken(&error)),
        }
    }

    /// The same, where it goes on over more lines.
    fn over_lines(&mut self, at: usize) -> End {
        let mut size = WINDOW.max(self.text.len() + 1);
        loop {
            let text = text_of(&self.rest[..size.min(self.rest.len())]);
            let is_all = size >= self.rest.len();
            let places = Places::new(text.as_bytes(), self.start);
            let locate = |span: &Range<usize>| stretch(&places, span);
            let (judge, batch, known) = (&mut *self.judge, &mut *self.batch, self.known);
            let read = parsed_first(self.parser, text, at, Reading::Part, |tree, departure| {
                judge.value(&Subject { text, tree, locate: &locate, label: None }, known, departure, batch);
            });
            match read {
                Ok(end) => return End::Later(end_of_line(text, end)),
                Err(error) if error.fault == SyntaxFault::Truncated && !is_all => size = size.saturating_mul(WIDER),
                Err(error) => {
                    let next = values::next_beginning(text, self.is_promised);
                    let end = text[..next].trim_end().len();
                    let cut = SyntaxError { span: end..end, fault: SyntaxFault::Truncated };
                    let error = if error.span.start < end { error } else { cut };
                    let broken = self.judge.broken(text, &error, &locate, None);
                    self.batch.reports.push(broken.into());
                    return End::Broken(next);
                }
            }
        }
    }

    /// Something on the line is no JSON, and the line is told to be so.
    fn broken(&mut self, error: &SyntaxError) -> usize {
        let places = Places::new(self.text.as_bytes(), self.start);
        let broken = self.judge.broken(self.text, error, &|span| stretch(&places, span), None);
        self.batch.reports.push(broken.into());
        0
    }
}

/// Whether a value was read, and is of no operation.
fn is_no_payload(report: &Report) -> bool {
    matches!(report, Report::Unreadable(unreadable) if unreadable.is_of_nothing)
}

fn stretch(places: &Places<'_>, span: &Range<usize>) -> Stretch {
    Stretch { start: places.at(span.start), end: places.at(span.end) }
}

/// As far as it is text.
fn text_of(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// Behind the line on which a value ended, or behind the value where more stands there.
fn end_of_line(text: &str, end: usize) -> usize {
    let line = memchr::memchr(b'\n', &text.as_bytes()[end..]).map_or(text.len(), |at| end + at + 1);
    if text[end..line].trim().is_empty() { line } else { end }
}
