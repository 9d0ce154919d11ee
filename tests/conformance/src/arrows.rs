//! Which crate may use which: the generator runs when the client does not compile, and the client uses
//! nothing of this repository.

use std::collections::BTreeSet;
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand, Package, TargetKind};

use crate::workspace;

fn metadata() -> Metadata {
    MetadataCommand::new().no_deps().current_dir(workspace::root()).exec().expect("cargo metadata")
}

fn package<'m>(metadata: &'m Metadata, name: &str) -> &'m Package {
    metadata.packages.iter().find(|package| package.name.as_str() == name).expect(name)
}

/// The packages of this workspace that a package uses, in any way.
fn uses(metadata: &Metadata, name: &str) -> BTreeSet<String> {
    let own: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let used = package(metadata, name).dependencies.iter().map(|dependency| dependency.name.clone());
    used.filter(|dependency| own.contains(dependency.as_str())).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_contract_uses_nothing_here() {
    assert_eq!(uses(&metadata(), "paywall-contract"), set(&[]));
}

#[test]
fn the_generator_uses_the_contract_alone() {
    assert_eq!(uses(&metadata(), "paywall-codegen"), set(&["paywall-contract"]));
}

#[test]
fn the_commands_use_the_contract_and_the_generator_alone() {
    assert_eq!(uses(&metadata(), "xtask"), set(&["paywall-codegen", "paywall-contract"]));
}

/// Everything that cargo compiles for a package, by name.
fn compiled_for(name: &str) -> BTreeSet<String> {
    let mut tree = Command::new(env!("CARGO"));
    tree.args([
        "tree",
        "--locked",
        "--package",
        name,
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let output = tree.current_dir(workspace::root()).output().expect("cargo tree");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// What only generating needs makes nobody else wait for it.
#[test]
fn whoever_needs_the_contract_compiles_no_generator() {
    let generator = ["progenitor", "typify", "prettyplease", "paywall-codegen"];
    for name in ["paywall-contract", "paywall-sandbox", "paywall-validate"] {
        let compiled = compiled_for(name);
        assert!(compiled.contains("paywall-contract"), "{compiled:?}");
        assert!(!generator.iter().any(|one| compiled.contains(*one)), "{name} compiles one of {generator:?}");
    }
}

#[test]
fn the_client_uses_nothing_here_and_has_no_build_script() {
    let metadata = metadata();
    assert_eq!(uses(&metadata, "paywall-api"), set(&[]));
    let targets = &package(&metadata, "paywall-api").targets;
    assert!(targets.iter().any(|target| target.kind.contains(&TargetKind::Lib)), "no library: is this the client?");
    assert!(!targets.iter().any(|target| target.kind.contains(&TargetKind::CustomBuild)));
}

/// It is what a merchant copies: nothing of it may lean on what a merchant does not have.
#[test]
fn the_example_shop_uses_the_client_alone() {
    assert_eq!(uses(&metadata(), "paywall-checkout"), set(&["paywall-api"]));
}

/// It asks the emitted types what they say of a payload.
#[test]
fn the_validator_uses_the_contract_and_the_client() {
    assert_eq!(uses(&metadata(), "paywall-validate"), set(&["paywall-api", "paywall-contract"]));
}

#[test]
fn the_local_paywall_uses_the_contract_and_the_client() {
    assert_eq!(uses(&metadata(), "paywall-sandbox"), set(&["paywall-api", "paywall-contract"]));
}

#[test]
fn every_package_is_one_that_the_design_knows() {
    let metadata = metadata();
    let found: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let tests = ["paywall-browser", "paywall-conformance", "paywall-golden", "paywall-sandbox"];
    let others =
        ["paywall-api", "paywall-checkout", "paywall-codegen", "paywall-contract", "paywall-validate", "xtask"];
    assert_eq!(found, tests.iter().chain(&others).map(|name| (*name).to_owned()).collect());
    for name in tests {
        let used = uses(&metadata, name);
        assert!(!used.contains("xtask") && !used.contains("paywall-validate"), "{name} uses the commands");
    }
}
