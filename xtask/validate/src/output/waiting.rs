//! A part of an output that must wait for its turn: in memory while it is small, then in a file.

use std::io::{self, BufWriter, Seek, Write};

use tempfile::SpooledTempFile;

/// How much of it is kept in memory.
const IN_MEMORY: usize = 1024 * 1024;

/// What has been written and waits.
#[derive(Debug)]
pub(super) struct Waiting(BufWriter<SpooledTempFile>);

impl Waiting {
    pub(super) fn new() -> Self {
        Self(BufWriter::new(SpooledTempFile::new(IN_MEMORY)))
    }

    /// Its turn has come.
    pub(super) fn pour(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.0.flush()?;
        let file = self.0.get_mut();
        file.rewind()?;
        io::copy(file, out).map(|_| ())
    }
}

impl Write for Waiting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
