//! What a contract must keep for Rust to be made of it: one rule a file. Each returns all that it
//! finds, so that a person sees everything at once.

mod answers;
mod bounds;
mod characters;
mod code_lists;
mod conditions;
mod description;
mod duplicates;
mod endpoints;
mod expectations;
mod forms;
mod keys;
mod media_types;
mod messages;
mod modules;
mod names;
mod operation_facts;
mod pointers;
mod recursion;
mod references;
mod required;
mod samples;
mod security;
mod servers;

use crate::finding::{Finding, Findings};
use crate::read::Document;

type Rule = fn(&Document) -> Vec<Finding>;

/// Every rule on the contract itself.
const RULES: [Rule; 21] = [
    keys::check,
    characters::check,
    references::check,
    forms::check,
    answers::check,
    recursion::check,
    bounds::check,
    required::check,
    conditions::check,
    names::check,
    duplicates::check,
    modules::check,
    code_lists::check,
    media_types::check,
    operation_facts::check,
    pointers::check,
    messages::check,
    security::check,
    servers::check,
    description::check,
    endpoints::check,
];

/// Rules whose breach leaves schemas that a sample cannot be judged by; an engine could even run in circles.
const UNSOUND: [&str; 4] = ["dangling-reference", "schema-form", "wrong-kind", "name-collision"];

/// Holds a document against every rule; the samples too, when the schemas are sound enough to judge by.
///
/// # Errors
///
/// Everything that is wrong.
pub fn check(document: &Document) -> Result<(), Findings> {
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(document)).collect();
    findings.extend(samples::listed(document));
    if !findings.iter().any(|finding| UNSOUND.contains(&finding.rule)) {
        findings.extend(samples::fitting(document));
        findings.extend(expectations::check(document));
    }
    if findings.is_empty() { Ok(()) } else { Err(Findings::new(findings)) }
}
