//! Where a `$ref` points: a file from the root's folder, and a JSON pointer in it.

use crate::node::{At, Node};
use crate::read::Document;

/// What a reference names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The file, from the root's folder.
    pub file: String,
    /// The JSON pointer in that file.
    pub pointer: String,
}

impl Target {
    /// The last segment of the pointer: the name of what is referred to.
    #[must_use]
    pub fn name(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }
}

/// Reads the text of a reference that stands in `file`. Nothing when it leaves the folder of the
/// contract or is an address on the network.
#[must_use]
pub fn parse(file: &str, text: &str) -> Option<Target> {
    let (path, pointer) = text.split_once('#').unwrap_or((text, ""));
    if path.contains("://") || path.starts_with('/') || path.contains('\\') {
        return None;
    }
    let file = if path.is_empty() { file.to_owned() } else { join(file, path)? };
    Some(Target { file, pointer: pointer.to_owned() })
}

fn join(file: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The node that a reference in `file` names.
#[must_use]
pub fn resolve<'d>(document: &'d Document, file: &str, text: &str) -> Option<(Target, &'d Node)> {
    let target = parse(file, text)?;
    let node = document.files.get(&target.file)?.pointer(&target.pointer)?;
    Some((target, node))
}

/// Visits every `$ref` below a node: the place of the key, and the value.
pub fn each(node: &Node, visit: &mut impl FnMut(&At, &Node)) {
    for entry in node.entries() {
        if entry.key == "$ref" {
            visit(&entry.at, &entry.value);
        } else {
            each(&entry.value, visit);
        }
    }
    for element in node.elements() {
        each(element, visit);
    }
}
