//! Does each broken payload of `tests/payloads` have exactly its findings, at their places? Through the program, as a
//! user runs it.
//!
//! Rule, severity, line, column and pointer of each were worked out from the contract, by hand; `BLESS=1 cargo test -p
//! paywall-validate --test corpus` rewrites the words behind them, and never these.

use std::collections::BTreeSet;
use std::fs;

use paywall_validate::checker::Part;
use paywall_validate::finding::Rule;
use serde_json::Value;

use crate::cases::{Case, all, cases, groups};
use crate::program::{Report, run};

/// Rules that no payload can break today, and why.
const UNBROKEN: [(Rule, &str); 3] = [
    (Rule::MaxItems, "the contract bounds no list from above"),
    (Rule::Enum, "the contract closes no list of values, save those in conditions"),
    (Rule::TypeDisagrees, "it is found where this project is wrong: tests/agreement.rs looks for it"),
];

/// What is expected of a case, a line for each finding.
fn expected(case: &Case) -> Vec<String> {
    let file = case.expectation();
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.lines().map(str::to_owned).collect()
}

/// Rule, severity and place, without the words.
fn head(line: &str) -> &str {
    line.split(" | ").next().unwrap_or_default()
}

fn heads(lines: &[String]) -> Vec<&str> {
    lines.iter().map(|line| head(line)).collect()
}

fn reports(cases: Vec<Case>) -> Vec<(Case, Vec<String>)> {
    let mut told = Vec::new();
    for cases in groups(cases).into_values() {
        let report = run(&cases, &["--format", "json", "--max-findings", "100000"]);
        let report = Report::read(&report.stdout);
        told.extend(cases.into_iter().map(|case| {
            let lines = report.lines(&case);
            (case, lines)
        }));
    }
    told
}

#[test]
fn every_payload_has_exactly_its_findings() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (case, found) in reports(all()) {
        let expected = expected(&case);
        if bless && heads(&expected) == heads(&found) {
            let end = if found.is_empty() { "" } else { "\n" };
            fs::write(case.expectation(), found.join("\n") + end).expect("a file that can be written");
        } else if expected != found {
            wrong.push(format!("{}\n  expected {expected:#?}\n  found {found:#?}", case.name()));
        }
    }
    assert!(wrong.is_empty(), "{} cases are not as expected:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_broken_payload_has_one_thing_wrong() {
    for case in cases().iter().filter(|case| case.folder != "valid") {
        let expected = expected(case);
        let [only] = &expected[..] else { panic!("{}: {} findings", case.name(), expected.len()) };
        let rule = head(only).split(' ').nth(2);
        assert_eq!(rule, Some(case.folder.as_str()), "{}", case.name());
    }
}

#[test]
fn what_only_looks_wrong_is_no_error() {
    for case in cases().iter().filter(|case| case.folder == "valid") {
        assert_eq!(expected(case), Vec::<String>::new(), "{}", case.name());
    }
}

#[test]
fn every_rule_is_broken_by_a_payload() {
    let folders: BTreeSet<String> = cases().into_iter().map(|case| case.folder).collect();
    for rule in Rule::ALL {
        let is_unbroken = UNBROKEN.iter().any(|(unbroken, _)| unbroken == rule);
        assert_ne!(folders.contains(rule.name()), is_unbroken, "{rule}");
    }
    let known = |folder: &String| folder == "valid" || Rule::ALL.iter().any(|rule| rule.name() == folder);
    assert!(folders.iter().all(known), "{folders:?}");
}

#[test]
fn the_corpus_is_wide() {
    let cases = cases();
    let broken = cases.iter().filter(|case| case.folder != "valid").count();
    let operations: BTreeSet<&str> = cases.iter().map(|case| case.operation.as_str()).collect();
    let answers = cases.iter().filter(|case| case.part == Part::Response).count();
    assert!(broken >= 150, "{broken} broken payloads");
    assert!(operations.len() >= 30, "payloads of {} operations and messages", operations.len());
    assert!(answers >= 40, "{answers} answers");
    assert!(cases.iter().filter(|case| case.is_form()).count() >= 4);
}

#[test]
fn the_exit_code_says_the_worst_of_it() {
    for (folder, code) in [("valid", 0), ("unknown-code", 0), ("condition", 1), ("unreadable", 2)] {
        for case in all().iter().filter(|case| case.folder == folder) {
            let told = run(std::slice::from_ref(case), &["--format", "json"]);
            assert_eq!(told.status.code(), Some(code), "{}", case.name());
        }
    }
}

#[test]
fn rules_that_no_payload_breaks_are_not_used_by_the_contract() {
    let spec = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    let document = paywall_contract::load(&spec).expect("a contract that is right");
    for schema in paywall_contract::document::schemas(&document) {
        let schema = paywall_contract::json_schema::convert(schema.file, schema.node);
        assert!(!uses(&schema, &|own| own.get("maxItems").is_some()), "a list has an upper bound: break it");
        assert!(!uses(&schema, &closes), "a list of values is closed: break it");
    }
}

fn closes(schema: &Value) -> bool {
    schema.get("enum").is_some_and(|values| *values != serde_json::json!([null]))
}

/// Whether any schema below does so; the ways of a condition are asked nothing.
fn uses(schema: &Value, asks: &dyn Fn(&Value) -> bool) -> bool {
    let is_way = schema.get("title").is_some();
    let below = match schema {
        Value::Object(fields) => fields.values().any(|value| uses(value, asks)),
        Value::Array(elements) => elements.iter().any(|element| uses(element, asks)),
        _ => false,
    };
    !is_way && (asks(schema) || below)
}
