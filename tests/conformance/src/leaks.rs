//! Nothing leaks: secrets are planted in every operation, in both directions, and looked for in all that the client
//! says, in all that the stack below it logs, and in what a panic leaves behind.

mod messages;
mod places;
pub(crate) mod reading;
mod texts;

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt::Debug;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

use paywall_api::payments::{Start3dPayment, Start3dRequest};
use paywall_api::{
    Checker, Client, ClientBuilder, Credentials, Error, Operation, Outcome, UnknownCall, Validate, redacted,
};
use paywall_contract::sample::Part;
use paywall_sandbox::{Fault, Keys, Options, Reply, Running, Sandbox, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tracing_subscriber::layer::SubscriberExt;

use crate::authority::{Authority, HERE};
use crate::leaks::places::{CARD, payload, places, plant, planted};
use crate::operations;

/// The four keys, which occur nowhere by chance.
const KEYS: [&str; 4] =
    ["planted-public-key", "planted-public-client", "planted-private-key", "planted-private-client"];

const CARD_WITHOUT_ITS_END: &str = "454671123456";

fn request<O: Operation<Request: DeserializeOwned>>() -> O::Request {
    serde_json::from_value(payload(O::ID, Part::Request)).expect("a planted request fits its type")
}

/// Everything that must not be seen.
fn secrets() -> Vec<&'static str> {
    places::secrets().chain(KEYS).chain([CARD_WITHOUT_ITS_END]).collect()
}

/// A secret as text, and as bytes are shown by `Debug` and in hexadecimal.
fn guises(secret: &str) -> [String; 3] {
    let each = |shown: fn(u8) -> String, between| secret.bytes().map(shown).collect::<Vec<_>>().join(between);
    [secret.to_owned(), each(|byte| byte.to_string(), ", "), each(|byte| format!("{byte:02x}"), "")]
}

fn assert_clean(what: &str, text: &str) {
    for secret in secrets() {
        for guise in guises(secret) {
            if let Some(at) = text.find(&guise) {
                let around: String = text[..at].chars().rev().take(400).collect::<Vec<_>>().into_iter().rev().collect();
                panic!("{what} shows {secret} after:\n{around}");
            }
        }
    }
}

/// An error with all that it is caused by, as a panic or a log would show it.
pub(crate) fn told(error: &Error) -> String {
    let mut told = vec![format!("{error}\n{error:?}\n{error:#?}")];
    let mut source = error.source();
    while let Some(cause) = source {
        told.push(format!("{cause}\n{cause:?}"));
        source = cause.source();
    }
    told.join("\n")
}

/// A value as somebody might put it into a log.
fn shown<T: Debug + Serialize>(value: &T) -> String {
    format!("{value:?}\n{value:#?}\n{}", redacted(value).expect("json"))
}

/// The answer to a call, or the error, as shown.
type Shown = Result<String, Error>;

/// An operation without its types.
struct Case {
    id: &'static str,
    request: fn() -> (String, Value, Value),
    response: fn() -> (String, Value, Value),
    call: fn(Client) -> Pin<Box<dyn Future<Output = Shown> + Send>>,
    call_blocking: fn(&paywall_api::blocking::Client) -> Shown,
}

fn case<O>() -> Case
where
    O: Operation<Request: Debug + DeserializeOwned, Response: Debug + Serialize>,
{
    Case {
        id: O::ID,
        request: || three(&request::<O>()),
        response: || {
            let body = payload(O::ID, Part::Response)["Body"].take();
            three(&serde_json::from_value::<O::Response>(body).expect("a planted answer fits its type"))
        },
        call: |client| {
            Box::pin(async move {
                let request = request::<O>();
                let call = client.call::<O>(&request).correlation("of-a-test");
                let call_shown = format!("{call:?}");
                call.answer().await.map(|answer| format!("{call_shown}{answer:?}{}", shown(answer.body())))
            })
        },
        call_blocking: |client| {
            let request = request::<O>();
            let answer = client.call::<O>(&request).answer();
            answer.map(|answer| format!("{answer:?}{}", shown(answer.body())))
        },
    }
}

/// A value as shown, as it goes over the wire, and redacted.
fn three<T: Debug + Serialize>(value: &T) -> (String, Value, Value) {
    let redacted = redacted(value).expect("json");
    let redacted = serde_json::from_str(&redacted).expect("redacted json is json");
    (shown(value), serde_json::to_value(value).expect("json"), redacted)
}

macro_rules! cases {
    ($($operation:ty),*) => { vec![$(case::<$operation>()),*] };
}

fn cases() -> Vec<Case> {
    paywall_api::each_operation!(cases)
}

/// The places of two payloads of one shape where they differ.
fn differences(at: &str, left: &Value, right: &Value, found: &mut BTreeSet<String>) {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            assert!(left.keys().eq(right.keys()), "{at}: redacting changes the fields");
            left.iter().for_each(|(key, value)| differences(&format!("{at}/{key}"), value, &right[key], found));
        }
        (Value::Array(left), Value::Array(right)) => {
            assert_eq!(left.len(), right.len(), "{at}: redacting changes the length");
            let pairs = left.iter().zip(right).enumerate();
            pairs.for_each(|(index, (left, right))| differences(&format!("{at}/{index}"), left, right, found));
        }
        _ if left == right => {}
        _ => assert!(found.insert(at.to_owned())),
    }
}

/// Two lists that were made apart: the places above and what the contract marks.
#[test]
fn what_is_masked_is_what_is_listed_here() {
    for case in cases() {
        for (part, prefix, (_, wire, redacted)) in
            [(Part::Request, "", (case.request)()), (Part::Response, "/Body", (case.response)())]
        {
            let mut masked = BTreeSet::new();
            differences(prefix, &wire, &redacted, &mut masked);
            let listed = places(case.id, part);
            assert_eq!(masked, listed.iter().map(|place| (*place).to_owned()).collect(), "{} {part:?}", case.id);
            for pointer in listed {
                let value = wire.pointer(pointer.strip_prefix(prefix).expect("below the body"));
                assert_eq!(value, Some(&planted(case.id, part, pointer).into()), "{} {pointer}", case.id);
            }
        }
    }
}

fn server() -> (Running, Client) {
    let (server, builder) = start(Options::default());
    (server, builder.build().expect("a client"))
}

/// A secret stands at each of its places, and so a card is given in every way at once: that is reported here.
fn start(options: Options) -> (Running, ClientBuilder) {
    let (server, builder) = start_strictly(options);
    (server, builder.report_violations())
}

fn start_strictly(options: Options) -> (Running, ClientBuilder) {
    let [public_key, public_client, private_key, private_client] = KEYS;
    let options = options.keys("public", Keys::new(public_key, public_client));
    let options = options.keys("private", Keys::new(private_key, private_client));
    let server = Sandbox::start(options).expect("a local Paywall");
    let builder = Client::builder_at(server.base_address())
        .public_keys(Credentials::new(public_key, public_client))
        .private_keys(Credentials::new(private_key, private_client))
        .retries(0);
    (server, builder)
}

#[test]
fn what_a_caller_holds_shows_no_secret() {
    for case in cases() {
        assert_clean(&format!("a request of {}", case.id), &(case.request)().0);
        assert_clean(&format!("an answer of {}", case.id), &(case.response)().0);
    }
    let (_server, builder) = start(Options::default());
    assert_clean("Debug of a builder", &format!("{builder:?}{builder:#?}"));
    let client = builder.build().expect("a client");
    assert_clean("Debug of a client", &format!("{client:?}{client:#?}"));
    let request = request::<Start3dPayment>();
    let shown = redacted(&request).expect("json");
    assert!(shown.contains("************7894"), "{shown}");
    let number = request.card.number.clone().expect("planted");
    let caught = catch_unwind(|| panic!("{number:?} {number}")).expect_err("a panic");
    assert_clean("a panic", caught.downcast_ref::<String>().expect("its text"));
}

#[tokio::test]
async fn a_request_that_breaks_a_rule_is_told_without_its_values() {
    let (server, builder) = start_strictly(Options::default());
    let client = builder.build().expect("a client");
    let mut request = request::<Start3dPayment>();
    request.card.number = Some(format!("{CARD}{CARD}").as_str().into());
    request.payment_detail.client_ip = KEYS.concat().as_str().into();
    let error = client.payments().start_3d(&request).answer().await.expect_err("refused here");
    assert_clean("a violation", &told(&error));
    for pointer in ["/Card/Number", "/PaymentDetail/ClientIP"] {
        assert!(error.violations().iter().any(|found| found.pointer() == pointer), "{error}");
    }
    assert!(server.received().is_empty());
}

/// Everything that is logged in this process, by `tracing` and by `log`, down to the last detail.
fn logs() -> &'static Arc<Mutex<Vec<u8>>> {
    static LOGS: OnceLock<Arc<Mutex<Vec<u8>>>> = OnceLock::new();
    LOGS.get_or_init(|| {
        let logs = Arc::new(Mutex::new(Vec::new()));
        let writer = Arc::clone(&logs);
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || Shared(Arc::clone(&writer)));
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::set_global_default(subscriber).expect("the only subscriber");
        tracing_log::LogTracer::init().expect("the only logger");
        logs
    })
}

struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("logs").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Looks for secrets in what was logged so far, which must be of all these.
fn assert_clean_logs(logs: &Mutex<Vec<u8>>, expected: &[&str]) {
    let text = String::from_utf8_lossy(&logs.lock().expect("logs")).into_owned();
    for expected in expected {
        assert!(text.contains(expected), "the logs lack {expected}, so that they prove nothing");
    }
    assert_clean("the log", &text);
}

/// All that is secret about a call, in one text: what a careless server could know.
fn everything(operation: &str) -> String {
    let (request, answer) = (payload(operation, Part::Request), payload(operation, Part::Response));
    format!("{} {request} {answer}", KEYS.join(" "))
}

/// An envelope whose texts and names are secrets.
fn echo(operation: &str, code: i64, result: bool) -> String {
    let (all, body) = (everything(operation), payload(operation, Part::Response)["Body"].take());
    let named = format!(r#""{CARD}":1,"{CARD}":2,"{}":{{}}"#, KEYS[0]);
    format!(
        r#"{{"ErrorCode":{code},"Result":{result},"Message":{all},"ErrorMessage":{all},{named},"Body":{body}}}"#,
        all = Value::from(all)
    )
}

/// What a careless or broken server may answer.
fn careless(operation: &str) -> Vec<(&'static str, Reply)> {
    let text = everything(operation);
    let elsewhere = format!("http://{}:{}@127.0.0.1:1/{CARD}?key={}", KEYS[0], KEYS[1], KEYS[2]);
    vec![
        ("an answer that says all", Reply::json(echo(operation, 0, true))),
        ("a refusal that says all", Reply::json(echo(operation, 14, false))),
        (
            "a refusal with 400",
            Reply::new(StatusCode::BAD_REQUEST).header("x-echo", KEYS[0]).body(echo(operation, 14, false)),
        ),
        (
            "a refusal for a moment",
            Reply::new(StatusCode::SERVICE_UNAVAILABLE).header("retry-after", CARD).body(echo(operation, 14, false)),
        ),
        ("a contradiction", Reply::json(echo(operation, 14, true))),
        ("an answer without a body", Reply::json(echo(operation, 0, true).replace("\"Body\"", "\"Other\""))),
        ("an answer that breaks off", Reply::json(echo(operation, 0, true).as_bytes()[..text.len()].to_vec())),
        ("an answer that is no JSON", Reply::json(echo(operation, 0, true).replace(':', "="))),
        ("text", Reply::json(Value::from(text.as_str()).to_string())),
        ("a page", Reply::new(StatusCode::BAD_GATEWAY).header("content-type", "text/html").body(text.clone())),
        ("another protocol", Reply::raw(text.clone())),
        ("a header that is none", Reply::raw(format!("HTTP/1.1 200 OK\r\n{text}\r\n\r\n"))),
        ("a length that is none", Reply::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {CARD}{CARD}\r\n\r\n"))),
        ("a cut answer", Reply::json(echo(operation, 0, true)).cut_body(200, Fault::Reset)),
        ("a reset", Reply::reset()),
        ("a redirect", Reply::redirect(StatusCode::FOUND, elsewhere)),
    ]
}

/// The documented answer with each of its secrets at a wrong place: in a list, in an object, as the name of a field.
fn misplaced(operation: &str) -> Vec<Value> {
    let mut answers = Vec::new();
    for pointer in places(operation, Part::Response) {
        let secret = planted(operation, Part::Response, pointer);
        for odd in [
            Value::from(vec![secret]),
            Value::from_iter([(secret, secret)]),
            Value::from(vec![Value::from_iter([(secret, 1)])]),
        ] {
            let (mut answer, (parent, _)) =
                (payload(operation, Part::Response), pointer.rsplit_once('/').expect("a field"));
            plant(&mut answer, pointer, odd.clone());
            answers.push(answer.clone());
            plant(&mut answer, parent, odd);
            answers.push(answer);
        }
    }
    answers
}

/// Looks at what became of a call, be it an answer or an error.
fn assert_clean_end(what: &str, end: Shown) {
    assert_clean(what, &end.unwrap_or_else(|error| told(&error)));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_and_no_failure_brings_a_secret_into_an_error_or_a_log() {
    let logs = logs();
    let (server, client) = server();
    for case in cases() {
        assert_clean_end(case.id, Ok((case.call)(client.clone()).await.expect("answered")));
        let usual = payload(case.id, Part::Response);
        server.script().next(case.id, Reply::json(usual.to_string())).expect("scripted");
        assert_clean_end(case.id, Ok((case.call)(client.clone()).await.expect("answered")));
        for (what, reply) in careless(case.id) {
            server.script().next(case.id, reply).expect("scripted");
            assert_clean_end(&format!("{what} to {}", case.id), (case.call)(client.clone()).await);
        }
        for answer in misplaced(case.id) {
            server.script().next(case.id, Reply::json(answer.to_string())).expect("scripted");
            assert_clean_end(&format!("a misplaced secret in {}", case.id), (case.call)(client.clone()).await);
        }
    }
    assert_eq!(server.script().left(), 0);
    server.stop();
    for case in cases() {
        assert_clean_end("nobody there", Err((case.call)(client.clone()).await.expect_err("nobody there")));
    }
    assert_clean_logs(logs, &["paywall", "start3dPayment", "createMember", "hyper_util", "TRACE", "of-a-test"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_over_tls_brings_no_secret_into_a_log() {
    let logs = logs();
    let authority = Authority::new("trusted");
    let (server, builder) = start(authority.vouch_for(HERE, Options::default()));
    let client = builder.root_certificate_pem(authority.pem()).build().expect("a client");
    for case in cases() {
        assert_clean_end(case.id, Ok((case.call)(client.clone()).await.expect("answered")));
        server.script().next(case.id, Reply::json(echo(case.id, 14, false))).expect("scripted");
        assert_clean_end("a refusal over tls", (case.call)(client.clone()).await);
    }
    assert_eq!(server.received().len(), 2 * operations::all().len());
    assert_clean_logs(logs, &["rustls", "hyper_util", "TRACE"]);
}

#[test]
fn the_blocking_client_brings_no_secret_into_an_error_or_a_log() {
    let logs = logs();
    let (server, builder) = start(Options::default());
    let client = builder.build_blocking().expect("a client");
    assert_clean("Debug of a client", &format!("{client:?}{client:#?}"));
    for case in cases() {
        assert_clean_end(case.id, Ok((case.call_blocking)(&client).expect("answered")));
        server.script().next(case.id, Reply::json(echo(case.id, 14, false))).expect("scripted");
        assert_clean_end("a refusal", Err((case.call_blocking)(&client).expect_err("refused")));
        server.script().next(case.id, Reply::reset()).expect("scripted");
        assert_clean_end("a reset", Err((case.call_blocking)(&client).expect_err("reset")));
    }
    assert_clean_logs(logs, &["paywall", "hyper_util", "TRACE"]);
}

/// A request of somebody else's own, whose rules do not hold.
#[derive(Debug, Serialize)]
struct Panicking(Start3dRequest);

impl Validate for Panicking {
    fn check(&self, _: &mut Checker) {
        panic!("a rule panics over {self:?} and {self:#?}");
    }
}

struct PanickingPayment;

impl Operation for PanickingPayment {
    type Request = Panicking;
    type Response = <Start3dPayment as Operation>::Response;
    const ID: &'static str = Start3dPayment::ID;
    const METHOD: paywall_api::http::Method = Start3dPayment::METHOD;
    const PATH: &'static str = Start3dPayment::PATH;
    const API: &'static paywall_api::Api = Start3dPayment::API;
    const KEYS: Option<&'static paywall_api::KeyPair> = Start3dPayment::KEYS;
    const RETRY: paywall_api::Retry = Start3dPayment::RETRY;
    const MOVES_MONEY: bool = Start3dPayment::MOVES_MONEY;
    const ENVELOPE: &'static paywall_api::EnvelopePlaces = Start3dPayment::ENVELOPE;

    fn merchant_code(request: &Panicking) -> Option<&str> {
        Start3dPayment::merchant_code(&request.0)
    }
}

/// Runs an ignored test of this program in a process of its own: all that it says, panics and logs included.
fn said_by(child: &str) -> String {
    let mut process = Command::new(std::env::current_exe().expect("this program"));
    process.args(["--exact", child, "--ignored", "--nocapture"]).env("RUST_BACKTRACE", "1");
    let output = process.output().expect("it runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    said
}

#[test]
fn a_panic_of_the_callers_own_code_shows_no_secret() {
    let said = said_by("leaks::child_panics");
    for (expected, times) in [("a rule panics over Panicking", 2), ("told of it: the outcome of start3dPayment", 3)] {
        assert!(said.matches(expected).count() >= times, "the child does not say {expected:?} {times} times");
    }
    assert_clean("what a panic leaves behind", &said);
}

/// Panics where the caller's code runs inside the client, which outlives all of them.
#[test]
#[ignore = "started by another test, which reads all that it says"]
fn child_panics() {
    let logs = logs();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(panics());
    panics_blocking();
    println!("{}", String::from_utf8_lossy(&logs.lock().expect("logs")));
}

/// In `on_unknown`, at the end of a call and when one is dropped, and in the rules of a request.
async fn panics() {
    let (server, builder) = start(Options::default());
    let client = builder.on_unknown(panic_over).build().expect("a client");
    let request = request::<Start3dPayment>();
    server.script().next("start3dPayment", Reply::json(echo("start3dPayment", 1, false))).expect("scripted");
    let error = client.payments().start_3d(&request).await.expect_err("refused without proof");
    println!("{}", told(&error));
    server.script().next("start3dPayment", Reply::never()).expect("scripted");
    tokio::select! {
        ended = client.payments().start_3d(&request).answer() => panic!("the call ended: {ended:?}"),
        () = server.arrived(2) => {}
    }
    let (moved, broken) = (client.clone(), Panicking(request.clone()));
    let task = tokio::spawn(async move { moved.call::<PanickingPayment>(&broken).answer().await.map(drop) });
    let error = task.await.expect_err("a panic");
    println!("{error} {error:?}");
    client.payments().start_3d(&request).await.expect("the client goes on");
    assert_eq!(server.received().len(), 3, "a request whose rules panic is not sent");
}

/// The same with the blocking client, on the caller's own thread.
fn panics_blocking() {
    let (server, builder) = start(Options::default());
    let client = builder.on_unknown(panic_over).build_blocking().expect("a client");
    let request = request::<Start3dPayment>();
    server.script().next("start3dPayment", Reply::close()).expect("scripted");
    let error = client.payments().start_3d(&request).send().expect_err("closed");
    assert_eq!(error.outcome(), Outcome::Unknown);
    let broken = Panicking(request.clone());
    let call = || client.call::<PanickingPayment>(&broken).send().map(drop);
    assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
    client.payments().start_3d(&request).send().expect("the client goes on");
}

fn panic_over(call: &UnknownCall) {
    panic!("told of it: {} {call:?}", call.unknown());
}
