//! How is a payment looked up until it is known? By its merchant code, and every answer is weighed before it counts.

use std::collections::BTreeMap;
use std::time::SystemTime;

use http::Method;
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny};
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::inquest::{End, Heard, Pace, Step};
use crate::inquiries::{InquiredPayment, PaymentInquiry};
use crate::outcome::HALF_WAY;
use crate::payments::{QueryPayment, QueryPaymentRequest};
use crate::standing::Facts;
use crate::{
    Api, Client, Error, ErrorKind, ErrorTable, HeaderInputs, Input, KeyPair, Operation, Outcome, Retry, objects,
};

/// "Payment not found" in the payment numbering, where it also stands for a general error.
const NOT_FOUND_OR_FAILED: i64 = -1;
/// "Payment not found" in the general numbering.
const NOT_FOUND: i64 = 56;
/// "Failure", whatever it may be.
const FAILURE: i64 = 1;

/// What the answers came to.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) end: End,
    /// The payment, by the last answer that knew it.
    pub(crate) found: Option<Box<PaymentInquiry>>,
}

/// Why there is no answer to go by.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The answer is about another payment, or does not say which one.
    AnotherPayment,
    /// Asking again would fail again.
    Lasting(Error),
    /// The deadline passed.
    NoAnswer(Error),
}

/// Asks by `code` until `hear` is content or the time is over.
pub(crate) async fn inquire(
    client: &Client,
    code: &str,
    pace: &Pace,
    hear: impl Fn(Option<&Facts>) -> Heard,
) -> Result<Asked, Failure> {
    let request = QueryPaymentRequest::new(code);
    let (begun, mut inquest) = (Instant::now(), pace.inquest(SystemTime::now()));
    let mut notes = Notes::default();
    loop {
        let time = inquest.ask(begun.elapsed());
        let answer = client.call::<Question>(&request).deadline(time).await;
        let heard = notes.take(code, payment(answer), &hear)?;
        match inquest.next(heard, begun.elapsed()) {
            Step::Wait(wait) => tokio::time::sleep(wait).await,
            Step::Done(end) => return notes.close(end),
        }
    }
}

/// What has come so far.
#[derive(Default)]
struct Notes {
    found: Option<Box<PaymentInquiry>>,
    error: Option<Error>,
}

impl Notes {
    fn take(
        &mut self,
        code: &str,
        answer: Result<Option<PaymentInquiry>, Error>,
        hear: impl Fn(Option<&Facts>) -> Heard,
    ) -> Result<Heard, Failure> {
        match answer {
            Ok(Some(inquiry)) => {
                let facts = Facts::from(&inquiry);
                if facts.merchant_code.as_deref() != Some(code) {
                    return Err(Failure::AnotherPayment);
                }
                self.found = Some(Box::new(inquiry));
                Ok(hear(Some(&facts)))
            }
            // It was there: that it is not any more is no sign that it never was.
            Ok(None) if self.found.is_some() => Ok(Heard::Open),
            Ok(None) => Ok(hear(None)),
            Err(error) => {
                let heard = failed(&error);
                self.error = Some(error);
                Ok(heard)
            }
        }
    }

    fn close(self, end: End) -> Result<Asked, Failure> {
        let error = self.error.unwrap_or_else(no_time);
        match end {
            End::Hopeless => Err(Failure::Lasting(error)),
            End::NoAnswer => Err(Failure::NoAnswer(error)),
            End::Settled | End::Open | End::Absent { .. } => Ok(Asked { end, found: self.found }),
        }
    }
}

fn no_time() -> Error {
    Error::new::<QueryPayment>(ErrorKind::Timeout, Outcome::NotSent, "there was no time to ask")
}

/// The inquiry, whose answer is read more strictly: an answer of a shape that nobody knows is no sign of absence.
struct Question;

impl Operation for Question {
    type Request = QueryPaymentRequest;
    type Response = Found;

    const ID: &'static str = QueryPayment::ID;
    const METHOD: Method = QueryPayment::METHOD;
    const PATH: &'static str = QueryPayment::PATH;
    const API: &'static Api = QueryPayment::API;
    const KEYS: Option<&'static KeyPair> = QueryPayment::KEYS;
    const RETRY: Retry = QueryPayment::RETRY;
    const ERRORS: &'static [&'static ErrorTable] = QueryPayment::ERRORS;
    const INPUT: Input = QueryPayment::INPUT;

    fn headers(request: &QueryPaymentRequest, headers: &mut HeaderInputs) {
        QueryPayment::headers(request, headers);
    }
}

/// A payment, or the plain word that there is none.
struct Found(Option<PaymentInquiry>);

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let body = Box::<RawValue>::deserialize(deserializer)?;
        let answer: InquiredPayment = objects::read(body.get()).map_err(|_| D::Error::custom("no inquiry"))?;
        if says_nothing(body.get()) {
            return Ok(Self(None));
        }
        answer
            .paywall
            .map(|inquiry| Self(Some(inquiry)))
            .ok_or_else(|| D::Error::custom("no payment where one belongs"))
    }
}

/// Is there nothing but `Paywall`, and nothing in it?
fn says_nothing(body: &str) -> bool {
    let Ok(fields) = objects::read::<BTreeMap<String, Option<&RawValue>>>(body) else { return false };
    let mut told = fields.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    told.all(|(name, value)| name == "Paywall" && is_blank(value.get()))
}

fn is_blank(object: &str) -> bool {
    let fields = objects::read::<BTreeMap<String, Option<IgnoredAny>>>(object);
    fields.is_ok_and(|fields| fields.values().all(Option::is_none))
}

/// The payment of an answer, or that there is none.
fn payment(answer: Result<Found, Error>) -> Result<Option<PaymentInquiry>, Error> {
    match answer {
        Ok(Found(found)) => Ok(found),
        Err(error) if is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// No page says how Paywall tells of a code that it does not know; both numberings have a code for it. (A success
/// without a body reads as one without a payment.)
fn is_not_found(error: &Error) -> bool {
    let says_so = matches!(error.code(), Some(NOT_FOUND_OR_FAILED | NOT_FOUND));
    error.kind() == ErrorKind::Refused && error.is_refused() && says_so
}

fn failed(error: &Error) -> Heard {
    if is_lasting(error) { Heard::Hopeless } else { Heard::Failed { pause: error.retry_after() } }
}

/// Would the same question fail again in the same way?
fn is_lasting(error: &Error) -> bool {
    let passes = error.code().is_some_and(|code| code == FAILURE || HALF_WAY.contains(&code));
    match error.kind() {
        ErrorKind::Connect
        | ErrorKind::Timeout
        | ErrorKind::Transport
        | ErrorKind::Decode
        | ErrorKind::Contradiction => false,
        ErrorKind::Status | ErrorKind::Refused | ErrorKind::RefusedInside => error.is_refused() && !passes,
        ErrorKind::Configuration
        | ErrorKind::KeysMissing
        | ErrorKind::Invalid
        | ErrorKind::Encode
        | ErrorKind::Runtime
        | ErrorKind::TooLarge
        | ErrorKind::Redirect => true,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn heard(status: u16, text: &'static str) -> Result<Option<PaymentInquiry>, Error> {
        let response = http::Response::builder().status(status).header("content-length", text.len());
        let response = response.body(Bytes::from_static(text.as_bytes())).expect("response");
        payment(crate::decode::<Question>(response).map(crate::Answer::into_body))
    }

    const FOUND: &str = r#"{"ErrorCode":0,"Result":true,"Message":"",
        "Body":{"Paywall":{"MerchantUniqueCode":"order-1","StatusId":1,"TypeId":1}}}"#;

    fn take(notes: &mut Notes, code: &str, answer: Result<Option<PaymentInquiry>, Error>) -> Result<Heard, Failure> {
        notes.take(code, answer, |found| if found.is_some() { Heard::Settled } else { Heard::Absent })
    }

    #[test]
    fn every_way_to_say_that_there_is_none_is_not_found() {
        for (status, text) in [
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":null}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":""}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Paywall":null}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Paywall":{}}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Paywall":{"PaymentId":null}}}"#),
            (200, r#"{"ErrorCode":-1,"Result":false,"Message":"","Body":null}"#),
            (404, r#"{"ErrorCode":56,"Result":false,"Message":"","Body":null}"#),
        ] {
            assert!(matches!(heard(status, text), Ok(None)), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_not_found() {
        for (status, text) in [
            (500, r#"{"ErrorCode":-1,"Result":false,"Message":"","Body":null}"#),
            (200, r#"{"ErrorCode":56,"Result":true,"Message":"","Body":null}"#),
            (200, r#"{"ErrorCode":1,"Result":false,"Message":"","Body":null}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":[]}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":"none"}"#),
            (404, "<html>"),
            (200, ""),
        ] {
            assert!(heard(status, text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_shape_that_nobody_knows_is_no_absence() {
        for body in [
            r#"{"paywall":{"MerchantUniqueCode":"order-1","StatusId":4}}"#,
            r#"{"Payment":{"MerchantUniqueCode":"order-1","StatusId":4}}"#,
            r#"{"List":[{"MerchantUniqueCode":"order-1","StatusId":4}]}"#,
            r#"{"MerchantUniqueCode":"order-1","StatusId":4}"#,
            r#"{"Paywall":null,"Paywall":{}}"#,
        ] {
            let answer = format!(r#"{{"ErrorCode":0,"Result":true,"Message":"","Body":{body}}}"#);
            let error = heard(200, answer.leak()).expect_err(body);
            assert_eq!((error.kind(), failed(&error)), (ErrorKind::Decode, Heard::Failed { pause: None }), "{body}");
        }
        for paywall in [r#"{"PaymentId":7,"UniqueCode":"code"}"#, r#"{"paymentId":7}"#] {
            let answer = format!(r#"{{"ErrorCode":0,"Result":true,"Message":"","Body":{{"Paywall":{paywall}}}}}"#);
            let taken = take(&mut Notes::default(), "order-1", heard(200, answer.leak()));
            assert!(matches!(taken, Err(Failure::AnotherPayment)), "{paywall}");
        }
    }

    #[test]
    fn a_refusal_of_the_question_ends_it_and_a_bad_moment_does_not() {
        for (status, text, lasting) in [
            (200, r#"{"ErrorCode":401,"Result":false,"Message":"","Body":null}"#, true),
            (401, r#"{"ErrorCode":77,"Result":false,"Message":"","Body":null}"#, true),
            (404, "<html>", true),
            (302, "", true),
            (200, r#"{"ErrorCode":1,"Result":false,"Message":"","Body":null}"#, false),
            (200, r#"{"ErrorCode":88,"Result":false,"Message":"","Body":null}"#, false),
            (200, r#"{"ErrorCode":504,"Result":false,"Message":"","Body":null}"#, false),
            (200, r#"{"ErrorCode":-1,"Result":true,"Message":"","Body":null}"#, false),
            (503, "busy", false),
            (200, "<html>", false),
        ] {
            let error = heard(status, text).expect_err(text);
            assert_eq!(failed(&error) == Heard::Hopeless, lasting, "{status} {text}");
        }
    }

    #[test]
    fn an_answer_about_another_payment_is_never_used() {
        let mut notes = Notes::default();
        assert!(matches!(take(&mut notes, "order-2", heard(200, FOUND)), Err(Failure::AnotherPayment)));
        let nameless = r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Paywall":{"StatusId":4}}}"#;
        assert!(matches!(take(&mut notes, "order-1", heard(200, nameless)), Err(Failure::AnotherPayment)));
        assert!(notes.found.is_none());
        assert!(matches!(take(&mut notes, "order-1", heard(200, FOUND)), Ok(Heard::Settled)));
    }

    #[test]
    fn a_payment_that_was_found_once_is_never_absent_again() {
        let mut notes = Notes::default();
        assert!(matches!(take(&mut notes, "order-1", Ok(None)), Ok(Heard::Absent)));
        assert!(take(&mut notes, "order-1", heard(200, FOUND)).is_ok());
        assert!(matches!(take(&mut notes, "order-1", Ok(None)), Ok(Heard::Open)));
        assert!(notes.close(End::Open).expect("asked").found.is_some());
    }
}
