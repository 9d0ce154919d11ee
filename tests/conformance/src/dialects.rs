//! Dialects that the payments do not speak: clients of small contracts, generated in the generator's golden cases, and a
//! local server of the same contract say to each other what the contract says.

use paywall_api::{Client, Credentials, EnvelopePlaces, Error, ErrorKind, Outcome, WithParameters};
use paywall_golden::envelopes::orders::{FindOrder, ForgetOrder, ListOrders, ReadHours};
use paywall_golden::parameters::types::CloseRequest;
use paywall_golden::parameters::wallets::{
    CloseWallet, CloseWalletParameters, CountActive, FindWallet, FindWalletRequest, ListDay, ListDayRequest,
};
use paywall_sandbox::{Options, Reply, Running, Sandbox, StatusCode};

use crate::workspace;

/// A server of a golden case's contract, and a client for it.
fn start(case: &str) -> (Running, Client) {
    let spec = workspace::root().join("codegen/tests/golden").join(case).join("spec.yaml");
    let server = Sandbox::start(Options::default().spec(spec)).expect("a local server");
    let client = Client::builder_at(server.base_address()).public_keys(Credentials::new("k", "c")).retries(0);
    (server, client.build().expect("a client"))
}

fn day(id: &str, day: i32, page_size: i32) -> ListDayRequest {
    ListDayRequest::new(id, day, page_size)
}

#[tokio::test(flavor = "multi_thread")]
async fn inputs_travel_in_path_query_headers_and_body_and_are_judged_there() {
    let (server, client) = start("parameters");
    let request = day("a/b ?%ğ", 7, 20).name("x&y=z +ü").is_open(true).door("hush");
    client.call::<ListDay>(&request).await.expect("listed");
    let sent = server.received().pop().expect("a request");
    assert_eq!(sent.path, "/wallets/a%2Fb%20%3F%25%C4%9F/days/7?PageSize=20&Name=x%26y%3Dz%20%2B%C3%BC&IsOpen=true");
    assert!(sent.headers.iter().any(|(name, value)| name == "door" && value == "hush"));
    assert_eq!(sent.operation.as_deref(), Some("listDay"));

    let close = WithParameters::new(CloseWalletParameters::new("w-1"), CloseRequest::new("unused"));
    client.call::<CloseWallet>(&close).await.expect("closed");
    let sent = server.received().pop().expect("a request");
    assert_eq!((sent.path.as_str(), sent.body.as_ref()), ("/wallets/w-1", br#"{"Reason":"unused"}"#.as_slice()));

    let refused = client.call::<ListDay>(&day("w", 32, 0)).report_violations().await.expect_err("out of bounds");
    assert_eq!((refused.kind(), refused.http_status()), (ErrorKind::Refused, Some(StatusCode::BAD_REQUEST)));
    let pointers: Vec<&str> = refused.violations().iter().map(paywall_api::Violation::pointer).collect();
    assert_eq!(pointers, ["/day", "/PageSize"]);
    let said = refused.errors().first().and_then(paywall_api::ErrorDetail::message).unwrap_or_default().to_owned();
    assert!(said.is_empty() || said.contains("/day"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_travel_in_a_path_is_refused_with_its_name_and_not_sent() {
    let (server, client) = start("parameters");
    for id in [".", ".."] {
        let refused = client.call::<FindWallet>(&FindWalletRequest::new(id)).await.expect_err("no part of a path");
        assert_eq!((refused.kind(), refused.outcome()), (ErrorKind::Encode, Outcome::NotSent));
        assert_eq!(
            refused.to_string(),
            "findWallet: the field id cannot be written as a part of the path; nothing was sent"
        );
    }
    assert!(server.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_two_paths_fit_the_literal_one_is_meant() {
    let (server, client) = start("parameters");
    client.call::<CountActive>(&()).await.expect("counted");
    client.call::<FindWallet>(&FindWalletRequest::new("Active")).await.expect("a path's case is kept");
    let asked: Vec<_> = server.received().into_iter().map(|one| one.operation).collect();
    assert_eq!(asked, [Some("countActive".to_owned()), Some("findWallet".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_another_part_of_the_path_is_no_answer() {
    let (server, client) = start("parameters");
    let answer = r#"{"IsSuccess":true,"IsFailure":false,"Value":{"Id":"w-2"}}"#;
    server.script().next("findWallet", Reply::json(answer)).expect("scripted");
    let other = client.call::<FindWallet>(&FindWalletRequest::new("w-1")).await.expect_err("another wallet");
    assert_eq!((other.kind(), other.outcome()), (ErrorKind::Contradiction, Outcome::Unknown));
    assert!(other.to_string().contains("/Value/Id is not what was sent"), "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_envelope_carries_a_success() {
    let (_server, client) = start("envelopes");
    client.call::<FindOrder>(&()).await.expect("in a member");
    client.call::<ListOrders>(&()).await.expect("beside the envelope");
    client.call::<ForgetOrder>(&()).await.expect("nothing but the envelope");
    client.call::<ReadHours>(&()).await.expect("without an envelope");
}

async fn failed(server: &Running, client: &Client, answer: &str) -> Error {
    server.script().next("findOrder", Reply::json(answer.to_owned())).expect("scripted");
    client.call::<FindOrder>(&()).await.expect_err(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_by_the_marks_and_the_list_of_each_envelope() {
    let (server, client) = start("envelopes");
    let no = r#"{"IsSuccess":false,"IsFailure":true,"Errors":[{"Code":"Order.Unknown","Text":"no such order"}]}"#;
    let refused = failed(&server, &client, no).await;
    assert_eq!((refused.kind(), refused.code(), refused.code_text()), (ErrorKind::Refused, None, None));
    let errors: Vec<_> = refused.errors().iter().map(|one| (one.code(), one.message())).collect();
    assert_eq!(errors, [(Some("Order.Unknown"), Some("no such order"))]);
    let shown = format!("{refused} {refused:?}");
    assert!(!shown.contains("Order.Unknown") && !shown.contains("no such order"), "an answer's own words: {shown}");

    let both = failed(&server, &client, r#"{"IsSuccess":true,"IsFailure":true,"Value":{"Number":"1"}}"#).await;
    assert_eq!((both.kind(), both.outcome()), (ErrorKind::Contradiction, Outcome::Refused));
    let none = failed(&server, &client, r#"{"Value":{"Number":"1"}}"#).await;
    assert_eq!(none.kind(), ErrorKind::Decode);
    let odd = failed(&server, &client, r#"{"isSuccess":true,"value":{"Number":1}}"#).await;
    assert_eq!((odd.kind(), odd.decode_path()), (ErrorKind::Decode, Some("/Value/Number")));

    let listed = r#"{"Status":"failed","Code":"TOO_LONG","Reason":"too long"}"#;
    server.script().next("listOrders", Reply::json(listed)).expect("scripted");
    let refused = client.call::<ListOrders>(&()).await.expect_err("refused");
    assert_eq!((refused.code(), refused.code_text(), refused.message()), (None, Some("TOO_LONG"), Some("too long")));
    let meanings: Vec<&str> = refused.text_meanings().map(|(_, entry)| entry.meaning()).collect();
    assert_eq!(meanings, ["the list is too long"]);

    server.script().next("readHours", Reply::new(StatusCode::NOT_FOUND).body("{}")).expect("scripted");
    let refused = client.call::<ReadHours>(&()).await.expect_err("no envelope says so, the status does");
    assert_eq!((refused.kind(), refused.http_status()), (ErrorKind::Status, Some(StatusCode::NOT_FOUND)));
}

#[test]
fn an_envelope_that_is_none_has_no_marks() {
    assert!(EnvelopePlaces::NONE.success.is_empty() && EnvelopePlaces::NONE.members().next().is_none());
}
