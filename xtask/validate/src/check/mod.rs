//! How a payload is held against the contract: the engine's verdict, what no schema says, and the emitted types.

pub(crate) mod lint;
pub(crate) mod place;
pub(crate) mod rules;
mod seen;
pub(crate) mod spelling;
pub(crate) mod spoilt;
pub(crate) mod typed;
pub(crate) mod verdict;
