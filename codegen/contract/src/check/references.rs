//! `dangling-reference`, `empty-path`, `unused-path`, `unused-file`: every `$ref` points to something that is
//! there, inside the contract's folder; what a path refers to has operations; and nothing is left over.

use crate::document;
use crate::finding::Finding;
use crate::node::{At, Entry, Node};
use crate::read::Document;
use crate::reference;
use crate::spelling::{did_you_mean, did_you_mean_file, is_near_file};

const RULE: &str = "dangling-reference";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, node) in &document.files {
        reference::each(node, &mut |at, value| findings.extend(judge(document, file, at, value)));
    }
    findings.extend(
        document
            .root()
            .get("paths")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .filter_map(|path| empty(document, path)),
    );
    findings.extend(unused(document));
    findings.extend(unused_files(document));
    findings
}

/// A path without operations would be left out in silence.
fn empty(document: &Document, path: &Entry) -> Option<Finding> {
    let (_, item) = document::followed(document, &document.root, &path.value)?;
    (!document::VERBS.iter().any(|verb| item.get(verb).is_some())).then(|| {
        let message = format!("`{}` has no operation", path.key);
        Finding::new("empty-path", &path.at, message, "write one, or refer to the path item that has it")
    })
}

/// So would a path item that the root does not refer to.
fn unused(document: &Document) -> Vec<Finding> {
    let paths = document.root().get("paths").map(Node::entries).unwrap_or_default();
    let messages = document::message_items(document).into_iter().map(|(_, _, item)| item);
    let used: Vec<&Node> = paths
        .iter()
        .filter_map(|path| document::followed(document, &document.root, &path.value))
        .map(|(_, item)| item)
        .chain(messages)
        .collect();
    let items =
        document.files.iter().filter(|(file, _)| file.starts_with("paths/")).flat_map(|(_, node)| node.entries());
    items
        .filter(|item| !used.iter().any(|used| std::ptr::eq(*used, &raw const item.value)))
        .map(|item| {
            let message = format!("no path refers to `{}`", item.key);
            Finding::new(
                "unused-path",
                &item.at,
                message,
                "refer to it under `paths` or `x-webhooks` of the root, or remove it",
            )
        })
        .collect()
}

/// So would a whole file. One that a broken reference may mean has its finding there.
fn unused_files(document: &Document) -> Vec<Finding> {
    let mut named = Vec::new();
    for (file, node) in &document.files {
        let target = |text: &Node| reference::parse(file, text.text()?).map(|target| target.file);
        reference::each(node, &mut |_, text| named.extend(target(text)));
    }
    named.retain(|name| !document.files.contains_key(name));
    let is_meant = |file: &str| named.iter().any(|name| is_near_file(name, file));
    document.unreached.iter().filter(|file| !is_meant(file)).map(|file| unused_file(file)).collect()
}

fn unused_file(file: &str) -> Finding {
    let fix = if file.starts_with("paths/") {
        format!(
            "write `$ref: {file}#/<name>` under `paths` or `x-webhooks` of the root for each of its path items, or remove it"
        )
    } else {
        "refer to a schema of it where one is used, or remove it".to_owned()
    };
    Finding::new("unused-file", &At::start_of(file), "nothing refers to this file", fix)
}

fn judge(document: &Document, file: &str, at: &At, value: &Node) -> Option<Finding> {
    let text = value.text()?;
    let Some(target) = reference::parse(file, text) else {
        return Some(Finding::new(
            RULE,
            at,
            format!("`{text}` leaves the contract's folder"),
            "refer to a file of the contract by a relative path",
        ));
    };
    let Some(holder) = document.files.get(&target.file) else {
        let known = document.files.keys().chain(&document.unreached).map(String::as_str);
        let fix = did_you_mean_file(&target.file, known, "write that file");
        return Some(Finding::new(RULE, at, format!("`{text}`: there is no file `{}`", target.file), fix));
    };
    if holder.pointer(&target.pointer).is_some() {
        return None;
    }
    let names: Vec<&str> = document::schemas(document).iter().map(|schema| schema.name).collect();
    let fix = did_you_mean(target.name(), names, &format!("define it in `{}`", target.file));
    Some(Finding::new(RULE, at, format!("`{text}` points to nothing"), fix))
}
