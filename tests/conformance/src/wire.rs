//! What goes over the wire, as the server sees it: method, path, two keys, the documented body and nothing else.

use std::collections::BTreeSet;

use codegen::sample::Part;
use paywall_api::{Client, Credentials, ErrorKind, Outcome};
use paywall_sandbox::{Keys, Options, Sandbox, text};

use crate::payloads::{self, documented};
use crate::{operations, server};

/// The headers that any JSON client sends.
const USUAL: [&str; 5] = ["accept", "content-length", "content-type", "host", "user-agent"];

#[tokio::test]
async fn every_operation_sends_its_documented_request_and_nothing_else() {
    let server = server::start();
    let client = server::client(&server);
    for operation in operations::all() {
        (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error}"));
        let received = server.take_received();
        let [one] = received.as_slice() else { panic!("{} requests for {}", received.len(), operation.id) };
        assert_eq!((one.method.as_str(), one.path.as_str()), (operation.method.as_str(), operation.path));
        let names: BTreeSet<String> = one.headers.iter().map(|(name, _)| name.to_lowercase()).collect();
        let keys = [operation.pair.key_header(), operation.pair.client_header()];
        assert_eq!(names, USUAL.iter().chain(&keys).map(|name| (*name).to_owned()).collect(), "{}", operation.id);
        assert_eq!(one.headers.len(), names.len(), "{} sends a header twice", operation.id);
        assert_eq!(one.header("content-type").collect::<Vec<_>>(), ["application/json"]);
        let body = std::str::from_utf8(&one.body).expect("utf-8");
        let sent = payloads::normal(&text::read(body).expect("json"));
        assert_eq!(sent, payloads::normal(&documented(operation.id, Part::Request)), "{}", operation.id);
    }
}

#[tokio::test]
async fn each_operation_sends_the_values_of_its_own_pair() {
    let options = Options::default().keys("public", Keys::new("pk", "pc")).keys("private", Keys::new("sk", "sc"));
    let server = Sandbox::start(options).expect("a local Paywall");
    let client = Client::builder_at(server.base_address())
        .public_keys(Credentials::new("pk", "pc"))
        .private_keys(Credentials::new("sk", "sc"))
        .build()
        .expect("a client");
    for operation in operations::all() {
        (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error}"));
        let received = server.take_received();
        let values = received[0].headers.iter().map(|(_, value)| value.as_str());
        let keys: Vec<&str> = values.filter(|value| ["pk", "pc", "sk", "sc"].contains(value)).collect();
        let expected = if operation.pair.name() == "private" { ["sk", "sc"] } else { ["pk", "pc"] };
        assert_eq!(keys, expected, "{}", operation.id);
    }
}

#[tokio::test]
async fn missing_keys_are_told_before_anything_is_sent() {
    let server = server::start();
    for operation in operations::all() {
        let builder = Client::builder_at(server.base_address());
        let (builder, method) = match operation.pair.name() {
            "private" => (builder.public_keys(Credentials::new("k", "c")), "private_keys"),
            _ => (builder.private_keys(Credentials::new("k", "c")), "public_keys"),
        };
        let error = (operation.send)(builder.build().expect("a client")).await.expect_err("no keys");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::KeysMissing, Outcome::NotSent));
        let text = error.to_string();
        assert!(text.contains(operation.pair.name()) && text.contains(method), "{text}");
    }
    assert!(server.received().is_empty());
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn wrong_keys_are_refused_by_the_server() {
    let server = server::start();
    let client = Client::builder_at(server.base_address())
        .public_keys(Credentials::new("stranger", "c"))
        .private_keys(Credentials::new("stranger", "c"))
        .build()
        .expect("a client");
    for operation in operations::all() {
        let error = (operation.send)(client.clone()).await.expect_err("wrong keys");
        assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
        assert_eq!(error.http_status().map(|status| status.as_u16()), Some(401));
        assert_eq!(error.code(), Some(401));
        assert_eq!(error.outcome(), Outcome::Refused, "wrong keys charge nothing: {error}");
    }
}
