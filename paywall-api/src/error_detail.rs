//! One of several things that went wrong, by an answer that lists them.

use std::fmt;

/// One of the things that went wrong ([`Error::errors`](crate::Error::errors)).
#[derive(Clone, PartialEq, Eq)]
pub struct ErrorDetail {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
}

impl ErrorDetail {
    /// Its code as it is written, a number or a text.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Its message, as it came. It may hold personal data.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

/// Shows that there is one, and nothing of what it says: that may be anything.
impl fmt::Debug for ErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorDetail").finish_non_exhaustive()
    }
}
