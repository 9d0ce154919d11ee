//! What was found out about some payloads, with places in the files that people know.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::checker::PayloadId;
use crate::finding::{Rule, Severity};
use crate::frame::Frame;
use crate::place::Place;

/// What one piece of the inputs gave: a file, or some lines of one.
#[derive(Debug)]
pub struct Batch {
    /// The file, as it was given.
    pub path: Arc<str>,
    /// Its payloads, in their order.
    pub reports: Vec<Report>,
    /// What is to be told of the file beside them.
    pub notes: Vec<String>,
    /// The same, as counts that are told once of the whole file.
    pub asides: BTreeMap<Aside, usize>,
    /// How much of the input it was.
    pub bytes: usize,
}

impl Batch {
    /// Nothing yet, of an input of that size.
    #[must_use]
    pub fn new(path: Arc<str>, bytes: usize) -> Self {
        Self { path, reports: Vec::new(), notes: Vec::new(), asides: BTreeMap::new(), bytes }
    }

    /// Counts what is told once.
    pub fn count(&mut self, aside: Aside, count: usize) {
        if count > 0 {
            *self.asides.entry(aside).or_default() += count;
        }
    }
}

/// What is said of a file once, with a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aside {
    /// Payloads behind or before other text.
    BesideText,
    /// Payloads in texts of JSON.
    InTexts,
    /// Payloads in larger values of JSON.
    WithinJson,
    /// Values beside payloads on a line of a log that are none.
    NoPayload,
    /// Lines of a log that hold no JSON.
    WithoutJson,
}

impl Aside {
    /// In words.
    #[must_use]
    pub fn told(self, count: usize) -> String {
        let said = |one: &str, many: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {many}") };
        let payloads = said("payload stands", "payloads stand");
        match self {
            Self::BesideText => format!("{payloads} beside other text, as in a log: the text was passed over"),
            Self::InTexts => format!("{payloads} in texts within JSON: looked into"),
            Self::WithinJson => format!("{payloads} within larger values of JSON: looked into"),
            Self::NoPayload => {
                format!("{} of no operation, on a line with a payload: passed over", said("value is", "values are"))
            }
            Self::WithoutJson => {
                format!("{} no JSON, as in a log: passed over", said("line holds", "lines hold"))
            }
        }
    }
}

/// What became of one payload.
#[derive(Debug)]
pub enum Report {
    /// It was checked.
    Checked(Checked),
    /// It could not be.
    Unreadable(Box<Unreadable>),
}

/// A payload that was checked.
#[derive(Debug)]
pub struct Checked {
    /// What it was taken for.
    pub id: PayloadId,
    /// Why.
    pub chosen: Chosen,
    /// Which part of the file it is, where it is not all of it or a line: the entry of traffic, or the pointer of the
    /// text or value that holds it.
    pub label: Option<Box<str>>,
    /// Where it begins.
    pub start: Place,
    /// How many of its findings are errors; more than are listed where a limit was set.
    pub errors: usize,
    /// How many of its findings are warnings.
    pub warnings: usize,
    /// What is wrong with it.
    pub findings: Vec<Located>,
}

/// How it was decided what a payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// By the command line.
    Named,
    /// By the path of the file.
    Path,
    /// By the method and the address that it was sent with.
    Traffic,
    /// By the fields that it has, and nothing else fits as well.
    Match,
    /// By the fields that it has, and others fit as well.
    Tie,
}

impl Chosen {
    /// Its name in every output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Path => "path",
            Self::Traffic => "traffic",
            Self::Match => "match",
            Self::Tie => "tie",
        }
    }
}

/// A finding with its place in the file.
#[derive(Debug)]
pub struct Located {
    /// Which rule is broken.
    pub rule: Rule,
    /// How bad that is.
    pub severity: Severity,
    /// Where.
    pub at: Stretch,
    /// Where in the payload: a JSON pointer.
    pub pointer: String,
    /// What stands there, masked.
    pub found: String,
    /// What the contract wants there.
    pub expected: String,
    /// What to write instead.
    pub help: Option<String>,
    /// The page that says so.
    pub page: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<(Stretch, String)>,
    /// The lines of the payload that it stands on, masked; made for people alone.
    pub frame: Option<Frame>,
}

/// From one place to another; the second is behind the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first character.
    pub start: Place,
    /// Behind the last.
    pub end: Place,
}

/// What could not be checked, and why.
#[derive(Debug)]
pub struct Unreadable {
    /// Which part of the file it is.
    pub label: Option<Box<str>>,
    /// Where reading ended, if it began.
    pub at: Option<Stretch>,
    /// What is wrong; nothing of what was read stands in it.
    pub message: Box<str>,
    /// What to do.
    pub help: Option<Box<str>>,
    /// The line, masked.
    pub frame: Option<Box<Frame>>,
    /// Whether it was read, and its fields are those of nothing.
    pub is_of_nothing: bool,
}

impl Unreadable {
    /// Of a whole file, with no place in it.
    #[must_use]
    pub fn file(message: impl Into<Box<str>>) -> Self {
        Self { label: None, at: None, message: message.into(), help: None, frame: None, is_of_nothing: false }
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<Box<str>>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<Unreadable> for Report {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(Box::new(unreadable))
    }
}
