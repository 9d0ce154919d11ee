//! Can this file be used? It is looked at as a copy in memory, so that one that cannot be used stays as it was found.

use std::cell::Cell;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Once;

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Builder, Database, DatabaseError, StorageBackend, StorageError};

use super::Damage;

/// The database of a file that is this process's alone from now on, once its copy has passed `look`, and what that saw.
/// A new one appears under its name once `make` has done with it: a kill before that leaves no half of a file there.
pub(super) fn open<T>(
    path: &Path,
    look: impl FnOnce(&Database) -> Result<T, Damage>,
    make: impl FnOnce(&Database) -> Result<(), Damage>,
) -> Result<(Database, Option<T>), Damage> {
    quietly(|| match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => {
            let file = FileBackend::new(file).map_err(in_words)?;
            let seen = look(&copy(&file)?)?;
            Ok((Builder::new().create_with_backend(file).map_err(in_words)?, Some(seen)))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok((new(path, make)?, None)),
        Err(error) => Err(error.into()),
    })
}

/// Nothing in a file that exists may mean that everything was lost.
pub(super) const EMPTY: &str = "it is empty";

/// Made beside its place, where the remains of one that was killed may lie.
fn new(path: &Path, make: impl FnOnce(&Database) -> Result<(), Damage>) -> Result<Database, Damage> {
    let beside = beside(path);
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&beside)?;
    let file = FileBackend::new(file).map_err(in_words)?;
    // Another process that makes it has been refused by now.
    file.set_len(0)?;
    let database = Builder::new().create_with_backend(file).map_err(in_words)?;
    make(&database)?;
    std::fs::rename(&beside, path)?;
    Ok(database)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".begun");
    name.into()
}

/// The same database in memory, every page of which agrees with its checksum.
fn copy(file: &FileBackend) -> Result<Database, Damage> {
    let length = file.len()?;
    if length == 0 {
        return Err(Damage::new(EMPTY));
    }
    let memory = InMemoryBackend::new();
    memory.set_len(length)?;
    memory.write(0, &file.read(0, usize::try_from(length).map_err(io::Error::other)?)?)?;
    let mut database = Builder::new().create_with_backend(memory).map_err(of_the_copy)?;
    // What can only be mended by giving up what was written last is damaged.
    if database.check_integrity().map_err(of_the_copy)? { Ok(database) } else { Err(damaged()) }
}

fn in_words(error: DatabaseError) -> Damage {
    match error {
        DatabaseError::DatabaseAlreadyOpen => Damage::new("another process has it open"),
        other => other.into(),
    }
}

/// Memory fails by nothing but what is in it: places that the file does not have, for instance.
fn of_the_copy(error: DatabaseError) -> Damage {
    match error {
        DatabaseError::UpgradeRequired(_) => Damage::new("it is of another version"),
        DatabaseError::Storage(StorageError::Io(error)) if error.kind() == ErrorKind::InvalidData => {
            Damage::new("it is no file of state")
        }
        _ => damaged(),
    }
}

fn damaged() -> Damage {
    Damage::new("it is damaged")
}

/// A damaged file trips assertions of redb: they are told as damage, and not by a panic's lines on stderr.
fn quietly<T>(work: impl FnOnce() -> Result<T, Damage>) -> Result<T, Damage> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                usual(panic);
            }
        }));
    });
    QUIET.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    QUIET.set(false);
    done.unwrap_or_else(|_| Err(damaged()))
}

thread_local! {
    /// Whether this thread is looking at a file that may be damaged.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}
