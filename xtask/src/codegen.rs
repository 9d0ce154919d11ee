//! `cargo xtask codegen`: the contract's Rust, written or compared.

use std::path::{Path, PathBuf};

use codegen::files::{self, Change};
use codegen::{Home, Tree};

use crate::contract::Contract;
use crate::{Failure, Outcome, readme, workspace};

/// Generate paywall-api/src/generated, and the table of endpoints in README.md, from the contract
///
/// A file that says what it should is not touched; a changed one is replaced whole or not at all; one
/// that is no longer generated goes. A broken contract changes nothing, and everything that is wrong
/// with it is told at once.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; show how each file that is missing, stale or extra differs, and exit with 1 if there is one
    #[arg(long)]
    check: bool,
    /// The contract: its root file, or the folder of its `openapi.yaml` [default: spec of this repository]
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
    /// Where the files go; it may hold generated files alone [default: paywall-api/src/generated of this repository]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// For another crate: the services become methods of a trait instead of the client's own
    #[arg(long)]
    elsewhere: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let out = arguments.out.clone().unwrap_or_else(own_folder);
    let home = if arguments.elsewhere { Home::Elsewhere } else { Home::Runtime };
    let (document, tree) = Contract::named(arguments.spec.as_deref())?.generate(home)?;
    let is_own = arguments.spec.is_none() && arguments.out.is_none() && !arguments.elsewhere;
    if arguments.check {
        check(&tree, &out, &mending(arguments))?;
        if is_own { readme::check(&document) } else { Ok(()) }
    } else {
        write(&tree, &out)?;
        if is_own { readme::write(&document) } else { Ok(()) }
    }
}

/// The default contract and folder, written; for the commands that need them fresh.
pub(crate) fn refresh() -> Outcome {
    let (document, tree) = Contract::own()?.generate(Home::Runtime)?;
    write(&tree, &own_folder())?;
    readme::write(&document)
}

/// The default contract and folder, compared.
pub(crate) fn check_default() -> Outcome {
    let (document, tree) = Contract::own()?.generate(Home::Runtime)?;
    check(&tree, &own_folder(), "cargo xtask codegen")?;
    readme::check(&document)
}

fn own_folder() -> PathBuf {
    workspace().join("paywall-api/src/generated")
}

fn unable(out: &Path, error: &std::io::Error) -> Failure {
    Failure::unable(format!("{}: {error}", out.display()))
}

fn write(tree: &Tree, out: &Path) -> Outcome {
    let changes = files::write(tree, out).map_err(|error| unable(out, &error))?;
    for change in &changes {
        let done = match change {
            Change::Missing(..) => "wrote",
            Change::Stale(..) => "replaced",
            Change::Extra(..) => "removed",
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
    let changes = files::compare(tree, out).map_err(|error| unable(out, &error))?;
    if changes.is_empty() {
        anstream::println!("{} files are as the contract says", tree.len());
        return Ok(());
    }
    for change in &changes {
        anstream::println!("{change}");
    }
    let foreign = changes.iter().filter(|change| change.is_foreign()).count();
    Err(Failure::findings(verdict(foreign, changes.len() - foreign, out, mend)))
}

/// What to do, first by hand: nothing is written beside a file that was not generated.
fn verdict(foreign: usize, generated: usize, out: &Path, mend: &str) -> String {
    let out = out.display();
    let by_hand = (foreign > 0).then(|| format!("in {out} stands what was not generated ({foreign}): move it out"));
    let by_command = (generated > 0).then(|| format!("generated files in {out} differ ({generated}): run `{mend}`"));
    by_hand.into_iter().chain(by_command).collect::<Vec<_>>().join("\n")
}

/// The command that mends what `--check` found.
fn mending(arguments: &Arguments) -> String {
    let paths = [("--spec", &arguments.spec), ("--out", &arguments.out)];
    let quoted = |path: &PathBuf| shell_words::quote(&path.to_string_lossy()).into_owned();
    let paths = paths.iter().filter_map(|(flag, value)| Some(format!("{flag} {}", quoted(value.as_ref()?))));
    let home = arguments.elsewhere.then(|| "--elsewhere".to_owned());
    std::iter::once("cargo xtask codegen".to_owned()).chain(paths).chain(home).collect::<Vec<_>>().join(" ")
}
