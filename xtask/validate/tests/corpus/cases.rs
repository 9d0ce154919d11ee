//! The broken payloads of `tests/payloads`, and what is expected of each.
//!
//! `<folder>/<what-is-wrong>.<operation>.<request|response>.<json|jsonc|form>`, and beside it a `.txt` with a line for
//! each finding. The folder is the rule that is broken, `valid`, or `unreadable`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use paywall_validate::checker::Part;

/// A payload and its expectation.
#[derive(Debug)]
pub struct Case {
    pub file: PathBuf,
    pub folder: String,
    pub operation: String,
    pub part: Part,
}

/// Where the payloads are.
pub fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/payloads")
}

/// Cases that one run of the program can take: those of one operation and direction.
pub fn groups(cases: Vec<Case>) -> BTreeMap<(String, bool), Vec<Case>> {
    let mut groups = BTreeMap::<_, Vec<Case>>::new();
    for case in cases {
        groups.entry((case.operation.clone(), case.part == Part::Response)).or_default().push(case);
    }
    groups
}

/// Everything that can be read, in the order of its names.
pub fn cases() -> Vec<Case> {
    all().into_iter().filter(|case| case.folder != "unreadable").collect()
}

/// Everything, in the order of its names.
pub fn all() -> Vec<Case> {
    let folders = sorted(&home()).into_iter().filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| sorted(&folder));
    files.filter(|file| file.extension().is_some_and(|kind| kind != "txt")).map(Case::of).collect()
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

impl Case {
    fn of(file: PathBuf) -> Self {
        let text = |name: Option<&std::ffi::OsStr>| name.and_then(|name| name.to_str()).expect("a name").to_owned();
        let stem = text(file.file_stem());
        let mut words = stem.rsplit('.');
        let part = match words.next() {
            Some("request") => Part::Request,
            Some("response") => Part::Response,
            _ => panic!("{}: neither request nor response", file.display()),
        };
        let operation = words.next().unwrap_or_else(|| panic!("{}: no operation", file.display())).to_owned();
        let folder = text(file.parent().and_then(Path::file_name));
        Self { file, folder, operation, part }
    }

    /// What it is called in messages.
    pub fn name(&self) -> String {
        self.file.strip_prefix(home()).unwrap_or(&self.file).display().to_string()
    }

    /// Whether it is a form, and no JSON.
    pub fn is_form(&self) -> bool {
        self.file.extension().is_some_and(|kind| kind == "form")
    }

    /// Where its expectation stands.
    pub fn expectation(&self) -> PathBuf {
        self.file.with_extension("txt")
    }
}
