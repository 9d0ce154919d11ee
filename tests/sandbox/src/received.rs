//! What came in? One record per request, as it was sent.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::watch;

/// A request as it arrived. Its `Debug` shows neither values of headers nor the body.
#[derive(Clone)]
pub struct Received {
    /// The operation that method and path belong to.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path, and the query if there is one.
    pub path: String,
    /// Names and values in the order and spelling of the sender. Of pipelined requests the names come in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it came.
    pub body: Bytes,
    /// Whether the whole body came, and was not too large.
    pub complete: bool,
    /// Whether its end never came, however large it would have been.
    pub(crate) broken: bool,
    /// Whether its end did not come in time.
    pub(crate) late: bool,
    /// The other end.
    pub peer: SocketAddr,
}

impl Received {
    /// The values of a header, whatever the case of its name.
    pub fn header<'r>(&'r self, name: &'r str) -> impl Iterator<Item = &'r str> {
        let own = self.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        own.map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Received")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &names)
            .field("body_bytes", &self.body.len())
            .field("complete", &self.complete)
            .field("broken", &self.broken)
            .field("late", &self.late)
            .field("peer", &self.peer)
            .finish()
    }
}

/// Every request so far, and a way to wait for the next.
#[derive(Debug)]
pub(crate) struct Records {
    list: Mutex<Vec<Received>>,
    count: watch::Sender<usize>,
}

impl Records {
    pub(crate) fn new() -> Self {
        Self { list: Mutex::default(), count: watch::Sender::new(0) }
    }

    pub(crate) fn add(&self, received: Received) {
        let mut list = self.list();
        list.push(received);
        self.count.send_replace(list.len());
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        self.list().clone()
    }

    /// Takes all of them out.
    pub(crate) fn take(&self) -> Vec<Received> {
        let mut list = self.list();
        self.count.send_replace(0);
        std::mem::take(&mut *list)
    }

    /// Waits until there are at least this many.
    pub(crate) async fn arrived(&self, count: usize) {
        // The sender lives as long as `self`, so that this ends with the count alone.
        let _ = self.count.subscribe().wait_for(|there| *there >= count).await;
    }

    fn list(&self) -> MutexGuard<'_, Vec<Received>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
