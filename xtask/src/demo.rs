//! `cargo xtask demo`: regenerate, then start the demo, which is a program of another package.

use std::process::Command;

use clap::Args;

use crate::{Outcome, codegen, step};

/// Regenerate, replay every documented payload and drive the client against a local Paywall
#[derive(Args)]
pub(crate) struct Arguments {
    /// Also call every operation once, and show every documented failure and every message, a line each
    #[arg(long)]
    all: bool,
}

/// The demo is built as the tests are: it runs for a second, and a release build of all that is below it
/// takes minutes that a newcomer would wait twice.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    codegen::refresh()?;
    let mut build = cargo();
    build.args(["build", "--package", "paywall-sandbox", "--bin", "paywall-demo"]);
    step::loud("build the demo", &mut build)?;
    let mut demo = cargo();
    demo.args(["run", "--quiet", "--package", "paywall-sandbox", "--bin", "paywall-demo", "--"]);
    demo.args(arguments.all.then_some("--all"));
    step::loud("replay the documented payloads and drive the client", &mut demo)
}

/// The cargo that started this.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
