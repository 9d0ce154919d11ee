//! How does the book outlive the process? Every change is in a file before the answer that tells of it goes out.
//!
//! ```text
//! handler -> changes, in the order of the book -> one writer -> a transaction for all that waits -> the answers go out
//! ```

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::mpsc;
use std::thread::JoinHandle;

use redb::{Database, DatabaseError, ReadableTable, TableDefinition, TableHandle, WriteTransaction};
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
fn book(database: &Database) -> Result<Book, Damage> {
    let read = database.begin_read()?;
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
    fn foreign(what: &str) -> Self {
        Self(what.to_owned())
    }
}

impl From<Unreadable> for Damage {
    fn from(_: Unreadable) -> Self {
        Self::foreign("a record of another version stands in it")
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

damage!(redb::CommitError, redb::DatabaseError, redb::StorageError, redb::TableError, redb::TransactionError);

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
        // A file that was cut short trips redb's assertions.
        let read = std::panic::catch_unwind(AssertUnwindSafe(|| read(path)));
        let (database, random, book) = read.unwrap_or_else(|_| Err(Damage::foreign("it is damaged"))).map_err(told)?;
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

/// Everything that is read before the first request.
fn read(path: &Path) -> Result<(Database, Option<u64>, Book), Damage> {
    let database = database(path)?;
    let random = mark(&database)?;
    let book = book(&database)?;
    Ok((database, random, book))
}

fn database(path: &Path) -> Result<Database, Damage> {
    match Database::create(path) {
        Ok(database) => Ok(database),
        Err(DatabaseError::DatabaseAlreadyOpen) => Err(Damage::foreign("another process has it open")),
        Err(DatabaseError::UpgradeRequired(_)) => Err(Damage::foreign("it is of another version")),
        Err(error) => Err(error.into()),
    }
}

/// Makes a new file ours; refuses one that is somebody else's. Gives where chance stood.
fn mark(database: &Database) -> Result<Option<u64>, Damage> {
    let write = database.begin_write()?;
    let is_new = write.list_tables()?.next().is_none();
    let random = {
        if !is_new && !write.list_tables()?.any(|table| table.name() == MARK.name()) {
            return Err(Damage::foreign("it is a database of something else"));
        }
        let mut table = write.open_table(MARK)?;
        if is_new {
            table.insert(SHAPE.0, SHAPE.1)?;
        }
        if table.get(SHAPE.0)?.map(|shape| shape.value()) != Some(SHAPE.1) {
            return Err(Damage::foreign("it is of another version"));
        }
        table.get(RANDOM)?.map(|random| random.value())
    };
    for name in Book::SHELVES {
        write.open_table(Shelved::new(name))?;
    }
    write.commit()?;
    Ok(random)
}

/// Writes whatever waits in one transaction, until nobody can send any more. After a failure nothing is written: what
/// is in memory and what is in the file have parted.
fn write_all(database: &Database, batches: &mpsc::Receiver<Batch>) {
    let mut sound = true;
    while let Ok(first) = batches.recv() {
        let waiting: Vec<Batch> = std::iter::once(first).chain(batches.try_iter()).collect();
        let changed = waiting.iter().any(|batch| !batch.changes.records.is_empty());
        if sound && changed {
            sound = written(database, &waiting).is_ok();
        }
        for batch in waiting {
            // Who does not wait any more has gone.
            let _ = batch.done.send(sound);
        }
    }
}

fn written(database: &Database, batches: &[Batch]) -> Result<(), Damage> {
    let write = database.begin_write()?;
    for batch in batches {
        for change in &batch.changes.records {
            put(&write, change)?;
        }
        write.open_table(MARK)?.insert(RANDOM, batch.changes.random)?;
    }
    write.commit()?;
    Ok(())
}

fn put(write: &WriteTransaction, change: &Change) -> Result<(), Damage> {
    let mut table = write.open_table(TableDefinition::<&str, &[u8]>::new(change.shelf))?;
    match &change.record {
        Some(json) => drop(table.insert(change.key.as_str(), json.as_slice())?),
        None => drop(table.remove(change.key.as_str())?),
    }
    Ok(())
}
