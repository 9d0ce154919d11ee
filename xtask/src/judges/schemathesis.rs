//! Does the local Paywall keep the contract's word, whatever is sent to it? Schemathesis makes the requests up.

use std::path::Path;

use super::tools::Tools;
use crate::local::Local;
use crate::program::{Profile, SANDBOX};
use crate::{Outcome, step};

/// The same requests in every run.
const SEED: &str = "4";
/// So many are made up for each operation, beside those that the bounds of the contract ask for.
const EXAMPLES: &str = "40";

pub(super) fn run(tools: &Tools, bundle: &Path) -> Outcome {
    SANDBOX.build(Profile::Dev)?;
    RUNS.iter().try_for_each(|run| run.ask(tools, bundle))
}

struct Run {
    title: &'static str,
    flags: &'static [&'static str],
    phases: &'static str,
    excluded: &'static [&'static str],
}

const RUNS: [Run; 2] = [
    // Where nothing is remembered one answer leads to no other: following them would ask the same for hours.
    Run {
        title: "schemathesis, answers as documented",
        flags: &["--stateless"],
        phases: "examples,coverage,fuzzing",
        excluded: &[],
    },
    // No contract can say which session was opened and which payment was made: a bank that remembers refuses good
    // requests.
    Run {
        title: "schemathesis, answers by what is remembered",
        flags: &[],
        phases: "examples,coverage,fuzzing,stateful",
        excluded: &["--exclude-checks", "positive_data_acceptance"],
    },
];

impl Run {
    fn ask(&self, tools: &Tools, bundle: &Path) -> Outcome {
        let paywall = Local::paywall(Profile::Dev, &[&["--seed", SEED], self.flags].concat())?;
        let mut command = tools.python("schemathesis");
        command.args(["--config-file", "xtask/judges/schemathesis.toml", "run"]).arg(bundle);
        command.args(["--url", &paywall.address, "--phases", self.phases, "--mode", "all", "--continue-on-failure"]);
        command.args(["--seed", SEED, "--max-examples", EXAMPLES, "--no-color", "--generation-database", "none"]);
        step::quiet(self.title, command.args(self.excluded))
    }
}
