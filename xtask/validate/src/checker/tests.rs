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
fn every_payload_has_its_type_but_for_headers_beside_a_body_and_for_nothing() {
    let checker = checker();
    for id in checker.payloads() {
        let is_nothing = checker.form(id) == Form::Headers && checker.parameters(id).is_empty();
        let has_none = checker.form(id) == Form::HeadersBeside || is_nothing;
        assert_eq!(checker.kinds[id.0].types.is_none(), has_none, "{}", checker.operation(id));
    }
}

#[test]
fn an_amount_below_its_bound_is_not_told_a_second_time_as_a_sum() {
    let payment = |amount: &str| {
        let text =
            format!(r#"{{ "PaymentDetail": {{ "Amount": {amount} }}, "Products": [{{ "ProductAmount": 1 }}] }}"#);
        let mut found = found("startDirectPayment", Part::Request, &text);
        found.retain(|finding| finding.ends_with("/Amount"));
        found
    };
    assert_eq!(payment("-1"), ["minimum /PaymentDetail/Amount"]);
    assert_eq!(payment("2"), ["sum /PaymentDetail/Amount"]);
}

#[test]
fn the_second_of_two_fields_is_not_told_as_an_error_of_the_first() {
    let text = r#"{ "currencyid": 1, "amount": 5, "distinctduplicates": true, "endoftheday": 1, "amount": "x" }"#;
    assert_eq!(found("queryInstallments", Part::Request, text), ["duplicate-field /amount"]);
}

#[test]
fn an_operation_that_takes_nothing_is_right_with_nothing() {
    assert_eq!(found("getVersion", Part::Request, "{}"), Vec::<String>::new());
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
fn a_misspelt_field_behind_many_unknown_ones_is_missed() {
    let many = (0..300).map(|index| format!("\"k{index}\": 1, ")).collect::<Vec<_>>().concat();
    let text = TOKEN.replace("\"ExpiryMin\"", &format!("{many}\"ExpryMin\""));
    assert!(found("createTempToken", Part::Request, &text).contains(&"required /ExpiryMin".to_owned()));
}

#[test]
fn fields_that_stand_twice_take_no_square_of_their_number() {
    let many = (0..400_000).map(|index| format!("\"k{}\": 1, ", index % 200_000)).collect::<Vec<_>>().concat();
    let text = TOKEN.replace("\"ExpiryMin\"", &format!("{many}\"ExpiryMin\""));
    assert_eq!(found("createTempToken", Part::Request, &text).len(), 1_000);
}

#[test]
fn the_types_read_as_deep_as_the_parser_does() {
    let deep = format!("{}{}", "[".repeat(125), "]".repeat(125));
    let checker = checker();
    let mut parser = Parser::default();
    let text = format!(r#"{{ "MerchantUniqueCode": "x", "Deep": {deep} }}"#);
    let root = parser.parse(&text, Dialect::Strict).expect("json").root();
    for id in checker.payloads() {
        let found = checker.check(id, root);
        assert!(found.iter().all(|finding| finding.rule != Rule::TypeDisagrees), "{}", checker.operation(id));
    }
    let text = TOKEN.replace("\"ExpiryMin\"", &format!("\"Deep\": {deep}, \"ExpiryMin\""));
    assert_eq!(self::found("createTempToken", Part::Request, &text), ["unknown-field /Deep"]);
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

/// The rules with other names for the members of the envelope, as another contract would give them.
fn renamed() -> Checker {
    let names = [("ErrorCode", "Verdict"), ("Result", "Went"), ("Message", "Words"), ("Body", "Cargo")];
    let quoted = |name: &str| format!("\"{name}\"");
    let book = names.iter().fold(BOOK.to_owned(), |book, (name, other)| book.replace(&quoted(name), &quoted(other)));
    let settings = Settings { today: Some((2026, 1)), show_values: false, types: false };
    Checker::of(serde_json::from_str(&book).expect("rules"), settings)
}

#[test]
fn what_the_members_of_an_envelope_are_called_is_the_contracts_word() {
    let checker = renamed();
    let id = checker.find("createTempToken", Part::Response).expect("a payload of the contract");
    for (text, expected) in [
        (r#"{ "Verdict": 5, "Went": false, "Words": "no", "Cargo": { "Odd": [1] } }"#, ["unknown-field /Cargo/Odd"]),
        (r#"{ "Verdict": 0, "Went": true, "Words": "", "Cargo": { "Token": 1 } }"#, ["text-as-number /Cargo/Token"]),
        (r#"{ "Verdict": 0, "Words": "", "Cargo": null }"#, ["required /Went"]),
    ] {
        let mut parser = Parser::default();
        let root = parser.parse(text, Dialect::Lenient).expect("json").root();
        let found: Vec<String> =
            checker.check(id, root).iter().map(|finding| format!("{} {}", finding.rule, finding.pointer)).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn the_case_of_a_header_says_nothing() {
    assert_eq!(found("queryPayment", Part::Request, r#"{"MERCHANTUNIQUECODE": "order-1"}"#), Vec::<String>::new());
}

#[test]
fn of_a_very_large_payload_the_first_broken_rule_is_told() {
    let products = vec![r#"{"ProductId": 1}"#; 60_000].join(",");
    let text = format!(r#"{{"PaymentDetail": {{}}, "Products": [{products}]}}"#);
    let found = found("startDirectPayment", Part::Request, &text);
    assert_eq!(found.len(), 1, "{found:?}");
}
