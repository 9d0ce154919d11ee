//! Are the documented payloads right? Each is, or departs from the contract where the index says so.

use std::collections::BTreeSet;
use std::path::Path;

use paywall_contract::node::Node;
use paywall_contract::sample;
use paywall_validate::checker::{Checker, Part, Settings};
use paywall_validate::finding::{Finding, Rule, Severity};
use paywall_validate::tree::{Dialect, Kind, Pair, Parser};

fn checker() -> Checker {
    Checker::built_in(Settings { today: None, show_values: false, types: true })
}

/// The findings of one sample.
fn found(checker: &Checker, path: &str, operation: &str, part: sample::Part) -> Vec<Finding> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/samples").join(path);
    let text = std::fs::read_to_string(file).expect("a sample");
    let part = match part {
        sample::Part::Request => Part::Request,
        sample::Part::Response => Part::Response,
    };
    let id = checker.find(operation, part).unwrap_or_else(|| panic!("{path} is of no payload"));
    let mut parser = Parser::default();
    let tree = if is_form(path) {
        let (text, pairs) = form(&text);
        return checker.check(id, parser.build(&text, &pairs).root());
    } else {
        parser.parse(&text, Dialect::Lenient).expect("json")
    };
    checker.check(id, tree.root())
}

fn is_form(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|kind| kind == "form")
}

/// A form, decoded into one text with the places of its parts.
fn form(text: &str) -> (String, Vec<Pair>) {
    let mut decoded = String::new();
    let mut pairs = Vec::new();
    for (name, value) in url::form_urlencoded::parse(text.trim_end().as_bytes()) {
        let start = decoded.len();
        decoded.push_str(&name);
        let middle = decoded.len();
        decoded.push_str(&value);
        pairs.push(Pair { name: start..middle, value: middle..decoded.len(), kind: Kind::Text });
    }
    (decoded, pairs)
}

#[test]
fn every_documented_payload_is_valid_or_departs_where_the_index_says() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    let document = paywall_contract::load(&spec).expect("a contract");
    let samples = sample::all(&document);
    assert!(samples.len() > 70);
    let checker = checker();
    let mut wrong = Vec::new();
    for sample in samples {
        let listed = |key: &str| {
            let list = sample.entry.and_then(|entry| entry.value.get(key)).map(Node::elements).unwrap_or_default();
            list.iter().filter_map(|one| one.text_of("pointer").map(str::to_owned)).collect::<BTreeSet<_>>()
        };
        let (departures, placeholders) = (listed("departures"), listed("placeholders"));
        for finding in found(&checker, sample.path, sample.operation, sample.part) {
            // A form may say a thing twice, and the page's does.
            let is_twice = finding.rule == Rule::DuplicateField && is_form(sample.path);
            let known = is_twice && finding.severity == Severity::Warning
                || departures.iter().any(|at| finding.pointer.starts_with(at))
                || placeholders.contains(&finding.pointer);
            if !known {
                wrong.push(format!(
                    "{} {} {} {}: {}",
                    sample.path, finding.severity, finding.rule, finding.pointer, finding.found
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
