//! What is answered to one request? It is received, recorded, judged or scripted, and answered or cut off.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Request, Response, StatusCode};
use paywall_contract::node::Node;
use tokio::sync::watch;

use crate::bank::{Bank, Desk, Moment, No, Notice, Verdict};
use crate::connection::{Connection, End};
use crate::contract::{Contract, Endpoint};
use crate::cross_origin::CrossOrigin;
use crate::faults::{self, Chance};
use crate::judge::{self, Refusal};
use crate::keys::Doors;
use crate::log::{Line, LogFormat};
use crate::notices::Messenger;
use crate::options::Refusals;
use crate::paced::Paced;
use crate::pages::{Pages, Place};
use crate::received::{Received, Records};
use crate::script::{Reply, Script, Touch, What};
use crate::store::{Kept, Store};
use crate::stream::Certificate;
use crate::text;

/// What every connection of a sandbox shares.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) contract: Arc<Contract>,
    pub(crate) doors: Doors,
    pub(crate) refusals: Refusals,
    pub(crate) body_limit: usize,
    /// How long a head may take to come, and a body after it.
    pub(crate) request_timeout: Duration,
    /// Nothing where nothing is logged.
    pub(crate) log: Option<LogFormat>,
    /// Nothing where requests are not kept.
    pub(crate) records: Option<Records>,
    pub(crate) script: Script,
    pub(crate) chance: Chance,
    /// Until when nobody listens.
    pub(crate) absence: watch::Sender<Instant>,
    /// Whether nobody listens.
    pub(crate) away: watch::Sender<bool>,
    /// Nothing for plain http.
    pub(crate) tls: Option<Certificate>,
    /// What is remembered; nothing where every answer is the documented one.
    pub(crate) bank: Option<Mutex<Bank>>,
    /// Where that is kept; nothing for memory alone. Behind the bank's lock, changes go to it in their order.
    pub(crate) store: Option<Store>,
    /// The address of this sandbox, once it listens.
    pub(crate) here: OnceLock<String>,
    /// What is sent without being asked for, and how pages are signed.
    pub(crate) messenger: Arc<Messenger>,
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
        let cross_origin = CrossOrigin::of(&self.contract, &head, endpoint.as_ref().ok().copied());
        let is_preflight = cross_origin.as_ref().is_some_and(|found| found.is_preflight);
        let received = self.receive(&connection, &head, body, operation).await;
        if let Some(records) = &self.records {
            records.add(received.clone());
        }
        // A script speaks of the page's own request, not of what the browser asks before it.
        let (reply, fault) = if is_preflight { (Reply::usual(), None) } else { self.reply(operation, &head) };
        if !reply.before_head.is_zero() {
            tokio::time::sleep(reply.before_head).await;
        }
        let outcome = if is_preflight { Ok(Said::nothing()) } else { self.say(&reply, endpoint, &head, &received) };
        let outcome = if self.is_kept().await { outcome } else { Ok(Said::fault(UNKEPT.to_owned())) };
        if let Some(format) = self.log {
            let line = Line::new(head.method.as_str(), head.uri.path(), operation, start);
            line.outcome(told(&outcome)).fault(fault).write(format);
        }
        if !reply.absence.is_zero() {
            self.absence.send_replace(Instant::now() + reply.absence);
            // Who hears of it shall find nobody, not a listener that is about to go. One that has stopped is gone too.
            let _ = tokio::time::timeout(reply.absence, self.away.subscribe().wait_for(|away| *away)).await;
        }
        let response = match outcome {
            Ok(said) => said.into_response(&reply, connection),
            Err(silence) => silence.keep(&connection).await,
        };
        Ok(match cross_origin {
            Some(cross_origin) => cross_origin.add_to(head, response).await,
            None => response,
        })
    }

    /// What the script says of a request, else chance, with the name of the fault.
    fn reply(&self, operation: Option<&str>, head: &Parts) -> (Reply, Option<String>) {
        let scripted = self.script.reply(operation).map(|reply| (reply, None));
        scripted.unwrap_or_else(|| self.chance.reply(operation, &head.headers))
    }

    async fn receive(
        &self,
        connection: &Connection,
        head: &Parts,
        body: Incoming,
        operation: Option<&str>,
    ) -> Received {
        let (body, end) = read(body, self.body_limit, self.request_timeout).await;
        Received {
            operation: operation.map(str::to_owned),
            method: head.method.to_string(),
            path: head.uri.path_and_query().map_or_else(|| head.uri.to_string(), ToString::to_string),
            headers: connection.take_headers().unwrap_or_else(|| lowered(&head.headers)),
            body,
            complete: end == BodyEnd::Whole,
            broken: end == BodyEnd::Broken,
            late: end == BodyEnd::Late,
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
        let renews = reply.touch == Some(Touch::RenewedSession);
        let is_renewed = renews && endpoint.as_ref().is_ok_and(|endpoint| self.age_session(endpoint, head, received));
        let touch = reply.touch.filter(|_| !is_renewed);
        if reply.commits {
            // Its work is done; what it answers is what gets lost.
            let _ = self.usual(endpoint.clone(), head, received);
        }
        match &reply.what {
            What::Usual => Ok(self.usual(endpoint, head, received).touched(touch)),
            What::Sample(case) => Ok(match endpoint.ok().and_then(|endpoint| endpoint.samples.get(case)) {
                Some(sample) => Said::json(StatusCode::OK, sample.clone()),
                None => Said::fault(format!("the script gives a sample `{case}` that this operation does not have")),
            }),
            What::Refusal(status, code, message) => {
                let envelope = endpoint.map_or(&self.contract.envelope, |endpoint| &endpoint.envelope);
                Ok(Said::json(*status, envelope.refusal_of(*code, message)))
            }
            What::Plain(status, body) => Ok(Said { status: *status, headers: Vec::new(), body: body.clone() }),
            What::Raw(bytes) => Err(Silence { end: Some(End::Raw(bytes.clone())) }),
            What::Nothing(fault) => Err(Silence { end: End::of(*fault) }),
        }
    }

    /// What is answered when no script speaks.
    fn usual(&self, endpoint: Result<&Endpoint, Refusal>, head: &Parts, received: &Received) -> Said {
        let is_page = self.bank.is_some() && Place::at(head.uri.path()).is_some();
        // A page has no judge of its own; an operation is told of its keys first.
        let readable = if is_page { judge::unencoded(&head.headers) } else { Ok(()) };
        let readable = judge::time(received, self.request_timeout).and(readable);
        if readable.is_ok()
            && let Some(page) = self.page(head, received)
        {
            return page;
        }
        let envelope = endpoint.as_ref().map_or(&self.contract.envelope, |endpoint| &endpoint.envelope);
        let judged = readable.and(endpoint).and_then(|endpoint| {
            judge::request(endpoint, &self.doors, head, received, self.body_limit).map(|()| endpoint)
        });
        match judged {
            Ok(endpoint) => self.handled(endpoint, head, received),
            Err(refusal) => {
                let answer = envelope.refusal(refusal.code, &refusal.message);
                let mut said = Said::json(refusal.status_for(self.refusals), answer);
                said.headers.extend(refusal.headers());
                said
            }
        }
    }

    /// A page for people, where something is remembered that it could show.
    fn page(&self, head: &Parts, received: &Received) -> Option<Said> {
        let place = Place::at(head.uri.path())?;
        let pages = Pages { contract: &self.contract, reach: &self.messenger.reach, keys: &self.messenger.keys };
        let mut bank = self.bank()?;
        let visit = |desk: &mut Desk<'_>| pages.answer(place, desk, head, &received.body);
        let (page, notices) = bank.visit(Moment::now(), self.here(), visit);
        drop(bank);
        self.send(notices);
        Some(Said { status: page.status, headers: page.headers, body: page.body.into() })
    }

    /// What the bank answers to a request that has passed the judge; the documented answer where it has none.
    fn handled(&self, endpoint: &Endpoint, head: &Parts, received: &Received) -> Said {
        match self.act(endpoint, head, received) {
            None => Said::json(StatusCode::OK, endpoint.success_to(head, &received.body)),
            Some(Ok(body) | Err(No { body: Some(body), inside: true, .. })) => {
                Said::json(StatusCode::OK, endpoint.success_with(&body))
            }
            Some(Err(no)) => {
                let body = no.body.as_ref().map_or_else(|| "null".to_owned(), text::write);
                let status = match self.refusals {
                    Refusals::Http4xx => StatusCode::BAD_REQUEST,
                    Refusals::Http200 => StatusCode::OK,
                };
                Said::json(status, endpoint.envelope.refusal_with(no.code, &no.message, &body))
            }
        }
    }

    fn act(&self, endpoint: &Endpoint, head: &Parts, received: &Received) -> Option<Verdict> {
        let request = endpoint.request_text(head, &received.body)?;
        let mut bank = self.bank()?;
        let (verdict, notices) = bank.act(&endpoint.operation, &request, Moment::now(), self.here())?;
        drop(bank);
        self.send(notices);
        Some(verdict)
    }

    /// Makes the session of a request so old that the answer renews it. False where nothing is remembered.
    fn age_session(&self, endpoint: &Endpoint, head: &Parts, received: &Received) -> bool {
        let Some(mut bank) = self.bank() else { return false };
        let request = endpoint.request(head, &received.body);
        // A header in one operation, a field in another.
        let is_id = |key: &str| key.eq_ignore_ascii_case("SessionId");
        let fields = request.iter().flat_map(Node::entries);
        let id = fields.filter(|field| is_id(&field.key)).find_map(|field| field.value.text());
        if let Some(id) = id {
            let age = |desk: &mut Desk<'_>| desk.age_session(id);
            bank.visit(Moment::now(), self.here(), age);
        }
        true
    }

    /// Whether all that has happened so far is in the file, where there is one.
    async fn is_kept(&self) -> bool {
        match self.keep() {
            Some(kept) => kept.done().await,
            None => true,
        }
    }

    fn keep(&self) -> Option<Kept> {
        let store = self.store.as_ref()?;
        let mut bank = self.bank()?;
        Some(store.keep(bank.take_changes()))
    }

    /// Sends what is to be sent, once what it tells of is safe.
    pub(crate) fn send(&self, notices: Vec<Notice>) {
        if notices.is_empty() {
            return;
        }
        let Some(kept) = self.keep() else { return self.messenger.send_all(notices) };
        let messenger = Arc::clone(&self.messenger);
        tokio::spawn(async move {
            if kept.done().await {
                messenger.send_all(notices);
            }
        });
    }

    /// The bank, for one request at a time. A panic is the end of its own request, not of those that follow.
    pub(crate) fn bank(&self) -> Option<MutexGuard<'_, Bank>> {
        Some(self.bank.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The address of this sandbox, as browsers see it.
    pub(crate) fn here(&self) -> &str {
        self.here.get().map_or("", String::as_str)
    }
}

/// Nothing is acknowledged that could be forgotten.
const UNKEPT: &str = "the file of the state cannot be written: what was asked for may be lost";

/// So much of a body that is too large is read and dropped, so that its sender comes to read the refusal.
const DROPPED: usize = 64 * 1024 * 1024;

/// How a body came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BodyEnd {
    Whole,
    TooLarge,
    /// The sender went, or what it sent is no body of HTTP.
    Broken,
    /// The sender is still there, and the time is up.
    Late,
}

/// Reads a body as far as it may go, and as long. The time is that of the whole body: a byte now and then buys no more.
async fn read(body: Incoming, limit: usize, time: Duration) -> (Bytes, BodyEnd) {
    let mut read = BytesMut::new();
    let end = tokio::time::timeout(time, read_into(&mut read, body, limit)).await;
    (read.freeze(), end.unwrap_or(BodyEnd::Late))
}

async fn read_into(read: &mut BytesMut, mut body: Incoming, limit: usize) -> BodyEnd {
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return BodyEnd::Broken };
        let Ok(data) = frame.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length <= limit {
            read.extend_from_slice(&data);
        } else if length > DROPPED {
            break;
        }
    }
    if length <= limit { BodyEnd::Whole } else { BodyEnd::TooLarge }
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
    fn nothing() -> Self {
        Self { status: StatusCode::OK, headers: Vec::new(), body: Bytes::new() }
    }

    fn json(status: StatusCode, text: String) -> Self {
        let headers = vec![(CONTENT_TYPE.to_string(), "application/json; charset=utf-8".to_owned())];
        Self { status, headers, body: text.into() }
    }

    fn touched(self, touch: Option<Touch>) -> Self {
        let text = std::str::from_utf8(&self.body).ok();
        let touched = touch.zip(text).and_then(|(touch, text)| faults::touched(text, touch));
        Self { body: touched.map_or_else(|| self.body.clone(), Bytes::from), ..self }
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
