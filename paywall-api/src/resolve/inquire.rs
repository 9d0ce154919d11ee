//! How is a payment looked up until it is known? By its merchant code, and every answer is weighed before it counts.

use std::time::SystemTime;

use http::Method;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::age::is_older;
use super::inquest::{End, Heard, Pace, Step};
use super::inquiry_result::{InquiryResult, PAYMENT};
use crate::object::{Members, says_nothing};
use crate::outcome::HALF_WAY;
use crate::payments::{QueryPayment, QueryPaymentRequest};
use crate::standing::Facts;
use crate::{
    Answer, Api, Client, EnvelopePlaces, Error, ErrorKind, Input, KeyPair, Operation, Outcome, Parameters, Retry,
    Standing, objects,
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
    pub(crate) found: Option<Box<InquiryResult>>,
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
    memory: Memory,
    hear: impl Fn(Option<&Facts>) -> Heard,
) -> Result<Asked, Failure> {
    let request = QueryPaymentRequest::new(code);
    let (begun, mut inquest) = (Instant::now(), pace.inquest(SystemTime::now()));
    let mut notes = Notes::of(memory);
    loop {
        let time = inquest.ask(begun.elapsed());
        let answer = client.call::<Question>(&request).deadline(time).answer().await;
        let heard = notes.take(code, payment(answer), &hear)?;
        match inquest.next(heard, begun.elapsed()) {
            Step::Wait(wait) => tokio::time::sleep(wait).await,
            Step::Done(end) => return notes.close(end),
        }
    }
}

/// Which answers make a later one that is older than they are worthless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Memory {
    /// All of them: what is seen once of a change may have happened, whatever else the answer said.
    Every,
    /// Those that agree with themselves.
    Sound,
}

/// What has come so far.
struct Notes {
    memory: Memory,
    /// The payment, by the newest answer that knew it.
    found: Option<Box<InquiryResult>>,
    newest: Option<Facts>,
    error: Option<Error>,
}

impl Notes {
    fn of(memory: Memory) -> Self {
        Self { memory, found: None, newest: None, error: None }
    }

    fn take(
        &mut self,
        code: &str,
        answer: Result<Option<InquiryResult>, Error>,
        hear: impl Fn(Option<&Facts>) -> Heard,
    ) -> Result<Heard, Failure> {
        match answer {
            Ok(Some(inquiry)) => {
                if inquiry.facts().merchant_code.as_deref() != Some(code) {
                    return Err(Failure::AnotherPayment);
                }
                // A reader that lags behind another tells of a time that is over.
                if self.newest.as_ref().is_some_and(|known| is_older(inquiry.facts(), known)) {
                    return Ok(Heard::Open);
                }
                if self.memory == Memory::Every || inquiry.standing() != Standing::Contradictory {
                    self.newest = Some(inquiry.facts().clone());
                }
                let heard = hear(Some(inquiry.facts()));
                self.found = Some(Box::new(inquiry));
                Ok(heard)
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
    const ENVELOPE: &'static EnvelopePlaces = QueryPayment::ENVELOPE;
    const INPUT: Input = QueryPayment::INPUT;
    const OWN_CONNECTION: bool = true;
    const LOSSY: bool = true;

    fn parameters(request: &QueryPaymentRequest, parameters: &mut Parameters) {
        QueryPayment::parameters(request, parameters);
    }
}

/// A payment, or the plain word that there is none.
struct Found(Option<InquiryResult>);

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let body = Box::<RawValue>::deserialize(deserializer)?;
        if says_nothing(body.get()) {
            return Ok(Self(None));
        }
        let found = paywall(body.get()).and_then(|payment| InquiryResult::read(payment.get()));
        found.map(|found| Self(Some(found))).ok_or_else(|| D::Error::custom("no payment where one belongs"))
    }
}

/// The payment that an answer holds, if that says one thing.
fn paywall(body: &str) -> Option<&RawValue> {
    let members: Members<'_> = objects::read(body).ok()?;
    members.once(PAYMENT).filter(|payment| !members.has_another_reading(PAYMENT) && !says_nothing(payment.get()))
}

/// The payment of an answer, or that there is none: only an answer that speaks of nothing says so.
fn payment(answer: Result<Answer<Found>, Error>) -> Result<Option<InquiryResult>, Error> {
    match answer {
        Ok(Answer { body: Found(None), says_more: true, .. }) => {
            let found = "the answer says success, and what it speaks of stands where no page has it";
            Err(Error::new::<QueryPayment>(ErrorKind::Decode, Outcome::Unknown, found))
        }
        Ok(Answer { body: Found(found), .. }) => Ok(found),
        Err(error) if is_not_found(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// No page says how Paywall tells of a code that it does not know; both numberings have a code for it. (A success
/// without a body reads as one without a payment.)
fn is_not_found(error: &Error) -> bool {
    is_said_to_be_unknown(error)
        && error.kind() == ErrorKind::Refused
        && error.is_refused()
        && error.says_nothing_else()
}

fn is_said_to_be_unknown(error: &Error) -> bool {
    matches!(error.code(), Some(NOT_FOUND_OR_FAILED | NOT_FOUND))
}

fn failed(error: &Error) -> Heard {
    if is_lasting(error) { Heard::Hopeless } else { Heard::Failed { pause: error.retry_after() } }
}

/// Would the same question fail again in the same way?
fn is_lasting(error: &Error) -> bool {
    // Of a payment that is not there and spoken of all the same, the next answer may say more.
    let contradicts_itself = is_said_to_be_unknown(error) && !error.says_nothing_else();
    let passes = contradicts_itself || error.code().is_some_and(|code| code == FAILURE || HALF_WAY.contains(&code));
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
        | ErrorKind::Certificate
        | ErrorKind::TooLarge
        | ErrorKind::Redirect => true,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn heard(status: u16, text: &'static str) -> Result<Option<InquiryResult>, Error> {
        let response = http::Response::builder().status(status).header("content-length", text.len());
        let response = response.body(Bytes::from_static(text.as_bytes())).expect("response");
        payment(crate::decode::<Question>(&http::Request::new(Bytes::new()), response))
    }

    const FOUND: &str = r#"{"ErrorCode":0,"Result":true,"Message":"",
        "Body":{"Paywall":{"MerchantUniqueCode":"order-1","StatusId":1,"TypeId":1}}}"#;

    fn take(notes: &mut Notes, code: &str, answer: Result<Option<InquiryResult>, Error>) -> Result<Heard, Failure> {
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
    fn an_answer_that_speaks_of_a_payment_is_no_absence() {
        const PAYMENT: &str = r#"{"PaymentId":7,"MerchantUniqueCode":"order-1","StatusId":4}"#;
        for (status, text) in [
            (200, r#"{"ErrorCode":56,"Result":false,"Message":"","Body":{"Paywall":PAYMENT}}"#),
            (404, r#"{"ErrorCode":56,"Result":false,"Message":"","Body":PAYMENT}"#),
            (200, r#"{"ErrorCode":-1,"Result":false,"Message":"","Body":null,"Data":PAYMENT}"#),
            (200, r#"{"ErrorCode":56,"Result":false,"Message":"","body":{"Paywall":PAYMENT}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Data":{"Paywall":PAYMENT}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":null,"body":{"Paywall":PAYMENT}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"X":PAYMENT,"X":null}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Paywall":null,"Payment":PAYMENT}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Paywall":PAYMENT,"Paywall":null}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Paywall":null,"paywall":PAYMENT}}"#),
            (200, r#"{"ErrorCode":0,"Result":true,"Message":"","X":PAYMENT,"X":null,"Body":null}"#),
        ] {
            let text = text.replace("PAYMENT", PAYMENT);
            let error = heard(status, text.clone().leak()).expect_err(&text);
            assert!(matches!(failed(&error), Heard::Failed { .. }), "{text}: {error}");
        }
    }

    #[test]
    fn a_byte_that_is_no_utf8_spoils_the_field_it_stands_in() {
        let text = FOUND.replace("\"StatusId\":1", "\"CardOwnerName\":\"\u{fe}\",\"StatusId\":1");
        let bytes: Vec<u8> = text.chars().map(|char| u8::try_from(char).expect("latin")).collect();
        let response = http::Response::builder().status(200).body(Bytes::from(bytes)).expect("response");
        let found = payment(crate::decode::<Question>(&http::Request::new(Bytes::new()), response));
        let found = found.expect("an answer").expect("a payment");
        assert_eq!(found.unread(), ["/Body/Paywall/CardOwnerName"]);
        assert_eq!(found.type_id.map(crate::codes::PaymentType::code), Some(1));
    }

    #[test]
    fn an_answer_older_than_the_one_before_is_not_listened_to() {
        let mut notes = Notes::of(Memory::Sound);
        let with = |activity: i64| {
            let text = FOUND.replace("\"TypeId\":1", &format!("\"TypeId\":1,\"ActivityId\":{activity}"));
            heard(200, text.leak())
        };
        assert!(matches!(take(&mut notes, "order-1", with(2)), Ok(Heard::Settled)));
        assert!(matches!(take(&mut notes, "order-1", with(1)), Ok(Heard::Open)));
        assert_eq!(notes.found.as_ref().and_then(|found| found.activity_id), Some(2));
        assert!(matches!(take(&mut notes, "order-1", with(3)), Ok(Heard::Settled)));

        let contradictory = || {
            heard(
                200,
                FOUND
                    .replace(
                        "\"TypeId\":1",
                        "\"TypeId\":1,\"ActivityId\":\"x\",\"PaymentId\":0,\"AnySuccessRefund\":true",
                    )
                    .leak(),
            )
        };
        for (memory, is_listened_to) in [(Memory::Sound, true), (Memory::Every, false)] {
            let mut notes = Notes::of(memory);
            assert!(take(&mut notes, "order-1", contradictory()).is_ok());
            let later = take(&mut notes, "order-1", with(3));
            assert_eq!(matches!(later, Ok(Heard::Settled)), is_listened_to, "{memory:?}");
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
            let taken = take(&mut Notes::of(Memory::Sound), "order-1", heard(200, answer.leak()));
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
        let mut notes = Notes::of(Memory::Sound);
        assert!(matches!(take(&mut notes, "order-2", heard(200, FOUND)), Err(Failure::AnotherPayment)));
        let nameless = r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Paywall":{"StatusId":4}}}"#;
        assert!(matches!(take(&mut notes, "order-1", heard(200, nameless)), Err(Failure::AnotherPayment)));
        assert!(notes.found.is_none());
        assert!(matches!(take(&mut notes, "order-1", heard(200, FOUND)), Ok(Heard::Settled)));
    }

    #[test]
    fn a_payment_that_was_found_once_is_never_absent_again() {
        let mut notes = Notes::of(Memory::Sound);
        assert!(matches!(take(&mut notes, "order-1", Ok(None)), Ok(Heard::Absent)));
        assert!(take(&mut notes, "order-1", heard(200, FOUND)).is_ok());
        assert!(matches!(take(&mut notes, "order-1", Ok(None)), Ok(Heard::Open)));
        assert!(notes.close(End::Open).expect("asked").found.is_some());
    }
}
