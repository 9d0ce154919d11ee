//! What may be chosen about a sandbox, and what is chosen if nothing is said?

use std::fmt;
use std::path::PathBuf;

use crate::Keys;

/// Describes a sandbox. Nothing said: the contract of this workspace, any free port, the keys `k` and `c`.
#[derive(Clone)]
pub struct Options {
    /// Nothing for the contract of this workspace.
    pub(crate) spec: Option<PathBuf>,
    pub(crate) port: u16,
    pub(crate) refusals: Refusals,
    pub(crate) keys: Vec<(String, Keys)>,
    pub(crate) body_limit: usize,
    pub(crate) log: bool,
    pub(crate) keep_requests: bool,
    /// A certificate and its key. Nothing for plain http.
    pub(crate) tls: Option<(String, String)>,
}

/// Which HTTP status a refusal of the API has. No page says it, so there are both.
///
/// It concerns keys, JSON and schema. An unknown path, a wrong method, a wrong media type and a body that is too
/// large are refusals of HTTP itself and keep their status either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refusals {
    /// 401 for keys, 400 for the rest.
    #[default]
    Http4xx,
    /// 200: the envelope alone says no.
    Http200,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            spec: None,
            port: 0,
            refusals: Refusals::default(),
            keys: Vec::new(),
            body_limit: 1024 * 1024,
            log: false,
            keep_requests: true,
            tls: None,
        }
    }
}

impl Options {
    /// The contract: its root file, or the folder of `openapi.yaml`. It is read at every start; that of this
    /// workspace, which stands for nothing said, once in a process.
    #[must_use]
    pub fn spec(mut self, path: impl Into<PathBuf>) -> Self {
        self.spec = Some(path.into());
        self
    }

    /// The port on 127.0.0.1; 0 for any that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The HTTP status of refusals.
    #[must_use]
    pub fn refusals(mut self, refusals: Refusals) -> Self {
        self.refusals = refusals;
        self
    }

    /// The values that the key pair called `pair` in the contract must have.
    #[must_use]
    pub fn keys(mut self, pair: impl Into<String>, keys: Keys) -> Self {
        self.keys.push((pair.into(), keys));
        self
    }

    /// How large a body may be; 1 MiB if nothing is said.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Whether each request gives a line on stderr. Never a key, a card or a body.
    #[must_use]
    pub fn log(mut self, log: bool) -> Self {
        self.log = log;
        self
    }

    /// Whether requests are kept for [`Running::received`](crate::Running::received), keys and cards included; they
    /// are if nothing is said. A sandbox that runs for long should not.
    #[must_use]
    pub fn keep_requests(mut self, keep: bool) -> Self {
        self.keep_requests = keep;
        self
    }

    /// Serves https with this certificate (a chain, where it has one) and its key, both PEM, instead of plain http.
    #[must_use]
    pub fn tls(mut self, certificate_pem: impl Into<String>, key_pem: impl Into<String>) -> Self {
        self.tls = Some((certificate_pem.into(), key_pem.into()));
        self
    }
}

/// Shows no key.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs: Vec<&str> = self.keys.iter().map(|(pair, _)| pair.as_str()).collect();
        f.debug_struct("Options")
            .field("spec", &self.spec)
            .field("port", &self.port)
            .field("refusals", &self.refusals)
            .field("keys", &pairs)
            .field("body_limit", &self.body_limit)
            .field("log", &self.log)
            .field("keep_requests", &self.keep_requests)
            .field("tls", &self.tls.is_some())
            .finish()
    }
}
