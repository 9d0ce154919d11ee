//! What does the contract say about Paywall itself? Its APIs and their hosts, its key pairs, its error codes.
//!
//! The generated module `meta` holds the values; these are their types.

use crate::Environment;

/// One of Paywall's APIs: a host for each environment.
#[derive(Debug)]
pub struct Api {
    name: &'static str,
    hosts: &'static [(&'static str, &'static str)],
}

impl Api {
    /// The API `name`, with pairs of an environment's name and a base address.
    #[must_use]
    pub const fn new(name: &'static str, hosts: &'static [(&'static str, &'static str)]) -> Self {
        Self { name, hosts }
    }

    /// Its name in the contract.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its published base address in `environment`, if there is one.
    #[must_use]
    pub fn base(&self, environment: Environment) -> Option<&'static str> {
        let (_, base) = self.hosts.iter().find(|(name, _)| *name == environment.name())?;
        Some(base)
    }
}

/// A pair of headers that authenticates an operation.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyPair {
    name: &'static str,
    key_header: &'static str,
    client_header: &'static str,
}

impl KeyPair {
    /// The pair `name`, with the names of its two headers in lower case.
    #[must_use]
    pub const fn new(name: &'static str, key_header: &'static str, client_header: &'static str) -> Self {
        Self { name, key_header, client_header }
    }

    /// Its name: `public` or `private`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The header of the key.
    #[must_use]
    pub const fn key_header(&self) -> &'static str {
        self.key_header
    }

    /// The header of the client.
    #[must_use]
    pub const fn client_header(&self) -> &'static str {
        self.client_header
    }
}

/// One of Paywall's numberings of errors. Which one an answer uses is documented nowhere, so a code may have several
/// readings.
#[derive(Debug)]
pub struct ErrorTable {
    name: &'static str,
    entries: &'static [CodeEntry],
}

impl ErrorTable {
    /// The table `name`.
    #[must_use]
    pub const fn new(name: &'static str, entries: &'static [CodeEntry]) -> Self {
        Self { name, entries }
    }

    /// Its name in the contract.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its entries, in the order of the contract.
    #[must_use]
    pub const fn entries(&self) -> &'static [CodeEntry] {
        self.entries
    }

    /// What it says about `code`.
    #[must_use]
    pub fn lookup(&self, code: i64) -> Option<&'static CodeEntry> {
        self.entries.iter().find(|entry| entry.code == code)
    }
}

/// Do the tables agree that `code` alone proves that nothing was charged? At least one must list it, and every one
/// that lists it must say so.
pub(crate) fn proves_nothing_charged(tables: &[&ErrorTable], code: i64) -> bool {
    let mut readings = tables.iter().filter_map(|table| table.lookup(code)).peekable();
    readings.peek().is_some() && readings.all(CodeEntry::nothing_charged)
}

/// One documented code of a list: a number, or a text (`CodeEntry<&str>`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeEntry<C: 'static = i64> {
    code: C,
    name: &'static str,
    meaning: &'static str,
    nothing_charged: bool,
}

impl<C: Copy> CodeEntry<C> {
    /// The code, its name and meaning, and whether it alone proves that nothing was charged.
    #[must_use]
    pub const fn new(code: C, name: &'static str, meaning: &'static str, nothing_charged: bool) -> Self {
        Self { code, name, meaning, nothing_charged }
    }

    /// The code.
    #[must_use]
    pub const fn code(&self) -> C {
        self.code
    }

    /// Its name in the contract.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it means, in words of the contract.
    #[must_use]
    pub const fn meaning(&self) -> &'static str {
        self.meaning
    }

    /// Does the code alone prove that no money moved?
    #[must_use]
    pub const fn nothing_charged(&self) -> bool {
        self.nothing_charged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static ONE: ErrorTable =
        ErrorTable::new("one", &[CodeEntry::new(13, "A", "a", true), CodeEntry::new(4, "B", "b", true)]);
    static TWO: ErrorTable = ErrorTable::new("two", &[CodeEntry::new(4, "C", "c", false)]);

    #[test]
    fn a_proof_needs_every_reading() {
        assert!(proves_nothing_charged(&[&ONE, &TWO], 13));
        assert!(!proves_nothing_charged(&[&ONE, &TWO], 4));
        assert!(!proves_nothing_charged(&[&ONE, &TWO], 99));
        assert!(!proves_nothing_charged(&[], 13));
    }

    #[test]
    fn hosts_are_found_by_environment() {
        const API: Api = Api::new("payment", &[("test", "https://test.example")]);
        assert_eq!(API.base(Environment::Test), Some("https://test.example"));
        assert_eq!(API.base(Environment::Turkiye), None);
    }
}
