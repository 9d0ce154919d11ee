//! What is answered to one request? It is received, recorded, judged or scripted, and answered or cut off.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Request, Response, StatusCode};

use crate::connection::{Connection, End};
use crate::contract::{Contract, Endpoint};
use crate::judge::{self, Refusal};
use crate::keys::Doors;
use crate::log;
use crate::options::Refusals;
use crate::paced::Paced;
use crate::received::{Received, Records};
use crate::script::{Reply, Script, What};
use crate::stream::Certificate;

/// What every connection of a sandbox shares.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) contract: Arc<Contract>,
    pub(crate) doors: Doors,
    pub(crate) refusals: Refusals,
    pub(crate) body_limit: usize,
    pub(crate) log: bool,
    /// Nothing where requests are not kept.
    pub(crate) records: Option<Records>,
    pub(crate) script: Script,
    /// Nothing for plain http.
    pub(crate) tls: Option<Certificate>,
}

/// An answer before it is HTTP.
struct Said {
    status: StatusCode,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Server {
    /// Answers one request; where the script says so, never.
    pub(crate) async fn answer(
        &self,
        connection: Arc<Connection>,
        request: Request<Incoming>,
    ) -> Result<Response<Paced>, Infallible> {
        let start = Instant::now();
        let (head, body) = request.into_parts();
        let endpoint = judge::endpoint(&self.contract, &head);
        let operation = endpoint.as_ref().ok().map(|endpoint| endpoint.operation.as_str());
        let received = self.receive(&connection, &head, body, operation).await;
        if let Some(records) = &self.records {
            records.add(received.clone());
        }
        let reply = self.script.reply(operation);
        if !reply.before_head.is_zero() {
            tokio::time::sleep(reply.before_head).await;
        }
        let outcome = self.say(&reply, endpoint, &head, &received);
        if self.log {
            log::line(head.method.as_str(), head.uri.path(), operation, &told(&outcome), start);
        }
        match outcome {
            Ok(said) => Ok(said.into_response(&reply, connection)),
            Err(silence) => silence.keep(&connection).await,
        }
    }

    async fn receive(
        &self,
        connection: &Connection,
        head: &Parts,
        body: Incoming,
        operation: Option<&str>,
    ) -> Received {
        let (body, complete) = read(body, self.body_limit).await;
        Received {
            operation: operation.map(str::to_owned),
            method: head.method.to_string(),
            path: head.uri.path_and_query().map_or_else(|| head.uri.to_string(), ToString::to_string),
            headers: connection.take_headers().unwrap_or_else(|| lowered(&head.headers)),
            body,
            complete,
            peer: connection.peer,
        }
    }

    fn say(
        &self,
        reply: &Reply,
        endpoint: Result<&Endpoint, Refusal>,
        head: &Parts,
        received: &Received,
    ) -> Result<Said, Silence> {
        match &reply.what {
            What::Usual => Ok(self.usual(endpoint, head, received)),
            What::Sample(case) => Ok(match endpoint.ok().and_then(|endpoint| endpoint.samples.get(case)) {
                Some(sample) => Said::json(StatusCode::OK, sample.clone()),
                None => Said::fault(format!("the script gives a sample `{case}` that this operation does not have")),
            }),
            What::Refusal(status, code, message) => {
                Ok(Said::json(*status, self.contract.envelope.refusal_of(*code, message)))
            }
            What::Plain(status, body) => Ok(Said { status: *status, headers: Vec::new(), body: body.clone() }),
            What::Raw(bytes) => Err(Silence { end: Some(End::Raw(bytes.clone())) }),
            What::Nothing(fault) => Err(Silence { end: End::of(*fault) }),
        }
    }

    /// What is answered when no script speaks.
    fn usual(&self, endpoint: Result<&Endpoint, Refusal>, head: &Parts, received: &Received) -> Said {
        let judged = endpoint.and_then(|endpoint| {
            judge::request(endpoint, &self.doors, head, received, self.body_limit).map(|()| endpoint)
        });
        match judged {
            Ok(endpoint) => Said::json(StatusCode::OK, endpoint.success.clone()),
            Err(refusal) => {
                let envelope = self.contract.envelope.refusal(refusal.code, &refusal.message);
                let mut said = Said::json(refusal.status_for(self.refusals), envelope);
                said.headers.extend(refusal.headers());
                said
            }
        }
    }
}

/// So much of a body that is too large is read and dropped, so that its sender comes to read the refusal.
const DROPPED: usize = 64 * 1024 * 1024;

/// Reads a body as far as it may go, and whether that was all.
async fn read(mut body: Incoming, limit: usize) -> (Bytes, bool) {
    let mut read = BytesMut::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return (read.freeze(), false) };
        let Ok(data) = frame.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= limit {
            read.extend_from_slice(&data);
        } else if length > DROPPED {
            break;
        }
    }
    (read.freeze(), length <= limit)
}

fn lowered(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

/// What a log says of an answer.
fn told(outcome: &Result<Said, Silence>) -> String {
    outcome.as_ref().map_or_else(ToString::to_string, |said| said.status.as_u16().to_string())
}

/// No answer.
struct Silence {
    /// Nothing where the connection stays open.
    end: Option<End>,
}

impl Silence {
    /// Ends the connection, and this with it.
    async fn keep<T>(self, connection: &Connection) -> T {
        if let Some(end) = self.end {
            connection.end(end);
        }
        std::future::pending().await
    }
}

/// What a log says of it.
impl std::fmt::Display for Silence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.end {
            None => "silent",
            Some(End::Close) => "closed",
            Some(End::Reset) => "reset",
            Some(End::Raw(_)) => "raw",
        })
    }
}

impl Said {
    fn json(status: StatusCode, text: String) -> Self {
        let headers = vec![(CONTENT_TYPE.to_string(), "application/json; charset=utf-8".to_owned())];
        Self { status, headers, body: text.into() }
    }

    /// The script asks for something impossible.
    fn fault(message: String) -> Self {
        let headers = vec![(CONTENT_TYPE.to_string(), "text/plain; charset=utf-8".to_owned())];
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, headers, body: message.into() }
    }

    fn into_response(self, reply: &Reply, connection: Arc<Connection>) -> Response<Paced> {
        let mut headers = HeaderMap::new();
        let written = write(&self.headers, &mut headers).and_then(|()| write(&reply.headers, &mut headers));
        if let Err(name) = written {
            let fault = Self::fault(format!("the header `{name}` of the script cannot be sent"));
            return fault.into_response(&Reply::usual(), connection);
        }
        let paced = Paced::new(&self.body, reply.before_body, reply.ending, connection);
        let paced = if headers.contains_key(CONTENT_LENGTH) { paced.unannounced() } else { paced };
        let mut response = Response::new(paced);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }
}

/// Adds the headers, after those of the same names have gone.
fn write(list: &[(String, String)], headers: &mut HeaderMap) -> Result<(), String> {
    for (name, _) in list {
        headers.remove(name.as_str());
    }
    for (name, value) in list {
        let unsendable = |_| name.clone();
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| name.clone())?;
        headers.append(HeaderName::try_from(name.as_str()).map_err(unsendable)?, value);
    }
    Ok(())
}
