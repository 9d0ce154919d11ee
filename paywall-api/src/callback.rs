//! What comes back through the shopper's browser or to a webhook, and how far is it to be trusted?
//!
//! Read it into a [`Claim`], verify its hash, and believe neither: only an inquiry tells what became of a payment.

mod claim;
mod claim_error;
mod fields;
mod form;
mod hash;
mod hash_error;
mod hash_keys;
mod json;
mod message;
mod notification;
#[cfg(test)]
mod tests;
mod verify;

pub use self::claim::Claim;
pub use self::claim_error::{ClaimError, ClaimErrorKind};
pub use self::hash::HashFormat;
pub use self::hash_error::{HashError, HashErrorKind};
pub use self::hash_keys::HashKeys;
pub use self::message::decoded;
pub use self::notification::{ClaimPlaces, ClaimsPayment, Encoding, HashPlaces, Notification, Subject};
pub use self::verify::{HashChoice, Trust};
