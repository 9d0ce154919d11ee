#![doc = include_str!("../README.md")]
#![deny(missing_docs)]
#![forbid(unsafe_code)]

// Generated code names the runtime as `paywall_api::…`, so that it also compiles outside of this crate.
extern crate self as paywall_api;

mod amount;
mod answer;
mod api;
mod bank;
mod base;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod byte_order_mark;
mod call;
mod callback;
mod card_in_text;
mod client;
mod confirm;
mod content_coding;
#[cfg(feature = "schemars")]
mod contract_schema;
mod decode;
mod encode;
mod envelope;
mod envelope_places;
mod environment;
mod error;
mod error_detail;
mod exchange;
mod expected;
mod form;
// The generator prints it; `cargo xtask codegen --check` compares it byte for byte.
#[macro_use]
#[rustfmt::skip]
mod generated;
mod keys;
mod month;
mod movements;
mod next_step;
mod nothing;
mod object;
mod objects;
mod operation;
mod outcome;
mod parameters;
mod payload;
mod places;
mod pointer;
mod presence;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod proxy;
mod quiet;
mod redact;
mod refusal;
mod resolve;
mod retry;
pub mod rule;
mod secret;
mod sent;
mod session;
mod standing;
mod time;
mod trace;
mod transport;
mod unknown;
mod untrusted;
mod validate;
mod watch;
mod with_parameters;

// Their types are part of this crate's own signatures.
pub use bytes;
pub use http;
pub use rust_decimal;

pub use crate::amount::{Amount, AmountError};
pub use crate::answer::Answer;
pub use crate::api::{Api, CodeEntry, ErrorTable, KeyPair};
pub use crate::bank::BankError;
pub use crate::builder::ClientBuilder;
pub use crate::call::{Call, Caller};
pub use crate::callback::{
    Claim, ClaimError, ClaimErrorKind, ClaimPlaces, ClaimsPayment, Encoding, HashChoice, HashError, HashErrorKind,
    HashFormat, HashKeys, HashPlaces, Notification, Subject, Trust, decoded,
};
pub use crate::client::Client;
pub use crate::confirm::{
    Confirm, Confirmation, ConfirmedPayment, PaymentWithInterest, Unconfirmed, UnconfirmedReason,
};
#[cfg(feature = "schemars")]
pub use crate::contract_schema::contract_schema;
pub use crate::decode::decode;
pub use crate::encode::encode;
pub use crate::envelope_places::{EnvelopePlaces, ErrorPlaces, SuccessMark};
pub use crate::environment::Environment;
pub use crate::error::{BuildError, Error, ErrorKind};
pub use crate::error_detail::ErrorDetail;
pub use crate::expected::Expected;
pub use crate::form::{FormPair, FormText};
pub use crate::generated::*;
pub use crate::keys::{Credentials, Keys};
pub use crate::month::Month;
pub use crate::next_step::NextStep;
pub use crate::nothing::Nothing;
pub use crate::operation::{Effect, Input, Operation, Retry};
pub use crate::outcome::Outcome;
pub use crate::parameters::Parameters;
#[doc(hidden)]
pub use crate::payload::masked_debug;
pub use crate::places::{BankErrorPlaces, Echo, RefusalPlaces, SessionPlaces, SuccessPlace};
#[doc(hidden)]
pub use crate::quiet::quietly;
pub use crate::redact::{RedactError, redacted};
pub use crate::refusal::InnerRefusal;
pub use crate::resolve::{
    ChangeResolution, InquiryResult, Resolution, Resolve, ResolveChange, ResolveError, ResolveErrorKind, Snapshot,
};
pub use crate::rule::{Flag, Items, ItemsRule, Number, NumberRule, Text, TextRule, given};
pub use crate::secret::{CardNumber, Personal, Secret, SecurityCode};
pub use crate::session::{MasterpassSession, Renewal};
pub use crate::standing::Standing;
pub use crate::time::{TimeError, Timestamp};
pub use crate::unknown::{Unknown, UnknownCall};
pub use crate::validate::{Checker, Severity, Validate, Violation, Violations, Way};
pub use crate::with_parameters::WithParameters;
