//! A call that is dropped half-way, at each point of the exchange: whoever asked to be told of unknown outcomes is
//! told of those that may have left this machine, and of no other.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use paywall_api::payments::Start3dPayment;
use paywall_api::{Client, ClientBuilder, ErrorKind, Outcome, Unknown};
use paywall_sandbox::{Fault, Greeting, Received, Reply, Running};

use crate::authority::{Authority, HERE};
use crate::relay::Relay;
use crate::{payloads, server};

/// A client and the unknown outcomes that it told of.
fn watched(server: &Running) -> (Client, Arc<Mutex<Vec<String>>>) {
    listening(server::builder(server))
}

/// The one payment that is made here.
fn the_payment() -> String {
    Unknown::rebuild::<Start3dPayment>("22123222256226225", SystemTime::now()).to_string()
}

fn listening(builder: ClientBuilder) -> (Client, Arc<Mutex<Vec<String>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&told);
    let builder = builder.on_unknown(move |call| note.lock().expect("told").push(call.unknown().to_string()));
    (builder.build().expect("a client"), told)
}

/// Makes a payment and drops it once it has left; tells of what was told.
async fn dropped(builder: ClientBuilder, has_left: impl Future<Output = ()>) -> Vec<String> {
    let (client, told) = listening(builder);
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
    tokio::time::timeout(Duration::from_secs(60), server.arrived(1)).await.expect("a request arrives");
    tokio::time::sleep(Duration::from_millis(150)).await;
}

/// Until a payment is on its way to a server, whether that reads it or not.
async fn passed(wire: &Relay) {
    for _ in 0..6000 {
        if String::from_utf8_lossy(&wire.passed()).contains("22123222256226225") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no payment in a minute");
}

#[tokio::test]
async fn a_call_dropped_at_any_point_after_it_left_is_unknown() {
    let expected = [the_payment()];
    let server = server::start();
    server.script().next_connection(Greeting::Fault(Fault::Stall));
    let wire = Relay::to(server.address()).await;
    wire.open();
    let builder = server::builder_at(format!("http://{}", wire.address()));
    assert_eq!(dropped(builder, passed(&wire)).await, expected, "accepted and never read");
    for (point, reply) in [
        ("read and not answered", Reply::never()),
        ("answered too late", Reply::usual().after(Duration::from_secs(30))),
        ("after the head", Reply::usual().body_after(Duration::from_secs(30))),
        ("at the first byte of the body", Reply::usual().cut_body(1, Fault::Stall)),
        ("in the middle of the body", Reply::usual().cut_body(60, Fault::Stall)),
    ] {
        server.script().next("start3dPayment", reply).expect("scripted");
        assert_eq!(dropped(server::builder(&server), read(&server)).await, expected, "{point}");
        assert_eq!(server.take_received().len(), 1, "{point}");
    }
}

/// Polls a call once, as a runtime does that is about to do something else.
async fn polled<F: Future>(call: Pin<&mut F>) -> Poll<F::Output> {
    let mut call = Some(call);
    poll_fn(|cx| Poll::Ready(call.take().expect("polled once").poll(cx))).await
}

/// What became of a payment that was given up before anything of it could leave: nobody is told, and the server gets
/// the next payment of the same client alone.
async fn assert_nothing_left(server: &Running, client: &Client, told: &Mutex<Vec<String>>) {
    assert!(told.lock().expect("told").is_empty(), "what did not leave is not unknown");
    let mut next = payloads::request::<Start3dPayment>();
    next.payment_detail.merchant_unique_code = "the-next-order".into();
    client.payments().start_3d(&next).await.expect("the client goes on");
    let received = server.received();
    let bodies: Vec<_> = received.iter().map(|one| String::from_utf8_lossy(&one.body)).collect();
    assert_eq!(bodies.len(), 1, "the payment that was given up has left");
    assert!(bodies[0].contains("the-next-order"), "the payment that was given up has left");
    assert!(told.lock().expect("told").is_empty());
}

#[tokio::test]
async fn a_call_that_was_never_awaited_is_nothing() {
    let server = server::start();
    let (client, told) = watched(&server);
    let request = payloads::request::<Start3dPayment>();
    drop(client.payments().start_3d(&request).answer());
    assert_nothing_left(&server, &client, &told).await;
    assert_eq!(server.connections(), 1, "that of the next payment");
}

/// This runtime has one thread, which turns to the network only when the test waits: the call has begun to connect
/// and cannot have got further.
#[tokio::test]
async fn a_call_that_was_polled_once_and_dropped_is_nothing() {
    let server = server::start();
    let (client, told) = watched(&server);
    let request = payloads::request::<Start3dPayment>();
    let mut call = Box::pin(client.payments().start_3d(&request).answer());
    assert!(polled(call.as_mut()).await.is_pending());
    drop(call);
    assert_nothing_left(&server, &client, &told).await;
}

/// A local Paywall behind a wire that accepts and stays silent, so that no handshake of TLS comes to an end.
async fn behind_a_dead_wire() -> (Running, Relay, ClientBuilder) {
    let authority = Authority::new("trusted");
    let server = authority.start(HERE);
    let wire = Relay::to(server.address()).await;
    let builder = server::builder_at(format!("https://{}", wire.address())).root_certificate_pem(authority.pem());
    (server, wire, builder)
}

#[tokio::test]
async fn a_call_dropped_while_the_connection_does_not_come_about_is_nothing() {
    let (server, wire, builder) = behind_a_dead_wire().await;
    let (client, told) = listening(builder);
    let request = payloads::request::<Start3dPayment>();
    let mut call = Box::pin(client.payments().start_3d(&request).answer());
    assert!(polled(call.as_mut()).await.is_pending());
    tokio::select! {
        ended = &mut call => panic!("the call ended before it was dropped: {ended:?}"),
        () = wire.connected() => {}
    }
    assert!(polled(call.as_mut()).await.is_pending());
    drop(call);
    assert!(told.lock().expect("told").is_empty(), "what did not leave is not unknown");
    wire.open();
    assert_nothing_left(&server, &client, &told).await;
}

/// However slow this machine is, the wire is dead until the deadline has passed.
#[tokio::test]
async fn a_deadline_while_the_connection_does_not_come_about_is_not_sent() {
    let (server, wire, builder) = behind_a_dead_wire().await;
    let (client, told) = listening(builder);
    let request = payloads::request::<Start3dPayment>();
    let call = client.payments().start_3d(&request).deadline(Duration::from_millis(500));
    let error = call.await.expect_err("no time");
    assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    wire.open();
    assert_nothing_left(&server, &client, &told).await;
}

#[tokio::test]
async fn a_connection_that_takes_too_long_is_not_sent() {
    let (_server, wire, builder) = behind_a_dead_wire().await;
    let (client, told) = listening(builder.connect_timeout(Duration::from_millis(200)).retries(1));
    let error = client.payments().start_3d(&payloads::request::<Start3dPayment>()).await.expect_err("no connection");
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Connect, Outcome::NotSent, 2));
    assert!(told.lock().expect("told").is_empty(), "what did not leave is not unknown");
    assert_eq!(wire.connections(), 2);
    assert!(wire.passed().is_empty());
}

/// The deadline leaves time enough for a slow machine to send; all wait for it at once.
#[tokio::test]
async fn a_deadline_at_any_point_after_it_left_is_unknown() {
    let late = |reply: Reply| async move {
        let server = server::start();
        let (client, told) = watched(&server);
        server.script().next("start3dPayment", reply).expect("scripted");
        let request = payloads::request::<Start3dPayment>();
        let call = client.payments().start_3d(&request).deadline(Duration::from_secs(5));
        let error = call.await.expect_err("too late");
        assert!(error.is_timeout());
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(told.lock().expect("told").as_slice(), [the_payment()]);
    };
    let half_a_minute = Duration::from_secs(30);
    tokio::join!(
        late(Reply::never()),
        late(Reply::usual().body_after(half_a_minute)),
        late(Reply::usual().cut_body(60, Fault::Stall)),
    );
}

/// A deadline may pass at any moment between the first step of the connection and the answer. Which one it is depends
/// on the machine; that what is said of it is true does not.
#[tokio::test]
async fn a_deadline_at_any_moment_tells_the_truth() {
    let server = server::start();
    for tenths in 0..50_u32 {
        let (client, told) = watched(&server);
        let mut request = payloads::request::<Start3dPayment>();
        request.payment_detail.merchant_unique_code = format!("order-{tenths}-of-fifty");
        let call = client.payments().start_3d(&request).deadline(Duration::from_micros(100) * tenths);
        let outcome = call.await.err().map(|error| error.outcome());
        let told = told.lock().expect("told").len();
        assert_eq!(told, usize::from(outcome == Some(Outcome::Unknown)), "{outcome:?}");
        if outcome == Some(Outcome::NotSent) {
            client.payments().start_3d(&payloads::request::<Start3dPayment>()).await.expect("the client goes on");
            let code = &request.payment_detail.merchant_unique_code;
            let arrived = |one: &Received| String::from_utf8_lossy(&one.body).contains(code);
            assert!(!server.received().iter().any(arrived), "what was not sent has arrived");
        }
    }
}
