//! What the checker says of payloads.

use super::*;
use crate::tree::{Dialect, Parser};

fn checker() -> Checker {
    Checker::built_in(Settings { today: Some((2026, 1)), show_values: false, types: true })
}

/// `rule pointer`, in the order of the text.
fn found(operation: &str, part: Part, text: &str) -> Vec<String> {
    let checker = checker();
    let id = checker.find(operation, part).expect("a payload of the contract");
    let mut parser = Parser::default();
    let root = parser.parse(text, Dialect::Lenient).expect("json").root();
    checker.check(id, root).iter().map(|finding| format!("{} {}", finding.rule, finding.pointer)).collect()
}

const TOKEN: &str = r#"{ "ClientCardSave": true, "ThreeDSession": false, "ExpiryMin": 30 }"#;

#[test]
fn every_schema_is_one_that_the_engine_takes() {
    let checker = checker();
    for id in checker.payloads() {
        Judge::new(&checker.book, &checker.book.payloads[id.0].schema);
    }
}

#[test]
fn every_payload_has_its_type_but_for_headers_beside_a_body() {
    let checker = checker();
    for id in checker.payloads() {
        let is_beside = checker.form(id) == Form::HeadersBeside;
        assert_eq!(checker.kinds[id.0].types.is_none(), is_beside, "{}", checker.operation(id));
    }
}

#[test]
fn a_good_payload_has_no_finding() {
    assert_eq!(found("createTempToken", Part::Request, TOKEN), Vec::<String>::new());
}

#[test]
fn each_finding_has_its_place() {
    let text = r#"{ "ClientCardSave": "true", "threedsession": false, "ExpiryMin": "30", "Colour": 1 }"#;
    let expected = [
        "boolean-in-text /ClientCardSave",
        "field-case /threedsession",
        "number-in-text /ExpiryMin",
        "unknown-field /Colour",
    ];
    assert_eq!(found("createTempToken", Part::Request, text), expected);
}

#[test]
fn a_missing_field_is_told_once_at_its_object() {
    assert_eq!(found("createTempToken", Part::Request, "{}").len(), 3);
    let misspelt = TOKEN.replace("ExpiryMin", "ExpryMin");
    assert_eq!(found("createTempToken", Part::Request, &misspelt), ["unknown-field /ExpryMin"]);
}

#[test]
fn a_kind_is_guessed_by_its_fields() {
    let checker = checker();
    let mut parser = Parser::default();
    let root = parser.parse(TOKEN, Dialect::Strict).expect("json").root();
    let guess = checker.guess(root).expect("a guess");
    assert_eq!((checker.operation(guess.id), checker.part(guess.id)), ("createTempToken", Part::Request));
    let root = parser.parse(r#"{"a": 1}"#, Dialect::Strict).expect("json").root();
    assert_eq!(checker.guess(root), None);
}

#[test]
fn a_refusal_is_judged_by_its_envelope_alone() {
    let refused = r#"{ "ErrorCode": 5, "Result": false, "Message": "no", "Body": { "Odd": [1] } }"#;
    assert_eq!(found("createTempToken", Part::Response, refused), ["unknown-field /Body/Odd"]);
    let taken = r#"{ "ErrorCode": 0, "Result": true, "Message": "", "Body": { "Token": 1 } }"#;
    assert_eq!(found("createTempToken", Part::Response, taken), ["text-as-number /Body/Token"]);
}
