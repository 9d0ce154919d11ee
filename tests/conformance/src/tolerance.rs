//! Answers as the documents do not show them. What can be read is read; the rest is a typed error with the right
//! outcome: of a payment, an answer that says success and cannot be read is unknown, never refused.

use std::sync::Arc;
use std::time::Duration;

use paywall_api::{ErrorKind, Outcome};
use paywall_contract::expectations;
use paywall_contract::node::Kind;
use paywall_sandbox::{Fault, Reply, Running, StatusCode, text};

use crate::operations::Facts;
use crate::{operations, payloads, server, workspace};

/// The answer with something else as its body.
fn with_body(operation: &str, body: &str) -> String {
    let answer = payloads::answer(operation);
    let start = answer.find("\"Body\":").expect("a body");
    format!("{}\"Body\":{body}}}", &answer[..start])
}

#[tokio::test]
async fn unknown_fields_are_passed_over() {
    let server = server::start();
    let client = server::client(&server);
    for operation in operations::all() {
        let answer = payloads::answer(operation.id).replace(r#"{""#, r#"{"Invented":{"Deep":[1,"2",null]},""#);
        server.script().next(operation.id, Reply::json(answer)).expect("scripted");
        (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error}"));
    }
}

#[tokio::test]
async fn the_two_keys_that_older_answers_lack_may_be_absent() {
    let server = server::start();
    let client = server::client(&server);
    let (mut with, mut without) = (0, 0);
    for operation in operations::all() {
        let mut answer = text::read(&payloads::answer(operation.id)).expect("json");
        let Kind::Map(fields) = &mut answer.kind else { panic!("no envelope") };
        let all = fields.len();
        fields.retain(|field| !["ErrorCodeType", "ErrorMessage"].contains(&field.key.as_str()));
        let counted = if fields.len() < all { &mut with } else { &mut without };
        *counted += 1;
        server.script().next(operation.id, Reply::json(text::write(&answer))).expect("scripted");
        (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error}"));
    }
    assert!(with > 10 && without > 5, "{with} answers have them and {without} have not");
}

#[tokio::test]
async fn an_unknown_code_in_an_answer_is_kept() {
    let server = server::start();
    let client = server::client(&server);
    let answer = payloads::answer("initMasterpassPayment").replace("\"5010\"", "\"7777\"");
    server.script().next("initMasterpassPayment", Reply::json(answer)).expect("scripted");
    let request = payloads::request::<paywall_api::masterpass::InitMasterpassPayment>();
    let body = client.masterpass().init_payment(&request).await.expect("an answer");
    let code = "7777".into();
    assert_eq!(body.next_step(), paywall_api::NextStep::Unclear(Some(code)));
}

/// What an operation's success says: `full`, `may-be-empty` where nothing is the answer that there is nothing, or `empty`
/// where it says all by being one.
fn answer_of(operation: &str) -> &'static str {
    let told = expectations::find(workspace::contract(), operation).and_then(|told| told.word("answer"));
    told.unwrap_or_else(|| panic!("nothing is told of the answer of {operation}"))
}

fn nothing_to_say() -> impl Iterator<Item = operations::Facts> {
    operations::all().into_iter().filter(|operation| answer_of(operation.id) == "empty")
}

/// Operations whose body must say that it is a success.
const MUST_SAY_SO: [&str; 7] = [
    "initMasterpassPayment",
    "verifyMasterpassOtp",
    "verifyMasterpassPayment",
    "commitMasterpassPayment",
    "commitMasterpassPaymentById",
    "startDirectPayment",
    "startInsurancePayment",
];

/// What becomes of a success with this body; nothing where it is read.
fn end_of(operation: &str, body: &str) -> Option<ErrorKind> {
    let is_empty = ["null", "\"\""].contains(&body);
    let is_read = (answer_of(operation) != "full" && is_empty) || (operation == "getVersion" && body.starts_with('"'));
    (!is_read).then_some(ErrorKind::Decode)
}

#[tokio::test]
async fn a_success_with_a_body_of_another_shape_is_unknown_and_told_where() {
    let server = server::start();
    let client = server::client(&server);
    for operation in operations::all() {
        for body in ["null", "\"\"", "\"text\"", "7", "[]", "[{}]", "true"] {
            let reply = Reply::json(with_body(operation.id, body));
            server.script().next(operation.id, reply).expect("scripted");
            let ended = (operation.send)(client.clone()).await;
            let Some(kind) = end_of(operation.id, body) else {
                ended.unwrap_or_else(|error| panic!("{}: {body}: {error}", operation.id));
                continue;
            };
            let error = ended.err().unwrap_or_else(|| panic!("{}: {body} is read", operation.id));
            assert_eq!((error.kind(), error.outcome()), (kind, Outcome::Unknown), "{}: {body}: {error}", operation.id);
            let place = (kind == ErrorKind::Decode).then_some("/Body");
            assert_eq!(error.decode_path(), place, "{}: {body}: {error}", operation.id);
        }
    }
}

#[tokio::test]
async fn a_success_that_is_filled_with_what_no_page_shows_is_unknown_where_money_moves() {
    let server = server::start();
    let client = server::client(&server);
    for operation in nothing_to_say() {
        for body in [r#"{"Error":{"BankErrorCode":"51"}}"#, r#"{"Result":false}"#, r#"[{"Deep":[[{}]]}]"#, "1e400"] {
            server.script().next(operation.id, Reply::json(with_body(operation.id, body))).expect("scripted");
            let error = (operation.send)(client.clone()).await.expect_err("no success that is documented");
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{body}: {error}");
        }
        server.script().next(operation.id, Reply::json(with_body(operation.id, "{}"))).expect("scripted");
        (operation.send)(client.clone()).await.expect("an empty object is nothing");
    }
    assert_eq!(server.received().len(), 5 * nothing_to_say().count());
}

#[tokio::test]
async fn a_success_that_tells_nothing_is_none_where_money_moves() {
    let server = server::start();
    let client = server::client(&server);
    for operation in MUST_SAY_SO.map(operations::one) {
        server.script().next(operation.id, Reply::json(with_body(operation.id, "{}"))).expect("scripted");
        let error = (operation.send)(client.clone()).await.expect_err("no success");
        let found = (error.kind(), error.outcome());
        assert_eq!(found, (ErrorKind::Contradiction, Outcome::Unknown), "{}: {error}", operation.id);
    }
}

#[tokio::test]
async fn a_success_that_does_not_say_so_is_none() {
    let server = server::start();
    let client = server::client(&server);
    for (id, usual, others) in [
        ("commitMasterpassPayment", r#""Result":true,"Detail""#, ["false", "null", "\"yes\"", "1"]),
        ("commitMasterpassPaymentById", r#""Result":true}"#, ["false", "null", "{}", "0"]),
        ("verifyMasterpassPayment", r#""ResponseCode":"0000""#, ["\"5002\"", "null", "0", "\"\""]),
        ("verifyMasterpassOtp", r#""ResponseCode":"0000""#, ["\"9999\"", "null", "0", "\"\""]),
    ] {
        let (name, rest) = usual.split_once(':').expect("a field");
        let after = rest.strip_prefix("true").or_else(|| rest.strip_prefix("\"0000\"")).expect("its value");
        let answer = payloads::answer(id);
        assert!(answer.contains(usual), "{answer}");
        for other in others {
            let odd = answer.replacen(usual, &format!("{name}:{other}{after}"), 1);
            server.script().next(id, Reply::json(odd)).expect("scripted");
            let error = (operations::one(id).send)(client.clone()).await.expect_err("no success");
            let fits = ["false", "null"].contains(&other) || (id.starts_with("verify") && other.starts_with('"'));
            let kind = if fits { ErrorKind::Contradiction } else { ErrorKind::Decode };
            assert_eq!((error.kind(), error.outcome()), (kind, Outcome::Unknown), "{id} {other}");
        }
    }
}

#[tokio::test]
async fn a_field_of_another_type_is_told_with_its_place() {
    let server = server::start();
    let client = server::client(&server);
    let answer = payloads::answer("start3dPayment").replace("\"PaymentId\":1918272", "\"PaymentId\":\"soon\"");
    server.script().next("start3dPayment", Reply::json(answer)).expect("scripted");
    let request = payloads::request::<paywall_api::payments::Start3dPayment>();
    let error = client.payments().start_3d(&request).await.expect_err("a text for a number");
    assert_eq!(error.decode_path(), Some("/Body/Payment/PaymentId"));
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(!error.to_string().contains("soon"), "{error}");
}

/// What no envelope is, with the kind of error that it is.
fn strange() -> Vec<(&'static str, Reply, ErrorKind)> {
    let html = "<html><body>Maintenance</body></html>";
    let latin = b"{\"ErrorCode\":0,\"Result\":true,\"Message\":\"\xfc\",\"Body\":null}".to_vec();
    vec![
        (
            "HTML with success",
            Reply::new(StatusCode::OK).header("content-type", "text/html").body(html),
            ErrorKind::Decode,
        ),
        (
            "HTML with 502",
            Reply::new(StatusCode::BAD_GATEWAY).header("content-type", "text/html").body(html),
            ErrorKind::Status,
        ),
        (
            "HTML with 403",
            Reply::new(StatusCode::FORBIDDEN).header("content-type", "text/html").body(html),
            ErrorKind::Status,
        ),
        ("nothing", Reply::new(StatusCode::OK), ErrorKind::Decode),
        ("nothing with 204", Reply::new(StatusCode::NO_CONTENT), ErrorKind::Decode),
        ("an empty object", Reply::json("{}"), ErrorKind::Decode),
        ("a list", Reply::json("[1,2]"), ErrorKind::Decode),
        ("half of JSON", Reply::json("{\"ErrorCode\":0,\"Result\":tr"), ErrorKind::Decode),
        (
            "another charset",
            Reply::json(latin.clone()).header("content-type", "application/json; charset=iso-8859-9"),
            ErrorKind::Decode,
        ),
        ("no UTF-8", Reply::json(latin), ErrorKind::Decode),
        ("a cut body", Reply::usual().cut_body(20, Fault::Close), ErrorKind::Transport),
        ("a reset body", Reply::usual().cut_body(20, Fault::Reset), ErrorKind::Transport),
        ("a head without a body", Reply::usual().cut_body(0, Fault::Stall), ErrorKind::Timeout),
        ("a huge body", Reply::json(vec![b' '; 70_000]), ErrorKind::TooLarge),
        ("another protocol", Reply::raw("SSH-2.0-OpenSSH_9.2\r\n"), ErrorKind::Transport),
        ("a closed connection", Reply::close(), ErrorKind::Transport),
        ("a reset connection", Reply::reset(), ErrorKind::Transport),
        ("silence", Reply::never(), ErrorKind::Timeout),
        ("deep nesting", Reply::json("[".repeat(60_000)), ErrorKind::Decode),
    ]
}

#[tokio::test]
async fn what_is_no_envelope_is_a_typed_error_and_a_payments_outcome_is_unknown() {
    let server = Arc::new(server::start());
    let others = ["createMember", "deleteMasterpassCard"];
    let chosen = operations::all().into_iter().filter(|one| one.moves_money || others.contains(&one.id));
    // At once, since each waits for what never comes.
    let tried: Vec<_> = chosen.map(|operation| tokio::spawn(strange_answers(Arc::clone(&server), operation))).collect();
    assert_eq!(tried.len(), 15);
    for tried in tried {
        tried.await.expect("as expected");
    }
}

async fn strange_answers(server: Arc<Running>, operation: Facts) {
    let builder = || server::builder(&server).max_response_bytes(64 * 1024).retries(0);
    let patient = builder().build().expect("a client");
    let hasty = builder().deadline(Duration::from_millis(1500)).build().expect("a client");
    for (what, reply, kind) in strange() {
        server.script().next(operation.id, reply).expect("scripted");
        let client = if kind == ErrorKind::Timeout { &hasty } else { &patient };
        let error = (operation.send)(client.clone()).await.expect_err(what);
        assert_eq!(error.kind(), kind, "{what}: {error:?}");
        let refused = !operation.moves_money && what == "HTML with 403";
        let outcome = if refused { Outcome::Refused } else { Outcome::Unknown };
        assert_eq!(error.outcome(), outcome, "{}: {what}: {error:?}", operation.id);
        let text = format!("{error}{error:?}");
        assert!(!text.contains("Maintenance") && !text.contains("OpenSSH"), "{text}");
    }
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    let server = server::start();
    let client = server::builder(&server).max_response_bytes(1024).build().expect("a client");
    let announced = Reply::json(vec![b' '; 50 * 1024 * 1024]).cut_body(0, Fault::Stall);
    server.script().next("createMember", announced).expect("scripted");
    let error = (operations::one("createMember").send)(client).await.expect_err("announced as huge");
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}
