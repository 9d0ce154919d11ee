//! What of a request that travels in two places, as headers and as a body?

use std::io::{self, Write};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Checker, Validate, quietly};

/// A request of which `headers` travel as HTTP headers and `body` as JSON.
///
/// As a value of its own, in a log for instance, it is an object of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_structs, reason = "a request has these two places and no other")]
pub struct WithHeaders<H, B> {
    /// What travels as headers.
    pub headers: H,
    /// What travels as the body.
    pub body: B,
}

/// What serde derives for it, its errors as serde writes them.
#[derive(Deserialize)]
#[serde(remote = "WithHeaders")]
struct Derived<H, B> {
    headers: H,
    body: B,
}

impl<'de, H: Deserialize<'de>, B: Deserialize<'de>> Deserialize<'de> for WithHeaders<H, B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        quietly(Derived::deserialize(deserializer))
    }
}

impl<H, B> WithHeaders<H, B> {
    /// A request of both.
    pub fn new(headers: H, body: B) -> Self {
        Self { headers, body }
    }
}

impl<H, B: Serialize> WithHeaders<H, B> {
    /// Writes the body's JSON, for [`Operation::write_body`](crate::Operation::write_body).
    ///
    /// # Errors
    ///
    /// What `out` says, or a value that cannot be written.
    pub fn write_body(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(out, &self.body).map_err(io::Error::from)
    }
}

impl<H: Validate, B: Validate> Validate for WithHeaders<H, B> {
    fn check(&self, at: &mut Checker) {
        at.within("headers", &self.headers);
        at.within("body", &self.body);
    }
}
