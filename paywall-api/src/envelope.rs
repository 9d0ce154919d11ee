//! The envelope of an answer, read by the places that the contract names, before what it carries: a refusal with an odd
//! body is still a refusal.

use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::envelope_places::{SuccessMark, Yes};
use crate::object::{Members, says_nothing};
use crate::{EnvelopePlaces, ErrorDetail, ErrorPlaces, byte_order_mark, objects};

/// The code of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Number(i64),
    Text(String),
}

/// What an answer is wrapped in. The required marks of success alone make it one; the rest may be absent or odd.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Envelope<'a> {
    places: &'static EnvelopePlaces,
    /// What each mark that is there says.
    marks: Vec<(&'static SuccessMark, Said)>,
    whole: &'a str,
    /// None where there is no envelope.
    members: Option<Members<'a>>,
}

/// What a mark of success says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Flag(bool),
    Number(i64),
    Text(String),
}

impl Said {
    fn of(mark: &SuccessMark, raw: &RawValue) -> Option<Self> {
        match mark.yes {
            Yes::Flag(_) => objects::read(raw.get()).ok().map(Self::Flag),
            Yes::Number(_) => objects::read(raw.get()).ok().map(Self::Number),
            Yes::Text(_) => objects::read(raw.get()).ok().map(Self::Text),
        }
    }

    fn is(&self, yes: Yes) -> bool {
        match (self, yes) {
            (Self::Flag(said), Yes::Flag(yes)) => *said == yes,
            (Self::Number(said), Yes::Number(yes)) => *said == yes,
            (Self::Text(said), Yes::Text(yes)) => said == yes,
            _ => false,
        }
    }
}

impl<'a> Envelope<'a> {
    /// Reads `text`, which may begin with a byte order mark.
    pub(crate) fn read(text: &'a str, places: &'static EnvelopePlaces) -> Result<Self, NoEnvelope> {
        let json = byte_order_mark::without(text);
        if places.success.is_empty() {
            let whole = objects::read::<&RawValue>(json).map_err(|error| broken(json, &error, places))?;
            return Ok(Self { places, marks: Vec::new(), whole: whole.get(), members: None });
        }
        let members: Members<'a> = objects::read(json).map_err(|error| broken(json, &error, places))?;
        let mut marks = Vec::new();
        for mark in places.success {
            // Whoever writes a name in another case may still mean no.
            let other_case = || members.in_any_case(mark.member).filter(|_| !mark.is_required || places.small_letters);
            let raw = members.once(mark.member).or_else(other_case);
            let is_silent = raw.is_none_or(|raw| raw.get() == "null") && !mark.is_required;
            match raw.and_then(|raw| Said::of(mark, raw)) {
                Some(said) => marks.push((mark, said)),
                None if is_silent => {}
                None => return Err(NoEnvelope::new(not_whole(places))),
            }
        }
        if marks.is_empty() {
            return Err(NoEnvelope::new(not_whole(places)));
        }
        Ok(Self { places, marks, whole: json, members: Some(members) })
    }

    /// Is there an envelope at all?
    pub(crate) fn is_there(&self) -> bool {
        self.members.is_some()
    }

    /// Do all marks say yes, and nothing else no?
    pub(crate) fn is_success(&self) -> bool {
        self.marks.iter().all(|(mark, said)| said.is(mark.yes)) && !self.is_contradictory()
    }

    /// Does one mark say yes and another no, or say the same name in another case something else?
    pub(crate) fn is_contradictory(&self) -> bool {
        let says_yes = |(mark, said): &(&SuccessMark, Said)| said.is(mark.yes);
        let (yes, no) = (self.marks.iter().any(says_yes), !self.marks.iter().all(says_yes));
        let says_two_things = |name| self.members.as_ref().is_some_and(|members| members.has_another_reading(name));
        (yes && no) || self.places.success.iter().any(|mark| says_two_things(mark.member))
    }

    /// Does it say anything beyond its documented members?
    pub(crate) fn says_more(&self) -> bool {
        let is_known = |name: &str| self.places.members().any(|known| known == name);
        let members = self.members.iter().flat_map(Members::iter);
        self.places.payload.is_some()
            && members.into_iter().any(|(name, value)| !is_known(name) && !says_nothing(value.get()))
    }

    fn member(&self, name: Option<&str>) -> Option<&'a RawValue> {
        let (members, name) = (self.members.as_ref()?, name?);
        members.once(name).or_else(|| members.in_any_case(name).filter(|_| self.places.small_letters))
    }

    /// The code, a number or a text that is not empty.
    pub(crate) fn code(&self) -> Option<Code> {
        code(self.member(self.places.code)?)
    }

    pub(crate) fn code_type(&self) -> Option<i64> {
        objects::read(self.member(self.places.code_type)?.get()).ok()
    }

    /// The first message that says anything.
    pub(crate) fn message(&self) -> Option<String> {
        let messages = self.places.messages.iter().filter_map(|name| text(self.member(Some(name))?));
        messages.into_iter().next()
    }

    /// What went wrong, by the list of it.
    pub(crate) fn errors(&self) -> Vec<ErrorDetail> {
        let Some(places) = self.places.errors else { return Vec::new() };
        let list = self.member(Some(places.list)).and_then(|raw| objects::read::<Vec<&RawValue>>(raw.get()).ok());
        list.unwrap_or_default().into_iter().filter_map(|raw| detail(raw, places)).collect()
    }

    /// The JSON of what it carries; `null` where that is absent.
    pub(crate) fn body(&self) -> &'a str {
        match self.places.payload {
            Some(payload) => self.member(Some(payload)).map_or("null", RawValue::get),
            None => self.whole,
        }
    }

    /// The marks as they are, for an error: numbers and flags alone, since a text may be anything.
    pub(crate) fn told(&self) -> String {
        let told = self.marks.iter().map(|(mark, said)| match said {
            Said::Flag(flag) => format!("{} {flag}", mark.member),
            Said::Number(number) => format!("{} {}", mark.member, crate::decode::shown(*number)),
            Said::Text(_) => mark.member.to_owned(),
        });
        told.collect::<Vec<_>>().join(" and ")
    }
}

fn code(raw: &RawValue) -> Option<Code> {
    let number = objects::read(raw.get()).ok().map(Code::Number);
    number.or_else(|| text(raw).map(Code::Text))
}

/// A text that is not empty.
fn text(raw: &RawValue) -> Option<String> {
    objects::read::<String>(raw.get()).ok().filter(|text| !text.is_empty())
}

fn detail(raw: &RawValue, places: ErrorPlaces) -> Option<ErrorDetail> {
    if let Some(message) = text(raw) {
        return Some(ErrorDetail { code: None, message: Some(message) });
    }
    let members: Members<'_> = objects::read(raw.get()).ok()?;
    let code = places.code.and_then(|name| code(members.once(name)?)).map(|code| match code {
        Code::Number(number) => number.to_string(),
        Code::Text(text) => text,
    });
    let message = places.message.and_then(|name| text(members.once(name)?));
    (code.is_some() || message.is_some()).then_some(ErrorDetail { code, message })
}

/// Why a text is no envelope.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct NoEnvelope {
    pub(crate) found: String,
    /// Is it the beginning of something whose end is missing?
    pub(crate) ends_early: bool,
}

impl NoEnvelope {
    pub(crate) fn new(found: impl Into<String>) -> Self {
        Self { found: found.into(), ends_early: false }
    }
}

/// Serde calls a number that stops short (`-`, `1.`) wrong rather than unfinished, unless it gets a digit more.
fn ends_early(json: &str, error: &serde_json::Error) -> bool {
    let with_a_digit = || Zeroizing::new([json, "0"].concat());
    let is_begun = |json: &str| objects::read::<IgnoredAny>(json).is_err_and(|error| error.is_eof());
    error.is_eof() || (error.is_syntax() && is_begun(&with_a_digit()))
}

/// A JSON that lacks a mark of success.
fn not_whole(places: &EnvelopePlaces) -> String {
    let marks = places.success.iter().filter(|mark| mark.is_required).map(|mark| match mark.yes {
        Yes::Flag(_) => format!("a true or false {}", mark.member),
        Yes::Number(_) => format!("a whole {}", mark.member),
        Yes::Text(_) => format!("a text {}", mark.member),
    });
    format!("the answer is json without {}", marks.collect::<Vec<_>>().join(" and "))
}

fn broken(json: &str, error: &serde_json::Error, places: &EnvelopePlaces) -> NoEnvelope {
    NoEnvelope { found: found(error, places), ends_early: ends_early(json, error) }
}

/// Serde's own words may quote the answer, so only their class and place are kept.
fn found(error: &serde_json::Error, places: &EnvelopePlaces) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Eof => format!("the answer breaks off at line {line}, column {column}"),
        serde_json::error::Category::Data => not_whole(places),
        _ => format!("the answer is not json from line {line}, column {column} on"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static PAYMENT: EnvelopePlaces = EnvelopePlaces {
        success: &[SuccessMark::number("ErrorCode", 0), SuccessMark::flag("Result", true)],
        code: Some("ErrorCode"),
        code_type: Some("ErrorCodeType"),
        messages: &["Message", "ErrorMessage"],
        payload: Some("Body"),
        ..EnvelopePlaces::NONE
    };

    static WALLET: EnvelopePlaces = EnvelopePlaces {
        success: &[SuccessMark::flag("IsSuccess", true), SuccessMark::flag("IsFailure", false).optional()],
        errors: Some(ErrorPlaces { list: "Errors", code: Some("Code"), message: Some("Message") }),
        payload: Some("Value"),
        ..EnvelopePlaces::NONE
    };

    #[test]
    fn a_small_first_letter_is_read_where_the_contract_says_so() {
        static EITHER: EnvelopePlaces = EnvelopePlaces { small_letters: true, ..WALLET };
        let json = r#"{"isSuccess":true,"value":{"Id":1}}"#;
        assert!(wallet(json).is_err());
        let envelope = Envelope::read(json, &EITHER).expect("envelope");
        assert!(envelope.is_success() && envelope.body() == r#"{"Id":1}"#);
    }

    static AT_THE_ROOT: EnvelopePlaces = EnvelopePlaces {
        success: &[SuccessMark::text("status", "success")],
        code: Some("code"),
        messages: &["reason"],
        ..EnvelopePlaces::NONE
    };

    fn read(text: &str) -> Result<Envelope<'_>, NoEnvelope> {
        Envelope::read(text, &PAYMENT)
    }

    fn wallet(text: &str) -> Result<Envelope<'_>, NoEnvelope> {
        Envelope::read(text, &WALLET)
    }

    #[test]
    fn one_mark_may_be_silent_and_two_may_not_disagree() {
        for (json, success, contradictory) in [
            (r#"{"IsSuccess":true,"IsFailure":false}"#, true, false),
            (r#"{"IsSuccess":true}"#, true, false),
            (r#"{"IsSuccess":true,"IsFailure":null}"#, true, false),
            (r#"{"IsSuccess":true,"IsFailure":true}"#, false, true),
            (r#"{"IsSuccess":false,"IsFailure":false}"#, false, true),
            (r#"{"IsSuccess":false,"IsFailure":true}"#, false, false),
            (r#"{"IsSuccess":true,"isSuccess":false}"#, false, true),
            (r#"{"IsSuccess":true,"isFailure":true}"#, false, true),
        ] {
            let envelope = wallet(json).expect(json);
            assert_eq!((envelope.is_success(), envelope.is_contradictory()), (success, contradictory), "{json}");
        }
        for json in [r#"{"IsFailure":false}"#, r#"{"IsSuccess":"true"}"#, r#"{"IsSuccess":true,"IsFailure":"no"}"#] {
            assert!(wallet(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_list_of_errors_is_read_element_by_element() {
        let json =
            r#"{"IsSuccess":false,"Errors":[{"Code":"Limit.Exceeded","Message":"too much"},"plain",{"Code":7},[],{}]}"#;
        let errors = wallet(json).expect("envelope").errors();
        let read: Vec<_> = errors.iter().map(|error| (error.code.as_deref(), error.message.as_deref())).collect();
        assert_eq!(read, [(Some("Limit.Exceeded"), Some("too much")), (None, Some("plain")), (Some("7"), None)]);
        assert!(wallet(r#"{"IsSuccess":false,"Errors":"none"}"#).expect("envelope").errors().is_empty());
    }

    #[test]
    fn what_stands_at_the_root_is_the_whole_answer() {
        let json = r#"{"status":"failed","code":"E-12","reason":"no","Balance":1.00}"#;
        let envelope = Envelope::read(json, &AT_THE_ROOT).expect("envelope");
        assert!(!envelope.is_success() && !envelope.is_contradictory() && !envelope.says_more());
        assert_eq!(envelope.code(), Some(Code::Text("E-12".to_owned())));
        assert_eq!((envelope.body(), envelope.message().as_deref()), (json, Some("no")));
        assert_eq!(envelope.told(), "status", "a text may be anything");
    }

    #[test]
    fn where_there_is_no_envelope_any_json_is_an_answer() {
        for json in ["[1]", "\"text\"", "{}", "null"] {
            let envelope = Envelope::read(json, &EnvelopePlaces::NONE).expect(json);
            assert!(envelope.is_success() && !envelope.is_contradictory() && envelope.body() == json);
        }
        assert!(Envelope::read("<html>", &EnvelopePlaces::NONE).is_err());
    }

    #[test]
    fn code_and_result_make_an_envelope() {
        let envelope = read("\u{feff}{\"ErrorCode\":0,\"Result\":true,\"New\":{}}").expect("envelope");
        assert!(envelope.is_success() && !envelope.is_contradictory());
        assert_eq!(envelope.body(), "null");
        assert_eq!(envelope.message(), None);
    }

    #[test]
    fn odd_company_is_tolerated() {
        let json =
            r#"{"ErrorCodeType":"one","ErrorMessage":"why","ErrorCode":5,"Result":false,"Message":[1],"Body":""}"#;
        let envelope = read(json).expect("envelope");
        assert_eq!(envelope.code_type(), None);
        assert_eq!(envelope.message().as_deref(), Some("why"));
        assert_eq!(envelope.body(), "\"\"");
    }

    #[test]
    fn contradictions_are_seen() {
        for (json, contradictory) in [
            (r#"{"ErrorCode":0,"Result":false}"#, true),
            (r#"{"ErrorCode":5,"Result":true}"#, true),
            (r#"{"ErrorCode":5,"Result":false}"#, false),
        ] {
            let envelope = read(json).expect(json);
            assert!(!envelope.is_success());
            assert_eq!(envelope.is_contradictory(), contradictory, "{json}");
        }
    }

    #[test]
    fn a_name_in_another_case_that_says_something_else_is_a_contradiction() {
        for (more, contradictory) in [
            (r#""errorCode":5"#, true),
            (r#""ERRORCODE":0,"result":false"#, true),
            (r#""errorcode":null"#, true),
            (r#""errorCode":0,"RESULT":true"#, false),
            (r#""message":"other","body":{}"#, false),
        ] {
            let json = format!(r#"{{"ErrorCode":0,"Result":true,"Message":"","Body":null,{more}}}"#);
            let envelope = read(&json).expect(more);
            assert_eq!((envelope.is_contradictory(), envelope.is_success()), (contradictory, !contradictory), "{more}");
        }
    }

    #[test]
    fn what_stands_beside_the_documented_members_is_seen() {
        for (more, says_more) in [
            (r#""Data":{"Paywall":{"StatusId":4}}"#, true),
            (r#""body":{"Paywall":{}}"#, false),
            (r#""body":{"Paywall":{"PaymentId":7}}"#, true),
            (r#""X":{"PaymentId":7},"X":null"#, true),
            (r#""New":null,"Other":"","Third":{}"#, false),
        ] {
            let json = format!(r#"{{"ErrorCode":0,"Result":true,"Message":"hello",{more}}}"#);
            assert_eq!(read(&json).expect(more).says_more(), says_more, "{more}");
        }
    }

    #[test]
    fn all_else_is_none_and_is_not_quoted() {
        for text in [
            "",
            "<html>4111111111111111</html>",
            "null",
            "[]",
            "[0,true]",
            "[0,true,null,null,null,{}]",
            "{}",
            r#"{"Result":true}"#,
            r#"{"ErrorCode":"4111111111111111","Result":true}"#,
            r#"{"ErrorCode":0,"Result":"4111111111111111"}"#,
            r#"{"ErrorCode":0,"ErrorCode":5,"Result":true}"#,
            r#"{"ErrorCode":0,"Result":true,"Body":{"#,
            r#"{"ErrorCode":0,"Result":true} x"#,
        ] {
            let found = read(text).expect_err(text).found;
            assert!(!found.contains("4111"), "{found}");
        }
    }

    #[test]
    fn a_beginning_is_told_from_what_is_wrong() {
        let whole =
            r#"{"ErrorCode":-1,"Result":true,"New":"\ud83d\ude00ğ","Body":{"A":[-1.50,2e+1,null,false]},"Z":{}}"#;
        assert!(read(whole).is_ok());
        for (end, _) in whole.char_indices().skip(1) {
            assert!(read(&whole[..end]).is_err_and(|error| error.ends_early), "{}", &whole[..end]);
        }
        for wrong in ["<", "{}", "{} -", "{\"a\":x", "{\"a\":1.x", "{\"a\":--", "[0"] {
            assert!(read(wrong).is_err_and(|error| !error.ends_early), "{wrong}");
        }
    }
}
