//! Which contract is served where none is named? That of the checkout that this was built from, out of memory.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use paywall_contract::{Document, Findings};

static SPEC: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../spec");

/// Reads it. A test holds it against every rule, which takes longer than all else at a start.
pub(crate) fn contract() -> Result<Document, Findings> {
    let mut files = BTreeMap::new();
    gather(&SPEC, &mut files);
    let needed = files.iter().filter(|(name, _)| is_needed(name));
    let named: BTreeMap<&str, &[u8]> = needed.map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    paywall_contract::load_checked_files("openapi.yaml", &named)
}

/// Nothing here sends requests or tells what is documented elsewhere.
fn is_needed(name: &str) -> bool {
    !["endpoints.yaml", "expectations.yaml"].contains(&name) && !name.ends_with(".request.jsonc")
}

/// The names come with the separators of the system that built this.
fn gather(folder: &Dir<'static>, files: &mut BTreeMap<String, &'static [u8]>) {
    for file in folder.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        files.insert(name, file.contents());
    }
    for inner in folder.dirs() {
        gather(inner, files);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The one on disk is held against every rule.
    #[test]
    fn what_is_built_in_is_sound_and_stands_on_disk() {
        let spec = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec"));
        let (built_in, on_disk) = (contract().expect("a contract"), paywall_contract::load(spec).expect("a contract"));
        assert_eq!(built_in.files, on_disk.files);
        assert_eq!((built_in.index, built_in.unreached), (on_disk.index, on_disk.unreached));
        let answers = on_disk.samples.into_iter().filter(|(name, _)| is_needed(name));
        assert_eq!(built_in.samples, answers.collect());
        assert!(built_in.samples.len() >= 30, "{}", built_in.samples.len());
    }
}
