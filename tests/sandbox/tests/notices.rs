//! Is the merchant told? Of every movement of a payment, and of what a watch has found, once each, signed.

mod merchant;
mod wire;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use merchant::{Shop, client, payment, started, types};
use paywall_api::callbacks::{GeneralNotification, PayWatchNotification};
use paywall_api::codes::{Currency, PayWatchAction, PaymentStatus, WatchedPaymentStatus, WebhookType};
use paywall_api::payments::{PartialRefundRequest, PayWatch, RefundRequest, Start3dRequest, WatchedStatus};
use paywall_api::{Claim, Expected, HashKeys, Notification, Trust};
use paywall_contract::Document;
use paywall_sandbox::{Options, Running, Sandbox};

const KEY: &str = "the key of the panel";

fn bank(shop: &Shop) -> Running {
    let options = Options::default().webhook(shop.at("/hook")).hash_key(4, KEY);
    let options = options.watch_minute(Duration::from_millis(100)).pending(Duration::from_millis(100));
    Sandbox::start(options.stateful().seed(7)).expect("a sandbox")
}

/// Reads and verifies the next message at a path, which has every field of its model.
fn told<N: Notification>(shop: &Shop, path: &str) -> Claim<N> {
    let posted = shop.next();
    assert_eq!(posted.path, path);
    assert_eq!(keys(&posted.body), documented_keys(N::ID));
    let claim = Claim::<N>::read(&posted.body).expect("a claim");
    assert_eq!(claim.verify(&HashKeys::new().with(4, KEY)).expect("a right hash"), Trust::Signed);
    claim
}

fn keys(body: &[u8]) -> BTreeSet<String> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(body).expect("an object");
    object.into_iter().map(|(key, _)| key).collect()
}

fn documented_keys(message: &str) -> BTreeSet<String> {
    static CONTRACT: LazyLock<Document> = LazyLock::new(wire::contract);
    let messages = paywall_contract::document::messages(&CONTRACT);
    let message = messages.iter().find(|known| known.id() == message).expect("a message");
    let model = message.object(&CONTRACT).expect("a model");
    let properties = model.node.get("properties").expect("properties");
    properties.entries().iter().map(|entry| entry.key.clone()).collect()
}

fn general(shop: &Shop) -> Claim<GeneralNotification> {
    told(shop, "/hook")
}

async fn pay(bank: &Running, amount: &str, code: &str) {
    let path = started(bank, &payment(amount, code, "http://127.0.0.1:9")).await;
    types(bank, &path, "123456");
}

/// The day of the payment, as the notification has it.
fn day(claim: &Claim<GeneralNotification>) -> String {
    claim.content().date_time.as_ref().expect("a time").to_string()[..10].to_owned()
}

#[tokio::test]
async fn a_payment_is_told_of_and_the_inquiry_confirms_it() {
    let shop = Shop::open();
    let bank = bank(&shop);
    pay(&bank, "101.50", "order-1").await;
    let claim = general(&shop);
    assert_eq!(claim.content().r#type, Some(WebhookType::PAYMENT_SUCCEEDED));
    assert_eq!((claim.merchant_code(), claim.amount(), claim.currency()), (Some("order-1"), Some("101.50"), Some("1")));
    let expected = Expected::payment("order-1", "101.50".parse().expect("an amount"), Currency::TRY);
    let confirmation = client(&bank).payments().confirm(&claim, &expected).await.expect("an inquiry");
    assert!(confirmation.confirmed().is_some());
}

#[tokio::test]
async fn every_kind_of_movement_is_told_of() {
    let shop = Shop::open();
    let bank = bank(&shop);
    pay(&bank, "10.51", "order-1").await;
    assert_eq!(general(&shop).content().r#type, Some(WebhookType::PAYMENT_FAILED));
    pay(&bank, "10.91", "order-2").await;
    let paid = general(&shop);
    assert_eq!(paid.content().r#type, Some(WebhookType::PAYMENT_SUCCEEDED), "once the bank has answered");
    let payments = client(&bank);
    let part =
        PartialRefundRequest::new("order-2", day(&paid), "4.00".parse::<paywall_api::Amount>().expect("an amount"));
    payments.payments().refund_partially(&part).await.expect("a partial refund");
    let refunded = general(&shop);
    assert_eq!(refunded.content().r#type, Some(WebhookType::PARTIALLY_REFUNDED));
    assert_eq!(refunded.content().operation_amount.map(|amount| amount.to_string()).as_deref(), Some("4.00"));
    pay(&bank, "20.00", "order-3").await;
    let whole = RefundRequest::new(day(&general(&shop)), "order-3");
    payments.payments().refund(&whole).await.expect("a refund");
    assert_eq!(general(&shop).content().r#type, Some(WebhookType::REFUNDED));
    assert!(shop.is_quiet());
}

fn watched(shop: &Shop, code: &str, status: WatchedPaymentStatus) -> Start3dRequest {
    let mut request = payment("10.00", code, &shop.at(""));
    let watch = PayWatch::new().watch(true).payment_status(vec![WatchedStatus::new(status)]).watch_min(5);
    let watch = watch.action_id(PayWatchAction::CHANGE_STATUS_AND_NOTIFY).webhook_address(shop.at("/watch"));
    request.payment_detail.pay_watch = Some(watch);
    request
}

#[tokio::test]
async fn a_watch_tells_of_a_payment_that_still_stands_as_it_says() {
    let (shop, general) = (Shop::open(), Shop::open());
    let bank = bank(&general);
    // Nobody opens its page: it stays in status 1, which is not watched.
    started(&bank, &watched(&shop, "order-1", WatchedPaymentStatus::STARTED)).await;
    let opened = started(&bank, &watched(&shop, "order-2", WatchedPaymentStatus::STARTED)).await;
    merchant::get(&bank, &opened);
    let claim = told::<PayWatchNotification>(&shop, "/watch");
    assert_eq!(claim.merchant_code(), Some("order-2"));
    let content = claim.content();
    assert_eq!(content.payment_last_status_id, Some(PaymentStatus::STARTED));
    assert_eq!(content.payment_new_status_id, Some(PaymentStatus::FAILED_ON_INQUIRY));
    assert_eq!(content.payment_status_changed, Some(true));
    assert!(shop.is_quiet());
}

#[tokio::test]
async fn a_receiver_is_told_once_whatever_it_answers_and_no_redirect_is_followed() {
    for answer in ["500 Internal Server Error", "302 Found\r\nLocation: /elsewhere"] {
        let shop = Shop::answering(answer);
        let bank = bank(&shop);
        pay(&bank, "10.00", "order-1").await;
        general(&shop);
        assert!(shop.is_quiet(), "{answer}");
    }
}

#[test]
fn a_webhook_elsewhere_is_refused_at_the_start_unless_its_host_is_allowed() {
    let options = || Options::default().stateful().webhook("https://shop.example/hook?key=hush");
    let error = Sandbox::start(options()).expect_err("refused").to_string();
    assert!(error.contains("--allow-host shop.example") && !error.contains("hush"), "{error}");
    assert!(Sandbox::start(options().allow_host("shop.example")).is_ok());
}
