//! `sample`, `sample-index`: every documented payload is listed with its page and fits its schema, or its
//! departure is listed with the reason.

use std::collections::BTreeSet;

use jsonschema::ValidationError;
use serde_json::Value;

use crate::document::{self, OperationNode};
use crate::finding::Finding;
use crate::json_schema;
use crate::node::{At, Node};
use crate::read::Document;
use crate::sample::{self, Part, Sample};
use crate::spelling::{did_you_mean, did_you_mean_file, nearest};

const RULE: &str = "sample";
const INDEX: &str = "sample-index";

/// The contract's own rules on a payload. They are judged by the tests of the product.
const JUDGED_ELSEWHERE: [&str; 2] = ["x-at-most-one", "x-extensible-enum"];

/// The index and the files tell of each other, and of operations that there are.
pub(super) fn listed(document: &Document) -> Vec<Finding> {
    let entries = document.index.as_ref().map(Node::entries).unwrap_or_default();
    let mut findings = Vec::new();
    for path in document.samples.keys() {
        let at = At::start_of(&format!("samples/{path}"));
        if sample::split(path).is_none() {
            let fix = "name it `<operationId>/<case>.request.jsonc` or `….response.jsonc`, or `<case>.form`";
            findings.push(Finding::new(INDEX, &at, "the name tells no operation and direction", fix));
        } else if !entries.iter().any(|entry| entry.key == *path) {
            let fix = format!("list `{path}` in samples/index.yaml with its `page` and `origin`");
            findings.push(Finding::new(INDEX, &at, "a sample that the index does not list", fix));
        }
    }
    for entry in entries {
        if !document.samples.contains_key(&entry.key) {
            let known = document.samples.keys().map(String::as_str);
            let fix = did_you_mean_file(&entry.key, known, "add the file or remove the entry");
            findings.push(Finding::new(INDEX, &entry.at, format!("there is no sample `{}`", entry.key), fix));
        }
    }
    let samples = sample::all(document);
    findings.extend(samples.iter().filter_map(|sample| without_body(document, sample)));
    findings.extend(samples.iter().flat_map(Sample::departures).filter_map(unknown_rule));
    findings.extend(unknown_operations(document, &samples));
    findings
}

fn without_body(document: &Document, sample: &Sample<'_>) -> Option<Finding> {
    let lacks = match (sample.find_operation(document), sample.find_message(document)) {
        (Some(operation), _) => {
            let takes_none = operation.body().is_none() && operation.parameters().is_empty();
            is_form(sample.path) || sample.part == Part::Request && takes_none
        }
        (None, Some(message)) => sample.part == Part::Response || is_form(sample.path) != message.is_form(),
        (None, None) => false,
    };
    let message = format!("`{}` has no such body that the sample could be", sample.operation);
    let finding =
        Finding::new(INDEX, &start_of(sample), message, "write the body in the contract, or remove the sample");
    lacks.then_some(finding)
}

fn is_form(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension == "form")
}

fn unknown_rule(departure: &Node) -> Option<Finding> {
    let rule = departure.get("rule")?;
    let text = rule.text()?;
    (text.starts_with("x-") && !JUDGED_ELSEWHERE.contains(&text)).then(|| {
        let fix = did_you_mean(text, JUDGED_ELSEWHERE, "name the rule that the payload breaks");
        Finding::new(INDEX, &rule.at, format!("`{text}` is no rule of a payload"), fix)
    })
}

/// Each operation that samples are of and that is not there, told once, at the first of them. Silent where an
/// operation may be there and have lost its name: that has a finding of its own.
fn unknown_operations(document: &Document, samples: &[Sample<'_>]) -> Vec<Finding> {
    let Some(known) = operation_ids(document) else { return Vec::new() };
    let mut seen = known.clone();
    let firsts = samples.iter().filter(|sample| seen.insert(sample.operation));
    firsts
        .map(|sample| {
            let fix = match nearest(sample.operation, known.iter().copied()) {
                Some(id) => format!("the nearest is `{id}`: mend the name of the folder, or that `operationId`"),
                None => "name its folder after an operation".to_owned(),
            };
            Finding::new(INDEX, &start_of(sample), format!("there is no operation `{}`", sample.operation), fix)
        })
        .collect()
}

/// The id of every operation; nothing when one of them has none of its own, or cannot be found.
fn operation_ids(document: &Document) -> Option<BTreeSet<&str>> {
    let paths = document.root().get("paths").map(Node::entries).unwrap_or_default();
    let operations = document::operations(document);
    let is_whole =
        !paths.is_empty() && paths.iter().all(|path| operations.iter().any(|operation| operation.path == path.key));
    let messages = document::messages(document);
    let mut ids: BTreeSet<&str> = operations.iter().map(OperationNode::id).collect();
    ids.extend(messages.iter().map(document::MessageNode::id));
    (is_whole && ids.len() == operations.len() + messages.len() && !ids.contains("")).then_some(ids)
}

fn start_of(sample: &Sample<'_>) -> At {
    At::start_of(&format!("samples/{}", sample.path))
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
    let validator = match jsonschema::validator_for(&json_schema::with_definitions(document, schema)) {
        Ok(validator) => validator,
        Err(error) => return vec![no_verdict(sample, &error)],
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

/// A schema that no engine takes: nothing of it may pass for sound.
fn no_verdict(sample: &Sample<'_>, error: &ValidationError<'_>) -> Finding {
    let message = format!("its schema cannot be used to judge it: {}", error.masked());
    Finding::new(RULE, &sample.node.at, message, "mend the schema")
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

/// The rules of JSON Schema.
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
    let Some(operation) = sample.find_operation(document) else {
        let message = sample.find_message(document)?;
        return Some(json_schema::convert(message.file, message.body()?));
    };
    match (sample.part, operation.body()) {
        (Part::Response, _) => Some(json_schema::convert(operation.file, operation.answer()?)),
        (Part::Request, Some(body)) => Some(json_schema::convert(operation.file, body)),
        (Part::Request, None) => Some(json_schema::of_parameters(operation.file, operation.parameters())),
    }
}
