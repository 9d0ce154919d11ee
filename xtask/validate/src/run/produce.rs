//! Reads the inputs and hands out the work: files as they are, JSON Lines block by block.

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::{Job, Settings, Task, Watch};
use crate::checker::Checker;
use crate::choice::Known;
use crate::input::encoding;
use crate::input::files::{self, Found};
use crate::input::kind::{self, Kind};
use crate::input::lines::{Block, Blocks, LONGEST, read_some};
use crate::place::Place;
use crate::report::{Batch, Stretch, Unreadable};

/// Where work goes, and its results in their order.
pub(super) struct Line {
    pub(super) tasks: SyncSender<Task>,
    pub(super) order: SyncSender<Receiver<Batch>>,
}

/// The largest input that is held in memory.
const LARGEST: u64 = 1024 * 1024 * 1024;
/// How much of an input is looked at to find that it is no text.
const PROBE: usize = 512;

pub(super) fn produce(line: &Line, checker: &Checker, settings: &Settings, paths: &[PathBuf], watch: &dyn Watch) {
    files::find(paths, &mut |found| match found {
        Found::Standard => {
            let known = settings.choice.at(checker, Path::new("-"));
            Input { line, checker, path: "<stdin>".into(), known }.unnamed(io::stdin().lock())
        }
        Found::File(file) => {
            let path: Arc<str> = file.to_string_lossy().into();
            match Kind::of(&file) {
                Some(Kind::Lines) | None => {
                    let known = settings.choice.at(checker, &file);
                    Input { line, checker, path, known }.open(&file, watch)
                }
                Some(_) => line.work(path, Job::File(file)),
            }
        }
        Found::Nothing(path, why) => match misplaced(&path) {
            Some(why) => line.tell("<argument>".into(), why),
            None => line.tell(path.to_string_lossy().into(), why),
        },
    });
}

/// A payload in a path's place leads nowhere, and is not to be repeated as if it were the name of a file.
fn misplaced(path: &Path) -> Option<Unreadable> {
    let is_payload = path.to_string_lossy().contains(['{', '"', '\n']);
    is_payload.then(|| {
        Unreadable::file("expected a path, found what may be a payload")
            .help("a payload itself goes to standard input: its path is -")
    })
}

impl Line {
    fn work(&self, path: Arc<str>, job: Job) -> ControlFlow<()> {
        let (sender, result) = sync_channel(1);
        let sent = self.order.send(result).is_ok() && self.tasks.send((path, job, sender)).is_ok();
        if sent { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn tell(&self, path: Arc<str>, why: Unreadable) -> ControlFlow<()> {
        let (sender, result) = sync_channel(1);
        let batch = Batch { reports: vec![why.into()], ..Batch::new(path, 0) };
        let sent = sender.send(batch).is_ok() && self.order.send(result).is_ok();
        if sent { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

/// One input, and what is known of its payloads.
struct Input<'l> {
    line: &'l Line,
    checker: &'l Checker,
    path: Arc<str>,
    known: Known,
}

impl Input<'_> {
    fn open(self, file: &Path, watch: &dyn Watch) -> ControlFlow<()> {
        match File::open(file) {
            Err(error) => self.tell(failed(&error)),
            Ok(open) => {
                watch.expect(open.metadata().map_or(0, |metadata| metadata.len()));
                if Kind::of(file) == Some(Kind::Lines) { self.named(open) } else { self.unnamed(open) }
            }
        }
    }

    /// It holds lines, if it is text.
    fn named(self, mut input: impl Read) -> ControlFlow<()> {
        let mut begin = Vec::new();
        if let Err(error) = read_more(&mut input, &mut begin) {
            return self.tell(failed(&error));
        }
        match encoding::probe(&begin[..begin.len().min(PROBE)]) {
            Ok(()) => self.lines(input, begin, true),
            Err(unreadable) => self.tell(unreadable),
        }
    }

    /// What it holds, its beginning tells.
    fn unnamed(self, mut input: impl Read) -> ControlFlow<()> {
        let mut begin = Vec::new();
        loop {
            let read = match read_more(&mut input, &mut begin) {
                Ok(read) => read,
                Err(error) => return self.tell(failed(&error)),
            };
            if let Err(unreadable) = encoding::probe(&begin[..begin.len().min(PROBE)]) {
                return self.tell(unreadable);
            }
            let is_news = read == 0 || begin[begin.len() - read..].contains(&b'\n');
            let is_lines = if is_news { kind::is_lines(&begin, read == 0) } else { None };
            match is_lines {
                Some(true) => return self.lines(input, begin, false),
                Some(false) => return self.whole(input, begin),
                None if begin.len() > LONGEST => return self.whole(input, begin),
                None => {}
            }
        }
    }

    fn whole(self, input: impl Read, begin: Vec<u8>) -> ControlFlow<()> {
        match read_on(input, begin) {
            Ok(bytes) => self.line.work(self.path, Job::Whole(bytes, None, self.known)),
            Err(unreadable) => self.tell(unreadable),
        }
    }

    /// Line by line, each of which the name of the input may promise to be JSON.
    fn lines(mut self, input: impl Read, begin: Vec<u8>, is_promised: bool) -> ControlFlow<()> {
        let mut blocks = Blocks::new(input, begin, Place::START);
        let mut is_blank = true;
        loop {
            match blocks.read_block() {
                Err(error) => return self.tell(failed(&error)),
                Ok(None) if is_blank => return self.tell(empty()),
                Ok(None) => return ControlFlow::Continue(()),
                Ok(Some(Block::TooLong(place))) => self.tell(too_long(place))?,
                Ok(Some(Block::Endless(place))) => {
                    return self.tell(too_long(place).help("nothing behind it was read"));
                }
                Ok(Some(Block::Lines(lines, place))) => {
                    if is_blank && let Some(line) = first_line(&lines) {
                        is_blank = false;
                        self.known = self.known.from_first(self.checker, line);
                    }
                    self.line.work(Arc::clone(&self.path), Job::Lines(lines, place, self.known, is_promised))?;
                }
            }
        }
    }

    fn tell(&self, why: Unreadable) -> ControlFlow<()> {
        self.line.tell(Arc::clone(&self.path), why)
    }
}

/// The first line that holds something; none where nothing does.
fn first_line(lines: &[u8]) -> Option<&str> {
    let mut lines = lines[encoding::mark(lines)..].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    // What is no text is told where it is read.
    lines.find(|line| !line.is_empty()).map(|line| std::str::from_utf8(line).unwrap_or_default())
}

/// How much is read at once.
const STEP: usize = 256 * 1024;

fn read_more(input: &mut impl Read, into: &mut Vec<u8>) -> io::Result<usize> {
    let before = into.len();
    into.resize(before + STEP, 0);
    let read = read_some(input, &mut into[before..]);
    into.truncate(before + read.as_ref().copied().unwrap_or_default());
    read
}

/// The whole of a file.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, Unreadable> {
    let open = File::open(file).map_err(|error| failed(&error))?;
    let size = open.metadata().map_or(0, |metadata| metadata.len());
    let begin = Vec::with_capacity(usize::try_from(size.min(LARGEST)).unwrap_or_default() + 1);
    read_on(open, begin)
}

/// The rest of an input, unless it is no text or has no end.
fn read_on(mut input: impl Read, mut bytes: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
    let probe = (PROBE as u64).saturating_sub(bytes.len() as u64);
    input.by_ref().take(probe).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    encoding::probe(&bytes[..bytes.len().min(PROBE)])?;
    let left = (LARGEST + 1).saturating_sub(bytes.len() as u64);
    input.take(left).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(Unreadable::file("more than 1 GB in one value").help("JSON Lines (.jsonl) may be of any size"));
    }
    Ok(bytes)
}

fn failed(error: &io::Error) -> Unreadable {
    Unreadable::file(format!("cannot be read: {error}"))
}

pub(super) fn empty() -> Unreadable {
    Unreadable::file("expected a payload, found nothing: it is empty")
}

fn too_long(place: Place) -> Unreadable {
    let mut unreadable = Unreadable::file("a line of more than 64 MB");
    unreadable.at = Some(Stretch { start: place, end: place });
    unreadable
}
