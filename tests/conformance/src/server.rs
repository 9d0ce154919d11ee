//! A local Paywall and a client for it.

use std::time::Duration;

use paywall_api::{Client, ClientBuilder, Credentials};
use paywall_sandbox::{Options, Running, Sandbox};

/// A local Paywall with the usual keys.
pub(crate) fn start() -> Running {
    Sandbox::start(Options::default()).expect("a local Paywall")
}

/// A client with both pairs of keys. Its deadline is short: a test that hangs is a test that failed.
pub(crate) fn builder(server: &Running) -> ClientBuilder {
    builder_at(server.base_address())
}

/// The same, for another address.
pub(crate) fn builder_at(address: impl Into<String>) -> ClientBuilder {
    Client::builder_at(address)
        .public_keys(Credentials::new("k", "c"))
        .private_keys(Credentials::new("k", "c"))
        .deadline(Duration::from_secs(20))
}

/// The same, built.
pub(crate) fn client(server: &Running) -> Client {
    builder(server).build().expect("a client")
}
