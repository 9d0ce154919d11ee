//! A local Paywall: a real HTTP server on loopback that answers from the contract, refuses what breaks it,
//! and fails on demand.
//!
//! ```text
//! request -> endpoint (404, 405) -> keys (401) -> media type (415) -> size (413) -> JSON -> schema -> sample
//! ```
//!
//! A test starts one in-process, tells it what to do next, and asks afterwards what came in:
//!
//! ```
//! use paywall_sandbox::{Options, Reply, Sandbox};
//!
//! let sandbox = Sandbox::start(Options::default())?;
//! sandbox.script().next("start3dPayment", Reply::close())?;
//! assert_eq!(sandbox.script().left(), 1);
//! assert!(sandbox.received().is_empty());
//! sandbox.stop();
//! # Ok::<(), paywall_sandbox::Error>(())
//! ```
//!
//! It keeps no state yet: every session and payment is the documented one.

mod answer;
mod connection;
mod contract;
mod error;
mod judge;
mod keys;
mod listener;
mod log;
mod options;
mod paced;
mod received;
pub mod replay;
mod rules;
mod running;
mod script;
mod stand_in;
mod stream;
pub mod text;
mod whole;

pub use contract::usual_answer;
pub use error::Error;
pub use hyper::StatusCode;
pub use keys::Keys;
pub use options::{Options, Refusals};
pub use received::Received;
pub use running::{Running, Sandbox};
pub use script::{Fault, Greeting, Reply, Script};
pub use whole::whole;
