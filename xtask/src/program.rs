//! A program of another package of this repository: cargo builds it, and it runs without cargo before it, which would
//! wait for other builds and be ended in its place.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::contract::Contract;
use crate::{Failure, Outcome, demo, fresh, workspace};

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
    /// Builds it unless it is still what its sources say. Cargo tells of it on standard error, so that the output stays the
    /// program's alone.
    pub(crate) fn build(self, profile: Profile) -> Outcome {
        if fresh::is_fresh(&self.path(profile)?, &workspace()) {
            return Ok(());
        }
        // A program is made of the contract without its checks.
        Contract::own()?.load()?;
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
        self.path(profile).map(Command::new)
    }

    /// Where it is built: this program was built by cargo in the same folder.
    fn path(self, profile: Profile) -> Result<PathBuf, Failure> {
        let own =
            std::env::current_exe().map_err(|error| Failure::unable(format!("where this program is: {error}")))?;
        let target = own.parent().and_then(Path::parent).unwrap_or(Path::new("target"));
        let folder = if profile == Profile::Release { "release" } else { "debug" };
        Ok(target.join(folder).join(format!("{}{}", self.0, std::env::consts::EXE_SUFFIX)))
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
