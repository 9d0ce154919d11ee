//! `cargo xtask judges`: programs that others wrote hold the contract and the samples to account. Each is
//! installed below `target/judges`, at a version that is stated here; none is a dependency of the product.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::contract::Contract;
use crate::{Failure, Outcome, step, workspace};

/// Run the judges that others wrote: validators, linters and a second reader of the contract
///
/// They need Python 3 with venv, and Node with npm (apt-get install python3 python3-venv nodejs npm). The first run
/// fetches them from the Python package index and the npm registry, at versions that are stated in
/// xtask/src/judges.rs, and puts them and all that they write below target/judges; nothing is installed elsewhere.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run only these judges [default: all]
    #[arg(value_name = "JUDGE", value_parser = NAMES)]
    judges: Vec<String>,
}

const NAMES: [&str; 6] =
    ["openapi-spec-validator", "redocly", "spectral", "samples", "examples", "openapi-python-client"];

/// What is installed from the Python package index.
const PYTHON: [&str; 4] = [
    "openapi-spec-validator==0.9.0",
    "openapi-schema-validator==0.9.0",
    "openapi-python-client==0.29.1",
    "json5==0.17.3",
];

/// What is installed from the npm registry.
const NODE: [&str; 3] = ["@redocly/cli@2.77.0", "@stoplight/spectral-cli@6.16.3", "openapi-examples-validator@7.1.0"];

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let tools = Tools::install()?;
    let bundle = tools.folder.join("bundle.yaml");
    write_bundle(&bundle)?;
    let wanted = |name: &&&str| arguments.judges.is_empty() || arguments.judges.iter().any(|judge| judge == **name);
    NAMES.iter().filter(wanted).try_for_each(|name| step::quiet(name, &mut tools.judge(name, &bundle)))
}

fn write_bundle(path: &Path) -> Outcome {
    let document = Contract::own()?.load()?;
    let text = codegen::bundle::bundle(&document).map_err(Failure::unable)?;
    codegen::files::write_one(path, &text).map(drop).map_err(|error| Failure::unable(error.to_string()))
}

/// Where the judges live.
struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Installs what is not there at its stated version; a second run installs nothing.
    fn install() -> Result<Self, Failure> {
        let folder = workspace().join("target/judges");
        std::fs::create_dir_all(&folder).map_err(|error| Failure::unable(format!("{}: {error}", folder.display())))?;
        let tools = Self { folder };
        tools.installed("python.txt", &PYTHON, Self::install_python)?;
        tools.installed("node.txt", &NODE, Self::install_node)?;
        Ok(tools)
    }

    /// Runs an installation unless its list is that of the last one that succeeded.
    fn installed(&self, stamp: &str, list: &[&str], install: impl Fn(&Self) -> Outcome) -> Outcome {
        let (stamp, list) = (self.folder.join(stamp), list.join("\n"));
        if std::fs::read_to_string(&stamp).is_ok_and(|found| found == list) {
            return Ok(());
        }
        install(self)?;
        std::fs::write(&stamp, list).map_err(|error| Failure::unable(format!("{}: {error}", stamp.display())))
    }

    fn install_python(&self) -> Outcome {
        let venv = self.folder.join("python");
        let mut create = Command::new("python3");
        create.args(["-m", "venv"]).arg(&venv);
        step::quiet("create target/judges/python", &mut create)
            .map_err(|failure| needs(failure, "Python 3 with venv", "apt-get install python3 python3-venv"))?;
        let mut install = self.python("pip");
        step::quiet("install the judges in Python", install.args(["install", "--quiet"]).args(PYTHON))
    }

    fn install_node(&self) -> Outcome {
        let mut install = Command::new("npm");
        install.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix"]);
        install.arg(&self.folder).args(NODE);
        step::quiet("install the judges in JavaScript", &mut install)
            .map_err(|failure| needs(failure, "Node with npm", "apt-get install nodejs npm"))
    }

    fn judge(&self, name: &str, bundle: &Path) -> Command {
        match name {
            "openapi-spec-validator" => with(self.python(name), &["spec/openapi.yaml"]),
            "redocly" => self.redocly(),
            "spectral" => {
                let arguments = ["lint", "spec/openapi.yaml", "--ruleset", ".spectral.yaml", "--fail-severity", "hint"];
                with(self.node("spectral"), &arguments)
            }
            // Without --no-additional-properties, which refuses any `allOf` and so every answer.
            "examples" => with_path(self.node("openapi-examples-validator"), bundle),
            "samples" => self.samples(bundle),
            _ => self.second_reader(bundle),
        }
    }

    fn redocly(&self) -> Command {
        let mut command = self.node("redocly");
        command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        with(command, &["lint", "--config=.redocly.yaml", "spec/openapi.yaml"])
    }

    /// Every sample against the contract as it stands, by a reader of OpenAPI 3.0's own dialect.
    fn samples(&self, bundle: &Path) -> Command {
        with_path(with(self.python("python"), &["xtask/judges/samples.py", "spec/samples"]), bundle)
    }

    /// A generator of another language reads the contract; one operation that it passes over is a failure.
    fn second_reader(&self, bundle: &Path) -> Command {
        let mut command = self.python("openapi-python-client");
        let path = std::env::join_paths(
            std::iter::once(self.folder.join("python/bin"))
                .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
        );
        if let Ok(path) = path {
            command.env("PATH", path);
        }
        command.args(["generate", "--overwrite", "--fail-on-warning", "--meta", "none"]);
        command.arg("--output-path").arg(self.folder.join("second-reader")).arg("--path").arg(bundle);
        command
    }

    fn python(&self, program: &str) -> Command {
        Command::new(self.folder.join("python/bin").join(program))
    }

    fn node(&self, program: &str) -> Command {
        Command::new(self.folder.join("node_modules/.bin").join(program))
    }
}

fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    command
}

fn with_path(mut command: Command, path: &Path) -> Command {
    command.arg(path);
    command
}

/// A missing tool, with the command that installs it.
fn needs(failure: Failure, tool: &str, install: &str) -> Failure {
    let message = failure.message.unwrap_or_default();
    Failure::unable(format!("{message}\nthe judges need {tool}: {install}"))
}
