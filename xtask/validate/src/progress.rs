//! How far is it? Told on a terminal, and only when it takes a while.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::output::Summary;
use crate::run::Watch;

/// What takes less is not worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// The bar, or what will be one.
#[derive(Debug)]
pub struct Progress {
    begun: Instant,
    bar: OnceLock<ProgressBar>,
    is_wanted: bool,
    expected: AtomicU64,
    done: AtomicU64,
}

impl Progress {
    /// Shows itself where it is wanted.
    #[must_use]
    pub fn new(is_wanted: bool) -> Self {
        let (expected, done) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { begun: Instant::now(), bar: OnceLock::new(), is_wanted, expected, done }
    }

    /// So many bytes more were checked.
    pub fn advance(&self, bytes: u64, summary: &Summary) {
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if !self.is_wanted || self.begun.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| shown().with_elapsed(self.begun.elapsed()));
        let expected = self.expected.load(Ordering::Relaxed);
        let of = if expected > done { format!(" of {}", HumanBytes(expected)) } else { String::new() };
        bar.set_message(format!("{of}: {} payloads, {} errors", summary.payloads, summary.errors));
        bar.set_position(done);
    }

    /// Writes without the bar in between.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match self.bar.get() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Leaves the terminal as it was.
    pub fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn shown() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {bytes}{msg} ({bytes_per_sec})");
    ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

impl Watch for Progress {
    fn expect(&self, bytes: u64) {
        self.expected.fetch_add(bytes, Ordering::Relaxed);
    }
}
