//! `paywall-sandbox`: a local Paywall until ctrl-C.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use owo_colors::OwoColorize;
use paywall_sandbox::{FAULTS, Faults, Keys, KeysFile, LogFormat, Options, Refusals, Running, Sandbox, guide};

/// A local Paywall: it answers from the contract and remembers, on 127.0.0.1 alone.
///
/// Every request is held against the contract: path, method, keys, media type, size,
/// JSON, schema. What does not pass gets an envelope that says what is wrong, without a
/// value of the request. What passes is done: sessions, cards and payments are
/// remembered, and an inquiry tells the truth. What the sandbox has no rule for gets
/// the documented sample answer.
#[derive(Parser)]
#[command(name = "paywall-sandbox", version, verbatim_doc_comment)]
struct Arguments {
    /// The port on 127.0.0.1; 0 for any that is free
    #[arg(long, default_value_t = 4747)]
    port: u16,
    /// The contract, from disk: its root file or its folder [default: the one that is built in]
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
    /// Where chance begins: the same seed makes up the same codes and strikes with the same faults [default: any]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How many milliseconds every answer takes
    #[arg(long, value_name = "MS|MIN..MAX", value_parser = latency)]
    latency: Option<RangeInclusive<Duration>>,
    /// What goes wrong: OPERATION=FAULT[@PROBABILITY], separated by commas; see below
    #[arg(long, value_name = "SPEC")]
    faults: Option<Faults>,
    /// The HTTP status of refused keys, JSON and fields: 401 and 400, or 200 with the envelope alone saying no
    #[arg(long, value_enum, default_value_t = Status::Http4xx)]
    refusals: Status,
    /// A file of keys, of requests and of hashes; see below [default: k and c, no hash]
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// The public pair that requests must carry; others on this machine can read it: prefer --keys
    #[arg(long, value_name = "KEY:CLIENT", value_parser = pair)]
    public_keys: Option<Keys>,
    /// The private pair that requests must carry; others on this machine can read it: prefer --keys
    #[arg(long, value_name = "KEY:CLIENT", value_parser = pair)]
    private_keys: Option<Keys>,
    /// Sign messages (1: 3-D Secure, 4: notifications); others on this machine can read it: prefer --keys
    #[arg(long, value_name = "TYPE=KEY", value_parser = hash_key)]
    hash_key: Vec<HashKey>,
    /// Where general notifications go
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// A host besides loopback that shoppers and notifications may be sent to
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Keep the state in this file, across restarts and kills
    #[arg(long, value_name = "FILE", conflicts_with = "stateless")]
    state: Option<PathBuf>,
    /// Remember nothing: every answer is the documented sample. Sums and expired cards are not judged
    #[arg(long)]
    stateless: bool,
    /// How many seconds the bank is silent about a pending payment
    #[arg(long, value_name = "N", default_value_t = 3)]
    pending_seconds: u64,
    /// How many seconds a minute of PayWatch lasts; a watch looks after 2 to 20 of them
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u64).range(..=A_DAY))]
    watch_minute_seconds: u64,
    /// After how many seconds an answer renews the Masterpass session, which lives for 1800
    #[arg(long, value_name = "N", default_value_t = 1200)]
    renew_sessions_after_seconds: u64,
    /// How many seconds the head of a request may take to come, and its body after it
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=A_DAY))]
    request_timeout_seconds: u64,
    /// How the lines of the log are written
    #[arg(long, value_enum, default_value_t = Log::Text)]
    log: Log,
    /// Give no line on stderr for each request
    #[arg(long)]
    quiet: bool,
}

/// In seconds. No test waits longer for a minute.
const A_DAY: u64 = 24 * 60 * 60;

const KEYS_FILE: &str = r#"The file of --keys, every part of which may be left out:

  { "pairs": { "public": { "key": "…", "client": "…" }, "private": { "key": "…", "client": "…" } },
    "hash_keys": { "1": "…", "4": "…" } }"#;

const LOG: &str = "\
Each request gives one line on stderr: method, path, operation, outcome, fault if there was one, time. With --log json
an object of method, path, operation, outcome, fault and ms. Never a key, a card or a body.";

const EXIT_CODES: &str = "\
Exit codes:
  0  stopped by ctrl-C
  2  not started: the command line is wrong, the contract is broken, the port is taken, or a file cannot be used";

/// What stands below the flags.
fn below() -> String {
    format!("{}\n\n{FAULTS}\n\n{KEYS_FILE}\n\n{LOG}\n\n{EXIT_CODES}", guide())
}

#[derive(Clone, Copy, ValueEnum)]
enum Status {
    /// HTTP 200
    #[value(name = "200")]
    Http200,
    /// HTTP 401 and 400
    #[value(name = "4xx")]
    Http4xx,
}

#[derive(Clone, Copy, ValueEnum)]
enum Log {
    /// For people
    Text,
    /// For programs
    Json,
}

/// A type and its key. It has no `Debug`.
#[derive(Clone)]
struct HashKey(i64, String);

fn main() -> ExitCode {
    // Its tables have lines of their own, whatever the terminal's width.
    let command = Arguments::command().term_width(0).after_long_help(below()).after_help(EXIT_CODES);
    let matches = command.try_get_matches().unwrap_or_else(|error| without_keys(error).exit());
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match options(arguments).and_then(Sandbox::start) {
        Ok(running) => until_interrupted(running),
        Err(error) => failure(&error),
    }
}

fn options(arguments: Arguments) -> Result<Options, paywall_sandbox::Error> {
    let options = with_keys(Options::default(), &arguments)?;
    let options = options.port(arguments.port).keep_requests(false);
    let options = with_times(options, &arguments);
    let options = arguments.spec.into_iter().fold(options, Options::spec);
    let options = arguments.latency.into_iter().fold(options, Options::latency);
    let options = arguments.faults.into_iter().fold(options, Options::faults);
    let options = arguments.webhook.into_iter().fold(options, Options::webhook);
    let options = arguments.allow_host.into_iter().fold(options, Options::allow_host);
    let options = options.refusals(match arguments.refusals {
        Status::Http200 => Refusals::Http200,
        Status::Http4xx => Refusals::Http4xx,
    });
    let options = arguments.seed.into_iter().fold(options, Options::seed);
    let options = if arguments.stateless { options } else { options.stateful() };
    let options = arguments.state.into_iter().fold(options, Options::state_file);
    Ok(match (arguments.quiet, arguments.log) {
        (true, _) => options,
        (false, Log::Text) => options.log_as(LogFormat::Text),
        (false, Log::Json) => options.log_as(LogFormat::Json),
    })
}

fn with_times(options: Options, arguments: &Arguments) -> Options {
    options
        .request_timeout(Duration::from_secs(arguments.request_timeout_seconds))
        .pending(Duration::from_secs(arguments.pending_seconds))
        .watch_minute(Duration::from_secs(arguments.watch_minute_seconds))
        .renew_sessions_after(Duration::from_secs(arguments.renew_sessions_after_seconds))
}

fn with_keys(options: Options, arguments: &Arguments) -> Result<Options, paywall_sandbox::Error> {
    let file = arguments.keys.as_deref().map(KeysFile::read).transpose()?;
    let options = file.into_iter().fold(options, |options, file| file.into_options(options));
    let pairs = [("public", &arguments.public_keys), ("private", &arguments.private_keys)];
    let given = pairs.into_iter().filter_map(|(pair, keys)| Some((pair, keys.clone()?)));
    let options = given.fold(options, |options, (pair, keys)| options.keys(pair, keys));
    let hash_keys = arguments.hash_key.iter().cloned();
    Ok(hash_keys.fold(options, |options, HashKey(key_type, key)| options.hash_key(key_type, key)))
}

fn latency(text: &str) -> Result<RangeInclusive<Duration>, String> {
    let expected = || "expected milliseconds, or two with `..` between them, the smaller one first".to_owned();
    let time = |text: &str| text.trim().parse().map(Duration::from_millis).map_err(|_| expected());
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let (least, most) = (time(least)?, time(most)?);
    if least <= most { Ok(least..=most) } else { Err(expected()) }
}

/// What a wrong command line is answered with may end in a log, so it repeats no key.
fn without_keys(mut error: clap::Error) -> clap::Error {
    let flag = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    if ["--public-keys", "--private-keys", "--hash-key"].iter().any(|secret| flag.starts_with(secret)) {
        error.insert(ContextKind::InvalidValue, ContextValue::String("…".to_owned()));
    }
    error
}

fn pair(text: &str) -> Result<Keys, String> {
    match text.split_once(':') {
        Some((key, client)) if !key.is_empty() && !client.is_empty() => Ok(Keys::new(key, client)),
        _ => Err("expected KEY:CLIENT, neither of them empty".to_owned()),
    }
}

fn hash_key(text: &str) -> Result<HashKey, String> {
    let expected = || "expected TYPE=KEY, the type a number".to_owned();
    let (key_type, key) = text.split_once('=').filter(|(_, key)| !key.is_empty()).ok_or_else(expected)?;
    Ok(HashKey(key_type.parse().map_err(|_| expected())?, key.to_owned()))
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
