//! A generated tree against a folder: what is missing, stale or extra; and how it gets there, each file
//! whole or not at all.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use paywall_contract::slashed;

/// Generated files by name.
pub type Tree = BTreeMap<String, String>;

/// How every generated file begins, whatever else its header says.
const MARK: &[u8] = b"// @generated";

/// How the name begins of a text that waits to take its place. One that is found was left by a run that
/// was killed.
const STAGED: &str = ".staged-";

/// How a file of a folder differs from the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is not there; the head of what it should say.
    Missing(String, String),
    /// It says something else; the difference by lines.
    Stale(String, String),
    /// It was generated and is no longer; the head of what it says.
    Extra(String, String),
    /// It stands among the generated files and was not generated.
    Foreign(String),
}

impl Change {
    /// The file's name.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Missing(file, _) | Self::Stale(file, _) | Self::Extra(file, _) | Self::Foreign(file) => file,
        }
    }

    /// Whether a person must mend it: what was not generated is neither replaced nor removed.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        matches!(self, Self::Foreign(_))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(file, diff) => write!(f, "missing: {file}\n{diff}"),
            Self::Stale(file, diff) => write!(f, "stale: {file}\n{diff}"),
            Self::Extra(file, diff) => write!(f, "extra: {file}\n{diff}"),
            Self::Foreign(file) => write!(f, "foreign: {file} was not generated; move it out of this folder"),
        }
    }
}

/// What is different in `folder`, in the order of names.
///
/// # Errors
///
/// A file or folder that cannot be read.
pub fn compare(tree: &Tree, folder: &Path) -> io::Result<Vec<Change>> {
    let found = found(folder)?;
    let mut changes: Vec<Change> =
        tree.iter().filter_map(|(name, text)| compare_one(name, text, found.get(name))).collect();
    for (name, entry) in found.iter().filter(|(name, _)| !tree.contains_key(*name)) {
        match entry {
            Entry::Folder => {}
            Entry::File(bytes) if is_ours(name, bytes) => {
                let diff = head(&difference(name, &String::from_utf8_lossy(bytes), ""));
                changes.push(Change::Extra(name.clone(), diff));
            }
            _ => changes.push(Change::Foreign(name.clone())),
        }
    }
    changes.sort_by(|a, b| a.file().cmp(b.file()));
    Ok(changes)
}

/// Whether we wrote a file, or began to.
fn is_ours(name: &str, bytes: &[u8]) -> bool {
    let staged = Path::new(name).file_name().is_some_and(|file| file.to_string_lossy().starts_with(STAGED));
    staged || bytes.starts_with(MARK)
}

fn compare_one(name: &str, text: &str, found: Option<&Entry>) -> Option<Change> {
    match found {
        None => Some(Change::Missing(name.to_owned(), head(&difference(name, "", text)))),
        Some(Entry::File(bytes)) if bytes == text.as_bytes() => None,
        Some(Entry::File(bytes)) if bytes.starts_with(MARK) => {
            Some(Change::Stale(name.to_owned(), difference(name, &String::from_utf8_lossy(bytes), text)))
        }
        Some(_) => Some(Change::Foreign(name.to_owned())),
    }
}

/// The difference by lines.
fn difference(name: &str, old: &str, new: &str) -> String {
    let (before, after) = (format!("{name} (in the folder)"), format!("{name} (from the contract)"));
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().context_radius(2).header(&before, &after).to_string()
}

/// So many lines tell which file it is.
const HEAD: usize = 20;

fn head(diff: &str) -> String {
    let mut lines = diff.split_inclusive('\n');
    let head: String = lines.by_ref().take(HEAD).collect();
    match lines.count() {
        0 => head,
        more => format!("{head}… and {more} more lines\n"),
    }
}

/// What stands in a folder under a name.
enum Entry {
    File(Vec<u8>),
    Folder,
    /// A link, a device: nothing that is replaced or removed.
    Other,
}

/// What stands in a folder by name; nothing when it is not there.
fn found(folder: &Path) -> io::Result<BTreeMap<String, Entry>> {
    let mut found = BTreeMap::new();
    if !folder.try_exists()? {
        return Ok(found);
    }
    if !folder.is_dir() {
        let message = "this is a file, not a folder; name a folder";
        return Err(io::Error::new(io::ErrorKind::NotADirectory, message));
    }
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        let relative = entry.path().strip_prefix(folder).map(slashed).unwrap_or_default();
        let kind = match entry.file_type() {
            kind if kind.is_file() => Entry::File(std::fs::read(entry.path())?),
            kind if kind.is_dir() => Entry::Folder,
            _ => Entry::Other,
        };
        found.insert(relative, kind);
    }
    Ok(found)
}

/// Brings a folder to the state of the tree and tells what changed; writes nothing that is as it should be.
///
/// Every new text is written in full beside its place first; then each takes its place at once. A stop
/// in between leaves whole files, old or new, and the next run finishes.
///
/// # Errors
///
/// A file that cannot be written, or a foreign one in the folder: then nothing is changed.
pub fn write(tree: &Tree, folder: &Path) -> io::Result<Vec<Change>> {
    let changes = compare(tree, folder)?;
    let foreign: Vec<String> = changes.iter().filter(|change| change.is_foreign()).map(Change::to_string).collect();
    if !foreign.is_empty() {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, foreign.join("\n")));
    }
    std::fs::create_dir_all(folder)?;
    let staged: Vec<_> = changes.iter().filter_map(|change| stage(tree, folder, change)).collect::<io::Result<_>>()?;
    for (file, place) in staged {
        file.persist(&place).map_err(|error| error.error)?;
    }
    for change in changes.iter().filter(|change| matches!(change, Change::Extra(..))) {
        std::fs::remove_file(folder.join(change.file()))?;
    }
    Ok(changes)
}

fn stage(tree: &Tree, folder: &Path, change: &Change) -> Option<io::Result<(tempfile::NamedTempFile, PathBuf)>> {
    let (text, place) = (tree.get(change.file())?, folder.join(change.file()));
    let parent = place.parent().unwrap_or(folder);
    Some(std::fs::create_dir_all(parent).and_then(|()| write_beside(&place, text)))
}

/// Writes a text in full to a temporary file in the folder of its place.
fn write_beside(place: &Path, text: &str) -> io::Result<(tempfile::NamedTempFile, PathBuf)> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(STAGED).suffix(".rs");
    #[cfg(unix)]
    builder.permissions(readable());
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok((file, place.to_owned()))
}

#[cfg(unix)]
fn readable() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o644)
}

/// Replaces one file in a folder that is there with a text, whole or not at all; nothing happens when it says
/// so already.
///
/// # Errors
///
/// A file that cannot be read or written.
pub fn write_one(place: &Path, text: &str) -> io::Result<bool> {
    if std::fs::read(place).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(false);
    }
    let (file, place) = write_beside(place, text)?;
    file.persist(&place).map_err(|error| error.error)?;
    Ok(true)
}
