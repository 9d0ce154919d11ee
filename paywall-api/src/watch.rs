//! Who is told when a payment's outcome is unknown, even if nobody waits for the call any more?

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::SystemTime;

use crate::sent::Sent;
use crate::trace::Trace;
use crate::unknown::{Known, UnknownCall};
use crate::{Answer, Error, ErrorKind, Operation, Outcome, Retry};

/// What the caller wants to be told.
pub(crate) type OnUnknown = Arc<dyn Fn(&UnknownCall) + Send + Sync>;

/// Watches one call to its end, which may be that its future is dropped (`select!`, `tokio::time::timeout`).
pub(crate) struct Watch {
    trace: Trace,
    on_unknown: Option<OnUnknown>,
    known: Known,
    merchant_code: Option<String>,
    correlation: Option<String>,
    /// Would an unknown outcome have to be found out?
    lasting: bool,
    sent_before: bool,
    attempt: Option<Sent>,
    ended: bool,
}

impl Watch {
    pub(crate) fn new<O: Operation>(
        trace: Trace,
        on_unknown: Option<OnUnknown>,
        merchant_code: Option<&str>,
        correlation: Option<&str>,
    ) -> Self {
        Self {
            trace,
            on_unknown,
            known: Known::of::<O>(),
            merchant_code: merchant_code.map(str::to_owned),
            correlation: correlation.map(str::to_owned),
            lasting: O::MOVES_MONEY || O::RETRY == Retry::Unsent,
            sent_before: false,
            attempt: None,
            ended: false,
        }
    }

    /// The call goes to `host`.
    pub(crate) fn host(&self, host: &str) {
        self.trace.host(host);
    }

    /// A new attempt begins.
    pub(crate) fn attempt(&mut self, number: u32) -> Sent {
        let sent = Sent::default();
        self.attempt = Some(sent.clone());
        self.trace.attempt(number);
        sent
    }

    /// The attempt ended with `error`: the error, in the light of the attempts before.
    pub(crate) fn failed(&mut self, error: Error) -> Error {
        self.attempt = None;
        let error = if self.sent_before { error.after_sending() } else { error };
        self.sent_before |= !error.is_not_sent();
        error
    }

    /// The call ended as it should.
    pub(crate) fn end<T>(mut self, result: &Result<Answer<T>, Error>) {
        self.ended = true;
        self.trace.end(result);
        if let Some(error) = result.as_ref().err().filter(|error| error.is_unknown()) {
            self.tell(Some(error.kind()));
        }
    }

    fn tell(&self, kind: Option<ErrorKind>) {
        if let Some(on_unknown) = self.on_unknown.as_ref().filter(|_| self.lasting) {
            // This may run while a panic unwinds, where a second one would end the process.
            let unknown = self.known.unknown(self.merchant_code.clone(), SystemTime::now());
            let call = UnknownCall { unknown, correlation: self.correlation.clone(), kind };
            let _ = catch_unwind(AssertUnwindSafe(|| on_unknown(&call)));
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let may_have_left = self.attempt.as_ref().is_some_and(|sent| !sent.hold_back());
        if self.sent_before || may_have_left {
            self.trace.dropped(Outcome::Unknown);
            self.tell(None);
        } else {
            self.trace.dropped(Outcome::NotSent);
        }
    }
}
