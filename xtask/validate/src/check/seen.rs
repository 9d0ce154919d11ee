//! Which fields an object has had, so that a second one of a name is told.

use std::collections::HashSet;

/// Which fields an object has had.
#[derive(Default)]
pub(super) struct Seen {
    fields: u128,
    /// Fields of large objects, and those that the contract does not have.
    others: HashSet<Box<str>>,
    wide: HashSet<usize>,
}

impl Seen {
    /// Whether it is new.
    pub(super) fn field(&mut self, index: usize) -> bool {
        let Some(bit) = u32::try_from(index).ok().and_then(|index| 1_u128.checked_shl(index)) else {
            return self.wide.insert(index);
        };
        let is_new = self.fields & bit == 0;
        self.fields |= bit;
        is_new
    }

    pub(super) fn other(&mut self, key: &str) -> bool {
        self.others.insert(key.into())
    }
}
