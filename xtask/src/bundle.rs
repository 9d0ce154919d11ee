//! `cargo xtask bundle`: the contract as one file.

use std::path::PathBuf;

use crate::{Failure, Outcome, workspace};

/// Write the contract as one file, for tools that follow no references.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Where the file goes; without it, standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The contract: its root file, or the folder of its `openapi.yaml`
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let spec = arguments.spec.clone().unwrap_or_else(|| workspace().join("spec"));
    let document = codegen::load(&spec).map_err(|findings| crate::codegen::told(&spec, &findings))?;
    let text = codegen::bundle::bundle(&document).map_err(Failure::unable)?;
    let Some(path) = &arguments.out else {
        anstream::print!("{text}");
        return Ok(());
    };
    codegen::files::write_one(path, &text)
        .map(drop)
        .map_err(|error| Failure::unable(format!("{}: {error}", path.display())))
}
