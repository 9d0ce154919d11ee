//! `cargo xtask validate`: build the validator, which is a program of another package, and run it.

use std::ffi::OsString;

use clap::Args;

use crate::Outcome;
use crate::program::VALIDATOR;

/// Say what is wrong with payloads, where, and what to write instead
///
/// Everything behind the name goes to the program `paywall-validate`: `cargo xtask validate --help` tells its flags.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
    passed_on: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    VALIDATOR.run(&arguments.passed_on)
}
