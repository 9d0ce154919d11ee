//! With which keys are hashes checked? The panel makes one for each type of message.

use std::fmt;

use crate::Secret;

/// The merchant's hash keys, each of a type: 1 for the 3-D Secure callback, 4 for the system's webhook, …
///
/// A type without a key here is one whose hashes were not switched on in the panel.
///
/// ```
/// use paywall_api::HashKeys;
///
/// let keys = HashKeys::new().with(1, "the key of the callback").with(4, "the key of the webhook");
/// assert_eq!(format!("{keys:?}"), "HashKeys [1, 4]");
/// ```
#[derive(Clone, Default)]
pub struct HashKeys {
    keys: Vec<(i64, Secret)>,
}

impl HashKeys {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the key of a type, or replaces it. An empty key is refused when a hash is checked with it.
    #[must_use]
    pub fn with(mut self, key_type: impl Into<i64>, key: impl Into<Secret>) -> Self {
        let key_type = key_type.into();
        self.keys.retain(|(known, _)| *known != key_type);
        self.keys.push((key_type, key.into()));
        self
    }

    pub(super) fn get(&self, key_type: i64) -> Option<&Secret> {
        self.keys.iter().find(|(known, _)| *known == key_type).map(|(_, key)| key)
    }
}

/// Shows of which types there are keys, never a key.
impl fmt::Debug for HashKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKeys ")?;
        f.debug_list().entries(self.keys.iter().map(|(key_type, _)| key_type)).finish()
    }
}
