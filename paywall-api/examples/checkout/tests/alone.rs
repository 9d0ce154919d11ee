//! What does the shop do when no Paywall answers, and with visitors who come without a browser?

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use axum::{Router, routing};
use paywall_api::{Client, Credentials};
use paywall_checkout::{Patience, Shop};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use url::Url;

/// An address at which nobody listens.
fn nowhere() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = listener.local_addr().expect("an address");
    Url::parse(&format!("http://{address}/")).expect("an address")
}

/// A shop whose Paywall does not answer, and a visitor who follows no redirect.
struct Visit {
    shop: Url,
    http: reqwest::Client,
}

impl Visit {
    async fn new() -> Self {
        Self::at(&nowhere()).await
    }

    async fn at(paywall: &Url) -> Self {
        let keys = || Credentials::new("k", "c");
        let client = Client::builder_at(paywall.as_str()).public_keys(keys()).private_keys(keys()).build();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let shop = Url::parse(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("an address");
        let waits = (Duration::from_millis(50), Duration::from_millis(200));
        let patience = Patience { at_the_counter: Duration::from_secs(1), waits, ..Patience::default() };
        let router = Shop::new(client.expect("a client"), shop.clone(), nowhere()).patience(patience).router();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { shop, http: reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client") }
    }

    async fn get(&self, path: &str) -> Response {
        self.http.get(self.shop.join(path).expect("an address")).send().await.expect("an answer")
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.http.post(self.shop.join(path).expect("an address")).form(form).send().await.expect("an answer")
    }

    /// Buys a notebook: the path of the order.
    async fn order(&self) -> String {
        let answer = self.post("/orders", &[("product", "notebook")]).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let path = location(&answer);
        path.split_once("/pay").expect("the forms of an order").0.to_owned()
    }
}

fn location(answer: &Response) -> String {
    answer.headers()["location"].to_str().expect("a text").to_owned()
}

const CARD: [(&str, &str); 8] = [
    ("name", "Ayşe Yılmaz"),
    ("number", "5528790000000008"),
    ("expiry", "12/30"),
    ("code", "123"),
    ("email", "ayse@shop.example"),
    ("phone", "05123456710"),
    ("address", "Örnek Sokak 1"),
    ("city", "İstanbul"),
];

#[tokio::test]
async fn without_paywall_nothing_is_charged_and_the_order_may_be_paid_later() {
    let visit = Visit::new().await;
    let order = visit.order().await;
    let answer = visit.post(&format!("{order}/card"), &CARD).await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, format!("{order}/pay?lang=en")));
    let page = visit.get(&format!("{order}/pay")).await.text().await.expect("a page");
    assert!(page.contains("could not be reached. Nothing was charged"), "{page}");
}

/// What an inquiry says of the order that it asks for: nothing at all, or this status.
type Said = Option<&'static str>;

/// A Paywall that refuses every payment.
async fn refuses(said: Said) -> Url {
    let refusal = r#"{"ErrorCode":19,"Result":false,"Message":"the card has expired","Body":null}"#;
    let pay = async move || ([(CONTENT_TYPE, "application/json")], refusal);
    let query = async move |headers: HeaderMap| inquiry(said, &headers);
    let router = Router::new().route("/api/paywall/payment/start3d", routing::post(pay));
    let router = router.route("/api/paywall/private/query", routing::get(query));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = Url::parse(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn inquiry(said: Said, headers: &HeaderMap) -> axum::response::Response {
    let Some(status) = said else { return StatusCode::BAD_GATEWAY.into_response() };
    let code = headers["merchantuniquecode"].to_str().expect("a text");
    let paywall = format!(
        r#"{{"MerchantUniqueCode":"{code}","StatusId":{status},"TypeId":1,"Status":false,"AnySuccessPayment":false,
            "AnySuccessRefund":false,"AnySuccessPartialRefund":false,"AnySuccessCancel":false,"CurrencyId":1,
            "PaymentAmount":149.90,"OriginalAmount":149.90}}"#
    );
    let answer = format!(r#"{{"ErrorCode":0,"Result":true,"Message":"","Body":{{"Paywall":{paywall}}}}}"#);
    ([(CONTENT_TYPE, "application/json")], answer).into_response()
}

/// A Paywall at which every payment starts, and has been paid.
async fn is_paid() -> Url {
    let started = r#"{"ErrorCode":0,"Result":true,"Message":"","Body":{"RedirectUrl":"https://bank.example/3d?once=1",
        "Payment":{"PaymentId":7}}}"#;
    let pay = async move || ([(CONTENT_TYPE, "application/json")], started);
    let query = async |headers: HeaderMap| {
        let code = headers["merchantuniquecode"].to_str().expect("a text");
        let paywall = format!(
            r#"{{"PaymentId":7,"MerchantUniqueCode":"{code}","StatusId":4,"TypeId":1,"Status":true,
                "AnySuccessPayment":true,"AnySuccessRefund":false,"AnySuccessPartialRefund":false,
                "AnySuccessCancel":false,"CurrencyId":1,"IsProvision":false,"AppliedInterest":false,"Installment":1,
                "PaymentAmount":149.90,"ActivityAmount":149.90,"OriginalAmount":149.90}}"#
        );
        let answer = format!(r#"{{"ErrorCode":0,"Result":true,"Message":"","Body":{{"Paywall":{paywall}}}}}"#);
        ([(CONTENT_TYPE, "application/json")], answer)
    };
    let router = Router::new().route("/api/paywall/payment/start3d", routing::post(pay));
    let router = router.route("/api/paywall/private/query", routing::get(query));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let address = Url::parse(&format!("http://{}/", listener.local_addr().expect("an address"))).expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test]
async fn a_shopper_who_has_paid_sees_the_receipt_whatever_the_banks_form_says() {
    let paywall = is_paid().await;
    let large = "x".repeat(70_000);
    let bodies: [&[u8]; 8] = [
        b"status=Success&uniqueCode=CODE&errorMessage=i\xfelem+onayland\xfd",
        b"status=Success&uniqueCode=CODE&errorMessage=i%FElem+%100",
        b"status=Success&uniqueCode=%DE",
        b"status=Success&uniqueCode=another-order",
        b"status=Success&uniqueCode=CODE&hash=0000",
        b"\xff\xfe=%",
        b"status=Success",
        large.as_bytes(),
    ];
    for body in bodies {
        let visit = Visit::at(&paywall).await;
        let order = visit.order().await;
        let answer = visit.post(&format!("{order}/card"), &CARD).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let address = visit.shop.join(&format!("{order}/back/paid")).expect("an address");
        let page = visit.get(&order).await.text().await.expect("a page");
        let code = page.split("<code>").nth(1).and_then(|rest| rest.split_once("</code>")).expect("a code").0;
        let at = body.windows(4).position(|four| four == b"CODE");
        let body = at.map_or(body.to_vec(), |at| [&body[..at], code.as_bytes(), &body[at + 4..]].concat());
        let form = (CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded");
        let back = visit.http.post(address).header(form.0, form.1).body(body).send().await;
        let back = back.expect("an answer");
        assert_eq!((back.status(), location(&back)), (StatusCode::SEE_OTHER, format!("{order}?lang=en")));
        let page = visit.get(&order).await.text().await.expect("a page");
        assert!(page.contains("Your payment has arrived") && !page.contains("not belong"), "{page}");
    }
}

#[tokio::test]
async fn a_refused_order_is_begun_anew_only_where_an_inquiry_says_that_it_was_not_charged() {
    const FAILED: Said = Some("5");
    const STARTED: Said = Some("2");
    for (said, is_anew) in [(None, false), (STARTED, false), (FAILED, true)] {
        let visit = Visit::at(&refuses(said).await).await;
        let order = visit.order().await;
        let answer = visit.post(&format!("{order}/card"), &CARD).await;
        assert_eq!(location(&answer), format!("{order}?lang=en"));
        let page = visit.get(&order).await.text().await.expect("a page");
        assert!(page.contains("Your card was not charged.") && page.contains("the card has expired"), "{page}");
        let again = location(&visit.post(&format!("{order}/again"), &[]).await);
        assert_eq!((again != format!("{order}?lang=en"), again.contains("/pay?")), (is_anew, is_anew), "{said:?}");
    }
}

#[tokio::test]
async fn every_answer_says_what_it_allows_and_that_nobody_keeps_it_and_sets_no_cookie() {
    let visit = Visit::new().await;
    let order = visit.order().await;
    let (pay, back) = (format!("{order}/pay"), format!("{order}/back/paid"));
    let answers =
        [visit.get("/").await, visit.get(&pay).await, visit.get("/nowhere").await, visit.post(&back, &[]).await];
    for answer in answers {
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!((header("cache-control"), header("x-content-type-options")), ("no-store", "nosniff"));
        assert_eq!(header("set-cookie"), "");
    }
}

#[tokio::test]
async fn a_callback_that_is_nothing_or_too_large_changes_nothing() {
    let visit = Visit::new().await;
    let order = visit.order().await;
    for status in [String::new(), "Success".to_owned(), "x".repeat(70_000)] {
        let back = visit.post(&format!("{order}/back/paid"), &[("status", &status)]).await;
        assert_eq!((back.status(), location(&back)), (StatusCode::SEE_OTHER, format!("{order}?lang=en")));
        let page = visit.get(&order).await.text().await.expect("a page");
        assert!(page.contains("Not paid yet"), "{page}");
    }
    let forms = visit.get(&format!("{order}/pay")).await;
    assert_eq!(forms.status(), StatusCode::OK, "it can still be paid");
}

#[tokio::test]
async fn an_order_that_nobody_made_is_not_found() {
    let visit = Visit::new().await;
    for path in ["/orders/00000000-0000-4000-8000-000000000000", "/orders/x/pay", "/orders/x/wallet"] {
        assert_eq!(visit.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let product = visit.post("/orders", &[("product", "yacht")]).await;
    assert_eq!(product.status(), StatusCode::NOT_FOUND);
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_paywall-checkout")).args(arguments).output().expect("the command")
}

#[test]
fn without_a_sandbox_the_command_says_how_to_start_one() {
    let output = run(&["--port", "0", "--sandbox", nowhere().as_str()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("cargo xtask sandbox") && said.contains("--sandbox"), "{said}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_it_though_somebody_never_ends_a_request() {
    let paywall = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = format!("http://{}/", paywall.local_addr().expect("an address"));
    let mut shop = Command::new(env!("CARGO_BIN_EXE_paywall-checkout"));
    shop.args(["--port", "0", "--sandbox", &address]).stdout(Stdio::piped());
    let mut shop = shop.spawn().expect("the command");
    let mut line = String::new();
    BufReader::new(shop.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("a line");
    let address = line.trim().rsplit_once("http://").expect("an address").1.trim_end_matches('/').to_owned();
    let mut visitor = TcpStream::connect(address).expect("a connection");
    let begun = "POST /orders HTTP/1.1\r\nhost: shop\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                 content-length: 9\r\n\r\npro";
    visitor.write_all(begun.as_bytes()).expect("a beginning");
    std::thread::sleep(Duration::from_millis(200));
    let sent = Command::new("kill").args(["-INT", &shop.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let ended = (0..300).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        shop.try_wait().expect("a process")
    });
    let _ = shop.kill();
    assert_eq!(ended.and_then(|status| status.code()), Some(0));
}

#[cfg(unix)]
#[test]
fn a_key_that_cannot_be_read_is_not_taken_for_none_and_is_not_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let paywall = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let address = format!("http://{}/", paywall.local_addr().expect("an address"));
    for name in ["PAYWALL_HASH_KEY", "PAYWALL_PRIVATE_KEY"] {
        for value in [b"hush\xff".as_slice(), b""] {
            let mut shop = Command::new(env!("CARGO_BIN_EXE_paywall-checkout"));
            shop.args(["--port", "0", "--sandbox", &address]).env(name, OsStr::from_bytes(value));
            let output = shop.output().expect("the command");
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains(name) && !said.contains("hush"), "{said}");
        }
    }
}

#[test]
fn the_help_tells_variables_and_exit_codes() {
    let output = run(&["--help"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    for told in ["--port", "--sandbox", "PAYWALL_PRIVATE_KEY", "PAYWALL_HASH_KEY", "Exit codes"] {
        assert!(said.contains(told), "{told}: {said}");
    }
}
