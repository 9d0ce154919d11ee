//! The commands of this repository. Each parses, calls and prints; the work is elsewhere.

mod bench_sandbox;
mod bundle;
mod codegen;
mod contract;
mod demo;
mod fresh;
mod judges;
mod local;
mod program;
mod readme;
mod step;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes:\n  0  done, or everything is as it should be\n  1  findings: the contract is broken, a generated file is stale, a test or a judge failed\n  2  the command line is wrong, or a file or a tool is not there";

#[derive(Subcommand)]
enum Command {
    // What a command with arguments does is told at its arguments: words here would hide those.
    #[command(after_help = EXIT_CODES)]
    Codegen(codegen::Arguments),
    #[command(after_help = EXIT_CODES)]
    Bundle(bundle::Arguments),
    #[command(after_help = EXIT_CODES)]
    Demo(demo::Arguments),
    /// Start a local Paywall on 127.0.0.1
    ///
    /// Everything behind the name goes to the program `paywall-sandbox`: `cargo xtask sandbox --help` tells its flags.
    #[command(disable_help_flag = true)]
    Sandbox(program::PassedOn),
    /// Say what is wrong with payloads, where, and what to write instead
    ///
    /// Everything behind the name goes to the program `paywall-validate`: `cargo xtask validate --help` tells its flags.
    #[command(disable_help_flag = true)]
    Validate(program::PassedOn),
    /// Run everything that must pass: format, lints, freshness, tests, documentation, features
    ///
    /// It needs Rust with rustfmt and clippy, and the C compiler that Rust links with. On Linux the feature
    /// native-tls also needs OpenSSL's headers: apt-get install pkg-config libssl-dev. The shop is driven in Chromium,
    /// by its driver: apt-get install chromium chromium-driver. Nothing is skipped: without them the command ends before
    /// it builds anything, but for the browser, which it installs itself where it may.
    #[command(after_help = EXIT_CODES)]
    Test,
    #[command(after_help = EXIT_CODES)]
    Judges(judges::Arguments),
    #[command(after_help = EXIT_CODES)]
    BenchSandbox(bench_sandbox::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::Bundle(arguments) => bundle::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Sandbox(passed_on) => program::SANDBOX.run(&passed_on),
        Command::Validate(passed_on) => program::VALIDATOR.run(&passed_on),
        Command::Test => test::run(),
        Command::Judges(arguments) => judges::run(&arguments),
        Command::BenchSandbox(arguments) => bench_sandbox::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = &failure.message {
                anstream::eprintln!("{message}");
            }
            ExitCode::from(failure.code)
        }
    }
}

/// Why a command ends with a code other than zero.
#[derive(Debug)]
struct Failure {
    code: u8,
    message: Option<String>,
}

impl Failure {
    /// What the command looked for and found wrong.
    fn findings(message: impl Into<String>) -> Self {
        Self { code: 1, message: Some(message.into()) }
    }

    /// What the command could not do at all.
    fn unable(message: impl Into<String>) -> Self {
        Self { code: 2, message: Some(message.into()) }
    }
}

type Outcome = Result<(), Failure>;

/// The folder of the workspace: as cargo says when it starts this, else as it was when this was built.
fn workspace() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().map(PathBuf::from).unwrap_or(here)
}
