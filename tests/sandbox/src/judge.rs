//! May this request pass? One rule after the other; the first that is broken gives the refusal.

use std::time::Duration;

use hyper::header::{ACCEPT_ENCODING, ALLOW, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, HeaderName};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, StatusCode, Version};
use serde_json::Value;

use crate::contract::{Contract, Endpoint};
use crate::keys::Doors;
use crate::options::Refusals;
use crate::received::Received;

/// A request that does not pass, and why. It never holds a value of the request.
#[derive(Clone)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// Whether the status is 200 in a sandbox that refuses with 200.
    of_the_api: bool,
    /// A code of the general numbering.
    pub(crate) code: i64,
    pub(crate) message: String,
    /// What HTTP wants to be told beside it.
    header: Option<(HeaderName, String)>,
}

/// Codes of the general numbering, as far as a refusal here has one.
mod code {
    pub(super) const GENERAL_ERROR: i64 = -1;
    pub(super) const INVALID_DATA: i64 = 2;
    pub(super) const UNAUTHORIZED: i64 = 401;
    pub(super) const NOT_FOUND: i64 = 404;
}

impl Refusal {
    fn of_http(status: StatusCode, code: i64, message: impl Into<String>) -> Self {
        Self { status, of_the_api: false, code, message: message.into(), header: None }
    }

    fn of_the_api(status: StatusCode, code: i64, message: impl Into<String>) -> Self {
        Self { status, of_the_api: true, code, message: message.into(), header: None }
    }

    fn with(self, header: HeaderName, value: impl Into<String>) -> Self {
        Self { header: Some((header, value.into())), ..self }
    }

    /// The status that a sandbox with this choice answers with.
    pub(crate) fn status_for(&self, refusals: Refusals) -> StatusCode {
        if self.of_the_api && refusals == Refusals::Http200 { StatusCode::OK } else { self.status }
    }

    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        self.header.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
    }
}

/// Whether a request came in time. Its connection is of no more use: the rest of the body may still come.
pub(crate) fn time(received: &Received, limit: Duration) -> Result<(), Refusal> {
    if !received.late {
        return Ok(());
    }
    let message = format!("the body has not come whole within {limit:?}");
    let refusal = Refusal::of_http(StatusCode::REQUEST_TIMEOUT, code::GENERAL_ERROR, message);
    Err(refusal.with(CONNECTION, "close"))
}

/// The endpoint that a request is for, by path and method. Where GET is answered, so is HEAD, as HTTP demands.
pub(crate) fn endpoint<'c>(contract: &'c Contract, request: &Parts) -> Result<&'c Endpoint, Refusal> {
    let there = contract.at(request.uri.path());
    if there.is_empty() {
        let message = "no operation of the contract has this path";
        return Err(Refusal::of_http(StatusCode::NOT_FOUND, code::NOT_FOUND, message));
    }
    let by = |method: &str| there.iter().copied().find(|endpoint| endpoint.method == method);
    let for_head = || by("GET").filter(|_| request.method == Method::HEAD);
    by(request.method.as_str()).or_else(for_head).ok_or_else(|| {
        let mut methods: Vec<&str> = there.iter().map(|endpoint| endpoint.method.as_str()).collect();
        if let Some(get) = methods.iter().position(|method| *method == "GET") {
            methods.insert(get + 1, "HEAD");
        }
        let methods = methods.join(", ");
        let message = format!("this path takes {methods}");
        Refusal::of_http(StatusCode::METHOD_NOT_ALLOWED, code::GENERAL_ERROR, message).with(ALLOW, methods)
    })
}

/// Everything beyond path and method.
pub(crate) fn request(
    endpoint: &Endpoint,
    doors: &Doors,
    request: &Parts,
    received: &Received,
    limit: usize,
) -> Result<(), Refusal> {
    if request.version == Version::HTTP_11 && request.headers.get_all(HOST).iter().count() != 1 {
        let message = "a request of http/1.1 needs one header Host";
        return Err(Refusal::of_http(StatusCode::BAD_REQUEST, code::INVALID_DATA, message));
    }
    if let Some(why) = doors.refuse(endpoint.pair.as_deref(), &request.headers) {
        return Err(Refusal::of_the_api(StatusCode::UNAUTHORIZED, code::UNAUTHORIZED, why));
    }
    if let Some(inputs) = &endpoint.parameters {
        kept(&inputs.repeated(request))?;
        kept(&inputs.rules.broken_by(&inputs.read(request)))?;
    }
    match &endpoint.body {
        Some(body) => kept(&body.rules.broken_by(&json(request, received, body.required, limit)?)),
        None => Ok(()),
    }
}

fn kept(broken: &[String]) -> Result<(), Refusal> {
    if broken.is_empty() { Ok(()) } else { Err(invalid(broken.join("; "))) }
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::of_the_api(StatusCode::BAD_REQUEST, code::INVALID_DATA, message)
}

/// The body as a value to be judged; it goes nowhere from here, so that a number may become a float.
fn json(request: &Parts, received: &Received, required: bool, limit: usize) -> Result<Value, Refusal> {
    if received.complete && received.body.is_empty() && !required {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    unencoded(&request.headers)?;
    if !is_json(&request.headers) {
        let message = "the body must have the content type application/json, in UTF-8";
        return Err(Refusal::of_http(StatusCode::UNSUPPORTED_MEDIA_TYPE, code::INVALID_DATA, message));
    }
    if received.broken {
        return Err(Refusal::of_http(StatusCode::BAD_REQUEST, code::INVALID_DATA, "the body does not come to its end"));
    }
    if !received.complete {
        let message = format!("the body is larger than {limit} bytes");
        return Err(Refusal::of_http(StatusCode::PAYLOAD_TOO_LARGE, code::INVALID_DATA, message));
    }
    serde_json::from_slice(&received.body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        invalid(format!("the body is not json from line {line}, column {column} on"))
    })
}

/// Refuses a body that is compressed, or so its headers say.
pub(crate) fn unencoded(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    if encodings.all(|value| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity")) {
        return Ok(());
    }
    let message = "the body has a content-encoding, and nothing here reads one: send it as it is";
    let refusal = Refusal::of_http(StatusCode::UNSUPPORTED_MEDIA_TYPE, code::INVALID_DATA, message);
    Err(refusal.with(ACCEPT_ENCODING, "identity"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let foreign = |part: &str| {
        let charset = part.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
        charset.is_some_and(|(_, value)| !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
    };
    media_type.eq_ignore_ascii_case("application/json") && !parts.any(foreign)
}
