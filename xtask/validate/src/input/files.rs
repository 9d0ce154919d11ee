//! Which files do the paths of the command line mean?

use std::collections::HashSet;
use std::ffi::OsStr;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::input::kind::Kind;
use crate::report::Unreadable;

/// Something to read, or what stands in its way.
#[derive(Debug)]
pub enum Found {
    /// Standard input.
    Standard,
    /// A file.
    File(PathBuf),
    /// A path that leads nowhere.
    Nothing(PathBuf, Unreadable),
}

/// Finds files, each once, and hands them on one by one: a folder may hold a great many.
pub struct Finder<'f> {
    hand_on: &'f mut dyn FnMut(Found) -> ControlFlow<()>,
    seen: HashSet<PathBuf>,
}

impl std::fmt::Debug for Finder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finder").field("seen", &self.seen.len()).finish_non_exhaustive()
    }
}

/// Hands on what some paths mean, in their order; a folder's and a pattern's files in the order of their names.
pub fn find(paths: &[PathBuf], hand_on: &mut dyn FnMut(Found) -> ControlFlow<()>) {
    let mut finder = Finder { hand_on, seen: HashSet::new() };
    // Whoever is handed the files may have enough of them.
    let _enough = paths.iter().try_for_each(|path| finder.path(path));
}

impl Finder<'_> {
    fn path(&mut self, path: &Path) -> ControlFlow<()> {
        if path.as_os_str() == "-" {
            return if self.is_new(path) { (self.hand_on)(Found::Standard) } else { ControlFlow::Continue(()) };
        }
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.folder(path),
            Ok(_) => self.file(path.to_owned()),
            Err(_) if is_pattern(path) => self.pattern(path),
            Err(error) => self.nothing(path, Unreadable::file(format!("cannot be read: {error}"))),
        }
    }

    fn folder(&mut self, folder: &Path) -> ControlFlow<()> {
        let mut found = 0;
        let visible = |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.');
        for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(visible) {
            match entry {
                Ok(entry) if is_payload(&entry) => {
                    found += 1;
                    self.file(entry.into_path())?;
                }
                Ok(_) => {}
                Err(error) => {
                    found += 1;
                    let path = error.path().unwrap_or(folder).to_owned();
                    self.nothing(&path, Unreadable::file(format!("cannot be read: {}", cause(&error))))?;
                }
            }
        }
        if found > 0 { ControlFlow::Continue(()) } else { self.nothing(folder, empty_folder()) }
    }

    fn pattern(&mut self, pattern: &Path) -> ControlFlow<()> {
        let text = pattern.to_string_lossy();
        let paths = match glob::glob(&text) {
            Ok(paths) => paths,
            Err(error) => return self.nothing(pattern, Unreadable::file(format!("is no pattern: {error}"))),
        };
        let mut found = 0;
        for path in paths {
            found += 1;
            match path {
                Ok(path) if path.is_dir() => self.folder(&path)?,
                Ok(path) => self.file(path)?,
                Err(error) => self.nothing(error.path(), unreadable(error.error()))?,
            }
        }
        if found > 0 {
            return ControlFlow::Continue(());
        }
        self.nothing(pattern, Unreadable::file("no file has such a path").help("`**` stands for folders in folders"))
    }

    fn file(&mut self, path: PathBuf) -> ControlFlow<()> {
        if self.is_new(&path) { (self.hand_on)(Found::File(path)) } else { ControlFlow::Continue(()) }
    }

    fn nothing(&mut self, path: &Path, why: Unreadable) -> ControlFlow<()> {
        (self.hand_on)(Found::Nothing(path.to_owned(), why))
    }

    /// The parts of a path, so that `./a` and `a` are one.
    fn is_new(&mut self, path: &Path) -> bool {
        self.seen.insert(path.components().filter(|part| part.as_os_str() != ".").collect())
    }
}

fn unreadable(error: &std::io::Error) -> Unreadable {
    Unreadable::file(format!("cannot be read: {error}"))
}

/// What stands in the way, without the path, which is told beside it.
fn cause(error: &walkdir::Error) -> String {
    error.io_error().map_or_else(|| "a link leads back to a folder above it".to_owned(), ToString::to_string)
}

fn empty_folder() -> Unreadable {
    let endings = Kind::ENDINGS.map(|ending| format!(".{ending}")).join(", ");
    Unreadable::file("no payload in this folder").help(format!("files that end in {endings} are looked for"))
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

/// Of a link, what it leads to counts; a pipe in a folder would keep a reader waiting.
fn is_payload(entry: &DirEntry) -> bool {
    let is_file = if entry.path_is_symlink() { entry.path().is_file() } else { entry.file_type().is_file() };
    is_file && Kind::of(Path::new(entry.file_name())).is_some()
}

/// The operation and the part of it that the path of a sample tells:
/// `…/<operation>/<case>.request.jsonc` and `…/<operation>/<case>.form`.
#[must_use]
pub fn told_by(path: &Path) -> Option<(&str, Option<&str>)> {
    let folder = path.parent()?.file_name()?.to_str()?;
    let part = Path::new(path.file_stem()?).extension().and_then(OsStr::to_str);
    Some((folder, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&Path]) -> Vec<String> {
        let paths: Vec<_> = paths.iter().map(|path| path.to_path_buf()).collect();
        let mut all = Vec::new();
        find(&paths, &mut |found| {
            all.push(match found {
                Found::Standard => "-".to_owned(),
                Found::File(path) => path.file_name().expect("a name").to_string_lossy().into_owned(),
                Found::Nothing(_, why) => why.message.into_string(),
            });
            ControlFlow::Continue(())
        });
        all
    }

    #[test]
    fn folders_and_patterns_are_walked_in_order_and_every_file_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("b/.hidden")).expect("a folder");
        for name in ["c.json", "a.jsonl", "b/d.HAR", "b/.hidden/e.json", "b/notes.txt"] {
            std::fs::write(at(name), "{}").expect("a file");
        }
        assert_eq!(found(&[folder.path()]), ["a.jsonl", "d.HAR", "c.json"]);
        assert_eq!(found(&[&at("*.json*"), folder.path()]), ["a.jsonl", "c.json", "d.HAR"]);
        assert_eq!(found(&[&at("**/notes.txt")]), ["notes.txt"]);
        assert_eq!(found(&[&at("c.json"), &at("./c.json"), Path::new("-"), Path::new("-")]), ["c.json", "-"]);
    }

    #[test]
    fn a_path_that_leads_nowhere_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = found(&[folder.path(), &folder.path().join("x.json"), &folder.path().join("*.json")]);
        assert_eq!(all.len(), 3);
        assert!(all[0].contains("no payload") && all[1].contains("cannot be read"), "{all:?}");
        assert!(all[2].contains("no file has such a path"), "{all:?}");
    }

    #[test]
    fn a_sample_tells_its_operation() {
        assert_eq!(told_by(Path::new("s/pay/page.request.jsonc")), Some(("pay", Some("request"))));
        assert_eq!(told_by(Path::new("pay/page.form")), Some(("pay", None)));
        assert_eq!(told_by(Path::new("page.json")), None);
    }
}
