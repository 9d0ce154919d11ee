//! The client for code without an async runtime.

use paywall_api::payments::Start3dPayment;
use paywall_api::tokens::CreateTempToken;
use paywall_api::{Client, Credentials, ErrorKind, Outcome};
use paywall_sandbox::{Reply, Running};

use crate::{operations, payloads, server};

fn client(server: &Running) -> paywall_api::blocking::Client {
    server::builder(server).build_blocking().expect("a client")
}

#[test]
fn it_does_what_the_async_client_does() {
    let server = server::start();
    let client = client(&server);
    let token = client.tokens().create_temp_token(&payloads::request::<CreateTempToken>()).send().expect("a token");
    assert_eq!(token.token.expose(), "22ae3b5a-8eb0-41cc-88c7-219e25b95441");
    let started = client.payments().start_3d(&payloads::request::<Start3dPayment>()).send().expect("started");
    assert_eq!(started.payment.payment_id, 1_918_272);
}

#[test]
fn every_operation_is_answered_here_too() {
    let server = server::start();
    let client = client(&server);
    for operation in operations::all() {
        (operation.send_blocking)(&client).unwrap_or_else(|error| panic!("{error}"));
    }
    let received = server.received();
    let sent: Vec<&str> = received.iter().filter_map(|one| one.operation.as_deref()).collect();
    assert_eq!(sent, operations::all().iter().map(|one| one.id).collect::<Vec<_>>());
}

#[test]
fn an_unknown_outcome_is_unknown_here_too() {
    let server = server::start();
    server.script().next("start3dPayment", Reply::reset()).expect("scripted");
    let error = client(&server).payments().start_3d(&payloads::request::<Start3dPayment>()).send().expect_err("reset");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1));
    assert_eq!(server.received().len(), 1);
}

#[test]
fn inside_an_async_runtime_it_is_an_error_and_no_panic() {
    let server = server::start();
    let client = client(&server);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async move {
        let error = client.payments().start_3d(&payloads::request::<Start3dPayment>()).send().expect_err("inside");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Runtime, Outcome::NotSent));
        let builder = Client::builder_at("http://127.0.0.1:1").public_keys(Credentials::new("k", "c"));
        assert!(builder.build_blocking().is_err());
        drop(client);
    });
    assert!(server.received().is_empty());
}
