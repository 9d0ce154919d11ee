//! For people: the line with a caret under it, what stands there, what belongs there, and a sum at the end.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Message, Origin, Renderer, Snippet};

use super::{Output, Summary, counted, part};
use crate::checker::{Checker, PayloadId};
use crate::finding::Severity;
use crate::frame::{Frame, Line, Mark};
use crate::report::{Batch, Checked, Chosen, Located, Report, Stretch, Unreadable};

/// Whether a text has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// For a terminal.
    Shown,
    /// For everything else.
    None,
}

/// Writes for people.
#[derive(Debug)]
pub struct Text<'c, W> {
    checker: &'c Checker,
    out: W,
    renderer: Renderer,
    /// What was told of how payloads were chosen: of the lines of a file, once.
    told: HashSet<(Arc<str>, PayloadId)>,
    /// The advice that was given, and how often it was not given again.
    advice: Vec<(Box<str>, usize)>,
    /// What was told of places that have nothing to show, and where it holds too.
    same: Vec<Same>,
}

/// What is the same of several places of a file.
#[derive(Debug)]
struct Same {
    path: Arc<str>,
    message: Box<str>,
    /// How many places beside the first.
    more: usize,
    /// The lines of the first of them.
    lines: Vec<usize>,
}

/// As many lines are named; of others, how many there are.
const NAMED: usize = 8;

impl<'c, W: Write> Text<'c, W> {
    /// Writes to `out`, with colours or without.
    pub fn new(checker: &'c Checker, out: W, colours: Colours) -> Self {
        let renderer = match colours {
            Colours::Shown => Renderer::styled(),
            Colours::None => Renderer::plain(),
        };
        Self { checker, out, renderer, told: HashSet::new(), advice: Vec::new(), same: Vec::new() }
    }

    fn checked(&mut self, path: &Arc<str>, checked: &Checked) -> io::Result<()> {
        if checked.findings.is_empty() {
            return Ok(());
        }
        for finding in &checked.findings {
            self.group(group(path, checked, finding))?;
        }
        self.choice(path, checked)
    }

    /// How it was decided what the payload is, where the command line did not say it.
    fn choice(&mut self, path: &Arc<str>, checked: &Checked) -> io::Result<()> {
        if !self.told.insert((Arc::clone(path), checked.id)) {
            return Ok(());
        }
        let name = format!("{}'s {}", self.checker.operation(checked.id), part(self.checker, checked.id));
        let taken = match checked.chosen {
            Chosen::Named | Chosen::Traffic => return Ok(()),
            Chosen::Path => format!("{path}: taken for {name} by its path; --operation and --part say otherwise"),
            Chosen::Match => format!("{path}: taken for {name} by its fields; --operation and --part say otherwise"),
            Chosen::Tie => {
                format!("{path}: taken for {name} by its fields, which others have too; name it with --operation")
            }
        };
        self.note(&taken)
    }

    fn note(&mut self, note: &str) -> io::Result<()> {
        self.group(Group::with_title(Level::NOTE.primary_title(printable(note))))
    }

    fn group(&mut self, group: Group<'_>) -> io::Result<()> {
        writeln!(self.out, "{}\n", without_origins(&self.renderer.render(&[group])))
    }

    fn unreadable(&mut self, path: &Arc<str>, unreadable: &Unreadable) -> io::Result<()> {
        if self.is_the_same(path, unreadable) {
            return Ok(());
        }
        let help = unreadable.help.as_deref().filter(|help| self.is_new(help));
        let title = Level::ERROR.primary_title(&*unreadable.message).id("unreadable");
        let group = title.element(origin(path, unreadable.at));
        let mut group = lines(group, unreadable.frame.as_deref()).elements(within(unreadable.label.as_deref()));
        if let Some(help) = help {
            group = group.element(Level::HELP.message(help));
        }
        self.group(group)
    }

    /// Whether nothing but the line is new of it; then the line is remembered.
    fn is_the_same(&mut self, path: &Arc<str>, unreadable: &Unreadable) -> bool {
        let (Some(at), None, None) = (unreadable.at, &unreadable.frame, &unreadable.label) else { return false };
        // What belongs to one file stands together.
        let mut of_file = self.same.iter_mut().rev().take_while(|same| same.path == *path);
        if let Some(same) = of_file.find(|same| same.message == unreadable.message) {
            same.more += 1;
            if same.lines.len() < NAMED {
                same.lines.push(at.start.line);
            }
            return true;
        }
        let message = unreadable.message.clone();
        self.same.push(Same { path: Arc::clone(path), message, more: 0, lines: Vec::new() });
        false
    }

    /// Whether advice has not been given yet.
    fn is_new(&mut self, help: &str) -> bool {
        if let Some((_, more)) = self.advice.iter_mut().find(|(given, _)| **given == *help) {
            *more += 1;
            return false;
        }
        self.advice.push((help.into(), 0));
        true
    }

    /// What was told once, and how often it holds.
    fn counts(&mut self) -> io::Result<()> {
        for Same { path, message, more, lines } in std::mem::take(&mut self.same) {
            if more > 0 {
                let named: Vec<String> = lines.iter().map(ToString::to_string).collect();
                let others = if more > lines.len() { ", …" } else { "" };
                let line = if more == 1 { "line" } else { "lines" };
                self.note(&format!("{path}: {more} more: {message} ({line} {}{others})", named.join(", ")))?;
            }
        }
        for (help, more) in std::mem::take(&mut self.advice) {
            if more > 0 {
                self.note(&format!("{more} more to which this applies: {help}"))?;
            }
        }
        Ok(())
    }
}

/// The place stands above the lines, and the renderer draws the place of another file before each that has none:
/// nothing before the first, and what stands for a gap before the others.
fn without_origins(rendered: &str) -> String {
    let mut is_first = true;
    let mut lines = Vec::new();
    for line in rendered.lines() {
        if !line.contains(":::") || anstream::adapter::strip_str(line).to_string().trim() != ":::" {
            lines.push(Cow::Borrowed(line));
        } else if !std::mem::take(&mut is_first) {
            lines.push(line.replacen(":::", "...", 1).into());
        }
    }
    lines.join("\n")
}

fn group<'r>(path: &'r str, checked: &'r Checked, finding: &'r Located) -> Group<'r> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(format!("expected {}", finding.expected)).id(finding.rule.name());
    let group = title.element(origin(path, Some(finding.at)));
    let mut group = lines(group, finding.frame.as_ref());
    if finding.frame.is_none() {
        group = group.element(Level::NOTE.with_name("found").message(&finding.found));
    }
    let pointer = if finding.pointer.is_empty() { "the whole payload" } else { &finding.pointer };
    group = group.elements(within(checked.label.as_deref()));
    group = group.element(Level::NOTE.with_name("at").message(pointer));
    for (name, text) in [("help", &finding.help), ("page", &finding.page)] {
        if let Some(text) = text {
            group = group.element(Level::HELP.with_name(name).message(text));
        }
    }
    group
}

/// `file:line:column`, which editors and terminals can follow.
fn origin(path: &str, at: Option<Stretch>) -> Element<'static> {
    let origin = Origin::path(printable(path));
    match at {
        Some(at) => origin.line(at.start.line).char_column(at.start.column).into(),
        None => origin.into(),
    }
}

/// A file may be called anything, and a terminal obeys what it is told.
fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { char::REPLACEMENT_CHARACTER } else { character }).collect()
}

/// Which part of the file it is, where it is not all of it or a line.
fn within(label: Option<&str>) -> Option<Message<'_>> {
    label.map(|label| Level::NOTE.with_name("in").message(label))
}

fn lines<'r>(group: Group<'r>, frame: Option<&'r Frame>) -> Group<'r> {
    let lines = frame.map_or(&[][..], |frame| &frame.lines);
    group.elements(lines.iter().map(snippet))
}

fn snippet(line: &Line) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let annotation = |mark: &'_ Mark| {
        let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let label = (!mark.label.is_empty()).then(|| mark.label.clone());
        kind.span(mark.span.clone()).label(label)
    };
    Snippet::source(&line.text).line_start(line.number).fold(false).annotations(line.marks.iter().map(annotation))
}

impl<W: Write> Output for Text<'_, W> {
    fn batch(&mut self, batch: &Batch) -> io::Result<()> {
        for report in &batch.reports {
            match report {
                Report::Checked(checked) => self.checked(&batch.path, checked)?,
                Report::Unreadable(unreadable) => self.unreadable(&batch.path, unreadable)?,
            }
        }
        batch.notes.iter().try_for_each(|note| self.note(&format!("{}: {note}", batch.path)))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        // Of one payload it has been told where it has findings.
        let is_told = summary.payloads == 1 && !self.told.is_empty();
        self.counts()?;
        for ((operation, part), count) in summary.matched.iter().filter(|_| !is_told) {
            self.note(&format!("{} taken for {operation}'s {part} by the fields", counted(*count, "payload")))?;
        }
        if summary.left_out > 0 {
            self.note(&format!("{} more not shown; --max-findings sets how many are", summary.left_out))?;
        }
        writeln!(self.out, "{summary}")?;
        self.out.flush()
    }
}

/// `3 errors, 1 warning in 2 of 14 payloads`.
impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        if self.errors > 0 {
            parts.push(counted(self.errors, "error"));
        }
        if self.warnings > 0 {
            parts.push(counted(self.warnings, "warning"));
        }
        let payloads = counted(self.payloads, "payload");
        match (parts.is_empty(), self.payloads) {
            (_, 0) => f.write_str("no payload was checked")?,
            (true, 1) => f.write_str("1 payload is valid")?,
            (true, _) => write!(f, "{payloads} are valid")?,
            (false, _) => write!(f, "{} in {} of {payloads}", parts.join(", "), self.with_findings)?,
        }
        match self.unreadable {
            0 => Ok(()),
            count => write!(f, "; {count} could not be checked"),
        }
    }
}
