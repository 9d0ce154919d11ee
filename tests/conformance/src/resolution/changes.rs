//! Did a refund, cancel, capture, void or revert take effect whose answer was lost? By what it changes, or undecided.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use paywall_api::payments::{
    CancelPayment, CancelProvision, CaptureProvision, QueryPayment, QueryPaymentRequest, RefundPayment,
    RefundPaymentPartially, RevertPayment, Start3dPayment,
};
use paywall_api::{
    Amount, ChangeResolution, Client, Effect, Operation, ResolveChange, ResolveErrorKind, Snapshot, Unknown,
};
use paywall_sandbox::{Fault, Reply, Running};

use super::{HOUR, LONG, ORDER, bad_moments, code, lost};
use crate::ledger::{self, ONCE, Payment, SOON};
use crate::{operations, server};

/// How it ends, once the time has passed that the caller chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    TookEffect,
    /// And pending, before that time.
    NoEffect,
    Pending,
    Undecided,
}

use End::{NoEffect, Pending, TookEffect, Undecided};

impl End {
    fn of(resolution: &ChangeResolution) -> Self {
        match resolution {
            ChangeResolution::TookEffect(_) => TookEffect,
            ChangeResolution::NoEffect(_) => NoEffect,
            ChangeResolution::Pending(_) => Pending,
            ChangeResolution::Undecided(_) => Undecided,
            ChangeResolution::NotFoundYet => panic!("not found"),
        }
    }

    /// While the caller has chosen no time.
    fn in_time(self) -> Self {
        if self == NoEffect { Pending } else { self }
    }
}

/// What was known, what was asked for, what is there now, and what that tells.
struct Row {
    before: Option<Payment>,
    amount: Option<&'static str>,
    now: Payment,
    end: End,
}

/// A row without amount and without anything known before.
fn row(now: Payment, end: End) -> Row {
    Row { before: None, amount: None, now, end }
}

impl Row {
    fn after(self, before: Payment) -> Self {
        Self { before: Some(before), ..self }
    }

    fn of(self, amount: &'static str) -> Self {
        Self { amount: Some(amount), ..self }
    }
}

fn amount(text: &str) -> Amount {
    text.parse().expect("an amount")
}

/// What the merchant stores before the change is sent, read back as after a crash.
async fn snapshot(server: &Running, client: &Client, payment: &Payment) -> Snapshot {
    let code = payment.merchant_code.as_deref().expect("a code");
    ledger::says(server, [payment]);
    let request = QueryPaymentRequest::new(code);
    let found = client.payments().query(&request).await.expect("an answer").paywall.expect("a payment");
    assert_eq!(ledger::inquiries(server, code), 1);
    let stored = serde_json::to_string(&Snapshot::of(&found)).expect("stored");
    serde_json::from_str(&stored).expect("read back")
}

/// A change whose answer was lost, and everything that the inquiry may say then.
async fn assert_ends<O: Operation>(rows: impl FnOnce(&str) -> Vec<Row>) {
    let server = server::start();
    let client = ledger::client(&server);
    let unknown = lost(&server, O::ID, Reply::close()).await;
    assert_eq!(Unknown::rebuild::<O>(code(&unknown), unknown.sent_at()), unknown, "after a crash as before");
    for row in rows(code(&unknown)) {
        let before = match &row.before {
            Some(before) => Some(snapshot(&server, &client, before).await),
            None => None,
        };
        server.script().always(QueryPayment::ID, row.now.reply()).expect("scripted");
        let ask = || {
            let question = client.payments().resolve_change(&unknown).waits(ONCE.0, ONCE.1);
            let question = before.clone().into_iter().fold(question, ResolveChange::known_before);
            row.amount.into_iter().fold(question, |question, text| question.amount(amount(text)))
        };
        let shown = format!("{} of {:?} after {:?}: {:?}", O::ID, row.amount, row.before, row.now);
        let resolution = ask().sent_at(SystemTime::now() - HOUR).await.expect("an answer");
        assert_eq!(End::of(&resolution), row.end.in_time(), "{shown}");
        assert!(!resolution.may_be_sent_again() && resolution.inquiry().is_some(), "{shown}");
        assert_eq!(ledger::inquiries(&server, code(&unknown)), 1, "{shown}");
        let chosen = ask().sent_at(SystemTime::now() - HOUR).not_arrived_after(Duration::from_secs(600));
        let resolution = chosen.await.expect("an answer");
        assert_eq!(End::of(&resolution), row.end, "{shown}");
        assert_eq!(resolution.may_be_sent_again(), row.end == NoEffect, "{shown}");
        // That it left no trace takes two answers.
        assert_eq!(ledger::inquiries(&server, code(&unknown)), 1 + usize::from(row.end == NoEffect), "{shown}");
    }
}

/// A movement of this type that failed, after what was there.
fn failed(kind: i64, payment: Payment) -> Payment {
    let activity = payment.activity.map(|number| number + 1);
    Payment { status: Some(5), kind: Some(kind), succeeded: Some(false), activity, ..payment }
}

/// The same while its last movement goes on.
fn under_way(kind: i64, payment: Payment) -> Payment {
    Payment { status: Some(2), kind: Some(kind), succeeded: Some(false), ..payment }
}

/// Paid back in parts until nothing was left.
fn refunded_in_parts(code: &str) -> Payment {
    let refunded = Payment { fully_refunded: Some(true), activity: Some(3), ..ledger::partially_refunded(code) };
    Payment { moved: Some("90.00"), remaining: Some("0.00"), ..refunded }
}

/// Ten were paid back twice.
fn twice_refunded(code: &str) -> Payment {
    Payment { activity: Some(3), remaining: Some("80.00"), ..ledger::partially_refunded(code) }
}

#[tokio::test]
async fn a_capture_shows_in_a_payment_of_its_amount() {
    assert_ends::<CaptureProvision>(|code| {
        let sixty = || Payment { moved: Some("60.00"), remaining: Some("60.00"), ..ledger::captured(code) };
        vec![
            row(ledger::captured(code), TookEffect),
            row(ledger::captured(code), TookEffect).after(ledger::authorized(code)),
            row(ledger::captured(code), TookEffect).of("100").after(ledger::authorized(code)),
            row(sixty(), TookEffect).of("60"),
            // Zero stands for the whole, as in the request.
            row(ledger::captured(code), TookEffect).of("0"),
            row(ledger::authorized(code), NoEffect),
            row(ledger::authorized(code), NoEffect).after(ledger::authorized(code)),
            row(ledger::voided(code), NoEffect).after(ledger::authorized(code)),
            row(under_way(1, ledger::authorized(code)), Pending),
            row(Payment { status: Some(99), ..ledger::captured(code) }, Pending),
            // Another part, or the whole by another's hand, or before.
            row(sixty(), Undecided),
            row(ledger::captured(code), Undecided).of("60"),
            row(ledger::captured(code), Undecided).after(ledger::captured(code)),
            // Nobody has authorised it first.
            row(ledger::paid(code), Undecided),
            row(ledger::refunded(code), Undecided),
        ]
    })
    .await;
}

#[tokio::test]
async fn a_void_shows_in_an_authorisation_that_was_given_free() {
    assert_ends::<CancelProvision>(|code| {
        vec![
            row(ledger::voided(code), TookEffect),
            row(ledger::voided(code), TookEffect).after(ledger::authorized(code)),
            // Told as a cancel that succeeded, of what was never charged.
            row(Payment { sale: Some(false), provision: Some(true), ..ledger::cancelled(code) }, TookEffect),
            row(ledger::authorized(code), NoEffect),
            row(ledger::captured(code), NoEffect).after(ledger::authorized(code)),
            row(under_way(3, ledger::authorized(code)), Pending),
            row(ledger::voided(code), Undecided).after(ledger::voided(code)),
            row(ledger::cancelled(code), Undecided),
            row(Payment { cancel: None, ..ledger::authorized(code) }, Undecided),
        ]
    })
    .await;
}

#[tokio::test]
async fn a_cancel_shows_in_a_cancelled_payment() {
    assert_ends::<CancelPayment>(|code| {
        vec![
            row(ledger::cancelled(code), TookEffect),
            row(ledger::cancelled(code), TookEffect).after(ledger::paid(code)),
            row(ledger::paid(code), NoEffect),
            row(ledger::paid(code), NoEffect).after(ledger::paid(code)),
            row(failed(3, ledger::paid(code)), NoEffect),
            row(under_way(3, ledger::paid(code)), Pending),
            row(ledger::cancelled(code), Undecided).after(ledger::cancelled(code)),
            // The last movement is a cancel, and no cancel ever succeeded.
            row(Payment { kind: Some(3), ..ledger::paid(code) }, Undecided),
            row(Payment { cancel: None, ..ledger::paid(code) }, Undecided),
        ]
    })
    .await;
}

#[tokio::test]
async fn a_refund_shows_in_a_refunded_payment() {
    assert_ends::<RefundPayment>(|code| {
        vec![
            row(ledger::refunded(code), TookEffect),
            row(ledger::refunded(code), TookEffect).after(ledger::paid(code)),
            row(Payment { partial_refund: Some(true), activity: Some(3), ..ledger::refunded(code) }, TookEffect)
                .after(ledger::partially_refunded(code)),
            // All that was left, by one movement, told as a partial refund.
            row(refunded_in_parts(code), TookEffect).after(ledger::partially_refunded(code)),
            // By several, of which none is the change.
            row(refunded_in_parts(code), Undecided).after(ledger::paid(code)),
            row(ledger::paid(code), NoEffect),
            row(ledger::paid(code), NoEffect).after(ledger::paid(code)),
            row(failed(2, ledger::paid(code)), NoEffect),
            row(ledger::partially_refunded(code), NoEffect).after(ledger::partially_refunded(code)),
            // The remainder may lag, so that what went back in parts may have been all.
            row(ledger::partially_refunded(code), Undecided),
            row(under_way(2, ledger::paid(code)), Pending),
            row(Payment { status: Some(99), ..ledger::refunded(code) }, Pending),
            // Refunded before, or in parts by whomever.
            row(ledger::refunded(code), Undecided).after(ledger::refunded(code)),
            row(refunded_in_parts(code), Undecided),
            // What remains is not told, so that a part may have been the rest.
            row(Payment { fully_refunded: None, remaining: None, ..ledger::partially_refunded(code) }, Undecided),
            row(Payment { refund: None, ..ledger::paid(code) }, Undecided),
        ]
    })
    .await;
}

#[tokio::test]
async fn a_partial_refund_shows_in_exactly_its_amount_against_what_was_known() {
    assert_ends::<RefundPaymentPartially>(|code| {
        let ten = || ledger::partially_refunded(code);
        vec![
            row(ten(), TookEffect).of("10").after(ledger::paid(code)),
            row(ten(), TookEffect).of("10.000").after(ledger::paid(code)),
            // One of the same amount came before: the second shows too.
            row(twice_refunded(code), TookEffect).of("10").after(ten()),
            row(refunded_in_parts(code), TookEffect).of("90").after(ten()),
            row(ledger::paid(code), NoEffect).of("10").after(ledger::paid(code)),
            row(ledger::paid(code), NoEffect).of("10"),
            // An equal one from before, and nothing since.
            row(ten(), NoEffect).of("10").after(ten()),
            // Another may have succeeded before it, and the remainder may lag.
            row(failed(4, ten()), Undecided).of("10").after(ten()),
            row(failed(4, ledger::paid(code)), NoEffect).of("10").after(ledger::paid(code)),
            row(under_way(4, ledger::paid(code)), Pending).of("10").after(ledger::paid(code)),
            row(under_way(4, ten()), Pending).of("10").after(ten()),
            // An equal one may have come before: nobody knows.
            row(ten(), Undecided).of("10"),
            row(twice_refunded(code), Undecided).of("10"),
            // More or less than this one went back.
            row(twice_refunded(code), Undecided).of("10").after(ledger::paid(code)),
            row(ten(), Undecided).of("9.99").after(ledger::paid(code)),
            row(ledger::refunded(code), Undecided).of("10").after(ledger::paid(code)),
            // It is not said how much.
            row(ten(), Undecided).after(ledger::paid(code)),
            row(ten(), Undecided).of("0").after(ledger::paid(code)),
        ]
    })
    .await;
}

#[tokio::test]
async fn where_the_remainder_is_not_told_the_last_movement_speaks_or_nothing_does() {
    assert_ends::<RefundPaymentPartially>(|code| {
        let silent = |payment| Payment { remaining: None, fully_refunded: None, ..payment };
        let ten = || silent(ledger::partially_refunded(code));
        let again = || silent(twice_refunded(code));
        let unnumbered = || Payment { activity: None, ..ten() };
        vec![
            row(ten(), TookEffect).of("10").after(silent(ledger::paid(code))),
            row(again(), TookEffect).of("10").after(ten()),
            row(ten(), NoEffect).of("10").after(ten()),
            row(ten(), Undecided).of("20").after(silent(ledger::paid(code))),
            row(ten(), Undecided).of("10"),
            row(unnumbered(), Undecided).of("10").after(unnumbered()),
            row(unnumbered(), Undecided).of("10").after(silent(ledger::paid(code))),
            // It may have succeeded, and a later one failed.
            row(failed(4, ten()), Undecided).of("10").after(ten()),
        ]
    })
    .await;
}

#[tokio::test]
async fn a_revert_is_whichever_the_day_asked_for() {
    assert_ends::<RevertPayment>(|code| {
        let ten = || ledger::partially_refunded(code);
        vec![
            row(ledger::cancelled(code), TookEffect),
            row(ledger::cancelled(code), TookEffect).of("0.00"),
            row(ledger::refunded(code), TookEffect),
            row(ledger::refunded(code), TookEffect).of("100").after(ledger::paid(code)),
            row(ten(), TookEffect).of("10").after(ledger::paid(code)),
            // On the payment's own day all of it is cancelled.
            row(ledger::cancelled(code), TookEffect).of("10").after(ledger::paid(code)),
            row(ledger::paid(code), NoEffect),
            row(ledger::paid(code), NoEffect).of("10").after(ledger::paid(code)),
            row(under_way(2, ledger::paid(code)), Pending),
            row(ledger::cancelled(code), Undecided).of("10"),
            row(ledger::cancelled(code), Undecided).after(ledger::cancelled(code)),
            row(ten(), Undecided).of("10"),
            row(ten(), Undecided).after(ledger::paid(code)),
            row(ledger::refunded(code), Undecided).of("10").after(ledger::paid(code)),
        ]
    })
    .await;
}

/// The operations that change a payment.
fn changes() -> Vec<operations::Facts> {
    operations::all().into_iter().filter(|one| one.effect.is_some_and(|effect| !effect.is_payment())).collect()
}

/// What a change brings about.
fn done(effect: Effect, code: &str) -> Payment {
    match effect {
        Effect::Capture => ledger::captured(code),
        Effect::Void => ledger::voided(code),
        Effect::Refund => ledger::refunded(code),
        Effect::PartialRefund => ledger::partially_refunded(code),
        Effect::Cancel | Effect::Revert => ledger::cancelled(code),
        other => panic!("{other:?} is no change"),
    }
}

#[tokio::test]
async fn every_change_whose_answer_was_lost_is_found_out_through_bad_moments_and_sent_once() {
    let server = server::start();
    let client = ledger::client(&server);
    let mut asked = BTreeSet::new();
    for operation in changes() {
        let effect = operation.effect.expect("a change");
        for reply in [Reply::close(), Reply::reset(), Reply::usual().cut_body(5, Fault::Reset)] {
            let unknown = lost(&server, operation.id, reply).await;
            let before = snapshot(&server, &client, &ledger::paid(code(&unknown))).await;
            // Another three for each.
            let moments: Vec<Reply> = bad_moments().into_iter().skip(asked.len() * 2).take(3).collect();
            for moment in &moments {
                server.script().next(QueryPayment::ID, moment.clone()).expect("scripted");
            }
            ledger::says(&server, [&ledger::pending(code(&unknown)), &done(effect, code(&unknown))]);
            let question = client.payments().resolve_change(&unknown).waits(SOON.0, SOON.1).deadline(LONG);
            let question = match effect {
                Effect::PartialRefund => question.known_before(before).amount(amount("10")),
                _ => question,
            };
            assert_eq!(End::of(&question.await.expect("an answer")), TookEffect, "{}", operation.id);
            assert_eq!(ledger::inquiries(&server, code(&unknown)), moments.len() + 2, "{}", operation.id);
        }
        asked.insert(operation.id);
    }
    assert_eq!(asked.len(), 6, "{asked:?}");
}

#[tokio::test]
async fn a_change_that_is_under_way_is_asked_for_again_until_it_is_known() {
    let server = server::start();
    let client = ledger::client(&server);
    let unknown = Unknown::rebuild::<RefundPayment>(ORDER, SystemTime::now());
    server.script().next(QueryPayment::ID, Reply::close()).expect("scripted");
    server.script().next(QueryPayment::ID, ledger::not_found().remove(0).1).expect("scripted");
    let (paid, going) = (ledger::paid(ORDER), under_way(2, ledger::paid(ORDER)));
    ledger::says(&server, [&paid, &going, &going, &paid, &ledger::refunded(ORDER)]);
    let resolution = client.payments().resolve_change(&unknown).waits(SOON.0, SOON.1).deadline(LONG).await;
    assert!(matches!(resolution, Ok(ChangeResolution::TookEffect(_))), "{resolution:?}");
    assert_eq!(ledger::inquiries(&server, ORDER), 7);
}

#[tokio::test]
async fn a_change_of_a_payment_that_is_not_found_is_never_without_effect() {
    let server = server::start();
    let client = ledger::client(&server);
    let unknown = Unknown::rebuild::<RefundPayment>(ORDER, SystemTime::now());
    for (way, reply) in ledger::not_found() {
        server.script().always(QueryPayment::ID, reply).expect("scripted");
        let question = client.payments().resolve_change(&unknown).waits(ONCE.0, ONCE.1);
        let chosen = question.sent_at(SystemTime::now() - HOUR).not_arrived_after(Duration::from_secs(600));
        let resolution = chosen.await.expect("an answer");
        assert_eq!((&resolution, resolution.may_be_sent_again()), (&ChangeResolution::NotFoundYet, false), "{way}");
    }
    assert_eq!(ledger::inquiries(&server, ORDER), ledger::not_found().len());
}

#[tokio::test]
async fn a_snapshot_or_an_answer_of_another_payment_decides_nothing() {
    let server = server::start();
    let client = ledger::client(&server);
    let unknown = Unknown::rebuild::<RefundPaymentPartially>(ORDER, SystemTime::now());
    let other = snapshot(&server, &client, &ledger::paid("order-2")).await;
    let nameless = Payment { merchant_code: Some(String::new()), ..ledger::paid(ORDER) };
    let question = client.payments().resolve_change(&unknown).known_before(other).amount(amount("10"));
    let error = question.await.expect_err("of another");
    assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::SnapshotOfAnother, &unknown));
    assert_eq!(ledger::inquiries(&server, ORDER), 0);
    for another in [ledger::refunded("order-2"), nameless] {
        ledger::says(&server, [&another]);
        let error = client.payments().resolve_change(&unknown).await.expect_err("of another");
        assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::AnotherPayment, &unknown));
    }
    let payment = Unknown::rebuild::<Start3dPayment>(ORDER, SystemTime::now());
    let error = client.payments().resolve_change(&payment).await.expect_err("no change");
    assert_eq!(error.kind(), ResolveErrorKind::NotAChange);
    assert_eq!(ledger::inquiries(&server, ORDER), 2);
}

#[test]
fn without_a_runtime_a_change_is_resolved_in_the_same_way() {
    let server = server::start();
    let client = server::builder(&server).retries(0).build_blocking().expect("a client");
    let request = crate::payloads::request::<RefundPaymentPartially>();
    server.script().next(RefundPaymentPartially::ID, Reply::close()).expect("scripted");
    let error = client.payments().refund_partially(&request).send().expect_err("no answer");
    super::sent_once(&server, RefundPaymentPartially::ID, &error);
    let unknown = error.unknown().expect("what to look up");
    let code = code(&unknown);
    ledger::says(&server, [&ledger::paid(code), &ledger::paid(code), &ledger::partially_refunded(code)]);
    let found = client.payments().query(&QueryPaymentRequest::new(code)).send().expect("an answer");
    let before = Snapshot::of(&found.paywall.expect("a payment"));
    let ask = || client.payments().resolve_change(&unknown).amount(amount("10")).known_before(before.clone());
    let resolution = ask().waits(SOON.0, SOON.1).deadline(LONG).send().expect("an answer");
    assert_eq!(End::of(&resolution), TookEffect);
    server.script().always(QueryPayment::ID, ledger::paid(code).reply()).expect("scripted");
    let chosen = ask().waits(ONCE.0, ONCE.1).sent_at(SystemTime::now() - HOUR).not_arrived_after(Duration::ZERO);
    assert_eq!(End::of(&chosen.send().expect("an answer")), NoEffect);
    assert_eq!(ledger::inquiries(&server, code), 5);
}
