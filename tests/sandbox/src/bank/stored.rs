//! What of the book is stored? Every shelf, by the name of its field; a shelf that is missing here does not compile.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::shelf::Shelf;
use super::{Bank, Book};

/// One record that has changed.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) shelf: &'static str,
    pub(crate) key: String,
    /// As JSON; nothing where it was removed.
    pub(crate) record: Option<Vec<u8>>,
}

/// Everything that has changed since the last call.
#[derive(Debug)]
pub(crate) struct Changes {
    pub(crate) records: Vec<Change>,
    /// Where chance stands, so that a restart does not make up the same codes again.
    pub(crate) random: u64,
}

/// A record that this version cannot read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unreadable;

/// The stored records of one shelf: keys and JSON.
pub(crate) type Records = Vec<(String, Vec<u8>)>;

macro_rules! shelves {
    ($($shelf:ident),* $(,)?) => {
        impl Book {
            pub(crate) const SHELVES: &[&str] = &[$(stringify!($shelf)),*];

            fn take_changes(&mut self) -> Vec<Change> {
                let Self { $($shelf),* } = self;
                let mut changes = Vec::new();
                $(gather(stringify!($shelf), $shelf, &mut changes);)*
                changes
            }

            fn forget_changes(&mut self) {
                let Self { $($shelf),* } = self;
                $($shelf.forget_changed();)*
            }

            /// The book of what was stored; `records` gives those of a shelf.
            pub(crate) fn stored<E: From<Unreadable>>(
                mut records: impl FnMut(&'static str) -> Result<Records, E>,
            ) -> Result<Self, E> {
                $(let $shelf = shelf(records(stringify!($shelf))?)?;)*
                Ok(Self { $($shelf),* })
            }
        }
    };
}

shelves!(payments, sessions, accounts, wallet_payments, passwords, temp_tokens, temp_cards, saved_cards,);

impl Bank {
    /// Lets go of what has changed: nobody stores it.
    pub(crate) fn forget_changes(&mut self) {
        self.book.forget_changes();
    }

    /// What has changed since the last call, which counts as stored from here on.
    pub(crate) fn take_changes(&mut self) -> Changes {
        Changes { records: self.book.take_changes(), random: self.random.get_seed() }
    }
}

fn gather<T: Serialize>(shelf: &'static str, records: &mut Shelf<T>, changes: &mut Vec<Change>) {
    changes.extend(records.take_changed().into_iter().map(|(key, record)| {
        let json = record.map(|record| serde_json::to_vec(record).expect("a record is plain data"));
        Change { shelf, key, record: json }
    }));
}

fn shelf<T: DeserializeOwned>(records: Records) -> Result<Shelf<T>, Unreadable> {
    let read = records.into_iter().map(|(key, json)| Ok((key, serde_json::from_slice(&json)?)));
    let read: Result<Vec<_>, serde_json::Error> = read.collect();
    read.map(Shelf::stored).map_err(|_| Unreadable)
}
