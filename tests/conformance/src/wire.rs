//! What goes over the wire, as the server sees it: method, path, the keys of one pair or none, the documented inputs
//! as headers or body, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use paywall_api::{Client, Credentials, ErrorKind, Input, Keys as OwnKeys, Outcome};
use paywall_contract::node::{Kind, Node};
use paywall_sandbox::{Keys, Options, Received, Sandbox, text};
use serde_json::Value;

use crate::operations::Facts;
use crate::{operations, payloads, server, workspace};

/// The headers that any client of JSON sends, and those that come with a body.
const USUAL: [&str; 3] = ["accept", "host", "user-agent"];
const OF_A_BODY: [&str; 2] = ["content-length", "content-type"];

/// The documented inputs of an operation: those that travel as headers, and the body.
fn documented(operation: &Facts) -> (BTreeMap<String, String>, Option<Node>) {
    let request = payloads::whole_request(operation.id);
    let part = |name: &str| request.as_ref().and_then(|request| request.get(name)).expect("both parts").clone();
    match operation.input {
        Input::Nothing => (BTreeMap::new(), None),
        Input::Parameters => (texts(request.as_ref().expect("a request")), None),
        Input::Both => (texts(&part("parameters")), Some(part("body"))),
        _ => (BTreeMap::new(), request),
    }
}

/// The fields of a request as headers: texts and numbers as they are written, nulls left out.
fn texts(inputs: &Node) -> BTreeMap<String, String> {
    let given = inputs.entries().iter().filter(|entry| entry.value.kind != Kind::Null);
    let text = |node: &Node| node.text().map_or_else(|| text::write(node), str::to_owned);
    given.map(|entry| (entry.key.clone(), text(&entry.value))).collect()
}

fn lowered(received: &Received) -> BTreeMap<String, String> {
    received.headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect()
}

#[tokio::test]
async fn every_operation_sends_its_documented_request_and_nothing_else() {
    let server = server::start();
    let client = server::client(&server);
    for operation in operations::all() {
        (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error}"));
        let received = server.take_received();
        let [one] = received.as_slice() else { panic!("{} requests for {}", received.len(), operation.id) };
        assert_eq!((one.method.as_str(), one.path.as_str()), (operation.method.as_str(), operation.path));
        let (inputs, body) = documented(&operation);
        let headers = lowered(one);
        let keys = operation.pair.iter().flat_map(|pair| [pair.key_header(), pair.client_header()]);
        let of_a_body = OF_A_BODY.into_iter().filter(|_| body.is_some());
        let expected = USUAL.into_iter().chain(of_a_body).chain(keys).chain(inputs.keys().map(String::as_str));
        assert_eq!(headers.keys().map(String::as_str).collect::<Vec<_>>(), sorted(expected), "{}", operation.id);
        assert_eq!(one.headers.len(), headers.len(), "{} sends a header twice", operation.id);
        for (name, value) in &inputs {
            assert_eq!(headers[name], *value, "{}", operation.id);
            assert!(one.headers.iter().any(|(sent, _)| sent == name), "{name} is sent in another case");
        }
        assert_body(&operation, one, body.as_ref());
    }
}

fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

fn assert_body(operation: &Facts, received: &Received, body: Option<&Node>) {
    let Some(body) = body else {
        assert!(received.body.is_empty(), "{} sends a body", operation.id);
        return;
    };
    assert_eq!(received.header("content-type").collect::<Vec<_>>(), ["application/json"]);
    let sent = std::str::from_utf8(&received.body).expect("utf-8");
    assert_eq!(payloads::normal(&text::read(sent).expect("json")), payloads::normal(body), "{}", operation.id);
}

/// Which headers of an operation hold a text, by the contract.
fn text_headers(operation: &Facts) -> Vec<&'static str> {
    let document = workspace::contract();
    let nodes = paywall_contract::document::operations(document);
    let node = nodes.iter().find(|one| one.id() == operation.id).expect("known");
    let is_text = |parameter: &&Node| {
        let schema =
            paywall_contract::document::followed(document, node.file, parameter.get("schema").expect("a schema"));
        schema.expect("there").1.text_of("type") == Some("string")
    };
    node.parameters().iter().filter(is_text).map(|one| one.text_of("name").expect("a name")).collect()
}

/// The documented request with another text in one of its headers.
fn with_header(operation: &Facts, header: &str, value: &str) -> Value {
    let request = payloads::whole_request(operation.id).expect("a request");
    let mut request: Value = serde_json::from_str(&text::write(&request)).expect("json");
    let headers = if operation.input == Input::Both { &mut request["parameters"] } else { &mut request };
    headers[header] = value.into();
    request
}

#[tokio::test]
async fn what_no_header_carries_as_it_is_is_refused_with_the_name_of_its_field() {
    let server = server::start();
    let mut tried = BTreeSet::new();
    for operation in operations::all() {
        for header in text_headers(&operation) {
            for value in ["1\r\nx-other: 2", "1\n2", "1\r2", "1\u{0}2", "1\t2", "1\u{7f}2", "sipariş", "1 ", " 1"] {
                let request = with_header(&operation, header, value);
                let error = (operation.send_this)(server::client(&server), request).await.expect_err("no header");
                assert_eq!(
                    (error.kind(), error.outcome()),
                    (ErrorKind::Encode, Outcome::NotSent),
                    "{value:?}: {error}"
                );
                let told = format!("{error} {error:?}");
                assert!(told.contains(&format!("the field {header} ")) && !told.contains(value), "{told}");
                tried.insert((operation.id, header));
            }
        }
    }
    assert!(server.received().is_empty());
    assert_eq!(server.connections(), 0);
    for expected in [("queryPayment", "merchantuniquecode"), ("createTempCard", "token"), ("inquireBin", "binnumber")] {
        assert!(tried.contains(&expected), "{expected:?} is not among {tried:?}");
    }
}

#[test]
fn every_input_and_key_that_travels_as_a_header_is_sensitive() {
    let keys = OwnKeys::new().public(Credentials::new("pk", "pc")).private(Credentials::new("sk", "sc"));
    for operation in operations::all() {
        let request = (operation.encoded)(&keys);
        let (inputs, _) = documented(&operation);
        let keys = operation.pair.iter().flat_map(|pair| [pair.key_header(), pair.client_header()]);
        for name in keys.chain(inputs.keys().map(String::as_str)) {
            let value = request.headers().get(name).unwrap_or_else(|| panic!("{} has no {name}", operation.id));
            assert!(value.is_sensitive(), "{} {name}", operation.id);
        }
        let shown = format!("{:?}", request.headers());
        // A shorter one may stand in the version of this crate by chance.
        let long = inputs.values().filter(|value| value.len() > 5);
        assert!(long.into_iter().all(|value| !shown.contains(value.as_str())), "{shown}");
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
        let expected: &[&str] = match operation.pair.map(paywall_api::KeyPair::name) {
            Some("private") => &["sk", "sc"],
            Some(_) => &["pk", "pc"],
            None => &[],
        };
        assert_eq!(keys, expected, "{}", operation.id);
    }
}

#[tokio::test]
async fn an_operation_without_keys_works_where_there_are_none() {
    let server = server::start();
    let client = Client::builder_at(server.base_address()).build().expect("a client");
    let keyless: Vec<Facts> = operations::all().into_iter().filter(|one| one.pair.is_none()).collect();
    assert_eq!(keyless.iter().map(|one| one.id).collect::<Vec<_>>(), ["createTempCard"]);
    for operation in keyless {
        (operation.send)(client.clone()).await.unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn missing_keys_are_told_before_anything_is_sent() {
    let server = server::start();
    for operation in operations::all() {
        let Some(pair) = operation.pair else { continue };
        let builder = Client::builder_at(server.base_address());
        let (builder, method) = match pair.name() {
            "private" => (builder.public_keys(Credentials::new("k", "c")), "private_keys"),
            _ => (builder.private_keys(Credentials::new("k", "c")), "public_keys"),
        };
        let error = (operation.send)(builder.build().expect("a client")).await.expect_err("no keys");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::KeysMissing, Outcome::NotSent));
        let text = error.to_string();
        assert!(text.contains(pair.name()) && text.contains(method), "{text}");
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
    for operation in operations::all().into_iter().filter(|one| one.pair.is_some()) {
        let error = (operation.send)(client.clone()).await.expect_err("wrong keys");
        assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
        assert_eq!(error.http_status().map(|status| status.as_u16()), Some(401));
        assert_eq!(error.code(), Some(401));
        assert_eq!(error.outcome(), Outcome::Refused, "wrong keys charge nothing: {error}");
    }
}
