//! Who may ask? The key pair that the operation names, with the right values, and no header of another pair.

use std::fmt;

use hyper::HeaderMap;

use crate::Error;

/// The two values of a key pair.
#[derive(Clone, PartialEq, Eq)]
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
    pub(crate) fn new(pairs: &[codegen::model::KeyPair], chosen: &[(String, Keys)]) -> Result<Self, Error> {
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
