//! Who refused inside a successful envelope, and with what words?

use std::fmt;

/// A failure inside an answer whose envelope says success, or the detail of one that says failure.
///
/// Masterpass answers so: `Result` is true, and its own status is 403.
#[derive(Clone, PartialEq, Eq)]
pub struct InnerRefusal {
    who: &'static str,
    status: Option<i64>,
    code: Option<String>,
    message: Option<String>,
    nothing_charged: bool,
}

impl InnerRefusal {
    /// A refusal by `who`.
    #[must_use]
    pub const fn new(who: &'static str) -> Self {
        Self { who, status: None, code: None, message: None, nothing_charged: false }
    }

    /// Sets its status number.
    #[must_use]
    pub fn with_status(mut self, status: Option<i64>) -> Self {
        self.status = status;
        self
    }

    /// Sets its code.
    #[must_use]
    pub fn with_code(mut self, code: Option<String>) -> Self {
        self.code = code;
        self
    }

    /// Sets its message.
    #[must_use]
    pub fn with_message(mut self, message: Option<String>) -> Self {
        self.message = message;
        self
    }

    /// Sets whether it proves that nothing was charged.
    #[must_use]
    pub fn with_nothing_charged(mut self, nothing_charged: bool) -> Self {
        self.nothing_charged = nothing_charged;
        self
    }

    /// Who refused: `masterpass`.
    #[must_use]
    pub fn who(&self) -> &'static str {
        self.who
    }

    /// Its status number.
    #[must_use]
    pub fn status(&self) -> Option<i64> {
        self.status
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Its message, as it came.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Does it prove that nothing was charged?
    #[must_use]
    pub fn nothing_charged(&self) -> bool {
        self.nothing_charged
    }
}

/// Shows no text of the other side.
impl fmt::Debug for InnerRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InnerRefusal")
            .field("who", &self.who)
            .field("status", &self.status.map(crate::decode::shown))
            .field("nothing_charged", &self.nothing_charged)
            .finish_non_exhaustive()
    }
}
