//! What does the demo print? Titles, redacted JSON and verdicts; at the end, all that was not as expected.

use std::fmt::Write;
use std::process::ExitCode;

use owo_colors::{OwoColorize, Style};
use serde::Serialize;

/// How wide a line may be. Longer text is wrapped; longer values of JSON are cut, to keep its shape.
const WIDTH: usize = 100;

/// Prints, and remembers what it has printed and what was wrong.
#[derive(Debug, Default)]
pub(crate) struct Show {
    shown: String,
    planted: Vec<String>,
    step: String,
    wrong: Vec<String>,
}

impl Show {
    /// A part of the demo.
    pub(crate) fn part(&mut self, title: &str) {
        title.clone_into(&mut self.step);
        self.line("");
        self.styled(title, Style::new().bold().underline());
    }

    /// A step of a part.
    pub(crate) fn step(&mut self, title: &str) {
        title.clone_into(&mut self.step);
        self.line("");
        self.styled(title, Style::new().bold());
    }

    /// A line of text.
    pub(crate) fn line(&mut self, text: &str) {
        self.styled(text, Style::new());
    }

    /// What was sent, redacted.
    pub(crate) fn sent<T: Serialize>(&mut self, what: &str, value: &T) {
        self.json("->", what, value);
    }

    /// What came back, redacted.
    pub(crate) fn came<T: Serialize>(&mut self, what: &str, value: &T) {
        self.json("<-", what, value);
    }

    fn json<T: Serialize>(&mut self, arrow: &str, what: &str, value: &T) {
        match paywall_api::redacted(value) {
            Ok(json) => {
                self.styled(&format!("{arrow} {what}"), Style::new().cyan());
                for line in json.lines() {
                    self.value(line);
                }
            }
            Err(error) => self.wrong(&format!("{what}: {error}")),
        }
    }

    /// A line of JSON, as it is.
    fn value(&mut self, line: &str) {
        let _ = writeln!(self.shown, "{line}");
        let room = WIDTH - 4;
        let cut = if line.chars().count() > room { "…" } else { "" };
        let line: String = line.chars().take(room).collect();
        anstream::println!("   {line}{cut}");
    }

    /// Something that must hold.
    pub(crate) fn expect(&mut self, holds: bool, what: &str) {
        if holds {
            self.styled(&format!("ok {what}"), Style::new().green());
        } else {
            self.wrong(what);
        }
    }

    /// Something that does not hold.
    pub(crate) fn wrong(&mut self, what: &str) {
        self.styled(&format!("wrong: {what}"), Style::new().red());
        self.wrong.push(format!("{}: {what}", self.step));
    }

    /// Remembers what must not be printed. A short text may stand in another, and the sandbox is on the loopback.
    pub(crate) fn plant(&mut self, secrets: &[String]) {
        let telling = secrets.iter().filter(|secret| secret.chars().count() >= 8 && *secret != "127.0.0.1");
        self.planted.extend(telling.cloned());
    }

    /// All that was printed must be free of these texts and of all that was planted.
    pub(crate) fn nothing_leaked(&mut self, secrets: &[&str]) {
        self.step("What was printed");
        let planted = self.planted.iter().map(String::as_str);
        let leaked = secrets.iter().copied().chain(planted).any(|secret| self.shown.contains(secret));
        self.expect(!leaked, "no card number, no key and no token stands anywhere above");
    }

    /// The verdict on the whole.
    pub(crate) fn close(mut self) -> ExitCode {
        let wrong = std::mem::take(&mut self.wrong);
        if wrong.is_empty() {
            self.styled("everything went as expected", Style::new().green().bold());
            return ExitCode::SUCCESS;
        }
        self.styled(&format!("not as expected ({}):", wrong.len()), Style::new().red().bold());
        for what in wrong {
            self.line(&format!("- {what}"));
        }
        ExitCode::FAILURE
    }

    fn styled(&mut self, text: &str, style: Style) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.shown, "{text}");
        for line in wrapped(text) {
            anstream::println!("{}", line.style(style));
        }
    }
}

/// Breaks a line at spaces, and continues below its own indent.
fn wrapped(text: &str) -> Vec<String> {
    let indent = text.len() - text.trim_start().len();
    let mut lines = vec![" ".repeat(indent)];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > indent + 1 && last + word.chars().count() >= WIDTH {
            lines.push(" ".repeat(indent + 2));
        }
        if let Some(line) = lines.last_mut() {
            let gap = if line.trim().is_empty() { "" } else { " " };
            *line = format!("{line}{gap}{word}");
        }
    }
    lines
}
