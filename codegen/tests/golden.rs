//! Which Rust does a contract give? Each `golden/<case>/spec.yaml` is tiny and stands for one thing that
//! the generator does; `golden/<case>/expected/` holds every file, byte for byte.
//!
//! `BLESS=1 cargo test -p paywall-codegen --test golden` writes the files anew; read the difference.
//! That they compile without a warning is proven where the runtime is at hand, in `tests/` of the repository.

mod support;

use std::path::PathBuf;

use codegen::{Home, Tree};
use support::{assert_none_differs, differs, here, texts_below};

#[test]
fn every_contract_gives_the_expected_files() {
    let mut differences = Vec::new();
    for case in cases() {
        let tree = codegen::generate(&case.join("spec.yaml"), Home::Elsewhere)
            .unwrap_or_else(|findings| panic!("{}:\n{findings}", case.display()));
        let expected = case.join("expected");
        differences.extend(tree.iter().filter_map(|(name, text)| differs(&expected.join(name), text)));
        differences.extend(superfluous(&expected, &tree));
    }
    assert_none_differs(&differences);
}

#[test]
fn the_cases_are_there() {
    let cases = cases();
    assert!(cases.len() >= 11, "{cases:?}");
}

#[test]
fn at_home_a_macro_hands_out_every_message() {
    let tree = codegen::generate(&here("golden/messages/spec.yaml"), Home::Runtime).expect("a sound contract");
    let root = tree["mod.rs"].split_whitespace().collect::<String>();
    let types = ["OrderPaid", "TillsMoved", "OrderRenewed"].map(|name| format!("$crate::notices::{name}")).join(",");
    assert!(root.contains("macro_rules!each_notification{"), "{}", tree["mod.rs"]);
    assert!(root.contains(&format!("$callback!({types}")), "{}", tree["mod.rs"]);
}

#[test]
fn at_home_no_macro_stands_for_messages_that_are_not_there() {
    let tree = codegen::generate(&here("golden/money-operation/spec.yaml"), Home::Runtime).expect("a sound contract");
    assert!(tree["mod.rs"].contains("each_operation") && !tree["mod.rs"].contains("each_notification"));
}

fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(here("golden")).expect("the folder of the cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    cases
}

/// Expected files that are no longer generated; a run that rewrites removes them.
fn superfluous(expected: &std::path::Path, tree: &Tree) -> Vec<String> {
    let extra =
        texts_below(expected).into_keys().filter(|name| !tree.contains_key(name)).map(|name| expected.join(name));
    let mut left = Vec::new();
    for file in extra {
        if std::env::var_os("BLESS").is_some() {
            std::fs::remove_file(&file).expect("a file to remove");
        } else {
            left.push(format!("{} is no longer generated", file.display()));
        }
    }
    left
}
