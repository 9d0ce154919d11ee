//! A client of bytes: what it sends is written out, and what comes back is kept to the last byte.

#![allow(dead_code, reason = "each test binary uses its part of it")]

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use paywall_contract::Document;
use paywall_contract::node::{Kind, Node};
use paywall_contract::sample::Sample;
use paywall_sandbox::{Options, Running, Sandbox, text};

/// A sandbox of this workspace's contract.
pub fn sandbox() -> Running {
    Sandbox::start(Options::default()).expect("a sandbox")
}

/// This workspace's contract.
pub fn contract() -> Document {
    paywall_contract::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec").as_ref()).expect("a contract")
}

/// The documented request of an operation, as JSON.
pub fn sample(path: &str) -> String {
    text::write(&contract().samples[path])
}

/// A documented request with the keys of its operation: headers, body or both.
pub fn asked(document: &Document, sample: &Sample<'_>) -> Asked {
    let operation = sample.find_operation(document).expect("an operation");
    let whole = paywall_sandbox::whole(document, sample);
    let (headers, body) = match (operation.body(), operation.parameters()) {
        (Some(_), []) => (None, Some(whole)),
        (None, _) => (Some(whole), None),
        (Some(_), _) => (whole.get("parameters").cloned(), whole.get("body").cloned()),
    };
    let method = ["GET", "POST", "DELETE"].into_iter().find(|known| known.eq_ignore_ascii_case(operation.verb));
    let path = operation.path.to_owned();
    let asked = Asked { method: method.expect("a method"), path, headers: Vec::new(), body: Vec::new() };
    let given = headers.iter().flat_map(Node::entries).filter(|entry| entry.value.kind != Kind::Null);
    let inputs: Vec<(&str, String)> = given.map(|entry| (entry.key.as_str(), plain(&entry.value))).collect();
    let inputs: Vec<(&str, &str)> = inputs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let asked = asked.with(keys(operation.path)).with(&inputs);
    match body {
        Some(body) => Asked { body: text::write(&body).into_bytes(), ..asked.with(&[JSON]) },
        None => asked,
    }
}

fn plain(value: &Node) -> String {
    value.text().map_or_else(|| text::write(value), str::to_owned)
}

fn keys(path: &str) -> &'static [(&'static str, &'static str)] {
    match path {
        "/api/paywall/tempcard" => &[],
        path if path.contains("/masterpass/") || path.contains("/private/") => &PRIVATE,
        _ => &PUBLIC,
    }
}

pub const PUBLIC: [(&str, &str); 2] = [("apikeypublic", "k"), ("apiclientpublic", "c")];
pub const PRIVATE: [(&str, &str); 2] = [("apikeyprivate", "k"), ("apiclientprivate", "c")];
pub const JSON: (&str, &str) = ("Content-Type", "application/json");

pub const TOKEN: &str = "/api/paywall/temptoken";
pub const TOKEN_BODY: &str = r#"{"ClientCardSave":true,"ThreeDSession":false,"ExpiryMin":30}"#;

/// A request before it is bytes.
#[derive(Clone)]
pub struct Asked {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn post(path: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { method: "POST", path: path.to_owned(), headers: Vec::new(), body: body.into() }.with(&[JSON])
    }

    pub fn get(path: &str) -> Self {
        Self { method: "GET", path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// One that the sandbox answers with 200.
    pub fn token() -> Self {
        Self::post(TOKEN, TOKEN_BODY).with(&PUBLIC)
    }

    pub fn with(mut self, headers: &[(&str, &str)]) -> Self {
        self.headers.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: sandbox\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head = format!("{head}{name}: {value}\r\n");
        }
        let mut bytes = format!("{head}Content-Length: {}\r\n\r\n", self.body.len()).into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Sends it on a connection of its own and reads the whole answer.
    pub fn send(&self, address: SocketAddr) -> Answer {
        let (bytes, _) = self.clone().with(&[("Connection", "close")]).drain(address);
        Answer::read(&bytes)
    }

    /// Sends it and reads until the other side ends.
    pub fn drain(&self, address: SocketAddr) -> (Vec<u8>, Ended) {
        let mut stream = connect(address);
        stream.write_all(&self.bytes()).expect("a request");
        drain(&mut stream)
    }
}

/// Nothing here takes longer than this unless it hangs.
pub const SOON: Duration = Duration::from_secs(1);

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(SOON)).expect("a time-out");
    stream
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Closed,
    Reset,
    /// It did not.
    Open,
}

pub fn drain(stream: &mut TcpStream) -> (Vec<u8>, Ended) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return (bytes, Ended::Closed),
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return (bytes, Ended::Open);
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return (bytes, Ended::Reset),
            Err(error) => panic!("{error}"),
        }
    }
}

/// An answer, taken apart.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// `ErrorCode` and `Message` of an envelope that refuses.
    pub fn refusal(&self) -> (i64, String) {
        let envelope: serde_json::Value = serde_json::from_str(&self.body).expect("an envelope");
        assert_eq!(envelope["Result"], false, "{}", self.body);
        assert!(envelope["Body"].is_null());
        assert_eq!(self.header("content-type"), Some("application/json; charset=utf-8"));
        (envelope["ErrorCode"].as_i64().expect("a code"), envelope["Message"].as_str().expect("a message").to_owned())
    }
}
