//! Which contract is served where none is named? That of the checkout that this was built from, out of memory.

use std::collections::BTreeMap;

use codegen::{Document, Findings};
use include_dir::{Dir, include_dir};

static SPEC: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../spec");

/// Reads and checks it.
pub(crate) fn contract() -> Result<Document, Findings> {
    let mut files = BTreeMap::new();
    gather(&SPEC, &mut files);
    let named: BTreeMap<&str, &[u8]> = files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    codegen::load_files("openapi.yaml", &named)
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

    #[test]
    fn what_is_built_in_is_what_stands_on_disk() {
        let spec = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec"));
        let (built_in, on_disk) = (contract().expect("a contract"), codegen::load(spec).expect("a contract"));
        assert_eq!(built_in.files, on_disk.files);
        assert_eq!(built_in.samples, on_disk.samples);
        assert_eq!((built_in.index, built_in.endpoints), (on_disk.index, on_disk.endpoints));
        assert_eq!(built_in.unreached, on_disk.unreached);
    }
}
