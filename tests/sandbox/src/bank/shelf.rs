//! Records by key, and which of them have changed since they were last stored.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Records of one kind.
#[derive(Clone)]
pub(crate) struct Shelf<T> {
    records: BTreeMap<String, T>,
    /// Some of them several times.
    changed: Vec<String>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { records: BTreeMap::new(), changed: Vec::new() }
    }
}

/// Shows how many there are: tokens are keys here.
impl<T> fmt::Debug for Shelf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} records", self.records.len())
    }
}

impl<T> Shelf<T> {
    /// A shelf with what was stored.
    pub(crate) fn stored(records: impl IntoIterator<Item = (String, T)>) -> Self {
        Self { records: records.into_iter().collect(), changed: Vec::new() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.records.get(key)
    }

    /// The record, which counts as changed from now on.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        let record = self.records.get_mut(key)?;
        self.changed.push(key.to_owned());
        Some(record)
    }

    pub(crate) fn put(&mut self, key: impl Into<String>, record: T) {
        let key = key.into();
        self.changed.push(key.clone());
        self.records.insert(key, record);
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<T> {
        let record = self.records.remove(key)?;
        self.changed.push(key.to_owned());
        Some(record)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.records.iter().map(|(key, record)| (key.as_str(), record))
    }

    /// Lets go of what has changed, where nothing is stored.
    pub(crate) fn forget_changed(&mut self) {
        self.changed.clear();
    }

    /// What has changed since the last call: the record, or nothing where it was removed.
    pub(crate) fn take_changed(&mut self) -> Vec<(String, Option<&T>)> {
        let changed: BTreeSet<String> = std::mem::take(&mut self.changed).into_iter().collect();
        changed.into_iter().map(|key| (key.clone(), self.records.get(&key))).collect()
    }
}
