//! What is one call? An operation, its request and this call's options; nothing happens until it is awaited.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use crate::exchange::exchange;
use crate::{Answer, Client, Error, MasterpassSession, Operation};

/// One call of an operation. Await it for the `Body`, or [`answer`](Call::answer) for all that came with it.
///
/// A call whose future is dropped half-way (`select!`, `tokio::time::timeout`, a crash) may have taken effect. Store
/// the merchant's code of a payment before paying, and see
/// [`ClientBuilder::on_unknown`](crate::ClientBuilder::on_unknown).
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<'a, O: Operation> {
    pub(crate) client: &'a Client,
    pub(crate) request: &'a O::Request,
    pub(crate) options: Options,
}

/// What a call may choose for itself.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub(crate) deadline: Option<Duration>,
    pub(crate) correlation: Option<String>,
    pub(crate) report_violations: bool,
    pub(crate) session: Option<MasterpassSession>,
    pub(crate) merchant_code: Option<String>,
}

impl<'a, O: Operation> Call<'a, O> {
    pub(crate) fn new(client: &'a Client, request: &'a O::Request) -> Self {
        Self { client, request, options: Options::default() }
    }

    /// Bounds the whole call, retries included, instead of the client's deadline.
    ///
    /// A payment that is given up early is not undone: its outcome becomes unknown.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.deadline = Some(deadline);
        self
    }

    /// A text by which logs and errors of this call are found. It is never sent.
    pub fn correlation(mut self, text: impl Into<String>) -> Self {
        self.options.correlation = Some(text.into());
        self
    }

    /// Sends the request even if it breaks a documented rule, and reports the rule with the answer.
    pub fn report_violations(mut self) -> Self {
        self.options.report_violations = true;
        self
    }

    /// Hands a renewed session to `session`, be it in an answer or in a refusal.
    pub fn in_session(mut self, session: &MasterpassSession) -> Self {
        self.options.session = Some(session.clone());
        self
    }

    /// The merchant's own code of the payment, for an operation whose request does not hold it: errors and
    /// [`Unknown`](crate::Unknown) carry it, since by it alone the payment is found again. It is not sent. Where the
    /// request holds a code, that one counts.
    pub fn merchant_code(mut self, code: impl Into<String>) -> Self {
        self.options.merchant_code = Some(code.into());
        self
    }

    /// The code by which the payment is found again.
    pub(crate) fn payment_code(&self) -> Option<&str> {
        O::merchant_code(self.request).or(self.options.merchant_code.as_deref())
    }

    /// The whole answer: the body, the message, the HTTP status, what was reported.
    ///
    /// # Errors
    ///
    /// Whatever is not a success. [`Error::outcome`] says what became of the call.
    pub async fn answer(self) -> Result<Answer<O::Response>, Error> {
        exchange(self).await
    }
}

impl<'a, O: Operation> IntoFuture for Call<'a, O> {
    type Output = Result<O::Response, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { exchange(self).await.map(Answer::into_body) })
    }
}

impl<O: Operation> Clone for Call<'_, O> {
    fn clone(&self) -> Self {
        Self { client: self.client, request: self.request, options: self.options.clone() }
    }
}

/// Shows nothing of the request.
impl<O: Operation> fmt::Debug for Call<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &O::ID)
            .field("deadline", &self.options.deadline)
            .field("correlation", &self.options.correlation)
            .finish_non_exhaustive()
    }
}

/// What can make calls: [`Client`], and `blocking::Client` with the feature `blocking`.
///
/// It lets one generated service serve both.
pub trait Caller {
    /// A call that is ready to be made.
    type Call<'a, O: Operation>
    where
        Self: 'a;

    /// Prepares a call of `O`.
    fn call<'a, O: Operation>(&'a self, request: &'a O::Request) -> Self::Call<'a, O>;
}

impl Caller for Client {
    type Call<'a, O: Operation> = Call<'a, O>;

    fn call<'a, O: Operation>(&'a self, request: &'a O::Request) -> Call<'a, O> {
        Call::new(self, request)
    }
}

#[cfg(test)]
mod tests {
    use crate::Client;
    use crate::masterpass::CommitPaymentByIdRequest;
    use crate::payments::RefundRequest;

    #[tokio::test]
    async fn the_merchants_code_is_the_requests_or_else_the_callers() {
        let client = Client::builder_at("http://127.0.0.1:1").build().expect("client");
        let commit = CommitPaymentByIdRequest::new("session", 7);
        let error = client.masterpass().commit_payment_by_id(&commit).await.expect_err("no keys");
        assert_eq!(error.merchant_code(), None);
        let call = client.masterpass().commit_payment_by_id(&commit).merchant_code("order-1");
        assert_eq!(call.await.expect_err("no keys").merchant_code(), Some("order-1"));
        let refund = RefundRequest::new("2024-06-13", "order-2");
        let call = client.payments().refund(&refund).merchant_code("order-1");
        assert_eq!(call.await.expect_err("no keys").merchant_code(), Some("order-2"));
    }
}
