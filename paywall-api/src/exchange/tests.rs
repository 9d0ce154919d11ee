//! Calls over real connections to a scripted server on this machine.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::{
    Api, CardNumber, Checker, Client, Credentials, Effect, EnvelopePlaces, Error, ErrorKind, Input, KeyPair,
    MasterpassSession, Operation, Outcome, Retry, Secret, SessionPlaces, TextRule, Unknown, UnknownCall, Validate,
};

const YES: &str = r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"Renewed":true,"Session":"renewed"}}"#;
const NO: &str = r#"{"ErrorCode":987654,"Result":false,"Message":"hush","Body":{"Renewed":true,"Session":"renewed"}}"#;

static API: Api = Api::new("payment", &[]);
static PRIVATE: KeyPair = KeyPair::new("private", "apikeyprivate", "apiclientprivate");

#[derive(serde::Serialize)]
struct Order {
    code: String,
    number: CardNumber,
}

impl Validate for Order {
    fn check(&self, at: &mut Checker) {
        at.text("number", &self.number, TextRule::new().max(20));
    }
}

#[derive(Debug, serde::Deserialize)]
struct Body {
    #[serde(rename = "Session")]
    session: Option<Secret>,
}

/// Moves money.
struct Pay;
/// Asks, and may ask again.
struct Ask;

impl Operation for Pay {
    type Request = Order;
    type Response = Body;
    const ID: &'static str = "pay";
    const METHOD: http::Method = http::Method::POST;
    const PATH: &'static str = "/api/pay";
    const API: &'static Api = &API;
    const KEYS: Option<&'static KeyPair> = Some(&PRIVATE);
    const RETRY: Retry = Retry::Unsent;
    const ENVELOPE: &'static EnvelopePlaces = &crate::meta::PAYMENT_ENVELOPE;
    const MOVES_MONEY: bool = true;
    const EFFECT: Option<Effect> = Some(Effect::Payment);
    const MERCHANT_CODE: Option<&'static str> = Some("/code");

    fn merchant_code(request: &Order) -> Option<&str> {
        Some(&request.code)
    }
    const SESSION: Option<SessionPlaces> = Some(SessionPlaces { renewed: "/Renewed", id: "/Session", expiry: None });
}

impl Operation for Ask {
    type Request = ();
    type Response = Body;
    const ID: &'static str = "ask";
    const METHOD: http::Method = http::Method::GET;
    const PATH: &'static str = "/api/ask";
    const API: &'static Api = &API;
    const KEYS: Option<&'static KeyPair> = Some(&PRIVATE);
    const RETRY: Retry = Retry::Inquiry;
    const ENVELOPE: &'static EnvelopePlaces = &crate::meta::PAYMENT_ENVELOPE;
    const INPUT: Input = Input::Nothing;
}

fn order() -> Order {
    Order { code: "order-1".to_owned(), number: "5528790000000008".into() }
}

/// What the server does with one connection after it has read a request.
enum Reply {
    Say(String),
    /// Says it, and hangs up.
    HangUp(String),
    /// Says nothing and keeps the line open.
    Wait,
}

fn json(status: &str, body: &str) -> Reply {
    Reply::Say(format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
}

/// A server with one reply for each request, in order; the last one is for all that follow.
struct Server {
    address: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("port");
        let address = format!("http://{}", listener.local_addr().expect("address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let shared = (Arc::clone(&heard), Arc::new(replies));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (heard, replies) = shared.clone();
                std::thread::spawn(move || serve(stream, &heard, &replies));
            }
        });
        Self { address, heard }
    }

    fn client(&self) -> crate::ClientBuilder {
        Client::builder_at(&self.address).private_keys(Credentials::new("planted-key", "planted-client"))
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("heard").clone()
    }
}

fn serve(mut stream: TcpStream, heard: &Mutex<Vec<String>>, replies: &[Reply]) {
    while let Some(request) = read_request(&mut stream) {
        let number = {
            let mut heard = heard.lock().expect("heard");
            heard.push(request);
            heard.len() - 1
        };
        match &replies[number.min(replies.len() - 1)] {
            Reply::Say(text) => stream.write_all(text.as_bytes()).expect("reply"),
            Reply::HangUp(text) => return stream.write_all(text.as_bytes()).expect("reply"),
            Reply::Wait => std::thread::sleep(Duration::from_secs(30)),
        }
    }
}

fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
        text.push_str(std::str::from_utf8(&buffer[..read]).ok()?);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
        if body.len() >= length.parse().expect("length") {
            return Some(text);
        }
    }
}

async fn pay_fails(client: &Client) -> Error {
    client.call::<Pay>(&order()).await.expect_err("an error")
}

#[tokio::test]
async fn exactly_what_is_documented_goes_over_the_wire() {
    let server = Server::start(vec![json("200 OK", YES)]);
    let client = server.client().build().expect("client");
    client.call::<Pay>(&order()).await.expect("paid");
    client.call::<Ask>(&()).await.expect("asked");
    let host = server.address.trim_start_matches("http://");
    let body = r#"{"code":"order-1","number":"5528790000000008"}"#;
    let version = env!("CARGO_PKG_VERSION");
    let same = format!(
        "accept: application/json\r\nuser-agent: paywall-api/{version}\r\n%apikeyprivate: planted-key\r\n\
         apiclientprivate: planted-client\r\nhost: {host}\r\n"
    );
    let pay = same.replace('%', "content-type: application/json\r\n");
    let heard = server.heard();
    assert_eq!(heard[0], format!("POST /api/pay HTTP/1.1\r\n{pay}content-length: {}\r\n\r\n{body}", body.len()));
    assert_eq!(heard[1], format!("GET /api/ask HTTP/1.1\r\n{}\r\n", same.replace('%', "")));
}

#[tokio::test]
async fn a_payment_that_no_inquiry_could_find_is_not_sent() {
    let server = Server::start(vec![json("200 OK", YES)]);
    let client = server.client().build().expect("client");
    for code in ["sipariş-1", "order-1 ", "order\t1", ""] {
        let order = Order { code: code.to_owned(), ..order() };
        let sent = client.call::<Pay>(&order).await;
        if code.is_empty() {
            // Whether it may be empty is the contract's own rule.
            assert!(sent.is_ok());
            continue;
        }
        let error = sent.expect_err("a code that no header carries");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Invalid, Outcome::NotSent), "{code:?}");
        assert_eq!(error.violations()[0].pointer(), "/code");
    }
    assert_eq!(server.heard().len(), 1);
    let odd = Order { code: "sipariş-2".to_owned(), ..order() };
    let answer = client.call::<Pay>(&odd).report_violations().answer().await.expect("it is sent all the same");
    assert_eq!(answer.violations().len(), 1);
}

#[tokio::test]
async fn no_connection_is_not_sent_and_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("port");
    let address = format!("http://{}", listener.local_addr().expect("address"));
    drop(listener);
    let keys = Credentials::new("key", "client");
    let client = Client::builder_at(address).private_keys(keys).retries(1).build().expect("client");
    let error = pay_fails(&client).await;
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Connect, Outcome::NotSent, 2));
    assert!(std::error::Error::source(&error).is_some());
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn no_tls_on_the_other_side_is_not_sent() {
    let server = Server::start(vec![json("200 OK", YES)]);
    let address = server.address.replace("http://", "https://");
    let keys = Credentials::new("planted-key", "planted-client");
    let client = Client::builder_at(address).private_keys(keys).no_proxy().retries(0).build().expect("client");
    let error = client.call::<Pay>(&order()).deadline(Duration::from_secs(5)).await.expect_err("no tls");
    assert!(error.is_not_sent(), "{error:?}");
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn whatever_goes_wrong_after_sending_a_payment_is_unknown_and_sent_once() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"ErrorCode\":0".to_owned();
    let huge = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2000\r\n{}\r\n", "x".repeat(0x2000));
    for (reply, kind) in [
        (Reply::HangUp(String::new()), ErrorKind::Transport),
        (Reply::HangUp("HTTP/1.1 2".to_owned()), ErrorKind::Transport),
        (Reply::HangUp("SMTP ready\r\n\r\n".to_owned()), ErrorKind::Transport),
        (Reply::HangUp(cut), ErrorKind::Transport),
        (Reply::HangUp(huge), ErrorKind::TooLarge),
        (Reply::Say("HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n".to_owned()), ErrorKind::TooLarge),
        (Reply::Wait, ErrorKind::Timeout),
        (json("503 Slow Down", ""), ErrorKind::Status),
        (json("429 Slow Down", NO), ErrorKind::Refused),
        (json("200 OK", NO), ErrorKind::Refused),
        (json("200 OK", "<html>"), ErrorKind::Decode),
        (json("200 OK", ""), ErrorKind::Decode),
    ] {
        let server = Server::start(vec![reply]);
        let told = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&told);
        let deadline = if kind == ErrorKind::Timeout { 1 } else { 20 };
        let client = server.client().max_response_bytes(4096).deadline(Duration::from_secs(deadline));
        let client = client.on_unknown(move |call: &UnknownCall| note.lock().expect("told").push(call.clone()));
        let error = pay_fails(&client.build().expect("client")).await;
        assert_eq!((error.kind(), error.outcome(), error.attempts()), (kind, Outcome::Unknown, 1), "{error:?}");
        assert_eq!(server.heard().len(), 1, "{error:?}");
        let unknown = error.unknown().expect("unknown");
        assert_eq!(unknown, Unknown::rebuild::<Pay>("order-1", unknown.sent_at()));
        let told = told.lock().expect("told");
        let [call] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((call.unknown().merchant_code(), call.kind()), (Some("order-1"), Some(kind)));
        assert!(call.unknown().sent_at() >= unknown.sent_at());
    }
}

#[tokio::test]
async fn an_answer_of_any_allowed_size_is_read_whole() {
    let long = "ğ".repeat(200_000);
    let body = format!(r#"{{"ErrorCode":0,"Result":true,"Body":{{"Session":"{long}"}}}}"#);
    let server = Server::start(vec![json("200 OK", &body)]);
    let client = server.client().max_response_bytes(usize::MAX).retries(u32::MAX).build().expect("client");
    let paid = client.call::<Pay>(&order()).await.expect("paid");
    assert_eq!(paid.session, Some(Secret::from(long)));
    assert!(client.call::<Ask>(&()).await.is_ok());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::start(vec![json("200 OK", YES)]);
    for status in [301, 302, 303, 307, 308] {
        let reply = format!("HTTP/1.1 {status} Moved\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", other.address);
        let server = Server::start(vec![Reply::Say(reply)]);
        let error = pay_fails(&server.client().build().expect("client")).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Redirect, Outcome::Unknown));
    }
    assert!(other.heard().is_empty());
}

#[tokio::test]
async fn no_time_left_is_not_sent() {
    let server = Server::start(vec![json("200 OK", YES)]);
    let client = server.client().build().expect("client");
    for _ in 0..20 {
        let order = order();
        let error = client.call::<Pay>(&order).deadline(Duration::ZERO).await.expect_err("no time");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::NotSent));
    }
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn a_dropped_call_is_told_only_if_it_may_have_left() {
    let told = Arc::new(Mutex::new(0));
    let server = Server::start(vec![Reply::Wait]);
    let note = Arc::clone(&told);
    let report = move |call: &UnknownCall| {
        assert_eq!((call.kind(), call.correlation()), (None, None), "nobody waited for its end");
        *note.lock().expect("told") += 1;
    };
    let client = server.client().on_unknown(report).build().expect("client");
    let order = order();
    let unpolled = client.call::<Pay>(&order).into_future();
    drop(unpolled);
    assert_eq!(*told.lock().expect("told"), 0);
    let late = tokio::time::timeout(Duration::from_secs(1), client.call::<Pay>(&order).into_future()).await;
    assert!(late.is_err());
    assert_eq!(*told.lock().expect("told"), 1);
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn an_inquiry_asks_again_within_the_deadline() {
    let again = "HTTP/1.1 503 Slow Down\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n".to_owned();
    let replies = vec![Reply::HangUp(String::new()), Reply::Say(again), json("200 OK", YES)];
    let server = Server::start(replies);
    let client = server.client().build().expect("client");
    let answer = client.call::<Ask>(&()).answer().await.expect("asked");
    assert_eq!((answer.attempts(), server.heard().len()), (3, 3));

    let later = "HTTP/1.1 503 Slow Down\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n".to_owned();
    let server = Server::start(vec![Reply::Say(later)]);
    let client = server.client().build().expect("client");
    let begun = Instant::now();
    let error = client.call::<Ask>(&()).deadline(Duration::from_secs(5)).await.expect_err("busy");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status, 1));
    assert!(error.unknown().is_none() && begun.elapsed() < Duration::from_secs(4));

    let server = Server::start(vec![Reply::Wait, json("200 OK", YES)]);
    let client = server.client().retries(1).deadline(Duration::from_secs(2)).build().expect("client");
    assert_eq!(client.call::<Ask>(&()).answer().await.expect("asked").attempts(), 2);
}

/// Nothing but the end of the connection ends such an answer, so that it alone cannot tell a cut from an end.
#[tokio::test]
async fn an_answer_without_a_length_that_breaks_off_is_asked_for_again() {
    let cut = || Reply::HangUp(format!("HTTP/1.1 200 OK\r\n\r\n{}", &YES[..YES.len() - 1]));
    let whole = || Reply::HangUp(format!("HTTP/1.1 200 OK\r\n\r\n{YES}"));
    let server = Server::start(vec![cut(), whole()]);
    let client = server.client().build().expect("client");
    assert_eq!(client.call::<Ask>(&()).answer().await.expect("asked").attempts(), 2);
    assert!(client.call::<Pay>(&order()).await.is_ok());

    let server = Server::start(vec![cut()]);
    let error = pay_fails(&server.client().build().expect("client")).await;
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Transport, Outcome::Unknown, 1));
    assert_eq!(server.heard().len(), 1);

    let half = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n".to_owned();
    for vouched_for in [json("200 OK", "{"), Reply::Say(half)] {
        let server = Server::start(vec![vouched_for]);
        let error = server.client().build().expect("client").call::<Ask>(&()).await.expect_err("half");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
    }
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_here_or_reported() {
    let server = Server::start(vec![json("200 OK", YES)]);
    let client = server.client().build().expect("client");
    let order = Order { number: "4".repeat(21).as_str().into(), ..order() };
    let error = client.call::<Pay>(&order).correlation("c-1").await.expect_err("too long");
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Invalid, Outcome::NotSent, 0));
    assert_eq!((error.merchant_code(), error.correlation()), (Some("order-1"), Some("c-1")));
    assert_eq!(
        error.to_string(),
        "pay: the request breaks documented rules: /number: expected at most 20 characters; nothing was sent"
    );
    assert!(server.heard().is_empty());
    let answer = client.call::<Pay>(&order).report_violations().answer().await.expect("sent");
    assert_eq!(answer.violations().len(), 1);
}

#[tokio::test]
async fn missing_keys_are_said_before_anything_is_sent() {
    let server = Server::start(vec![json("200 OK", YES)]);
    let client = Client::builder_at(&server.address).public_keys(Credentials::new("a", "b")).build().expect("client");
    let error = pay_fails(&client).await;
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::KeysMissing, Outcome::NotSent));
    assert!(server.heard().is_empty());
    client.replace_keys(crate::Keys::new().private(Credentials::new("a", "b"))).expect("keys");
    assert!(client.call::<Pay>(&order()).await.is_ok());
}

#[tokio::test]
async fn a_renewed_session_is_followed_out_of_answers_and_refusals() {
    for body in [YES, NO] {
        let server = Server::start(vec![json("200 OK", body)]);
        let client = server.client().build().expect("client");
        let session = MasterpassSession::new("first", None);
        let _ = client.call::<Pay>(&order()).in_session(&session).await;
        assert_eq!(session.id(), Secret::from("renewed"), "{body}");
    }
}

#[tokio::test]
async fn a_connection_closed_while_idle_is_replaced() {
    let reply = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{YES}", YES.len());
    let server = Server::start(vec![Reply::HangUp(reply)]);
    let client = server.client().build().expect("client");
    for _ in 0..5 {
        client.call::<Pay>(&order()).await.expect("paid");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.heard().len(), 5);
}

#[tokio::test]
async fn nothing_planted_is_shown() {
    let server = Server::start(vec![json("200 OK", NO)]);
    let client = server.client().build().expect("client");
    let order = order();
    let call = format!("{client:?} {:?}", client.call::<Pay>(&order));
    let error = pay_fails(&client).await;
    let shown = format!("{call} {error} {error:?} {:?}", error.unknown());
    for planted in ["5528790000000008", "planted-key", "planted-client", "hush", "renewed"] {
        assert!(!shown.contains(planted), "{planted} in {shown}");
    }
}

#[test]
fn without_a_runtime_nothing_is_sent() {
    let server = Server::start(vec![json("200 OK", YES)]);
    let client = server.client().build().expect("client");
    let order = order();
    let mut call = client.call::<Pay>(&order).into_future();
    let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = call.as_mut().poll(context) else { panic!("an error at once") };
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Runtime, Outcome::NotSent));
}

#[cfg(feature = "blocking")]
mod blocking {
    use super::*;

    #[test]
    fn it_sends_and_waits() {
        let server = Server::start(vec![json("200 OK", YES)]);
        let client = server.client().build_blocking().expect("client");
        assert_eq!(client.call::<Pay>(&order()).answer().expect("paid").attempts(), 1);
        assert!(client.clone().call::<Ask>(&()).send().is_ok());
    }

    #[test]
    fn inside_a_runtime_it_is_an_error_and_dropping_it_is_none() {
        let server = Server::start(vec![json("200 OK", YES)]);
        let client = server.client().build_blocking().expect("client");
        let runtime = tokio::runtime::Runtime::new().expect("runtime");
        runtime.block_on(async move {
            let error = client.call::<Pay>(&order()).send().expect_err("inside");
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Runtime, Outcome::NotSent));
            assert!(server.client().build_blocking().is_err());
            drop(client);
        });
    }
}
