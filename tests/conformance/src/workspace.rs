//! Where the workspace and its contract are, and copies of them.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

/// The folder of the contract.
pub(crate) fn spec() -> PathBuf {
    root().join("spec")
}

/// The contract, read and checked once.
pub(crate) fn contract() -> &'static paywall_contract::Document {
    static CONTRACT: OnceLock<paywall_contract::Document> = OnceLock::new();
    CONTRACT.get_or_init(|| paywall_contract::load(&spec()).unwrap_or_else(|findings| panic!("{findings}")))
}

/// A copy of some of the workspace's files and folders, and of its manifest with these members. It lies at the same
/// place every time: what cargo keeps of it is found again.
pub(crate) fn copy(name: &str, parts: &[&str], members: &[&str]) -> PathBuf {
    let copy = root().join("target/copies").join(name);
    // Its own build folder stays; all else is made anew.
    for entry in std::fs::read_dir(&copy).into_iter().flatten().flatten().filter(|entry| entry.file_name() != "target")
    {
        let path = entry.path();
        let removed = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        removed.expect("removed");
    }
    for part in parts {
        copy_all(&root().join(part), &copy.join(part));
    }
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let (before, rest) = manifest.split_once("members = [").expect("members");
    let (_, after) = rest.split_once(']').expect("the end of members");
    let members = members.iter().map(|member| format!("\"{member}\"")).collect::<Vec<_>>().join(", ");
    std::fs::write(copy.join("Cargo.toml"), format!("{before}members = [{members}]{after}")).expect("written");
    copy
}

fn copy_all(from: &Path, to: &Path) {
    if from.is_file() {
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        std::fs::copy(from, to).expect("copied");
        return;
    }
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        copy_all(&entry.path(), &to.join(entry.file_name()));
    }
}

/// Runs cargo in a copy, with a build folder of its own: cargo tells packages apart by their place in the workspace, and
/// takes a copy's for the workspace's.
pub(crate) fn cargo(copy: &Path, arguments: &[&str]) -> std::process::Output {
    std::process::Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", copy.join("target"))
        .env_remove("CARGO_MANIFEST_DIR")
        .output()
        .expect("cargo runs")
}
