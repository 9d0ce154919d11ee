//! Reads, checks and hands on, in the order of the inputs: one thread reads, some check, the caller's takes.
//!
//! Every queue is bounded, so that memory does not grow with the inputs.

mod desk;
mod inside;
mod judge;
mod log;
mod produce;
mod traffic;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::checker::Checker;
use crate::choice::{Choice, Known};
use crate::input::kind::Kind;
use crate::place::Place;
use crate::report::{Aside, Batch, Unreadable};

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
    /// Some lines, where the first begins, and whether each was promised to be JSON.
    Lines(Vec<u8>, Place, Known, bool),
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
    let mut asides: Option<Asides> = None;
    for batch in batches {
        // A thread that ends without a result has panicked, which the scope tells.
        let Ok(batch) = batch.recv() else { break };
        if let Some(ended) = asides.take_if(|asides| asides.path != batch.path) {
            ended.tell(take)?;
        }
        asides.get_or_insert_with(|| Asides::of(&batch.path)).add(&batch);
        take(batch)?;
    }
    asides.map_or(Ok(()), |ended| ended.tell(take))
}

/// What is told once of a file, whose batches follow each other.
struct Asides {
    path: Arc<str>,
    counts: BTreeMap<Aside, usize>,
    is_silent: bool,
}

impl Asides {
    fn of(path: &Arc<str>) -> Self {
        Self { path: Arc::clone(path), counts: BTreeMap::new(), is_silent: true }
    }

    fn add(&mut self, batch: &Batch) {
        self.is_silent &= batch.reports.is_empty();
        for (aside, count) in &batch.asides {
            *self.counts.entry(*aside).or_default() += count;
        }
    }

    fn tell(self, take: &mut dyn FnMut(Batch) -> io::Result<()>) -> io::Result<()> {
        if self.counts.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::new(self.path, 0);
        batch.notes.extend(self.counts.iter().map(|(aside, count)| aside.told(*count)));
        // A log without a payload is no valid one.
        batch.reports.extend(self.is_silent.then(|| Unreadable::file("no payload in this log").into()));
        take(batch)
    }
}

fn work(checker: &Checker, settings: &Settings, waiting: &Mutex<Receiver<Task>>) {
    let mut desk = desk::Desk::new(checker, settings);
    loop {
        let task = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((path, job, result)) = task else { break };
        let batch = match job {
            Job::File(file) => desk.file(path, &file),
            Job::Whole(bytes, kind, known) => desk.whole(path, &bytes, kind, known),
            Job::Lines(bytes, first, known, is_promised) => desk.lines(path, &bytes, first, known, is_promised),
        };
        // Nobody waits for it any more when the output has ended.
        let _ = result.send(batch);
    }
}
