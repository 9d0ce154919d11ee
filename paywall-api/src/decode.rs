//! What does an answer say? Envelope first, then the body, then what hides inside the body. No I/O.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::content_coding;
use crate::envelope::{Code, Envelope, NoEnvelope};
use crate::error::Facts;
use crate::objects::{self, Objects};
use crate::outcome::{Refusal, is_success, without_envelope};
use crate::parameters::sent_in_address;
use crate::places::{self, Echo, SuccessPlace};
use crate::{Answer, BankError, Error, ErrorKind, InnerRefusal, Operation, Outcome, Renewal, Retry, pointer, retry};

/// Reads the answer to `request`, for those who send it by other means than [`Client`](crate::Client).
///
/// The request is what [`encode`](crate::encode()) made. An answer that repeats another merchant code or number than
/// was sent is no answer to it, and its outcome is unknown.
///
/// # Errors
///
/// Whatever is not a success, with its [`Outcome`]. The merchant's code is not part of an error then: keep it yourself
/// (see [`Unknown::rebuild`](crate::Unknown::rebuild)).
pub fn decode<O: Operation>(
    request: &http::Request<Bytes>,
    response: http::Response<Bytes>,
) -> Result<Answer<O::Response>, Error> {
    decode_for::<O>(&SentRequest { request, merchant_code: None }, response)
}

/// What was sent, as far as an answer may repeat it.
pub(crate) struct SentRequest<'a> {
    pub(crate) request: &'a http::Request<Bytes>,
    /// The merchant's code of the payment, where the call knows it.
    pub(crate) merchant_code: Option<&'a str>,
}

pub(crate) fn decode_for<O: Operation>(
    sent_request: &SentRequest<'_>,
    response: http::Response<Bytes>,
) -> Result<Answer<O::Response>, Error> {
    let (parts, bytes) = response.into_parts();
    let head = Head::of(&parts);
    let no_envelope = |found| no_envelope::<O>(&head, content_coding::named(&parts.headers, found));
    let text = text::<O>(&parts.headers, &bytes).map_err(no_envelope)?;
    let envelope = Envelope::read(&text, O::ENVELOPE).map_err(no_envelope)?;
    if !is_success(head.status) && !envelope.is_there() {
        return Err(no_envelope(NoEnvelope::new("the answer has no envelope")));
    }
    if !is_success(head.status) || !envelope.is_success() {
        return Err(refused::<O>(&head, &envelope));
    }
    let inside = Inside::of::<O>(envelope.body());
    if inside.refuses() {
        return Err(refused_inside::<O>(&head, &envelope, inside));
    }
    if let Some(place) = ambiguous::<O>(envelope.body()) {
        return Err(contradicted::<O>(&head, &envelope, inside, place));
    }
    let body = match body::<O>(envelope.body()) {
        Ok(body) => body,
        Err(path) => return Err(undecodable::<O>(&head, &envelope, inside, path)),
    };
    if let Some(place) = O::SUCCESS.iter().find(|place| !place.is_in(envelope.body())) {
        return Err(half_said::<O>(&head, &envelope, inside, place));
    }
    if let Some(echo) = O::ECHOES.iter().find(|echo| !sent_request.is_repeated::<O>(echo, envelope.body())) {
        return Err(of_another::<O>(&head, &envelope, echo));
    }
    Ok(Answer {
        renewal: inside.renewal,
        body,
        message: envelope.message(),
        http_status: head.status,
        violations: Vec::new(),
        attempts: 0,
        says_more: envelope.says_more(),
    })
}

impl SentRequest<'_> {
    /// Does an answer repeat what was sent, or say nothing of it?
    fn is_repeated<O: Operation>(&self, echo: &Echo, body: &str) -> bool {
        self.sent::<O>(echo.request).is_none_or(|sent| echo.agrees(&sent, body))
    }

    /// The field of the request, from wherever it travels.
    fn sent<O: Operation>(&self, field: &str) -> Option<String> {
        if field == Echo::MERCHANT_CODE {
            return self.merchant_code.map(str::to_owned);
        }
        let name = field.strip_prefix('/').unwrap_or_default();
        let in_address = || sent_in_address(O::PATH, self.request.uri(), name);
        let in_body = || places::text(std::str::from_utf8(self.request.body()).ok()?, field);
        match self.request.headers().get(name) {
            Some(value) => value.to_str().ok().map(str::to_owned),
            None => in_address().or_else(in_body),
        }
    }
}

/// What a body says of a refusal, of the bank and of the session, whether or not the rest of it can be read.
#[derive(Default)]
struct Inside {
    inner: Option<InnerRefusal>,
    bank: Option<BankError>,
    renewal: Option<Renewal>,
}

impl Inside {
    fn of<O: Operation>(body: &str) -> Self {
        Self {
            inner: O::REFUSALS.iter().find_map(|places| places.read(body)),
            bank: O::BANK_ERROR.read(body),
            renewal: O::SESSION.and_then(|places| places.read(body)),
        }
    }

    /// Does it say no, whatever is said around it?
    fn refuses(&self) -> bool {
        self.inner.is_some() || self.bank.as_ref().is_some_and(BankError::tells_of_failure)
    }

    fn facts(self, facts: Facts) -> Facts {
        Facts { inner: self.inner, bank: self.bank, renewal: self.renewal, ..facts }
    }
}

struct Head {
    status: StatusCode,
    retry_after: Option<Duration>,
    /// Does it say where the answer ends? If not, the connection's end is the answer's, and so is a cut.
    says_the_end: bool,
}

impl Head {
    fn of(parts: &http::response::Parts) -> Self {
        let headers = &parts.headers;
        let ends = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING];
        Self {
            status: parts.status,
            retry_after: retry::after(headers),
            says_the_end: ends.iter().any(|name| headers.contains_key(name)),
        }
    }

    fn facts(&self) -> Facts {
        Facts { status: Some(self.status), retry_after: self.retry_after, ..Facts::default() }
    }

    fn envelope_facts(&self, envelope: &Envelope<'_>) -> Facts {
        Facts {
            code: envelope.code(),
            errors: envelope.errors(),
            code_type: envelope.code_type(),
            message: envelope.message(),
            body: Some(Zeroizing::new(envelope.body().to_owned())),
            says_more: envelope.says_more(),
            ..self.facts()
        }
    }
}

/// The text of an answer, or why it cannot be read.
fn text<'a, O: Operation>(headers: &HeaderMap, bytes: &'a [u8]) -> Result<Cow<'a, str>, NoEnvelope> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(NoEnvelope::new("the answer is empty"));
    }
    if O::LOSSY {
        return Ok(String::from_utf8_lossy(bytes));
    }
    // Ascii reads the same in every charset that a JSON answer may claim.
    if !bytes.is_ascii() && claims_other_than_utf8(headers) {
        return Err(NoEnvelope::new("the answer claims a charset other than utf-8"));
    }
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| NoEnvelope {
        found: format!("the answer is not utf-8 from byte {} on", error.valid_up_to()),
        ends_early: error.error_len().is_none(),
    })
}

fn claims_other_than_utf8(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parameters = content_type.unwrap_or_default().split(';').skip(1);
    let charset = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    charset.is_some_and(|charset| !["utf-8", "utf8"].iter().any(|utf8| charset.eq_ignore_ascii_case(utf8)))
}

fn no_envelope<O: Operation>(head: &Head, NoEnvelope { found, ends_early }: NoEnvelope) -> Error {
    let outcome = without_envelope(O::MOVES_MONEY, head.status);
    let status = head.status.as_u16();
    let (kind, found) = match head.status {
        status if is_success(status) && ends_early && !head.says_the_end => {
            (ErrorKind::Transport, "the answer broke off".to_owned())
        }
        status if is_success(status) => (ErrorKind::Decode, found),
        other if other.is_redirection() => {
            (ErrorKind::Redirect, format!("http status {status}: redirects are not followed"))
        }
        _ => (ErrorKind::Status, format!("http status {status}: {found}")),
    };
    Error::new::<O>(kind, outcome, found).with_facts(head.facts())
}

/// An envelope that says no, or an HTTP status that does.
fn refused<O: Operation>(head: &Head, envelope: &Envelope<'_>) -> Error {
    let facts = Inside::of::<O>(envelope.body()).facts(head.envelope_facts(envelope));
    let contradictory =
        envelope.is_success() || envelope.is_contradictory() || ambiguous::<O>(envelope.body()).is_some();
    let outcome = refusal::<O>(head, contradictory, &facts).outcome();
    let status = head.status.as_u16();
    let (kind, found) = if contradictory {
        let found = format!("http status {status} and {} contradict each other", envelope.told());
        (ErrorKind::Contradiction, found)
    } else {
        let code = match &facts.code {
            Some(Code::Number(code)) => format!(" with code {}", shown(*code)),
            // It may be anything.
            Some(Code::Text(_)) => " with a code".to_owned(),
            None => String::new(),
        };
        (ErrorKind::Refused, format!("refused{code}, http status {status}"))
    };
    Error::new::<O>(kind, outcome, found).with_facts(facts)
}

/// An envelope that says yes, with a body that says no. Of the bank's word alone it is a contradiction.
fn refused_inside<O: Operation>(head: &Head, envelope: &Envelope<'_>, inside: Inside) -> Error {
    let facts = inside.facts(head.envelope_facts(envelope));
    let outcome = refusal::<O>(head, facts.inner.is_none(), &facts).outcome();
    let who = facts.inner.as_ref().map_or("the bank or its provider", InnerRefusal::who);
    let found = match facts.inner.as_ref().and_then(InnerRefusal::status) {
        Some(status) => format!("refused by {who} with status {} inside a successful answer", shown(status)),
        None => format!("refused by {who} inside a successful answer"),
    };
    Error::new::<O>(ErrorKind::RefusedInside, outcome, found).with_facts(facts)
}

/// A place that decides and that says two things.
fn ambiguous<O: Operation>(body: &str) -> Option<&'static str> {
    let success = O::SUCCESS.iter().map(|place| place.at);
    let echoes = O::ECHOES.iter().map(|echo| echo.answer);
    let refusals = O::REFUSALS.iter().flat_map(|places| [places.status, places.code]);
    let bank = [O::BANK_ERROR.bank_code, O::BANK_ERROR.provider_code].into_iter().flatten();
    let mut deciding = success.chain(echoes).chain(refusals).chain(bank);
    deciding.find(|place| places::is_ambiguous(body, place))
}

/// An envelope that says yes, with a body that says two things where one decides.
fn contradicted<O: Operation>(head: &Head, envelope: &Envelope<'_>, inside: Inside, place: &str) -> Error {
    let facts = inside.facts(head.envelope_facts(envelope));
    let outcome = refusal::<O>(head, true, &facts).outcome();
    let found =
        format!("the answer says success, and {}{place} stands twice with two values", O::ENVELOPE.payload_pointer());
    Error::new::<O>(ErrorKind::Contradiction, outcome, found).with_facts(facts)
}

/// An envelope that says yes, with a body that does not say so.
fn half_said<O: Operation>(head: &Head, envelope: &Envelope<'_>, inside: Inside, place: &SuccessPlace) -> Error {
    let facts = inside.facts(head.envelope_facts(envelope));
    let outcome = refusal::<O>(head, true, &facts).outcome();
    let expected = if place.values.is_empty() { "anything".to_owned() } else { place.values.join(" or ") };
    let found =
        format!("the answer says success, and {}{} does not say {expected}", O::ENVELOPE.payload_pointer(), place.at);
    Error::new::<O>(ErrorKind::Contradiction, outcome, found).with_facts(facts)
}

/// A success that names another order, or another payment, than the request does.
fn of_another<O: Operation>(head: &Head, envelope: &Envelope<'_>, echo: &Echo) -> Error {
    // Its session, too, is another's.
    let facts = head.envelope_facts(envelope);
    let found = format!(
        "the answer is to another request: {}{} is not what was sent",
        O::ENVELOPE.payload_pointer(),
        echo.answer
    );
    Error::new::<O>(ErrorKind::Contradiction, Outcome::Unknown, found).with_facts(facts)
}

/// A success that does not fit leaves the outcome open: Paywall has said yes to something.
fn undecodable<O: Operation>(head: &Head, envelope: &Envelope<'_>, inside: Inside, path: String) -> Error {
    let facts = Facts { path: Some(path), ..inside.facts(head.envelope_facts(envelope)) };
    let found = "the answer says success, and its body is not what the contract says";
    Error::new::<O>(ErrorKind::Decode, Outcome::Unknown, found).with_facts(facts)
}

/// A code has few digits. More of them are another number, which nobody should read in a log.
pub(crate) fn shown(code: i64) -> String {
    if (-99_999..=999_999).contains(&code) { code.to_string() } else { "of too many digits".to_owned() }
}

fn refusal<'a, O: Operation>(head: &Head, contradictory: bool, facts: &'a Facts) -> Refusal<'a> {
    Refusal {
        moves_money: O::MOVES_MONEY,
        lasting: O::RETRY == Retry::Unsent,
        status: head.status,
        code: facts.code.as_ref(),
        contradictory,
        inner: facts.inner.as_ref(),
        bank: facts.bank.as_ref(),
        envelope: O::ENVELOPE,
    }
}

/// The body of a success, or the place where it is not what the contract says.
fn body<O: Operation>(json: &str) -> Result<O::Response, String> {
    let read = objects::read(json).ok();
    let is_empty = matches!(json, "null" | "\"\"");
    // Paywall writes an empty body as "" in places. To a question that promises an object which requires nothing, it is
    // the answer that there is nothing.
    let empty: &[&str] = if O::RETRY == Retry::Inquiry { &["null", "{}"] } else { &["null"] };
    let nothing = || empty.iter().find_map(|nothing| objects::read(nothing).ok());
    let read = read.or_else(|| is_empty.then(nothing).flatten());
    read.ok_or_else(|| place_of_failure::<O::Response>(&O::ENVELOPE.payload_pointer(), json))
}

/// Reads again, slowly, to learn where: a JSON pointer into the answer.
fn place_of_failure<T: DeserializeOwned>(base: &str, json: &str) -> String {
    let deserializer = &mut serde_json::Deserializer::from_str(json);
    let read = serde_path_to_error::deserialize::<_, T>(Objects(deserializer));
    read.err().map_or_else(|| base.to_owned(), |error| pointer::of_path(base, error.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Api, BankErrorPlaces, Checker, CodeEntry, EnvelopePlaces, ErrorTable, KeyPair, RefusalPlaces, Retry,
        SessionPlaces, Validate,
    };

    static API: Api = Api::new("payment", &[]);
    static ENVELOPE: EnvelopePlaces = EnvelopePlaces { codes: &[&PAYMENT, &GENERAL], ..crate::meta::PAYMENT_ENVELOPE };
    static PAYMENT: ErrorTable = ErrorTable::new(
        "payment",
        &[
            CodeEntry::new(1, "FAILURE", "failure", false),
            CodeEntry::new(4, "EXISTS", "the merchant code exists", false),
            CodeEntry::new(13, "CARD_HOLDER", "wrong card holder", true),
        ],
    );
    static GENERAL: ErrorTable = ErrorTable::new("general", &[CodeEntry::new(4, "HEADER", "header missing", true)]);

    #[derive(serde::Serialize)]
    struct Nothing {}

    impl Validate for Nothing {
        fn check(&self, _: &mut Checker) {}
    }

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Paid {
        payment: Option<Payment>,
        bank_code: Option<String>,
    }

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Payment {
        payment_id: i64,
    }

    /// The same operation, with and without money.
    struct Pay<const MONEY: bool>;

    impl<const MONEY: bool> Operation for Pay<MONEY> {
        type Request = Nothing;
        type Response = Paid;
        const ID: &'static str = "pay";
        const METHOD: http::Method = http::Method::POST;
        const PATH: &'static str = "/pay";
        const API: &'static Api = &API;
        const KEYS: Option<&'static KeyPair> = None;
        const RETRY: Retry = Retry::Unsent;
        const MOVES_MONEY: bool = MONEY;
        const ENVELOPE: &'static EnvelopePlaces = &ENVELOPE;
        const REFUSALS: &'static [RefusalPlaces] = &[RefusalPlaces {
            who: "masterpass",
            status: "/Status",
            accepted: &[200],
            code: "/Exception/Code",
            message: "/Exception/Message",
            harmless: &["CARD_NOT_FOUND"],
        }];
        const BANK_ERROR: BankErrorPlaces = BankErrorPlaces { bank_code: Some("/BankCode"), ..BankErrorPlaces::NONE };
        const SESSION: Option<SessionPlaces> =
            Some(SessionPlaces { renewed: "/Renewed", id: "/Session", expiry: None });
    }

    fn response(status: u16, content_type: &str, body: impl Into<Bytes>) -> http::Response<Bytes> {
        let builder = http::Response::builder().status(status).header(header::CONTENT_TYPE, content_type);
        builder.body(body.into()).expect("response")
    }

    /// The answer to a request that it cannot repeat.
    fn decode_<O: Operation>(response: http::Response<Bytes>) -> Result<Answer<O::Response>, Error> {
        decode::<O>(&http::Request::new(Bytes::new()), response)
    }

    fn read<const MONEY: bool>(status: u16, body: &str) -> Result<Answer<Paid>, Error> {
        decode_::<Pay<MONEY>>(response(status, "application/json", body.to_owned()))
    }

    fn fails(status: u16, body: &str) -> Error {
        read::<true>(status, body).err().expect("an error")
    }

    #[test]
    fn a_success_is_read() {
        let body =
            r#"{"ErrorCode":0,"Result":true,"Message":"Success","Body":{"Payment":{"PaymentId":8013143466},"New":1}}"#;
        let answer = read::<true>(200, body).expect("answer");
        assert_eq!(answer.body().payment.as_ref().map(|payment| payment.payment_id), Some(8_013_143_466));
        assert_eq!(answer.message(), Some("Success"));
        assert_eq!(answer.http_status(), StatusCode::OK);
    }

    #[test]
    fn a_success_whose_body_does_not_fit_is_unknown_and_says_where() {
        for (body, path) in [
            (
                r#"{"ErrorCode":0,"Result":true,"Body":{"Payment":{"PaymentId":"4111111111111111"}}}"#,
                "/Body/Payment/PaymentId",
            ),
            (r#"{"ErrorCode":0,"Result":true,"Body":null}"#, "/Body"),
            (r#"{"ErrorCode":0,"Result":true,"Body":""}"#, "/Body"),
            (r#"{"ErrorCode":0,"Result":true}"#, "/Body"),
            (r#"{"ErrorCode":0,"Result":true,"Body":"4111111111111111"}"#, "/Body"),
        ] {
            let error = fails(200, body);
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{body}");
            assert_eq!(error.decode_path(), Some(path), "{body}");
            assert!(!format!("{error} {error:?}").contains("4111"), "{error}");
        }
    }

    #[test]
    fn an_array_is_no_answer_even_where_every_field_is_optional() {
        for (array, path) in
            [("[]", "/Body"), ("[null,null,null,null,null]", "/Body"), (r#"{"Payment":[8013143466]}"#, "/Body/Payment")]
        {
            let error = fails(200, &format!(r#"{{"ErrorCode":0,"Result":true,"Body":{array}}}"#));
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{array}");
            assert_eq!(error.decode_path(), Some(path), "{array}");
        }
        let refusal = fails(200, r#"{"ErrorCode":1,"Result":false,"Body":[null,"51",null,null,null]}"#);
        assert!(refusal.is_unknown() && refusal.bank_error().is_none() && refusal.decode_body::<Paid>().is_none());
    }

    #[test]
    fn an_array_in_a_generated_answer_is_found_at_its_place() {
        for (body, path) in [
            ("[null,null]", "/Body"),
            (r#"{"Session":[],"Masterpass":null}"#, "/Body/Session"),
            (r#"{"Masterpass":{"Paywall":{"Products":[{},[]]}}}"#, "/Body/Masterpass/Paywall/Products/1"),
            (
                r#"{"Masterpass":{"Provider":{"Detail":{"Result":["5010"]}}}}"#,
                "/Body/Masterpass/Provider/Detail/Result",
            ),
        ] {
            let json = format!(r#"{{"ErrorCode":0,"Result":true,"Body":{body}}}"#);
            let answer = decode_::<crate::masterpass::InitMasterpassPayment>(response(200, "application/json", json));
            let error = answer.expect_err(body);
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{body}");
            assert_eq!(error.decode_path(), Some(path), "{body}");
        }
    }

    #[test]
    fn a_deeply_nested_answer_is_an_error_and_never_an_overflow() {
        #[derive(Debug, serde::Deserialize)]
        struct Node {
            #[serde(rename = "Next")]
            _next: Option<Box<Node>>,
        }
        let json = format!("{}null{}", "{\"Next\":".repeat(60_000), "}".repeat(60_000));
        assert!(objects::read::<Node>(&json).is_err());
        assert!(place_of_failure::<Node>("/Body", &json).starts_with("/Body/Next/Next/"));
        let answer = |body: &str| format!(r#"{{"ErrorCode":0,"Result":true,"Message":{body},"Body":{body}}}"#);
        assert!(read::<true>(200, &answer(&json)).is_ok(), "nothing reads what is deep");
        assert!(fails(200, &answer(&format!("[{json}]"))).is_decode());
    }

    #[test]
    fn what_ends_early_broke_off_unless_the_head_vouches_for_it() {
        let whole = "{\"ErrorCode\":0,\"Result\":true,\"Message\":\"ğ\",\"Body\":{\"Price\":-1.50}}";
        let cut_at = |end: usize, name: Option<header::HeaderName>| {
            let mut response = response(200, "application/json", whole.as_bytes()[..end].to_vec());
            response.headers_mut().extend(name.map(|name| (name, http::HeaderValue::from_static("any"))));
            decode_::<Pay<true>>(response)
        };
        assert!(cut_at(whole.len(), None).is_ok());
        for end in 1..whole.len() {
            let error = cut_at(end, None).err().expect("cut");
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown), "{end}");
            assert!(error.to_string().starts_with("pay: the answer broke off; the outcome is unknown"), "{error}");
            for vouching in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
                assert!(cut_at(end, Some(vouching)).is_err_and(|error| error.is_decode()), "{end}");
            }
        }
        assert!(cut_at(0, None).is_err_and(|error| error.is_decode()), "a 204 has neither a length nor a body");
    }

    #[test]
    fn a_refusal_is_one_whatever_its_body() {
        for body in ["null", "\"\"", "[1]", "{\"Payment\":7}", "{}"] {
            let json = format!(r#"{{"ErrorCode":13,"Result":false,"Message":"no","Body":{body}}}"#);
            let error = fails(200, &json);
            assert_eq!((error.kind(), error.outcome(), error.code()), (ErrorKind::Refused, Outcome::Refused, Some(13)));
            assert_eq!(error.message(), Some("no"));
            assert!(error.unknown().is_none());
        }
    }

    #[test]
    fn a_payment_is_refused_by_proof_alone() {
        let refusal =
            |code: i64, body: &str| fails(200, &format!(r#"{{"ErrorCode":{code},"Result":false,"Body":{body}}}"#));
        assert!(refusal(13, "null").is_refused());
        assert!(refusal(1, r#"{"BankCode":"51"}"#).is_refused());
        assert!(refusal(1, r#"{"BankCode":"NTE="}"#).is_refused());
        assert!(refusal(1, r#"{"Status":404,"Exception":{"Code":"CARD_NOT_FOUND"}}"#).is_refused());
        assert!(refusal(1, "null").is_unknown());
        assert!(refusal(1, r#"{"BankCode":"91"}"#).is_unknown());
        assert!(refusal(4, "null").is_unknown(), "the tables disagree about 4");
        assert!(refusal(4, r#"{"BankCode":"51"}"#).is_unknown(), "the earlier payment may have been charged");
        assert!(refusal(99, "null").is_unknown());
    }

    #[test]
    fn what_contradicts_itself_is_unknown_of_a_payment() {
        for (status, body) in [
            (200, r#"{"ErrorCode":13,"Result":true,"Body":null}"#),
            (200, r#"{"ErrorCode":0,"Result":false,"Body":null}"#),
            (400, r#"{"ErrorCode":0,"Result":true,"Body":{}}"#),
        ] {
            let error = fails(status, body);
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Contradiction, Outcome::Unknown), "{body}");
            assert_eq!(
                read::<false>(status, body).err().map(|error| error.outcome()),
                Some(Outcome::Unknown),
                "{body}"
            );
        }
    }

    #[test]
    fn a_name_in_another_case_contradicts_too() {
        let error = fails(200, r#"{"ErrorCode":0,"errorCode":5,"Result":true,"Body":{"Payment":{"PaymentId":7}}}"#);
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Contradiction, Outcome::Unknown));
    }

    #[test]
    fn a_place_that_decides_and_says_two_things_in_two_cases_is_a_contradiction() {
        for body in [
            r#"{"Status":200,"status":403,"Payment":{"PaymentId":7}}"#,
            r#"{"BankCode":"00","bankcode":"51","Payment":{"PaymentId":7}}"#,
        ] {
            let error = fails(200, &format!(r#"{{"ErrorCode":0,"Result":true,"Body":{body}}}"#));
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Contradiction, Outcome::Unknown), "{body}");
        }
        let refusal = fails(200, r#"{"ErrorCode":1,"Result":false,"Body":{"BankCode":"51","bankCode":"00"}}"#);
        assert!(refusal.is_unknown());
    }

    #[test]
    fn half_an_answer_is_no_success() {
        let body = r#"{"ErrorCode":0,"Result":true,"Body":{"Payment":{"PaymentId":7}}}"#;
        for (status, is_success) in [(200, true), (201, true), (205, false), (206, false), (207, false)] {
            assert_eq!(read::<true>(status, body).is_ok(), is_success, "{status}");
            assert!(is_success || fails(status, body).is_unknown(), "{status}");
        }
    }

    #[test]
    fn a_success_that_names_another_order_is_unknown() {
        struct Repeating;

        impl Operation for Repeating {
            type Request = Nothing;
            type Response = Paid;
            const ID: &'static str = "pay";
            const METHOD: http::Method = http::Method::POST;
            const PATH: &'static str = "/pay";
            const API: &'static Api = &API;
            const KEYS: Option<&'static KeyPair> = None;
            const RETRY: Retry = Retry::Unsent;
            const MOVES_MONEY: bool = true;
            const ENVELOPE: &'static EnvelopePlaces = &ENVELOPE;
            const ECHOES: &'static [Echo] = &[
                Echo { request: "/Order/Code", answer: "/Payment/Key" },
                Echo { request: "/number", answer: "/Payment/Number" },
                Echo { request: Echo::MERCHANT_CODE, answer: "/Payment/Caller" },
            ];
        }

        let request = http::Request::builder().header("number", "7");
        let request = request.body(Bytes::from_static(br#"{"Order":{"Code":"order-1"}}"#)).expect("request");
        let sent_request = SentRequest { request: &request, merchant_code: Some("order-9") };
        for (said, is_ours) in [
            (r#""Key":"order-1""#, true),
            (r#""Key":null,"Number":null"#, true),
            (r#""Key":"order-1","Number":7,"Caller":"order-9""#, true),
            (r#""Key":"order-2""#, false),
            (r#""Number":8"#, false),
            (r#""Caller":"order-1""#, false),
        ] {
            let body = format!(r#"{{"ErrorCode":0,"Result":true,"Body":{{"Payment":{{"PaymentId":7,{said}}}}}}}"#);
            let read = decode_for::<Repeating>(&sent_request, response(200, "application/json", body));
            match read {
                Ok(_) => assert!(is_ours, "{said}"),
                Err(error) => {
                    assert!(!is_ours && error.is_unknown() && error.kind() == ErrorKind::Contradiction, "{said}");
                    assert!(!error.to_string().contains("order-"), "{error}");
                }
            }
        }
    }

    #[test]
    fn a_refusal_inside_a_success_is_one() {
        let body = r#"{"ErrorCode":0,"Result":true,"Body":{"Status":403,"Renewed":true,"Session":"hush"}}"#;
        let error = fails(200, body);
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::RefusedInside, Outcome::Unknown));
        assert_eq!(error.inner_refusal().and_then(InnerRefusal::status), Some(403));
        assert!(error.renewal().is_some());
        assert!(read::<false>(200, body).is_err_and(|error| error.is_refused()));
        assert!(!format!("{error} {error:?}").contains("hush"));
        let proved = r#"{"ErrorCode":0,"Result":true,"Body":{"Status":404,"Exception":{"Code":"CARD_NOT_FOUND"}}}"#;
        assert!(fails(200, proved).is_refused());
    }

    #[test]
    fn what_is_no_envelope_is_a_typed_error() {
        for (status, body, kind) in [
            (200, "", ErrorKind::Decode),
            (200, " \n", ErrorKind::Decode),
            (200, "<html>4111111111111111</html>", ErrorKind::Decode),
            (200, "[0,true,null,null,null,{}]", ErrorKind::Decode),
            (200, r#"{"ErrorCode":0,"Result":true,"Body":{"Pay"#, ErrorKind::Transport),
            (302, "", ErrorKind::Redirect),
            (404, "<html></html>", ErrorKind::Status),
            (502, "Bad Gateway", ErrorKind::Status),
        ] {
            let error = fails(status, body);
            assert_eq!((error.kind(), error.outcome()), (kind, Outcome::Unknown), "{status} {body}");
            assert!(!format!("{error} {error:?}").contains("4111"), "{error}");
        }
        assert!(read::<false>(404, "<html></html>").is_err_and(|error| error.is_refused()));
        assert!(read::<false>(503, "").is_err_and(|error| error.is_unknown()));
    }

    #[test]
    fn charsets_are_utf8_or_an_error() {
        let body = "{\"ErrorCode\":0,\"Result\":true,\"Message\":\"ğ\",\"Body\":{}}";
        for charset in ["application/json", "application/json; charset=utf-8", "text/plain;charset=\"UTF-8\""] {
            assert!(decode_::<Pay<true>>(response(200, charset, body)).is_ok(), "{charset}");
        }
        let turkish = response(200, "application/json; charset=iso-8859-9", body);
        assert!(decode_::<Pay<true>>(turkish).is_err_and(|error| error.is_decode() && error.is_unknown()));
        let latin = response(200, "application/json", &b"{\"ErrorCode\":0,\"Result\":true,\"Message\":\"\xfc\"}"[..]);
        assert!(decode_::<Pay<true>>(latin).is_err_and(|error| error.is_decode() && error.is_unknown()));
    }

    #[test]
    fn messages_are_one_line_and_say_what_to_do() {
        let message = |error: Error| error.to_string();
        assert_eq!(
            message(fails(200, r#"{"ErrorCode":13,"Result":false,"Message":"hush"}"#)),
            "pay: refused with code 13, http status 200 (payment: wrong card holder); nothing was charged"
        );
        assert_eq!(
            message(fails(200, r#"{"ErrorCode":4,"Result":false}"#)),
            "pay: refused with code 4, http status 200 (payment: the merchant code exists) (general: header missing); \
             the outcome is unknown: look the payment up before anything else, never send it again"
        );
        assert_eq!(
            message(fails(200, r#"{"ErrorCode":0,"Result":true,"Body":{"Payment":{}}}"#)),
            "pay: the answer says success, and its body is not what the contract says at /Body/Payment; \
             the outcome is unknown: look the payment up before anything else, never send it again"
        );
    }

    #[test]
    fn the_body_of_a_refusal_can_be_read() {
        let error = fails(200, r#"{"ErrorCode":1,"Result":false,"Body":{"BankCode":"51"}}"#);
        assert_eq!(error.decode_body::<Paid>().and_then(|body| body.bank_code).as_deref(), Some("51"));
        assert_eq!(error.bank_error().and_then(BankError::bank_code), Some("51"));
        assert_eq!(error.decode_body::<i64>(), None);
        assert_eq!(fails(200, "").decode_body::<Paid>().map(|_| ()), None);
    }
}
