//! For code scanning: SARIF 2.1.0, with a region for every result. It is written as it is found.

use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use serde_json::{Value, json};
use url::Url;

use super::waiting::Waiting;
use super::{Output, Summary, part};
use crate::checker::Checker;
use crate::finding::{Rule, Severity};
use crate::report::{Batch, Checked, Located, Report, Stretch, Unreadable};

/// The folder that the command was run in.
const BASE: &str = "%SRCROOT%";
/// What has no rule because it could not be read.
const UNREADABLE: &str = "unreadable";

/// Writes SARIF.
#[derive(Debug)]
pub struct Sarif<'c, W> {
    checker: &'c Checker,
    out: W,
    results: usize,
    /// What could not be read is told behind the results as well, and notes.
    notifications: Waiting,
    notified: usize,
    here: PathBuf,
}

impl<'c, W: Write> Sarif<'c, W> {
    /// Writes to `out`.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn new(checker: &'c Checker, mut out: W) -> io::Result<Self> {
        let driver =
            json!({ "name": "paywall-validate", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules() });
        let base = json!({ BASE: { "description": { "text": "the folder that the command was run in" } } });
        write!(
            out,
            "{{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{{"
        )?;
        write!(out, "\"tool\":{{\"driver\":{driver}}},\n\"columnKind\":\"unicodeCodePoints\",")?;
        write!(out, "\"originalUriBaseIds\":{base},\n\"results\":[")?;
        let here = std::env::current_dir().unwrap_or_default();
        Ok(Self { checker, out, results: 0, notifications: Waiting::new(), notified: 0, here })
    }

    fn result(&mut self, result: &Value) -> io::Result<()> {
        let comma = if self.results > 0 { "," } else { "" };
        self.results += 1;
        write!(self.out, "{comma}\n{result}")
    }

    fn checked(&mut self, path: &str, checked: &Checked) -> io::Result<()> {
        for finding in &checked.findings {
            let result = self.finding(path, checked, finding);
            self.result(&result)?;
        }
        Ok(())
    }

    fn finding(&self, path: &str, checked: &Checked, finding: &Located) -> Value {
        let mut location = self.located(path, Some(finding.at));
        location["logicalLocations"] = json!([{ "fullyQualifiedName": finding.pointer, "kind": "value" }]);
        let related = finding.related.iter().enumerate().map(|(index, (at, label))| {
            let mut location = self.located(path, Some(*at));
            location["id"] = json!(index + 1);
            location["message"] = json!({ "text": label });
            location
        });
        json!({
            "ruleId": finding.rule.name(),
            "ruleIndex": Rule::ALL.iter().position(|rule| *rule == finding.rule),
            "level": level(finding.severity),
            "message": { "text": message(finding) },
            "locations": [location],
            "relatedLocations": related.collect::<Vec<_>>(),
            "properties": {
                "operation": self.checker.operation(checked.id),
                "part": part(self.checker, checked.id),
                "chosen": checked.chosen.name(),
                "label": checked.label,
                "page": finding.page,
            },
        })
    }

    fn located(&self, path: &str, at: Option<Stretch>) -> Value {
        let mut place = json!({ "artifactLocation": self.artifact(Path::new(path)) });
        if let Some(Stretch { start, end }) = at {
            place["region"] = json!({
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
                "byteOffset": start.offset,
                "byteLength": end.offset - start.offset,
            });
        }
        json!({ "physicalLocation": place })
    }

    /// Below the folder that the command runs in, a path from there; elsewhere, an address of its own.
    fn artifact(&self, path: &Path) -> Value {
        let whole = self.here.join(path);
        let whole = if has_parent(path) { whole.canonicalize().unwrap_or(whole) } else { whole };
        match whole.strip_prefix(&self.here) {
            Ok(below) if !has_parent(below) => json!({ "uri": relative(below), "uriBaseId": BASE }),
            _ => json!({ "uri": Url::from_file_path(&whole).map_or_else(|()| relative(path), Url::into) }),
        }
    }

    fn unreadable(&mut self, path: &str, unreadable: &Unreadable) -> io::Result<()> {
        let help = unreadable.help.as_ref().map_or(String::new(), |help| format!(". {help}"));
        let label = unreadable.label.as_ref().map_or(String::new(), |label| format!("{label}: "));
        let text = format!("{label}{}{help}", unreadable.message);
        let location = self.located(path, unreadable.at);
        let notification = json!({ "level": "error", "message": { "text": text }, "locations": [location], "descriptor": { "id": UNREADABLE } });
        self.notify(&notification)?;
        self.result(&json!({
            "ruleId": UNREADABLE,
            "ruleIndex": Rule::ALL.len(),
            "level": "error",
            "message": { "text": text },
            "locations": [location],
        }))
    }
}

impl<W: Write> Sarif<'_, W> {
    /// What else is to be known of an input is no result.
    fn note(&mut self, path: &str, note: &str) -> io::Result<()> {
        let location = self.located(path, None);
        self.notify(&json!({ "level": "note", "message": { "text": note }, "locations": [location] }))
    }

    fn notify(&mut self, notification: &Value) -> io::Result<()> {
        let comma = if self.notified > 0 { "," } else { "" };
        self.notified += 1;
        write!(self.notifications, "{comma}\n{notification}")
    }
}

fn rules() -> Vec<Value> {
    let rules = Rule::ALL.iter().map(|rule| (rule.name(), rule.description().trim()));
    let unreadable = (UNREADABLE, "An input can be read: it is there, it is text, and it is what it is taken for.");
    let described = |(name, text): (&str, &str)| json!({ "id": name, "shortDescription": { "text": text }, "help": { "text": text } });
    rules.chain([unreadable]).map(described).collect()
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn message(finding: &Located) -> String {
    let help = finding.help.as_ref().map_or(String::new(), |help| format!(". {help}"));
    format!("expected {}, found {}{help}", finding.expected, finding.found)
}

fn has_parent(path: &Path) -> bool {
    path.components().any(|part| part == Component::ParentDir)
}

/// A path as the path of an address.
fn relative(path: &Path) -> String {
    let parts = path.components().filter(|part| matches!(part, Component::Normal(_)));
    let parts: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let address = Url::parse("file:///").ok().and_then(|mut address| {
        address.path_segments_mut().ok()?.clear().extend(&parts);
        Some(address.path().trim_start_matches('/').to_owned())
    });
    address.unwrap_or_default()
}

impl<W: Write> Output for Sarif<'_, W> {
    fn batch(&mut self, batch: &Batch) -> io::Result<()> {
        for report in &batch.reports {
            match report {
                Report::Checked(checked) => self.checked(&batch.path, checked)?,
                Report::Unreadable(unreadable) => self.unreadable(&batch.path, unreadable)?,
            }
        }
        batch.notes.iter().try_for_each(|note| self.note(&batch.path, note))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        write!(self.out, "],\n\"invocations\":[{{\"executionSuccessful\":{},", summary.unreadable == 0)?;
        write!(self.out, "\"exitCode\":{},\"toolExecutionNotifications\":[", summary.exit_code())?;
        self.notifications.pour(&mut self.out)?;
        writeln!(self.out, "]}}],\n\"properties\":{}}}]}}", json!(summary))?;
        self.out.flush()
    }
}
