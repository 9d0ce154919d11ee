//! A shop that a person can pay in: a card with 3-D Secure, or a card that is kept at Masterpass.
//!
//! ```text
//! product -> order -> card ----------------------> the bank's page -> callback -> inquiry -> receipt
//!                 \-> telephone -> card -> password ---------------------------/
//! ```
//!
//! What a merchant may copy from it:
//!
//! - An order has its own code before anything is sent, and is sent once: a second click, a reload and the back button
//!   find the order as it is ([`order`]).
//! - A call that pays runs in a task of its own: a shopper who closes the page does not leave it half-way ([`pay`]).
//! - The callback needs no cookie, is believed in nothing, and answers 303 to the order's fixed page ([`routes`]).
//! - An order is paid when an inquiry agrees on code, amount and currency, and by nothing else ([`settle`]).
//! - What nobody knows yet is asked for until it is known, and is never sent again before that ([`settle`]).
//!
//! Orders live in memory here. A real shop stores each one before its payment is sent, and goes on asking for the open
//! ones after a restart: `Unknown::rebuild` needs the code alone.

mod form;
mod language;
mod order;
mod pages;
mod pay;
mod routes;
mod settle;
mod shelf;
mod wallet;

use std::time::Duration;

use axum::Router;
use paywall_api::codes::HashKeyType;
use paywall_api::{Client, HashKeys, Secret};
use url::Url;

use crate::order::Orders;

/// A shop, and all that it knows.
#[derive(Debug)]
pub struct Shop {
    paywall: Client,
    address: Url,
    bank: Url,
    hash_keys: HashKeys,
    patience: Patience,
    orders: Orders,
}

impl Shop {
    /// A shop whose own address is `address`, as the shopper's browser has it; `bank` is where Paywall's pages of 3-D
    /// Secure are. Forms may lead to these two, and nowhere else.
    #[must_use]
    pub fn new(paywall: Client, address: Url, bank: Url) -> Self {
        let (hash_keys, patience, orders) = (HashKeys::new(), Patience::default(), Orders::default());
        Self { paywall, address, bank, hash_keys, patience, orders }
    }

    /// The key of the merchant panel that callbacks are signed with. From then on one without its hash is refused.
    #[must_use]
    pub fn hash_key(mut self, key: Secret) -> Self {
        self.hash_keys = HashKeys::new().with(HashKeyType::THREE_D_CALLBACK, key);
        self
    }

    /// How long it asks.
    #[must_use]
    pub fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The pages, ready to be served. The server must tell the shopper's address: `ConnectInfo<SocketAddr>`.
    pub fn router(self) -> Router {
        routes::router(self)
    }
}

/// How long the shop asks what became of a payment.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// While a shopper waits for the page.
    pub at_the_counter: Duration,
    /// Between two questions: at first, and at most.
    pub waits: (Duration, Duration),
    /// Without a shopper: as long as this, the shop asks on its own.
    pub in_the_back: Duration,
    /// A payment that is not found so long after it was sent counts as never arrived. Choose more than the longest time
    /// that a request can be on its way.
    pub gone_after: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            at_the_counter: Duration::from_secs(4),
            waits: (Duration::from_millis(500), Duration::from_secs(15)),
            in_the_back: Duration::from_secs(3600),
            gone_after: Duration::from_secs(300),
        }
    }
}
