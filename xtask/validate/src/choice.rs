//! What is this payload? As the command line says, as its path says, or what its fields fit best.

use std::path::Path;

use crate::checker::{Checker, Part, PayloadId};
use crate::finding::Severity;
use crate::input::{files, values};
use crate::report::{Chosen, Unreadable};
use crate::tree::{Dialect, Node, Parser};

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The operation, or the message.
    pub operation: Option<String>,
    /// Its request, or its response.
    pub part: Option<Part>,
}

/// What is known of a payload before it is read.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// What it is.
    Sure(PayloadId, Chosen),
    /// The operation; it may be the request or the response.
    Either(PayloadId, PayloadId),
    /// Nothing, or the part.
    Unknown(Option<Part>),
    /// What the first line of a file is, and what its other lines are likely to be.
    Likely(PayloadId, Chosen, Option<Part>),
}

impl Choice {
    /// # Errors
    ///
    /// When there is no such operation, or it has no such part; says what there is.
    pub fn check(&self, checker: &Checker) -> Result<(), String> {
        let Some(operation) = self.operation.as_deref() else { return Ok(()) };
        let parts = [Part::Request, Part::Response].map(|part| checker.find(operation, part));
        match (parts, self.part) {
            ([None, None], _) => Err(unknown(checker, operation)),
            ([None, _], Some(Part::Request)) => Err(format!("{operation} has no request that could be checked")),
            ([_, None], Some(Part::Response)) => Err(format!("{operation} has no response that could be checked")),
            _ => Ok(()),
        }
    }

    /// What is known of the payloads at a path.
    #[must_use]
    pub fn at(&self, checker: &Checker, path: &Path) -> Known {
        let told = files::told_by(path).map(|(operation, part)| (operation, part.and_then(part_of)));
        if let Some(operation) = self.operation.as_deref() {
            let part = self.part.or_else(|| told.and_then(|(_, part)| part));
            return of(checker, operation, part, Chosen::Named).unwrap_or(Known::Unknown(self.part));
        }
        let told = told.and_then(|(operation, part)| of(checker, operation, self.part.or(part), Chosen::Path));
        told.unwrap_or(Known::Unknown(self.part))
    }
}

fn part_of(name: &str) -> Option<Part> {
    match name {
        "request" => Some(Part::Request),
        "response" => Some(Part::Response),
        _ => None,
    }
}

fn of(checker: &Checker, operation: &str, part: Option<Part>, chosen: Chosen) -> Option<Known> {
    if let Some(part) = part {
        return checker.find(operation, part).map(|id| Known::Sure(id, chosen));
    }
    match [Part::Request, Part::Response].map(|part| checker.find(operation, part)) {
        [Some(request), Some(response)] if chosen == Chosen::Named => Some(Known::Either(request, response)),
        // A folder may have the name of an operation by chance, so that its files tell their part.
        [Some(_), Some(_)] | [None, None] => None,
        [Some(only), None] | [None, Some(only)] => Some(Known::Sure(only, chosen)),
    }
}

fn unknown(checker: &Checker, operation: &str) -> String {
    let near = checker.suggest(operation);
    let help =
        if near.is_empty() { "`--help` lists them".to_owned() } else { format!("did you mean {}?", near.join(" or ")) };
    // What was typed may be anything: it is shown as far as it looks like a name.
    let typed: String = operation.chars().filter(char::is_ascii_alphabetic).take(40).collect();
    format!("there is no operation `{typed}`: {help}")
}

impl Known {
    /// What a payload is, now that it is read.
    ///
    /// # Errors
    ///
    /// When its fields are those of none.
    pub fn settle(self, checker: &Checker, root: Node<'_>) -> Result<(PayloadId, Chosen), Unreadable> {
        match self {
            Self::Sure(id, chosen) => Ok((id, chosen)),
            Self::Either(request, response) => Ok((either(checker, request, response, root), Chosen::Named)),
            Self::Unknown(part) | Self::Likely(_, _, part) => {
                guess(checker, part, root).ok_or_else(|| undetermined(part))
            }
        }
    }

    /// How well a value fits what is known: above zero where its fields are those of what it can be.
    #[must_use]
    pub fn fit(self, checker: &Checker, node: Node<'_>) -> i64 {
        match self {
            Self::Sure(id, _) => checker.fit(id, node),
            Self::Either(request, response) => checker.fit(request, node).max(checker.fit(response, node)),
            Self::Unknown(part) | Self::Likely(_, _, part) => checker.best_fit(part, node),
        }
    }

    /// The same for the lines behind a first one, of which nothing was known.
    #[must_use]
    pub fn from_first(self, checker: &Checker, first: &str) -> Self {
        let Self::Unknown(part) = self else { return self };
        let mut parser = Parser::default();
        // A log writes something before it.
        let begin = values::next(first, 0).unwrap_or_default();
        let read = parser.parse_first(first, begin, Dialect::Lenient).ok();
        match read.and_then(|(tree, _)| self.settle(checker, tree.root()).ok()) {
            Some((id, chosen)) => Self::Likely(id, chosen, part),
            None => self,
        }
    }
}

/// The one whose fields it has; where the fields tell nothing, the one that finds less wrong with it.
fn either(checker: &Checker, request: PayloadId, response: PayloadId, root: Node<'_>) -> PayloadId {
    let guessed = checker.guess(root).and_then(|guess| {
        let mut all = std::iter::once(guess.id).chain(guess.ties);
        all.find(|id| *id == request || *id == response)
    });
    guessed.unwrap_or_else(|| {
        let [asked, answered] = [request, response].map(|id| checker.check(id, root).len());
        if answered < asked { response } else { request }
    })
}

fn guess(checker: &Checker, part: Option<Part>, root: Node<'_>) -> Option<(PayloadId, Chosen)> {
    let guess = checker.guess(root)?;
    let fits = |id: &PayloadId| part.is_none_or(|part| checker.part(*id) == part);
    let ties = guess.ties.into_iter().filter(|id| *id != guess.id);
    let fitting: Vec<PayloadId> = std::iter::once(guess.id).chain(ties).filter(fits).collect();
    // The fields of one part may fit where the other part of the same operation was asked for.
    let other = || part.and_then(|part| checker.find(checker.operation(guess.id), part));
    match fitting[..] {
        [] => other().map(|id| (id, Chosen::Match)),
        [only] => Some((only, Chosen::Match)),
        [first, ..] => Some((least_wrong(checker, &fitting, root).unwrap_or(first), Chosen::Tie)),
    }
}

/// A payload as large as this is not held against each of several kinds.
const LARGE: usize = 256 * 1024;

/// Of kinds whose fields fit alike, the first that finds the fewest errors: names are the same where types differ.
fn least_wrong(checker: &Checker, fitting: &[PayloadId], root: Node<'_>) -> Option<PayloadId> {
    let errors = |id: &PayloadId| {
        let found = checker.check_without_types(*id, root);
        found.iter().filter(|finding| finding.severity == Severity::Error).count()
    };
    let is_small = root.span().len() <= LARGE;
    is_small.then(|| fitting.iter().copied().min_by_key(errors)).flatten()
}

fn undetermined(part: Option<Part>) -> Unreadable {
    let help = match part {
        None => "say what it is with --operation and --part",
        Some(_) => "say what it is with --operation",
    };
    let unreadable = Unreadable::file("its fields are those of no operation and no message: it was not checked");
    Unreadable { is_of_nothing: true, ..unreadable.help(help) }
}
