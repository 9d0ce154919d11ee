//! Whether a program that was built is still what its sources say, by their times: asking cargo takes a second.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Whether nothing that a program was made of has changed since. Cargo lists its sources beside it; what cannot be read is
/// taken for changed.
pub(crate) fn is_fresh(program: &Path, workspace: &Path) -> bool {
    let Some(built) = changed(program) else { return false };
    let Ok(list) = fs::read_to_string(program.with_extension("d")) else { return false };
    let Some((_, sources)) = list.split_once(": ") else { return false };
    let sources: Vec<PathBuf> = paths(sources);
    let manifests = sources.iter().flat_map(|source| manifests(source, workspace));
    let root = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml"];
    let root = root.iter().map(|name| workspace.join(name)).filter(|file| file.exists());
    !sources.is_empty() && sources.iter().cloned().chain(manifests).chain(root).all(|file| is_older(&file, built))
}

/// The paths of a list, in which a space within a path stands behind `\`.
fn paths(list: &str) -> Vec<PathBuf> {
    let (mut paths, mut path) = (Vec::new(), String::new());
    let mut chars = list.trim().chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\\' if chars.next_if_eq(&' ').is_some() => path.push(' '),
            ' ' | '\n' => paths.push(PathBuf::from(std::mem::take(&mut path))),
            other => path.push(other),
        }
    }
    paths.push(PathBuf::from(path));
    paths.retain(|path| !path.as_os_str().is_empty());
    paths
}

/// The manifests above a source, up to the workspace's.
fn manifests(source: &Path, workspace: &Path) -> Vec<PathBuf> {
    let folders = source.ancestors().skip(1).take_while(|folder| folder.starts_with(workspace));
    folders.map(|folder| folder.join("Cargo.toml")).filter(|manifest| manifest.is_file()).collect()
}

/// Whether a file, or everything in a folder, is no newer.
fn is_older(path: &Path, built: SystemTime) -> bool {
    if path.is_dir() {
        let Ok(entries) = fs::read_dir(path) else { return false };
        // A folder's own time tells of files that are gone.
        let is_older = |entry: std::io::Result<fs::DirEntry>| entry.is_ok_and(|entry| is_older(&entry.path(), built));
        return changed(path).is_some_and(|changed| changed <= built) && entries.into_iter().all(is_older);
    }
    changed(path).is_some_and(|changed| changed <= built)
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use tempfile::TempDir;

    use super::*;

    const BUILT: u64 = 1_000_000;

    /// A file that was changed so many seconds after the program was built.
    fn put(folder: &TempDir, name: &str, after: i64) -> PathBuf {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, "").expect("written");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(BUILT.saturating_add_signed(after));
        File::options().append(true).open(&path).expect("opened").set_modified(time).expect("set");
        path
    }

    /// A workspace with a program, its sources, and the one that was changed so long after.
    fn workspace(changed: &str, after: i64) -> (TempDir, PathBuf) {
        let folder = TempDir::new().expect("a folder");
        let program = put(&folder, "target/program", 0);
        let sources = ["a b/src/main.rs", "a b/src/other.rs"].map(|name| put(&folder, name, -5));
        put(&folder, "Cargo.toml", -5);
        put(&folder, "a b/Cargo.toml", -5);
        put(&folder, changed, after);
        let list: Vec<String> = sources.iter().map(|path| path.display().to_string().replace(' ', "\\ ")).collect();
        fs::write(program.with_extension("d"), format!("{}: {}\n", program.display(), list.join(" ")))
            .expect("written");
        (folder, program)
    }

    #[test]
    fn a_program_is_fresh_until_a_source_or_a_manifest_is_newer() {
        for (changed, after, fresh) in [
            ("a b/src/other.rs", -1, true),
            ("a b/src/other.rs", 1, false),
            ("a b/Cargo.toml", 1, false),
            ("Cargo.toml", 1, false),
            ("Cargo.lock", 1, false),
            ("elsewhere.rs", 1, true),
        ] {
            let (folder, program) = workspace(changed, after);
            assert_eq!(is_fresh(&program, folder.path()), fresh, "{changed} {after}");
        }
    }

    #[test]
    fn a_source_that_is_gone_or_a_program_that_never_was_is_not_fresh() {
        let (folder, program) = workspace("a b/src/other.rs", -1);
        fs::remove_file(folder.path().join("a b/src/other.rs")).expect("removed");
        assert!(!is_fresh(&program, folder.path()));
        assert!(!is_fresh(&folder.path().join("target/none"), folder.path()));
    }

    #[test]
    fn of_a_folder_everything_in_it_counts() {
        let (folder, program) = workspace("spec/schemas/new.yaml", 1);
        let list = fs::read_to_string(program.with_extension("d")).expect("a list");
        let spec = folder.path().join("spec");
        fs::write(program.with_extension("d"), format!("{} {}\n", list.trim(), spec.display())).expect("written");
        assert!(!is_fresh(&program, folder.path()));
    }
}
