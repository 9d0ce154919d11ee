//! `cargo xtask bundle`: the contract as one file.

use std::path::{Path, PathBuf};

use paywall_contract::bundle::Form;

use crate::contract::Contract;
use crate::{Failure, Outcome};

/// Write the contract as one file, with the documented payloads as examples
///
/// It is for tools that follow no references. Readers of YAML 1.1 and 1.2 read the same from it: numbers keep their
/// digits, and a text that one of them takes for a date, a number or a boolean is quoted.
///
/// With --plain it is for generators of clients. Left out is what only validators need, and what generators choke on:
/// conditions between fields, bounds (lengths, patterns, ranges, counts), our x- keys with the messages below
/// x-webhooks, and answers that no page describes. A choice between a type and null becomes that type with nullable, and
/// one between several lists of codes their common type. Every operation, field and documented payload stays.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Where the file goes, in a folder that is there [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Leave out what only validators need
    #[arg(long)]
    plain: bool,
    /// The contract: its root file, or the folder of its `openapi.yaml` [default: spec of this repository]
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    arguments.out.as_deref().map_or(Ok(()), can_be_written)?;
    let document = Contract::named(arguments.spec.as_deref())?.load()?;
    let form = if arguments.plain { Form::Plain } else { Form::Whole };
    let text = paywall_contract::bundle::bundle(&document, form).map_err(Failure::unable)?;
    let Some(path) = &arguments.out else {
        anstream::print!("{text}");
        return Ok(());
    };
    codegen::files::write_one(path, &text)
        .map(drop)
        .map_err(|error| Failure::unable(format!("{}: {error}", path.display())))
}

/// A mistyped folder is not made.
fn can_be_written(file: &Path) -> Outcome {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.is_dir(), file.is_dir()) {
        (false, _) => Err(Failure::unable(format!("there is no folder `{}`; make it first", folder.display()))),
        (_, true) => Err(Failure::unable(format!("`{}` is a folder; name a file", file.display()))),
        _ => Ok(()),
    }
}
