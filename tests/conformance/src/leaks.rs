//! Nothing leaks: planted secrets are looked for in all that the client says, and in all that the stack below it logs.

use std::error::Error as _;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock};

use paywall_api::payments::{Start3dPayment, Start3dRequest};
use paywall_api::{Client, Credentials, Error, redacted};
use paywall_sandbox::{Fault, Keys, Options, Reply, Running, Sandbox, StatusCode};
use tracing_subscriber::layer::SubscriberExt;

use crate::payloads;

/// What must be seen nowhere but on the wire.
const SECRETS: [&str; 10] = [
    "4546711234567894",
    "546711234567",
    "7Z3",
    "planted-key",
    "planted-client",
    "planted-token",
    "Planted Holder",
    "planted@example.com",
    "5330009988",
    "10000000146",
];

fn request() -> Start3dRequest {
    let mut request = payloads::request::<Start3dPayment>();
    request.card.number = Some("4546711234567894".into());
    request.card.cvv = Some("7Z3".into());
    request.card.owner_name = Some("Planted Holder".into());
    request.card.temp_card_token = Some("planted-token".into());
    request.customer.email = "planted@example.com".into();
    request.customer.phone = "5330009988".into();
    request.customer.identity_number = Some("10000000146".into());
    request
}

fn server() -> (Running, Client) {
    let server = Sandbox::start(Options::default().keys("public", Keys::new("planted-key", "planted-client")));
    let server = server.expect("a local Paywall");
    let client = Client::builder_at(server.base_address())
        .public_keys(Credentials::new("planted-key", "planted-client"))
        .retries(0)
        .build()
        .expect("a client");
    (server, client)
}

fn assert_clean(what: &str, text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{what} shows a planted secret:\n{}", text.replace(secret, "[PLANTED]"));
    }
}

/// An error with all that it is caused by, as a panic or a log would show it.
fn told(error: &Error) -> String {
    let mut told = vec![format!("{error}\n{error:?}\n{error:#?}")];
    let mut source = error.source();
    while let Some(cause) = source {
        told.push(format!("{cause}\n{cause:?}"));
        source = cause.source();
    }
    told.join("\n")
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

/// An answer that says all that was sent, as a careless server's error page would.
fn echo() -> String {
    let json = serde_json::to_string(&request()).expect("json");
    format!(r#"{{"ErrorCode":14,"Result":false,"Message":{json:?},"Body":{json}}}"#)
}

#[test]
fn what_a_caller_holds_shows_no_secret() {
    let (_server, client) = server();
    let request = request();
    assert_clean("Debug of a request", &format!("{request:?}{request:#?}"));
    let shown = redacted(&request).expect("json");
    assert_clean("a redacted request", &shown);
    assert!(shown.contains("************7894") && shown.contains("\"Amount\": 1.00"), "{shown}");
    assert_clean("Debug of a client", &format!("{client:?}{client:#?}"));
    assert_clean("Debug of a call", &format!("{:?}", client.payments().start_3d(&request)));
    let broken = request.card.number.clone().expect("planted");
    let caught = std::panic::catch_unwind(|| panic!("{broken:?} {broken}")).expect_err("a panic");
    assert_clean("a panic", caught.downcast_ref::<String>().expect("its text"));
}

#[test]
fn a_request_that_breaks_a_rule_is_told_without_its_values() {
    let (server, client) = server();
    let mut request = request();
    request.card.number = Some("4546711234567894454671123456789".into());
    request.payment_detail.client_ip = "planted-token-that-is-too-long".into();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let error = runtime.block_on(client.payments().start_3d(&request).answer()).expect_err("refused here");
    assert_clean("a violation", &told(&error));
    assert!(error.to_string().contains("/Card/Number"), "{error}");
    assert!(server.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_and_no_failure_brings_a_secret_into_an_error_or_a_log() {
    let logs = logs();
    let (server, client) = server();
    let request = request();
    let answered = client.payments().start_3d(&request).correlation("c-1").await.expect("answered");
    assert_clean("Debug of an answer", &format!("{answered:?}"));
    for (what, reply) in [
        ("a refusal that says all", Reply::json(echo())),
        ("a refusal with 400", Reply::json(echo()).header("x-echo", "planted-key")),
        ("an answer of another shape", Reply::json(echo().replace("14,\"Result\":false", "0,\"Result\":true"))),
        ("an answer that is no JSON", Reply::json(echo().replace(':', "="))),
        ("a page", Reply::new(StatusCode::BAD_GATEWAY).header("content-type", "text/html").body(echo())),
        ("another protocol", Reply::raw(echo())),
        ("a cut answer", Reply::json(echo()).cut_body(200, Fault::Reset)),
        ("a reset", Reply::reset()),
        ("a redirect", Reply::redirect(StatusCode::FOUND, "http://127.0.0.1:1/?key=planted-key&pan=4546711234567894")),
    ] {
        server.script().next("start3dPayment", reply).expect("scripted");
        let error = client.payments().start_3d(&request).await.expect_err(what);
        assert_clean(what, &told(&error));
    }
    server.stop();
    let error = client.payments().start_3d(&request).await.expect_err("nobody there");
    assert_clean("no connection", &told(&error));
    let text = String::from_utf8_lossy(&logs.lock().expect("logs")).into_owned();
    for expected in ["paywall", "start3dPayment", "hyper_util", "TRACE"] {
        assert!(text.contains(expected), "the logs lack {expected}, so that they prove nothing:\n{text}");
    }
    assert_clean("the log", &text);
}
