//! `cargo xtask codegen`: the contract's Rust, written or compared.

use std::path::{Path, PathBuf};

use codegen::files::{self, Change};
use codegen::{Home, Tree};

use crate::{Failure, Outcome, workspace};

/// Generate paywall-api/src/generated from the contract.
///
/// A file that says what it should is not touched; a changed one is replaced whole or not at all; one
/// that is no longer generated goes. A broken contract changes nothing, and everything that is wrong
/// with it is told at once.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; list each file that is missing, stale or extra, and exit with 1 if there is one
    #[arg(long)]
    check: bool,
    /// The contract: its root file, or the folder of its `openapi.yaml`
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
    /// Where the files go
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// For another crate: the services become methods of a trait instead of the client's own
    #[arg(long)]
    elsewhere: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let spec = arguments.spec.clone().unwrap_or_else(|| workspace().join("spec"));
    let out = arguments.out.clone().unwrap_or_else(|| workspace().join("paywall-api/src/generated"));
    let home = if arguments.elsewhere { Home::Elsewhere } else { Home::Runtime };
    let tree = generate(&spec, home)?;
    if arguments.check { check(&tree, &out, &mending(arguments)) } else { write(&tree, &out) }
}

/// The default contract and folder, written; for the commands that need them fresh.
pub(crate) fn refresh() -> Outcome {
    let tree = generate(&workspace().join("spec"), Home::Runtime)?;
    write(&tree, &workspace().join("paywall-api/src/generated"))
}

/// The default contract and folder, compared.
pub(crate) fn check_default() -> Outcome {
    let tree = generate(&workspace().join("spec"), Home::Runtime)?;
    check(&tree, &workspace().join("paywall-api/src/generated"), "cargo xtask codegen")
}

fn generate(spec: &Path, home: Home) -> Result<Tree, Failure> {
    codegen::generate(spec, home).map_err(|findings| told(spec, &findings))
}

/// Findings with their number and the folder that their places count from.
pub(crate) fn told(spec: &Path, findings: &codegen::Findings) -> Failure {
    let count = findings.len();
    let noun = if count == 1 { "finding" } else { "findings" };
    Failure::findings(format!("{findings}\n{count} {noun} in {}; nothing was written", spec.display()))
}

fn write(tree: &Tree, out: &Path) -> Outcome {
    let changes = files::write(tree, out).map_err(|error| Failure::unable(format!("{}: {error}", out.display())))?;
    for change in &changes {
        let done = match change {
            Change::Missing(_) => "wrote",
            Change::Stale(..) => "replaced",
            Change::Extra(_) => "removed",
            Change::Foreign(_) => "left",
        };
        anstream::println!("{done} {}", out.join(change.file()).display());
    }
    if changes.is_empty() {
        anstream::println!("{} files are as the contract says", tree.len());
    }
    Ok(())
}

fn check(tree: &Tree, out: &Path, mend: &str) -> Outcome {
    let changes = files::compare(tree, out).map_err(|error| Failure::unable(format!("{}: {error}", out.display())))?;
    if changes.is_empty() {
        anstream::println!("{} files are as the contract says", tree.len());
        return Ok(());
    }
    for change in &changes {
        anstream::println!("{change}");
    }
    Err(Failure::findings(format!("{} of the files in {} differ; run `{mend}`", changes.len(), out.display())))
}

/// The command that mends what `--check` found.
fn mending(arguments: &Arguments) -> String {
    let paths = [("--spec", &arguments.spec), ("--out", &arguments.out)];
    let paths = paths.iter().filter_map(|(flag, value)| Some(format!("{flag} {}", value.as_ref()?.display())));
    let home = arguments.elsewhere.then(|| "--elsewhere".to_owned());
    std::iter::once("cargo xtask codegen".to_owned()).chain(paths).chain(home).collect::<Vec<_>>().join(" ")
}
