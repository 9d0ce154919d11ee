//! How do connections come in, and how do they go? One task each, until the sandbox stops.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::answer::Server;
use crate::connection::{Connection, End, Wire};
use crate::script::{Fault, Greeting};
use crate::stream::Stream;

/// How long requests may take to end once the sandbox stops.
const GRACE: Duration = Duration::from_millis(200);

/// Accepts until told to stop, then waits for what is under way.
pub(crate) async fn listen(
    listener: std::net::TcpListener,
    server: Arc<Server>,
    accepted: Arc<AtomicUsize>,
    mut stop: watch::Receiver<bool>,
) {
    // Only a runtime that is shutting down refuses a listener that is bound.
    let Ok(address) = listener.local_addr() else { return };
    let Ok(mut listener) = TcpListener::from_std(listener) else { return };
    let mut connections = JoinSet::new();
    let mut absence = server.absence.subscribe();
    loop {
        let stream = tokio::select! {
            stream = listener.accept() => stream,
            Ok(()) = absence.changed() => {
                let until = *absence.borrow_and_update();
                drop(listener);
                server.away.send_replace(true);
                let Some(back) = come_back(address, until, &mut stop).await else { return };
                server.away.send_replace(false);
                listener = back;
                continue;
            }
            () = stopped(&mut stop) => break,
        };
        // An error of one connection (it went before it was accepted) says nothing of the next.
        let Ok((stream, peer)) = stream else { continue };
        accepted.fetch_add(1, Ordering::SeqCst);
        connections.spawn(greet(stream, peer, Arc::clone(&server), stop.clone()));
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE * 2, async { while connections.join_next().await.is_some() {} }).await;
}

/// Nobody listens until then. Nothing where the sandbox stops before.
async fn come_back(address: SocketAddr, until: Instant, stop: &mut watch::Receiver<bool>) -> Option<TcpListener> {
    let mut next = until.into();
    loop {
        tokio::select! {
            () = tokio::time::sleep_until(next) => {}
            () = stopped(stop) => return None,
        }
        match TcpListener::bind(address).await {
            Ok(listener) => return Some(listener),
            // Somebody else has the port at the moment.
            Err(_) => next = tokio::time::Instant::now() + GRACE,
        }
    }
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sandbox that is gone has stopped too.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn greet(stream: TcpStream, peer: SocketAddr, server: Arc<Server>, mut stop: watch::Receiver<bool>) {
    // Answers are small and written whole: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    match server.script.greeting() {
        Greeting::Serve => {
            let stream = tokio::select! {
                stream = shaken_hands(stream, &server) => stream,
                () = stopped(&mut stop) => return,
            };
            // A handshake that fails is told to the other side, and there is nobody to serve.
            if let Ok(stream) = stream {
                serve(stream, peer, server, stop).await;
            }
        }
        Greeting::Fault(Fault::Stall) => stopped(&mut stop).await,
        Greeting::Fault(Fault::Close) => leave(Stream::Plain(stream), End::Close).await,
        Greeting::Fault(Fault::Reset) => leave(Stream::Plain(stream), End::Reset).await,
    }
}

async fn shaken_hands(stream: TcpStream, server: &Server) -> io::Result<Stream> {
    match &server.tls {
        Some(certificate) => tokio::time::timeout(server.request_timeout, certificate.shake_hands(stream)).await?,
        None => Ok(Stream::Plain(stream)),
    }
}

async fn serve(stream: Stream, peer: SocketAddr, server: Arc<Server>, mut stop: watch::Receiver<bool>) {
    let connection = Arc::new(Connection::new(peer));
    let wire = Wire { stream, connection: Arc::clone(&connection) };
    let of_requests = Arc::clone(&connection);
    let time = server.request_timeout;
    let service = service_fn(move |request| {
        let (server, connection) = (Arc::clone(&server), Arc::clone(&of_requests));
        Box::pin(async move { server.answer(connection, request).await })
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(time);
    let mut http = http.serve_connection(TokioIo::new(wire), service);
    let end = tokio::select! {
        // Its errors are the other side's: a cut connection, a head that is not HTTP.
        _ = poll_fn(|cx| http.poll_without_shutdown(cx)) => End::Close,
        end = connection.ended() => end,
        () = stopped(&mut stop) => End::Close,
    };
    if *stop.borrow() {
        Pin::new(&mut http).graceful_shutdown();
        let _ = tokio::time::timeout(GRACE, poll_fn(|cx| http.poll_without_shutdown(cx))).await;
    }
    leave(http.into_parts().io.into_inner().stream, end).await;
}

/// Whether the other side still listens is its own affair.
async fn leave(mut stream: Stream, end: End) {
    match end {
        End::Close => {
            let _ = stream.shutdown().await;
        }
        End::Reset => {
            let _ = stream.set_zero_linger();
        }
        End::Raw(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
    }
}
