//! Why is a message not read? One opaque error, which shows nothing of the message.

use std::borrow::Cow;
use std::fmt;

use serde_path_to_error::Path;

use crate::pointer;

/// A message that is not read. It shows nothing of the message, since anybody may have sent it.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimError {
    notification: &'static str,
    kind: ClaimErrorKind,
    found: Cow<'static, str>,
    path: Option<String>,
}

/// Why a message is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ClaimErrorKind {
    /// It is larger than allowed. It was not looked at.
    TooLarge,
    /// It has too many pairs or keys.
    TooMany,
    /// It is nested too deeply.
    TooDeep,
    /// A JSON message is not UTF-8, or a field of a form that claim or hash reads is not: [`ClaimError::path`] says which.
    NotUtf8,
    /// It is no JSON object.
    Syntax,
    /// A key stands twice where claim or hash looks.
    Repeated,
    /// It is not what the contract says: [`ClaimError::path`] says where.
    Content,
}

impl ClaimError {
    pub(super) fn new(kind: ClaimErrorKind, found: impl Into<Cow<'static, str>>) -> Self {
        Self { notification: "", kind, found: found.into(), path: None }
    }

    pub(super) fn at(self, place: &str) -> Self {
        Self { path: Some(place.to_owned()), ..self }
    }

    pub(super) fn of(self, notification: &'static str) -> Self {
        Self { notification, ..self }
    }

    /// Which message was expected: its name in the contract.
    #[must_use]
    pub fn notification(&self) -> &'static str {
        self.notification
    }

    /// Why it is not read.
    #[must_use]
    pub fn kind(&self) -> ClaimErrorKind {
        self.kind
    }

    /// Where it cannot be read or is not what the contract says: a JSON pointer, of a form `/name`.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// Is it larger than allowed, or of too many pairs, keys, objects or levels?
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.kind, ClaimErrorKind::TooLarge | ClaimErrorKind::TooMany | ClaimErrorKind::TooDeep)
    }

    /// Does a key stand twice where claim or hash looks?
    #[must_use]
    pub fn is_repeated(&self) -> bool {
        self.kind == ClaimErrorKind::Repeated
    }

    /// Can it be read, and is not what the contract says?
    #[must_use]
    pub fn is_content(&self) -> bool {
        self.kind == ClaimErrorKind::Content
    }
}

/// A content that does not fit its type, with the place where it does not.
pub(super) fn misfit(path: &Path) -> ClaimError {
    let pointer = pointer::of_path("", path);
    let error = ClaimError::new(ClaimErrorKind::Content, "the message is not what the contract says");
    ClaimError { path: Some(pointer).filter(|pointer| !pointer.is_empty()), ..error }
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.notification, self.found)?;
        self.path().map_or(Ok(()), |path| write!(f, " at {path}"))
    }
}

impl fmt::Debug for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimError")
            .field("notification", &self.notification)
            .field("kind", &self.kind)
            .field("found", &self.found)
            .field("path", &self.path)
            .finish()
    }
}

impl std::error::Error for ClaimError {}
