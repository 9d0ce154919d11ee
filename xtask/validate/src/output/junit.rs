//! For CI servers that read JUnit's XML: a test case for each payload, a suite for each file.

use std::io::{self, Write};
use std::sync::Arc;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::waiting::Waiting;
use super::{Output, Summary, counted, part};
use crate::checker::Checker;
use crate::finding::Severity;
use crate::report::{Batch, Checked, Located, Report, Stretch, Unreadable};

/// Writes XML. The counts stand before what is counted, which therefore waits in a file.
#[derive(Debug)]
pub struct Junit<'c, W> {
    checker: &'c Checker,
    out: W,
    suites: Waiting,
    /// The file whose payloads are being told.
    suite: Option<Suite>,
    all: Counts,
}

#[derive(Debug)]
struct Suite {
    path: Arc<str>,
    cases: Waiting,
    counts: Counts,
    notes: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
}

impl<'c, W: Write> Junit<'c, W> {
    /// Writes to `out`.
    pub fn new(checker: &'c Checker, out: W) -> Self {
        Self { checker, out, suites: Waiting::new(), suite: None, all: Counts::default() }
    }

    fn close(&mut self) -> io::Result<()> {
        let Some(mut suite) = self.suite.take() else { return Ok(()) };
        self.all.tests += suite.counts.tests;
        self.all.failures += suite.counts.failures;
        self.all.errors += suite.counts.errors;
        if !suite.notes.is_empty() {
            let notes = suite.notes.join("\n");
            let mut writer = Writer::new(&mut suite.cases);
            element_with(&mut writer, &BytesStart::new("system-out"), &notes)?;
        }
        enclosed(&mut self.suites, "testsuite", &suite.path, suite.counts, &mut suite.cases)
    }

    /// The cases of a file. Batches of one file follow each other.
    fn suite(&mut self, path: &Arc<str>) -> io::Result<Suite> {
        if self.suite.as_ref().is_none_or(|suite| suite.path != *path) {
            self.close()?;
        }
        let new =
            || Suite { path: Arc::clone(path), cases: Waiting::new(), counts: Counts::default(), notes: Vec::new() };
        Ok(self.suite.take().unwrap_or_else(new))
    }
}

/// An element around what has waited.
fn enclosed(out: &mut impl Write, element: &str, name: &str, counts: Counts, inner: &mut Waiting) -> io::Result<()> {
    let mut start = BytesStart::new(element);
    start.push_attribute(("name", &*valid(name)));
    for (kind, number) in [("tests", counts.tests), ("failures", counts.failures), ("errors", counts.errors)] {
        start.push_attribute((kind, number.to_string().as_str()));
    }
    Writer::new(&mut *out).write_event(Event::Start(start))?;
    out.write_all(b"\n")?;
    inner.pour(out)?;
    Writer::new(&mut *out).write_event(Event::End(BytesEnd::new(element)))?;
    out.write_all(b"\n")
}

/// XML has no way to write most control characters.
fn valid(text: &str) -> String {
    let is_odd =
        |one: char| (one < ' ' && !matches!(one, '\t' | '\n' | '\r')) || matches!(one, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|one| if is_odd(one) { char::REPLACEMENT_CHARACTER } else { one }).collect()
}

impl Suite {
    fn payload(&mut self, checker: &Checker, payload: &Checked) -> io::Result<()> {
        self.counts.tests += 1;
        self.counts.failures += usize::from(payload.errors > 0);
        let name = self.name(payload.label.as_deref(), payload.start.line);
        let class = format!("{}.{}", checker.operation(payload.id), part(checker, payload.id));
        let failure = (payload.errors > 0).then(|| {
            let rule = payload.findings.iter().find(|finding| finding.severity == Severity::Error);
            let rule = rule.map_or("not-listed", |finding| finding.rule.name());
            ("failure", counted(payload.errors, "error"), rule, self.told(payload, Severity::Error))
        });
        let warnings = (payload.warnings > 0).then(|| self.told(payload, Severity::Warning));
        self.case(&name, &class, failure, warnings)
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        self.counts.tests += 1;
        self.counts.errors += 1;
        let at = unreadable.at.map(|at| at.start);
        let name = self.name(unreadable.label.as_deref(), at.map_or(1, |at| at.line));
        let place = at.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
        let help = unreadable.help.as_ref().map_or(String::new(), |help| format!("\n  help: {help}"));
        let text = format!("{}{place}: {}{help}", self.path, unreadable.message);
        self.case(&name, "unreadable", Some(("error", unreadable.message.to_string(), "unreadable", text)), None)
    }

    fn name(&self, label: Option<&str>, line: usize) -> String {
        match label {
            Some(label) => label.to_owned(),
            None if line > 1 => format!("{} line {line}", self.path),
            None => self.path.to_string(),
        }
    }

    fn told(&self, payload: &Checked, severity: Severity) -> String {
        let findings = payload.findings.iter().filter(|finding| finding.severity == severity);
        findings.map(|finding| told(&self.path, finding)).collect::<Vec<_>>().join("\n")
    }

    fn case(
        &mut self,
        name: &str,
        class: &str,
        outcome: Option<(&str, String, &str, String)>,
        warnings: Option<String>,
    ) -> io::Result<()> {
        let mut writer = Writer::new(&mut self.cases);
        let mut start = BytesStart::new("testcase");
        start.push_attribute(("name", &*valid(name)));
        start.push_attribute(("classname", class));
        writer.write_event(Event::Start(start))?;
        if let Some((element, message, rule, text)) = outcome {
            let mut start = BytesStart::new(element);
            start.push_attribute(("message", &*valid(&message)));
            start.push_attribute(("type", rule));
            element_with(&mut writer, &start, &text)?;
        }
        if let Some(warnings) = warnings {
            element_with(&mut writer, &BytesStart::new("system-out"), &warnings)?;
        }
        writer.write_event(Event::End(BytesEnd::new("testcase")))?;
        self.cases.write_all(b"\n")
    }
}

fn element_with(writer: &mut Writer<impl Write>, start: &BytesStart<'_>, text: &str) -> io::Result<()> {
    let end = start.to_end().into_owned();
    writer.write_event(Event::Start(start.borrow()))?;
    writer.write_event(Event::Text(BytesText::new(&valid(text))))?;
    writer.write_event(Event::End(end))
}

fn told(path: &str, finding: &Located) -> String {
    let Located { severity, rule, expected, found, pointer, .. } = finding;
    let place = |at: &Stretch| format!("{path}:{}:{}", at.start.line, at.start.column);
    let first = format!("{}: {severity}[{rule}]: expected {expected}, found {found}", place(&finding.at));
    let mut lines = vec![first, format!("at: {pointer}")];
    lines.extend(finding.related.iter().map(|(at, label)| format!("{}: {label}", place(at))));
    lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
    lines.extend(finding.page.iter().map(|page| format!("page: {page}")));
    lines.join("\n  ")
}

impl<W: Write> Output for Junit<'_, W> {
    fn batch(&mut self, batch: &Batch) -> io::Result<()> {
        let mut suite = self.suite(&batch.path)?;
        for report in &batch.reports {
            match report {
                Report::Checked(payload) => suite.payload(self.checker, payload)?,
                Report::Unreadable(unreadable) => suite.unreadable(unreadable)?,
            }
        }
        suite.notes.extend(batch.notes.iter().cloned());
        self.suite = Some(suite);
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.close()?;
        Writer::new(&mut self.out).write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.out.write_all(b"\n")?;
        enclosed(&mut self.out, "testsuites", "paywall-validate", self.all, &mut self.suites)?;
        self.out.flush()
    }
}
