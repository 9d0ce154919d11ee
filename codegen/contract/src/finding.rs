//! What is wrong with a contract: the rule, the place, what was found and the fix.

use std::fmt;
use std::path::Path;

use crate::node::At;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where.
    pub at: At,
    /// The rule that it breaks, in kebab case.
    pub rule: &'static str,
    /// What was found and what was expected.
    pub message: String,
    /// What to do about it.
    pub fix: String,
    /// Where the other one stands, of two that do not go together.
    pub other: Option<Box<At>>,
}

impl Finding {
    /// A finding of `rule` at a place.
    pub fn new(rule: &'static str, at: &At, message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { at: at.clone(), rule, message: message.into(), fix: fix.into(), other: None }
    }

    /// The same, with the place of the other one.
    #[must_use]
    pub fn beside(self, other: &At) -> Self {
        Self { other: Some(Box::new(other.clone())), ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.at, self.rule, self.message)?;
        if let Some(other) = &self.other {
            write!(f, " (see {other})")?;
        }
        write!(f, "\n    fix: {}", self.fix)
    }
}

/// Everything that is wrong, in the order of the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// The findings, sorted by place, each once.
    #[must_use]
    pub fn new(mut findings: Vec<Finding>) -> Self {
        findings.sort();
        findings.dedup();
        Self(findings)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The findings with their places as they are seen from elsewhere: `folder` is that of the contract's root.
    #[must_use]
    pub fn below(&self, folder: &Path) -> Self {
        let moved = |finding: &Finding| Finding {
            at: finding.at.below(folder),
            other: finding.other.as_ref().map(|other| Box::new(other.below(folder))),
            ..finding.clone()
        };
        Self(self.0.iter().map(moved).collect())
    }

    /// Each finding, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Findings {}
