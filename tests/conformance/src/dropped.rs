//! A call that is dropped half-way, at each point of the exchange: whoever asked to be told of unknown outcomes is
//! told of those that may have left this machine, and of no other.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use paywall_api::payments::Start3dPayment;
use paywall_api::{Client, Outcome, Unknown};
use paywall_sandbox::{Fault, Greeting, Reply, Running};

use crate::{payloads, server};

/// A client and the unknown outcomes that it told of.
fn watched(server: &Running) -> (Client, Arc<Mutex<Vec<Unknown>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&told);
    let builder = server::builder(server).on_unknown(move |unknown| note.lock().expect("told").push(unknown.clone()));
    (builder.build().expect("a client"), told)
}

/// Makes a payment and drops it once it has left; tells of what was told.
async fn dropped(server: &Running, has_left: impl Future<Output = ()>) -> Vec<Unknown> {
    let (client, told) = watched(server);
    let request = payloads::request::<Start3dPayment>();
    let call = client.payments().start_3d(&request).answer();
    tokio::select! {
        ended = call => panic!("the call ended before it was dropped: {ended:?}"),
        () = has_left => {}
    }
    told.lock().expect("told").clone()
}

/// Until the server has read a request, and a moment more for what it answers.
async fn read(server: &Running) {
    tokio::time::timeout(Duration::from_secs(10), server.arrived(1)).await.expect("a request arrives");
    tokio::time::sleep(Duration::from_millis(150)).await;
}

/// Until a connection is there, and a moment more for what is written to it: nobody reads it.
async fn connected(server: &Running) {
    for _ in 0..1000 {
        if server.connections() > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
}

#[tokio::test]
async fn a_call_dropped_at_any_point_after_it_left_is_unknown() {
    let expected = [Unknown::rebuild::<Start3dPayment>("22123222256226225")];
    let server = server::start();
    server.script().next_connection(Greeting::Fault(Fault::Stall));
    assert_eq!(dropped(&server, connected(&server)).await, expected, "accepted and never read");
    for (point, reply) in [
        ("read and not answered", Reply::never()),
        ("answered too late", Reply::usual().after(Duration::from_secs(30))),
        ("after the head", Reply::usual().body_after(Duration::from_secs(30))),
        ("at the first byte of the body", Reply::usual().cut_body(1, Fault::Stall)),
        ("in the middle of the body", Reply::usual().cut_body(60, Fault::Stall)),
    ] {
        server.script().next("start3dPayment", reply).expect("scripted");
        assert_eq!(dropped(&server, read(&server)).await, expected, "{point}");
        assert_eq!(server.take_received().len(), 1, "{point}");
    }
}

#[tokio::test]
async fn a_call_that_was_never_awaited_is_nothing() {
    let server = server::start();
    let (client, told) = watched(&server);
    let request = payloads::request::<Start3dPayment>();
    drop(client.payments().start_3d(&request).answer());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(told.lock().expect("told").is_empty());
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_deadline_at_any_point_after_it_left_is_unknown() {
    let server = server::start();
    for reply in
        [Reply::never(), Reply::usual().body_after(Duration::from_secs(30)), Reply::usual().cut_body(60, Fault::Stall)]
    {
        let (client, told) = watched(&server);
        server.script().next("start3dPayment", reply).expect("scripted");
        let request = payloads::request::<Start3dPayment>();
        let call = client.payments().start_3d(&request).deadline(Duration::from_millis(1500));
        let error = call.await.expect_err("too late");
        assert!(error.is_timeout());
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(told.lock().expect("told").as_slice(), [Unknown::rebuild::<Start3dPayment>("22123222256226225")]);
    }
}

#[tokio::test]
async fn a_deadline_before_a_connection_is_not_sent() {
    let server = server::start();
    let (client, told) = watched(&server);
    let request = payloads::request::<Start3dPayment>();
    let error = client.payments().start_3d(&request).deadline(Duration::ZERO).await.expect_err("no time");
    assert!(error.is_timeout());
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(told.lock().expect("told").is_empty());
    assert!(server.received().is_empty());
}
