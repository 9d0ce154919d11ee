//! Writes payloads and what we say of them, for the judges of `verdicts.py`: the corpus, and as many made ones as asked
//! for.
//!
//! ```text
//! cargo run --release -p paywall-validate --example verdicts -- FOLDER [PAYLOADS] [SEED]
//! ```
//!
//! `schemas.json` holds each kind of payload as JSON Schema 2020-12, `payloads.jsonl` a payload a line:
//! `{name, operation, part, text, errors}`, its text without comments, `errors` the rules that it breaks.

#[path = "../tests/corpus/cases.rs"]
#[expect(dead_code, reason = "the tests of the corpus use the rest")]
mod corpus;
#[path = "../tests/generated/mod.rs"]
#[expect(dead_code, unused_imports, reason = "the tests of agreement use the rest")]
mod generated;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use generated::{Family, Generator};
use paywall_validate::checker::{Checker, Part, Settings};
use paywall_validate::finding::Severity;
use paywall_validate::tree::{Dialect, Kind, Node, Parser};
use serde_json::{Map, Value, json};

/// In which month the payloads are looked at: cards expire.
const TODAY: (i32, u8) = (2026, 11);

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("the folder that is written to"));
    let mut number = |usual: u64| arguments.next().map_or(usual, |text| text.parse().expect("a number"));
    let (payloads, seed) = (number(10_000), number(1));
    std::fs::create_dir_all(&folder)?;
    let families = generated::families(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec"));
    serde_json::to_writer(File::create(folder.join("schemas.json"))?, &schemas(&families))?;
    let mut file = BufWriter::new(File::create(folder.join("payloads.jsonl"))?);
    let judge = Judge::new();
    for case in corpus::cases().into_iter().filter(|case| !case.is_form()) {
        writeln!(file, "{}", judge.line(&case.name(), &case.operation, case.part, &text_of(&case)))?;
    }
    let count = usize::try_from(payloads).expect("a number that fits");
    for (number, payload) in Generator::new(&families, seed).take(count).enumerate() {
        let name = format!("made {number}: {}", payload.change.unwrap_or("as it should be"));
        let part = part_of(payload.family);
        writeln!(file, "{}", judge.line(&name, &payload.family.operation, part, &payload.text()))?;
    }
    file.flush()
}

/// What a file says, without a byte-order mark.
fn text_of(case: &corpus::Case) -> String {
    let text = std::fs::read_to_string(&case.file).unwrap_or_else(|error| panic!("{}: {error}", case.name()));
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

fn part_of(family: &Family) -> Part {
    match family.part {
        generated::Part::Request => Part::Request,
        generated::Part::Response => Part::Response,
    }
}

fn schemas(families: &[Family]) -> Value {
    let key = |family: &Family| format!("{}.{}", family.operation, family.part.name());
    Value::Object(families.iter().map(|family| (key(family), family.schema.clone())).collect::<Map<_, _>>())
}

struct Judge {
    checker: Checker,
}

impl Judge {
    fn new() -> Self {
        Self { checker: Checker::built_in(Settings { today: Some(TODAY), show_values: false, types: false }) }
    }

    fn line(&self, name: &str, operation: &str, part: Part, text: &str) -> Value {
        let id = self.checker.find(operation, part).expect("a payload of the contract");
        let mut parser = Parser::default();
        let root = parser.parse(text, Dialect::Lenient).expect("json").root();
        let findings = self.checker.check(id, root);
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let errors: BTreeSet<&str> = errors.map(|finding| finding.rule.name()).collect();
        let part = if part == Part::Response { "response" } else { "request" };
        json!({ "name": name, "operation": operation, "part": part, "text": plain(root), "errors": errors })
    }
}

/// The same without comments and without a space; digits and keys that stand twice are kept.
fn plain(node: Node<'_>) -> String {
    let parts = || {
        let parts = node.children().map(|child| match child.key() {
            Some(key) => format!("{}:{}", Value::from(&*key), plain(child)),
            None => plain(child),
        });
        parts.collect::<Vec<_>>().join(",")
    };
    match node.kind() {
        Kind::Object => format!("{{{}}}", parts()),
        Kind::List => format!("[{}]", parts()),
        Kind::Text => Value::from(&*node.text().unwrap_or_default()).to_string(),
        _ => node.raw().to_owned(),
    }
}
