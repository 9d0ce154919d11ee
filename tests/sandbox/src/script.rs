//! What shall happen next instead of the usual? Replies to requests and greetings of connections, in order.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;

use crate::Error;
use crate::contract::Contract;

/// How a connection ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is closed in good order (FIN).
    Close,
    /// It is reset (RST).
    Reset,
    /// It stays open and silent until the other side or the sandbox gives up.
    Stall,
}

/// What happens to a connection that was just accepted, before anything is read from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Greeting {
    /// Its requests are read.
    #[default]
    Serve,
    /// Nothing is ever read.
    Fault(Fault),
}

/// One answer that a script gives. Whatever the request says, it is not judged and does nothing, but for
/// [`usual`](Reply::usual) and [`after_commit`](Reply::after_commit); it is recorded before.
///
/// ```
/// use std::time::Duration;
/// use paywall_sandbox::{Fault, Reply, StatusCode};
///
/// // A page of a proxy.
/// let page = Reply::new(StatusCode::BAD_GATEWAY).header("content-type", "text/html").body("<h1>Bad gateway</h1>");
/// // The documented refusal inside a success, after two seconds.
/// let refused = Reply::sample("token-is-not-valid").after(Duration::from_secs(2));
/// // The usual answer, of which 20 bytes arrive before the connection is reset.
/// let cut = Reply::usual().cut_body(20, Fault::Reset);
/// # let _ = (page, refused, cut);
/// ```
#[derive(Clone)]
#[must_use = "a reply does nothing until a script has it"]
pub struct Reply {
    pub(crate) what: What,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) before_head: Duration,
    pub(crate) before_body: Duration,
    pub(crate) ending: Ending,
    /// Whether the request does its work before something else than the usual is said.
    pub(crate) commits: bool,
    pub(crate) touch: Option<Touch>,
    /// How long new connections are refused from then on.
    pub(crate) absence: Duration,
}

/// What is changed in a usual answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    /// Fields that no page documents.
    ExtraFields,
    /// The Masterpass session is renewed.
    RenewedSession,
}

/// What is said.
#[derive(Clone)]
pub(crate) enum What {
    /// What would be answered without a script: the request is judged.
    Usual,
    Sample(String),
    Refusal(StatusCode, i64, String),
    Plain(StatusCode, Bytes),
    /// These bytes instead of HTTP, then the end.
    Raw(Bytes),
    /// Nothing at all.
    Nothing(Fault),
}

/// How an answer ends.
#[derive(Clone, Copy)]
pub(crate) enum Ending {
    Whole,
    /// The connection is closed after it, without a word in the head.
    ThenClosed,
    /// So many bytes of the body are sent.
    Cut(usize, Fault),
    /// A byte at a time, with this pause before each.
    Trickled(Duration),
}

impl Reply {
    fn of(what: What) -> Self {
        let none = Duration::ZERO;
        Self {
            what,
            headers: Vec::new(),
            before_head: none,
            before_body: none,
            ending: Ending::Whole,
            commits: false,
            touch: None,
            absence: none,
        }
    }

    /// What the sandbox answers anyway: the request is judged. For delays and faults around it.
    pub fn usual() -> Self {
        Self::of(What::Usual)
    }

    /// The documented answer of this case, with status 200: `token-is-not-valid`.
    pub fn sample(case: impl Into<String>) -> Self {
        Self::of(What::Sample(case.into()))
    }

    /// An envelope that refuses with this code, documented or not.
    pub fn refusal(status: StatusCode, code: i64, message: impl Into<String>) -> Self {
        Self::of(What::Refusal(status, code, message.into()))
    }

    /// An answer with this status and no more.
    pub fn new(status: StatusCode) -> Self {
        Self::of(What::Plain(status, Bytes::new()))
    }

    /// JSON text with status 200.
    pub fn json(text: impl Into<Bytes>) -> Self {
        Self::new(StatusCode::OK).header("content-type", "application/json; charset=utf-8").body(text)
    }

    /// A redirect to another address.
    pub fn redirect(status: StatusCode, to: impl Into<String>) -> Self {
        Self::new(status).header("location", to)
    }

    /// These bytes instead of an HTTP answer; then the connection is closed.
    pub fn raw(bytes: impl Into<Bytes>) -> Self {
        Self::of(What::Raw(bytes.into()))
    }

    /// No answer: the connection is closed once the request has been read.
    pub fn close() -> Self {
        Self::of(What::Nothing(Fault::Close))
    }

    /// No answer: the connection is reset once the request has been read.
    pub fn reset() -> Self {
        Self::of(What::Nothing(Fault::Reset))
    }

    /// No answer, ever.
    pub fn never() -> Self {
        Self::of(What::Nothing(Fault::Stall))
    }

    /// Adds a header, or replaces one that the answer has of itself.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body. What was no plain answer becomes one with status 200.
    pub fn body(mut self, bytes: impl Into<Bytes>) -> Self {
        let status = if let What::Plain(status, _) = self.what { status } else { StatusCode::OK };
        self.what = What::Plain(status, bytes.into());
        self
    }

    /// The request is judged and does its work first; then this is said instead of the usual answer. A payment that
    /// was asked for stands, and an inquiry finds it.
    pub fn after_commit(mut self) -> Self {
        self.commits = true;
        self
    }

    /// Sends the body a byte at a time, with this pause before each.
    pub fn trickled(mut self, pause: Duration) -> Self {
        self.ending = Ending::Trickled(pause);
        self
    }

    pub(crate) fn touched(mut self, touch: Touch) -> Self {
        self.touch = Some(touch);
        self
    }

    /// Nobody listens for so long afterwards.
    pub(crate) fn closing_the_door(mut self, time: Duration) -> Self {
        self.absence = time;
        self
    }

    /// Waits before anything is answered.
    pub fn after(mut self, time: Duration) -> Self {
        self.before_head = time;
        self
    }

    /// Waits between the head and the body.
    pub fn body_after(mut self, time: Duration) -> Self {
        self.before_body = time;
        self
    }

    /// Ends after so many bytes of the body, 0 for none; the head announces all of them. A body that is not longer
    /// arrives whole, and then it ends.
    pub fn cut_body(mut self, bytes: usize, how: Fault) -> Self {
        self.ending = Ending::Cut(bytes, how);
        self
    }

    /// Closes the connection after the answer without having said so: a client that keeps it for the next request
    /// finds it stale.
    pub fn then_closed(mut self) -> Self {
        self.ending = Ending::ThenClosed;
        self
    }
}

/// Shows what kind of reply it is, and nothing of its text.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Usual => f.write_str("Reply::usual"),
            What::Sample(case) => write!(f, "Reply::sample({case:?})"),
            What::Refusal(status, code, _) => write!(f, "Reply::refusal({status}, {code})"),
            What::Plain(status, body) => write!(f, "Reply::new({status}) of {} bytes", body.len()),
            What::Raw(bytes) => write!(f, "Reply::raw of {} bytes", bytes.len()),
            What::Nothing(fault) => write!(f, "Reply of nothing, then {fault:?}"),
        }
    }
}

/// What the sandbox does next. Replies of an operation go before those for any; each is given once, in order.
#[derive(Clone)]
pub struct Script {
    contract: Arc<Contract>,
    lines: Arc<Mutex<Lines>>,
}

#[derive(Default)]
struct Lines {
    /// By operation; the empty name stands for any request, one without an operation included.
    next: BTreeMap<String, VecDeque<Reply>>,
    always: BTreeMap<String, Reply>,
    greetings: VecDeque<Greeting>,
    greeting: Greeting,
}

const ANY: &str = "";

impl Script {
    pub(crate) fn new(contract: Arc<Contract>) -> Self {
        Self { contract, lines: Arc::default() }
    }

    /// Replies to the next request of `operation` for which no earlier reply waits.
    ///
    /// # Errors
    ///
    /// An operation that the contract does not have, or a sample that the operation does not have.
    pub fn next(&self, operation: &str, reply: Reply) -> Result<&Self, Error> {
        self.check(operation, &reply)?;
        self.lines().next.entry(operation.to_owned()).or_default().push_back(reply);
        Ok(self)
    }

    /// Replies to the next request of any kind.
    pub fn next_any(&self, reply: Reply) -> &Self {
        self.lines().next.entry(ANY.to_owned()).or_default().push_back(reply);
        self
    }

    /// Replies to every request of `operation` from here on, when no single reply waits.
    ///
    /// # Errors
    ///
    /// As [`next`](Script::next).
    pub fn always(&self, operation: &str, reply: Reply) -> Result<&Self, Error> {
        self.check(operation, &reply)?;
        self.lines().always.insert(operation.to_owned(), reply);
        Ok(self)
    }

    /// Replies to every request from here on, when nothing else is said of it.
    pub fn always_any(&self, reply: Reply) -> &Self {
        self.lines().always.insert(ANY.to_owned(), reply);
        self
    }

    /// Greets the next connection so. One that is open already is not concerned.
    #[expect(clippy::must_use_candidate, reason = "it returns the script for the next word only")]
    pub fn next_connection(&self, greeting: Greeting) -> &Self {
        self.lines().greetings.push_back(greeting);
        self
    }

    /// Greets every connection so from here on, when no single greeting waits.
    #[expect(clippy::must_use_candidate, reason = "it returns the script for the next word only")]
    pub fn every_connection(&self, greeting: Greeting) -> &Self {
        self.lines().greeting = greeting;
        self
    }

    /// Forgets all that was said.
    pub fn clear(&self) {
        *self.lines() = Lines::default();
    }

    /// How many single replies and greetings wait for a request or a connection.
    #[must_use]
    pub fn left(&self) -> usize {
        let lines = self.lines();
        lines.next.values().map(VecDeque::len).sum::<usize>() + lines.greetings.len()
    }

    /// What to reply to a request of this operation, where anything was said of it.
    pub(crate) fn reply(&self, operation: Option<&str>) -> Option<Reply> {
        let mut lines = self.lines();
        let names = || operation.into_iter().chain([ANY]);
        let single = names().find_map(|name| lines.next.get_mut(name)?.pop_front());
        single.or_else(|| names().find_map(|name| lines.always.get(name).cloned()))
    }

    pub(crate) fn greeting(&self) -> Greeting {
        let mut lines = self.lines();
        let standing = lines.greeting;
        lines.greetings.pop_front().unwrap_or(standing)
    }

    fn check(&self, operation: &str, reply: &Reply) -> Result<(), Error> {
        let Some(endpoint) = self.contract.endpoint(operation) else {
            let known = self.contract.endpoints.iter().map(|endpoint| endpoint.operation.clone()).collect();
            return Err(Error::UnknownOperation { operation: operation.to_owned(), known });
        };
        match &reply.what {
            What::Sample(case) if !endpoint.samples.contains_key(case) => {
                let known = endpoint.samples.keys().cloned().collect();
                Err(Error::UnknownSample { operation: operation.to_owned(), case: case.clone(), known })
            }
            _ => Ok(()),
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("left", &self.left()).finish_non_exhaustive()
    }
}
