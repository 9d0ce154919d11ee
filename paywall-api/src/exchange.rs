//! How does a call run? Check, write, send, read, and again where that is safe, all within one deadline.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tokio::time::Instant;

use crate::decode::{SentRequest, decode_for};
use crate::encode::encode_to;
use crate::error::Facts;
use crate::parameters::survives;
use crate::retry::Retries;
use crate::sent::Sent;
use crate::trace::Trace;
use crate::transport::{Connection, Failure};
use crate::validate::Violations;
use crate::watch::Watch;
use crate::{Answer, Call, Effect, Error, ErrorKind, Operation, Outcome, Validate, Violation};

/// Makes the call.
pub(crate) async fn exchange<O: Operation>(call: Call<'_, O>) -> Result<Answer<O::Response>, Error> {
    let merchant_code = call.payment_code();
    let correlation = call.options.correlation.as_deref();
    let trace = Trace::begin(O::ID, correlation);
    let on_unknown = call.client.shared().on_unknown.clone();
    let mut watch = Watch::new::<O>(trace.clone(), on_unknown, merchant_code, correlation);

    let result = trace.within(run(&call, &mut watch)).await;
    let result = result.map_err(|error| error.with_call(merchant_code, correlation));
    follow(&call, &result);
    watch.end(&result);
    result
}

async fn run<O: Operation>(call: &Call<'_, O>, watch: &mut Watch) -> Result<Answer<O::Response>, Error> {
    let deadline = moment_after(call.options.deadline.unwrap_or(call.client.shared().deadline));
    let violations = check(call)?;
    let request = prepare(call, watch)?;
    match attempts(call, &request, deadline, watch).await {
        Ok(answer) => Ok(Answer { violations, ..answer }),
        Err(error) => Err(error.with_violations(violations)),
    }
}

/// The warnings, and the violations of a request that is sent all the same.
fn check<O: Operation>(call: &Call<'_, O>) -> Result<Vec<Violation>, Error> {
    let lost = call.payment_code().filter(|code| O::EFFECT.is_some_and(Effect::is_payment) && !survives(code));
    let lost = lost.map(|_| Violation::unfindable(O::MERCHANT_CODE.unwrap_or_default()));
    let violations = match (call.request.validate(), lost) {
        (Ok(warnings), None) => return Ok(warnings),
        (Ok(warnings), Some(lost)) => Violations::of(warnings, Some(lost)),
        (Err(violations), lost) => Violations::of(violations.into_list(), lost),
    };
    if call.options.report_violations || call.client.shared().report_violations {
        return Ok(violations.into_list());
    }
    let found = format!("the request breaks documented rules: {violations}");
    let error = Error::new::<O>(ErrorKind::Invalid, Outcome::NotSent, found);
    Err(error.with_violations(violations.into_list()))
}

fn prepare<O: Operation>(call: &Call<'_, O>, watch: &Watch) -> Result<Request<Bytes>, Error> {
    let not_sent = |kind, found: String| Error::new::<O>(kind, Outcome::NotSent, found);
    if tokio::runtime::Handle::try_current().is_err() {
        let found = "the async client needs a tokio runtime, and there is none here";
        return Err(not_sent(ErrorKind::Runtime, found.to_owned()));
    }
    let base = call.client.shared().addresses.of(O::API);
    let base = base.map_err(|found| not_sent(ErrorKind::Configuration, found))?;
    watch.host(base.host());
    encode_to::<O>(&base, &call.client.keys(), call.request)
}

async fn attempts<O: Operation>(
    call: &Call<'_, O>,
    request: &Request<Bytes>,
    deadline: Instant,
    watch: &mut Watch,
) -> Result<Answer<O::Response>, Error> {
    let mut retries = Retries::of::<O>(call.client.shared().retries);
    let mut number = 0;
    loop {
        number += 1;
        let sent = watch.attempt(number);
        let share = retries.share(left(deadline));
        let error = match attempt(call, request, &sent, share).await {
            Ok(answer) => return Ok(Answer { attempts: number, ..answer }),
            Err(error) => watch.failed(error.with_attempts(number)),
        };
        match retries.wait(&error) {
            Some(wait) if wait < left(deadline) => tokio::time::sleep(wait).await,
            _ => return Err(error),
        }
    }
}

async fn attempt<O: Operation>(
    call: &Call<'_, O>,
    request: &Request<Bytes>,
    sent: &Sent,
    share: Duration,
) -> Result<Answer<O::Response>, Error> {
    let transport = &call.client.shared().transport;
    let connection = if O::OWN_CONNECTION { Connection::Own } else { Connection::Shared };
    let result = transport.send(request.clone(), connection, sent, moment_after(share)).await;
    let sent_request = SentRequest { request, merchant_code: call.payment_code() };
    decode_for::<O>(&sent_request, result.map_err(lost::<O>)?)
}

/// No whole answer came.
fn lost<O: Operation>(failure: Failure) -> Error {
    let outcome = if failure.sent { Outcome::Unknown } else { Outcome::NotSent };
    let facts = Facts { status: failure.status, source: failure.source, ..Facts::default() };
    Error::new::<O>(failure.kind, outcome, failure.found).with_facts(facts)
}

/// Hands a renewed session on, out of an answer or a refusal.
fn follow<O: Operation>(call: &Call<'_, O>, result: &Result<Answer<O::Response>, Error>) {
    let renewal = match result {
        Ok(answer) => answer.renewal(),
        Err(error) => error.renewal(),
    };
    if let (Some(session), Some(renewal)) = (&call.options.session, renewal) {
        session.follow(renewal);
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// A wait that no clock can hold is as good as a century.
fn moment_after(wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    Instant::now() + wait.min(CENTURY)
}

#[cfg(test)]
mod tests;
