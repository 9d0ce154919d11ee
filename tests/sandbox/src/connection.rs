//! One connection below HTTP: the head of a request as it was spelled, and an end at a chosen byte.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;

use crate::script::Fault;
use crate::stream::Stream;

/// How the connection leaves HTTP.
#[derive(Clone, Debug)]
pub(crate) enum End {
    Close,
    Reset,
    /// These bytes, and then it is closed.
    Raw(Bytes),
}

impl End {
    /// Nothing for a fault that ends nothing.
    pub(crate) fn of(fault: Fault) -> Option<Self> {
        match fault {
            Fault::Close => Some(Self::Close),
            Fault::Reset => Some(Self::Reset),
            Fault::Stall => None,
        }
    }
}

/// What the answer to a request and the wire below it share.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) peer: SocketAddr,
    head: Mutex<Head>,
    at_flush: Mutex<Option<End>>,
    end: watch::Sender<Option<End>>,
}

impl Connection {
    pub(crate) fn new(peer: SocketAddr) -> Self {
        Self { peer, head: Mutex::default(), at_flush: Mutex::default(), end: watch::Sender::new(None) }
    }

    /// Ends it now. What HTTP has not written yet is lost.
    pub(crate) fn end(&self, end: End) {
        self.end.send_replace(Some(end));
    }

    /// Ends it as soon as all that HTTP has to write so far is written.
    pub(crate) fn end_at_flush(&self, end: End) {
        *held(&self.at_flush) = Some(end);
    }

    /// Waits until somebody ends it.
    pub(crate) async fn ended(&self) -> End {
        let mut end = self.end.subscribe();
        let end = end.wait_for(Option::is_some).await;
        // The sender lives as long as `self`; a closed channel would only mean that nobody is left to end it.
        end.ok().and_then(|end| end.clone()).unwrap_or(End::Close)
    }

    /// The names and values of the headers of the request that is being answered, as they were sent.
    pub(crate) fn take_headers(&self) -> Option<Vec<(String, String)>> {
        let bytes = std::mem::take(&mut *held(&self.head)).bytes;
        let mut headers = [httparse::EMPTY_HEADER; 100];
        let mut request = httparse::Request::new(&mut headers);
        let whole = request.parse(&bytes).ok()?.is_complete();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        whole.then(|| request.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect())
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The first bytes of a request, up to the empty line.
#[derive(Debug, Default)]
struct Head {
    bytes: Vec<u8>,
    whole: bool,
}

impl Head {
    /// More than any head that HTTP accepts here.
    const MOST: usize = 1024 * 1024;

    fn feed(&mut self, bytes: &[u8]) {
        if self.whole || self.bytes.len() > Self::MOST {
            return;
        }
        let seen = self.bytes.len().saturating_sub(3);
        self.bytes.extend_from_slice(bytes);
        if let Some(end) = self.bytes[seen..].windows(4).position(|window| window == b"\r\n\r\n") {
            self.bytes.truncate(seen + end + 4);
            self.whole = true;
        }
    }
}

/// The stream that HTTP reads from and writes to.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) stream: Stream,
    pub(crate) connection: std::sync::Arc<Connection>,
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        held(&self.connection.head).feed(&buffer.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    /// HTTP flushes when it has written all that it has.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        if let Some(end) = held(&self.connection.at_flush).take() {
            self.connection.end(end);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
