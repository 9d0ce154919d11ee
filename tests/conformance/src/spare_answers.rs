//! A server that sends one answer too many: no call takes an answer that was meant for another.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use paywall_api::payments::{QueryPaymentRequest, RefundPaymentPartially, Start3dPayment};
use paywall_api::{Client, Credentials, ErrorKind, Operation, Resolution, Retry, Unknown};
use serde_json::Value;

use crate::{operations, payloads};

const ROUNDS: usize = 40;

/// What a server says to each request, and what it adds unasked.
#[derive(Clone, Copy)]
struct Manners {
    answer: fn(code: &str) -> String,
    spare: fn() -> String,
    /// How long after the answer the spare one comes.
    after: Duration,
}

/// Answers every request on a connection twice, for as long as the test goes on.
fn serve(manners: Manners) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().take(ROUNDS * 8).flatten() {
            std::thread::spawn(move || answer(&stream, manners));
        }
    });
    address
}

fn answer(stream: &TcpStream, manners: Manners) -> Option<()> {
    let mut reader = BufReader::new(stream);
    for _ in 0..ROUNDS {
        let (head, body) = request(&mut reader)?;
        let mut writer = stream;
        writer.write_all((manners.answer)(&code_of(&head, &body)).as_bytes()).ok()?;
        std::thread::sleep(manners.after);
        writer.write_all((manners.spare)().as_bytes()).ok()?;
    }
    None
}

fn request(reader: &mut impl BufRead) -> Option<(String, String)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).ok().filter(|read| *read > 0)?;
    }
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

/// The merchant's code of a request, from its body or its headers.
fn code_of(head: &str, body: &str) -> String {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let header = head.lines().find_map(|line| line.strip_prefix("merchantuniquecode: "));
    let places = ["/PaymentDetail/MerchantUniqueCode", "/MerchantUniqueCode"];
    let code = places.iter().find_map(|place| json.pointer(place)?.as_str());
    code.or(header).unwrap_or_default().to_owned()
}

fn http(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn started(code: &str) -> String {
    http(&format!(
        r#"{{"ErrorCode":0,"Result":true,"Message":"","Body":{{"RedirectUrl":"https://bank.example/","Payment":{{"PaymentId":7,"MerchantUniqueKey":"{code}"}}}}}}"#
    ))
}

fn started_of_another() -> String {
    started("order-of-another")
}

/// Code 13 proves that nothing was charged: of another payment.
fn refused() -> String {
    http(r#"{"ErrorCode":13,"Result":false,"Message":"","Body":null}"#)
}

fn not_found() -> String {
    http(r#"{"ErrorCode":56,"Result":false,"Message":"","Body":null}"#)
}

fn pending(code: &str) -> String {
    http(&format!(
        r#"{{"ErrorCode":0,"Result":true,"Message":"","Body":{{"Paywall":{{"PaymentId":7,"MerchantUniqueCode":"{code}","StatusId":2,"TypeId":1}}}}}}"#
    ))
}

fn paid(code: &str) -> String {
    http(&format!(
        r#"{{"ErrorCode":0,"Result":true,"Message":"","Body":{{"Paywall":{{"PaymentId":7,"MerchantUniqueCode":"{code}","StatusId":4,"TypeId":1,"Status":true,"AnySuccessPayment":true,"AnySuccessRefund":false,"AnySuccessPartialRefund":false,"AnySuccessCancel":false,"PaymentAmount":100.00}}}}}}"#
    ))
}

/// The places of a schema, outside of lists, where an answer names the merchant's code.
fn places(schema: &Value, node: &Value, at: &str, found: &mut Vec<String>) {
    let target = node["$ref"].as_str().and_then(|target| schema.pointer(target.strip_prefix('#')?));
    let node = target.unwrap_or(node);
    for branch in ["anyOf", "allOf"].iter().filter_map(|key| node[key].as_array()).flatten() {
        places(schema, branch, at, found);
    }
    for (name, inner) in node["properties"].as_object().into_iter().flatten() {
        let place = format!("{at}/{name}");
        match name.as_str() {
            "MerchantUniqueCode" | "MerchantUniqueKey" => found.push(place),
            _ => places(schema, inner, &place, found),
        }
    }
}

#[test]
fn every_answer_that_names_an_order_is_compared_with_its_request() {
    let mut compared = 0;
    for operation in operations::all() {
        let schema = (operation.response_schema)();
        let mut found = Vec::new();
        places(&schema, &schema, "", &mut found);
        for place in &found {
            let is_compared = operation.echoes.iter().any(|echo| echo.answer == place);
            // Asked for by another code, the answer tells the merchant's for the first time.
            let is_news = operation.retry == Retry::Inquiry && !operation.echoes.is_empty();
            assert!(is_compared || is_news, "{}: nothing compares {place}: write x-echo", operation.id);
            compared += usize::from(is_compared);
        }
    }
    assert!(compared >= 7, "{compared}");
}

fn client(address: SocketAddr) -> Client {
    let keys = || Credentials::new("k", "c");
    let builder = Client::builder_at(format!("http://{address}")).public_keys(keys()).private_keys(keys());
    builder.retries(0).build().expect("a client")
}

const MOMENTS: [Duration; 3] = [Duration::ZERO, Duration::from_micros(300), Duration::from_millis(3)];

#[tokio::test(flavor = "multi_thread")]
async fn no_payment_takes_a_success_or_a_refusal_that_was_meant_for_another() {
    for after in MOMENTS {
        for spare in [started_of_another as fn() -> String, refused] {
            let paywall = client(serve(Manners { answer: started, spare, after }));
            for round in 0..ROUNDS {
                let mut request = payloads::request::<Start3dPayment>();
                request.payment_detail.merchant_unique_code = format!("order-{round}");
                let started = paywall.payments().start_3d(&request).await.expect("its own answer");
                let key = started.payment.merchant_unique_key;
                assert_eq!(key.as_deref(), Some(format!("order-{round}").as_str()));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_refund_takes_a_refusal_that_was_meant_for_another() {
    let accepted = |_: &str| http(r#"{"ErrorCode":0,"Result":true,"Message":"","Body":null}"#);
    for after in MOMENTS {
        let paywall = client(serve(Manners { answer: accepted, spare: refused, after }));
        for round in 0..ROUNDS {
            let request = payloads::request::<RefundPaymentPartially>();
            let refunded = paywall.payments().refund_partially(&request).await;
            assert!(refunded.is_ok(), "{round}: {refunded:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_question_for_a_payment_takes_a_not_found_that_was_meant_for_another() {
    for after in MOMENTS {
        let paywall = client(serve(Manners { answer: paid, spare: not_found, after }));
        for round in 0..ROUNDS {
            let sent_at = std::time::SystemTime::UNIX_EPOCH;
            let unknown = Unknown::rebuild::<Start3dPayment>(format!("order-{round}"), sent_at);
            let resolution = paywall.payments().resolve(&unknown).not_arrived_after(Duration::ZERO).await;
            assert!(matches!(resolution, Ok(Resolution::Paid(_))), "{round}: {resolution:?}");
        }
    }
}

/// Inquiries share connections, so that one may meet an answer too many: it is told by what the answer says of itself.
#[tokio::test(flavor = "multi_thread")]
async fn an_inquiry_that_gets_the_answer_of_another_says_so() {
    let of_another = || pending("order-of-another");
    let paywall = client(serve(Manners { answer: pending, spare: of_another, after: Duration::from_micros(300) }));
    for round in 0..ROUNDS {
        let code = format!("order-{round}");
        match paywall.payments().query(&QueryPaymentRequest::new(code.as_str())).await {
            Ok(found) => {
                let found = found.paywall.expect("a payment");
                assert_eq!(found.merchant_unique_code, Some(code));
            }
            Err(error) => assert!(
                matches!(error.kind(), ErrorKind::Contradiction | ErrorKind::Transport),
                "{} {error}",
                Start3dPayment::ID
            ),
        }
    }
}
