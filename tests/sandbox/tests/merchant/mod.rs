//! A merchant's side: a client, a payment to start, a browser for its shopper, and a server that is posted to.

#![allow(dead_code, reason = "each test binary uses its part of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use paywall_api::codes::Currency;
use paywall_api::payments::{
    Customer, NewCustomer, NewPaymentDetail, NewProduct, PaymentCard, PaymentDetail, Product, Start3dRequest,
};
use paywall_api::{Amount, Client, Credentials};
use paywall_sandbox::Running;
use url::form_urlencoded;

use crate::wire::{Answer, Asked};

pub fn client(sandbox: &Running) -> Client {
    let keys = || Credentials::new("k", "c");
    let client = Client::builder_at(sandbox.base_address()).public_keys(keys()).private_keys(keys());
    client.build().expect("a client")
}

/// A 3-D Secure payment by a documented test card.
pub fn payment(amount: &str, code: &str, back: &str) -> Start3dRequest {
    let amount: Amount = amount.parse().expect("an amount");
    let detail = NewPaymentDetail {
        amount,
        merchant_unique_code: code.to_owned(),
        merchant_success_back_url: format!("{back}/paid"),
        merchant_fail_back_url: format!("{back}/failed"),
        currency_id: Currency::TRY,
        installment: 1,
        client_ip: "192.0.2.7".into(),
    };
    let card = PaymentCard::new()
        .owner_name("Ayşe Yılmaz")
        .number("5528790000000008")
        .expire_month("12")
        .expire_year("2030")
        .cvv("123");
    Start3dRequest::new(PaymentDetail::new(detail), card, shopper(), vec![product(amount)])
}

fn shopper() -> Customer {
    Customer::new(NewCustomer {
        full_name: "Ayşe Yılmaz".into(),
        phone: "905123456710".into(),
        email: "shopper@example.com".into(),
        country: "Türkiye".into(),
        city: "İstanbul".into(),
        address: "Beşiktaş".into(),
    })
}

fn product(amount: Amount) -> Product {
    Product::new(NewProduct {
        product_id: "notebook-1".to_owned(),
        product_name: "Defter".to_owned(),
        product_category: "Kırtasiye".to_owned(),
        product_description: "Çizgisiz defter".to_owned(),
        product_amount: amount,
    })
}

/// Starts it: the path of the page of 3-D Secure.
pub async fn started(sandbox: &Running, request: &Start3dRequest) -> String {
    let started = client(sandbox).payments().start_3d(request).await.expect("a started payment");
    let address = started.redirect_url.expose();
    let path = address.strip_prefix(&sandbox.base_address()).expect("a page of the sandbox");
    path.to_owned()
}

pub fn get(sandbox: &Running, path: &str) -> Answer {
    Asked::get(path).send(sandbox.address())
}

/// Sends a form as a browser does.
pub fn post(address: SocketAddr, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    Asked { headers: Vec::new(), ..Asked::post(path, body) }.with(&[form]).send(address)
}

/// The shopper types a code.
pub fn types(sandbox: &Running, path: &str, code: &str) -> Answer {
    post(sandbox.address(), path, &[("code", code), ("answer", "confirm")])
}

/// The form of a page: its address and its hidden fields.
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Nothing where the page has none.
    pub fn of(page: &Answer) -> Option<Self> {
        let form = page.body.split_once("<form ")?.1.split_once("</form>").expect("the end of a form").0;
        let inputs = form.split("<input ").skip(1);
        let fields = inputs.map(|input| (attribute(input, "name"), attribute(input, "value")));
        let fields = fields.map(|(name, value)| (name.expect("a name"), value.unwrap_or_default()));
        Some(Self { action: attribute(form, "action").expect("an address"), fields: fields.collect() })
    }

    /// What the browser sends.
    pub fn body(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The browser posts it to the shop.
    pub fn send(&self) {
        let url = url::Url::parse(&self.action).expect("an address");
        let address = url.socket_addrs(|| None).expect("a socket")[0];
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(post(address, url.path(), &fields).status, 200);
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!("{name}=\""))?.1.split_once('"')?.0;
    Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}

/// A request that came in: its path and its body.
#[derive(Debug, PartialEq, Eq)]
pub struct Posted {
    pub path: String,
    pub body: Vec<u8>,
}

/// A server of the merchant's on loopback.
pub struct Shop {
    address: SocketAddr,
    posted: Receiver<Posted>,
}

/// Nothing here takes longer unless it never comes.
const SOON: Duration = Duration::from_secs(10);

impl Shop {
    /// One that answers every request so.
    pub fn answering(head: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
        let address = listener.local_addr().expect("an address");
        let (sender, posted) = channel();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let Some(request) = read(&stream) else { continue };
                let _ = write!(stream, "HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                if sender.send(request).is_err() {
                    return;
                }
            }
        });
        Self { address, posted }
    }

    pub fn open() -> Self {
        Self::answering("200 OK")
    }

    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request.
    pub fn next(&self) -> Posted {
        self.posted.recv_timeout(SOON).expect("a request")
    }

    /// Whether nothing has come in that was not taken.
    pub fn is_quiet(&self) -> bool {
        self.posted.recv_timeout(Duration::from_millis(300)) == Err(RecvTimeoutError::Timeout)
    }
}

fn read(stream: &TcpStream) -> Option<Posted> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_ascii_lowercase();
        match header.strip_prefix("content-length:") {
            _ if header.is_empty() => break,
            Some(value) => length = value.trim().parse().ok()?,
            None => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Posted { path, body })
}
