//! The HTTP request of an operation: method, address, headers and an exact body. No I/O.

use std::borrow::Cow;
use std::io;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use zeroize::Zeroizing;

use crate::base::Base;
use crate::parameters::Untransportable;
use crate::{Error, ErrorKind, Input, Keys, Operation, Outcome, Parameters};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const THIS_CRATE: HeaderValue = HeaderValue::from_static(concat!("paywall-api/", env!("CARGO_PKG_VERSION")));

/// The request of `O` to `base_address`, for those who send it by other means than [`Client`](crate::Client).
///
/// Only the key pair of the operation is written, as sensitive headers. The body is wiped when its last copy is
/// dropped. The request is not validated: see [`Validate::validate`](crate::Validate::validate).
///
/// # Errors
///
/// Where the address is not https (or plain http to this machine), the key pair is missing, or a field cannot be
/// written.
pub fn encode<O: Operation>(base_address: &str, keys: &Keys, request: &O::Request) -> Result<Request<Bytes>, Error> {
    let base = Base::parse(base_address, &[])
        .map_err(|found| Error::new::<O>(ErrorKind::Configuration, Outcome::NotSent, found))?;
    encode_to::<O>(&base, keys, request)
}

pub(crate) fn encode_to<O: Operation>(base: &Base, keys: &Keys, request: &O::Request) -> Result<Request<Bytes>, Error> {
    let mut http = Request::new(Bytes::new());
    *http.method_mut() = O::METHOD;
    let parameters = parameters::<O>(request);
    let path = parameters.address(O::PATH).map_err(|found| untransportable::<O>(&found))?;
    let address = base.join(&path).and_then(|address| address.parse().ok());
    *http.uri_mut() =
        address.ok_or_else(|| unwritable::<O>("the path of the operation is no path below the base address"))?;
    http.headers_mut().insert(ACCEPT, JSON);
    http.headers_mut().insert(USER_AGENT, THIS_CRATE);
    write_headers(&parameters, http.headers_mut()).map_err(|found| untransportable::<O>(&found))?;
    write_body::<O>(request, &mut http)?;
    if let Some(pair) = O::KEYS {
        keys.write(pair, http.headers_mut())
            .map_err(|missing| Error::new::<O>(ErrorKind::KeysMissing, Outcome::NotSent, missing.to_string()))?;
    }
    Ok(http)
}

/// The fields of a request that travel outside of its body.
fn parameters<O: Operation>(request: &O::Request) -> Parameters {
    let mut parameters = Parameters::default();
    if matches!(O::INPUT, Input::Parameters | Input::Both) {
        O::parameters(request, &mut parameters);
    }
    parameters
}

fn untransportable<O: Operation>(Untransportable { name, place }: &Untransportable) -> Error {
    unwritable::<O>(format!("the field {name} cannot be written as {place}"))
}

fn write_body<O: Operation>(request: &O::Request, http: &mut Request<Bytes>) -> Result<(), Error> {
    if matches!(O::INPUT, Input::Body | Input::Both) {
        http.headers_mut().insert(CONTENT_TYPE, JSON);
        *http.body_mut() = json::<O>(request).map_err(|_| unwritable::<O>("the request cannot be written as json"))?;
    }
    Ok(())
}

fn unwritable<O: Operation>(found: impl Into<Cow<'static, str>>) -> Error {
    Error::new::<O>(ErrorKind::Encode, Outcome::NotSent, found)
}

/// The JSON of a request in a buffer that is wiped when dropped. It is measured first: a buffer that grows would
/// leave unwiped copies behind.
fn json<O: Operation>(request: &O::Request) -> io::Result<Bytes> {
    let mut length = Length(0);
    O::write_body(request, &mut length)?;
    let mut body = Zeroizing::new(Vec::with_capacity(length.0));
    O::write_body(request, &mut *body)?;
    Ok(Bytes::from_owner(body))
}

struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Every input may be a token or a name, so that all are sensitive.
fn write_headers(parameters: &Parameters, headers: &mut HeaderMap) -> Result<(), Untransportable> {
    for header in parameters.headers() {
        let (name, text) = header?;
        let unwritable = || Untransportable { name, place: "a header" };
        let wiped = Bytes::from_owner(Zeroizing::new(text.as_bytes().to_vec()));
        let mut value = HeaderValue::from_maybe_shared(wiped).map_err(|_| unwritable())?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| unwritable())?, value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Api, Checker, Credentials, EnvelopePlaces, KeyPair, Personal, Retry, Validate};

    static API: Api = Api::new("payment", &[]);
    static PUBLIC: KeyPair = KeyPair::new("public", "apikeypublic", "ApiClientPublic");

    #[derive(serde::Serialize)]
    struct Query {
        code: String,
        name: Option<Personal>,
    }

    impl Validate for Query {
        fn check(&self, _: &mut Checker) {}
    }

    struct Ask;

    impl Operation for Ask {
        type Request = Query;
        type Response = ();
        const ID: &'static str = "ask";
        const METHOD: http::Method = http::Method::GET;
        const PATH: &'static str = "/api/ask";
        const API: &'static Api = &API;
        const KEYS: Option<&'static KeyPair> = Some(&PUBLIC);
        const RETRY: Retry = Retry::Inquiry;
        const ENVELOPE: &'static EnvelopePlaces = &EnvelopePlaces::NONE;
        const INPUT: Input = Input::Parameters;

        fn parameters(request: &Query, parameters: &mut Parameters) {
            parameters.header("code", &request.code);
            parameters.header("name", &request.name);
        }
    }

    fn keys() -> Keys {
        Keys::new().public(Credentials::new("hush", "hush"))
    }

    fn query(code: &str) -> Query {
        Query { code: code.to_owned(), name: None }
    }

    #[test]
    fn inputs_and_keys_travel_as_sensitive_headers() {
        let request = encode::<Ask>("https://paywall.example/", &keys(), &query("hush-1")).expect("request");
        assert_eq!(request.uri(), "https://paywall.example/api/ask");
        assert!(request.body().is_empty());
        let names: Vec<_> = request.headers().keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["accept", "user-agent", "code", "apikeypublic", "apiclientpublic"]);
        assert_eq!(request.headers()["code"], "hush-1");
        assert!(!format!("{request:?}").contains("hush"));
    }

    #[test]
    fn a_field_that_no_header_carries_as_it_is_is_refused_and_not_shown() {
        for code in ["hush\r\nx: y", "hush\n", "hush\0", "hush\t1", "hush\u{7f}", "huşh", " hush", "hush "] {
            let error = encode::<Ask>("https://paywall.example", &keys(), &query(code)).expect_err("refused");
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Encode, Outcome::NotSent));
            assert_eq!(error.to_string(), "ask: the field code cannot be written as a header; nothing was sent");
        }
        let request = encode::<Ask>("https://paywall.example", &keys(), &query("a b~!\"")).expect("request");
        assert_eq!(request.headers()["code"], "a b~!\"");
    }

    #[test]
    fn keys_go_to_no_plain_address() {
        let error = encode::<Ask>("http://paywall.example", &keys(), &query("1")).expect_err("refused");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Configuration, Outcome::NotSent));
    }

    #[test]
    fn the_body_is_measured_before_it_is_written() {
        let query = Query { code: "ğ\"".to_owned(), name: Some("x".into()) };
        assert_eq!(json::<Ask>(&query).expect("json"), r#"{"code":"ğ\"","name":"x"}"#);
    }
}
