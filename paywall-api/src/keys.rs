//! Who is asking? The key pairs of one merchant, and how one of them gets into a request.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use crate::{BuildError, KeyPair, Secret};

/// The two values of a key pair, from the merchant panel. They differ in every environment.
#[derive(Clone, Debug)]
pub struct Credentials {
    key: Secret,
    client: Secret,
}

impl Credentials {
    /// The key and the client of one pair.
    pub fn new(key: impl Into<Secret>, client: impl Into<Secret>) -> Self {
        Self { key: key.into(), client: client.into() }
    }
}

/// The key pairs of one merchant.
///
/// ```
/// use paywall_api::{Credentials, Keys};
///
/// let keys = Keys::new()
///     .public(Credentials::new("public key", "public client"))
///     .private(Credentials::new("private key", "private client"));
/// assert_eq!(format!("{keys:?}"), r#"Keys ["public", "private"]"#);
/// ```
#[derive(Clone, Default)]
pub struct Keys {
    pairs: Vec<(&'static str, Credentials)>,
}

impl Keys {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the public pair, or replaces it.
    #[must_use]
    pub fn public(self, credentials: Credentials) -> Self {
        self.named("public", credentials)
    }

    /// Adds the private pair, or replaces it.
    #[must_use]
    pub fn private(self, credentials: Credentials) -> Self {
        self.named("private", credentials)
    }

    /// Adds any pair of a contract, or replaces it.
    #[must_use]
    pub fn pair(self, pair: &'static KeyPair, credentials: Credentials) -> Self {
        self.named(pair.name(), credentials)
    }

    fn named(mut self, name: &'static str, credentials: Credentials) -> Self {
        self.pairs.retain(|(known, _)| *known != name);
        self.pairs.push((name, credentials));
        self
    }

    /// Can each be a header?
    pub(crate) fn check(&self) -> Result<(), BuildError> {
        for (name, credentials) in &self.pairs {
            for part in [&credentials.key, &credentials.client] {
                if sensitive(part).is_none() {
                    return Err(BuildError::new(format!(
                        "the {name} keys cannot be sent: expected visible ascii characters, not empty"
                    )));
                }
            }
        }
        Ok(())
    }

    /// Writes the two headers of `pair`, and of no other.
    pub(crate) fn write(&self, pair: &KeyPair, headers: &mut HeaderMap) -> Result<(), KeysMissing> {
        let missing = KeysMissing { pair: pair.name() };
        let (_, credentials) = self.pairs.iter().find(|(name, _)| *name == pair.name()).ok_or(missing)?;
        for (header, part) in [(pair.key_header(), &credentials.key), (pair.client_header(), &credentials.client)] {
            let name = HeaderName::from_bytes(header.as_bytes()).map_err(|_| missing)?;
            headers.insert(name, sensitive(part).ok_or(missing)?);
        }
        Ok(())
    }
}

/// Shows which pairs there are, never a value.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys ")?;
        f.debug_list().entries(self.pairs.iter().map(|(name, _)| name)).finish()
    }
}

/// A header value that no `Debug` shows and that is wiped when its last copy is dropped.
fn sensitive(secret: &Secret) -> Option<HeaderValue> {
    let text = secret.expose();
    if text.is_empty() || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return None;
    }
    let wiped = Bytes::from_owner(Zeroizing::new(text.as_bytes().to_vec()));
    let mut value = HeaderValue::from_maybe_shared(wiped).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// An operation needs a pair that was not given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeysMissing {
    pair: &'static str,
}

impl fmt::Display for KeysMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pair = self.pair;
        match pair {
            "public" | "private" => write!(f, "no {pair} keys: give them with ClientBuilder::{pair}_keys"),
            _ => write!(f, "no {pair} keys: give them with ClientBuilder::keys"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static PRIVATE: KeyPair = KeyPair::new("private", "apikeyprivate", "apiclientprivate");

    #[test]
    fn only_the_pair_asked_for_is_written() {
        let keys = Keys::new().public(Credentials::new("a", "b")).private(Credentials::new("c", "d"));
        let mut headers = HeaderMap::new();
        keys.write(&PRIVATE, &mut headers).expect("keys");
        assert_eq!(headers.len(), 2);
        assert!(headers.values().all(HeaderValue::is_sensitive));
        assert_eq!(headers["apikeyprivate"], "c");
        assert_eq!(headers["apiclientprivate"], "d");
    }

    #[test]
    fn missing_keys_name_the_way_to_give_them() {
        let missing = Keys::new().write(&PRIVATE, &mut HeaderMap::new()).expect_err("missing");
        assert_eq!(missing.to_string(), "no private keys: give them with ClientBuilder::private_keys");
    }

    #[test]
    fn keys_that_are_no_header_are_refused_and_not_shown() {
        for key in ["", "hush\n", "hüsh", "hush\r\nx: y"] {
            let keys = Keys::new().public(Credentials::new(key, "client"));
            let error = keys.check().expect_err("no header");
            assert!(!format!("{error} {error:?} {keys:?}").contains("hush"));
        }
    }
}
