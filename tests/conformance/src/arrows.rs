//! Which crate may use which: the generator runs when the client does not compile, and the client uses
//! nothing of this repository.

use std::collections::BTreeSet;

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
fn the_generator_uses_neither_the_client_nor_the_tests() {
    assert_eq!(uses(&metadata(), "paywall-codegen"), set(&[]));
}

#[test]
fn the_commands_use_the_generator_alone() {
    assert_eq!(uses(&metadata(), "xtask"), set(&["paywall-codegen"]));
}

#[test]
fn the_client_uses_nothing_here_and_has_no_build_script() {
    let metadata = metadata();
    assert_eq!(uses(&metadata, "paywall-api"), set(&[]));
    let targets = &package(&metadata, "paywall-api").targets;
    assert!(targets.iter().any(|target| target.kind.contains(&TargetKind::Lib)), "no library: is this the client?");
    assert!(!targets.iter().any(|target| target.kind.contains(&TargetKind::CustomBuild)));
}

#[test]
fn every_package_is_one_that_the_design_knows() {
    let metadata = metadata();
    let found: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let tests = ["paywall-conformance", "paywall-golden", "paywall-sandbox"];
    let others = ["paywall-api", "paywall-codegen", "xtask"];
    assert_eq!(found, tests.iter().chain(&others).map(|name| (*name).to_owned()).collect());
    for name in tests {
        assert!(!uses(&metadata, name).contains("xtask"), "{name} uses the commands");
    }
}
