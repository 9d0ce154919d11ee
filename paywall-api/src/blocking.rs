//! How is Paywall called without an async runtime? As with the async client, with `send` instead of `await`.
//!
//! ```no_run
//! use paywall_api::{Client, Credentials, Environment};
//!
//! let paywall = Client::builder(Environment::Test)
//!     .private_keys(Credentials::new("private key", "private client"))
//!     .build_blocking()?;
//! # Ok::<(), paywall_api::BuildError>(())
//! ```

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::{Answer, BuildError, Caller, ClientBuilder, Error, ErrorKind, Keys, MasterpassSession, Operation, Outcome};

/// A client of Paywall for code without an async runtime. Clones share connections and keys.
///
/// Inside an async runtime its calls are errors, since they would hold up everything else there; use the async
/// [`Client`](crate::Client). On a thread of `spawn_blocking`, wait for that one with `Handle::block_on`.
#[derive(Clone)]
pub struct Client {
    client: crate::Client,
    runtime: Arc<Background>,
}

impl ClientBuilder {
    /// The client for code without an async runtime. It starts one thread, which also closes unused connections.
    ///
    /// # Errors
    ///
    /// As [`build`](ClientBuilder::build), and where there is an async runtime already.
    pub fn build_blocking(self) -> Result<Client, BuildError> {
        if Handle::try_current().is_ok() {
            return Err(BuildError::new(INSIDE));
        }
        let client = self.build()?;
        let runtime = Background::start().map_err(|_| BuildError::new("the thread of the client cannot be started"))?;
        Ok(Client { client, runtime: Arc::new(runtime) })
    }
}

const INSIDE: &str = "the blocking client cannot wait inside an async runtime: use the async client there";

impl Client {
    /// A client for another merchant, over the same connections. It has these keys and no others.
    ///
    /// # Errors
    ///
    /// Where a key cannot be a header.
    pub fn with_keys(&self, keys: Keys) -> Result<Self, BuildError> {
        Ok(Self { client: self.client.with_keys(keys)?, runtime: Arc::clone(&self.runtime) })
    }

    /// Replaces all keys of this client and its clones, from the next request on.
    ///
    /// # Errors
    ///
    /// Where a key cannot be a header; the old keys stay.
    pub fn replace_keys(&self, keys: Keys) -> Result<(), BuildError> {
        self.client.replace_keys(keys)
    }

    /// Prepares a call of any [`Operation`]; the services of this client do so for Paywall's own.
    pub fn call<'a, O: Operation>(&'a self, request: &'a O::Request) -> Call<'a, O> {
        Call { call: self.client.call(request), runtime: &self.runtime }
    }

    /// Waits for `work` of the async client, which sends `O`. An error inside an async runtime, which that would hold up.
    pub(crate) fn wait<'a, O: Operation, F: Future>(
        &'a self,
        work: impl FnOnce(&'a crate::Client) -> F,
    ) -> Result<F::Output, Error> {
        if Handle::try_current().is_ok() {
            return Err(Error::new::<O>(ErrorKind::Runtime, Outcome::NotSent, INSIDE));
        }
        Ok(self.runtime.wait(work(&self.client)))
    }
}

/// Shows where it goes and which keys it has, not the keys.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blocking::")?;
        fmt::Debug::fmt(&self.client, f)
    }
}

impl Caller for Client {
    type Call<'a, O: Operation> = Call<'a, O>;

    fn call<'a, O: Operation>(&'a self, request: &'a O::Request) -> Call<'a, O> {
        Client::call(self, request)
    }
}

/// One call of an operation: [`send`](Call::send) it for the `Body`, or [`answer`](Call::answer) for all that came
/// with it.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<'a, O: Operation> {
    call: crate::Call<'a, O>,
    runtime: &'a Background,
}

impl<O: Operation> Call<'_, O> {
    /// Bounds the whole call, retries included, instead of the client's deadline.
    ///
    /// A payment that is given up early is not undone: its outcome becomes unknown.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.call = self.call.deadline(deadline);
        self
    }

    /// A text by which logs and errors of this call are found. It is never sent.
    pub fn correlation(mut self, text: impl Into<String>) -> Self {
        self.call = self.call.correlation(text);
        self
    }

    /// Sends the request even if it breaks a documented rule, and reports the rule with the answer.
    pub fn report_violations(mut self) -> Self {
        self.call = self.call.report_violations();
        self
    }

    /// Hands a renewed session to `session`, be it in an answer or in a refusal.
    pub fn in_session(mut self, session: &MasterpassSession) -> Self {
        self.call = self.call.in_session(session);
        self
    }

    /// The merchant's own code of the payment, for an operation whose request does not hold it: errors and
    /// [`Unknown`](crate::Unknown) carry it, since by it alone the payment is found again. It is not sent. Where the
    /// request holds a code, that one counts.
    pub fn merchant_code(mut self, code: impl Into<String>) -> Self {
        self.call = self.call.merchant_code(code);
        self
    }

    /// Makes the call and waits for the `Body`.
    ///
    /// # Errors
    ///
    /// Whatever is not a success. [`Error::outcome`] says what became of the call.
    pub fn send(self) -> Result<O::Response, Error> {
        self.answer().map(Answer::into_body)
    }

    /// Makes the call and waits for the whole answer: the body, the message, the HTTP status, what was reported.
    ///
    /// # Errors
    ///
    /// Whatever is not a success. [`Error::outcome`] says what became of the call.
    pub fn answer(self) -> Result<Answer<O::Response>, Error> {
        if Handle::try_current().is_ok() {
            return Err(Error::new::<O>(ErrorKind::Runtime, Outcome::NotSent, INSIDE)
                .with_call(self.call.payment_code(), self.call.options.correlation.as_deref()));
        }
        self.runtime.wait(self.call.answer())
    }
}

/// Shows nothing of the request.
impl<O: Operation> fmt::Debug for Call<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blocking::")?;
        fmt::Debug::fmt(&self.call, f)
    }
}

/// The runtime of blocking clients. Dropped anywhere, inside an async runtime too, it neither waits nor panics.
struct Background {
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Background {
    fn start() -> std::io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("paywall-api").enable_all().build()?;
        let handle = runtime.handle().clone();
        Ok(Self { runtime: Some(runtime), handle })
    }

    fn wait<F: Future>(&self, future: F) -> F::Output {
        self.handle.block_on(future)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
