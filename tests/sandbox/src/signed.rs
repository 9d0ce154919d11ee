//! How is a message signed? In its own documented format, with the key of its type, where one is known.

use std::fmt;

use paywall_api::{HashError, Notification, Secret};

/// The keys of the merchant panel by their type.
#[derive(Clone, Default)]
pub(crate) struct HashKeys {
    keys: Vec<(i64, Secret)>,
}

/// A hash, and which one it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) hash: String,
    pub(crate) format: &'static str,
    pub(crate) key_type: i64,
}

impl HashKeys {
    pub(crate) fn new(keys: Vec<(i64, Secret)>) -> Self {
        Self { keys }
    }

    /// Signs what `text` says at the places of a message. Nothing where there is no key for it.
    pub(crate) fn sign<N: Notification>(
        &self,
        text: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Signature>, HashError> {
        let Some(places) = N::HASH else { return Ok(None) };
        let format = N::FORMATS.iter().find(|format| format.name == places.usual_format);
        let (Some(format), Some(key)) = (format, self.key(places.usual_key_type)) else { return Ok(None) };
        let parts = places.parts.iter().filter_map(|(name, place)| Some((*name, text(place)?)));
        let parts: Vec<(&str, String)> = parts.collect();
        let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let hash = format.sign(key, &parts)?;
        Ok(Some(Signature { hash, format: format.name, key_type: places.usual_key_type }))
    }

    /// The key that was said last.
    fn key(&self, key_type: i64) -> Option<&Secret> {
        self.keys.iter().rev().find(|(known, _)| *known == key_type).map(|(_, key)| key)
    }
}

/// Shows the types, and no key.
impl fmt::Debug for HashKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys.iter().map(|(key_type, _)| key_type)).finish()
    }
}
