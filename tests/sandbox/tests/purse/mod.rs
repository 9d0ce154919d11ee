//! Payments and inquiries as bytes: the documented requests with another code of the merchant.

#![allow(dead_code, reason = "each test binary uses its part of it")]

use std::net::SocketAddr;
use std::sync::OnceLock;

use paywall_contract::Document;
use paywall_contract::sample::Part;
use serde_json::Value;

use crate::wire::{self, Answer, Asked};

/// The documented request of an operation, with its keys.
pub fn documented(operation: &str) -> Asked {
    static CONTRACT: OnceLock<Document> = OnceLock::new();
    let contract = CONTRACT.get_or_init(wire::contract);
    let samples = paywall_contract::sample::all(contract).into_iter();
    let mut own = samples.filter(|sample| sample.operation == operation && sample.part == Part::Request);
    wire::asked(contract, &own.next().expect("a documented request"))
}

/// A payment of one lira by a test card, under this code.
pub fn payment(code: &str) -> Asked {
    let mut asked = documented("startDirectPayment");
    let body = String::from_utf8(asked.body).expect("text");
    assert!(body.contains(CODE), "{body}");
    asked.body = body.replace(CODE, code).into_bytes();
    asked
}

/// The code of the documented payment.
const CODE: &str = "22123222256226225";

/// Whether an inquiry finds a payment of this code.
pub fn is_found(address: SocketAddr, code: &str) -> bool {
    let mut asked = documented("queryPayment");
    for (name, value) in &mut asked.headers {
        if name.eq_ignore_ascii_case("merchantuniquecode") {
            code.clone_into(value);
        }
    }
    let answer = json(&asked.send(address));
    let found = answer["Result"].as_bool().expect("an envelope");
    assert!(!found || answer.to_string().contains(code), "{answer}");
    found
}

/// The body of an answer.
pub fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error} in {answer:?}"))
}
