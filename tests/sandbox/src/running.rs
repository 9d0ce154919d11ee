//! A sandbox from its start to its end. It runs on threads of its own, so that a test of any kind can use it.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;

use paywall_contract::Document;
use paywall_contract::model::KeyPair;
use tokio::sync::watch;

use crate::answer::Server;
use crate::bank::{Bank, Book, Settings};
use crate::contract::Contract;
use crate::faults::Chance;
use crate::keys::Doors;
use crate::notices::Messenger;
use crate::outgoing::{Poster, Reach};
use crate::received::Records;
use crate::signed::HashKeys;
use crate::store::Store;
use crate::stream::Certificate;
use crate::{Error, Options, Received, Script, embedded, listener, notices};

/// A local Paywall that is not running yet.
#[derive(Clone, Copy, Debug)]
pub struct Sandbox;

impl Sandbox {
    /// Reads the contract and listens on 127.0.0.1.
    ///
    /// # Errors
    ///
    /// A contract that is broken, keys for a pair that it does not have, a certificate that cannot be served, or a port
    /// that is taken.
    #[expect(clippy::needless_pass_by_value, reason = "a description is used up by its start")]
    pub fn start(options: Options) -> Result<Running, Error> {
        let port = options.port;
        let server = Arc::new(server(&options)?);
        let taken = |source| Error::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(taken)?;
        listener.set_nonblocking(true).map_err(taken)?;
        let address = listener.local_addr().map_err(taken)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(taken)?;
        server.here.get_or_init(|| here(&server, address));
        if server.bank.is_some() {
            runtime.spawn(notices::keep_time(Arc::clone(&server)));
        }
        let (stop, stopped) = watch::channel(false);
        let accepted = Arc::new(AtomicUsize::new(0));
        let serving = (Arc::clone(&server), Arc::clone(&accepted));
        let thread = std::thread::spawn(move || {
            runtime.block_on(listener::listen(listener, serving.0, serving.1, stopped));
        });
        Ok(Running { address, server, accepted, stop, thread: Some(thread) })
    }
}

fn here(server: &Server, address: SocketAddr) -> String {
    let scheme = if server.tls.is_some() { "https" } else { "http" };
    format!("{scheme}://{address}")
}

/// The bank of a sandbox that remembers, with the book and the chance that were stored.
fn bank(options: &Options, contract: &Contract, stored: Option<(Book, Option<u64>)>) -> Option<Mutex<Bank>> {
    let settings = Settings {
        pending: options.pending,
        watch_minute: options.watch_minute,
        renew_sessions_after: options.renew_sessions_after,
    };
    let bank = || {
        let (book, random) = stored.unwrap_or_default();
        let seed = random.or(options.seed).unwrap_or_else(|| fastrand::u64(..));
        Bank::new(book, seed, contract.templates()).with(settings)
    };
    options.state.then(|| Mutex::new(bank()))
}

fn server(options: &Options) -> Result<Server, Error> {
    let messenger = Arc::new(messenger(options)?);
    let Options { spec, refusals, keys, body_limit, request_timeout, log, keep_requests, tls, faults, latency, .. } =
        options.clone();
    let Loaded { contract, pairs } = match spec {
        Some(path) => Loaded::read(&path)?,
        None => Loaded::embedded()?,
    };
    faults.check(&contract)?;
    let found = options.state_file.as_deref().map(Store::open).transpose()?;
    let (store, stored) = found.map(|found| (found.store, (found.book, found.random))).unzip();
    let bank = bank(options, &contract, stored);
    Ok(Server {
        doors: Doors::new(&pairs, &keys)?,
        refusals,
        body_limit,
        request_timeout,
        log,
        records: keep_requests.then(Records::new),
        script: Script::new(Arc::clone(&contract)),
        chance: Chance::new(faults, latency, options.seed.unwrap_or_else(|| fastrand::u64(..))),
        absence: watch::Sender::new(std::time::Instant::now()),
        away: watch::Sender::new(false),
        contract,
        tls: tls.map(|(certificate, key)| Certificate::read(&certificate, &key)).transpose()?,
        messenger,
        bank,
        store,
        here: OnceLock::new(),
    })
}

fn messenger(options: &Options) -> Result<Messenger, Error> {
    let reach = Reach::new(&options.allowed_hosts);
    let webhook = options.webhook.as_deref().map(|address| reach.target(address)).transpose();
    Ok(Messenger {
        webhook: webhook.map_err(|barred| Error::Webhook { found: barred.to_string() })?,
        reach,
        keys: HashKeys::new(options.hash_keys.clone()),
        log: options.log,
        poster: Poster::default(),
    })
}

/// A contract and its pairs of keys.
#[derive(Clone)]
struct Loaded {
    contract: Arc<Contract>,
    pairs: Vec<KeyPair>,
}

impl Loaded {
    fn read(path: &Path) -> Result<Self, Error> {
        Self::of(&paywall_contract::load(path).map_err(Error::Contract)?)
    }

    fn of(document: &Document) -> Result<Self, Error> {
        let model = paywall_contract::model(document).map_err(Error::Contract)?;
        let contract = Contract::new(document, &model).map_err(Error::Contract)?;
        Ok(Self { contract: Arc::new(contract), pairs: model.pairs })
    }

    /// Tests start many sandboxes, and reading takes longer than most of them.
    fn embedded() -> Result<Self, Error> {
        static READ: Mutex<Option<Loaded>> = Mutex::new(None);
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        let loaded = match read.take() {
            Some(loaded) => loaded,
            None => Self::of(&embedded::contract().map_err(Error::Contract)?)?,
        };
        Ok(read.insert(loaded).clone())
    }
}

/// A local Paywall that is running. Dropping it stops it.
pub struct Running {
    address: SocketAddr,
    server: Arc<Server>,
    accepted: Arc<AtomicUsize>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens, as a client wants it: `http://127.0.0.1:4711`, or `https:` with a certificate.
    #[must_use]
    pub fn base_address(&self) -> String {
        let scheme = if self.server.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// What it does next.
    #[must_use]
    pub fn script(&self) -> &Script {
        &self.server.script
    }

    /// Every request so far, in the order of arrival. A request stands here before it is answered.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.server.records.as_ref().map(Records::all).unwrap_or_default()
    }

    /// Takes the requests so far out, so that the next test of the same sandbox begins with none.
    #[must_use]
    pub fn take_received(&self) -> Vec<Received> {
        self.server.records.as_ref().map(Records::take).unwrap_or_default()
    }

    /// Waits until there have been this many requests, for tests that act while one is under way. They are counted
    /// from the last [`take_received`](Running::take_received), and not at all where none are kept.
    pub async fn arrived(&self, count: usize) {
        match &self.server.records {
            Some(records) => records.arrived(count).await,
            None => std::future::pending().await,
        }
    }

    /// How many connections were accepted so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Stops it: no new connection, a moment for requests that are under way, and all is closed when this returns.
    /// Its address refuses connections from then on.
    pub fn stop(self) {
        drop(self);
    }
}

/// Shows where it is and how much came in, nothing of that.
impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("address", &self.address)
            .field("connections", &self.connections())
            .field("received", &self.received().len())
            .finish_non_exhaustive()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // A panic over there has been told on stderr.
            let _ = thread.join();
        }
    }
}
