//! May a page leave a card at Paywall? With a temporary token yes, from any origin; with keys nothing, from none.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use paywall_api::tokens::{CreateTempTokenRequest, NewCreateTempTokenRequest};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::shopper::{DIGITS, Shopper};

/// Sends one request as a page's script does, and says what the script gets to see.
const FETCH: &str = r"
    const [address, headers, body, credentials, done] = arguments;
    fetch(address, { method: 'POST', headers, body, credentials })
        .then(async answer => done({ status: answer.status, text: await answer.text() }))
        .catch(error => done({ error: error.name }));";

/// Opens a page of another origin than the bank's, one without rules of its own.
async fn opens_a_page(shopper: &Shopper) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let port = listener.local_addr().expect("an address").port();
    let page = Router::new().route("/", get(async || Html("<!doctype html><title>A page</title><h1>A page</h1>")));
    tokio::spawn(async move { axum::serve(listener, page).await });
    shopper.page().goto(format!("http://localhost:{port}/")).await.expect("a page");
}

async fn fetched(shopper: &Shopper, path: &str, headers: Value, body: &Value, credentials: &str) -> Value {
    let address = format!("{}{path}", shopper.town.bank.base_address());
    let arguments = vec![json!(address), headers, json!(body.to_string()), json!(credentials)];
    let answer = shopper.page().execute_async(FETCH, arguments).await.expect("an answer");
    answer.json().clone()
}

fn card() -> Value {
    json!({
        "CardType": 1, "CardOwnerName": "Ayşe Yılmaz", "CardNumber": DIGITS, "CardCvv": "123",
        "CardExpiryMonth": "12", "CardExpiryYear": "30", "ExpiryMin": 10,
    })
}

const TEMP_CARD: &str = "/api/paywall/tempcard";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_leaves_a_card_with_a_temporary_token() {
    let shopper = Shopper::new().await;
    let wanted = NewCreateTempTokenRequest { client_card_save: true, three_d_session: false, expiry_min: 10 };
    let token = shopper.town.temp_token(&CreateTempTokenRequest::new(wanted)).await;
    opens_a_page(&shopper).await;
    let headers = json!({ "Content-Type": "application/json", "token": token });
    let answer = fetched(&shopper, TEMP_CARD, headers, &card(), "omit").await;
    assert_eq!(answer["status"], 200, "{answer}");
    let envelope: Value = serde_json::from_str(answer["text"].as_str().expect("a text")).expect("an envelope");
    assert!(envelope["Result"] == true && envelope["Body"]["CardToken"].is_string(), "{envelope}");
    let methods: Vec<String> = shopper.town.bank.received().into_iter().map(|received| received.method).collect();
    assert_eq!(methods[methods.len() - 2..], ["OPTIONS", "POST"], "the browser asks before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_reads_why_its_card_was_refused() {
    let shopper = Shopper::new().await;
    opens_a_page(&shopper).await;
    let headers = json!({ "Content-Type": "application/json", "token": "no-token-of-this-bank" });
    let answer = fetched(&shopper, TEMP_CARD, headers, &card(), "omit").await;
    assert_eq!(answer["status"], 400, "{answer}");
    assert!(answer["text"].as_str().is_some_and(|text| text.contains("unknown or has expired")), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_sends_no_keys_no_cookies_and_no_header_that_the_operation_does_not_name() {
    let shopper = Shopper::new().await;
    opens_a_page(&shopper).await;
    let plain = || json!({ "Content-Type": "application/json", "token": "t" });
    let private = || json!({ "Content-Type": "application/json", "apikeyprivate": "k", "apiclientprivate": "c" });
    let public = || json!({ "Content-Type": "application/json", "apikeypublic": "k", "apiclientpublic": "c" });
    for (path, headers, credentials) in [
        (TEMP_CARD, plain(), "include"),
        (TEMP_CARD, private(), "omit"),
        ("/api/paywall/private/refund", private(), "omit"),
        ("/api/paywall/masterpass/payment/commit", private(), "omit"),
        ("/api/paywall/temptoken", public(), "omit"),
        ("/api/paywall/payment/startdirect", public(), "omit"),
    ] {
        let answer = fetched(&shopper, path, headers, &card(), credentials).await;
        assert_eq!(answer, json!({ "error": "TypeError" }), "{path} {credentials}");
    }
    let received = shopper.town.bank.received();
    assert!(
        !received.is_empty() && received.iter().all(|received| received.method != "POST" || received.path == TEMP_CARD)
    );
}
