//! What is answered on demand, how connections fail on demand, and what is recorded of it.

mod wire;

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use paywall_sandbox::{Error, Fault, Greeting, Options, Reply, Running, Sandbox, StatusCode};

use wire::{Answer, Asked, Ended, PRIVATE, PUBLIC, TOKEN, TOKEN_BODY, connect, drain, sandbox};

const TOKEN_OPERATION: &str = "createTempToken";

fn scripted(reply: Reply) -> Running {
    let sandbox = sandbox();
    sandbox.script().next(TOKEN_OPERATION, reply).expect("an operation");
    sandbox
}

#[test]
fn replies_come_once_in_order_and_those_of_the_operation_first() {
    let sandbox = sandbox();
    let script = sandbox.script();
    script.next_any(Reply::new(StatusCode::BAD_GATEWAY));
    script.next(TOKEN_OPERATION, Reply::new(StatusCode::CREATED)).expect("an operation");
    script.next(TOKEN_OPERATION, Reply::new(StatusCode::ACCEPTED)).expect("an operation");
    script.next("createMember", Reply::new(StatusCode::IM_A_TEAPOT)).expect("an operation");
    let statuses: Vec<u16> = (0..4).map(|_| Asked::token().send(sandbox.address()).status).collect();
    assert_eq!(statuses, [201, 202, 502, 200]);
    assert_eq!(script.left(), 1);
}

#[test]
fn a_standing_reply_waits_for_the_single_ones_and_can_be_forgotten() {
    let sandbox = sandbox();
    let script = sandbox.script();
    script.always(TOKEN_OPERATION, Reply::new(StatusCode::CONFLICT)).expect("an operation");
    script.always_any(Reply::new(StatusCode::GONE));
    script.next(TOKEN_OPERATION, Reply::usual()).expect("an operation");
    let status = |path: &str| Asked::post(path, TOKEN_BODY).with(&PUBLIC).send(sandbox.address()).status;
    assert_eq!([status(TOKEN), status(TOKEN), status(TOKEN), status("/nothing")], [200, 409, 409, 410]);
    script.clear();
    assert_eq!([status(TOKEN), status("/nothing")], [200, 404]);
}

#[test]
fn a_scripted_request_is_not_judged() {
    let sandbox = scripted(Reply::json("{}"));
    let answer = Asked::post(TOKEN, "not json").send(sandbox.address());
    assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
}

#[test]
fn a_documented_case_can_be_asked_for() {
    let sandbox = sandbox();
    sandbox.script().next("resendMasterpassOtp", Reply::sample("token-is-not-valid")).expect("a sample");
    let body = wire::sample("resendMasterpassOtp/page.request.jsonc");
    let asked = Asked::post("/api/paywall/masterpass/otp/resend", body).with(&PRIVATE);
    assert_eq!(
        asked.send(sandbox.address()).body,
        wire::sample("resendMasterpassOtp/token-is-not-valid.response.jsonc")
    );
    assert_eq!(asked.send(sandbox.address()).body, wire::sample("resendMasterpassOtp/page.response.jsonc"));
}

#[test]
fn an_operation_or_a_case_that_does_not_exist_is_an_error() {
    let sandbox = sandbox();
    let error = sandbox.script().next("payNow", Reply::usual()).expect_err("no operation");
    assert!(matches!(&error, Error::UnknownOperation { .. }) && error.to_string().contains("createTempToken"));
    let error = sandbox.script().always(TOKEN_OPERATION, Reply::sample("refused")).expect_err("no sample");
    assert_eq!(error.to_string(), "`createTempToken` has no documented answer `refused`: use one of page");
}

#[test]
fn status_headers_and_body_are_as_the_script_says() {
    let page = Reply::new(StatusCode::BAD_GATEWAY)
        .header("content-type", "text/html; charset=windows-1254")
        .header("Set-Cookie", "a=1")
        .header("Set-Cookie", "b=2")
        .body("<h1>Bad gateway</h1>");
    let answer = Asked::token().send(scripted(page).address());
    assert_eq!((answer.status, answer.body.as_str()), (502, "<h1>Bad gateway</h1>"));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=windows-1254"));
    assert_eq!(answer.head.matches("set-cookie").count(), 2);
}

#[test]
fn a_header_of_the_script_replaces_that_of_the_answer() {
    let answer = Asked::token().send(scripted(Reply::usual().header("Content-Type", "text/plain")).address());
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    assert!(answer.body.contains("TempTokenId"));
}

#[test]
fn a_header_that_cannot_be_sent_is_told() {
    let answer = Asked::token().send(scripted(Reply::usual().header("no header", "x")).address());
    assert_eq!((answer.status, answer.body.as_str()), (500, "the header `no header` of the script cannot be sent"));
}

#[test]
fn a_refusal_can_have_any_code() {
    let answer = Asked::token().send(scripted(Reply::refusal(StatusCode::OK, 98_765, "new")).address());
    assert_eq!((answer.status, answer.refusal()), (200, (98_765, "new".to_owned())));
}

#[test]
fn a_redirect_names_its_target() {
    for status in [301, 302, 303, 307, 308] {
        let status = StatusCode::from_u16(status).expect("a status");
        let answer = Asked::token().send(scripted(Reply::redirect(status, "http://127.0.0.1:9/")).address());
        assert_eq!((answer.status, answer.header("location")), (status.as_u16(), Some("http://127.0.0.1:9/")));
    }
}

#[test]
fn a_request_that_was_read_can_be_left_without_an_answer() {
    for (reply, ended) in
        [(Reply::close(), Ended::Closed), (Reply::reset(), Ended::Reset), (Reply::never(), Ended::Open)]
    {
        let sandbox = scripted(reply);
        assert_eq!(Asked::token().drain(sandbox.address()), (Vec::new(), ended));
        assert_eq!(sandbox.received().len(), 1);
    }
}

#[test]
fn an_answer_can_be_cut_after_the_head_and_in_mid_body() {
    for (bytes, fault, ended) in [
        (0, Fault::Close, Ended::Closed),
        (0, Fault::Stall, Ended::Open),
        (20, Fault::Close, Ended::Closed),
        (20, Fault::Reset, Ended::Reset),
        (20, Fault::Stall, Ended::Open),
    ] {
        let sandbox = scripted(Reply::usual().cut_body(bytes, fault));
        let (read, how) = Asked::token().drain(sandbox.address());
        let answer = Answer::read(&read);
        let whole = wire::sample("createTempToken/page.response.jsonc");
        assert_eq!((answer.body.as_str(), how), (&whole[..bytes], ended), "{bytes} {fault:?}");
        assert_eq!(answer.header("content-length"), Some(whole.len().to_string().as_str()));
    }
}

#[test]
fn a_length_can_be_announced_that_never_comes() {
    let reply = Reply::json("{").header("content-length", "99999999999").cut_body(1, Fault::Close);
    let (read, how) = Asked::token().drain(scripted(reply).address());
    let answer = Answer::read(&read);
    assert_eq!((answer.header("content-length"), answer.body.as_str(), how), (Some("99999999999"), "{", Ended::Closed));
}

#[test]
fn head_and_body_can_be_late() {
    let wait = Duration::from_millis(300);
    let sandbox = scripted(Reply::usual().after(wait).body_after(wait));
    let start = Instant::now();
    let mut stream = connect(sandbox.address());
    stream.write_all(&Asked::token().with(&[("Connection", "close")]).bytes()).expect("a request");
    let mut first = [0; 1];
    std::io::Read::read_exact(&mut stream, &mut first).expect("a byte");
    assert!(start.elapsed() >= wait && start.elapsed() < wait * 2, "{:?}", start.elapsed());
    let (rest, _) = drain(&mut stream);
    assert!(start.elapsed() >= wait * 2, "{:?}", start.elapsed());
    assert!(rest.ends_with(b"}"));
}

#[test]
fn bytes_that_are_not_http_can_be_sent() {
    let sandbox = scripted(Reply::raw("SSH-2.0-OpenSSH\r\n"));
    assert_eq!(Asked::token().drain(sandbox.address()), (b"SSH-2.0-OpenSSH\r\n".to_vec(), Ended::Closed));
}

#[test]
fn a_connection_can_go_stale_after_a_whole_answer() {
    for reply in [Reply::usual().then_closed(), Reply::new(StatusCode::OK).then_closed()] {
        let (read, how) = Asked::token().drain(scripted(reply).address());
        let answer = Answer::read(&read);
        assert_eq!((answer.status, how, answer.header("connection")), (200, Ended::Closed, None));
    }
}

#[test]
fn without_a_script_a_connection_serves_several_requests() {
    let sandbox = sandbox();
    let mut stream = connect(sandbox.address());
    for _ in 0..3 {
        stream.write_all(&Asked::token().bytes()).expect("a request");
        let (read, how) = drain(&mut stream);
        assert_eq!((Answer::read(&read).status, how), (200, Ended::Open));
    }
    assert_eq!((sandbox.connections(), sandbox.received().len()), (1, 3));
    let spelled = |received: &paywall_sandbox::Received| received.headers[1].0 == "Content-Type";
    assert!(sandbox.received().iter().all(spelled));
}

#[test]
fn a_connection_can_fail_before_anything_is_read() {
    for (fault, ended) in [(Fault::Close, Ended::Closed), (Fault::Reset, Ended::Reset), (Fault::Stall, Ended::Open)] {
        let sandbox = sandbox();
        sandbox.script().next_connection(Greeting::Fault(fault));
        let mut stream = connect(sandbox.address());
        if fault == Fault::Stall {
            stream.write_all(&Asked::token().bytes()).expect("a request");
        }
        assert_eq!(drain(&mut stream), (Vec::new(), ended));
        assert_eq!((sandbox.connections(), sandbox.received().len()), (1, 0));
        assert_eq!(Asked::token().send(sandbox.address()).status, 200);
    }
}

#[test]
fn every_connection_can_be_greeted_the_same_way() {
    let sandbox = sandbox();
    sandbox.script().every_connection(Greeting::Fault(Fault::Close)).next_connection(Greeting::Serve);
    assert_eq!(Asked::token().send(sandbox.address()).status, 200);
    for _ in 0..2 {
        assert_eq!(drain(&mut connect(sandbox.address())), (Vec::new(), Ended::Closed));
    }
}

#[test]
fn what_came_in_is_kept_as_it_was_sent() {
    let sandbox = sandbox();
    let asked = Asked::post(&format!("{TOKEN}?q=1"), "{ \"a\": 1.00 }").with(&[("ApiKeyPublic", "k"), ("x-ODD", "é")]);
    let _ = asked.send(sandbox.address());
    let received = sandbox.take_received().pop().expect("a request");
    let names: Vec<&str> = received.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Host", "Content-Type", "ApiKeyPublic", "x-ODD", "Connection", "Content-Length"]);
    assert_eq!(received.header("X-odd").collect::<Vec<_>>(), ["é"]);
    assert_eq!((received.method.as_str(), received.path.as_str()), ("POST", "/api/paywall/temptoken?q=1"));
    assert_eq!((received.operation.as_deref(), received.complete), (Some(TOKEN_OPERATION), true));
    assert_eq!(&received.body[..], b"{ \"a\": 1.00 }");
    assert!(received.peer.ip().is_loopback() && sandbox.received().is_empty());
}

#[test]
fn a_request_that_breaks_off_is_recorded_as_far_as_it_came() {
    let sandbox = sandbox();
    let mut stream = connect(sandbox.address());
    let bytes = Asked::token().bytes();
    stream.write_all(&bytes[..bytes.len() - 10]).expect("a part");
    drop(stream);
    let start = Instant::now();
    while sandbox.received().is_empty() && start.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let received = sandbox.received().pop().expect("a request");
    assert!(!received.complete);
    assert_eq!(received.body.len(), TOKEN_BODY.len() - 10);
}

#[test]
fn requests_are_not_kept_where_nobody_asks_for_them() {
    let sandbox = Sandbox::start(Options::default().keep_requests(false)).expect("a sandbox");
    assert_eq!(Asked::token().send(sandbox.address()).status, 200);
    assert!(sandbox.received().is_empty() && sandbox.take_received().is_empty());
}

#[tokio::test]
async fn a_test_can_wait_until_a_request_is_under_way() {
    let sandbox = scripted(Reply::never());
    let mut stream = connect(sandbox.address());
    stream.write_all(&Asked::token().bytes()).expect("a request");
    tokio::time::timeout(Duration::from_secs(5), sandbox.arrived(1)).await.expect("a request");
    assert_eq!(sandbox.received().len(), 1);
}

#[test]
fn a_stopped_sandbox_refuses_connections_and_waits_for_nobody() {
    let sandbox = scripted(Reply::never());
    let address = sandbox.address();
    let mut stream = connect(address);
    stream.write_all(&Asked::token().bytes()).expect("a request");
    let start = Instant::now();
    sandbox.stop();
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(TcpStream::connect(address).is_err());
}
