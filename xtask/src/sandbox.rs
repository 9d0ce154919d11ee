//! `cargo xtask sandbox`: build the sandbox, which is a program of another package, and run it.

use std::ffi::OsString;

use clap::Args;

use crate::{Failure, Outcome, demo, step, workspace};

/// Start a local Paywall on 127.0.0.1
///
/// Everything behind the name goes to the program `paywall-sandbox`: `cargo xtask sandbox --help` tells its flags.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
    passed_on: Vec<OsString>,
}

const PROGRAM: [&str; 5] = ["--release", "--package", "paywall-sandbox", "--bin", "paywall-sandbox"];

/// A release build: it starts at once and answers as fast as it can. It runs where the caller is, so that the paths of
/// its flags are the caller's.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    step::loud("build the sandbox", demo::cargo().arg("build").args(PROGRAM))?;
    let mut sandbox = demo::cargo();
    sandbox.args(["run", "--quiet", "--manifest-path"]).arg(workspace().join("Cargo.toml")).args(PROGRAM);
    let ended = sandbox.arg("--").args(&arguments.passed_on).status();
    let ended = ended.map_err(|error| Failure::unable(format!("cargo cannot be started: {error}")))?;
    // What it had to say it has said.
    let code = ended.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    if code == 0 { Ok(()) } else { Err(Failure { code, message: None }) }
}
