//! Can this file be used? It is looked at as a copy in memory, so that one that cannot be used stays as it was found.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Builder, Database, DatabaseError, StorageBackend, StorageError};

use super::Damage;

/// The database of a file that is this process's alone from now on, once its copy has passed `look`; and what that saw,
/// which is nothing in a new file.
pub(super) fn open<T>(
    path: &Path,
    look: impl FnOnce(&Database) -> Result<T, Damage>,
) -> Result<(Database, Option<T>), Damage> {
    quietly(|| {
        let (file, is_new) = file(path)?;
        let file = FileBackend::new(file).map_err(in_words)?;
        let seen = if is_new { None } else { Some(look(&copy(&file)?)?) };
        let database = Builder::new().create_with_backend(file).map_err(in_words)?;
        Ok((database, seen))
    })
}

/// Nothing in a file that exists may mean that everything was lost.
pub(super) const EMPTY: &str = "it is empty";

/// The file, and whether it has just been made.
fn file(path: &Path) -> io::Result<(File, bool)> {
    let open = |is_new| OpenOptions::new().read(true).write(true).create_new(is_new).open(path);
    match open(true) {
        Ok(file) => Ok((file, true)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok((open(false)?, false)),
        Err(error) => Err(error),
    }
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
