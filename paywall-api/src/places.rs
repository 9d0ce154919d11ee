//! Where does an answer tell of a refusal, of the bank's words, of a renewed session? At places that the contract
//! names. They are read one by one out of the JSON, so that an answer whose other parts are odd still tells them.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::object::Members;
use crate::{Amount, BankError, InnerRefusal, Renewal, objects, pointer};

/// Where a body may hold a failure, though the envelope around it says success. The places are JSON pointers into
/// `Body`.
#[derive(Clone, Copy, Debug)]
pub struct RefusalPlaces {
    /// Who refuses.
    pub who: &'static str,
    /// The status number.
    pub status: &'static str,
    /// The statuses that are no failure.
    pub accepted: &'static [i64],
    /// The code of the failure.
    pub code: &'static str,
    /// The text of the failure.
    pub message: &'static str,
    /// The codes that prove that nothing was charged.
    pub harmless: &'static [&'static str],
}

impl RefusalPlaces {
    /// What a body says: a refusal if its status is not accepted, or if the object that has the code is there.
    pub(crate) fn read(&self, body: &str) -> Option<InnerRefusal> {
        let status: Option<i64> = value(body, self.status);
        let code = text(body, self.code);
        let accepted = status.is_none_or(|status| self.accepted.contains(&status));
        if accepted && code.is_none() && !self.tells_of_failure(body) {
            return None;
        }
        let harmless = code.as_deref().is_some_and(|code| self.harmless.contains(&code));
        // A server that could not cope proves nothing, nor does one that says yes and no at once.
        let decided = status.is_some_and(|status| (400..500).contains(&status) && status != 408 && status != 429);
        let refusal = InnerRefusal::new(self.who).with_status(status).with_message(text(body, self.message));
        Some(refusal.with_code(code).with_nothing_charged(harmless && decided && !accepted))
    }

    /// Is the object that would have the code there, as one of its own?
    fn tells_of_failure(&self, body: &str) -> bool {
        let parent = |pointer: &'static str| pointer.rsplit_once('/').map(|(parent, _)| parent);
        let Some(holder) = parent(self.code).filter(|holder| Some(*holder) != parent(self.status)) else {
            return false;
        };
        at(body, holder).is_some_and(|raw| raw.get().starts_with('{'))
    }
}

/// Where a success must say that it is one. The place is a JSON pointer into `Body`.
#[derive(Clone, Copy, Debug)]
pub struct SuccessPlace {
    /// The value that says it.
    pub at: &'static str,
    /// What it may be: texts, numbers and flags as they are written. None of them where any text that is not empty and
    /// any number above zero will do.
    pub values: &'static [&'static str],
}

impl SuccessPlace {
    /// Does a body say it? Silence says nothing.
    pub(crate) fn is_in(&self, body: &str) -> bool {
        let Some(json) = at(body, self.at).map(RawValue::get) else { return false };
        let text = objects::read::<String>(json).ok();
        let text = text.as_deref();
        if self.values.is_empty() { names_something(text, json) } else { self.values.contains(&text.unwrap_or(json)) }
    }
}

/// Does a text or a number name anything? Numbers of payments begin at 1: 0 is what a platform writes for none.
fn names_something(text: Option<&str>, json: &str) -> bool {
    let is_above_zero = |number: Amount| number > Amount::ZERO;
    match text {
        Some(text) => !text.trim().is_empty() && text.parse().map_or(true, is_above_zero),
        None => json.parse().is_ok_and(is_above_zero),
    }
}

/// Where an answer repeats a field of the request, so that an answer to another request is seen. The places are JSON
/// pointers into what was sent (a field, or the name of a header) and into `Body`.
#[derive(Clone, Copy, Debug)]
pub struct Echo {
    /// The field of the request; [`Echo::MERCHANT_CODE`] for the merchant's code, wherever the call has it from.
    pub request: &'static str,
    /// The field of the answer.
    pub answer: &'static str,
}

impl Echo {
    /// The merchant's own code of the payment, which some requests do not hold and the caller gives with the call.
    pub const MERCHANT_CODE: &str = "merchant code";

    /// Does the answer say `sent` here, or nothing at all?
    pub(crate) fn agrees(&self, sent: &str, body: &str) -> bool {
        text(body, self.answer).is_none_or(|said| is_same(sent, &said))
    }
}

/// As text; GUIDs in either case; numbers by value.
fn is_same(sent: &str, said: &str) -> bool {
    let is_guid = |text: &str| text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let numbers = || Some(sent.parse::<Amount>().ok()? == said.parse::<Amount>().ok()?);
    sent == said || (is_guid(sent) && sent.eq_ignore_ascii_case(said)) || numbers().unwrap_or(false)
}

/// Where a body quotes the bank and the provider. The places are JSON pointers into `Body`.
#[derive(Clone, Copy, Debug, Default)]
pub struct BankErrorPlaces {
    /// The bank's code.
    pub bank_code: Option<&'static str>,
    /// The bank's message.
    pub bank_message: Option<&'static str>,
    /// The provider's code.
    pub provider_code: Option<&'static str>,
    /// The provider's message.
    pub provider_message: Option<&'static str>,
}

impl BankErrorPlaces {
    /// No place at all.
    pub const NONE: Self = Self { bank_code: None, bank_message: None, provider_code: None, provider_message: None };

    /// What a body says, if it says anything.
    pub(crate) fn read(&self, body: &str) -> Option<BankError> {
        let said = |place: Option<&str>| place.and_then(|pointer| text(body, pointer));
        let bank = BankError::default()
            .with_bank_code(said(self.bank_code).as_deref())
            .with_bank_message(said(self.bank_message).as_deref())
            .with_provider_code(said(self.provider_code).as_deref())
            .with_provider_message(said(self.provider_message).as_deref());
        (!bank.is_empty()).then_some(bank)
    }
}

/// Where a body tells that the session was renewed. The places are JSON pointers into `Body`.
#[derive(Clone, Copy, Debug)]
pub struct SessionPlaces {
    /// Whether it was renewed.
    pub renewed: &'static str,
    /// The session to use from now on.
    pub id: &'static str,
    /// When that one ends.
    pub expiry: Option<&'static str>,
}

impl SessionPlaces {
    /// The session that replaces the one in use, if the body says so.
    pub(crate) fn read(&self, body: &str) -> Option<Renewal> {
        let renewed = value(body, self.renewed) == Some(true);
        let id = text(body, self.id).filter(|_| renewed)?;
        let expiry = self.expiry.and_then(|pointer| text(body, pointer));
        Some(Renewal::new(&id.into()).with_expiry(expiry.map(Into::into).as_ref()))
    }
}

/// A text that says something, or a number as it is written; nothing else counts.
pub(crate) fn text(body: &str, pointer: &str) -> Option<String> {
    let json = at(body, pointer)?.get();
    let text = objects::read::<String>(json).ok();
    let number = || json.starts_with(|first: char| first == '-' || first.is_ascii_digit()).then(|| json.to_owned());
    text.or_else(number).filter(|text| !text.is_empty())
}

fn value<T: DeserializeOwned>(body: &str, pointer: &str) -> Option<T> {
    objects::read(at(body, pointer)?.get()).ok()
}

/// Does a name on the way to a place stand twice with two values, in whatever case? Then nobody knows which one counts.
pub(crate) fn is_ambiguous(body: &str, pointer: &str) -> bool {
    let Ok(mut found) = objects::read::<&RawValue>(body) else { return false };
    for key in pointer::keys(pointer) {
        let Ok(members) = objects::read::<Members<'_>>(found.get()) else { return false };
        if members.has_another_reading(&key) {
            return true;
        }
        let Some(value) = members.once(&key) else { return false };
        found = value;
    }
    false
}

/// The JSON at a pointer of object keys.
fn at<'b>(body: &'b str, pointer: &str) -> Option<&'b RawValue> {
    let mut found: &RawValue = objects::read(body).ok()?;
    for key in pointer::keys(pointer) {
        let members: Members<'b> = objects::read(found.get()).ok()?;
        // A name that stands twice says two things, and so nothing that proves anything.
        found = members.once(&key)?;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: RefusalPlaces = RefusalPlaces {
        who: "masterpass",
        status: "/Detail/StatusCode",
        accepted: &[200, 202],
        code: "/Detail/Exception/Code",
        message: "/Detail/Exception/Message",
        harmless: &["CARD_NOT_FOUND"],
    };

    fn proves(status: &str, code: &str) -> bool {
        let body = format!(r#"{{"Detail":{{"StatusCode":{status},"Exception":{{"Code":"{code}"}}}},"Odd":[[[1]]]}}"#);
        PLACES.read(&body).expect("a refusal").nothing_charged()
    }

    #[test]
    fn a_harmless_code_proves_it_only_beside_a_status_that_refuses() {
        assert!(proves("404", "CARD_NOT_FOUND"));
        for status in ["200", "202", "504", "500", "408", "429", "null", "\"404\""] {
            assert!(!proves(status, "CARD_NOT_FOUND"), "{status}");
        }
        assert!(!proves("404", "OTHER"));
    }

    #[test]
    fn an_exception_without_a_code_is_a_refusal_without_proof() {
        let refusal = PLACES.read(r#"{"Detail":{"StatusCode":200,"Exception":{"Level":"Unauthorized"}}}"#);
        assert!(refusal.is_some_and(|refusal| !refusal.nothing_charged()));
    }

    #[test]
    fn an_accepted_status_without_an_exception_is_none() {
        for body in [
            r#"{"Detail":{"StatusCode":202,"Exception":null}}"#,
            r#"{"Detail":{"StatusCode":200}}"#,
            r#"{"Detail":null}"#,
            "{}",
            "null",
            "\"\"",
            "[1]",
            "7",
        ] {
            assert!(PLACES.read(body).is_none(), "{body}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_proves_nothing() {
        let refused = r#"{"Detail":{"StatusCode":200,"StatusCode":404,"Exception":{"Code":"CARD_NOT_FOUND"}}}"#;
        assert!(PLACES.read(refused).is_none_or(|refusal| !refusal.nothing_charged()));
        let flag = SuccessPlace { at: "/Masterpass/Result", values: &["true"] };
        assert!(!flag.is_in(r#"{"Masterpass":{"Result":false,"Result":true}}"#));
    }

    #[test]
    fn two_values_under_one_name_in_whatever_case_are_ambiguous() {
        for (body, ambiguous) in [
            (r#"{"A":{"B":1}}"#, false),
            (r#"{"A":{"B":1,"b":1},"a":{"B":1,"b":1}}"#, false),
            (r#"{"A":{"B":1,"b":2}}"#, true),
            (r#"{"A":{"B":1,"B":2}}"#, true),
            (r#"{"A":{"B":1},"a":{"B":2}}"#, true),
            (r#"{"C":1,"c":2,"A":{"B":1}}"#, false),
            (r#"{"A":7,"a":7}"#, false),
            ("null", false),
        ] {
            assert_eq!(is_ambiguous(body, "/A/B"), ambiguous, "{body}");
        }
    }

    #[test]
    fn a_success_says_that_it_is_one() {
        let flag = SuccessPlace { at: "/Masterpass/Result", values: &["true"] };
        let code = SuccessPlace { at: "/Code", values: &["0000"] };
        for (body, says_flag, says_code) in [
            (r#"{"Masterpass":{"Result":true},"Code":"0000"}"#, true, true),
            (r#"{"Masterpass":{"Result":false},"Code":"5001"}"#, false, false),
            (r#"{"Masterpass":{"Result":null},"Code":0}"#, false, false),
            (r#"{"Masterpass":null,"Code":""}"#, false, false),
            ("null", false, false),
            ("\"\"", false, false),
        ] {
            assert_eq!((flag.is_in(body), code.is_in(body)), (says_flag, says_code), "{body}");
        }
        let any = SuccessPlace { at: "/Payment/PaymentId", values: &[] };
        for (id, says_it) in [
            ("7", true),
            ("\"7\"", true),
            ("\"9e137ed8-dba4\"", true),
            ("null", false),
            ("\"\"", false),
            ("0", false),
            ("-1", false),
            ("0.0", false),
            ("\"0\"", false),
            ("-0", false),
            ("0e5", false),
            ("false", false),
            ("true", false),
            ("{}", false),
            ("[7]", false),
        ] {
            assert_eq!(any.is_in(&format!(r#"{{"Payment":{{"PaymentId":{id}}}}}"#)), says_it, "{id}");
        }
        assert!(!any.is_in("{}"));
    }

    #[test]
    fn the_banks_words_are_read_whatever_else_is_odd() {
        let places = BankErrorPlaces { bank_code: Some("/Error/BankErrorCode"), ..BankErrorPlaces::NONE };
        for (body, code) in [
            (r#"{"Error":{"BankErrorCode":"51"}}"#, Some("51")),
            (r#"{"Error":{"BankErrorCode":51},"RedirectUrl":7}"#, Some("51")),
            (r#"{"Error":{"BankErrorCode":null}}"#, None),
            (r#"{"Error":{"BankErrorCode":""}}"#, None),
            (r#"{"Error":null}"#, None),
            ("null", None),
        ] {
            let bank = places.read(body);
            assert_eq!(bank.as_ref().and_then(BankError::bank_code), code, "{body}");
        }
    }

    #[test]
    fn an_answer_to_another_request_is_told_by_what_it_repeats() {
        let echo = Echo { request: "/Code", answer: "/Payment/Code" };
        for (sent, answer, agrees) in [
            ("order-1", r#""order-1""#, true),
            ("order-1", r#""order-2""#, false),
            ("order-1", r#""ORDER-1""#, false),
            ("order-1", "null", true),
            ("order-1", r#""""#, true),
            ("7", "7", true),
            ("7", r#""7""#, true),
            ("7", "8", false),
            ("7", "7.0", true),
            ("9E137ED8-DBA4-4141-9115-EE2CC774ACF5", r#""9e137ed8-dba4-4141-9115-ee2cc774acf5""#, true),
        ] {
            let body = format!(r#"{{"Payment":{{"Code":{answer}}}}}"#);
            assert_eq!(echo.agrees(sent, &body), agrees, "{sent} {answer}");
        }
        assert!(echo.agrees("order-1", "null") && echo.agrees("order-1", "{}"));
    }

    #[test]
    fn a_session_is_followed_only_when_it_was_renewed() {
        let places = SessionPlaces { renewed: "/Session/SessionRenewed", id: "/Session/SessionId", expiry: None };
        let body =
            |renewed: &str, id: &str| format!(r#"{{"Session":{{"SessionRenewed":{renewed},"SessionId":{id}}}}}"#);
        assert!(places.read(&body("true", "\"new\"")).is_some());
        for (renewed, id) in [("false", "\"new\""), ("null", "\"new\""), ("true", "\"\""), ("true", "null")] {
            assert!(places.read(&body(renewed, id)).is_none(), "{renewed} {id}");
        }
    }
}
