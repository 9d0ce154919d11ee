//! A request of which a part travels outside of the body.

use std::io::{self, Write};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Checker, Validate, quietly};

/// A request of which `parameters` travel in the path, in the query or as headers, and `body` as JSON.
///
/// As a value of its own, in a log for instance, it is an object of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a request has these two places and no other")]
pub struct WithParameters<P, B> {
    /// What travels outside of the body.
    pub parameters: P,
    /// What travels as the body.
    pub body: B,
}

/// What serde derives for it, its errors as serde writes them.
#[derive(Deserialize)]
#[serde(remote = "WithParameters")]
struct Derived<P, B> {
    parameters: P,
    body: B,
}

impl<'de, P: Deserialize<'de>, B: Deserialize<'de>> Deserialize<'de> for WithParameters<P, B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        quietly(Derived::deserialize(deserializer))
    }
}

impl<P, B> WithParameters<P, B> {
    /// A request of both.
    pub fn new(parameters: P, body: B) -> Self {
        Self { parameters, body }
    }
}

impl<P, B: Serialize> WithParameters<P, B> {
    /// Writes the body's JSON, for [`Operation::write_body`](crate::Operation::write_body).
    ///
    /// # Errors
    ///
    /// What `out` says, or a value that cannot be written.
    pub fn write_body(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(out, &self.body).map_err(io::Error::from)
    }
}

impl<P: Validate, B: Validate> Validate for WithParameters<P, B> {
    fn check(&self, at: &mut Checker) {
        at.within("parameters", &self.parameters);
        at.within("body", &self.body);
    }
}
