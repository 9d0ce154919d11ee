//! Which contracts are refused, and with which words? Each `reject/<case>.yaml`, or folder `reject/<case>/`
//! with an `openapi.yaml`, has one fault or few, and `reject/<case>.txt` holds every finding as it is shown.
//!
//! `BLESS=1 cargo test -p paywall-codegen --test reject` writes the `.txt` files anew; read the difference.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use codegen::Home;
use paywall_contract::Findings;
use support::{assert_none_differs, differs, here};

/// A case's name and its contract.
type Cases = BTreeMap<String, PathBuf>;

/// The one file in `reject/` that is no case.
const BASE: &str = "base";

/// The number of a test card, which stands in the samples of some cases.
const CARD: &str = "4111111111111111";

#[test]
fn every_broken_contract_is_refused_with_its_findings() {
    let mut differences = Vec::new();
    for (name, contract) in cases() {
        match findings(&contract) {
            Some(findings) => {
                differences.extend(differs(&here(&format!("reject/{name}.txt")), &format!("{findings}\n")));
            }
            None => differences.push(format!("{name}: the contract was accepted")),
        }
    }
    assert_none_differs(&differences);
}

#[test]
fn the_base_of_the_cases_is_sound() {
    let tree = codegen::generate(&here("reject/base.yaml"), Home::Elsewhere).expect("a sound contract");
    assert!(tree.contains_key("orders.rs"), "its service is generated");
}

#[test]
fn a_departure_that_is_listed_with_its_reason_is_accepted() {
    assert_accepted("accept/departure");
}

#[test]
fn samples_of_messages_and_of_headers_are_accepted() {
    assert_accepted("accept/messages-and-headers");
}

#[test]
fn every_expectation_has_its_case() {
    let cases = cases();
    let texts = names_in_folder().into_iter().filter_map(|name| name.strip_suffix(".txt").map(str::to_owned));
    let orphans: Vec<String> = texts.filter(|name| !cases.contains_key(name)).collect();
    assert!(orphans.is_empty(), "no case: {orphans:?}");
}

#[test]
fn every_rule_has_a_case_that_breaks_it() {
    let broken: BTreeSet<String> =
        cases().values().filter_map(|contract| findings(contract)).flat_map(|all| rules_of(&all)).collect();
    let rules = rules_in_sources();
    assert!(rules.len() > 20, "the search of the sources finds the rules: {rules:?}");
    let untried: Vec<&String> = rules.difference(&broken).collect();
    assert!(untried.is_empty(), "no case breaks {untried:?}");
}

#[test]
fn a_finding_names_the_place_the_rule_and_the_fix() {
    for finding in cases()
        .values()
        .filter_map(|contract| findings(contract))
        .flat_map(|all| all.iter().cloned().collect::<Vec<_>>())
    {
        assert!(finding.at.line > 0 && finding.at.column > 0, "{finding}");
        assert!(!finding.message.trim().is_empty() && !finding.fix.trim().is_empty(), "{finding}");
        assert!(!["generator", "lowering"].contains(&finding.rule), "a rule is missing: {finding}");
    }
}

#[test]
fn no_finding_shows_a_value_of_a_sample() {
    let payloads = support::texts_below(&here("reject"));
    let planted = payloads.iter().filter(|(name, text)| name.contains("/samples/") && text.contains(CARD));
    assert!(planted.count() >= 2, "some samples hold the card");
    let shown = payloads.iter().filter(|(name, text)| support::has_extension(name, "txt") && text.contains(CARD));
    assert_eq!(shown.count(), 0);
    for finding in cases().values().filter_map(|contract| findings(contract)) {
        assert!(!finding.to_string().contains(CARD));
    }
}

fn assert_accepted(contract: &str) {
    if let Err(findings) = paywall_contract::load(&here(contract)) {
        panic!("{findings}");
    }
}

/// Every case: the files with `.yaml` and the folders.
fn cases() -> Cases {
    let folder = here("reject");
    let entries = names_in_folder().into_iter().filter_map(|name| match name.strip_suffix(".yaml") {
        Some(stem) => Some((stem.to_owned(), folder.join(&name))),
        None if folder.join(&name).is_dir() => Some((name.clone(), folder.join(&name))),
        None => None,
    });
    entries.filter(|(name, _)| name != BASE).collect()
}

fn names_in_folder() -> BTreeSet<String> {
    let entries = std::fs::read_dir(here("reject")).expect("the folder of the cases");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// What is wrong with a contract; a panic is told as such.
fn findings(contract: &Path) -> Option<Findings> {
    let outcome = std::panic::catch_unwind(|| codegen::generate(contract, Home::Elsewhere));
    outcome.unwrap_or_else(|_| panic!("{}: a panic instead of findings", contract.display())).err()
}

fn rules_of(findings: &Findings) -> Vec<String> {
    findings.iter().map(|finding| finding.rule.to_owned()).collect()
}

/// The rules that the sources name: what stands first in a `Finding::new(…)`, as text or as a constant.
fn rules_in_sources() -> BTreeSet<String> {
    let sources = support::texts_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("contract/src"));
    let judging = |name: &str| name.starts_with("check/") || name == "read.rs" || name == "schema.rs";
    sources.iter().filter(|(name, _)| judging(name)).flat_map(|(_, text)| rules_in(text)).collect()
}

fn rules_in(source: &str) -> Vec<String> {
    let calls = source.split("Finding::new(").skip(1);
    calls.filter_map(|call| call.split(',').next()).filter_map(|first| rule(source, first.trim())).collect()
}

fn rule(source: &str, first: &str) -> Option<String> {
    match first.strip_prefix('"') {
        Some(text) => text.strip_suffix('"').map(str::to_owned),
        None => source.split(&format!("const {first}: &str = \"")).nth(1)?.split('"').next().map(str::to_owned),
    }
}
