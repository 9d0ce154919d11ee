//! Is an answer one of Paywall's? The envelope is read before the body, so that a refusal with an odd body is still
//! a refusal.

use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::object::{Members, says_nothing};
use crate::{byte_order_mark, objects};

/// The members of an envelope, as Paywall spells them.
const KNOWN: [&str; 6] = ["ErrorCode", "Result", "ErrorCodeType", "Message", "ErrorMessage", "Body"];

/// What every answer of Paywall is wrapped in. Only `ErrorCode` and `Result` make it one; the rest may be absent or
/// odd.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Envelope<'a> {
    pub(crate) code: i64,
    pub(crate) result: bool,
    members: Members<'a>,
}

impl<'a> Envelope<'a> {
    /// Reads `text`, which may begin with a byte order mark.
    pub(crate) fn read(text: &'a str) -> Result<Self, NoEnvelope> {
        let json = byte_order_mark::without(text);
        let members: Members<'a> = objects::read(json)
            .map_err(|error| NoEnvelope { found: found(&error), ends_early: ends_early(json, &error) })?;
        let code = members.once("ErrorCode").and_then(|raw| objects::read(raw.get()).ok());
        let result = members.once("Result").and_then(|raw| objects::read(raw.get()).ok());
        match (code, result) {
            (Some(code), Some(result)) => Ok(Self { code, result, members }),
            _ => Err(NoEnvelope::new(NOT_WHOLE)),
        }
    }

    /// Do `Result` and `ErrorCode` both say yes, and nothing else no?
    pub(crate) fn is_success(&self) -> bool {
        self.result && self.code == 0 && !self.is_contradictory()
    }

    /// Does one of them say yes and the other no, or say the same name in another case something else?
    pub(crate) fn is_contradictory(&self) -> bool {
        let says_two_things = |name| self.members.has_another_reading(name);
        self.result != (self.code == 0) || says_two_things("ErrorCode") || says_two_things("Result")
    }

    /// Does it say anything beyond its documented members?
    pub(crate) fn says_more(&self) -> bool {
        self.members.iter().any(|(name, value)| !KNOWN.contains(&name) && !says_nothing(value.get()))
    }

    pub(crate) fn code_type(&self) -> Option<i64> {
        objects::read(self.members.once("ErrorCodeType")?.get()).ok()
    }

    /// `Message`, or `ErrorMessage` where that has nothing to say.
    pub(crate) fn message(&self) -> Option<String> {
        let said = |raw: &RawValue| objects::read::<String>(raw.get()).ok();
        let messages = [self.members.once("Message"), self.members.once("ErrorMessage")];
        messages.into_iter().flatten().filter_map(said).find(|text| !text.is_empty())
    }

    /// The JSON of `Body`; `null` where it is absent.
    pub(crate) fn body(&self) -> &'a str {
        self.members.once("Body").map_or("null", RawValue::get)
    }
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

const NOT_WHOLE: &str = "the answer is json without a whole ErrorCode and a true or false Result";

/// Serde's own words may quote the answer, so only their class and place are kept.
fn found(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Eof => format!("the answer breaks off at line {line}, column {column}"),
        serde_json::error::Category::Data => NOT_WHOLE.to_owned(),
        _ => format!("the answer is not json from line {line}, column {column} on"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_result_make_an_envelope() {
        let envelope = Envelope::read("\u{feff}{\"ErrorCode\":0,\"Result\":true,\"New\":{}}").expect("envelope");
        assert!(envelope.is_success() && !envelope.is_contradictory());
        assert_eq!(envelope.body(), "null");
        assert_eq!(envelope.message(), None);
    }

    #[test]
    fn odd_company_is_tolerated() {
        let json =
            r#"{"ErrorCodeType":"one","ErrorMessage":"why","ErrorCode":5,"Result":false,"Message":[1],"Body":""}"#;
        let envelope = Envelope::read(json).expect("envelope");
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
            let envelope = Envelope::read(json).expect(json);
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
            let envelope = Envelope::read(&json).expect(more);
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
            assert_eq!(Envelope::read(&json).expect(more).says_more(), says_more, "{more}");
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
            let found = Envelope::read(text).expect_err(text).found;
            assert!(!found.contains("4111"), "{found}");
        }
    }

    #[test]
    fn a_beginning_is_told_from_what_is_wrong() {
        let whole =
            r#"{"ErrorCode":-1,"Result":true,"New":"\ud83d\ude00ğ","Body":{"A":[-1.50,2e+1,null,false]},"Z":{}}"#;
        assert!(Envelope::read(whole).is_ok());
        for (end, _) in whole.char_indices().skip(1) {
            assert!(Envelope::read(&whole[..end]).is_err_and(|error| error.ends_early), "{}", &whole[..end]);
        }
        for wrong in ["<", "{}", "{} -", "{\"a\":x", "{\"a\":1.x", "{\"a\":--", "[0"] {
            assert!(Envelope::read(wrong).is_err_and(|error| !error.ends_early), "{wrong}");
        }
    }
}
