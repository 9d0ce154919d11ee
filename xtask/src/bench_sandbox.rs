//! `cargo xtask bench-sandbox`: how many requests a second does the local Paywall answer, beside a mock by Prism of the
//! same contract? Both hold every request against it. Only the ratio of one run counts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::judges::{self, Tools, prism};
use crate::local::{Local, free_port};
use crate::program::{Profile, SANDBOX};
use crate::{Failure, Outcome, workspace};

/// Measure the local Paywall beside a mock by Prism, with request validation on in both
///
/// It needs wrk (apt-get install wrk), and Python 3 and Node as the judges do. It fails where the local Paywall is less
/// than ten times as fast, whether it remembers or not.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How many seconds each is asked
    #[arg(long, default_value_t = 10, value_name = "N")]
    seconds: u32,
}

/// What is asked at once.
const CONNECTIONS: &str = "16";

/// So much faster than the mock it must be.
const FACTOR: f64 = 10.0;

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let wrk = Wrk { seconds: arguments.seconds };
    Wrk::is_there()?;
    let tools = Tools::install()?;
    let contract = prism::readable(&tools, &judges::bundled(&tools)?)?;
    SANDBOX.build(Profile::Release)?;
    let mock = wrk.ask("prism mock", &mock(&tools, &contract)?)?;
    let stateless = wrk.ask("sandbox --stateless", &Local::paywall(Profile::Release, &["--stateless"])?)?;
    let stateful = wrk.ask("sandbox", &Local::paywall(Profile::Release, &[])?)?;
    let file = State::new(&tools)?;
    wrk.ask("sandbox --state FILE", &Local::paywall(Profile::Release, &["--state", &file.path()])?)?;
    let factor = stateless.min(stateful) / mock;
    let told = format!("the local Paywall is {factor:.1} times as fast as the mock");
    if factor < FACTOR {
        return Err(Failure::findings(format!("{told}, not {FACTOR}")));
    }
    anstream::println!("{told}");
    Ok(())
}

fn mock(tools: &Tools, contract: &Path) -> Result<Local, Failure> {
    let port = free_port()?;
    let mut mock = tools.node("prism");
    // It logs a line for every step of every request, which would be measured too.
    mock.arg("mock").arg(contract).args(["--port", &port.to_string(), "--verboseLevel", "silent"]);
    Local::on(port, &mut mock, &tools.folder.join("prism.log"))
}

/// A file of state that goes with this.
struct State(PathBuf);

impl State {
    fn new(tools: &Tools) -> Result<Self, Failure> {
        let state = Self(tools.folder.join(format!("bench-{}.state", std::process::id())));
        if state.0.exists() { Err(Failure::unable(format!("{} is in the way", state.0.display()))) } else { Ok(state) }
    }

    fn path(&self) -> String {
        self.0.to_string_lossy().into_owned()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

struct Wrk {
    seconds: u32,
}

impl Wrk {
    fn is_there() -> Outcome {
        let mut command = Command::new("wrk");
        let found = command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        found.map(drop).map_err(|_| Failure::unable("the measurement needs wrk: apt-get install wrk"))
    }

    /// Prints how fast it is, and returns the requests a second.
    fn ask(&self, name: &str, local: &Local) -> Result<f64, Failure> {
        let mut command = Command::new("wrk");
        command.args([
            "--threads",
            "2",
            "--connections",
            CONNECTIONS,
            "--latency",
            "--script",
            "xtask/judges/start3d.lua",
        ]);
        command.args(["--duration", &format!("{}s", self.seconds), &local.address]).current_dir(workspace());
        let output = command.output().map_err(|error| Failure::unable(format!("wrk cannot be started: {error}")))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let rate = value(&text, "Requests/sec:").and_then(|rate| rate.parse::<f64>().ok());
        let (Some(rate), Some(slow)) = (rate, value(&text, "99%")) else {
            return Err(Failure::unable(format!("wrk has measured nothing of {name}:\n{text}")));
        };
        // A refusal is answered faster than a payment.
        if let Some(refused) = value(&text, "Non-2xx or 3xx responses:") {
            return Err(Failure::findings(format!("{name} has refused {refused} requests")));
        }
        let memory = memory(local.process()).unwrap_or_else(|| "unknown".to_owned());
        anstream::println!("{name:22} {rate:9.0} requests/s, 99 % within {slow}, memory {memory}");
        Ok(rate)
    }
}

/// What stands behind a word at the start of a line.
fn value<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.trim().strip_prefix(word)).map(str::trim)
}

/// The most that a process has held so far; Linux alone says it.
fn memory(process: u32) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kilobytes: u64 = value(&status, "VmHWM:")?.split_whitespace().next()?.parse().ok()?;
    Some(format!("{} MB", kilobytes / 1024))
}
