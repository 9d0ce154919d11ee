//! `paywall-sandbox`: a local Paywall until ctrl-C.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use owo_colors::OwoColorize;
use paywall_sandbox::{Keys, Options, Refusals, Running, Sandbox};

/// A local Paywall: it answers from the contract, on 127.0.0.1 alone.
///
/// Every request is held against the contract: path, method, keys, media type, size,
/// JSON, schema. What passes gets the documented sample answer; what does not gets an
/// envelope that says what is wrong, without a value of the request. It keeps no state.
#[derive(Parser)]
#[command(name = "paywall-sandbox", version, verbatim_doc_comment, after_help = EXIT_CODES)]
struct Arguments {
    /// The port on 127.0.0.1; 0 for any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The contract: its root file or its folder [default: spec/ of this workspace]
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
    /// The HTTP status of refused keys, JSON and fields: 401 and 400, or 200 with the envelope alone saying no
    #[arg(long, value_enum, default_value_t = Status::Http4xx)]
    refusals: Status,
    /// The public pair that requests must carry [default: k:c]
    #[arg(long, value_name = "KEY:CLIENT", value_parser = keys)]
    public_keys: Option<Keys>,
    /// The private pair that requests must carry [default: k:c]
    #[arg(long, value_name = "KEY:CLIENT", value_parser = keys)]
    private_keys: Option<Keys>,
    /// Give no line on stderr for each request
    #[arg(long)]
    quiet: bool,
}

const EXIT_CODES: &str = "\
Each request gives one line on stderr: method, path, operation, status, time. Never a key, a card or a body.

Exit codes:
  0  stopped by ctrl-C
  2  not started: the command line is wrong, the contract is broken, or the port is taken";

#[derive(Clone, Copy, ValueEnum)]
enum Status {
    /// HTTP 200
    #[value(name = "200")]
    Http200,
    /// HTTP 401 and 400
    #[value(name = "4xx")]
    Http4xx,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match Sandbox::start(options(arguments)) {
        Ok(running) => until_interrupted(running),
        Err(error) => failure(&error),
    }
}

fn options(arguments: Arguments) -> Options {
    let refusals = match arguments.refusals {
        Status::Http200 => Refusals::Http200,
        Status::Http4xx => Refusals::Http4xx,
    };
    let options = Options::default().port(arguments.port).refusals(refusals).log(!arguments.quiet).keep_requests(false);
    let options = arguments.spec.into_iter().fold(options, Options::spec);
    let pairs = [("public", arguments.public_keys), ("private", arguments.private_keys)];
    pairs.into_iter().fold(options, |options, (pair, keys)| match keys {
        Some(keys) => options.keys(pair, keys),
        None => options,
    })
}

/// Never repeats what was given: a message of a wrong command line may end in a log.
fn keys(text: &str) -> Result<Keys, String> {
    match text.split_once(':') {
        Some((key, client)) if !key.is_empty() && !client.is_empty() => Ok(Keys::new(key, client)),
        _ => Err("expected KEY:CLIENT, neither of them empty".to_owned()),
    }
}

fn until_interrupted(running: Running) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure(&error),
    };
    match runtime.block_on(interrupted(&running)) {
        Ok(()) => {
            running.stop();
            ExitCode::SUCCESS
        }
        Err(error) => failure(&error),
    }
}

/// Says where the sandbox is, once ctrl-C is listened for, and waits for it.
async fn interrupted(running: &Running) -> std::io::Result<()> {
    let interrupt = tokio::spawn(tokio::signal::ctrl_c());
    tokio::task::yield_now().await;
    anstream::println!("paywall sandbox at {}", running.base_address().bold());
    anstream::println!("stop it with ctrl-C");
    interrupt.await.map_err(std::io::Error::other)?
}

/// The error and what lies behind it.
fn failure(error: &dyn std::error::Error) -> ExitCode {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    anstream::eprintln!("{} {text}", "error:".red().bold());
    ExitCode::from(2)
}
