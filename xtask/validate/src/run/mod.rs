//! Reads, checks and hands on, in the order of the inputs: one thread reads, some check, the caller's takes.
//!
//! Every queue is bounded, so that memory does not grow with the inputs.

mod desk;
mod produce;

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::checker::Checker;
use crate::choice::{Choice, Known};
use crate::input::kind::Kind;
use crate::place::Place;
use crate::report::Batch;

/// How the inputs are to be checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the payloads are.
    pub choice: Choice,
    /// How many threads check.
    pub jobs: usize,
    /// How many findings of a batch get the lines that they stand on.
    pub frames: usize,
    /// Whether these lines show values, save cards and codes.
    pub show_values: bool,
    /// Whether the types are asked of every line of JSON Lines, where they are asked at all.
    pub types_of_all: bool,
}

/// What happens to the inputs while they are read.
pub trait Watch: Sync {
    /// So many bytes more will be read.
    fn expect(&self, bytes: u64);
}

/// One piece of work.
enum Job {
    /// A file of its own.
    File(PathBuf),
    /// A file that has been read.
    Whole(Vec<u8>, Option<Kind>, Known),
    /// Some lines, and where the first begins.
    Lines(Vec<u8>, Place, Known),
}

/// Work, and where its result goes.
type Task = (Arc<str>, Job, SyncSender<Batch>);

/// How many pieces of work may wait for each thread.
const AHEAD: usize = 4;

/// Checks what the paths mean.
///
/// # Errors
///
/// Those of `take`, after which nothing more is read.
pub fn run(
    checker: &Checker,
    settings: &Settings,
    paths: &[PathBuf],
    watch: &dyn Watch,
    take: &mut dyn FnMut(Batch) -> io::Result<()>,
) -> io::Result<()> {
    thread::scope(|scope| {
        let (tasks, waiting) = sync_channel(settings.jobs * AHEAD);
        let (order, batches) = sync_channel(settings.jobs * AHEAD);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..settings.jobs {
            let waiting = Arc::clone(&waiting);
            scope.spawn(move || work(checker, settings, &waiting));
        }
        drop(waiting);
        scope.spawn(move || produce::produce(&produce::Line { tasks, order }, checker, settings, paths, watch));
        collect(&batches, take)
    })
}

/// Each piece of work announces its result before it is begun, so that results come in the order of the inputs.
fn collect(batches: &Receiver<Receiver<Batch>>, take: &mut dyn FnMut(Batch) -> io::Result<()>) -> io::Result<()> {
    for batch in batches {
        // A thread that ends without a result has panicked, which the scope tells.
        let Ok(batch) = batch.recv() else { break };
        take(batch)?;
    }
    Ok(())
}

fn work(checker: &Checker, settings: &Settings, waiting: &Mutex<Receiver<Task>>) {
    let mut desk = desk::Desk::new(checker, settings);
    loop {
        let task = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((path, job, result)) = task else { break };
        let batch = match job {
            Job::File(file) => desk.file(path, &file),
            Job::Whole(bytes, kind, known) => desk.whole(path, &bytes, kind, known),
            Job::Lines(bytes, first, known) => desk.lines(path, &bytes, first, known),
        };
        // Nobody waits for it any more when the output has ended.
        let _ = result.send(batch);
    }
}
