//! What was found out about some payloads, with places in the files that people know.

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
    /// How much of the input it was.
    pub bytes: usize,
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
    /// Which part of the file it is, where it is not all of it or a line.
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
}

impl Unreadable {
    /// Of a whole file, with no place in it.
    #[must_use]
    pub fn file(message: impl Into<Box<str>>) -> Self {
        Self { label: None, at: None, message: message.into(), help: None, frame: None }
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
