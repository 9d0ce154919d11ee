//! Do client and local Paywall speak to each other as the contract says? Prism stands between them and holds every
//! request and every answer against it.

use std::path::{Path, PathBuf};

use super::tools::Tools;
use crate::local::{Local, free_port};
use crate::{Failure, Outcome, demo, step};

pub(super) fn run(tools: &Tools, bundle: &Path) -> Outcome {
    let contract = readable(tools, bundle)?;
    step::quiet(
        "build the calls",
        demo::cargo().args(["build", "--package", "paywall-sandbox", "--bin", "paywall-demo"]),
    )?;
    between(tools, &contract, "prism, answers as documented", &[])?;
    between(tools, &contract, "prism, answers by what is remembered", &["--stateful"])
}

/// The contract in words that Prism understands. It says nothing of a schema that it cannot judge by, so that is asked.
pub(crate) fn readable(tools: &Tools, bundle: &Path) -> Result<PathBuf, Failure> {
    let contract = tools.folder.join("prism.json");
    let mut write = std::process::Command::new("node");
    write.arg("xtask/judges/for_prism.cjs").arg(tools.folder.join("node_modules")).arg(bundle).arg(&contract);
    step::quiet("prism can judge by every schema", &mut write)?;
    Ok(contract)
}

/// With `--errors` a breach becomes an answer of Prism's own, which no call takes for a success.
fn between(tools: &Tools, contract: &Path, title: &str, flags: &[&str]) -> Outcome {
    let (behind, before) = (free_port()?.to_string(), free_port()?);
    let log = tools.folder.join("prism.log");
    let mut proxy = tools.node("prism");
    proxy.arg("proxy").arg(contract).arg(format!("http://127.0.0.1:{behind}"));
    proxy.args(["--errors", "--port", &before.to_string()]);
    let proxy = Local::on(before, &mut proxy, &log)?;
    let mut calls = demo::cargo();
    calls.args(["run", "--quiet", "--package", "paywall-sandbox", "--bin", "paywall-demo", "--"]);
    calls.args(["--through", &proxy.address, "--port", &behind]).args(flags);
    let outcome = step::quiet(title, &mut calls);
    drop(proxy);
    outcome.and_then(|()| unbroken(&log))
}

/// A breach that is no error of Prism's is told in its log alone; and calls that it never saw prove nothing.
fn unbroken(log: &Path) -> Outcome {
    let text = std::fs::read_to_string(log);
    let text = text.map_err(|error| Failure::unable(format!("{}: {error}", log.display())))?;
    let breaches: Vec<&str> = text.lines().filter(|line| line.to_lowercase().contains("violation")).collect();
    if !breaches.is_empty() {
        return Err(Failure::findings(breaches.join("\n")));
    }
    let forwarded = text.lines().filter(|line| line.contains("Forwarding")).count();
    if forwarded > 0 { Ok(()) } else { Err(Failure::findings("prism has forwarded nothing")) }
}
