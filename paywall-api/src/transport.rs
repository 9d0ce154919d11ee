//! How does a request get there and its answer back? One attempt, bounded in time and size, and whether it left.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tokio::time::Instant;
use zeroize::Zeroizing;

use crate::error::Cause;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use crate::proxy;
use crate::sent::{Sent, TrackedBody};
use crate::{BuildError, ErrorKind, Secret, untrusted};

/// How long an unused connection is kept. Servers close theirs, and a payment that meets a connection being closed
/// has an unknown outcome, so this is shorter than what servers and load balancers usually wait (60 s and more).
const IDLE: Duration = Duration::from_secs(20);

/// How much memory is set aside for an answer because it says so. More is taken as it comes.
const ON_TRUST: usize = 64 * 1024;

/// What the caller chose about connections.
#[derive(Clone)]
pub(crate) struct Connections {
    pub(crate) connect_timeout: Duration,
    pub(crate) max_idle: usize,
    pub(crate) max_response_bytes: usize,
    pub(crate) proxy: Proxy,
    pub(crate) root_certificates: Vec<Vec<u8>>,
}

/// How https gets out. Plain http never takes a proxy: it would read the keys and the card.
#[derive(Clone)]
pub(crate) enum Proxy {
    /// As the environment says (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`), and never for this machine.
    Environment,
    /// Through this one. Its address may hold a password.
    #[cfg_attr(
        not(any(feature = "rustls", feature = "native-tls")),
        expect(dead_code, reason = "only https takes a proxy")
    )]
    Through(Secret),
    /// Straight, whatever the environment says.
    None,
}

/// Sends. Inner clients for plain http and for https, since only the latter may use a proxy.
#[derive(Clone)]
pub(crate) struct Transport {
    plain: Option<Pair>,
    tls: Option<Pair>,
    max_response_bytes: usize,
}

/// One client that keeps connections for later requests, and one that opens one for each.
#[derive(Clone)]
struct Pair {
    shared: reqwest::Client,
    own: reqwest::Client,
}

/// The connection that a request goes over.
///
/// HTTP/1.1 has nothing that ties an answer to its request but their order. A server or proxy that sends one answer too
/// many on a kept connection answers the next request with it, of whatever caller. Bytes that wait on an idle
/// connection close it; those that arrive while the next request is being written cannot be told from its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    /// One that is opened for this request and closed after it.
    Own,
    /// One that earlier requests may have used.
    Shared,
}

impl Pair {
    fn new(
        shared: &Connections,
        build: impl Fn(&Connections) -> Result<reqwest::Client, BuildError>,
    ) -> Result<Self, BuildError> {
        let own = Connections { max_idle: 0, ..shared.clone() };
        Ok(Self { shared: build(shared)?, own: build(&own)? })
    }

    fn get(&self, connection: Connection) -> &reqwest::Client {
        match connection {
            Connection::Own => &self.own,
            Connection::Shared => &self.shared,
        }
    }
}

/// An attempt without a whole answer.
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) found: String,
    /// May anything have left?
    pub(crate) sent: bool,
    pub(crate) status: Option<StatusCode>,
    pub(crate) source: Option<Cause>,
}

impl Transport {
    pub(crate) fn new(chosen: &Connections, plain: bool, tls: bool) -> Result<Self, BuildError> {
        let plain = plain.then(|| Pair::new(chosen, |chosen| built(careful(chosen).no_proxy()))).transpose()?;
        let tls =
            tls.then(|| Pair::new(chosen, |chosen| with_tls(careful(chosen), chosen).and_then(built))).transpose()?;
        Ok(Self { plain, tls, max_response_bytes: chosen.max_response_bytes })
    }

    /// Sends `request` once. What has left by `deadline` without a whole answer is lost.
    pub(crate) async fn send(
        &self,
        request: Request<Bytes>,
        connection: Connection,
        sent: &Sent,
        deadline: Instant,
    ) -> Result<Response<Bytes>, Failure> {
        let is_tls = request.uri().scheme() == Some(&http::uri::Scheme::HTTPS);
        let client = if is_tls { &self.tls } else { &self.plain };
        let client = client.as_ref().ok_or_else(|| Failure::unsent(ErrorKind::Configuration, no_client(is_tls)))?;
        let client = client.get(connection);
        let has_body = !request.body().is_empty();
        // A timer wakes up a moment late, and on this machine a moment is enough to send.
        if deadline <= Instant::now() {
            return Err(Failure::timeout(sent));
        }
        let request = tracked(request, sent)?;
        let mut status = None;
        let exchange = async {
            let response = client.execute(request).await.map_err(|error| Failure::of(error, sent, has_body))?;
            status = Some(response.status());
            self.read(response).await
        };
        let result = tokio::time::timeout_at(deadline, exchange).await;
        let result = result.unwrap_or_else(|_| Err(Failure::timeout(sent)));
        result.map_err(|failure| failure.with_status(status))
    }

    /// Reads an answer as far as it may go.
    async fn read(&self, mut response: reqwest::Response) -> Result<Response<Bytes>, Failure> {
        let announced = response.content_length().unwrap_or(0);
        let announced = self.bounded(usize::try_from(announced).unwrap_or(usize::MAX))?;
        let mut body = Zeroizing::new(Vec::with_capacity(announced.min(ON_TRUST)));
        while let Some(chunk) = response.chunk().await.map_err(Failure::broken_off)? {
            self.bounded(body.len().saturating_add(chunk.len()))?;
            append(&mut body, &chunk);
        }
        let mut whole = Response::new(Bytes::from_owner(body));
        *whole.status_mut() = response.status();
        *whole.headers_mut() = std::mem::take(response.headers_mut());
        Ok(whole)
    }

    fn bounded(&self, length: usize) -> Result<usize, Failure> {
        if length <= self.max_response_bytes {
            return Ok(length);
        }
        let found = format!("the answer is larger than {} bytes", self.max_response_bytes);
        Err(Failure::after_sending(ErrorKind::TooLarge, found))
    }
}

/// A client that does nothing of its own accord: no redirects, no retries, no cookies, no decompression, no HTTP/2.
/// All is said here, since another crate may have turned on any feature of reqwest.
fn careful(chosen: &Connections) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .no_hickory_dns()
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(chosen.max_idle)
        .connect_timeout(chosen.connect_timeout)
}

fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, BuildError> {
    builder.build().map_err(|error| {
        let causes = Cause::of(&error.without_url());
        BuildError::new(format!("the http client cannot be built: {causes:?}"))
    })
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn with_tls(builder: reqwest::ClientBuilder, chosen: &Connections) -> Result<reqwest::ClientBuilder, BuildError> {
    let builder = chosen_backend(builder).https_only(true).tls_version_min(reqwest::tls::Version::TLS_1_2);
    let builder = match &chosen.proxy {
        Proxy::Environment => match proxy::of_environment()? {
            Some(proxy) => builder.proxy(proxy),
            None => builder.no_proxy(),
        },
        Proxy::None => builder.no_proxy(),
        Proxy::Through(address) => builder.proxy(
            reqwest::Proxy::https(address.expose())
                .map_err(|_| BuildError::new("the address of the proxy is no url"))?,
        ),
    };
    if chosen.root_certificates.is_empty() {
        return Ok(builder);
    }
    let mut certificates = Vec::new();
    for pem in &chosen.root_certificates {
        let read = reqwest::Certificate::from_pem_bundle(pem).ok().filter(|read| !read.is_empty());
        certificates.extend(read.ok_or_else(|| BuildError::new("a root certificate is not pem"))?);
    }
    Ok(builder.tls_certs_merge(certificates))
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn with_tls(_: reqwest::ClientBuilder, _: &Connections) -> Result<reqwest::ClientBuilder, BuildError> {
    Err(BuildError::new("https needs the feature rustls or native-tls of paywall-api"))
}

#[cfg(feature = "rustls")]
fn chosen_backend(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.tls_backend_rustls()
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
fn chosen_backend(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.tls_backend_native()
}

fn no_client(is_tls: bool) -> &'static str {
    if is_tls { "this client was built for plain http alone" } else { "this client was built for https alone" }
}

/// A request without a body cannot show whether it left; it counts as sent from here on.
fn tracked(request: Request<Bytes>, sent: &Sent) -> Result<reqwest::Request, Failure> {
    let (parts, bytes) = request.into_parts();
    let body = if bytes.is_empty() {
        sent.leave();
        reqwest::Body::from(bytes)
    } else {
        reqwest::Body::wrap(TrackedBody::new(bytes, sent.clone()))
    };
    let request = Request::from_parts(parts, body);
    request.try_into().map_err(|_| Failure::unsent(ErrorKind::Configuration, "the address is no url"))
}

/// Appends without leaving unwiped copies behind, as a growing vector would.
fn append(body: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    if body.capacity() - body.len() < chunk.len() {
        let mut larger = Zeroizing::new(Vec::with_capacity((body.len() + chunk.len()) * 2));
        larger.extend_from_slice(body);
        *body = larger;
    }
    body.extend_from_slice(chunk);
}

impl Failure {
    fn new(kind: ErrorKind, found: impl Into<String>, sent: bool) -> Self {
        Self { kind, found: found.into(), sent, status: None, source: None }
    }

    fn unsent(kind: ErrorKind, found: &str) -> Self {
        Self::new(kind, found, false)
    }

    fn after_sending(kind: ErrorKind, found: impl Into<String>) -> Self {
        Self::new(kind, found, true)
    }

    /// Before the head of an answer came.
    fn of(error: reqwest::Error, sent: &Sent, has_body: bool) -> Self {
        // Without a body `sent` cannot tell, and only a connection that did not come about is proof.
        let left = if has_body { !sent.hold_back() } else { !error.is_connect() };
        let untrusted = Some(&error).filter(|error| error.is_connect()).and_then(|error| untrusted::why(error));
        let (kind, found) = if let Some(why) = untrusted {
            (ErrorKind::Certificate, format!("the certificate of the server is not trusted: {why}"))
        } else if error.is_connect() {
            (ErrorKind::Connect, "no connection came about".to_owned())
        } else if left {
            (ErrorKind::Transport, "the connection broke before an answer came".to_owned())
        } else {
            (ErrorKind::Transport, "the connection broke before the request left".to_owned())
        };
        Self::new(kind, found, left).caused_by(error)
    }

    /// After the head of an answer came.
    fn broken_off(error: reqwest::Error) -> Self {
        Self::after_sending(ErrorKind::Transport, "the answer broke off").caused_by(error)
    }

    fn timeout(sent: &Sent) -> Self {
        Self::new(ErrorKind::Timeout, "no answer came in time", !sent.hold_back())
    }

    fn caused_by(mut self, error: reqwest::Error) -> Self {
        self.source = Some(Cause::of(&error.without_url()));
        self
    }

    fn with_status(mut self, status: Option<StatusCode>) -> Self {
        self.status = status;
        self
    }
}
