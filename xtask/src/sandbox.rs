//! `cargo xtask sandbox`: build the sandbox, which is a program of another package, and run it.

use std::ffi::OsString;

use clap::Args;

use crate::Outcome;
use crate::program::SANDBOX;

/// Start a local Paywall on 127.0.0.1
///
/// Everything behind the name goes to the program `paywall-sandbox`: `cargo xtask sandbox --help` tells its flags.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
    passed_on: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    SANDBOX.run(&arguments.passed_on)
}
