//! Where an output goes: to standard output, or into a file that appears whole or not at all.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::{NamedTempFile, TempPath};

/// The file that is half written now, so that an end of the program takes it along.
static HALF: Mutex<Option<PathBuf>> = Mutex::new(None);

const BUFFER: usize = 64 * 1024;

/// Where an output goes.
#[derive(Debug)]
pub enum Destination {
    /// Standard output.
    Standard(BufWriter<io::Stdout>),
    /// What is there and is no file.
    Open(BufWriter<std::fs::File>),
    /// A file; it has another name until it is whole.
    File(BufWriter<std::fs::File>, TempPath, PathBuf),
}

impl Destination {
    /// Standard output.
    #[must_use]
    pub fn standard() -> Self {
        Self::Standard(BufWriter::with_capacity(BUFFER, io::stdout()))
    }

    /// A file. What is there and no file, such as a pipe, is written into.
    ///
    /// # Errors
    ///
    /// When nothing can be written there.
    pub fn file(path: &Path) -> io::Result<Self> {
        if path.exists() && !path.is_file() {
            let file = std::fs::OpenOptions::new().write(true).open(path)?;
            return Ok(Self::Open(BufWriter::with_capacity(BUFFER, file)));
        }
        // A link stays one: what it leads to is written.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (file, half) = half(folder)?.into_parts();
        *HALF.lock().unwrap_or_else(PoisonError::into_inner) = Some(half.to_path_buf());
        Ok(Self::File(BufWriter::with_capacity(BUFFER, file), half, path))
    }

    /// Everything has been written.
    ///
    /// # Errors
    ///
    /// When it cannot be kept.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Standard(mut out) => out.flush(),
            Self::Open(mut out) => out.flush(),
            Self::File(out, half, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                drop(file);
                half.persist(&path).map_err(|error| error.error)?;
                *HALF.lock().unwrap_or_else(PoisonError::into_inner) = None;
                Ok(())
            }
        }
    }

    /// Removes what is half written, before the program ends early.
    pub fn abandon() {
        if let Some(half) = HALF.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // It may be gone already, and there is nobody to tell.
            let _ = std::fs::remove_file(half);
        }
    }
}

/// A temporary file is its owner's alone, and a report is for others too: it gets the rights of any new file.
fn half(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".paywall-validate-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::Open(out) | Self::File(out, ..) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::Open(out) | Self::File(out, ..) => out.flush(),
        }
    }
}
