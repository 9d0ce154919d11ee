//! What became of a payment whose answer was lost? It is asked for until it is known, and never sent again.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime};

use paywall_api::codes::Currency;
use paywall_api::masterpass::{
    CommitMasterpassPayment, CommitMasterpassPaymentById, InitMasterpassPayment, VerifyMasterpassPayment,
};
use paywall_api::payments::{QueryPayment, Start3dPayment, StartDirectPayment, StartInsurancePayment};
use paywall_api::tokens::CreateTempToken;
use paywall_api::{
    Client, Confirmation, Credentials, Effect, Error, ErrorKind, Expected, InquiryResult, Operation, Outcome,
    Resolution, ResolveErrorKind, Standing, Unknown,
};
use paywall_sandbox::{Fault, Options, Refusals, Reply, Running, Sandbox, StatusCode};

use crate::ledger::{self, ONCE, Payment, SOON};
use crate::{operations, payloads, server};

mod changes;

/// The merchant's code where the test has the choice.
const ORDER: &str = "order-1";

const HOUR: Duration = Duration::from_secs(3600);

/// Time for some questions, where the end is the deadline's.
const SHORT: Duration = Duration::from_secs(3);

/// Far away: nothing here ends by it but what is meant to.
const LONG: Duration = Duration::from_secs(60);

fn unknown() -> Unknown {
    static SENT_AT: LazyLock<SystemTime> = LazyLock::new(SystemTime::now);
    Unknown::rebuild::<Start3dPayment>(ORDER, *SENT_AT)
}

/// Sends the documented request of an operation, and the sandbox answers so: what is left of it.
async fn lost(server: &Running, operation: &str, reply: Reply) -> Unknown {
    server.script().next(operation, reply).expect("scripted");
    let error = (operations::one(operation).send)(ledger::client(server)).await.expect_err("no answer");
    sent_once(server, operation, &error);
    error.unknown().unwrap_or_else(|| panic!("{operation}: {error}"))
}

fn sent_once(server: &Running, operation: &str, error: &Error) {
    let received = server.take_received();
    let sent: Vec<_> = received.iter().map(|one| one.operation.as_deref()).collect();
    assert_eq!(sent, [Some(operation)], "it is sent once");
    assert_eq!((error.outcome(), error.attempts()), (Outcome::Unknown, 1), "{operation}: {error}");
}

fn code(unknown: &Unknown) -> &str {
    unknown.merchant_code().expect("a merchant code")
}

/// What one good answer, or the two of a failure, makes of it.
async fn resolved(server: &Running, unknown: &Unknown, payment: &Payment) -> Resolution {
    let (sightings, waits) = (ledger::insists(server, payment), payment.waits());
    let client = ledger::client(server);
    let resolution = client.payments().resolve(unknown).waits(waits.0, waits.1).await.expect("an answer");
    assert_eq!(ledger::inquiries(server, code(unknown)), sightings, "{payment:?}");
    resolution
}

/// The operations whose unknown outcome is a payment's.
fn payments() -> Vec<operations::Facts> {
    operations::all().into_iter().filter(|one| one.effect.is_some_and(Effect::is_payment)).collect()
}

#[tokio::test]
async fn every_payment_whose_answer_was_lost_is_found_by_its_code_and_sent_once() {
    let server = server::start();
    let client = ledger::client(&server);
    let mut found = BTreeSet::new();
    for operation in payments() {
        for reply in [
            Reply::close(),
            Reply::reset(),
            Reply::usual().cut_body(0, Fault::Close),
            Reply::usual().cut_body(20, Fault::Reset),
            Reply::new(StatusCode::GATEWAY_TIMEOUT),
            Reply::json(&b"{"[..]),
        ] {
            let unknown = lost(&server, operation.id, reply).await;
            ledger::says(&server, [&ledger::paid(code(&unknown))]);
            let resolution = if operation.id.contains("Masterpass") {
                client.masterpass().resolve(&unknown).await
            } else {
                client.payments().resolve(&unknown).await
            };
            assert!(matches!(resolution, Ok(Resolution::Paid(_))), "{}: {resolution:?}", operation.id);
            assert_eq!(ledger::inquiries(&server, code(&unknown)), 1);
        }
        found.insert(operation.id);
    }
    assert_eq!(found.len(), 7, "{found:?}");
    assert_eq!(server.script().left(), 0);
}

#[tokio::test]
async fn a_lost_payment_ends_as_the_ledger_has_it() {
    let server = server::start();
    let unknown = lost(&server, Start3dPayment::ID, Reply::close()).await;
    let code = code(&unknown).to_owned();
    for (payment, standing) in [
        (ledger::paid(&code), Standing::Paid),
        (ledger::captured(&code), Standing::Paid),
        (ledger::authorized(&code), Standing::Authorized),
        (ledger::refused(&code), Standing::Refused),
        (Payment { status: Some(7), ..ledger::refused(&code) }, Standing::Refused),
        (ledger::partially_refunded(&code), Standing::PartiallyRefunded),
        (ledger::refunded(&code), Standing::Refunded),
        (ledger::cancelled(&code), Standing::Cancelled),
        (ledger::voided(&code), Standing::Cancelled),
        (ledger::pending(&code), Standing::Pending),
        (Payment { status: Some(99), ..ledger::paid(&code) }, Standing::Pending),
        (Payment { kind: Some(99), ..ledger::paid(&code) }, Standing::Pending),
        (Payment { status: Some(13), ..ledger::paid(&code) }, Standing::Pending),
        (Payment { sale: None, ..ledger::paid(&code) }, Standing::Pending),
        (Payment { kind: Some(2), ..ledger::paid(&code) }, Standing::Contradictory),
        (Payment { sale: Some(true), ..ledger::refused(&code) }, Standing::Contradictory),
    ] {
        let resolution = resolved(&server, &unknown, &payment).await;
        assert_eq!(standing_of(&resolution), Some(standing), "{payment:?}");
        assert_eq!(resolution.inquiry().map(InquiryResult::standing), Some(standing));
        assert!(!resolution.may_be_sent_again(), "{payment:?}");
    }
}

/// By the variant alone.
fn standing_of(resolution: &Resolution) -> Option<Standing> {
    match resolution {
        Resolution::Paid(_) => Some(Standing::Paid),
        Resolution::Authorized(_) => Some(Standing::Authorized),
        Resolution::Refused(_) => Some(Standing::Refused),
        Resolution::PartiallyRefunded(_) => Some(Standing::PartiallyRefunded),
        Resolution::Refunded(_) => Some(Standing::Refunded),
        Resolution::Cancelled(_) => Some(Standing::Cancelled),
        Resolution::Pending(_) => Some(Standing::Pending),
        Resolution::Contradictory(_) => Some(Standing::Contradictory),
        Resolution::NotFoundYet | Resolution::NeverArrived => None,
    }
}

#[tokio::test]
async fn a_lost_payment_of_the_documented_answer_is_authorised() {
    let server = server::start();
    let documented = payloads::request::<QueryPayment>().merchant_unique_code;
    let unknown = Unknown::rebuild::<Start3dPayment>(&documented, SystemTime::now());
    let resolution = ledger::client(&server).payments().resolve(&unknown).await.expect("an answer");
    assert!(matches!(&resolution, Resolution::Authorized(found) if found.activity_id == Some(8_907_375)));
}

#[tokio::test]
async fn what_is_pending_is_asked_for_again_until_it_is_known() {
    let server = server::start();
    let client = ledger::client(&server);
    let contradictory = Payment { refund: Some(true), ..ledger::paid(ORDER) };
    for (end, standing) in [
        (ledger::paid(ORDER), Standing::Paid),
        (ledger::refused(ORDER), Standing::Refused),
        (ledger::authorized(ORDER), Standing::Authorized),
    ] {
        let started = Payment { status: Some(1), ..ledger::pending(ORDER) };
        ledger::says(&server, [&started, &ledger::pending(ORDER), &contradictory, &ledger::pending(ORDER)]);
        let sightings = ledger::insists(&server, &end);
        let resolution = client.payments().resolve(&unknown()).waits(SOON.0, SOON.1).deadline(LONG).await;
        assert_eq!(standing_of(&resolution.expect("an answer")), Some(standing));
        assert_eq!(ledger::inquiries(&server, ORDER), 4 + sightings);
    }
}

#[tokio::test]
async fn what_stays_pending_is_pending_when_the_deadline_has_passed() {
    let server = server::start();
    server.script().always(QueryPayment::ID, ledger::pending(ORDER).reply()).expect("scripted");
    let client = ledger::client(&server);
    // The time after which something never arrived changes nothing: it did.
    let question = client.payments().resolve(&unknown()).waits(SOON.0, SOON.1).deadline(SHORT);
    let question = question.sent_at(SystemTime::now() - HOUR).not_arrived_after(Duration::from_secs(600));
    let resolution = question.await.expect("an answer");
    assert!(matches!(resolution, Resolution::Pending(_)), "{resolution:?}");
    assert!(ledger::inquiries(&server, ORDER) > 1, "it was asked for more than once");
}

/// Another provider may rescue it a moment later.
#[tokio::test]
async fn a_failure_that_was_seen_once_is_pending() {
    let server = server::start();
    let client = ledger::client(&server);
    let assert_pending = |resolution: &Resolution| {
        assert!(matches!(resolution, Resolution::Pending(_)), "{resolution:?}");
        assert_eq!(resolution.inquiry().map(InquiryResult::standing), Some(Standing::Refused));
        assert!(!resolution.may_be_sent_again(), "the code is used up");
    };
    for status in [5, 7] {
        let failure = Payment { status: Some(status), ..ledger::refused(ORDER) };
        ledger::says(&server, [&failure]);
        let question = client.payments().resolve(&unknown()).waits(ONCE.0, ONCE.1);
        // The time after which something never arrived changes nothing: it did.
        let question = question.sent_at(SystemTime::now() - HOUR).not_arrived_after(Duration::from_secs(600));
        assert_pending(&question.await.expect("an answer"));
        assert_eq!(ledger::inquiries(&server, ORDER), 1, "{status}");
        // Twice, but never in a row.
        ledger::says(&server, [&failure]);
        server.script().next(QueryPayment::ID, ledger::not_found().remove(0).1).expect("scripted");
        ledger::says(&server, [&failure]);
        server.script().always(QueryPayment::ID, Reply::close()).expect("scripted");
        let question = client.payments().resolve(&unknown()).waits(SOON.0, SOON.1).deadline(SHORT);
        assert_pending(&question.await.expect("an answer"));
        assert!(ledger::inquiries(&server, ORDER) > 3, "{status}: it was asked for until the deadline");
        server.script().clear();
    }
}

#[tokio::test]
async fn a_failure_that_is_rescued_ends_paid() {
    let server = server::start();
    let client = ledger::client(&server);
    for answers in ledger::rescues(ORDER) {
        let asked = answers.len();
        ledger::says(&server, &answers);
        let resolution = client.payments().resolve(&unknown()).waits(SOON.0, SOON.1).deadline(LONG).await;
        assert!(matches!(resolution, Ok(Resolution::Paid(_))), "{resolution:?}");
        assert_eq!(ledger::inquiries(&server, ORDER), asked);
    }
}

#[tokio::test]
async fn not_found_is_not_yet_until_the_time_that_the_caller_chose() {
    let server = server::start();
    let client = ledger::client(&server);
    for (way, reply) in ledger::not_found() {
        server.script().always(QueryPayment::ID, reply).expect("scripted");
        let ask = || client.payments().resolve(&unknown()).waits(ONCE.0, ONCE.1);
        let ten_minutes = Duration::from_secs(600);
        let an_hour_ago = SystemTime::now() - HOUR;
        for question in [
            ask(),
            // Long ago, and the caller has chosen nothing.
            ask().sent_at(an_hour_ago),
            // Chosen, and not over.
            ask().not_arrived_after(ten_minutes),
            ask().not_arrived_after(2 * HOUR).sent_at(an_hour_ago),
            // A clock that is ahead gains nothing.
            ask().not_arrived_after(ten_minutes).sent_at(SystemTime::now() + HOUR),
        ] {
            let resolution = question.await.expect("an answer");
            assert_eq!((&resolution, resolution.may_be_sent_again()), (&Resolution::NotFoundYet, false), "{way}");
            assert_eq!(ledger::inquiries(&server, ORDER), 1, "{way}");
        }
        let resolution = ask().not_arrived_after(ten_minutes).sent_at(an_hour_ago).await.expect("an answer");
        assert_eq!((&resolution, resolution.may_be_sent_again()), (&Resolution::NeverArrived, true), "{way}");
        assert_eq!(ledger::inquiries(&server, ORDER), 2, "one answer is not enough: {way}");
    }
}

#[tokio::test]
async fn the_chosen_time_may_pass_while_it_is_asked() {
    let server = server::start();
    let (_, reply) = ledger::not_found().remove(0);
    server.script().always(QueryPayment::ID, reply).expect("scripted");
    let client = ledger::client(&server);
    let question = client.payments().resolve(&unknown()).waits(SOON.0, ONCE.1).deadline(LONG);
    let sent = SystemTime::now();
    let chosen = Duration::from_millis(300);
    let resolution = question.sent_at(sent).not_arrived_after(chosen).await.expect("an answer");
    assert_eq!(resolution, Resolution::NeverArrived);
    assert!(sent.elapsed().is_ok_and(|passed| passed >= chosen), "not before its time");
    assert!(ledger::inquiries(&server, ORDER) >= 2);
}

#[tokio::test]
async fn what_arrives_late_or_was_seen_once_never_counts_as_not_arrived() {
    let server = server::start();
    let client = ledger::client(&server);
    let none = || ledger::not_found().remove(0).1;
    let ask = || {
        let question = client.payments().resolve(&unknown()).waits(SOON.0, SOON.1);
        question.sent_at(SystemTime::now() - HOUR).not_arrived_after(Duration::from_secs(600))
    };
    server.script().next(QueryPayment::ID, none()).expect("scripted");
    ledger::says(&server, [&ledger::paid(ORDER)]);
    assert!(matches!(ask().await, Ok(Resolution::Paid(_))), "late");
    assert_eq!(ledger::inquiries(&server, ORDER), 2);

    server.script().next(QueryPayment::ID, none()).expect("scripted");
    ledger::says(&server, [&ledger::pending(ORDER)]);
    for (_, reply) in ledger::not_found() {
        server.script().next(QueryPayment::ID, reply).expect("scripted");
    }
    ledger::says(&server, [&ledger::paid(ORDER)]);
    assert!(matches!(ask().deadline(LONG).await, Ok(Resolution::Paid(_))), "seen once");
    assert_eq!(ledger::inquiries(&server, ORDER), 3 + ledger::not_found().len());
}

#[tokio::test]
async fn a_step_that_completes_a_payment_never_counts_as_not_arrived() {
    let server = server::start();
    let client = ledger::client(&server);
    let (_, reply) = ledger::not_found().remove(0);
    server.script().always(QueryPayment::ID, reply).expect("scripted");
    let mut steps = 0;
    for operation in payments() {
        let unknown = lost(&server, operation.id, Reply::close()).await;
        let question = client.masterpass().resolve(&unknown).waits(ONCE.0, ONCE.1);
        let question = question.sent_at(SystemTime::now() - HOUR).not_arrived_after(Duration::from_secs(600));
        let resolution = question.await.expect("an answer");
        let completes = operation.id.contains("verify") || operation.id.contains("commit");
        let expected = if completes { (Resolution::NotFoundYet, 1) } else { (Resolution::NeverArrived, 2) };
        assert_eq!((resolution, ledger::inquiries(&server, code(&unknown))), expected, "{}", operation.id);
        steps += usize::from(completes);
    }
    assert_eq!(steps, 3);
}

/// What may go wrong with a single question.
fn bad_moments() -> Vec<Reply> {
    let paid = || ledger::paid(ORDER).answer();
    vec![
        Reply::close(),
        Reply::reset(),
        Reply::json(paid()).cut_body(200, Fault::Close),
        Reply::json(paid()).cut_body(200, Fault::Reset),
        Reply::new(StatusCode::SERVICE_UNAVAILABLE),
        Reply::new(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "0"),
        Reply::new(StatusCode::BAD_GATEWAY).body("<html>"),
        Reply::new(StatusCode::OK).body("<html>"),
        Reply::raw("no http\r\n\r\n"),
        Reply::json(paid().replacen("\"Result\":true", "\"Result\":false", 1)),
        Reply::json(paid().replacen("\"Paywall\":{", "\"Paywall\":\"a lot\",\"Old\":{", 1)),
        Reply::refusal(StatusCode::OK, 1, "failure"),
        Reply::refusal(StatusCode::OK, 88, "busy"),
        Reply::refusal(StatusCode::OK, 504, "time-out"),
        Reply::refusal(StatusCode::INTERNAL_SERVER_ERROR, -1, "not found"),
    ]
}

#[tokio::test]
async fn a_question_that_fails_is_asked_again() {
    let server = server::start();
    let client = ledger::client(&server);
    let moments = bad_moments();
    for moment in &moments {
        server.script().next(QueryPayment::ID, moment.clone()).expect("scripted");
    }
    ledger::says(&server, [&ledger::paid(ORDER)]);
    let resolution = client.payments().resolve(&unknown()).waits(SOON.0, SOON.1).deadline(LONG).await;
    assert!(matches!(resolution, Ok(Resolution::Paid(_))), "{resolution:?}");
    assert_eq!(ledger::inquiries(&server, ORDER), moments.len() + 1);
}

#[tokio::test]
async fn without_one_good_answer_it_stays_unknown() {
    let server = server::start();
    let client = ledger::client(&server);
    for moment in bad_moments() {
        server.script().next(QueryPayment::ID, moment.clone()).expect("scripted");
        // Long past the time after which something never arrived: that takes good answers.
        let question = client.payments().resolve(&unknown()).waits(ONCE.0, ONCE.1);
        let question = question.sent_at(SystemTime::now() - HOUR).not_arrived_after(Duration::from_secs(600));
        let error = question.await.expect_err("no answer");
        assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::NoAnswer, &unknown()), "{moment:?}: {error}");
        assert!(error.to_string().ends_with("never send it again"), "{error}");
        assert!(error.inquiry_error().is_some_and(|error| error.operation() == QueryPayment::ID));
        assert_eq!(ledger::inquiries(&server, ORDER), 1);
    }
    server.script().always(QueryPayment::ID, Reply::never()).expect("scripted");
    let error = client.payments().resolve(&unknown()).deadline(Duration::from_millis(500)).await.expect_err("silence");
    assert_eq!(error.inquiry_error().map(Error::kind), Some(ErrorKind::Timeout));
    assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::NoAnswer, &unknown()));
}

#[tokio::test]
async fn a_good_answer_outlives_bad_moments_after_it() {
    let server = server::start();
    let client = ledger::client(&server);
    ledger::says(&server, [&ledger::pending(ORDER)]);
    server.script().always(QueryPayment::ID, Reply::close()).expect("scripted");
    let question = client.payments().resolve(&unknown()).waits(SOON.0, SOON.1).deadline(SHORT);
    let resolution = question.await.expect("an answer");
    assert!(matches!(resolution, Resolution::Pending(_)), "{resolution:?}");
}

#[tokio::test]
async fn an_error_leads_back_to_the_question() {
    let server = server::start();
    let client = ledger::client(&server);
    server.script().next(QueryPayment::ID, Reply::close()).expect("scripted");
    let error = client.payments().resolve(&unknown()).waits(ONCE.0, ONCE.1).await.expect_err("no answer");
    ledger::says(&server, [&ledger::paid(ORDER)]);
    assert!(matches!(client.payments().resolve(error.unknown()).await, Ok(Resolution::Paid(_))));
}

#[tokio::test]
async fn wrong_keys_end_it_at_once_whatever_the_status_of_refusals() {
    for refusals in [Refusals::Http4xx, Refusals::Http200] {
        let server = Sandbox::start(Options::default().refusals(refusals)).expect("a local Paywall");
        let wrong = server::builder(&server).private_keys(Credentials::new("wrong", "c")).build().expect("a client");
        let error = wrong.payments().resolve(&unknown()).waits(SOON.0, SOON.1).deadline(LONG).await;
        let error = error.expect_err("wrong keys");
        assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::Failed, &unknown()), "{refusals:?}: {error}");
        assert!(error.inquiry_error().is_some_and(Error::is_refused));
        assert_eq!(ledger::inquiries(&server, ORDER), 1, "{refusals:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_without_a_question() {
    let server = server::start();
    let public = Client::builder_at(server.base_address()).public_keys(Credentials::new("k", "c"));
    let public = public.build().expect("a client");
    let error = public.payments().resolve(&unknown()).await.expect_err("no private keys");
    assert_eq!(error.inquiry_error().map(Error::kind), Some(ErrorKind::KeysMissing));
    let client = ledger::client(&server);
    let nameless = lost_commit(&server, &client).await;
    let refund = Unknown::rebuild::<paywall_api::payments::RefundPayment>(ORDER, SystemTime::now());
    let token = Unknown::rebuild::<CreateTempToken>(ORDER, SystemTime::now());
    let (payout, elsewhere) = (of_their_own(None), of_their_own(Some("queryPayout")));
    for (unknown, kind) in [
        (&nameless, ResolveErrorKind::NoMerchantCode),
        (&refund, ResolveErrorKind::NotAPayment),
        (&token, ResolveErrorKind::NoInquiry),
        (&payout, ResolveErrorKind::NoInquiry),
        (&elsewhere, ResolveErrorKind::NoInquiry),
    ] {
        let error = client.payments().resolve(unknown).await.expect_err("no question");
        assert_eq!((error.kind(), error.unknown()), (kind, unknown));
        assert!(error.inquiry_error().is_none());
    }
    assert_eq!(ledger::inquiries(&server, ORDER), 0);
}

/// A payment by an operation of the caller's own, which this inquiry tells of, or another, or none.
fn of_their_own(inquiry: Option<&str>) -> Unknown {
    let stored = serde_json::json!({
        "operation": "sendPayout", "moves_money": true, "effect": "payment", "inquiry": inquiry,
        "merchant_code": ORDER, "sent_at": 0,
    });
    serde_json::from_value(stored).expect("as it is stored")
}

/// What the card payments' inquiry has never heard of would be taken for what never arrived, and sent again.
#[tokio::test]
async fn no_end_is_drawn_from_an_inquiry_that_the_operation_does_not_name() {
    let server = server::start();
    let client = ledger::client(&server);
    for inquiry in [None, Some("queryPayout")] {
        let unknown = of_their_own(inquiry);
        assert_eq!(unknown.inquiry(), inquiry);
        let payment = client.payments().resolve(&unknown).await.expect_err("not to be asked here");
        let change = client.payments().resolve_change(&unknown).await.expect_err("not to be asked here");
        assert_eq!([payment.kind(), change.kind()], [ResolveErrorKind::NoInquiry; 2]);
    }
    assert!(server.received().is_empty());
    let ours = of_their_own(Some("queryPayment"));
    let found = client.payments().resolve(&ours).waits(SOON.0, SOON.1).await;
    assert!(found.is_ok() && !server.received().is_empty(), "{found:?}");
}

/// A header holds no such text, and by a header alone it can be asked for.
#[tokio::test]
async fn a_code_that_no_header_can_hold_is_said_without_a_question() {
    let server = server::start();
    let client = ledger::client(&server);
    for code in ["sipariş-1", "order\n1", "order-1\r\nx-more: 1", "order\u{0}1"] {
        let unknown = Unknown::rebuild::<Start3dPayment>(code, SystemTime::now());
        let error = client.payments().resolve(&unknown).waits(SOON.0, SOON.1).await.expect_err("no header");
        assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::Failed, &unknown), "{code:?}: {error}");
        assert!(error.inquiry_error().is_some_and(Error::is_not_sent), "{code:?}");
    }
    assert!(server.received().is_empty());
}

/// A commit without a word of the caller's on its merchant code.
async fn lost_commit(server: &Running, client: &Client) -> Unknown {
    let request = payloads::request::<CommitMasterpassPaymentById>();
    server.script().next(CommitMasterpassPaymentById::ID, Reply::close()).expect("scripted");
    let error = client.masterpass().commit_payment_by_id(&request).await.expect_err("no answer");
    sent_once(server, CommitMasterpassPaymentById::ID, &error);
    error.unknown().expect("what to look up")
}

#[tokio::test]
async fn a_step_of_masterpass_is_found_by_the_code_that_the_caller_gives() {
    let server = server::start();
    let client = ledger::client(&server);
    for operation in [VerifyMasterpassPayment::ID, CommitMasterpassPayment::ID, CommitMasterpassPaymentById::ID] {
        let unknown = lost(&server, operation, Reply::close()).await;
        assert_eq!(unknown.merchant_code(), Some(operations::CALLERS_CODE), "{operation}");
        let paid = resolved(&server, &unknown, &ledger::paid(operations::CALLERS_CODE)).await;
        assert!(matches!(paid, Resolution::Paid(_)), "{operation}");
        let pending = resolved(&server, &unknown, &ledger::pending(operations::CALLERS_CODE)).await;
        assert!(matches!(pending, Resolution::Pending(_)), "{operation}");
    }
    // The code may also be given when it is needed.
    let unknown = lost_commit(&server, &client).await.with_merchant_code(ORDER);
    ledger::says(&server, [&ledger::paid(ORDER)]);
    assert!(matches!(client.masterpass().resolve(&unknown).await, Ok(Resolution::Paid(_))));
    assert_eq!(ledger::inquiries(&server, ORDER), 1);
}

#[tokio::test]
async fn an_answer_about_another_payment_is_never_used() {
    let server = server::start();
    let client = ledger::client(&server);
    for other in [Some("order-2"), Some("ORDER-1"), Some(" order-1"), Some(""), None] {
        let other = Payment { merchant_code: other.map(str::to_owned), ..ledger::paid(ORDER) };
        for before in [None, Some(ledger::pending(ORDER))] {
            let asked = 1 + usize::from(before.is_some());
            ledger::says(&server, before.as_ref().into_iter().chain([&other]));
            let error = client.payments().resolve(&unknown()).waits(SOON.0, SOON.1).await.expect_err("another");
            assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::AnotherPayment, &unknown()), "{other:?}");
            assert!(!format!("{error}{error:?}").contains("order-2"), "{error:?}");
            assert_eq!(ledger::inquiries(&server, ORDER), asked);
        }
    }
}

#[tokio::test]
async fn a_code_that_exists_leads_to_the_payment_that_has_it() {
    let server = server::start();
    for operation in [Start3dPayment::ID, StartDirectPayment::ID, StartInsurancePayment::ID, InitMasterpassPayment::ID]
    {
        for number in [4, 119, 7, 97] {
            for status in [StatusCode::OK, StatusCode::BAD_REQUEST] {
                let unknown = lost(&server, operation, Reply::refusal(status, number, "exists")).await;
                let code = code(&unknown).to_owned();
                let paid = resolved(&server, &unknown, &ledger::paid(&code)).await;
                assert!(matches!(paid, Resolution::Paid(_)), "{operation} {number}: the earlier one was paid");
                let refused = resolved(&server, &unknown, &ledger::refused(&code)).await;
                assert!(matches!(refused, Resolution::Refused(_)), "{operation} {number}");
                assert!(!refused.may_be_sent_again(), "the code is used up");
            }
        }
    }
}

#[tokio::test]
async fn operation_and_code_are_all_that_it_takes() {
    async fn rebuilt<O: Operation>(server: &Running) -> Unknown {
        let unknown = lost(server, O::ID, Reply::reset()).await;
        assert_eq!(Unknown::rebuild::<O>(code(&unknown), unknown.sent_at()), unknown, "after a crash as before");
        unknown
    }
    let server = server::start();
    for unknown in [
        rebuilt::<Start3dPayment>(&server).await,
        rebuilt::<StartDirectPayment>(&server).await,
        rebuilt::<StartInsurancePayment>(&server).await,
        rebuilt::<InitMasterpassPayment>(&server).await,
        rebuilt::<VerifyMasterpassPayment>(&server).await,
        rebuilt::<CommitMasterpassPayment>(&server).await,
        rebuilt::<CommitMasterpassPaymentById>(&server).await,
    ] {
        let payment = ledger::paid(code(&unknown));
        assert!(matches!(resolved(&server, &unknown, &payment).await, Resolution::Paid(_)), "{unknown}");
    }
}

#[tokio::test]
async fn a_payment_that_was_given_up_half_way_is_resolved_by_what_the_hook_was_told() {
    let server = server::start();
    let told = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&told);
    let builder = server::builder(&server).retries(0);
    let client = builder.on_unknown(move |call| note.lock().expect("told").push(call.unknown().clone()));
    let client = client.build().expect("a client");
    server.script().next(Start3dPayment::ID, Reply::never()).expect("scripted");
    let request = payloads::request::<Start3dPayment>();
    tokio::select! {
        ended = client.payments().start_3d(&request).answer() => panic!("it ended: {ended:?}"),
        () = server.arrived(1) => {}
    }
    assert_eq!(server.take_received().len(), 1);
    let unknown = told.lock().expect("told").pop().expect("it was told");
    ledger::says(&server, [&ledger::paid(code(&unknown))]);
    assert!(matches!(client.payments().resolve(&unknown).await, Ok(Resolution::Paid(_))));
    assert_eq!(ledger::inquiries(&server, code(&unknown)), 1);
    assert!(told.lock().expect("told").is_empty(), "a question is nothing to look up");
}

#[tokio::test]
async fn a_question_that_is_dropped_does_no_harm() {
    let server = server::start();
    let client = ledger::client(&server);
    server.script().always(QueryPayment::ID, Reply::never()).expect("scripted");
    tokio::select! {
        ended = client.payments().resolve(&unknown()).into_future() => panic!("it ended: {ended:?}"),
        () = server.arrived(1) => {}
    }
    server.script().always(QueryPayment::ID, ledger::paid(ORDER).reply()).expect("scripted");
    assert!(matches!(client.payments().resolve(&unknown()).await, Ok(Resolution::Paid(_))));
    assert_eq!(ledger::inquiries(&server, ORDER), 2);
}

#[tokio::test]
async fn what_was_resolved_can_be_confirmed_against_the_order() {
    let server = server::start();
    let client = ledger::client(&server);
    ledger::says(&server, [&ledger::paid(ORDER), &ledger::paid(ORDER), &ledger::paid(ORDER)]);
    assert!(matches!(client.payments().resolve(&unknown()).await, Ok(Resolution::Paid(_))));
    for (amount, confirmed) in [("100", true), ("101", false)] {
        let order = Expected::payment(ORDER, amount.parse().expect("an amount"), Currency::TRY);
        let confirmation = client.payments().confirm_without_claim(&order).await.expect("an answer");
        assert_eq!(matches!(confirmation, Confirmation::Confirmed(_)), confirmed, "paid says nothing of how much");
    }
}

#[test]
fn without_a_runtime_it_is_resolved_in_the_same_way() {
    let server = server::start();
    let client = server::builder(&server).retries(0).build_blocking().expect("a client");
    server.script().next(Start3dPayment::ID, Reply::close()).expect("scripted");
    let request = payloads::request::<Start3dPayment>();
    let error = client.payments().start_3d(&request).send().expect_err("no answer");
    sent_once(&server, Start3dPayment::ID, &error);
    let unknown = error.unknown().expect("what to look up");
    let code = code(&unknown);

    server.script().next(QueryPayment::ID, Reply::reset()).expect("scripted");
    ledger::says(&server, [&ledger::pending(code), &ledger::paid(code)]);
    let paid = client.payments().resolve(&unknown).waits(SOON.0, SOON.1).deadline(LONG).send();
    assert!(matches!(paid, Ok(Resolution::Paid(_))), "{paid:?}");
    ledger::insists(&server, &ledger::refused(code));
    let refused = client.masterpass().resolve(&unknown).waits(SOON.0, SOON.1).send();
    assert!(matches!(refused, Ok(Resolution::Refused(_))), "{refused:?}");
    assert_eq!(ledger::inquiries(&server, code), 5);

    server.script().always(QueryPayment::ID, ledger::not_found().remove(0).1).expect("scripted");
    let ask = || client.payments().resolve(&unknown).waits(ONCE.0, ONCE.1);
    assert_eq!(ask().send().expect("an answer"), Resolution::NotFoundYet);
    let chosen = ask().sent_at(SystemTime::now() - HOUR).not_arrived_after(Duration::from_secs(600));
    assert_eq!(chosen.send().expect("an answer"), Resolution::NeverArrived);
    let wrong = server::builder(&server).private_keys(Credentials::new("k", "wrong")).build_blocking().expect("built");
    server.script().clear();
    let error = wrong.payments().resolve(&unknown).send().expect_err("wrong keys");
    assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::Failed, &unknown));
    assert_eq!(ledger::inquiries(&server, code), 4);
}
