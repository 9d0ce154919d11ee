//! How ends become resolutions, and what the errors say. Rules, waits and answers have their tests beside them.

use super::*;
use crate::Effect;
use crate::codes::{PaymentStatus, PaymentType};

/// The facts of `order-1`, as far as they are said.
fn inquiry(fields: &str) -> Box<InquiryResult> {
    let json = format!(r#"{{"MerchantUniqueCode": "order-1", "PaymentAmount": 100.00{fields}}}"#);
    Box::new(InquiryResult::read(&json).expect("inquiry"))
}

fn paid() -> Box<InquiryResult> {
    inquiry(
        r#", "StatusId": 4, "TypeId": 1, "Status": true, "AnySuccessPayment": true, "AnySuccessRefund": false,
        "AnySuccessPartialRefund": false, "AnySuccessCancel": false, "ActivityId": 1, "RemainingRefundAmount": 100.00"#,
    )
}

fn refunded_by_ten() -> Box<InquiryResult> {
    inquiry(
        r#", "StatusId": 4, "TypeId": 4, "Status": true, "AnySuccessPayment": true, "AnySuccessRefund": false,
        "AnySuccessPartialRefund": true, "AnySuccessCancel": false, "ActivityId": 2, "ActivityAmount": 10.00,
        "RemainingRefundAmount": 90.0"#,
    )
}

fn unknown(effect: Option<Effect>) -> Unknown {
    of("pay", effect, Some("order-1"))
}

fn of(id: &'static str, effect: Option<Effect>, merchant_code: Option<&str>) -> Unknown {
    let inquiry = effect.map(|_| QueryPayment::ID);
    let known = crate::unknown::Known { id, moves_money: true, effect, inquiry };
    known.unknown(merchant_code.map(str::to_owned), SystemTime::now())
}

fn asked(end: End, found: Option<Box<InquiryResult>>) -> Asked {
    Asked { end, found }
}

#[test]
fn only_what_never_arrived_may_be_sent_again() {
    let never = Resolution::of(asked(End::Absent { for_good: true }, None));
    assert_eq!(never, Resolution::NeverArrived);
    assert!(never.may_be_sent_again());
    for (end, found) in [
        (End::Absent { for_good: false }, None),
        (End::Open, Some(inquiry(""))),
        (End::Open, Some(inquiry(r#", "StatusId": 99, "TypeId": 1"#))),
        (End::Open, Some(inquiry(r#", "StatusId": 3, "TypeId": 2"#))),
        (End::Settled, Some(paid())),
        (End::Absent { for_good: true }, Some(inquiry(""))),
    ] {
        let resolution = Resolution::of(asked(end, found.clone()));
        assert!(!resolution.may_be_sent_again(), "{resolution:?}");
        assert_eq!(resolution.inquiry(), found.as_deref());
    }
}

#[test]
fn a_resolution_is_how_the_payment_stands() {
    assert!(matches!(Resolution::of(asked(End::Settled, Some(paid()))), Resolution::Paid(_)));
    let resolution = Resolution::of(asked(End::Settled, Some(refunded_by_ten())));
    assert!(matches!(resolution, Resolution::PartiallyRefunded(_)));
    let unknown_status = inquiry(r#", "StatusId": 99, "TypeId": 1"#);
    assert!(matches!(Resolution::of(asked(End::Open, Some(unknown_status))), Resolution::Pending(_)));
    assert_eq!(Resolution::of(asked(End::Absent { for_good: false }, None)), Resolution::NotFoundYet);
}

#[test]
fn a_change_ends_by_its_trace_and_by_time() {
    let change = Change {
        effect: Some(Effect::PartialRefund),
        before: Some(Snapshot::of(&paid()).into_facts()),
        amount: "10".parse().ok(),
        movements: None,
    };
    let end = |end, found| ChangeResolution::of(asked(end, Some(found)), &change);
    assert!(matches!(end(End::Settled, refunded_by_ten()), ChangeResolution::TookEffect(_)));
    assert!(matches!(end(End::Absent { for_good: false }, paid()), ChangeResolution::Pending(_)));
    let without = end(End::Absent { for_good: true }, paid());
    assert!(matches!(without, ChangeResolution::NoEffect(_)) && without.may_be_sent_again());
    let other = Change { amount: "20".parse().ok(), ..change };
    let undecided = ChangeResolution::of(asked(End::Open, Some(refunded_by_ten())), &other);
    assert!(matches!(undecided, ChangeResolution::Undecided(_)) && !undecided.may_be_sent_again());
    assert_eq!(ChangeResolution::of(asked(End::Open, None), &other), ChangeResolution::NotFoundYet);
}

#[test]
fn a_change_of_a_payment_that_is_not_found_is_never_without_effect() {
    let change = Change { effect: Some(Effect::Refund), before: None, amount: None, movements: None };
    assert_eq!(hear_change(&change, None), Heard::Open);
    assert_eq!(hear_payment(None, true), Heard::Absent);
    assert_eq!(hear_payment(None, false), Heard::Open);
}

#[test]
fn a_snapshot_is_stored_and_read_back() {
    let snapshot = Snapshot::of(&refunded_by_ten());
    let stored = serde_json::to_string(&snapshot).expect("stored");
    assert_eq!(serde_json::from_str::<Snapshot>(&stored).expect("read"), snapshot);
    assert_eq!((snapshot.merchant_code(), snapshot.activity_id()), (Some("order-1"), Some(2)));
    assert_eq!(snapshot.standing(), Standing::PartiallyRefunded);
    assert_eq!(snapshot.remaining_refund_amount().map(|amount| amount.to_string()), Some("90.0".to_owned()));
    assert_eq!(
        (snapshot.status(), snapshot.movement_type()),
        (Some(PaymentStatus::SUCCESSFUL), Some(PaymentType::PARTIAL_REFUND))
    );
}

fn client() -> Client {
    Client::builder_at("http://127.0.0.1:1").build().expect("client")
}

#[tokio::test]
async fn the_wrong_way_is_said_before_anything_is_asked() {
    let client = client();
    let payments = || client.payments();
    let kind = |result: Result<Resolution, ResolveError>| result.expect_err("the wrong way").kind();
    assert_eq!(kind(payments().resolve(&unknown(None)).await), ResolveErrorKind::NoInquiry);
    assert_eq!(kind(payments().resolve(&unknown(Some(Effect::Refund))).await), ResolveErrorKind::NotAPayment);
    let nameless = of("pay", Some(Effect::Payment), None);
    assert_eq!(kind(client.masterpass().resolve(&nameless).await), ResolveErrorKind::NoMerchantCode);
    let named = nameless.with_merchant_code("order-1");
    assert_eq!(kind(payments().resolve(&named).await), ResolveErrorKind::Failed);

    let kind = |result: Result<ChangeResolution, ResolveError>| result.expect_err("the wrong way").kind();
    assert_eq!(kind(payments().resolve_change(&named).await), ResolveErrorKind::NotAChange);
    let other = of("refund", Some(Effect::Refund), Some("order-2"));
    let question = payments().resolve_change(&other).known_before(Snapshot::of(&paid()));
    assert_eq!(kind(question.await), ResolveErrorKind::SnapshotOfAnother);
}

#[tokio::test]
async fn an_inquiry_that_fails_leads_to_the_next_and_to_nothing_else() {
    let client = client();
    let unknown = unknown(Some(Effect::Payment));
    let error = client.payments().resolve(&unknown).await.expect_err("no keys");
    assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::Failed, &unknown));
    assert_eq!(
        error.to_string(),
        "the inquiry failed, and would fail again; the outcome of pay is unknown: look it up by the merchant code \
         \"order-1\" before anything else, never send it again"
    );
    assert!(std::error::Error::source(&error).is_some());

    let keys = crate::Credentials::new("planted-key", "planted-client");
    let client = Client::builder_at("http://127.0.0.1:1").private_keys(keys).retries(0).build().expect("client");
    let (deadline, wait) = (Duration::from_millis(200), Duration::from_millis(10));
    let error = client.payments().resolve(&unknown).deadline(deadline).waits(wait, wait).await.expect_err("nobody");
    assert_eq!((error.kind(), error.unknown()), (ResolveErrorKind::NoAnswer, &unknown));
    assert!(!format!("{error:?}").contains("planted"));
}

#[tokio::test]
async fn no_time_is_no_answer() {
    let keys = crate::Credentials::new("key", "client");
    let client = Client::builder_at("http://127.0.0.1:1").private_keys(keys).build().expect("client");
    let error = client.payments().resolve(&unknown(Some(Effect::Payment))).deadline(Duration::ZERO).await;
    assert_eq!(error.expect_err("no time").kind(), ResolveErrorKind::NoAnswer);
}

#[cfg(feature = "blocking")]
#[test]
fn the_blocking_client_asks_too_but_not_inside_a_runtime() {
    let client = Client::builder_at("http://127.0.0.1:1").build_blocking().expect("client");
    let (payment, refund) = (unknown(Some(Effect::Payment)), unknown(Some(Effect::Refund)));
    let error = client.payments().resolve(&payment).send().expect_err("no keys");
    assert_eq!(error.inquiry_error().map(Error::kind), Some(crate::ErrorKind::KeysMissing));
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    runtime.block_on(async {
        let error = client.payments().resolve_change(&refund).send().expect_err("inside");
        assert_eq!(error.inquiry_error().map(Error::kind), Some(crate::ErrorKind::Runtime));
        assert_eq!(client.masterpass().resolve(&payment).send().expect_err("inside").unknown(), &payment);
    });
}
