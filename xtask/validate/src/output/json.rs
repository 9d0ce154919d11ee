//! For programs: one JSON object, whose form `output.schema.json` documents. It is written as it is found.

use std::io::{self, Write};

use serde::Serialize;

use super::waiting::Waiting;
use super::{Output, Summary, part};
use crate::checker::Checker;
use crate::finding::{Rule, Severity};
use crate::report::{Batch, Checked, Located, Report, Stretch, Unreadable};

/// The version of the form: it changes when a field goes, or comes to mean something else.
const VERSION: u32 = 1;

/// Writes one JSON object.
#[derive(Debug)]
pub struct Json<'c, W> {
    checker: &'c Checker,
    out: W,
    payloads: usize,
    /// The lists that come behind the payloads, as far as they are known.
    unreadable: Later,
    notes: Later,
}

/// A list that waits for its turn.
#[derive(Debug)]
struct Later {
    items: Waiting,
    count: usize,
}

impl Later {
    fn new() -> Self {
        Self { items: Waiting::new(), count: 0 }
    }

    fn add(&mut self, item: &impl Serialize) -> io::Result<()> {
        begin(&mut self.items, self.count)?;
        serde_json::to_writer(&mut self.items, item)?;
        self.count += 1;
        Ok(())
    }

    fn write(&mut self, name: &str, out: &mut impl Write) -> io::Result<()> {
        write!(out, ",\n\"{name}\": [")?;
        self.items.pour(out)?;
        write!(out, "{}]", if self.count > 0 { "\n" } else { "" })
    }
}

/// A line for each item.
fn begin(out: &mut impl Write, before: usize) -> io::Result<()> {
    out.write_all(if before > 0 { b",\n" } else { b"\n" })
}

#[derive(Serialize)]
struct Payload<'r> {
    path: &'r str,
    label: Option<&'r str>,
    line: usize,
    operation: &'r str,
    part: &'static str,
    chosen: &'static str,
    errors: usize,
    warnings: usize,
    findings: Vec<Finding<'r>>,
}

#[derive(Serialize)]
struct Finding<'r> {
    rule: Rule,
    severity: Severity,
    #[serde(flatten)]
    place: Place,
    pointer: &'r str,
    found: &'r str,
    expected: &'r str,
    help: Option<&'r str>,
    page: Option<&'r str>,
    related: Vec<Related<'r>>,
}

#[derive(Serialize)]
struct Related<'r> {
    #[serde(flatten)]
    place: Place,
    label: &'r str,
}

#[derive(Serialize)]
struct Refused<'r> {
    path: &'r str,
    label: Option<&'r str>,
    #[serde(flatten)]
    place: Option<Place>,
    message: &'r str,
    help: Option<&'r str>,
}

#[derive(Serialize)]
struct Note<'r> {
    path: &'r str,
    note: &'r str,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    offset: usize,
    end_offset: usize,
}

impl From<Stretch> for Place {
    fn from(Stretch { start, end }: Stretch) -> Self {
        Self {
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            offset: start.offset,
            end_offset: end.offset,
        }
    }
}

impl<'c, W: Write> Json<'c, W> {
    /// Writes to `out`.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn new(checker: &'c Checker, mut out: W) -> io::Result<Self> {
        write!(out, "{{\n\"version\": {VERSION},\n\"tool\": \"paywall-validate {}\"", env!("CARGO_PKG_VERSION"))?;
        write!(out, ",\n\"payloads\": [")?;
        Ok(Self { checker, out, payloads: 0, unreadable: Later::new(), notes: Later::new() })
    }

    fn checked(&mut self, path: &str, checked: &Checked) -> io::Result<()> {
        begin(&mut self.out, self.payloads)?;
        self.payloads += 1;
        let payload = Payload {
            path,
            label: checked.label.as_deref(),
            line: checked.start.line,
            operation: self.checker.operation(checked.id),
            part: part(self.checker, checked.id),
            chosen: checked.chosen.name(),
            errors: checked.errors,
            warnings: checked.warnings,
            findings: checked.findings.iter().map(finding).collect(),
        };
        Ok(serde_json::to_writer(&mut self.out, &payload)?)
    }

    fn refused(&mut self, path: &str, unreadable: &Unreadable) -> io::Result<()> {
        self.unreadable.add(&Refused {
            path,
            label: unreadable.label.as_deref(),
            place: unreadable.at.map(Place::from),
            message: &unreadable.message,
            help: unreadable.help.as_deref(),
        })
    }
}

fn finding(finding: &Located) -> Finding<'_> {
    Finding {
        rule: finding.rule,
        severity: finding.severity,
        place: finding.at.into(),
        pointer: &finding.pointer,
        found: &finding.found,
        expected: &finding.expected,
        help: finding.help.as_deref(),
        page: finding.page.as_deref(),
        related: finding.related.iter().map(|(at, label)| Related { place: (*at).into(), label }).collect(),
    }
}

impl<W: Write> Output for Json<'_, W> {
    fn batch(&mut self, batch: &Batch) -> io::Result<()> {
        for report in &batch.reports {
            match report {
                Report::Checked(checked) => self.checked(&batch.path, checked)?,
                Report::Unreadable(unreadable) => self.refused(&batch.path, unreadable)?,
            }
        }
        batch.notes.iter().try_for_each(|note| self.notes.add(&Note { path: &batch.path, note }))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        write!(self.out, "{}]", if self.payloads > 0 { "\n" } else { "" })?;
        self.unreadable.write("unreadable", &mut self.out)?;
        self.notes.write("notes", &mut self.out)?;
        write!(self.out, ",\n\"summary\": ")?;
        serde_json::to_writer(&mut self.out, summary)?;
        write!(self.out, ",\n\"exit_code\": {}\n}}\n", summary.exit_code())?;
        self.out.flush()
    }
}
