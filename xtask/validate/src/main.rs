//! The command `paywall-validate`: reads the command line, checks, writes, and ends with a code that tells.

mod arguments;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use paywall_validate::checker::{Checker, Settings};
use paywall_validate::output::{Destination, Json, Junit, Output, Sarif, Summary, Text};
use paywall_validate::progress::Progress;
use paywall_validate::run;

use crate::arguments::{Arguments, Format, Types};

fn main() -> ExitCode {
    let arguments = Arguments::read();
    match validate(&arguments) {
        Ok(summary) => ExitCode::from(summary.exit_code()),
        Err(message) => {
            anstream::eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn validate(arguments: &Arguments) -> Result<Summary, String> {
    let types = arguments.types != Types::None;
    let settings = Settings { today: Some(arguments.today()), show_values: arguments.show_values, types };
    let checker = Checker::built_in(settings);
    let choice = arguments.choice();
    choice.check(&checker)?;
    let run = run::Settings {
        choice,
        jobs: arguments.jobs(),
        frames: if arguments.format == Format::Text { arguments.limit() } else { 0 },
        show_values: arguments.show_values,
        types_of_all: arguments.types == Types::All,
    };
    end_tidily().map_err(|error| format!("signals cannot be caught: {error}"))?;
    written(arguments, &checker, &run).map_err(|error| unwritten(arguments, &error))
}

fn unwritten(arguments: &Arguments, error: &io::Error) -> String {
    let place = arguments.out.as_ref().map_or("standard output".into(), |path| path.display().to_string());
    format!("{place} cannot be written: {error}")
}

/// Ends without leaving half a file when the user says so.
fn end_tidily() -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(|| {
        Destination::abandon();
        std::process::exit(130);
    })
}

fn written(arguments: &Arguments, checker: &Checker, run: &run::Settings) -> io::Result<Summary> {
    let mut destination = match &arguments.out {
        Some(path) => Destination::file(path)?,
        None => Destination::standard(),
    };
    let summary = {
        let out = &mut destination;
        let mut output: Box<dyn Output + '_> = match arguments.format {
            Format::Text => Box::new(Text::new(checker, out, arguments.colours())),
            Format::Json => Box::new(Json::new(checker, out)?),
            Format::Junit => Box::new(Junit::new(checker, out)),
            Format::Sarif => Box::new(Sarif::new(checker, out)?),
        };
        checked(arguments, checker, run, &mut *output)?
    };
    destination.finish()?;
    if arguments.out.is_some() {
        anstream::eprintln!("{summary}");
    }
    Ok(summary)
}

fn checked(
    arguments: &Arguments,
    checker: &Checker,
    settings: &run::Settings,
    output: &mut dyn Output,
) -> io::Result<Summary> {
    let mut summary = Summary::default();
    let progress = Progress::new(io::stderr().is_terminal());
    let limit = arguments.limit();
    let told = run::run(checker, settings, &arguments.paths, &progress, &mut |mut batch| {
        summary.add(&mut batch, checker, limit);
        progress.advance(batch.bytes as u64, &summary);
        progress.aside(|| output.batch(&batch)).inspect_err(|error| end_at_broken_pipe(error, &summary))
    });
    progress.finish();
    told?;
    output.finish(&summary).inspect_err(|error| end_at_broken_pipe(error, &summary))?;
    Ok(summary)
}

/// Whoever reads the output has seen enough (`| head`). What is read may be waited for, so nothing else can end it.
fn end_at_broken_pipe(error: &io::Error, summary: &Summary) {
    if error.kind() == io::ErrorKind::BrokenPipe {
        std::process::exit(summary.exit_code().into());
    }
}
