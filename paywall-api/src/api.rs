//! What does the contract say about Paywall itself? Its APIs and their hosts, its key pairs, its error codes.
//!
//! The generated module `meta` holds the values; these are their types.

use crate::envelope::Code;
use crate::{EnvelopePlaces, Environment};

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
///
/// Its codes are numbers, or texts (`ErrorTable<&str>`).
#[derive(Debug)]
pub struct ErrorTable<C: 'static = i64> {
    name: &'static str,
    entries: &'static [CodeEntry<C>],
}

impl<C> ErrorTable<C> {
    /// The table `name`.
    #[must_use]
    pub const fn new(name: &'static str, entries: &'static [CodeEntry<C>]) -> Self {
        Self { name, entries }
    }

    /// Its name in the contract.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its entries, in the order of the contract.
    #[must_use]
    pub const fn entries(&self) -> &'static [CodeEntry<C>] {
        self.entries
    }
}

impl ErrorTable {
    /// What it says about `code`.
    #[must_use]
    pub fn lookup(&self, code: i64) -> Option<&'static CodeEntry> {
        self.entries.iter().find(|entry| entry.code == code)
    }
}

impl ErrorTable<&'static str> {
    /// What it says about `code`.
    #[must_use]
    pub fn find(&self, code: &str) -> Option<&'static CodeEntry<&'static str>> {
        self.entries.iter().find(|entry| entry.code == code)
    }
}

/// Do the tables of an envelope agree that `code` alone proves that nothing was charged? At least one must list it, and
/// every one that lists it must say so.
pub(crate) fn proves_nothing_charged(envelope: &EnvelopePlaces, code: &Code) -> bool {
    let proofs: Vec<bool> = match code {
        Code::Number(code) => {
            let readings = envelope.codes.iter().filter_map(|table| table.lookup(*code));
            readings.map(CodeEntry::nothing_charged).collect()
        }
        Code::Text(code) => {
            let readings = envelope.text_codes.iter().filter_map(|table| table.find(code));
            readings.map(CodeEntry::nothing_charged).collect()
        }
    };
    !proofs.is_empty() && proofs.iter().all(|is_proof| *is_proof)
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
    static ENVELOPE: EnvelopePlaces =
        EnvelopePlaces { codes: &[&ONE, &TWO], text_codes: &[&WORDS], ..EnvelopePlaces::NONE };
    static WORDS: ErrorTable<&str> = ErrorTable::new(
        "words",
        &[CodeEntry::new("LIMIT", "LIMIT", "too much", true), CodeEntry::new("BUSY", "BUSY", "later", false)],
    );
    static TWO: ErrorTable = ErrorTable::new("two", &[CodeEntry::new(4, "C", "c", false)]);

    #[test]
    fn a_proof_needs_every_reading() {
        for (code, is_proof) in [(13, true), (4, false), (99, false)] {
            assert_eq!(proves_nothing_charged(&ENVELOPE, &Code::Number(code)), is_proof, "{code}");
        }
        for (code, is_proof) in [("LIMIT", true), ("BUSY", false), ("13", false), ("limit", false)] {
            assert_eq!(proves_nothing_charged(&ENVELOPE, &Code::Text(code.to_owned())), is_proof, "{code}");
        }
        assert!(!proves_nothing_charged(&EnvelopePlaces::NONE, &Code::Number(13)));
    }

    #[test]
    fn hosts_are_found_by_environment() {
        const API: Api = Api::new("payment", &[("test", "https://test.example")]);
        assert_eq!(API.base(Environment::Test), Some("https://test.example"));
        assert_eq!(API.base(Environment::Turkiye), None);
    }
}
