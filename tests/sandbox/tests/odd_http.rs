//! What is answered to HTTP that no client of this API speaks, and that a proxy, a script or an attacker does?

mod wire;

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use paywall_sandbox::{Options, Reply, Running, Sandbox};
use wire::{Answer, Asked, Ended, PUBLIC, TOKEN, TOKEN_BODY, sandbox};

/// All that comes back for these bytes.
fn answered(bytes: &[u8]) -> String {
    answered_after(bytes, |_| ())
}

fn answered_after(bytes: &[u8], then: fn(&TcpStream)) -> String {
    let sandbox = sandbox();
    let mut stream = wire::connect(sandbox.address());
    stream.write_all(bytes).expect("a request");
    then(&stream);
    String::from_utf8(wire::drain(&mut stream).0).expect("text")
}

/// A token is asked for, with these headers and this body.
fn token(more: &str) -> String {
    format!(
        "POST {TOKEN} HTTP/1.1\r\nHost: sandbox\r\napikeypublic: k\r\napiclientpublic: c\r\n\
         Content-Type: application/json\r\nConnection: close\r\n{more}"
    )
}

fn refusal(bytes: &str) -> (u16, String) {
    let answer = Answer::read(answered(bytes.as_bytes()).as_bytes());
    (answer.status, answer.refusal().1)
}

#[test]
fn a_body_that_breaks_off_is_not_called_too_large() {
    let gone = |stream: &TcpStream| stream.shutdown(Shutdown::Write).expect("an end");
    let cut = answered_after(token("Content-Length: 50\r\n\r\n{").as_bytes(), gone);
    assert!(cut.is_empty() || cut.starts_with("HTTP/1.1 400 "), "{cut}");
    let expected = (400, "the body does not come to its end".to_owned());
    assert_eq!(refusal(&token("Transfer-Encoding: chunked\r\n\r\nzz\r\n")), expected);
    assert_eq!(refusal(&token("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n")), expected);
}

#[test]
fn a_request_without_a_host_is_refused() {
    let request = token("Content-Length: 0\r\n\r\n").replace("Host: sandbox\r\n", "");
    assert_eq!(refusal(&request), (400, "a request of http/1.1 needs one header Host".to_owned()));
    let twice = token("Host: other\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(refusal(&twice).0, 400);
}

#[test]
fn the_old_protocol_is_answered_and_the_connection_closed() {
    let request = "GET /api/paywall/payment/version HTTP/1.0\r\napikeypublic: k\r\napiclientpublic: c\r\n\r\n";
    assert!(answered(request.as_bytes()).starts_with("HTTP/1.0 200 "));
}

#[test]
fn requests_that_do_not_wait_for_answers_get_theirs_in_order() {
    let (good, bad) = (Asked::token(), Asked::post("/nothing", "{}"));
    let last = good.clone().with(&[("Connection", "close")]);
    let answers = answered(&[good.bytes(), bad.bytes(), last.bytes()].concat());
    let statuses: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["200", "404", "200"]);
}

#[test]
fn two_lengths_of_one_body_are_refused() {
    let bytes = token("Content-Length: 3\r\nContent-Length: 4\r\n\r\n{}  ");
    assert!(answered(bytes.as_bytes()).starts_with("HTTP/1.1 400 "));
    // A length beside chunks, by which one request is smuggled in another, ends the connection.
    let both = token("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    let answer = answered(format!("{both}{}", token("\r\n")).as_bytes());
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
}

#[test]
fn a_head_of_endless_headers_is_refused() {
    let many = "x-many: y\r\n".repeat(150);
    assert!(answered(token(&format!("{many}\r\n")).as_bytes()).starts_with("HTTP/1.1 431 "));
}

#[test]
fn what_is_not_http_is_refused() {
    for bytes in ["\u{16}\u{3}\u{1}\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/3.7\r\n\r\n"] {
        assert!(answered(bytes.as_bytes()).starts_with("HTTP/1.1 400 "), "{bytes:?}");
    }
}

/// Nobody waits longer here for a request.
const TIME: Duration = Duration::from_millis(300);

fn impatient() -> Running {
    Sandbox::start(Options::default().stateful().request_timeout(TIME)).expect("a sandbox")
}

/// Sends the beginning, then the same byte again and again, for as long as it is taken.
fn dribbled(sandbox: &Running, beginning: &str, byte: u8) -> (String, Ended) {
    let mut stream = wire::connect(sandbox.address());
    stream.write_all(beginning.as_bytes()).expect("a request");
    let began = Instant::now();
    stream.set_nonblocking(true).expect("a stream");
    while began.elapsed() < TIME * 3 && stream.peek(&mut [0]).is_err() && stream.write_all(&[byte]).is_ok() {
        std::thread::sleep(TIME / 10);
    }
    assert!(began.elapsed() < TIME * 3, "it is still waited for");
    stream.set_nonblocking(false).expect("a stream");
    let (bytes, ended) = wire::drain(&mut stream);
    (String::from_utf8(bytes).expect("text"), ended)
}

fn stalled(sandbox: &Running, beginning: &str) -> (String, Ended) {
    let mut stream = wire::connect(sandbox.address());
    stream.write_all(beginning.as_bytes()).expect("a request");
    let (bytes, ended) = wire::drain(&mut stream);
    (String::from_utf8(bytes).expect("text"), ended)
}

#[test]
fn a_body_that_stalls_is_refused_in_time_and_the_connection_closed() {
    let sandbox = impatient();
    for (more, address) in [
        ("Content-Length: 50\r\n\r\n{", "/api/paywall/temptoken"),
        ("Content-Length: 50\r\n\r\n", "/api/paywall/nothing"),
        ("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"A\"", "/api/paywall/temptoken"),
        ("Content-Length: 99999999\r\n\r\n{", "/3d/a-token"),
        ("Content-Length: 9\r\n\r\n", "/"),
    ] {
        let began = Instant::now();
        let (answer, ended) =
            stalled(&sandbox, &token(more).replace("Connection: close\r\n", "").replace(TOKEN, address));
        assert!((TIME..TIME * 3).contains(&began.elapsed()), "{:?}", began.elapsed());
        let answer = Answer::read(answer.as_bytes());
        assert_eq!((answer.status, answer.header("connection"), ended), (408, Some("close"), Ended::Closed));
        assert_eq!(answer.refusal(), (-1, "the body has not come whole within 300ms".to_owned()));
    }
    assert!(sandbox.received().iter().all(|received| !received.complete));
}

#[test]
fn a_byte_now_and_then_does_not_keep_a_request_alive() {
    let sandbox = impatient();
    let (answer, _) = dribbled(&sandbox, &token("Content-Length: 500\r\n\r\n"), b' ');
    assert_eq!(Answer::read(answer.as_bytes()).status, 408, "{answer}");
    // A head is no request yet: there is nothing to answer.
    let (answer, ended) = dribbled(&sandbox, "POST / HTTP/1.1\r\nHost: sandbox\r\nx-slow: ", b'a');
    assert!(answer.is_empty() && ended != Ended::Open, "{answer} {ended:?}");
}

#[test]
fn a_head_that_stalls_or_never_begins_is_closed_in_time() {
    let sandbox = impatient();
    for beginning in ["", "P", "POST /api/paywall/temptoken HTTP/1.1\r\nHost: sandbox\r\n"] {
        let began = Instant::now();
        assert_eq!(stalled(&sandbox, beginning), (String::new(), Ended::Closed), "{beginning:?}");
        assert!(began.elapsed() < TIME * 3, "{:?}", began.elapsed());
    }
    assert!(sandbox.received().is_empty());
}

#[test]
fn an_answer_that_takes_longer_than_its_request_may_is_given_all_the_same() {
    let sandbox = impatient();
    sandbox.script().next("createTempToken", Reply::usual().after(TIME * 2)).expect("an operation");
    assert_eq!(Asked::token().send(sandbox.address()).status, 200);
}

/// The answers to GET and to HEAD, the second to its last byte.
fn both(sandbox: &Running, asked: &Asked) -> (Answer, String) {
    let get = Asked { method: "GET", ..asked.clone() }.send(sandbox.address());
    let head = Asked { method: "HEAD", ..asked.clone() }.with(&[("Connection", "close")]);
    let (bytes, ended) = head.drain(sandbox.address());
    assert_eq!(ended, Ended::Closed);
    (get, String::from_utf8(bytes).expect("text"))
}

fn without_date(head: &str) -> Vec<&str> {
    head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:")).collect()
}

#[test]
fn head_is_answered_as_get_is_without_the_body() {
    let sandbox = Sandbox::start(Options::default().stateful().seed(4)).expect("a sandbox");
    let version = Asked::get("/api/paywall/payment/version");
    let inquiry = Asked::get("/api/paywall/private/query").with(&wire::PRIVATE);
    for (asked, status) in [
        (version.clone().with(&PUBLIC), 200),
        (version, 401),
        (inquiry.clone().with(&[("merchantuniquecode", "order-1")]), 400),
        (inquiry, 400),
        (Asked::get("/"), 200),
        (Asked::get("/nothing"), 404),
        (Asked::get("/3d/a-token"), 404),
    ] {
        let (get, head) = both(&sandbox, &asked);
        assert_eq!(get.status, status, "{}", asked.path);
        assert_eq!(get.header("content-length"), Some(get.body.len().to_string().as_str()));
        let (lines, body) = head.split_once("\r\n\r\n").expect("a head");
        assert_eq!((without_date(lines), body), (without_date(&get.head), ""), "{}", asked.path);
    }
    let operations: Vec<_> = sandbox.received().into_iter().filter_map(|received| received.operation).collect();
    assert_eq!(operations.iter().filter(|operation| *operation == "queryPayment").count(), 4);
}

#[test]
fn a_connection_goes_on_after_head() {
    let asked = Asked { method: "HEAD", ..Asked::get("/api/paywall/payment/version").with(&PUBLIC) };
    let answers = answered(&[asked.bytes(), Asked::token().with(&[("Connection", "close")]).bytes()].concat());
    let statuses: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
    assert_eq!(statuses, ["200", "200"], "{answers}");
}

#[test]
fn head_where_nothing_can_be_got_is_refused_and_the_right_method_named() {
    for path in [TOKEN, "/api/paywall/tempcard", "/api/paywall/private/refund"] {
        let (get, head) = both(&sandbox(), &Asked::get(path));
        let head = Answer::read(head.as_bytes());
        assert_eq!((head.status, head.header("allow"), head.body.as_str()), (405, Some("POST"), ""), "{path}");
        assert_eq!(head.header("content-length"), get.header("content-length"));
    }
    let wrong = Asked::post("/api/paywall/payment/version", "{}").send(sandbox().address());
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn a_compressed_body_is_refused_and_told_as_such() {
    let gzip = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 171, 174, 5, 0, 67, 191, 166, 163, 2, 0, 0, 0];
    for encodings in [["gzip", "identity"], ["identity", "br"], ["gzip, identity", ""], ["x-new", "x-new"]] {
        let headers = encodings.map(|encoding| ("Content-Encoding", encoding));
        let answer = Asked::post(TOKEN, gzip).with(&PUBLIC).with(&headers).send(sandbox().address());
        assert_eq!((answer.status, answer.header("accept-encoding")), (415, Some("identity")), "{encodings:?}");
        let message = "the body has a content-encoding, and nothing here reads one: send it as it is";
        assert_eq!(answer.refusal(), (2, message.to_owned()));
    }
    let page = Asked::post("/3d/a-token", gzip).with(&[("Content-Encoding", "gzip")]);
    assert_eq!(page.send(impatient().address()).status, 415);
    let plain = Asked::post(TOKEN, TOKEN_BODY).with(&PUBLIC).with(&[("Content-Encoding", "Identity")]);
    assert_eq!(plain.send(sandbox().address()).status, 200);
}
