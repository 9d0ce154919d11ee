//! The command line.

use std::fmt::Write as _;
use std::io;
use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use anstream::ColorChoice;
use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use paywall_validate::checker::{Checker, Part, Settings};
use paywall_validate::choice::Choice;
use paywall_validate::finding::Rule;
use paywall_validate::output::Colours;

/// Say what is wrong with payloads of Paywall, where, and what to write instead
///
/// Card numbers, security codes, keys, tokens and what belongs to persons are never shown.
#[derive(Debug, Parser)]
#[command(name = "paywall-validate", version, after_help = CODES)]
pub(crate) struct Arguments {
    /// Files, folders, patterns such as 'fixtures/**/*.json', or - for standard input
    ///
    /// By their endings: .json; .jsonc with comments; .jsonl and .ndjson with a payload a line; .har with traffic that
    /// a browser has saved; .form as a browser sends it. A folder is searched for these, hidden ones left out. Of
    /// anything else, and of standard input, the content tells: a log is one of its kinds.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// What the payloads are: the operation's name, or the message's
    ///
    /// Without it: the path of a sample tells (<operation>/<case>.request.jsonc), or the method and address in a HAR
    /// file, or the fields that a payload has. The output says which.
    #[arg(long, value_name = "ID")]
    operation: Option<String>,
    /// Whether they are sent to Paywall, or answered by it; a message of Paywall's is a request
    #[arg(long)]
    part: Option<PartName>,
    /// How findings are told
    #[arg(long, default_value = "text")]
    pub(crate) format: Format,
    /// How many findings are listed in all; every one is counted [default: 100 as text, else all]
    #[arg(long, value_name = "N")]
    max_findings: Option<usize>,
    /// Show the values that are wrong, except those of cards
    #[arg(long)]
    pub(crate) show_values: bool,
    /// The month by which cards expire [default: this month in Türkiye]
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    today: Option<(i32, u8)>,
    /// How many threads check [default: as many as the machine has cores]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZero<usize>>,
    /// Of which payloads the Rust types are asked too, which must say what the contract says
    #[arg(long, value_name = "WHICH", default_value = "some")]
    pub(crate) types: Types,
    /// Write into a file, which appears when it is whole
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Of which payloads the types are asked: that they agree is this project's own affair, and a long file has many alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Types {
    /// Of each
    All,
    /// Of each, but in JSON Lines behind line 1000 of every sixteenth
    Some,
    /// Of none
    None,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PartName {
    Request,
    Response,
}

/// How findings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, with the lines that are wrong
    Text,
    /// One documented object
    Json,
    /// Test cases, for CI
    Junit,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

const CODES: &str = "Exit codes:
  0  every payload is valid; warnings do not count
  1  a payload is wrong
  2  the command line is wrong, or something could not be read: not there, not text, not JSON, cut off";

const EXAMPLES: &str = "Examples:
  paywall-validate payment.json
  paywall-validate --operation start3dPayment --part request - < body.json
  paywall-validate traffic.har 'fixtures/**/*.json'
  paywall-validate --format sarif --out findings.sarif fixtures/

A column counts characters (Unicode scalar values) from 1, an offset bytes from 0.";

/// As many as a person reads.
const SHOWN: usize = 100;

impl Arguments {
    /// Reads the command line; ends the program where it is wrong, or asks for help.
    pub(crate) fn read() -> Self {
        let mut command = Self::command();
        // The lists are long to make, and seldom asked for.
        if std::env::args_os().any(|argument| argument == "--help") {
            command = command.after_long_help(lists());
        }
        let matches = command.get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    pub(crate) fn choice(&self) -> Choice {
        let part = self.part.map(|part| match part {
            PartName::Request => Part::Request,
            PartName::Response => Part::Response,
        });
        Choice { operation: self.operation.clone(), part }
    }

    pub(crate) fn limit(&self) -> usize {
        self.max_findings.unwrap_or(if self.format == Format::Text { SHOWN } else { usize::MAX })
    }

    pub(crate) fn jobs(&self) -> usize {
        self.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZero::get)
    }

    pub(crate) fn today(&self) -> (i32, u8) {
        self.today.unwrap_or_else(|| {
            let now = Timestamp::now().to_zoned(TimeZone::fixed(Offset::constant(3)));
            (now.year().into(), u8::try_from(now.month()).unwrap_or(1))
        })
    }

    /// On a terminal, unless the environment wants none; elsewhere, if it insists.
    pub(crate) fn colours(&self) -> Colours {
        let is_plain = self.out.is_some() || anstream::AutoStream::choice(&io::stdout()) == ColorChoice::Never;
        if is_plain { Colours::None } else { Colours::Shown }
    }
}

fn month(text: &str) -> Result<(i32, u8), String> {
    let parsed = text.split_once('-').and_then(|(year, month)| Some((year.parse().ok()?, month.parse().ok()?)));
    match parsed {
        Some((year @ 1900..=9999, month @ 1..=12)) => Ok((year, month)),
        _ => Err("expected a year and a month, such as 2026-03".to_owned()),
    }
}

fn lists() -> String {
    let checker = Checker::built_in(Settings::default());
    let mut text = format!("{EXAMPLES}\n\nRules:\n");
    for rule in Rule::ALL {
        let _ = writeln!(text, "  {:<16} {}", rule.name(), rule.description().trim());
    }
    text.push_str("\nOperations and messages:\n");
    let mut names: Vec<_> = checker.payloads().map(|id| checker.operation(id)).collect();
    names.dedup();
    for name in names {
        let _ = writeln!(text, "  {name}");
    }
    text + "\n" + CODES
}
