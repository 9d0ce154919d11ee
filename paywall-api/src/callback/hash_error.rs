//! Why is a hash not trusted, or not made? One opaque error, which shows nothing of the message and no key.

use std::borrow::Cow;
use std::fmt;

/// A hash that is not trusted, or that cannot be made.
///
/// Whatever the kind: do not act on the message. What became of the payment is found out by an inquiry.
#[derive(Clone, PartialEq, Eq)]
pub struct HashError {
    kind: HashErrorKind,
    found: Cow<'static, str>,
}

/// Why a hash is not trusted, or cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashErrorKind {
    /// The hash is of something else, or made with another key.
    Forged,
    /// There is no hash, though a key for it was given.
    Missing,
    /// There is a hash, and no key for it was given.
    Unexpected,
    /// The hash is not 64 hex digits.
    Malformed,
    /// The message names a format that the contract lacks.
    UnknownFormat,
    /// The message names a type of key that is no number.
    KeyType,
    /// The message names another format or type of key than may be.
    NotAccepted,
    /// The message lacks a part of the format.
    PartMissing,
    /// A part reads like two, or like a part and a separator.
    Ambiguous,
    /// The key is empty.
    EmptyKey,
}

macro_rules! predicates {
    ($($(#[$documentation:meta])* $name:ident: $kind:ident),* $(,)?) => {$(
        $(#[$documentation])*
        #[must_use]
        pub fn $name(&self) -> bool {
            self.kind == HashErrorKind::$kind
        }
    )*};
}

impl HashError {
    pub(super) fn new(kind: HashErrorKind, found: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, found: found.into() }
    }

    /// Why it is not trusted, or cannot be made.
    #[must_use]
    pub fn kind(&self) -> HashErrorKind {
        self.kind
    }

    predicates! {
        /// Is the hash of something else, or made with another key?
        is_forged: Forged,
        /// Is there no hash, though a key for it was given?
        is_missing: Missing,
        /// Is there a hash, and no key for it was given?
        is_unexpected: Unexpected,
        /// Is the hash not 64 hex digits?
        is_malformed: Malformed,
        /// Does the message name a format that the contract lacks?
        is_unknown_format: UnknownFormat,
        /// Does the message name a type of key that is no number?
        is_unreadable_key_type: KeyType,
        /// Does the message name another format or type of key than may be?
        is_not_accepted: NotAccepted,
        /// Does the message lack a part of the format?
        is_part_missing: PartMissing,
        /// Does a part read like two, or like a part and a separator?
        is_ambiguous: Ambiguous,
        /// Is the key empty?
        is_empty_key: EmptyKey,
    }
}

impl fmt::Display for HashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.found)
    }
}

impl fmt::Debug for HashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HashError({:?}, {:?})", self.kind, self.found)
    }
}

impl std::error::Error for HashError {}
