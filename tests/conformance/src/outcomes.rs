//! What became of a payment that was refused: refused only where nothing can have been charged, unknown otherwise.

use std::collections::BTreeSet;

use paywall_api::codes::{GeneralErrorCode, PaymentErrorCode};
use paywall_api::masterpass::InitMasterpassPayment;
use paywall_api::payments::Start3dPayment;
use paywall_api::{Error, ErrorKind, Operation, Outcome};
use paywall_contract::model::Literal;
use paywall_contract::node::Node;
use paywall_contract::sample::{Part, Sample};
use paywall_sandbox::{Reply, Running, StatusCode};

use crate::operations::CALLERS_CODE;
use crate::{operations, payloads, server, workspace};

async fn refused(server: &Running, operation: &str, reply: Reply) -> Error {
    server.script().next(operation, reply).expect("scripted");
    (operations::one(operation).send)(server::client(server)).await.expect_err("refused")
}

#[tokio::test]
async fn a_code_that_proves_that_nothing_was_charged_is_a_refusal_with_any_status() {
    let server = server::start();
    for status in [StatusCode::OK, StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY] {
        for code in [13, 14, 15, 16, 21, 45] {
            let error = refused(&server, "start3dPayment", Reply::refusal(status, code, "refused")).await;
            assert_eq!(error.outcome(), Outcome::Refused, "{code}: {error}");
            assert_eq!((error.kind(), error.code()), (ErrorKind::Refused, Some(code)));
            assert!(error.unknown().is_none());
        }
    }
}

#[tokio::test]
async fn any_other_code_leaves_a_payment_unknown() {
    let server = server::start();
    for code in [-1, 1, 4, 5, 7, 63, 78, 88, 119, 504, 123_456] {
        let error = refused(&server, "start3dPayment", Reply::refusal(StatusCode::OK, code, "refused")).await;
        assert_eq!(error.outcome(), Outcome::Unknown, "{code}: {error}");
        let unknown = error.unknown().expect("what to look up");
        assert_eq!(unknown.merchant_code(), Some("22123222256226225"));
        assert_eq!(error.merchant_code(), Some("22123222256226225"));
    }
}

#[tokio::test]
async fn a_payment_is_sent_once_whatever_the_answer() {
    let server = server::start();
    for operation in operations::all().into_iter().filter(|one| one.moves_money) {
        for reply in [
            Reply::close(),
            Reply::reset(),
            Reply::new(StatusCode::SERVICE_UNAVAILABLE).header("retry-after", "0"),
            Reply::new(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "0"),
            Reply::new(StatusCode::GATEWAY_TIMEOUT),
            Reply::refusal(StatusCode::OK, 504, "time-out"),
        ] {
            let error = refused(&server, operation.id, reply).await;
            assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{error:?}");
            assert_eq!(server.take_received().len(), 1, "{} was sent again", operation.id);
        }
    }
}

#[tokio::test]
async fn an_inquiry_and_a_temporary_token_are_asked_for_again_and_a_card_or_member_is_not_created_twice() {
    let server = server::start();
    for operation in ["createTempToken", "queryPayment"] {
        server.script().next(operation, Reply::reset()).expect("scripted");
        (operations::one(operation).send)(server::client(&server)).await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(server.take_received().len(), 2, "{operation}");
    }
    for operation in ["createTempCard", "createMember"] {
        let error = refused(&server, operation, Reply::reset()).await;
        assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{operation}");
        assert_eq!(server.take_received().len(), 1, "{operation}");
    }
}

#[tokio::test]
async fn what_moves_no_money_is_refused_by_any_code_but_those_of_a_failure_half_way() {
    let server = server::start();
    for code in [1, 2, 87, 123_456] {
        let error = refused(&server, "createMember", Reply::refusal(StatusCode::OK, code, "refused")).await;
        assert_eq!(error.outcome(), Outcome::Refused, "{code}: {error}");
    }
    for code in [-1, 63, 88, 500, 503, 504] {
        let error = refused(&server, "createMember", Reply::refusal(StatusCode::OK, code, "refused")).await;
        assert_eq!(error.outcome(), Outcome::Unknown, "{code}: {error}");
    }
}

#[tokio::test]
async fn a_bank_is_heard_though_the_rest_of_the_refusal_is_odd() {
    let server = server::start();
    let declined = r#""Error":{"BankErrorCode":"51","BankErrorMessage":"WWV0ZXJzaXogYmFraXll"}"#;
    for (code, body, outcome) in [
        (1, format!("{{{declined}}}"), Outcome::Refused),
        (1, format!(r#"{{"RedirectUrl":null,"Payment":{{"PaymentId":"x"}},{declined}}}"#), Outcome::Refused),
        (1, declined_by("91"), Outcome::Unknown),
        (1, declined_by("00"), Outcome::Unknown),
        (14, declined_by("00"), Outcome::Unknown),
        (88, format!("{{{declined}}}"), Outcome::Unknown),
        (-1, format!("{{{declined}}}"), Outcome::Unknown),
        (4, format!("{{{declined}}}"), Outcome::Unknown),
        (119, format!("{{{declined}}}"), Outcome::Unknown),
    ] {
        let answer = format!(r#"{{"ErrorCode":{code},"Result":false,"Message":"no","Body":{body}}}"#);
        let error = refused(&server, "start3dPayment", Reply::json(answer)).await;
        assert_eq!(error.outcome(), outcome, "{code} {body}: {error}");
        assert!(error.bank_error().is_some(), "{code} {body}");
    }
}

fn declined_by(code: &str) -> String {
    format!(r#"{{"Error":{{"BankErrorCode":"{code}"}}}}"#)
}

#[tokio::test]
async fn a_bank_that_says_no_inside_a_success_leaves_the_payment_unknown() {
    let server = server::start();
    let error = r#""Message":null,"Error":{"BankErrorCode":"51"}"#;
    let answer = payloads::answer("start3dPayment").replacen(r#""Message":null"#, error, 1);
    assert!(answer.contains("BankErrorCode"));
    let error = refused(&server, "start3dPayment", Reply::json(answer)).await;
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::RefusedInside, Outcome::Unknown), "{error}");
}

#[tokio::test]
async fn masterpass_that_contradicts_itself_proves_nothing() {
    let server = server::start();
    let exception = r#""Exception":{"Level":"NotFound","Code":"CARD_NOT_FOUND","Message":"no"}"#;
    let answer = payloads::answer("initMasterpassPayment").replacen("\"Exception\":null", exception, 1);
    for status in ["202", "200", "500", "504", "429", "null"] {
        let body = answer.replace("\"StatusCode\":202", &format!("\"StatusCode\":{status}"));
        let error = refused(&server, "initMasterpassPayment", Reply::json(body)).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::RefusedInside, Outcome::Unknown), "{status}: {error}");
    }
    let level = payloads::answer("initMasterpassPayment").replacen(
        "\"Exception\":null",
        r#""Exception":{"Level":"Unauthorized"}"#,
        1,
    );
    let error = refused(&server, "initMasterpassPayment", Reply::json(level)).await;
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::RefusedInside, Outcome::Unknown), "{error}");
}

#[tokio::test]
async fn masterpass_can_refuse_inside_a_success() {
    let server = server::start();
    let error = refused(&server, "resendMasterpassOtp", Reply::sample("token-is-not-valid")).await;
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::RefusedInside, Outcome::Refused));
    let inner = error.inner_refusal().expect("who refused");
    assert_eq!((inner.who(), inner.status(), inner.code()), ("masterpass", Some(404), Some("TOKEN_IS_NOT_VALID")));
}

#[tokio::test]
async fn a_payment_that_masterpass_refuses_is_refused_only_by_proof() {
    let server = server::start();
    let answer = payloads::answer("initMasterpassPayment").replace("\"StatusCode\":202", "\"StatusCode\":404");
    for (code, outcome) in [
        ("CARD_NOT_FOUND", Outcome::Refused),
        ("ACCOUNT_NOT_LINKED_TO_MERCHANT", Outcome::Refused),
        ("TOKEN_HAS_EXPIRED", Outcome::Unknown),
        ("NEVER_HEARD_OF", Outcome::Unknown),
    ] {
        let exception = format!(r#""Exception":{{"Level":"NotFound","Code":"{code}","Message":"no"}}"#);
        let body = answer.replacen("\"Exception\":null", &exception, 1);
        assert!(body.contains(code));
        let error = refused(&server, InitMasterpassPayment::ID, Reply::json(body)).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::RefusedInside, outcome), "{code}: {error}");
    }
}

#[tokio::test]
async fn a_contradiction_is_unknown_for_a_payment() {
    let server = server::start();
    for answer in [
        payloads::answer("start3dPayment").replace("\"ErrorCode\":0", "\"ErrorCode\":14"),
        payloads::answer("start3dPayment").replace("\"Result\":true", "\"Result\":false"),
    ] {
        let error = refused(&server, "start3dPayment", Reply::json(answer)).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Contradiction, Outcome::Unknown));
    }
}

#[tokio::test]
async fn nobody_there_is_not_sent() {
    let server = server::start();
    let client = server::builder(&server).retries(0).build().expect("a client");
    server.stop();
    for operation in operations::all() {
        let error = (operation.send)(client.clone()).await.expect_err("nobody there");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotSent), "{error:?}");
    }
}

#[tokio::test]
async fn a_refusal_tells_every_documented_reading_of_its_code() {
    let server = server::start();
    let error = refused(&server, "start3dPayment", Reply::refusal(StatusCode::OK, 4, "refused")).await;
    let readings: Vec<&str> = error.meanings().map(|(table, _)| table.name()).collect();
    assert_eq!(readings, ["PaymentErrorCode", "GeneralErrorCode"]);
}

#[test]
fn a_code_is_proof_only_if_every_numbering_that_has_it_agrees() {
    let both = PaymentErrorCode::DOCUMENTED.iter().filter_map(|payment| {
        let general = GeneralErrorCode::DOCUMENTED.iter().find(|general| general.code() == payment.code())?;
        Some((payment, general))
    });
    let mut shared = 0;
    for (payment, general) in both {
        shared += 1;
        let proof = payment.nothing_charged();
        assert!(!proof || general.nothing_charged(), "{} is proof in one numbering alone", payment.code());
    }
    assert!(shared > 3, "the numberings share {shared} codes");
}

#[test]
fn the_codes_after_which_money_may_have_moved_are_never_proof() {
    let document = workspace::contract();
    let model = paywall_contract::model(document).expect("a model");
    let is_of_errors = |name: &String| model.envelopes.iter().any(|envelope| envelope.code_lists.contains(name));
    for list in model.lists.iter().filter(|list| is_of_errors(&list.name)) {
        for code in [-1, 0, 1, 4, 5, 7, 63, 78, 88, 93, 94, 97, 110, 111, 118, 119, 500, 502, 503, 504] {
            let found = list.codes.iter().find(|one| one.value == Literal::Int(code));
            assert!(found.is_none_or(|one| !one.nothing_charged), "{} {code}", list.name);
        }
    }
}

#[test]
fn an_unknown_payment_is_rebuilt_from_the_operation_and_the_code() {
    let unknown = paywall_api::Unknown::rebuild::<Start3dPayment>("order-1042", std::time::SystemTime::now());
    assert_eq!((unknown.operation(), unknown.merchant_code()), ("start3dPayment", Some("order-1042")));
}

/// A documented failure, and what it is to come back as.
struct Failure {
    operation: &'static str,
    case: &'static str,
    kind: ErrorKind,
    /// Of a payment: refused only where the code proves that nothing was charged, which none of these does.
    outcome: Outcome,
    /// Of the envelope.
    code: i64,
    /// Masterpass's own status and code.
    inner: Option<(i64, &'static str)>,
}

/// Every failure that the pages show.
const FAILURES: [Failure; 10] = [
    inside("resendMasterpassOtp", "token-is-not-valid", (404, "TOKEN_IS_NOT_VALID")),
    inside("listMasterpassCards", "user-not-found", (403, "USER_NOT_FOUND")),
    inside("listMasterpassCards", "account-not-linked", (404, "ACCOUNT_NOT_LINKED_TO_MERCHANT")),
    inside("deleteMasterpassCard", "card-not-found", (404, "CARD_NOT_FOUND")),
    Failure {
        operation: "verifyMasterpassOtp",
        case: "token-has-expired",
        kind: ErrorKind::Refused,
        outcome: Outcome::Refused,
        code: 1,
        inner: Some((401, "TOKEN_HAS_EXPIRED")),
    },
    inside("linkMasterpassAccount", "account-not-found", (404, "ACCOUNT_NOT_FOUND")),
    inside("unlinkMasterpassAccount", "account-not-linked", (404, "ACCOUNT_NOT_LINKED_TO_MERCHANT")),
    Failure {
        operation: "verifyMasterpassPayment",
        case: "token-has-expired",
        kind: ErrorKind::Refused,
        outcome: Outcome::Unknown,
        code: 1,
        inner: Some((401, "TOKEN_HAS_EXPIRED")),
    },
    uncommitted("payment-not-found", 56),
    uncommitted("auto-commit", 92),
];

/// Masterpass refuses what moves no money, inside a success of Paywall's.
const fn inside(operation: &'static str, case: &'static str, inner: (i64, &'static str)) -> Failure {
    Failure { operation, case, kind: ErrorKind::RefusedInside, outcome: Outcome::Refused, code: 0, inner: Some(inner) }
}

/// Paywall does not complete a Masterpass payment. Of the payment itself that proves nothing.
const fn uncommitted(case: &'static str, code: i64) -> Failure {
    let (operation, kind, outcome) = ("commitMasterpassPayment", ErrorKind::Refused, Outcome::Unknown);
    Failure { operation, case, kind, outcome, code, inner: None }
}

#[test]
fn every_documented_failure_is_listed_here() {
    let samples = paywall_contract::sample::all(workspace::contract());
    let outcome = |sample: &Sample<'static>| sample.entry.and_then(|entry| entry.value.text_of("outcome"));
    let failures = samples.iter().filter(|sample| outcome(sample) == Some("refused"));
    let documented: BTreeSet<(&str, &str)> = failures.map(|sample| (sample.operation, sample.case)).collect();
    assert_eq!(documented, FAILURES.iter().map(|failure| (failure.operation, failure.case)).collect());
}

#[tokio::test]
async fn every_documented_failure_comes_back_as_the_refusal_it_is() {
    let server = server::start();
    for failure in FAILURES {
        let Failure { operation, case, kind, outcome, code, inner } = failure;
        let error = refused(&server, operation, Reply::sample(case)).await;
        assert_eq!((error.kind(), error.outcome()), (kind, outcome), "{operation}/{case}: {error}");
        assert_eq!((error.code(), error.is_refused()), (Some(code), outcome == Outcome::Refused), "{operation}/{case}");
        let said = error.inner_refusal().map(|inner| (inner.who(), inner.status(), inner.code()));
        assert_eq!(said, inner.map(|(status, code)| ("masterpass", Some(status), Some(code))), "{operation}/{case}");
        let moves_money = operations::one(operation).moves_money;
        assert_eq!(error.merchant_code(), Some(CALLERS_CODE), "{operation}/{case}");
        assert_eq!(error.unknown().is_some(), moves_money, "{operation}/{case}");
        assert_eq!(server.take_received().len(), 1, "{operation}/{case} was asked for again");
    }
}

#[tokio::test]
async fn the_renewed_session_of_a_documented_failure_is_told() {
    let server = server::start();
    for failure in FAILURES {
        let text = payloads::case(failure.operation, failure.case, Part::Response);
        let renewed = text.pointer("/Body/Session/SessionRenewed").and_then(Node::bool).expect("a session");
        let error = refused(&server, failure.operation, Reply::sample(failure.case)).await;
        assert_eq!(error.renewal().is_some(), renewed, "{}/{}", failure.operation, failure.case);
    }
}
