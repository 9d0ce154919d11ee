//! When is an order paid? When an inquiry says so in every respect, and never because somebody came back and said so.

use std::time::Duration;

use paywall_api::callbacks::{GeneralNotification, PayWatchNotification, ThreeDCallback};
use paywall_api::codes::Currency;
use paywall_api::payments::QueryPayment;
use paywall_api::{
    Amount, Claim, Client, Confirmation, ConfirmedPayment, Credentials, Error, ErrorKind, Expected, InquiryResult,
    Operation, Standing, Unconfirmed, UnconfirmedReason,
};
use paywall_sandbox::{Fault, Reply, Running, StatusCode};

use crate::ledger::{self, ONCE, Payment, SOON};
use crate::{payloads, server};

/// The merchant's code of the one order here.
const ORDER: &str = "order-1";

fn amount(text: &str) -> Amount {
    text.parse().expect("an amount")
}

fn order() -> Expected {
    Expected::payment(ORDER, amount("100"), Currency::TRY)
}

fn authorization() -> Expected {
    Expected::authorization(ORDER, amount("100"), Currency::TRY)
}

/// The shopper comes back to one of the two addresses.
fn callback(merchant_code: &str, status: &str) -> Claim<ThreeDCallback> {
    let form = format!("status={status}&uniqueCode={merchant_code}&amount=100.00&installment=1&paymentId=4045713");
    Claim::read(form.as_bytes()).expect("a claim")
}

/// A local Paywall and a client that asks it.
struct Shop {
    server: Running,
    client: Client,
}

impl Shop {
    fn open() -> Self {
        let server = server::start();
        let client = ledger::client(&server);
        Self { server, client }
    }

    /// What the one answer of the ledger, or the two of a failure, makes of a success that came back.
    async fn confirmed(&self, expected: &Expected, payment: &Payment) -> Confirmation {
        let sightings = ledger::insists(&self.server, payment);
        let waits = payment.waits();
        let question = self.client.payments().confirm(&callback(ORDER, "Success"), expected).waits(waits.0, waits.1);
        let confirmation = question.await.expect("an answer");
        assert_eq!(ledger::inquiries(&self.server, ORDER), sightings, "{payment:?}, and nothing else is sent");
        confirmation
    }

    /// Why it makes nothing of it.
    async fn refusal(&self, expected: &Expected, payment: &Payment) -> Unconfirmed {
        refusal(self.confirmed(expected, payment).await)
    }
}

fn refusal(confirmation: Confirmation) -> Unconfirmed {
    let Confirmation::Unconfirmed(unconfirmed) = confirmation else { panic!("{confirmation:?}") };
    unconfirmed
}

fn accepted(confirmation: Confirmation) -> ConfirmedPayment {
    confirmation.confirmed().expect("confirmed")
}

#[tokio::test]
async fn what_was_paid_as_ordered_is_confirmed() {
    let shop = Shop::open();
    let payment = accepted(shop.confirmed(&order(), &ledger::paid(ORDER)).await);
    assert_eq!((payment.merchant_code(), payment.amount(), payment.currency()), (ORDER, amount("100"), Currency::TRY));
    assert_eq!((payment.payment_id(), payment.installment()), (Some(4_045_713), Some(1)));
    assert_eq!(payment.unique_code(), Some("cdd14b16-74fd-4f3b-863f-fccb3ec80baf"));
    assert!(!payment.is_authorization());
    assert_eq!(payment.inquiry().standing(), Standing::Paid);
    assert!(!format!("{payment:?}").contains("Test User"), "{payment:?}");
}

#[tokio::test]
async fn amounts_are_compared_as_numbers() {
    let shop = Shop::open();
    for written in ["100", "100.0", "100.00", "100.0000000"] {
        let payment = Payment {
            amount: Some(written),
            original: Some(written),
            moved: Some(written),
            remaining: Some(written),
            ..ledger::paid(ORDER)
        };
        assert!(shop.confirmed(&order(), &payment).await.confirmed().is_some(), "{written}");
    }
}

/// Everything that is no sale which succeeded and still stands, and how it stands.
fn unpaid() -> Vec<(Payment, Standing)> {
    let paid = || ledger::paid(ORDER);
    vec![
        (ledger::refused(ORDER), Standing::Refused),
        (Payment { status: Some(7), ..ledger::refused(ORDER) }, Standing::Refused),
        (ledger::refunded(ORDER), Standing::Refunded),
        (ledger::partially_refunded(ORDER), Standing::PartiallyRefunded),
        (ledger::cancelled(ORDER), Standing::Cancelled),
        (ledger::voided(ORDER), Standing::Cancelled),
        (ledger::authorized(ORDER), Standing::Authorized),
        // The last movement is a refund, a cancel, a partial refund, and the flags say nothing of it.
        (Payment { kind: Some(2), ..paid() }, Standing::Contradictory),
        (Payment { kind: Some(3), ..paid() }, Standing::Contradictory),
        (Payment { kind: Some(4), ..paid() }, Standing::Contradictory),
        // It says paid in one breath and something else in the next.
        (Payment { sale: Some(false), ..paid() }, Standing::Contradictory),
        (Payment { succeeded: Some(false), ..paid() }, Standing::Contradictory),
        (Payment { refund: Some(true), ..paid() }, Standing::Contradictory),
        (Payment { partial_refund: Some(true), ..paid() }, Standing::Contradictory),
        (Payment { cancel: Some(true), ..paid() }, Standing::Contradictory),
        (Payment { fully_refunded: Some(true), ..paid() }, Standing::Contradictory),
        (Payment { any_error: Some(true), ..paid() }, Standing::Contradictory),
        (Payment { remaining: Some("0.00"), ..paid() }, Standing::Contradictory),
        (Payment { remaining: Some("99.99"), ..paid() }, Standing::Contradictory),
        (Payment { status: Some(5), ..paid() }, Standing::Contradictory),
        (Payment { status: Some(3), ..paid() }, Standing::Contradictory),
    ]
}

#[tokio::test]
async fn what_is_not_paid_is_not_confirmed_whatever_came_back() {
    let shop = Shop::open();
    for (payment, standing) in unpaid() {
        let unconfirmed = shop.refusal(&order(), &payment).await;
        assert_eq!(unconfirmed.reason(), UnconfirmedReason::Standing(standing), "{payment:?}");
        assert_eq!(unconfirmed.may_change(), standing == Standing::Contradictory, "{payment:?}");
        assert_eq!(unconfirmed.inquiry().map(InquiryResult::standing), Some(standing));
    }
}

/// Nothing is decided, or not enough is said.
fn undecided() -> Vec<Payment> {
    let paid = || ledger::paid(ORDER);
    let statuses = [1, 2, 6, 8, 9, 10, 11, 13, 14, 0, 99, -1].map(|status| Payment { status: Some(status), ..paid() });
    let kinds = [0, 5, 99].map(|kind| Payment { kind: Some(kind), ..paid() });
    let silent = [
        Payment { status: None, ..paid() },
        Payment { kind: None, ..paid() },
        Payment { succeeded: None, ..paid() },
        Payment { sale: None, ..paid() },
        Payment { refund: None, ..paid() },
        Payment { partial_refund: None, ..paid() },
        Payment { cancel: None, ..paid() },
        Payment { amount: None, remaining: None, ..paid() },
    ];
    statuses.into_iter().chain(kinds).chain(silent).chain([ledger::pending(ORDER)]).collect()
}

#[tokio::test]
async fn what_is_pending_unknown_or_not_said_is_pending_and_never_paid() {
    let shop = Shop::open();
    for payment in undecided() {
        let unconfirmed = shop.refusal(&order(), &payment).await;
        assert_eq!(unconfirmed.reason(), UnconfirmedReason::Pending, "{payment:?}");
        assert!(unconfirmed.may_change());
    }
}

#[tokio::test]
async fn another_amount_or_currency_than_ordered_is_not_confirmed() {
    let shop = Shop::open();
    let paid = || ledger::paid(ORDER);
    let of = |amount| Payment { amount, original: amount, moved: amount, remaining: None, ..paid() };
    for (payment, reason) in [
        (of(Some("99.99")), UnconfirmedReason::Amount),
        (of(Some("100.01")), UnconfirmedReason::Amount),
        (of(Some("10000")), UnconfirmedReason::Amount),
        (of(Some("1.00")), UnconfirmedReason::Amount),
        (of(Some("-100.00")), UnconfirmedReason::Amount),
        (Payment { original: Some("90.00"), ..paid() }, UnconfirmedReason::Amount),
        (Payment { interest: None, original: None, ..paid() }, UnconfirmedReason::Amount),
        (Payment { currency: Some(2), ..paid() }, UnconfirmedReason::Currency),
        (Payment { currency: Some(0), ..paid() }, UnconfirmedReason::Currency),
        (Payment { currency: None, ..paid() }, UnconfirmedReason::Currency),
    ] {
        let unconfirmed = shop.refusal(&order(), &payment).await;
        assert_eq!((unconfirmed.reason(), unconfirmed.may_change()), (reason, false), "{payment:?}");
    }
}

#[tokio::test]
async fn an_answer_about_another_payment_is_never_used() {
    let shop = Shop::open();
    for other in [Some("order-2"), Some("ORDER-1"), Some("order-1 "), Some(""), None] {
        let payment = Payment { merchant_code: other.map(str::to_owned), ..ledger::paid(ORDER) };
        let unconfirmed = shop.refusal(&order(), &payment).await;
        assert_eq!(unconfirmed.reason(), UnconfirmedReason::AnotherPayment, "{other:?}");
        assert!(unconfirmed.inquiry().is_none(), "it is not even shown");
    }
}

#[tokio::test]
async fn a_claim_about_another_order_or_none_is_refused_without_a_question() {
    let server = server::start();
    server.script().always(QueryPayment::ID, ledger::paid(ORDER).reply()).expect("scripted");
    let client = ledger::client(&server);
    for code in ["order-2", "ORDER-1", "order-1+", "", "order-1%00"] {
        let confirmation = client.payments().confirm(&callback(code, "Success"), &order()).await.expect("no question");
        assert_eq!(refusal(confirmation).reason(), UnconfirmedReason::AnotherOrder, "{code:?}");
    }
    let nameless = Claim::<ThreeDCallback>::read(b"status=Success").expect("a claim");
    let confirmation = client.payments().confirm(&nameless, &order()).await.expect("no question");
    assert_eq!(refusal(confirmation).reason(), UnconfirmedReason::AnotherOrder);
    assert_eq!(ledger::inquiries(&server, ORDER), 0);
}

#[tokio::test]
async fn it_makes_no_difference_to_which_address_the_shopper_came() {
    for (status, payment, paid) in [
        ("Success", ledger::paid(ORDER), true),
        ("Unsuccessful", ledger::paid(ORDER), true),
        ("Success", ledger::refused(ORDER), false),
        ("Unsuccessful", ledger::refused(ORDER), false),
        ("", ledger::paid(ORDER), true),
    ] {
        let server = server::start();
        let sightings = ledger::insists(&server, &payment);
        let client = ledger::client(&server);
        let question = client.payments().confirm(&callback(ORDER, status), &order()).waits(SOON.0, SOON.1);
        assert_eq!(question.await.expect("an answer").confirmed().is_some(), paid, "{status} {payment:?}");
        assert_eq!(ledger::inquiries(&server, ORDER), sightings, "{status} {payment:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_hit_again_and_again_is_answered_by_the_ledger_each_time() {
    let server = server::start();
    ledger::says(&server, [&ledger::paid(ORDER), &ledger::paid(ORDER), &ledger::refunded(ORDER)]);
    let client = ledger::client(&server);
    let success = callback(ORDER, "Success");
    assert!(client.payments().confirm(&success, &order()).await.expect("an answer").confirmed().is_some());
    // The shopper goes back in the browser, and to the fail address.
    let fail = callback(ORDER, "Unsuccessful");
    assert!(client.payments().confirm(&fail, &order()).await.expect("an answer").confirmed().is_some());
    let later = refusal(client.payments().confirm(&success, &order()).await.expect("an answer"));
    assert_eq!(later.reason(), UnconfirmedReason::Standing(Standing::Refunded));
    assert_eq!(ledger::inquiries(&server, ORDER), 3);
}

#[tokio::test]
async fn a_shopper_who_never_returns_has_paid_all_the_same() {
    let server = server::start();
    let client = ledger::client(&server);
    let failure = ledger::refused(ORDER);
    ledger::says(&server, [&ledger::paid(ORDER), &failure, &failure, &ledger::pending(ORDER)]);
    let ask = || client.payments().confirm_without_claim(&order()).waits(ONCE.0, ONCE.1);
    assert_eq!(accepted(ask().await.expect("an answer")).merchant_code(), ORDER);
    let refused = refusal(ask().waits(SOON.0, SOON.1).await.expect("an answer"));
    assert_eq!(refused.reason(), UnconfirmedReason::Standing(Standing::Refused));
    let pending = refusal(ask().await.expect("an answer"));
    assert_eq!((pending.reason(), pending.may_change()), (UnconfirmedReason::Pending, true));
    assert_eq!(ledger::inquiries(&server, ORDER), 4);
}

#[tokio::test]
async fn what_is_pending_when_the_shopper_returns_is_waited_for() {
    let server = server::start();
    let client = ledger::client(&server);
    let contradictory = Payment { refund: Some(true), ..ledger::paid(ORDER) };
    ledger::says(&server, [&ledger::pending(ORDER)]);
    for (_, reply) in ledger::not_found() {
        server.script().next(QueryPayment::ID, reply).expect("scripted");
    }
    ledger::says(&server, [&contradictory, &ledger::pending(ORDER), &ledger::paid(ORDER)]);
    let claim = callback(ORDER, "Success");
    let question = client.payments().confirm(&claim, &order()).waits(SOON.0, SOON.1).deadline(Duration::from_secs(20));
    assert!(question.await.expect("an answer").confirmed().is_some());
    assert_eq!(ledger::inquiries(&server, ORDER), 11);
}

#[tokio::test]
async fn what_stays_pending_is_pending_when_the_deadline_has_passed() {
    let server = server::start();
    server.script().always(QueryPayment::ID, ledger::pending(ORDER).reply()).expect("scripted");
    let client = ledger::client(&server);
    let question = client.payments().confirm_without_claim(&order()).waits(SOON.0, SOON.1);
    let unconfirmed = refusal(question.deadline(Duration::from_secs(3)).await.expect("an answer"));
    assert_eq!(unconfirmed.reason(), UnconfirmedReason::Pending);
    assert!(ledger::inquiries(&server, ORDER) > 1, "it was asked for more than once");
}

/// Another provider may rescue it a moment later.
#[tokio::test]
async fn a_failure_that_was_seen_once_is_pending() {
    let server = server::start();
    let client = ledger::client(&server);
    let assert_pending = |unconfirmed: &Unconfirmed| {
        assert_eq!((unconfirmed.reason(), unconfirmed.may_change()), (UnconfirmedReason::Pending, true));
        assert_eq!(unconfirmed.inquiry().map(InquiryResult::standing), Some(Standing::Refused));
    };
    for status in [5, 7] {
        let failure = Payment { status: Some(status), ..ledger::refused(ORDER) };
        for expected in [order(), authorization()] {
            ledger::says(&server, [&failure]);
            let question = client.payments().confirm(&callback(ORDER, "Unsuccessful"), &expected);
            assert_pending(&refusal(question.waits(ONCE.0, ONCE.1).await.expect("an answer")));
            assert_eq!(ledger::inquiries(&server, ORDER), 1, "{status}");
        }
        // Twice, but never in a row.
        ledger::says(&server, [&failure]);
        server.script().next(QueryPayment::ID, ledger::not_found().remove(0).1).expect("scripted");
        ledger::says(&server, [&failure]);
        server.script().always(QueryPayment::ID, Reply::close()).expect("scripted");
        let question = client.payments().confirm_without_claim(&order()).waits(SOON.0, SOON.1);
        assert_pending(&refusal(question.deadline(Duration::from_secs(2)).await.expect("an answer")));
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
        let question = client.payments().confirm(&callback(ORDER, "Unsuccessful"), &order()).waits(SOON.0, SOON.1);
        let confirmation = question.deadline(Duration::from_secs(20)).await.expect("an answer");
        assert_eq!(accepted(confirmation).inquiry().standing(), Standing::Paid);
        assert_eq!(ledger::inquiries(&server, ORDER), asked);
    }
}

#[tokio::test]
async fn what_paywall_does_not_know_is_not_paid() {
    let server = server::start();
    let client = ledger::client(&server);
    for (way, reply) in ledger::not_found() {
        server.script().next(QueryPayment::ID, reply).expect("scripted");
        let question = client.payments().confirm(&callback(ORDER, "Success"), &order()).waits(ONCE.0, ONCE.1);
        let unconfirmed = refusal(question.await.expect("an answer"));
        assert_eq!((unconfirmed.reason(), unconfirmed.may_change()), (UnconfirmedReason::NotFound, true), "{way}");
        assert_eq!(ledger::inquiries(&server, ORDER), 1, "{way}");
    }
}

#[tokio::test]
async fn an_authorisation_is_confirmed_only_where_one_was_expected() {
    let shop = Shop::open();
    let confirmation = shop.confirmed(&authorization(), &ledger::authorized(ORDER)).await;
    let payment = accepted(confirmation);
    assert!(payment.is_authorization());
    assert_eq!(payment.inquiry().standing(), Standing::Authorized);
    for (expected, payment, standing) in [
        (order(), ledger::authorized(ORDER), Standing::Authorized),
        (authorization(), ledger::paid(ORDER), Standing::Paid),
        (authorization(), ledger::captured(ORDER), Standing::Paid),
        (authorization(), ledger::voided(ORDER), Standing::Cancelled),
        (authorization(), ledger::refused(ORDER), Standing::Refused),
        // It waits to be captured, and is said to be no pre-authorisation.
        (authorization(), Payment { provision: Some(false), ..ledger::authorized(ORDER) }, Standing::Contradictory),
        (authorization(), Payment { sale: Some(true), ..ledger::authorized(ORDER) }, Standing::Contradictory),
    ] {
        let unconfirmed = shop.refusal(&expected, &payment).await;
        assert_eq!(unconfirmed.reason(), UnconfirmedReason::Standing(standing), "{payment:?}");
    }
    let silent = Payment { provision: None, ..ledger::authorized(ORDER) };
    let unconfirmed = shop.refusal(&authorization(), &silent).await;
    assert_eq!(unconfirmed.reason(), UnconfirmedReason::Pending);
    // What was captured is a sale that succeeded.
    assert!(shop.confirmed(&order(), &ledger::captured(ORDER)).await.confirmed().is_some());
}

#[tokio::test]
async fn the_documented_answer_is_an_authorisation_of_a_thousand() {
    let server = server::start();
    let client = ledger::client(&server);
    let code = payloads::request::<QueryPayment>().merchant_unique_code;
    let thousand = Expected::authorization(&code, amount("1000.00"), Currency::TRY);
    let confirmation = client.payments().confirm_without_claim(&thousand).await.expect("an answer");
    assert_eq!(accepted(confirmation).payment_id(), Some(4_045_713));
    let sale = Expected::payment(&code, amount("1000.00"), Currency::TRY);
    let confirmation = client.payments().confirm_without_claim(&sale).await.expect("an answer");
    assert_eq!(refusal(confirmation).reason(), UnconfirmedReason::Standing(Standing::Authorized));
}

#[tokio::test]
async fn interest_is_for_the_caller_to_accept() {
    let shop = Shop::open();
    let interest = |amount, original| Payment {
        interest: Some(true),
        amount: Some(amount),
        original: Some(original),
        moved: Some(amount),
        remaining: Some(amount),
        ..ledger::paid(ORDER)
    };
    for (payment, amounts) in
        [(interest("110.00", "100.00"), ("110.00", "100.00")), (interest("100.00", "91.00"), ("100.00", "91.00"))]
    {
        let confirmation = shop.confirmed(&order(), &payment).await;
        assert!(confirmation.clone().confirmed().is_none(), "not without a word of the caller's");
        let Confirmation::WithInterest(with) = confirmation else { panic!("{confirmation:?}") };
        assert_eq!((with.payment_amount(), with.original_amount()), (Some(amount(amounts.0)), Some(amount(amounts.1))));
        assert_eq!(with.inquiry().applied_interest, Some(true));
        let accepted = with.accept();
        assert_eq!((accepted.merchant_code(), accepted.amount()), (ORDER, amount("100")));
    }
    let neither = shop.refusal(&order(), &interest("110.00", "99.00")).await;
    assert_eq!(neither.reason(), UnconfirmedReason::Amount);
    let refunded = Payment { interest: Some(true), ..ledger::refunded(ORDER) };
    let refunded = shop.refusal(&order(), &refunded).await;
    assert_eq!(refunded.reason(), UnconfirmedReason::Standing(Standing::Refunded));
}

#[tokio::test]
async fn an_oddity_in_a_field_that_decides_nothing_keeps_no_order_from_being_confirmed() {
    let shop = Shop::open();
    for (field, odd) in [
        ("CommissionAmount", "0E-8"),
        ("CommissionAmount", "123456789012345678901234567890.12"),
        ("CardBrandName", r#""\ud800""#),
        ("CardBrandId", r#""VISA""#),
        ("UsedSavedCard", r#""false""#),
        ("InterestRate", "[]"),
        ("CardOwnerName", r#""A","CardOwnerName":"B""#),
        ("Activities", r#"{"Id":1}"#),
        ("LastActivityDateTime", "0"),
        ("New", r#"{"\udfff":[1e999]}"#),
    ] {
        let answer = ledger::paid(ORDER).answer();
        let with_it = answer.replacen("\"Paywall\":{", &format!("\"Paywall\":{{\"{field}\":{odd},"), 1);
        // Where the documented answer has the field too, it stands twice.
        shop.server.script().next(QueryPayment::ID, Reply::json(with_it)).expect("scripted");
        let claim = callback(ORDER, "Success");
        let confirmation = shop.client.payments().confirm(&claim, &order()).waits(ONCE.0, ONCE.1).await;
        let payment = accepted(confirmation.expect("an answer"));
        let unread = payment.inquiry().unread();
        let pointer = format!("/Body/Paywall/{field}");
        assert!(field == "New" || unread == [pointer], "{field}: {unread:?}");
        assert_eq!(ledger::inquiries(&shop.server, ORDER), 1);
    }
}

#[tokio::test]
async fn the_number_of_instalments_is_compared_where_the_order_states_it() {
    let shop = Shop::open();
    assert!(shop.confirmed(&order().installment(1), &ledger::paid(ORDER)).await.confirmed().is_some());
    let other = shop.refusal(&order().installment(3), &ledger::paid(ORDER)).await;
    assert_eq!(other.reason(), UnconfirmedReason::Installment);
}

/// What comes of it if no good answer comes.
async fn failed(server: &Running, client: &Client) -> Error {
    let question = client.payments().confirm(&callback(ORDER, "Success"), &order()).waits(ONCE.0, ONCE.1);
    let error = question.await.expect_err("no answer");
    assert!(ledger::inquiries(server, ORDER) <= 1);
    error
}

#[tokio::test]
async fn an_inquiry_without_a_good_answer_is_an_error_and_no_payment() {
    let server = server::start();
    let client = ledger::client(&server);
    for (reply, kind) in [
        (Reply::close(), ErrorKind::Transport),
        (Reply::reset(), ErrorKind::Transport),
        (ledger::paid(ORDER).reply().cut_body(300, Fault::Close), ErrorKind::Transport),
        (Reply::new(StatusCode::SERVICE_UNAVAILABLE), ErrorKind::Status),
        (Reply::new(StatusCode::BAD_GATEWAY).body("<html>paid</html>"), ErrorKind::Status),
        (Reply::new(StatusCode::OK).body("<html>paid</html>"), ErrorKind::Decode),
        (Reply::json(&b""[..]), ErrorKind::Decode),
        (
            Reply::json(ledger::paid(ORDER).answer().replacen("\"Result\":true", "\"Result\":false", 1)),
            ErrorKind::Contradiction,
        ),
        (
            Reply::json(ledger::paid(ORDER).answer().replacen("\"ErrorCode\":0", "\"ErrorCode\":1", 1)),
            ErrorKind::Contradiction,
        ),
        (
            Reply::json(ledger::paid(ORDER).answer().replacen("\"Paywall\":{", "\"Paywall\":7,\"Old\":{", 1)),
            ErrorKind::Decode,
        ),
        (Reply::redirect(StatusCode::FOUND, "http://127.0.0.1:1/paid"), ErrorKind::Redirect),
        (Reply::refusal(StatusCode::OK, 88, "busy"), ErrorKind::Refused),
        (Reply::refusal(StatusCode::INTERNAL_SERVER_ERROR, -1, "not found"), ErrorKind::Refused),
    ] {
        server.script().next(QueryPayment::ID, reply.clone()).expect("scripted");
        let error = failed(&server, &client).await;
        assert_eq!(error.kind(), kind, "{reply:?}: {error}");
        assert_eq!(error.operation(), QueryPayment::ID);
        assert!(error.unknown().is_none_or(|unknown| !unknown.moves_money()), "an inquiry moves no money");
    }
    let nobody = ledger::client(&server);
    server.stop();
    let question = nobody.payments().confirm_without_claim(&order()).waits(ONCE.0, ONCE.1);
    let error = question.await.expect_err("nobody there");
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
}

#[tokio::test]
async fn a_bad_moment_is_waited_out_and_wrong_keys_are_not() {
    let server = server::start();
    let client = ledger::client(&server);
    for reply in [Reply::close(), Reply::new(StatusCode::BAD_GATEWAY), Reply::refusal(StatusCode::OK, 504, "busy")] {
        server.script().next(QueryPayment::ID, reply).expect("scripted");
    }
    ledger::says(&server, [&ledger::paid(ORDER)]);
    let question = client.payments().confirm_without_claim(&order()).waits(SOON.0, SOON.1);
    assert!(question.deadline(Duration::from_secs(20)).await.expect("an answer").confirmed().is_some());
    assert_eq!(ledger::inquiries(&server, ORDER), 4);

    let wrong = server::builder(&server).private_keys(Credentials::new("wrong", "c")).build().expect("a client");
    let question = wrong.payments().confirm_without_claim(&order()).waits(SOON.0, SOON.1);
    let error = question.deadline(Duration::from_secs(20)).await.expect_err("wrong keys");
    assert!(error.is_refused(), "{error}");
    assert_eq!(ledger::inquiries(&server, ORDER), 1);
}

#[tokio::test]
async fn every_message_about_a_payment_is_confirmed_in_the_same_way() {
    let server = server::start();
    let client = ledger::client(&server);
    let paid = ledger::paid(ORDER);
    ledger::says(&server, [&paid, &paid]);
    let general = br#"{"Type":2,"PaymentId":1,"Amount":1.00,"UniqueCode":"order-1","CurrencyId":2}"#;
    let general = Claim::<GeneralNotification>::read(general).expect("a claim");
    assert!(client.payments().confirm(&general, &order()).await.expect("an answer").confirmed().is_some());
    let watch = br#"{"PaymentId":1,"MerchantUniqueCode":"order-1","PaymentNewStatusId":5}"#;
    let watch = Claim::<PayWatchNotification>::read(watch).expect("a claim");
    assert!(client.payments().confirm(&watch, &order()).await.expect("an answer").confirmed().is_some());
    assert_eq!(ledger::inquiries(&server, ORDER), 2);
}

#[test]
fn without_a_runtime_it_is_confirmed_in_the_same_way() {
    let server = server::start();
    let client = server::builder(&server).retries(0).build_blocking().expect("a client");
    let question = || client.payments().confirm(&callback(ORDER, "Unsuccessful"), &order());
    let ask = || question().waits(ONCE.0, ONCE.1).send();
    for (payment, standing) in unpaid() {
        let (sightings, waits) = (ledger::insists(&server, &payment), payment.waits());
        let unconfirmed = refusal(question().waits(waits.0, waits.1).send().expect("an answer"));
        assert_eq!(unconfirmed.reason(), UnconfirmedReason::Standing(standing), "{payment:?}");
        assert_eq!(ledger::inquiries(&server, ORDER), sightings, "{payment:?}");
    }
    ledger::says(&server, [&ledger::paid(ORDER)]);
    assert_eq!(accepted(ask().expect("an answer")).merchant_code(), ORDER);
    ledger::says(&server, [&ledger::pending(ORDER), &ledger::paid(ORDER)]);
    let waited = client.payments().confirm_without_claim(&order()).waits(SOON.0, SOON.1);
    assert!(waited.deadline(Duration::from_secs(20)).send().expect("an answer").confirmed().is_some());
    let other = client.payments().confirm(&callback("order-2", "Success"), &order()).send().expect("no question");
    assert_eq!(refusal(other).reason(), UnconfirmedReason::AnotherOrder);
    server.script().next(QueryPayment::ID, Reply::close()).expect("scripted");
    assert_eq!(ask().expect_err("no answer").kind(), ErrorKind::Transport);
    assert_eq!(ledger::inquiries(&server, ORDER), 4);
}
