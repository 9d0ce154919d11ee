//! What comes back from a call that succeeded, beside the body?

use std::fmt;

use http::StatusCode;

use crate::{Renewal, Violation};

/// A successful answer: the `Body`, and what came with it.
pub struct Answer<T> {
    pub(crate) body: T,
    pub(crate) message: Option<String>,
    pub(crate) http_status: StatusCode,
    pub(crate) renewal: Option<Renewal>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) attempts: u32,
    /// Does the answer say anything beyond its documented members?
    pub(crate) says_more: bool,
}

impl<T> Answer<T> {
    /// The `Body`.
    #[must_use]
    pub fn body(&self) -> &T {
        &self.body
    }

    /// The `Body`, alone.
    #[must_use]
    pub fn into_body(self) -> T {
        self.body
    }

    /// Paywall's message, as it came; usually empty.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The HTTP status.
    #[must_use]
    pub fn http_status(&self) -> StatusCode {
        self.http_status
    }

    /// The session that the answer brought. A call made `in_session` has followed it already.
    #[must_use]
    pub fn renewal(&self) -> Option<&Renewal> {
        self.renewal.as_ref()
    }

    /// What of the request was reported instead of refused, and warnings.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// How often the request was tried.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// Shows the body as its own `Debug` does, which masks secrets in generated types; not Paywall's message.
impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("body", &self.body)
            .field("http_status", &self.http_status.as_u16())
            .field("violations", &self.violations)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
