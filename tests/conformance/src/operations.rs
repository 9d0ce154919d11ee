//! The operations and messages of the client as tables, for tests that go through all of them.

use std::pin::Pin;

use paywall_api::{
    Claim, ClaimError, Client, Effect, Encoding, Error, Input, KeyPair, Keys, Notification, Operation, Retry, Subject,
    bytes, http,
};
use paywall_contract::expectations::{self, Expectation};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::leaks::reading::said;
use crate::{payloads, workspace};

/// What becomes of a call.
pub(crate) type Sending = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// What a test wants to know of an operation without knowing its types.
pub(crate) struct Facts {
    pub(crate) id: &'static str,
    pub(crate) method: String,
    pub(crate) path: &'static str,
    /// Nothing where no keys may be sent.
    pub(crate) pair: Option<&'static KeyPair>,
    pub(crate) moves_money: bool,
    pub(crate) effect: Option<Effect>,
    pub(crate) inquiry: Option<&'static str>,
    pub(crate) host: &'static str,
    pub(crate) retry: Retry,
    pub(crate) own_connection: bool,
    pub(crate) echoes: &'static [paywall_api::Echo],
    pub(crate) input: Input,
    pub(crate) request_schema: fn() -> Value,
    pub(crate) response_schema: fn() -> Value,
    /// Sends the documented request, with [`CALLERS_CODE`] for those that do not hold the merchant's code.
    pub(crate) send: fn(Client) -> Sending,
    /// The same by the client for code without an async runtime.
    pub(crate) send_blocking: fn(&paywall_api::blocking::Client) -> Result<(), Error>,
    /// The documented request as it is sent.
    pub(crate) encoded: fn(&Keys) -> http::Request<bytes::Bytes>,
    /// Sends this request, whatever rules it breaks.
    pub(crate) send_this: fn(Client, Value) -> Sending,
    /// What is said of a text that is not the request.
    pub(crate) said_of_request: fn(&str) -> Option<String>,
    /// What is said of a text that is not the body of the answer.
    pub(crate) said_of_response: fn(&str) -> Option<String>,
}

/// The merchant's code where the request has none: that of the documented answer, which repeats it.
pub(crate) const CALLERS_CODE: &str = "0000000-2664-4d3c-ae6e-000000000000";

fn facts<O: Operation>() -> Facts
where
    O::Request: JsonSchema + DeserializeOwned,
    O::Response: JsonSchema,
{
    Facts {
        id: O::ID,
        method: O::METHOD.to_string(),
        path: O::PATH,
        pair: O::KEYS,
        moves_money: O::MOVES_MONEY,
        effect: O::EFFECT,
        inquiry: O::INQUIRY,
        host: O::API.name(),
        retry: O::RETRY,
        own_connection: O::OWN_CONNECTION,
        echoes: O::ECHOES,
        input: O::INPUT,
        request_schema: || schemars::schema_for!(O::Request).to_value(),
        response_schema: || schemars::schema_for!(O::Response).to_value(),
        send: |client| {
            let request = payloads::request::<O>();
            Box::pin(async move { client.call::<O>(&request).merchant_code(CALLERS_CODE).await.map(drop) })
        },
        send_blocking: |client| {
            let request = payloads::request::<O>();
            client.call::<O>(&request).merchant_code(CALLERS_CODE).send().map(drop)
        },
        encoded: |keys| {
            let request = payloads::request::<O>();
            paywall_api::encode::<O>("https://paywall.example", keys, &request).expect("a request")
        },
        send_this: |client, request| {
            let request: O::Request = serde_json::from_value(request).expect("it fits its type");
            Box::pin(async move { client.call::<O>(&request).report_violations().await.map(drop) })
        },
        said_of_request: said::<O::Request>,
        said_of_response: said::<O::Response>,
    }
}

macro_rules! table {
    ($($operation:ty),*) => { vec![$(facts::<$operation>()),*] };
}

/// Every operation.
pub(crate) fn all() -> Vec<Facts> {
    paywall_api::each_operation!(table)
}

/// The operation of this id.
pub(crate) fn one(id: &str) -> Facts {
    all().into_iter().find(|one| one.id == id).unwrap_or_else(|| panic!("there is no operation {id}"))
}

/// What a test wants to know of a message without knowing its type.
pub(crate) struct Message {
    pub(crate) id: &'static str,
    pub(crate) encoding: Encoding,
    pub(crate) subject: Subject,
    pub(crate) schema: fn() -> Value,
    /// What a received body says, by its claim, written back.
    pub(crate) claimed: fn(&[u8]) -> Result<Value, ClaimError>,
    /// What a payload says, by its type, written back.
    pub(crate) typed: fn(Value) -> Value,
    /// What is said of a text that is not the message.
    pub(crate) said: fn(&str) -> Option<String>,
}

fn message<N: Notification + Serialize + JsonSchema>() -> Message {
    Message {
        id: N::ID,
        encoding: N::ENCODING,
        subject: N::SUBJECT,
        schema: || schemars::schema_for!(N).to_value(),
        claimed: |body| Claim::<N>::read(body).map(|claim| serde_json::to_value(claim.content()).expect("json")),
        typed: |payload| {
            let content: N = serde_json::from_value(payload).expect("a message fits its type");
            serde_json::to_value(content).expect("json")
        },
        said: said::<N>,
    }
}

macro_rules! table_of_messages {
    ($($message:ty),*) => { vec![$(message::<$message>()),*] };
}

/// Every message.
pub(crate) fn messages() -> Vec<Message> {
    paywall_api::each_notification!(table_of_messages)
}

#[test]
fn the_table_is_the_contracts() {
    let document = workspace::contract();
    let contract = paywall_contract::document::operations(document).into_iter();
    let mut contract: Vec<(String, String, String)> =
        contract.map(|one| (one.id().to_owned(), one.verb.to_uppercase(), one.path.to_owned())).collect();
    let mut table: Vec<_> = all().into_iter().map(|one| (one.id.to_owned(), one.method, one.path.to_owned())).collect();
    table.sort();
    contract.sort();
    assert_eq!(table, contract);
}

#[test]
fn the_table_of_messages_is_the_contracts() {
    let document = workspace::contract();
    let contract = paywall_contract::document::messages(document).into_iter();
    let mut contract: Vec<(&str, Encoding)> =
        contract.map(|one| (one.id(), if one.is_form() { Encoding::Form } else { Encoding::Json })).collect();
    let mut table: Vec<_> = messages().into_iter().map(|one| (one.id, one.encoding)).collect();
    contract.sort_by_key(|(id, _)| *id);
    table.sort_by_key(|(id, _)| *id);
    assert_eq!(table, contract);
}

/// What the pages say, apart from the contract and from what was generated of it.
fn told(id: &str) -> Expectation<'static> {
    expectations::find(workspace::contract(), id).unwrap_or_else(|| panic!("nothing is told of {id}"))
}

/// A word of the contract's of a name of Rust's: `PartialRefund` is `partial-refund`.
fn word(name: impl std::fmt::Debug) -> String {
    let name = format!("{name:?}");
    let breaks = |(index, char): (usize, char)| {
        let dash = (index > 0 && char.is_ascii_uppercase()).then_some('-');
        dash.into_iter().chain([char.to_ascii_lowercase()])
    };
    name.char_indices().flat_map(breaks).collect()
}

#[test]
fn every_message_speaks_of_what_its_page_is_about() {
    for message in messages() {
        assert_eq!(Some(word(message.subject).as_str()), told(message.id).word("subject"), "{}", message.id);
    }
}

#[test]
fn every_operation_is_what_its_page_says() {
    for operation in all() {
        let none = || "none".to_owned();
        let moves = || if operation.moves_money { "moves".to_owned() } else { none() };
        for (key, found) in [
            ("keys", operation.pair.map_or_else(none, |pair| pair.name().to_owned())),
            ("host", operation.host.to_owned()),
            ("money", operation.effect.map_or_else(moves, word)),
            ("retry", word(operation.retry)),
            ("input", word(operation.input)),
        ] {
            assert_eq!(told(operation.id).word(key), Some(found.as_str()), "{key} of {}", operation.id);
        }
        let inquiry = told(operation.id).word("inquiry").filter(|inquiry| *inquiry != "none");
        assert_eq!(operation.inquiry, inquiry, "{}", operation.id);
        assert_eq!(operation.effect.is_some(), operation.inquiry.is_some(), "{}", operation.id);
        assert!(!operation.moves_money || operation.retry == Retry::Unsent, "{}", operation.id);
    }
}
