//! `security`: an operation needs both headers of one pair of keys, or none.

use std::collections::BTreeSet;

use crate::document::{self, OperationNode};
use crate::finding::Finding;
use crate::node::{Entry, Kind, Node};
use crate::read::Document;
use crate::spelling::did_you_mean;

const RULE: &str = "security";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let schemes = document::security_schemes(document);
    let mut findings: Vec<Finding> = schemes.iter().flat_map(|entry| scheme(&entry.value)).collect();
    findings.extend(schemes.iter().filter_map(|entry| odd_pair(entry, schemes)));
    for operation in document::operations(document) {
        findings.extend(requirement(&operation, schemes));
    }
    findings
}

fn scheme(node: &Node) -> Vec<Finding> {
    let expected = [("type", &["apiKey"][..]), ("in", &["header"]), ("x-part", &["key", "client"])];
    let odd = expected.iter().filter_map(|(key, values)| {
        let found = node.get(key)?;
        let text = found.text()?;
        (!values.contains(&text)).then(|| {
            Finding::new(RULE, &found.at, format!("`{key}: {text}`"), format!("write {}", values.join(" or ")))
        })
    });
    odd.chain(odd_header(node)).collect()
}

fn odd_header(node: &Node) -> Option<Finding> {
    let name = node.get("name")?;
    let is_header = is_header_name(name.text()?);
    (!is_header).then(|| Finding::new(RULE, &name.at, "a name that no header has", "write letters, digits and `-`"))
}

/// Whether HTTP takes a text for the name of a header.
pub(super) fn is_header_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|char| char.is_ascii_alphanumeric() || "-_".contains(char))
}

/// A pair is one key and one client.
fn odd_pair(entry: &Entry, schemes: &[Entry]) -> Option<Finding> {
    let (pair, part) = (entry.value.get("x-pair")?, entry.value.get("x-part")?);
    let same = schemes.iter().filter(|other| other.value.get("x-pair") == Some(pair));
    let parts: Vec<_> = same.filter_map(|other| other.value.get("x-part")).collect();
    let is_alone = parts.len() != 2 || parts.iter().filter(|other| **other == part).count() != 1;
    is_alone.then(|| {
        let message = format!("the pair `{}` is not one key and one client", pair.text().unwrap_or_default());
        Finding::new(RULE, &entry.at, message, "declare one scheme with `x-part: key` and one with `x-part: client`")
    })
}

fn requirement(operation: &OperationNode<'_>, schemes: &[Entry]) -> Option<Finding> {
    let security = operation.node.get("security")?;
    let named = match (&security.kind, security.elements()) {
        (Kind::List(_), []) => return None,
        (_, [one]) => one.entries(),
        _ => {
            return Some(Finding::new(
                RULE,
                &security.at,
                "not one requirement",
                "name both schemes of one pair in one element, or write `[]` for none",
            ));
        }
    };
    for entry in named {
        if !schemes.iter().any(|scheme| scheme.key == entry.key) {
            let known = schemes.iter().map(|scheme| scheme.key.as_str());
            let fix = did_you_mean(&entry.key, known, "declare it under `components.securitySchemes`");
            return Some(Finding::new(RULE, &entry.at, format!("`{}` is no security scheme", entry.key), fix));
        }
    }
    let used = schemes.iter().filter(|scheme| named.iter().any(|entry| entry.key == scheme.key));
    let (pairs, parts): (BTreeSet<_>, BTreeSet<_>) =
        used.map(|scheme| (scheme.value.text_of("x-pair"), scheme.value.text_of("x-part"))).unzip();
    (pairs.len() != 1 || parts.len() != 2).then(|| {
        Finding::new(
            RULE,
            &security.at,
            "not the key and the client of one pair",
            "name both schemes of one pair: keys of different pairs never travel together",
        )
    })
}
