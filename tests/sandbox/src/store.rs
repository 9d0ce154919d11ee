//! How does the book outlive the process? Every change is in a file before the answer that tells of it goes out.
//!
//! ```text
//! handler -> changes, in the order of the book -> one writer -> a transaction for all that waits -> the answers go out
//! ```

mod found;

use std::fmt;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use redb::{Database, ReadTransaction, ReadableTable, TableDefinition, TableHandle, WriteTransaction};
use tokio::sync::oneshot;

use crate::Error;
use crate::bank::{Book, Change, Changes, Unreadable};

/// What the file is of, and in which shape.
const MARK: TableDefinition<'_, &str, u64> = TableDefinition::new("paywall-sandbox");
const SHAPE: (&str, u64) = ("shape", 1);
/// Where chance stands, so that a restart does not make up the same codes again.
const RANDOM: &str = "random";

type Shelved<'t> = TableDefinition<'t, &'static str, &'static [u8]>;

/// The book that the file has.
fn book(read: &ReadTransaction) -> Result<Book, Damage> {
    Book::stored(|shelf| {
        let table = read.open_table(Shelved::new(shelf))?;
        let records = table.iter()?.map(|entry| {
            let (key, json) = entry?;
            Ok((key.value().to_owned(), json.value().to_vec()))
        });
        records.collect()
    })
}

/// Why a file cannot be used. It shows no record.
#[derive(Debug)]
struct Damage(String);

impl Damage {
    fn new(what: &str) -> Self {
        Self(what.to_owned())
    }
}

impl From<Unreadable> for Damage {
    fn from(_: Unreadable) -> Self {
        Self::new("a record of another version stands in it")
    }
}

macro_rules! damage {
    ($($error:ty),*) => {
        $(impl From<$error> for Damage {
            fn from(error: $error) -> Self {
                Self(error.to_string())
            }
        })*
    };
}

damage!(
    std::io::Error,
    redb::CommitError,
    redb::DatabaseError,
    redb::StorageError,
    redb::TableError,
    redb::TransactionError
);

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The file, and the thread that writes it.
pub(crate) struct Store {
    /// Nothing once it is being dropped.
    queue: Option<mpsc::Sender<Batch>>,
    writer: Option<JoinHandle<()>>,
}

struct Batch {
    changes: Changes,
    done: oneshot::Sender<bool>,
}

/// What was found in a file.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) store: Store,
    pub(crate) book: Book,
    /// Where chance stood; nothing for a new file.
    pub(crate) random: Option<u64>,
}

impl Store {
    /// Opens the file, or makes it where there is none.
    pub(crate) fn open(path: &Path) -> Result<Found, Error> {
        let told = |found: Damage| Error::State { path: path.to_owned(), found: found.to_string() };
        let (database, seen) = found::open(path, read, prepare).map_err(told)?;
        let (random, book) = seen.unwrap_or_default();
        let (queue, batches) = mpsc::channel();
        let writer = std::thread::spawn(move || write_all(&database, &batches));
        let store = Self { queue: Some(queue), writer: Some(writer) };
        Ok(Found { store, book, random })
    }

    /// Puts the changes behind all that wait already. Whoever holds the book while changes are taken must hold it until
    /// here, so that they are written in their order.
    pub(crate) fn keep(&self, changes: Changes) -> Kept {
        let (done, kept) = oneshot::channel();
        if let Some(queue) = &self.queue {
            // Where the writer is gone, so is `done`, and the waiter learns it.
            let _ = queue.send(Batch { changes, done });
        }
        Kept(kept)
    }
}

/// A promise that changes, and all before them, are durable.
pub(crate) struct Kept(oneshot::Receiver<bool>);

impl Kept {
    /// Whether they are.
    pub(crate) async fn done(self) -> bool {
        self.0.await.unwrap_or(false)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            // A panic over there has been told on stderr.
            let _ = writer.join();
        }
    }
}

/// Everything that is read before the first request: where chance stood, and the book.
fn read(database: &Database) -> Result<(Option<u64>, Book), Damage> {
    let read = database.begin_read()?;
    let mut tables = read.list_tables()?.peekable();
    if tables.peek().is_none() {
        return Err(Damage::new(found::EMPTY));
    }
    if !tables.any(|table| table.name() == MARK.name()) {
        return Err(Damage::new("it is a database of something else"));
    }
    let mark = read.open_table(MARK)?;
    if mark.get(SHAPE.0)?.map(|shape| shape.value()) != Some(SHAPE.1) {
        return Err(Damage::new("it is of another version"));
    }
    let random = mark.get(RANDOM)?.map(|random| random.value());
    Ok((random, book(&read)?))
}

/// Makes a new file ours.
fn prepare(database: &Database) -> Result<(), Damage> {
    let write = begin(database)?;
    write.open_table(MARK)?.insert(SHAPE.0, SHAPE.1)?;
    for name in Book::SHELVES {
        write.open_table(Shelved::new(name))?;
    }
    Ok(write.commit()?)
}

/// A transaction in two phases: what it has written is never given up for what stood there before it.
fn begin(database: &Database) -> Result<WriteTransaction, Damage> {
    let mut write = database.begin_write()?;
    write.set_two_phase_commit(true);
    Ok(write)
}

/// Writes whatever waits in one transaction, until nobody can send any more. After a failure nothing is written: what
/// is in memory and what is in the file have parted.
fn write_all(database: &Database, batches: &mpsc::Receiver<Batch>) {
    let mut sound = true;
    let mut is_twice = false;
    loop {
        let first = match batches.recv_timeout(if is_twice { FOREVER } else { MOMENT }) {
            Ok(first) => first,
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                sound = sound && again(database).is_ok();
                is_twice = true;
                continue;
            }
        };
        let waiting: Vec<Batch> = std::iter::once(first).chain(batches.try_iter()).collect();
        if sound && waiting.iter().any(|batch| !batch.changes.records.is_empty()) {
            sound = written(database, &waiting).is_ok();
            is_twice = false;
        }
        for batch in waiting {
            // Who does not wait any more has gone.
            let _ = batch.done.send(sound);
        }
    }
}

/// How long nothing comes before there is time to write again what was written last.
const MOMENT: Duration = Duration::from_millis(50);
const FOREVER: Duration = Duration::from_secs(60 * 60);

/// The file has two places for the state, and one bit says which of them counts: with the same state in both, that bit
/// may flip on a disk and nothing is lost.
fn again(database: &Database) -> Result<(), Damage> {
    let write = begin(database)?;
    write.open_table(MARK)?.insert(SHAPE.0, SHAPE.1)?;
    Ok(write.commit()?)
}

fn written(database: &Database, batches: &[Batch]) -> Result<(), Damage> {
    let write = begin(database)?;
    for batch in batches {
        for change in &batch.changes.records {
            put(&write, change)?;
        }
        write.open_table(MARK)?.insert(RANDOM, batch.changes.random)?;
    }
    Ok(write.commit()?)
}

fn put(write: &WriteTransaction, change: &Change) -> Result<(), Damage> {
    let mut table = write.open_table(TableDefinition::<&str, &[u8]>::new(change.shelf))?;
    match &change.record {
        Some(json) => drop(table.insert(change.key.as_str(), json.as_slice())?),
        None => drop(table.remove(change.key.as_str())?),
    }
    Ok(())
}
