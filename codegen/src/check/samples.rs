//! `sample`, `sample-index`: every documented payload is listed with its page and fits its schema, or its
//! departure is listed with the reason.

use jsonschema::ValidationError;
use serde_json::Value;

use crate::contract;
use crate::finding::{Finding, did_you_mean};
use crate::json_schema;
use crate::node::{At, Node};
use crate::read::Document;
use crate::sample::{self, Part, Sample};

const RULE: &str = "sample";
const INDEX: &str = "sample-index";

/// The index and the files tell of each other, and of operations that there are.
pub(super) fn listed(document: &Document) -> Vec<Finding> {
    let entries = document.index.as_ref().map(Node::entries).unwrap_or_default();
    let mut findings = Vec::new();
    for path in document.samples.keys() {
        let at = At::start_of(&format!("samples/{path}"));
        if sample::split(path).is_none() {
            let fix = "name it `<operationId>/<case>.request.jsonc` or `….response.jsonc`";
            findings.push(Finding::new(INDEX, &at, "the name tells no operation and direction", fix));
        } else if !entries.iter().any(|entry| entry.key == *path) {
            let fix = format!("list `{path}` in samples/index.yaml with its `page` and `origin`");
            findings.push(Finding::new(INDEX, &at, "a sample that the index does not list", fix));
        }
    }
    for entry in entries {
        if !document.samples.contains_key(&entry.key) {
            let known = document.samples.keys().map(String::as_str);
            let fix = did_you_mean(&entry.key, known, "add the file or remove the entry");
            findings.push(Finding::new(INDEX, &entry.at, format!("there is no sample `{}`", entry.key), fix));
        }
    }
    findings.extend(sample::all(document).iter().filter_map(|sample| unknown_operation(document, sample)));
    findings
}

fn unknown_operation(document: &Document, sample: &Sample<'_>) -> Option<Finding> {
    if let Some(operation) = sample.find_operation(document) {
        let has_no_body = sample.part == Part::Request && operation.body().is_none();
        let at = At::start_of(&format!("samples/{}", sample.path));
        let message = format!("`{}` has no body that the sample could be", sample.operation);
        return has_no_body
            .then(|| Finding::new(INDEX, &at, message, "write the request's body, or remove the sample"));
    }
    let operations = contract::operations(document);
    let fix = did_you_mean(
        sample.operation,
        operations.iter().map(contract::OperationNode::id),
        "name its folder after an operation",
    );
    let at = At::start_of(&format!("samples/{}", sample.path));
    Some(Finding::new(INDEX, &at, format!("there is no operation `{}`", sample.operation), fix))
}

/// Every payload fits its schema, save where it knowingly departs.
pub(super) fn fitting(document: &Document) -> Vec<Finding> {
    let samples = sample::all(document);
    let twice = samples.iter().flat_map(|sample| keys_twice(sample.node));
    twice.chain(samples.iter().flat_map(|sample| misfits(document, sample))).collect()
}

/// Of two values under one key a reader takes either: such a payload cannot be judged.
fn keys_twice(node: &Node) -> Vec<Finding> {
    let entries = node.entries();
    let second = entries
        .iter()
        .enumerate()
        .filter(|(index, entry)| entries[..*index].iter().any(|other| other.key == entry.key));
    let mut findings: Vec<Finding> = second
        .map(|(_, entry)| {
            Finding::new(RULE, &entry.at, format!("the key `{}` stands twice", entry.key), "keep one of them")
        })
        .collect();
    let inner = entries.iter().map(|entry| &entry.value).chain(node.elements());
    findings.extend(inner.flat_map(keys_twice));
    findings
}

/// Where the payload and its schema disagree. Messages name places and rules, never a value.
fn misfits(document: &Document, sample: &Sample<'_>) -> Vec<Finding> {
    let Some(schema) = schema_of(document, sample) else { return Vec::new() };
    // A schema that cannot be compiled has a finding of its own from the rules on the contract.
    let Ok(validator) = jsonschema::validator_for(&json_schema::with_definitions(document, schema)) else {
        return Vec::new();
    };
    let payload = json_schema::plain(sample.node);
    let errors: Vec<ValidationError<'_>> = validator.iter_errors(&payload).collect();
    let unlisted = errors.iter().filter(|error| !sample.departures().iter().any(|departure| is_of(departure, error)));
    let needless = sample
        .departures()
        .iter()
        .filter(|departure| is_judged_here(departure) && !errors.iter().any(|error| is_of(departure, error)));
    unlisted.map(|error| misfit(sample, error)).chain(needless.map(needless_departure)).collect()
}

fn misfit(sample: &Sample<'_>, error: &ValidationError<'_>) -> Finding {
    let (pointer, rule) = (error.instance_path().as_str(), error.kind().keyword());
    let at = sample.node.pointer(pointer).map_or(&sample.node.at, |node| &node.at);
    let message = format!("{} does not fit its schema: {}", shown(pointer), error.masked());
    let fix = format!("mend the contract, or list the departure from `{rule}` with its reason in samples/index.yaml");
    Finding::new(RULE, at, message, fix)
}

fn needless_departure(departure: &Node) -> Finding {
    let fix = "remove it, or mend its `pointer` or its `rule`";
    Finding::new(INDEX, &departure.at, "a departure that the sample does not have", fix)
}

/// The rules of JSON Schema; those of the contract's own extensions are judged by the tests of the product.
fn is_judged_here(departure: &Node) -> bool {
    departure.text_of("rule").is_some_and(|rule| !rule.starts_with("x-"))
}

/// Whether a departure is the one that was found.
fn is_of(departure: &Node, error: &ValidationError<'_>) -> bool {
    departure.text_of("pointer") == Some(error.instance_path().as_str())
        && departure.text_of("rule") == Some(error.kind().keyword())
}

fn shown(pointer: &str) -> &str {
    if pointer.is_empty() { "the payload" } else { pointer }
}

fn schema_of(document: &Document, sample: &Sample<'_>) -> Option<Value> {
    let operation = sample.find_operation(document)?;
    let node = match sample.part {
        Part::Request => operation.body()?,
        Part::Response => operation.answer()?,
    };
    Some(json_schema::convert(operation.file, node))
}
