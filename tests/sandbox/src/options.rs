//! What may be chosen about a sandbox, and what is chosen if nothing is said?

use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use paywall_api::Secret;

use crate::{Faults, Keys, LogFormat};

/// Describes a sandbox. Nothing said: the contract of this workspace, any free port, the keys `k` and `c`.
#[derive(Clone)]
pub struct Options {
    /// Nothing for the contract of this workspace.
    pub(crate) spec: Option<PathBuf>,
    pub(crate) port: u16,
    pub(crate) refusals: Refusals,
    pub(crate) keys: Vec<(String, Keys)>,
    pub(crate) body_limit: usize,
    pub(crate) request_timeout: Duration,
    /// Nothing for no log.
    pub(crate) log: Option<LogFormat>,
    pub(crate) keep_requests: bool,
    /// A certificate and its key. Nothing for plain http.
    pub(crate) tls: Option<(String, String)>,
    pub(crate) faults: Faults,
    pub(crate) latency: Option<RangeInclusive<Duration>>,
    /// By the type of the key.
    pub(crate) hash_keys: Vec<(i64, Secret)>,
    pub(crate) allowed_hosts: Vec<String>,
    pub(crate) webhook: Option<String>,
    pub(crate) watch_minute: Duration,
    /// Whether anything is remembered.
    pub(crate) state: bool,
    /// Nothing for one of chance.
    pub(crate) state_file: Option<PathBuf>,
    pub(crate) seed: Option<u64>,
    pub(crate) pending: Duration,
    pub(crate) renew_sessions_after: Duration,
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
            request_timeout: Duration::from_secs(30),
            log: None,
            keep_requests: true,
            tls: None,
            faults: Faults::default(),
            latency: None,
            hash_keys: Vec::new(),
            allowed_hosts: Vec::new(),
            webhook: None,
            watch_minute: Duration::from_secs(60),
            state: false,
            state_file: None,
            seed: None,
            pending: Duration::from_secs(3),
            renew_sessions_after: Duration::from_secs(20 * 60),
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
        self.log = log.then(LogFormat::default);
        self
    }

    /// A line on stderr for each request, written so.
    #[must_use]
    pub fn log_as(mut self, format: LogFormat) -> Self {
        self.log = Some(format);
        self
    }

    /// Remembers, and keeps what it remembers in this file: what was answered is there after a restart.
    #[must_use]
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self.stateful()
    }

    /// How long the head of a request may take to come, and its body after it. Defaults to 30 s.
    ///
    /// A connection whose next head does not come is closed. A body that does not come whole is refused with 408.
    #[must_use]
    pub fn request_timeout(mut self, time: Duration) -> Self {
        self.request_timeout = time;
        self
    }

    /// What goes wrong, and how often.
    #[must_use]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// How long every answer takes, by chance within these.
    #[must_use]
    pub fn latency(mut self, range: RangeInclusive<Duration>) -> Self {
        self.latency = Some(range);
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

    /// Signs the messages that the merchant panel has a key of this type for: 1 is that of the 3-D Secure callback, 4
    /// that of general notifications and of PayWatch. Without a key they carry no hash.
    #[must_use]
    pub fn hash_key(mut self, key_type: impl Into<i64>, key: impl Into<Secret>) -> Self {
        self.hash_keys.push((key_type.into(), key.into()));
        self
    }

    /// A host besides loopback that shoppers and notifications may be sent to, whoever names it in a request.
    #[must_use]
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.allowed_hosts.push(host.into());
        self
    }

    /// Where general notifications go; nowhere if nothing is said. In the real Paywall it is set in the panel.
    #[must_use]
    pub fn webhook(mut self, address: impl Into<String>) -> Self {
        self.webhook = Some(address.into());
        self
    }

    /// Remembers payments, sessions and cards, and answers by them. If nothing is said, every answer is the documented
    /// one.
    #[must_use]
    pub fn stateful(mut self) -> Self {
        self.state = true;
        self
    }

    /// Remembers nothing: every answer is the documented one.
    ///
    /// A request is judged by the contract's JSON Schema alone. Whether products add up to the amount, and whether a card
    /// has expired, is judged by a sandbox that remembers.
    #[must_use]
    pub fn stateless(mut self) -> Self {
        self.state = false;
        self
    }

    /// Decides every number and code that is made up, so that the same requests get the same answers.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// How long the bank thinks about a payment that it does not answer at once; 3 s if nothing is said.
    #[must_use]
    pub fn pending(mut self, time: Duration) -> Self {
        self.pending = time;
        self
    }

    /// How old a Masterpass session becomes before an answer renews it; 20 minutes if nothing is said. It lives for 30.
    #[must_use]
    pub fn renew_sessions_after(mut self, age: Duration) -> Self {
        self.renew_sessions_after = age;
        self
    }

    /// How long a minute of PayWatch lasts; 60 s if nothing is said. A watch looks after 2 to 20 of them, and a payment
    /// that hangs at its shopper has failed after 25.
    #[must_use]
    pub fn watch_minute(mut self, minute: Duration) -> Self {
        self.watch_minute = minute;
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
            .field("request_timeout", &self.request_timeout)
            .field("log", &self.log)
            .field("keep_requests", &self.keep_requests)
            .field("tls", &self.tls.is_some())
            .field("hash_keys", &self.hash_keys.len())
            .field("allowed_hosts", &self.allowed_hosts)
            .field("webhook", &self.webhook.is_some())
            .finish_non_exhaustive()
    }
}
