//! What serde says of a value that fits no type of ours holds nothing of that value, whichever type is read and
//! wherever the value stands.

use std::fmt::Debug;
use std::time::SystemTime;

use paywall_api::codes::{Currency, TempCardType};
use paywall_api::payments::{PaymentCard, Start3dPayment, Start3dRequest};
use paywall_api::{
    Amount, CardNumber, Effect, Nothing, Personal, Secret, SecurityCode, Snapshot, Timestamp, Unknown, WithParameters,
};
use paywall_contract::sample::Part;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::places::payload;
use crate::operations;

/// A card number that occurs nowhere by chance.
const PLANT: &str = "5528790000000008";

/// Its request is `()` and its answer a `String`: what serde says of those is not ours.
const OF_THE_STANDARD_LIBRARY: &str = "getVersion";

/// What is said of a text that does not fit, or nothing.
pub(crate) fn said<T: DeserializeOwned>(json: &str) -> Option<String> {
    let error = serde_json::from_str::<T>(json).err()?;
    Some(format!("{error}\n{error:?}\n{error:#?}"))
}

/// The plant in every form that a value has, and in texts that imitate what serde says.
fn plants() -> Vec<Value> {
    let number: u64 = PLANT.parse().expect("a number");
    vec![
        json!(PLANT),
        json!(number),
        json!(-i64::try_from(number).expect("a number")),
        serde_json::from_str(&format!("{PLANT}.5")).expect("a number"),
        json!({ PLANT: number }),
        json!({ "Number": [number] }),
        json!([PLANT]),
        json!([number, { "Number": PLANT }]),
        json!(format!("missing field `{PLANT}`")),
        json!(format!("x\", expected {PLANT}")),
        json!(format!("x at line {PLANT} column 1")),
    ]
}

/// The pointers of all values in `json`, the root's first.
pub(super) fn pointers(json: &Value) -> Vec<String> {
    fn visit(json: &Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        match json {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                let name = name.replace('~', "~0").replace('/', "~1");
                visit(value, &format!("{at}/{name}"), found);
            }),
            Value::Array(elements) => {
                elements.iter().enumerate().for_each(|(index, value)| visit(value, &format!("{at}/{index}"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    visit(json, "", &mut found);
    found
}

/// Plants at every place of `json` in turn. Returns how many texts were refused.
fn refused_without_a_trace(what: &str, json: &Value, said: fn(&str) -> Option<String>) -> usize {
    let mut refused = 0;
    for pointer in pointers(json) {
        for plant in plants() {
            let mut json = json.clone();
            *json.pointer_mut(&pointer).expect("a place") = plant.clone();
            if let Some(said) = said(&json.to_string()) {
                refused += 1;
                assert!(!said.contains(&PLANT[..8]), "{what}, {plant} at {pointer:?}: {said}");
            }
        }
    }
    refused
}

#[test]
fn no_request_or_answer_that_cannot_be_read_is_quoted() {
    for operation in operations::all().into_iter().filter(|one| one.id != OF_THE_STANDARD_LIBRARY) {
        for (part, said) in [(Part::Request, operation.said_of_request), (Part::Response, operation.said_of_response)] {
            let mut json = payload(operation.id, part);
            let json = if part == Part::Request { json } else { json["Body"].take() };
            let refused = refused_without_a_trace(operation.id, &json, said);
            assert!(refused >= plants().len() / 2, "{}: {refused} of {part:?}", operation.id);
        }
    }
}

#[test]
fn no_message_that_cannot_be_read_is_quoted() {
    for message in operations::messages() {
        let refused = refused_without_a_trace(message.id, &payload(message.id, Part::Request), message.said);
        assert!(refused >= plants().len() / 2, "{}: {refused}", message.id);
    }
}

fn assert_quiet<T: DeserializeOwned + Debug>(json: &Value) {
    let what = std::any::type_name::<T>();
    assert!(refused_without_a_trace(what, json, said::<T>) > 0, "{what} takes everything");
}

#[test]
fn no_value_of_ours_that_cannot_be_read_is_quoted() {
    assert_quiet::<Amount>(&json!(1));
    assert_quiet::<Timestamp>(&json!("2025-07-27T11:24:57"));
    assert_quiet::<CardNumber>(&json!("1"));
    assert_quiet::<SecurityCode>(&json!("1"));
    assert_quiet::<Secret>(&json!("1"));
    assert_quiet::<Personal>(&json!("1"));
    assert_quiet::<Nothing>(&Value::Null);
    assert_quiet::<Currency>(&json!(1));
    assert_quiet::<TempCardType>(&json!(1));
    assert_quiet::<Effect>(&json!("payment"));
    assert_quiet::<WithParameters<CardNumber, Amount>>(&json!({ "parameters": "1", "body": 1 }));
    let unknown = Unknown::rebuild::<Start3dPayment>("order-1", SystemTime::UNIX_EPOCH);
    assert_quiet::<Unknown>(&serde_json::to_value(&unknown).expect("json"));
    let snapshot: Snapshot = serde_json::from_str("{}").expect("a snapshot of nothing");
    let mut snapshot = serde_json::to_value(&snapshot).expect("json");
    snapshot["movements"] = json!([{ "id": 1, "kind": 1, "status": 1, "amount": "1.00" }]);
    assert_quiet::<Snapshot>(&snapshot);
}

#[test]
fn what_is_no_value_is_still_said() {
    let said = |json: &str| serde_json::from_str::<PaymentCard>(json).expect_err("not a card").to_string();
    assert!(said("[[]]").starts_with("invalid value, expected text at line 1"), "{}", said("[[]]"));
    let incomplete = serde_json::from_str::<Start3dRequest>("{}").expect_err("incomplete").to_string();
    assert!(incomplete.starts_with("missing field `PaymentDetail` at line 1"), "{incomplete}");
    let doubled = r#"{"OwnerName":"a","OwnerName":"b"}"#;
    assert_eq!(said(doubled), "duplicate field `OwnerName` at line 1 column 28");
    assert_eq!(said("7"), "invalid value, expected struct PaymentCard at line 1 column 1");
    let amount = serde_json::from_str::<Amount>("\"1.00\"").expect_err("quoted").to_string();
    assert!(amount.starts_with("expected a plain decimal number such as 101.50"), "{amount}");
    // A text that breaks off, or is no JSON, is told from one of another shape.
    let broken = serde_json::from_str::<PaymentCard>(r#"{"OwnerName":"#).expect_err("broken off");
    assert!(broken.is_eof(), "{broken:?}");
    let wrong = serde_json::from_str::<PaymentCard>(r#"{"OwnerName":x"#).expect_err("no json");
    assert!(wrong.is_syntax(), "{wrong:?}");
}
