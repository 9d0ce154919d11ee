//! The operations of the client as a table, for tests that go through all of them.

use std::pin::Pin;

use paywall_api::{Client, Error, Operation, Retry};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{payloads, workspace};

/// What becomes of a call.
pub(crate) type Sending = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// What a test wants to know of an operation without knowing its types.
pub(crate) struct Facts {
    pub(crate) id: &'static str,
    pub(crate) method: String,
    pub(crate) path: &'static str,
    pub(crate) pair: &'static paywall_api::KeyPair,
    pub(crate) moves_money: bool,
    pub(crate) retry: Retry,
    pub(crate) request_schema: fn() -> Value,
    pub(crate) response_schema: fn() -> Value,
    /// Sends the documented request.
    pub(crate) send: fn(Client) -> Sending,
}

fn facts<O: Operation>() -> Facts
where
    O::Request: JsonSchema + DeserializeOwned,
    O::Response: JsonSchema,
{
    Facts {
        id: O::ID,
        method: O::METHOD.to_string(),
        path: O::PATH,
        pair: O::KEYS.expect("every operation so far takes keys"),
        moves_money: O::MOVES_MONEY,
        retry: O::RETRY,
        request_schema: || schemars::schema_for!(O::Request).to_value(),
        response_schema: || schemars::schema_for!(O::Response).to_value(),
        send: send::<O>,
    }
}

fn send<O: Operation>(client: Client) -> Sending
where
    O::Request: DeserializeOwned,
{
    let request = payloads::request::<O>();
    Box::pin(async move { client.call::<O>(&request).await.map(drop) })
}

macro_rules! table {
    ($($operation:ty),*) => { vec![$(facts::<$operation>()),*] };
}

/// Every operation.
pub(crate) fn all() -> Vec<Facts> {
    paywall_api::each_operation!(table)
}

#[test]
fn the_table_is_the_contracts() {
    let document = workspace::contract();
    let contract = codegen::contract::operations(document).into_iter();
    let mut contract: Vec<(String, String, String)> =
        contract.map(|one| (one.id().to_owned(), one.verb.to_uppercase(), one.path.to_owned())).collect();
    let mut table: Vec<_> = all().into_iter().map(|one| (one.id.to_owned(), one.method, one.path.to_owned())).collect();
    table.sort();
    contract.sort();
    assert_eq!(table, contract);
}

#[test]
fn every_operation_takes_the_pair_that_its_page_names() {
    for operation in all() {
        let expected = if operation.path.contains("/masterpass/") { "private" } else { "public" };
        assert_eq!(operation.pair.name(), expected, "{}", operation.id);
    }
}

#[test]
fn what_moves_money_is_sent_again_only_when_it_was_not_sent() {
    let money: Vec<&str> = all().iter().filter(|one| one.moves_money).map(|one| one.id).collect();
    assert_eq!(money, ["initMasterpassPayment", "start3dPayment"]);
    for operation in all().iter().filter(|one| one.moves_money) {
        assert_eq!(operation.retry, Retry::Unsent, "{}", operation.id);
    }
}
