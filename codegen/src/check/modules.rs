//! `module`: every file of schemas is named after what it holds, and every operation and message has one known tag.

use crate::contract;
use crate::finding::{Finding, did_you_mean};
use crate::names;
use crate::node::Node;
use crate::read::Document;

const RULE: &str = "module";

/// Modules of the emitted crate that a service cannot have the name of.
const TAKEN: [&str; 5] = ["meta", "client", "json_schemas", "blocking", "generated"];

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    let tags = document.root().get("tags").map(Node::elements).unwrap_or_default();
    let names: Vec<&str> = tags.iter().filter_map(|tag| tag.text_of("name")).collect();
    for (index, tag) in tags.iter().enumerate() {
        findings.extend(odd_tag(tag));
        findings.extend(second_tag(tag, &tags[..index]));
    }
    let operations = contract::operations(document).into_iter().map(|operation| operation.node);
    for node in operations.chain(contract::messages(document).into_iter().map(|message| message.node)) {
        findings.extend(unknown_tag(node, &names));
    }
    for named in contract::schemas(document) {
        let module = named.module();
        if names::snake(module) != module || TAKEN.contains(&module) {
            findings.push(Finding::new(
                RULE,
                named.at,
                format!("`{module}`, the name of this file, is no module name"),
                "name the file in snake case after what it holds",
            ));
        }
    }
    findings
}

fn odd_tag(tag: &Node) -> Option<Finding> {
    let name = tag.get("name")?;
    let text = name.text()?;
    (names::snake(text) != text || TAKEN.contains(&text)).then(|| {
        Finding::new(RULE, &name.at, format!("the tag `{text}` is no module name"), "name the tag in snake case")
    })
}

fn second_tag(tag: &Node, before: &[Node]) -> Option<Finding> {
    let name = tag.get("name")?;
    let is_second = before.iter().any(|other| other.get("name") == Some(name));
    is_second.then(|| {
        let message = format!("the tag `{}` stands twice", name.text().unwrap_or_default());
        Finding::new(RULE, &name.at, message, "keep one of them")
    })
}

fn unknown_tag(operation: &Node, names: &[&str]) -> Option<Finding> {
    let tags = operation.get("tags")?;
    let [tag] = tags.elements() else {
        return Some(Finding::new(
            RULE,
            &tags.at,
            format!("{} tags where one is expected", tags.elements().len()),
            "write the one service that it belongs to",
        ));
    };
    let text = tag.text()?;
    (!names.contains(&text)).then(|| {
        Finding::new(
            RULE,
            &tag.at,
            format!("the tag `{text}` is not declared"),
            did_you_mean(text, names.iter().copied(), "declare it under `tags` of the root"),
        )
    })
}
