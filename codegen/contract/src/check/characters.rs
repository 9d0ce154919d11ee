//! `character`: no text of a contract holds what a person cannot see: control characters, and marks that turn the
//! direction of what stands behind them. Both could make the emitted code look other than it is.

use crate::finding::Finding;
use crate::node::{At, Kind, Node};
use crate::read::Document;

const RULE: &str = "character";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for node in document.files.values().chain(&document.index).chain(&document.endpoints) {
        below(node, &mut findings);
    }
    findings
}

fn below(node: &Node, findings: &mut Vec<Finding>) {
    match &node.kind {
        Kind::Text(text) => findings.extend(odd(text, &node.at, |char| matches!(char, '\n' | '\t'))),
        Kind::List(elements) => elements.iter().for_each(|element| below(element, findings)),
        Kind::Map(entries) => {
            for entry in entries {
                findings.extend(odd(&entry.key, &entry.at, |_| false));
                below(&entry.value, findings);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
    }
}

fn odd(text: &str, at: &At, is_admitted: impl Fn(char) -> bool) -> Option<Finding> {
    let found = text.chars().find(|char| is_unseen(*char) && !is_admitted(*char))?;
    let message = format!("the character U+{:04X}, which nobody sees", u32::from(found));
    Some(Finding::new(RULE, at, message, "remove it, or say in words what it is"))
}

/// Controls, ends of lines that are none to most readers, and the marks of Unicode's bidirectional algorithm.
fn is_unseen(char: char) -> bool {
    let turns = matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    char.is_control() || turns || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}')
}
