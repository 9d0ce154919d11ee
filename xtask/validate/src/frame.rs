//! The lines of a payload that a finding stands on, masked and ready to be drawn.

use std::ops::Range;

use crate::checker::{Checker, PayloadId};
use crate::mask;
use crate::place::{self, Window};
use crate::tree::Tree;

/// Some lines, each with what is marked on it. The first is the finding's own.
#[derive(Debug, Default)]
pub struct Frame {
    /// The lines.
    pub lines: Vec<Line>,
}

/// One line, masked, or the part of a long one.
#[derive(Debug)]
pub struct Line {
    /// Its number in the file.
    pub number: usize,
    /// What is shown of it.
    pub text: String,
    /// What is marked on it.
    pub marks: Vec<Mark>,
    window: Window,
}

/// A marked stretch of a line.
#[derive(Debug)]
pub struct Mark {
    /// Bytes of the line's shown text.
    pub span: Range<usize>,
    /// What stands there.
    pub label: String,
    /// Whether it is the finding itself.
    pub primary: bool,
}

/// The text that lines are shown of, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    /// Knows what must not be shown.
    pub checker: &'s Checker,
    /// What the payload was taken for.
    pub id: Option<PayloadId>,
    /// The payload; none where it is not JSON.
    pub tree: Option<Tree<'s>>,
    /// Its text.
    pub text: &'s str,
    /// Whether values may be shown, save cards and codes.
    pub show_values: bool,
}

/// What stands where one dot stands for the rest of a line.
const CUT: char = '…';

impl Source<'_> {
    /// Adds what is to be marked: on a line that is shown already, if it shows the place, or on its own.
    pub fn mark(&self, frame: &mut Frame, span: &Range<usize>, number: usize, label: &str) {
        let primary = frame.lines.is_empty();
        let shows = |line: &Line| line.number == number && line.window.shows(span);
        let index = frame.lines.iter().position(shows).unwrap_or_else(|| {
            frame.lines.push(self.line(place::window(self.text, span.start), number));
            frame.lines.len() - 1
        });
        let line = &mut frame.lines[index];
        let span = self.within(&line.window, &line.text, span);
        line.marks.push(Mark { span, label: label.to_owned(), primary });
    }

    fn line(&self, window: Window, number: usize) -> Line {
        let range = window.range.clone();
        let masked = mask::mask_source(self.checker, self.id, self.tree, self.text, range, self.show_values);
        let before = window.cut_before.then_some(CUT);
        let text = before.into_iter().chain(masked.chars()).chain(window.cut_behind.then_some(CUT)).collect();
        Line { number, text, marks: Vec::new(), window }
    }

    /// The bytes of a masked line that a stretch of the payload takes: a mask may take fewer than what it hides.
    fn within(&self, window: &Window, shown: &str, span: &Range<usize>) -> Range<usize> {
        let byte = |byte: usize| {
            let byte = place::boundary(self.text, byte).clamp(window.range.start, window.range.end);
            let characters = self.text[window.range.start..byte].chars().count() + usize::from(window.cut_before);
            byte_of(shown, characters)
        };
        byte(span.start)..byte(span.end)
    }
}

fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(byte, _)| byte)
}
