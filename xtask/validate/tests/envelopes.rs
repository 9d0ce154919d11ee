//! Whether contract and client agree on what makes an answer one of Paywall's: `ErrorCode` and `Result`, in every form
//! that each of them can have.

use paywall_api::bytes::Bytes;
use paywall_api::http;
use paywall_api::payments::CancelPayment;
use paywall_api::{ErrorKind, Operation, decode};
use paywall_validate::checker::{Checker, Part, Settings};
use paywall_validate::finding::{Finding, Rule, Severity};
use paywall_validate::tree::{Dialect, Parser};

/// What can stand in the place of a field; `None` for nothing.
const VALUES: [Option<&str>; 24] = [
    None,
    Some("null"),
    Some("true"),
    Some("false"),
    Some("\"true\""),
    Some("\"0\""),
    Some("\"\""),
    Some("0"),
    Some("-0"),
    Some("0.0"),
    Some("0e0"),
    Some("1"),
    Some("-1"),
    Some("5"),
    Some("0.5"),
    Some("1e2"),
    Some("45"),
    Some("2147483648"),
    Some("-9223372036854775808"),
    Some("9223372036854775808"),
    Some("1e400"),
    Some("[]"),
    Some("[0]"),
    Some("{}"),
];

fn answer(code: Option<&str>, result: Option<&str>) -> String {
    let fields = [("ErrorCode", code), ("Result", result), ("Message", Some("\"\"")), ("Body", Some("null"))];
    let fields = fields.iter().filter_map(|(name, value)| Some(format!("\"{name}\": {}", (*value)?)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}

/// Whether the client takes a text for no answer of Paywall's at all: it has no code to tell.
fn is_no_envelope(text: &str) -> bool {
    let response = http::Response::new(Bytes::from(text.to_owned()));
    let request = paywall_api::http::Request::new(paywall_api::bytes::Bytes::new());
    decode::<CancelPayment>(&request, response)
        .is_err_and(|error| error.kind() == ErrorKind::Decode && error.code().is_none())
}

fn errors(checker: &Checker, operation: &str, text: &str) -> Vec<Finding> {
    let id = checker.find(operation, Part::Response).expect("an answer");
    let mut parser = Parser::default();
    let tree = parser.parse(text, Dialect::Strict).expect("json");
    let findings = checker.check(id, tree.root()).into_iter();
    findings.filter(|finding| finding.severity == Severity::Error).collect()
}

#[test]
fn what_the_client_takes_for_no_envelope_is_wrong_and_nothing_else_is() {
    let checker = Checker::built_in(Settings::default());
    let mut refused = 0;
    for code in VALUES {
        for result in VALUES {
            let text = answer(code, result);
            let found = errors(&checker, CancelPayment::ID, &text);
            assert_eq!(!found.is_empty(), is_no_envelope(&text), "{text}: {found:?}");
            refused += usize::from(!found.is_empty());
        }
    }
    // 0, 1, -1, 5, 45 and two that need 64 bits; true and false.
    assert_eq!(VALUES.len() * VALUES.len() - refused, 7 * 2);
}

#[test]
fn an_answer_of_any_operation_without_its_envelope_is_wrong() {
    let checker = Checker::built_in(Settings::default());
    let answers: Vec<_> = checker.payloads().filter(|id| checker.part(*id) == Part::Response).collect();
    assert!(answers.len() > 20);
    for id in answers {
        let operation = checker.operation(id);
        for (text, missed) in [
            (r#"{"ErrorCode": 5, "Message": "", "Body": null}"#, "/Result"),
            (r#"{"Result": false, "Message": "", "Body": null}"#, "/ErrorCode"),
        ] {
            let found = errors(&checker, operation, text);
            let [only] = &found[..] else { panic!("{operation} {text}: {found:?}") };
            assert_eq!((only.rule, only.pointer.as_str()), (Rule::Required, missed), "{operation}");
            assert!(only.help.as_deref().is_some_and(|help| help.starts_with("add `")), "{operation}");
        }
        for (text, missed) in [
            (r#"{"ErrorCode": 5, "Result": null, "Message": "", "Body": null}"#, "/Result"),
            (r#"{"ErrorCode": null, "Result": false, "Message": "", "Body": null}"#, "/ErrorCode"),
        ] {
            let found = errors(&checker, operation, text);
            let [only] = &found[..] else { panic!("{operation} {text}: {found:?}") };
            assert_eq!((only.rule, only.pointer.as_str()), (Rule::Null, missed), "{operation}");
        }
    }
}
