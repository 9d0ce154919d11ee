//! A hop on loopback between a client and a server: a proxy, or a wire that stays dead until told otherwise. It notes
//! all that passes.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A hop that is running, until its runtime ends.
pub(crate) struct Relay {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    kind: Kind,
    accepted: watch::Sender<usize>,
    open: watch::Sender<bool>,
    heads: Mutex<Vec<String>>,
    passed: Mutex<Vec<u8>>,
}

/// What the hop does with a connection.
enum Kind {
    /// Connects to where `CONNECT` says.
    Proxy,
    /// Answers `CONNECT` with these bytes, and closes.
    Refuser(&'static str),
    /// Passes everything on to this address, once it is open.
    Wire(SocketAddr),
}

impl Relay {
    /// A proxy that does what it should.
    pub(crate) async fn proxy() -> Self {
        Self::start(Kind::Proxy).await
    }

    /// A proxy that answers every `CONNECT` so and closes.
    pub(crate) async fn proxy_that_answers(bytes: &'static str) -> Self {
        Self::start(Kind::Refuser(bytes)).await
    }

    /// A wire to `address`, dead until [`open`](Relay::open): it accepts connections and stays silent.
    pub(crate) async fn to(address: SocketAddr) -> Self {
        Self::start(Kind::Wire(address)).await
    }

    async fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (accepted, open) = (watch::Sender::new(0), watch::Sender::new(false));
        let state = Arc::new(State { kind, accepted, open, heads: Mutex::default(), passed: Mutex::default() });
        let listening = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                listening.accepted.send_modify(|accepted| *accepted += 1);
                tokio::spawn(serve(stream, Arc::clone(&listening)));
            }
        });
        Self { address, state }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets pass what came and what comes.
    pub(crate) fn open(&self) {
        self.state.open.send_replace(true);
    }

    /// How many connections were accepted so far.
    pub(crate) fn connections(&self) -> usize {
        *self.state.accepted.borrow()
    }

    /// Waits until somebody has connected.
    pub(crate) async fn connected(&self) {
        let mut accepted = self.state.accepted.subscribe();
        let connected = accepted.wait_for(|accepted| *accepted > 0);
        tokio::time::timeout(Duration::from_secs(60), connected).await.expect("somebody connects").expect("running");
    }

    /// The heads of the requests made to the proxy itself.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.state.heads.lock().expect("heads").clone()
    }

    /// What passed in either direction after those.
    pub(crate) fn passed(&self) -> Vec<u8> {
        self.state.passed.lock().expect("what passed").clone()
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    match &state.kind {
        Kind::Proxy => {
            let Some(to) = asked(&mut stream, &state).await else { return };
            let Ok(server) = TcpStream::connect(to).await else { return };
            if stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.is_ok() {
                join(stream, server, &state).await;
            }
        }
        Kind::Refuser(answer) => {
            if asked(&mut stream, &state).await.is_some() {
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        }
        Kind::Wire(to) => {
            if state.open.subscribe().wait_for(|open| *open).await.is_err() {
                return;
            }
            let Ok(server) = TcpStream::connect(to).await else { return };
            join(stream, server, &state).await;
        }
    }
}

/// Reads the head of a request to the proxy, notes it, and tells where it wants to go.
async fn asked(stream: &mut TcpStream, state: &State) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let to = head.split(' ').nth(1).map(str::to_owned);
    state.heads.lock().expect("heads").push(head);
    to
}

async fn join(client: TcpStream, server: TcpStream, state: &State) {
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::join!(pass(from_client, to_server, state), pass(from_server, to_client, state));
}

async fn pass(mut from: impl AsyncReadExt + Unpin, mut to: impl AsyncWriteExt + Unpin, state: &State) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        state.passed.lock().expect("what passed").extend_from_slice(&buffer[..length]);
        if to.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}
