//! Every golden case is compiled, and what it gives works.

use std::collections::BTreeSet;

#[test]
fn every_golden_case_is_compiled() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../codegen/tests/golden");
    let cases: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the golden cases")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let compiled: BTreeSet<String> = include_str!("../src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("#[path = \"../../../codegen/tests/golden/"))
        .filter_map(|rest| rest.split('/').next().map(str::to_owned))
        .collect();
    assert!(!cases.is_empty());
    assert_eq!(cases, compiled, "add the new case to tests/golden/src/lib.rs");
}
