//! A program of another package of this repository: cargo builds it, and it runs without cargo before it, which would
//! wait for other builds and be ended in its place.

use std::ffi::OsString;
use std::process::Command;

use crate::{Failure, Outcome, demo, workspace};

/// The local Paywall.
pub(crate) const SANDBOX: Program = Program("paywall-sandbox");
/// The validator of payloads.
pub(crate) const VALIDATOR: Program = Program("paywall-validate");

/// What the program is to hear, `--help` included.
#[derive(clap::Args)]
pub(crate) struct PassedOn {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
    flags: Vec<OsString>,
}

/// A program that is called like its package.
#[derive(Clone, Copy)]
pub(crate) struct Program(&'static str);

/// How it is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As the tests have built it anyway.
    Dev,
    /// As people use it.
    Release,
}

impl Program {
    /// Cargo tells of it on standard error, so that the output stays the program's alone.
    pub(crate) fn build(self, profile: Profile) -> Outcome {
        let mut cargo = demo::cargo();
        cargo.arg("build").arg("--manifest-path").arg(workspace().join("Cargo.toml"));
        cargo.args((profile == Profile::Release).then_some("--release"));
        let status = cargo.args(["--package", self.0, "--bin", self.0]).status();
        let status = status.map_err(|error| Failure::unable(format!("cargo cannot be started: {error}")))?;
        let failed = || Failure::unable(format!("{} could not be built: cargo tells why above", self.0));
        if status.success() { Ok(()) } else { Err(failed()) }
    }

    /// The program that was built.
    pub(crate) fn command(self, profile: Profile) -> Result<Command, Failure> {
        let metadata = cargo_metadata::MetadataCommand::new().no_deps().current_dir(workspace()).exec();
        let metadata = metadata.map_err(|error| Failure::unable(format!("cargo metadata: {error}")))?;
        let folder = if profile == Profile::Release { "release" } else { "debug" };
        let name = format!("{}{}", self.0, std::env::consts::EXE_SUFFIX);
        Ok(Command::new(metadata.target_directory.join(folder).join(name)))
    }

    /// Builds it for release and runs it where the caller is, so that the paths of its flags are the caller's. What went
    /// wrong it has told itself.
    pub(crate) fn run(self, passed_on: &PassedOn) -> Outcome {
        self.build(Profile::Release)?;
        let ended = self.command(Profile::Release)?.args(&passed_on.flags).status();
        let ended = ended.map_err(|error| Failure::unable(format!("{} cannot be started: {error}", self.0)))?;
        let code = ended.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(2);
        if code == 0 { Ok(()) } else { Err(Failure { code, message: None }) }
    }
}
