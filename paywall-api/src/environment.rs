//! Which Paywall is meant? The test one, or one of two production data centres.

use std::fmt;

/// A Paywall environment. Each has its own hosts and its own keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// The test environment, of the global data centre. No money moves.
    Test,
    /// Production, global data centre.
    Global,
    /// Production, data centre in Türkiye. It has no test environment.
    Turkiye,
}

impl Environment {
    /// Its name in the contract: `test`, `global` or `turkiye`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Global => "global",
            Self::Turkiye => "turkiye",
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
