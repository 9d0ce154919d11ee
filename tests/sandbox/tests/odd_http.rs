//! What is answered to HTTP that no client of this API speaks, and that a proxy, a script or an attacker does?

mod wire;

use std::io::Write;
use std::net::{Shutdown, TcpStream};

use wire::{Answer, Asked, TOKEN, sandbox};

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
