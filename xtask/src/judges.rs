//! `cargo xtask judges`: programs that others wrote hold contract, samples, client and local Paywall to account. Each is
//! installed below `target/judges`, at a version that is stated in `tools`; none is a dependency of the product.

mod clients;
pub(crate) mod prism;
mod readers;
mod schemathesis;
mod tools;
mod verdicts;

use std::path::{Path, PathBuf};
use std::process::Command;

use paywall_contract::bundle::Form;

pub(crate) use self::tools::Tools;
use crate::contract::Contract;
use crate::{Failure, Outcome, step};

/// Run the judges that others wrote: of the contract validators and linters, of the bundle readers of YAML and generators
/// of clients, of the local Paywall Schemathesis, between it and the client Prism, and of the validator three other
/// validators
///
/// They need Python 3 with venv, and Node with npm (apt-get install python3 python3-venv nodejs npm). The first run
/// fetches them from the Python package index and the npm registry, at versions that are stated in
/// xtask/src/judges/tools.rs, and puts them and all that they write below target/judges; nothing is installed elsewhere.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run only these judges [default: all]
    #[arg(value_name = "JUDGE", value_parser = NAMES)]
    judges: Vec<String>,
}

const NAMES: [&str; 12] = [
    "openapi-spec-validator",
    "redocly",
    "spectral",
    "samples",
    "examples",
    "readers",
    "openapi-python-client",
    "openapi-generator",
    "progenitor",
    "schemathesis",
    "prism",
    "verdicts",
];

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let tools = Tools::install()?;
    let bundle = bundled(&tools)?;
    let wanted = |name: &&&str| arguments.judges.is_empty() || arguments.judges.iter().any(|judge| judge == **name);
    NAMES.iter().filter(wanted).try_for_each(|name| judge(&tools, name, &bundle))
}

fn judge(tools: &Tools, name: &str, bundle: &Path) -> Outcome {
    match name {
        "readers" => readers::run(tools),
        "openapi-python-client" => {
            step::quiet(name, &mut clients::in_python(tools, bundle, "second-reader"))?;
            clients::python(tools)
        }
        "openapi-generator" => clients::openapi_generator(tools),
        "progenitor" => clients::progenitor(tools),
        "schemathesis" => schemathesis::run(tools, bundle),
        "prism" => prism::run(tools, bundle),
        "verdicts" => verdicts::run(tools, bundle),
        _ => step::quiet(name, &mut command(tools, name, bundle)),
    }
}

/// The contract as one file.
pub(crate) fn bundled(tools: &Tools) -> Result<PathBuf, Failure> {
    let text = paywall_contract::bundle::bundle(&Contract::own()?.load()?, Form::Whole).map_err(Failure::unable)?;
    written(&tools.folder.join("bundle.yaml"), &text)
}

/// The path of a file, once this stands there.
fn written(path: &Path, text: &str) -> Result<PathBuf, Failure> {
    let unable = |error: &dyn std::fmt::Display| Failure::unable(format!("{}: {error}", path.display()));
    path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(|error| unable(&error))?;
    codegen::files::write_one(path, text).map_err(|error| unable(&error))?;
    Ok(path.to_owned())
}

/// The judges of the contract, which need nothing but it.
fn command(tools: &Tools, name: &str, bundle: &Path) -> Command {
    match name {
        "openapi-spec-validator" => with(tools.python(name), &["spec/openapi.yaml"]),
        "spectral" => {
            let arguments = ["lint", "spec/openapi.yaml", "--ruleset", ".spectral.yaml", "--fail-severity", "hint"];
            with(tools.node("spectral"), &arguments)
        }
        // Without --no-additional-properties, which refuses any `allOf` and so every answer.
        "examples" => with_path(tools.node("openapi-examples-validator"), bundle),
        "samples" => samples(tools, bundle),
        // The last of them: redocly.
        _ => redocly(tools),
    }
}

fn redocly(tools: &Tools) -> Command {
    let mut command = tools.node("redocly");
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    with(command, &["lint", "--config=.redocly.yaml", "spec/openapi.yaml"])
}

/// Every sample against the contract as it stands, by a reader of OpenAPI 3.0's own dialect.
fn samples(tools: &Tools, bundle: &Path) -> Command {
    with_path(with(tools.python("python"), &["xtask/judges/samples.py", "spec/samples"]), bundle)
}

fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    command
}

fn with_path(mut command: Command, path: &Path) -> Command {
    command.arg(path);
    command
}
