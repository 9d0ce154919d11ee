//! `cargo xtask test`: everything that must pass, and nothing that needs more than Rust.

use std::process::Command;

use crate::demo::cargo;
use crate::{Failure, Outcome, codegen, step};

pub(crate) fn run() -> Outcome {
    step::loud("format", &mut with(&["fmt", "--all", "--check"]))?;
    anstream::println!("==> freshness");
    codegen::check_default()?;
    step::loud("lints", &mut with(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    for features in features()? {
        let title =
            if features.is_empty() { "lints without features".to_owned() } else { format!("lints with {features}") };
        let mut lints = with(&["clippy", "--package", "paywall-api", "--all-targets", "--no-default-features"]);
        step::loud(&title, lints.args(["--features", &features, "--", "-D", "warnings"]))?;
    }
    step::loud("tests", &mut with(&["test", "--workspace", "--exclude", "paywall-api"]))?;
    step::loud("tests of the crate", &mut with(&["test", "--package", "paywall-api", "--all-features"]))?;
    let mut documentation = with(&["doc", "--package", "paywall-api", "--all-features", "--no-deps"]);
    step::loud("documentation", documentation.env("RUSTDOCFLAGS", "-D warnings"))
}

fn with(arguments: &[&str]) -> Command {
    let mut command = cargo();
    command.args(arguments);
    command
}

/// No feature, each alone, and all together. Each is asked for by package: a workspace lends features.
fn features() -> Result<Vec<String>, Failure> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .no_deps()
        .current_dir(crate::workspace())
        .exec()
        .map_err(|error| Failure::unable(format!("cargo metadata: {error}")))?;
    let package = metadata.packages.iter().find(|package| package.name.as_str() == "paywall-api");
    let package = package.ok_or_else(|| Failure::unable("there is no package `paywall-api` in this workspace"))?;
    let names: Vec<String> = package.features.keys().filter(|name| *name != "default").cloned().collect();
    let all = names.join(",");
    Ok(std::iter::once(String::new()).chain(names).chain(std::iter::once(all)).collect())
}
