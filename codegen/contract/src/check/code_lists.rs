//! `code-list`: every code has its own value of the list's type and its own name.

use std::collections::BTreeSet;

use crate::document::{self, SchemaKind, SchemaNode};
use crate::finding::Finding;
use crate::names;
use crate::node::Node;
use crate::read::Document;

const RULE: &str = "code-list";

const KEYS: [&str; 6] = ["type", "format", "title", "description", "externalDocs", "x-extensible-enum"];

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let schemas = document::schemas(document);
    schemas.iter().filter(|named| named.kind() == SchemaKind::CodeList).flat_map(list).collect()
}

fn list(named: &SchemaNode<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let kind = named.node.text_of("type").unwrap_or("none");
    if kind != "integer" && kind != "string" {
        findings.push(Finding::new(
            RULE,
            &named.node.at,
            format!("a code list of type {kind}"),
            "write `type: integer` or `type: string`",
        ));
    }
    let (mut values, mut constants) = (BTreeSet::new(), BTreeSet::new());
    for entry in named.node.entries().iter().filter(|entry| !KEYS.contains(&entry.key.as_str())) {
        let message = format!("`{}` says nothing at a code list", entry.key);
        findings.push(Finding::new(
            RULE,
            &entry.at,
            message,
            "remove it: the list is open, and null is admitted where it is referred to",
        ));
    }
    let codes = named.node.get("x-extensible-enum");
    if let Some(codes) = codes.filter(|codes| codes.elements().is_empty()) {
        findings.push(Finding::new(RULE, &codes.at, "a code list without codes", "write the documented codes"));
    }
    let codes = named.node.get("x-extensible-enum").map(Node::elements).unwrap_or_default();
    let used: BTreeSet<String> = codes.iter().filter_map(|code| code.text_of("name")).map(str::to_owned).collect();
    for code in codes {
        findings.extend(code.get("value").and_then(|value| odd_value(value, kind, &mut values)));
        findings.extend(code.get("name").and_then(|name| odd_name(name, &used, &mut constants)));
    }
    findings
}

fn odd_value(value: &Node, kind: &str, seen: &mut BTreeSet<String>) -> Option<Finding> {
    let text = match kind {
        "integer" => value.int().map(|value| value.to_string()),
        _ => value.text().map(str::to_owned),
    };
    let Some(text) = text else {
        let expected = if kind == "integer" { "a whole number" } else { "a quoted string" };
        return Some(Finding::new(
            RULE,
            &value.at,
            format!("the value is {}, not {expected}", value.kind_name()),
            format!("write {expected}"),
        ));
    };
    (!seen.insert(text.clone()))
        .then(|| Finding::new(RULE, &value.at, format!("the value {text} stands twice"), "keep one of them"))
}

fn odd_name<'d>(name: &'d Node, names: &BTreeSet<String>, seen: &mut BTreeSet<&'d str>) -> Option<Finding> {
    let text = name.text()?;
    if !is_constant(text) {
        let message = format!("`{text}` is no name of a constant");
        let fix = format!("call it `{}`: capitals, digits and `_`, beginning with a letter", proposed(text, names));
        return Some(Finding::new(RULE, &name.at, message, fix));
    }
    (!seen.insert(text)).then(|| {
        let fix = format!("call one of them `{}`", proposed(text, names));
        Finding::new(RULE, &name.at, format!("the name `{text}` stands twice"), fix)
    })
}

fn is_constant(text: &str) -> bool {
    names::is_name(text)
        && text.chars().all(|char| char.is_ascii_uppercase() || char.is_ascii_digit() || char == '_')
        && text.chars().any(|char| char.is_ascii_uppercase())
}

/// A name that no code of the list has.
fn proposed(text: &str, names: &BTreeSet<String>) -> String {
    let name = names::constant(text);
    let name = if is_constant(&name) { name } else { format!("CODE_{name}").trim_end_matches('_').to_owned() };
    let others = (2..).map(|number| format!("{name}_{number}"));
    std::iter::once(name.clone()).chain(others).find(|name| !names.contains(name)).unwrap_or_default()
}
