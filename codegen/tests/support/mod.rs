//! What several tests of the generator share: expected texts that a run can rewrite, and their diffs.

#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use similar::TextDiff;
use tempfile::TempDir;

/// Set to rewrite what is expected by what is found: `BLESS=1 cargo test -p paywall-codegen`.
const BLESS: &str = "BLESS";

/// A folder or file below `codegen/tests`.
pub fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

/// The contract of this repository.
pub fn real_contract() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec")
}

/// A new folder with these files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        let place = folder.path().join(name);
        std::fs::create_dir_all(place.parent().expect("a parent")).expect("a folder");
        std::fs::write(place, text).expect("a file");
    }
    folder
}

/// Every file below a folder with its text, by path with forward slashes.
pub fn texts_below(folder: &Path) -> BTreeMap<String, String> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("a readable folder"));
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(folder).expect("a path below the folder");
            let text = String::from_utf8_lossy(&std::fs::read(entry.path()).expect("a readable file")).into_owned();
            (name.to_string_lossy().replace('\\', "/"), text)
        })
        .collect()
}

/// Whether a file's name has this extension.
pub fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

/// The difference between what `place` holds and what was found; none when they agree, or when the
/// run rewrites what is expected.
pub fn differs(place: &Path, found: &str) -> Option<String> {
    let expected = std::fs::read_to_string(place).unwrap_or_default();
    if expected == found {
        return None;
    }
    if std::env::var_os(BLESS).is_some() {
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder to write to");
        std::fs::write(place, found).expect("a file to write to");
        return None;
    }
    let name = place.display().to_string();
    let diff = TextDiff::from_lines(expected.as_str(), found);
    let diff = diff.unified_diff().context_radius(2).header(&name, "found").to_string();
    Some(diff)
}

/// Fails with every difference, and says how to accept them.
pub fn assert_none_differs(differences: &[String]) {
    let count = differences.len();
    let all = differences.join("\n");
    assert!(differences.is_empty(), "{all}\n{count} differ; to accept them, run again with {BLESS}=1");
}
