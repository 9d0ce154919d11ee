//! Who may ask? The key pair that the operation names, with the right values, and no header of another pair.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use hyper::HeaderMap;
use paywall_api::Secret;
use serde::Deserialize;

use crate::{Error, Options};

/// The two values of a key pair.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    key: String,
    client: String,
}

impl Keys {
    /// A key and its client.
    pub fn new(key: impl Into<String>, client: impl Into<String>) -> Self {
        Self { key: key.into(), client: client.into() }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self::new("k", "c")
    }
}

/// Shows neither value.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(***)")
    }
}

/// What a file of keys says: pairs by their name in the contract, and hash keys by their type.
///
/// ```json
/// { "pairs": { "public": { "key": "…", "client": "…" } }, "hash_keys": { "1": "…" } }
/// ```
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysFile {
    #[serde(default)]
    pairs: BTreeMap<String, Keys>,
    #[serde(default)]
    hash_keys: BTreeMap<String, Secret>,
}

impl KeysFile {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or does not say that; never with a word of it.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let unusable = |found: String| Error::KeysFile { path: path.to_owned(), found };
        let text = std::fs::read(path).map_err(|error| unusable(error.kind().to_string()))?;
        let file: Self = serde_json::from_slice(&text).map_err(|error| {
            unusable(format!("line {}, column {} is not as it must be", error.line(), error.column()))
        })?;
        let odd = file.hash_keys.keys().any(|key_type| key_type.parse::<i64>().is_err());
        if odd { Err(unusable("the type of a hash key is no number".to_owned())) } else { Ok(file) }
    }

    /// These keys, for a sandbox.
    #[must_use]
    pub fn into_options(self, options: Options) -> Options {
        let options = self.pairs.into_iter().fold(options, |options, (pair, keys)| options.keys(pair, keys));
        let numbered = |(key_type, key): (String, Secret)| Some((key_type.parse::<i64>().ok()?, key));
        let hash_keys = self.hash_keys.into_iter().filter_map(numbered);
        hash_keys.fold(options, |options, (key_type, key)| options.hash_key(key_type, key))
    }
}

/// Shows no key.
impl fmt::Debug for KeysFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeysFile")
            .field("pairs", &self.pairs)
            .field("hash_keys", &self.hash_keys.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// The pairs of a contract, their headers and the values that they must have.
#[derive(Debug)]
pub(crate) struct Doors {
    doors: Vec<Door>,
}

#[derive(Debug)]
struct Door {
    pair: String,
    key: String,
    client: String,
    keys: Keys,
}

impl Doors {
    /// The pairs of the contract with the keys that were chosen; `k` and `c` where none were.
    pub(crate) fn new(pairs: &[paywall_contract::model::KeyPair], chosen: &[(String, Keys)]) -> Result<Self, Error> {
        if let Some((stranger, _)) = chosen.iter().find(|(pair, _)| !pairs.iter().any(|known| known.name == *pair)) {
            let known = pairs.iter().map(|pair| pair.name.clone()).collect();
            return Err(Error::UnknownPair { pair: stranger.clone(), known });
        }
        let keys = |name: &str| chosen.iter().rev().find(|(pair, _)| pair == name).map(|(_, keys)| keys.clone());
        let doors = pairs.iter().map(|pair| Door {
            pair: pair.name.clone(),
            key: pair.key.clone(),
            client: pair.client.clone(),
            keys: keys(&pair.name).unwrap_or_default(),
        });
        Ok(Self { doors: doors.collect() })
    }

    /// Why these headers do not open an operation that takes `pair`; nothing if they do.
    pub(crate) fn refuse(&self, pair: Option<&str>, headers: &HeaderMap) -> Option<String> {
        let (own, others): (Vec<&Door>, Vec<&Door>) =
            self.doors.iter().partition(|door| Some(door.pair.as_str()) == pair);
        let wrong = own.iter().flat_map(|door| door.wrong(headers));
        let foreign = others.iter().flat_map(|door| door.present(headers)).map(|header| {
            let expected = pair.map_or_else(|| "no keys".to_owned(), |pair| format!("the {pair} pair alone"));
            format!("the header {header} does not belong here: this operation takes {expected}")
        });
        let found: Vec<String> = wrong.chain(foreign).collect();
        (!found.is_empty()).then(|| found.join("; "))
    }
}

impl Door {
    fn parts(&self) -> [(&str, &str); 2] {
        [(&self.key, &self.keys.key), (&self.client, &self.keys.client)]
    }

    fn wrong(&self, headers: &HeaderMap) -> Vec<String> {
        self.parts().into_iter().filter_map(|(header, value)| misfit(headers, header, value)).collect()
    }

    fn present(&self, headers: &HeaderMap) -> Vec<&str> {
        self.parts().into_iter().map(|(header, _)| header).filter(|header| headers.contains_key(*header)).collect()
    }
}

/// Never says what was sent or what was expected.
fn misfit(headers: &HeaderMap, header: &str, value: &str) -> Option<String> {
    let sent: Vec<&[u8]> = headers.get_all(header).iter().map(hyper::header::HeaderValue::as_bytes).collect();
    match sent.as_slice() {
        [] => Some(format!("the header {header} is missing")),
        [one] if *one == value.as_bytes() => None,
        [_] => Some(format!("the header {header} has another value than this sandbox was started with")),
        _ => Some(format!("the header {header} was sent more than once")),
    }
}
