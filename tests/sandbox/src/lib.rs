//! A local Paywall: a real HTTP server on loopback that answers from the contract, refuses what breaks it,
//! and fails on demand.
//!
//! ```text
//! request -> time (408) -> endpoint (404, 405) -> keys (401) -> media type (415) -> size (413) -> JSON -> schema
//!         -> bank (where it remembers) -> store (where there is one) -> answer; the sample where no bank knows it
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
//! So started, it remembers nothing: every session and payment is the documented one, which a test can rely on. With
//! [`Options::stateful`] it is a Paywall that behaves: sessions, cards, one-time passwords and payments are remembered,
//! test cards and amounts choose what becomes of them, and an inquiry tells the truth.

mod answer;
mod bank;
mod connection;
mod contract;
mod cross_origin;
mod embedded;
mod envelope;
mod error;
mod faults;
mod guide;
mod judge;
mod keys;
mod listener;
mod log;
mod notices;
mod options;
mod outgoing;
mod paced;
mod pages;
mod received;
pub mod replay;
mod rules;
mod running;
mod script;
mod signed;
mod stand_in;
mod store;
mod stream;
pub mod text;
mod whole;

pub use bank::outcomes;
pub use contract::usual_answer;
pub use error::Error;
pub use faults::{FAULTS, Faults};
pub use guide::guide;
pub use hyper::StatusCode;
pub use keys::{Keys, KeysFile};
pub use log::LogFormat;
pub use options::{Options, Refusals};
pub use received::Received;
pub use running::{Running, Sandbox};
pub use script::{Fault, Greeting, Reply, Script};
pub use whole::whole;
