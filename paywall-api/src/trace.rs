//! What does an operator see of a call? One span and one event: never a body, a key or a card.

#[cfg(feature = "tracing")]
pub(crate) use on::Trace;

#[cfg(not(feature = "tracing"))]
pub(crate) use off::Trace;

#[cfg(feature = "tracing")]
mod on {
    use std::time::Instant;

    use tracing::field::Empty;
    use tracing::{Instrument, Span};

    use crate::{Answer, Error, Outcome};

    /// By what a subscriber filters.
    const TARGET: &str = "paywall_api";

    /// The span of one call. Its event comes at the end, `warn` where the call failed.
    #[derive(Clone)]
    pub(crate) struct Trace {
        span: Span,
        begun: Instant,
    }

    impl Trace {
        pub(crate) fn begin(operation: &'static str, correlation: Option<&str>) -> Self {
            let span = tracing::info_span!(
                target: TARGET,
                "paywall",
                operation,
                correlation,
                host = Empty,
                attempt = Empty,
                status = Empty,
                code = Empty,
                outcome = Empty,
                elapsed_ms = Empty,
            );
            Self { span, begun: Instant::now() }
        }

        pub(crate) fn within<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.span.clone())
        }

        pub(crate) fn host(&self, host: &str) {
            self.span.record("host", host);
        }

        pub(crate) fn attempt(&self, number: u32) {
            self.span.record("attempt", number);
        }

        pub(crate) fn end<T>(&self, result: &Result<Answer<T>, Error>) {
            match result {
                Ok(answer) => {
                    self.record(Some(answer.http_status.as_u16()), Some(0), "Answered");
                    self.span.in_scope(|| tracing::debug!(target: TARGET, "answered"));
                }
                Err(error) => {
                    let status = error.http_status().map(|status| status.as_u16());
                    self.record(status, error.code(), &format!("{:?}", error.outcome()));
                    self.span.in_scope(|| tracing::warn!(target: TARGET, kind = ?error.kind(), "failed"));
                }
            }
        }

        pub(crate) fn dropped(&self, outcome: Outcome) {
            self.record(None, None, &format!("{outcome:?}"));
            self.span.in_scope(|| tracing::warn!(target: TARGET, "dropped before an answer came"));
        }

        fn record(&self, status: Option<u16>, code: Option<i64>, outcome: &str) {
            self.span.record("status", status);
            self.span.record("code", code.map(crate::decode::shown));
            self.span.record("outcome", outcome);
            let elapsed = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.span.record("elapsed_ms", elapsed);
        }
    }
}

#[cfg(not(feature = "tracing"))]
#[expect(clippy::unused_self, reason = "the same interface as with the feature")]
mod off {
    use crate::{Answer, Error, Outcome};

    /// Nothing is traced without the feature.
    #[derive(Clone)]
    pub(crate) struct Trace;

    impl Trace {
        pub(crate) fn begin(_operation: &'static str, _correlation: Option<&str>) -> Self {
            Self
        }

        pub(crate) fn within<F: Future>(&self, future: F) -> F {
            future
        }

        pub(crate) fn host(&self, _host: &str) {}

        pub(crate) fn attempt(&self, _number: u32) {}

        pub(crate) fn end<T>(&self, _result: &Result<Answer<T>, Error>) {}

        pub(crate) fn dropped(&self, _outcome: Outcome) {}
    }
}
