//! The program, and what it reports in JSON.

use std::path::Path;
use std::process::{Command, Output};

use paywall_validate::checker::Part;
use serde_json::Value;

use crate::cases::Case;

/// Runs the program on cases of one operation and direction.
pub fn run(cases: &[Case], arguments: &[&str]) -> Output {
    let first = cases.first().expect("a case");
    let part = if first.part == Part::Response { "response" } else { "request" };
    let files: Vec<&Path> = cases.iter().map(|case| case.file.as_path()).collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_paywall-validate"));
    command.args(["--operation", &first.operation, "--part", part, "--today", "2026-11"]).args(arguments).args(files);
    command.output().expect("the program starts")
}

/// What the program says, by file.
#[derive(Debug)]
pub struct Report(Value);

impl Report {
    pub fn read(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).expect("a report in JSON"))
    }

    /// What is said of a case, a line for each finding.
    pub fn lines(&self, case: &Case) -> Vec<String> {
        let findings = self.of(case, "payloads").flat_map(|payload| array(&payload["findings"])).map(finding);
        let unreadable = self.of(case, "unreadable").map(fault);
        findings.chain(unreadable).collect()
    }

    fn of<'r>(&'r self, case: &'r Case, key: &str) -> impl Iterator<Item = &'r Value> {
        let path = case.file.to_str().expect("a path in UTF-8");
        array(&self.0[key]).iter().filter(move |entry| entry["path"].as_str() == Some(path))
    }
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn finding(finding: &Value) -> String {
    let text = |key: &str| finding[key].as_str().unwrap_or_default();
    let at = format!("{}:{}", finding["line"], finding["column"]);
    let words = ["found", "expected", "help"].map(|key| (key, text(key)));
    let words = words.iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| format!(" | {key} {text}"));
    let words: String = words.collect();
    format!("{at} {} {} {}{words}", text("severity"), text("rule"), text("pointer"))
}

fn fault(fault: &Value) -> String {
    let text = |key: &str| fault[key].as_str().unwrap_or_default();
    let help = Some(text("help")).filter(|help| !help.is_empty()).map(|help| format!(" | help {help}"));
    // An empty file has no place.
    let at = fault["line"].as_u64().map_or("-".to_owned(), |line| format!("{line}:{}", fault["column"]));
    format!("{at} unreadable | {}{}", text("message"), help.unwrap_or_default())
}
