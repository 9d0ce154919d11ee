//! `bound`: bounds belong to the type that they stand at, do not exclude everything, and patterns mean one thing.

use crate::finding::Finding;
use crate::node::Node;
use crate::pattern;
use crate::read::Document;

const RULE: &str = "bound";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for node in document.files.values() {
        below(node, &mut findings);
    }
    findings
}

fn below(node: &Node, findings: &mut Vec<Finding>) {
    if node.text_of("type").is_some() && node.get("in").is_none() {
        misplaced(node, findings);
    }
    for (low, high) in [("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")] {
        empty(node, low, high, findings);
    }
    exclusive(node, "exclusiveMinimum", "minimum", findings);
    exclusive(node, "exclusiveMaximum", "maximum", findings);
    pattern(node, findings);
    node.entries().iter().for_each(|entry| below(&entry.value, findings));
    node.elements().iter().for_each(|element| below(element, findings));
}

fn misplaced(node: &Node, findings: &mut Vec<Finding>) {
    let kind = node.text_of("type").unwrap_or_default();
    for entry in node.entries() {
        let belongs = match entry.key.as_str() {
            "minLength" | "maxLength" | "pattern" => kind == "string",
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => kind == "integer" || kind == "number",
            "minItems" | "maxItems" => kind == "array",
            _ => true,
        };
        if !belongs {
            findings.push(Finding::new(
                RULE,
                &entry.at,
                format!("`{}` does not bound a value of type {kind}", entry.key),
                "remove it, or mend the type",
            ));
        }
    }
}

fn empty(node: &Node, low: &str, high: &str, findings: &mut Vec<Finding>) {
    let bound = |key: &str| node.entry(key).and_then(|entry| Some((entry, entry.value.int()?)));
    if let (Some((entry, low_value)), Some((_, high_value))) = (bound(low), bound(high))
        && (low_value > high_value || low_value == high_value && is_open(node, low))
    {
        findings.push(Finding::new(
            RULE,
            &entry.at,
            format!("no value lies between `{low}` {low_value} and `{high}` {high_value}"),
            "swap or mend the bounds",
        ));
    }
    for (entry, _) in [low, high].into_iter().filter_map(bound).filter(|(_, value)| low != "minimum" && *value < 0) {
        findings.push(Finding::new(RULE, &entry.at, format!("`{}` below 0", entry.key), "write a length"));
    }
}

/// Whether a bound of a number is excluded itself.
fn is_open(node: &Node, low: &str) -> bool {
    low == "minimum" && (node.is_true("exclusiveMinimum") || node.is_true("exclusiveMaximum"))
}

/// In OpenAPI 3.0 these say of another bound that it is excluded.
fn exclusive(node: &Node, key: &str, of: &str, findings: &mut Vec<Finding>) {
    if let (Some(entry), None) = (node.entry(key), node.get(of))
        && entry.value.bool().is_some()
    {
        let message = format!("`{key}` without `{of}`");
        findings.push(Finding::new(RULE, &entry.at, message, format!("write `{of}` too")));
    }
}

fn pattern(node: &Node, findings: &mut Vec<Finding>) {
    let Some(pattern) = node.get("pattern") else { return };
    let Some(text) = pattern.text() else { return };
    match pattern::portable(text) {
        Err(odd) => {
            let message = format!("the pattern has, at character {}, {}", odd.character, odd.message);
            findings.push(Finding::new(RULE, &pattern.at, message, odd.fix));
        }
        Ok(portable) => {
            if let Err(error) = regex_lite::Regex::new(&portable) {
                let message = format!("a pattern that does not compile: {error}");
                findings.push(Finding::new(RULE, &pattern.at, message, "write a smaller pattern"));
            }
        }
    }
}
