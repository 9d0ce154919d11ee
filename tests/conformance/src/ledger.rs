//! What does Paywall know of a payment? The documented answer of the inquiry, changed by the facts that a test states.

use std::time::Duration;

use paywall_api::payments::QueryPayment;
use paywall_api::{Client, Operation};
use paywall_contract::node::{At, Entry, Kind, Node};
use paywall_contract::sample::Part;
use paywall_sandbox::{Reply, Running, StatusCode, text};

use crate::payloads;

/// So that the first question is also the last: the deadline would pass before the next.
pub(crate) const ONCE: (Duration, Duration) = (Duration::from_secs(3600), Duration::from_secs(3600));

/// So that the next question follows at once.
pub(crate) const SOON: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(10));

/// The facts of a payment; none leaves its field out. Amounts are texts, so that every digit arrives.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) merchant_code: Option<String>,
    pub(crate) status: Option<i64>,
    /// The type of the last movement: 1 sale, 2 refund, 3 cancel, 4 partial refund.
    pub(crate) kind: Option<i64>,
    pub(crate) succeeded: Option<bool>,
    pub(crate) any_error: Option<bool>,
    pub(crate) provision: Option<bool>,
    pub(crate) sale: Option<bool>,
    pub(crate) refund: Option<bool>,
    pub(crate) partial_refund: Option<bool>,
    pub(crate) cancel: Option<bool>,
    pub(crate) fully_refunded: Option<bool>,
    pub(crate) interest: Option<bool>,
    /// The number of the last movement.
    pub(crate) activity: Option<i64>,
    pub(crate) currency: Option<i64>,
    pub(crate) amount: Option<&'static str>,
    pub(crate) original: Option<&'static str>,
    /// The amount of the last movement.
    pub(crate) moved: Option<&'static str>,
    pub(crate) remaining: Option<&'static str>,
}

/// A sale of 100 lira that succeeded, under this merchant code.
pub(crate) fn paid(merchant_code: &str) -> Payment {
    Payment {
        merchant_code: Some(merchant_code.to_owned()),
        status: Some(4),
        kind: Some(1),
        succeeded: Some(true),
        any_error: Some(false),
        provision: Some(false),
        sale: Some(true),
        refund: Some(false),
        partial_refund: Some(false),
        cancel: Some(false),
        fully_refunded: Some(false),
        interest: Some(false),
        activity: Some(1),
        currency: Some(1),
        amount: Some("100.00"),
        original: Some("100.00"),
        moved: Some("100.00"),
        remaining: Some("100.00"),
    }
}

/// Asked for, and nothing decided.
pub(crate) fn pending(merchant_code: &str) -> Payment {
    Payment { status: Some(2), succeeded: Some(false), sale: Some(false), remaining: None, ..paid(merchant_code) }
}

/// A pre-authorisation of 100, which waits to be captured.
pub(crate) fn authorized(merchant_code: &str) -> Payment {
    Payment { status: Some(3), provision: Some(true), ..pending(merchant_code) }
}

/// The same, captured in full.
pub(crate) fn captured(merchant_code: &str) -> Payment {
    Payment { provision: Some(true), activity: Some(2), ..paid(merchant_code) }
}

/// The same, given free again.
pub(crate) fn voided(merchant_code: &str) -> Payment {
    Payment { status: Some(12), activity: Some(2), ..authorized(merchant_code) }
}

/// A sale that failed.
pub(crate) fn refused(merchant_code: &str) -> Payment {
    Payment { status: Some(5), ..pending(merchant_code) }
}

/// Inquiries of a sale that failed and was rescued: every way to its end, which is paid.
pub(crate) fn rescues(merchant_code: &str) -> [Vec<Payment>; 4] {
    let failure = || refused(merchant_code);
    let failed_later = || Payment { status: Some(7), ..refused(merchant_code) };
    let rescuing = || Payment { status: Some(6), ..refused(merchant_code) };
    let paid = || paid(merchant_code);
    [
        vec![failure(), paid()],
        vec![failure(), rescuing(), paid()],
        vec![failed_later(), rescuing(), rescuing(), paid()],
        vec![failure(), rescuing(), failed_later(), rescuing(), failure(), paid()],
    ]
}

/// Paid, then all paid back.
pub(crate) fn refunded(merchant_code: &str) -> Payment {
    Payment {
        kind: Some(2),
        refund: Some(true),
        fully_refunded: Some(true),
        activity: Some(2),
        remaining: Some("0.00"),
        ..paid(merchant_code)
    }
}

/// Paid, then 10 paid back.
pub(crate) fn partially_refunded(merchant_code: &str) -> Payment {
    Payment {
        kind: Some(4),
        partial_refund: Some(true),
        activity: Some(2),
        moved: Some("10.00"),
        remaining: Some("90.00"),
        ..paid(merchant_code)
    }
}

/// Paid, then cancelled on the same day.
pub(crate) fn cancelled(merchant_code: &str) -> Payment {
    Payment {
        kind: Some(3),
        cancel: Some(true),
        fully_refunded: Some(true),
        activity: Some(2),
        remaining: Some("0.00"),
        ..paid(merchant_code)
    }
}

impl Payment {
    /// In how many answers in a row it must be seen: a sale that failed may still be rescued, and so in two.
    pub(crate) fn sightings(&self) -> usize {
        let has_failed = matches!(self.status, Some(5 | 7)) && self.kind == Some(1) && self.sale == Some(false);
        if has_failed { 2 } else { 1 }
    }

    /// The waits that leave time for so many questions, and for no more where one is enough.
    pub(crate) fn waits(&self) -> (Duration, Duration) {
        if self.sightings() == 1 { ONCE } else { SOON }
    }

    /// The whole answer.
    pub(crate) fn answer(&self) -> String {
        let mut answer = payloads::case(QueryPayment::ID, "page", Part::Response);
        let payment = member(member(&mut answer, "Body"), "Paywall");
        for (field, says) in self.fields() {
            set(payment, field, says);
        }
        set(member(payment, "Error"), "AnyError", self.any_error.map(Kind::Bool));
        text::write(&answer)
    }

    pub(crate) fn reply(&self) -> Reply {
        Reply::json(self.answer())
    }

    fn fields(&self) -> Vec<(&'static str, Option<Kind>)> {
        let int = |number: Option<i64>| number.map(|number| Kind::Number(number.to_string()));
        let decimal = |number: Option<&str>| number.map(|number| Kind::Number(number.to_owned()));
        vec![
            ("MerchantUniqueCode", self.merchant_code.clone().map(Kind::Text)),
            ("StatusId", int(self.status)),
            ("TypeId", int(self.kind)),
            ("Status", self.succeeded.map(Kind::Bool)),
            ("IsProvision", self.provision.map(Kind::Bool)),
            ("AnySuccessPayment", self.sale.map(Kind::Bool)),
            ("AnySuccessRefund", self.refund.map(Kind::Bool)),
            ("AnySuccessPartialRefund", self.partial_refund.map(Kind::Bool)),
            ("AnySuccessCancel", self.cancel.map(Kind::Bool)),
            ("IsFullyRefunded", self.fully_refunded.map(Kind::Bool)),
            ("AppliedInterest", self.interest.map(Kind::Bool)),
            ("ActivityId", int(self.activity)),
            ("CurrencyId", int(self.currency)),
            ("PaymentAmount", decimal(self.amount)),
            ("OriginalAmount", decimal(self.original)),
            ("ActivityAmount", decimal(self.moved)),
            ("RemainingRefundAmount", decimal(self.remaining)),
        ]
    }
}

fn entries(node: &mut Node) -> &mut Vec<Entry> {
    let Kind::Map(entries) = &mut node.kind else { panic!("no object at {:?}", node.at) };
    entries
}

fn member<'n>(node: &'n mut Node, key: &str) -> &'n mut Node {
    let found = entries(node).iter_mut().find(|entry| entry.key == key);
    &mut found.unwrap_or_else(|| panic!("the documented answer has no {key}")).value
}

/// The documented answer lacks two of the fields, which stand in its table alone.
fn set(node: &mut Node, field: &str, says: Option<Kind>) {
    let entries = entries(node);
    entries.retain(|entry| entry.key != field);
    if let Some(kind) = says {
        let at = At::start_of("ledger");
        entries.push(Entry { key: field.to_owned(), at: at.clone(), value: Node { at, kind } });
    }
}

/// Every way to say that there is no such payment, since no page shows one.
pub(crate) fn not_found() -> Vec<(&'static str, Reply)> {
    let body = |body: &str| Reply::json(format!(r#"{{"ErrorCode":0,"Result":true,"Message":"","Body":{body}}}"#));
    vec![
        ("a body that is null", body("null")),
        ("an empty text for a body", body(r#""""#)),
        ("an empty body", body("{}")),
        ("no payment in the body", body(r#"{"Paywall":null}"#)),
        ("an empty payment", body(r#"{"Paywall":{}}"#)),
        ("-1 of the payment numbering", Reply::refusal(StatusCode::OK, -1, "not found")),
        ("56 of the general numbering", Reply::refusal(StatusCode::NOT_FOUND, 56, "not found")),
    ]
}

/// Replies to the next inquiries, in this order.
pub(crate) fn says<'p>(server: &Running, payments: impl IntoIterator<Item = &'p Payment>) {
    for payment in payments {
        server.script().next(QueryPayment::ID, payment.reply()).expect("scripted");
    }
}

/// Replies so as often as it must be seen. How often?
pub(crate) fn insists(server: &Running, payment: &Payment) -> usize {
    let sightings = payment.sightings();
    says(server, std::iter::repeat_n(payment, sightings));
    sightings
}

/// Takes out what came in since the last time: inquiries for this code with the private keys, and nothing else. How many?
pub(crate) fn inquiries(server: &Running, merchant_code: &str) -> usize {
    let received = server.take_received();
    for one in &received {
        assert_eq!((one.operation.as_deref(), one.method.as_str()), (Some(QueryPayment::ID), "GET"), "{one:?}");
        assert_eq!(one.header("merchantuniquecode").collect::<Vec<_>>(), [merchant_code], "{one:?}");
        assert_eq!(one.header("apikeyprivate").count(), 1, "{one:?}");
        assert!(one.header("apikeypublic").next().is_none() && one.body.is_empty(), "{one:?}");
    }
    received.len()
}

/// A client that leaves asking again to whoever asks: every inquiry that came in is one that was decided on.
pub(crate) fn client(server: &Running) -> Client {
    crate::server::builder(server).retries(0).build().expect("a client")
}

#[test]
fn the_ledger_says_what_the_facts_say_and_the_rest_is_the_documented_answer() {
    let answer: serde_json::Value = serde_json::from_str(&partially_refunded("order-1").answer()).expect("json");
    let payment = &answer["Body"]["Paywall"];
    assert_eq!((&payment["MerchantUniqueCode"], &payment["StatusId"]), (&"order-1".into(), &4.into()));
    assert_eq!(payment["TypeId"], 4);
    assert_eq!(payment["PaymentGatewayName"], "ProviderConnectionName");
    let silent = Payment { sale: None, remaining: None, any_error: None, ..paid("order-1") }.answer();
    assert!(!silent.contains("AnySuccessPayment") && !silent.contains("RemainingRefundAmount"), "{silent}");
    assert!(!silent.contains("AnyError") && silent.contains(r#""PaymentAmount":100.00"#), "{silent}");
}
