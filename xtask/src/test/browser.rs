//! Is there a browser for the tests that drive one? If not, it is installed, or the command to type is told.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Failure, Outcome, step};

/// A program, and how it is found: named by a variable, or by one of these names in the path.
struct Program {
    variable: &'static str,
    names: &'static [&'static str],
}

const PROGRAMS: [Program; 2] = [
    Program { variable: "PAYWALL_CHROMIUM", names: &["chromium", "chromium-browser", "google-chrome"] },
    Program { variable: "PAYWALL_CHROMEDRIVER", names: &["chromedriver"] },
];

const INSTALL: &str = "apt-get update && apt-get install --yes --no-install-recommends chromium chromium-driver";

/// Before anything is built: nobody waits minutes for a browser that is not there.
pub(super) fn is_there() -> Outcome {
    let Some(program) = missing() else { return Ok(()) };
    // What is named by hand and is not there, no installer brings there.
    if program.is_named() || !may_install() {
        return Err(not_there());
    }
    step::loud("installing a browser", Command::new("sh").args(["-c", INSTALL]))?;
    missing().map_or(Ok(()), |_| Err(not_there()))
}

fn missing() -> Option<&'static Program> {
    PROGRAMS.iter().find(|program| !program.is_there())
}

fn not_there() -> Failure {
    let missing = missing().map_or("a browser", |program| program.names[0]);
    let variables = PROGRAMS.map(|program| program.variable).join(" and ");
    Failure::unable(format!("the browser tests need {missing}: {INSTALL}, or name the programs by {variables}"))
}

impl Program {
    fn is_named(&self) -> bool {
        std::env::var_os(self.variable).is_some()
    }

    fn is_there(&self) -> bool {
        match std::env::var_os(self.variable) {
            Some(named) => Path::new(&named).is_file(),
            None => self.names.iter().any(|name| is_in_path(name)),
        }
    }
}

fn is_in_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// Only root may, and only where there is Debian's installer.
fn may_install() -> bool {
    let id = Command::new("id").arg("-u").stdin(Stdio::null()).stderr(Stdio::null()).output();
    is_in_path("apt-get") && id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
