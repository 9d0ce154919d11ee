//! One process of several: told before it runs, with its time when it is done.

use std::io::IsTerminal;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use owo_colors::OwoColorize;

use crate::{Failure, Outcome, workspace};

/// Runs a process in the workspace and shows what it says.
pub(crate) fn loud(title: &str, command: &mut Command) -> Outcome {
    anstream::println!("{} {title}", "==>".bold());
    let start = Instant::now();
    let status = in_workspace(command).status().map_err(|error| not_started(command, &error))?;
    finished(title, start, status.success())
}

/// Runs a process in the workspace and shows what it says only when it fails.
pub(crate) fn quiet(title: &str, command: &mut Command) -> Outcome {
    let bar = spinner(title);
    let start = Instant::now();
    let output = in_workspace(command).stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    bar.finish_and_clear();
    if !output.status.success() {
        anstream::eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    finished(title, start, output.status.success())
}

/// A spinner on a terminal, nothing in a pipe.
fn spinner(title: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{spinner} {msg} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::new_spinner().with_style(style).with_message(title.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn in_workspace(command: &mut Command) -> &mut Command {
    command.current_dir(workspace())
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::unable(format!("{} cannot be started: {error}", Path::new(command.get_program()).display()))
}

fn finished(title: &str, start: Instant, success: bool) -> Outcome {
    let seconds = start.elapsed().as_secs_f32();
    if success {
        anstream::println!("{} {title} ({seconds:.1} s)", "ok".green());
        Ok(())
    } else {
        Err(Failure::findings(format!("{} {title} ({seconds:.1} s)", "failed:".red())))
    }
}
