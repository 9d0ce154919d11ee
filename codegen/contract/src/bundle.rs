//! The contract as one file for tools that follow no references, with the documented payloads as examples.

mod plain;

use crate::document;
use crate::node::{At, Entry, Kind, Node};
use crate::read::Document;
use crate::sample::{self, Part};
use crate::{reference, yaml};

/// How much of the contract a bundle says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// All of it.
    Whole,
    /// What a generator of clients needs, without what only validators do.
    Plain,
}

/// The bundled contract as YAML text, which YAML 1.1 and 1.2 read alike.
///
/// # Errors
///
/// What cannot be written so, with its place.
pub fn bundle(document: &Document, form: Form) -> Result<String, String> {
    yaml::write(&node(document, form))
}

/// The bundled contract.
#[must_use]
pub fn node(document: &Document, form: Form) -> Node {
    let mut root = inlined(&document.root, document.root());
    let schemas = document::schemas(document).into_iter();
    let schemas = schemas.map(|named| entry(named.name, &named.node.at, inlined(named.file, named.node))).collect();
    if let Some(components) = find(&mut root, &["components"]) {
        set(components, "schemas", Kind::Map(schemas));
    }
    set(&mut root, "paths", Kind::Map(paths(document)));
    let messages = messages(document);
    if !messages.is_empty() {
        set(&mut root, "x-webhooks", Kind::Map(messages));
    }
    match form {
        Form::Whole => root,
        Form::Plain => plain::plain(&root),
    }
}

fn entry(key: &str, at: &At, value: Node) -> Entry {
    Entry { key: key.to_owned(), at: at.clone(), value }
}

/// The value below these keys.
fn find<'n>(node: &'n mut Node, keys: &[&str]) -> Option<&'n mut Node> {
    let Some((first, rest)) = keys.split_first() else { return Some(node) };
    let Kind::Map(entries) = &mut node.kind else { return None };
    find(&mut entries.iter_mut().find(|entry| entry.key == *first)?.value, rest)
}

/// Sets a key of a mapping, in its place if it is there.
fn set(node: &mut Node, key: &str, kind: Kind) {
    let at = node.at.clone();
    let Kind::Map(entries) = &mut node.kind else { return };
    match entries.iter_mut().find(|entry| entry.key == key) {
        Some(entry) => entry.value.kind = kind,
        None => entries.push(entry(key, &at, Node { at: at.clone(), kind })),
    }
}

/// Paths with their items in place, and the samples as examples.
fn paths(document: &Document) -> Vec<Entry> {
    let entries = document.root().get("paths").map(Node::entries).unwrap_or_default().iter();
    let items = entries.filter_map(|path| {
        let (file, item) = document::followed(document, &document.root, &path.value)?;
        Some(entry(&path.key, &path.at, inlined(file, item)))
    });
    let mut paths: Vec<Entry> = items.collect();
    for operation in document::operations(document) {
        let item = paths.iter_mut().find(|item| item.key == operation.path);
        if let Some(target) = item.and_then(|item| find(&mut item.value, &[operation.verb])) {
            let success = operation.successes().next().map(|entry| entry.key.as_str()).unwrap_or_default();
            let request = ["requestBody", "content", JSON];
            let response = ["responses", success, "content", JSON];
            set_examples(find(target, &request), examples(document, operation.id(), Part::Request));
            set_examples(find(target, &response), examples(document, operation.id(), Part::Response));
        }
    }
    paths
}

const JSON: &str = "application/json";

/// What the vendor sends by itself, in place.
fn messages(document: &Document) -> Vec<Entry> {
    let items = document::message_items(document).into_iter();
    let mut items: Vec<Entry> =
        items.map(|(item, file, node)| entry(&item.key, &item.at, inlined(file, node))).collect();
    for message in document::messages(document) {
        let item = items.iter_mut().find(|item| item.key == message.name);
        let content = item.and_then(|item| find(&mut item.value, &["post", "requestBody", "content"]));
        let Some(Node { kind: Kind::Map(media_types), .. }) = content else { continue };
        for media_type in media_types {
            set_examples(Some(&mut media_type.value), examples(document, message.id(), Part::Request));
        }
    }
    items
}

fn set_examples(media_type: Option<&mut Node>, examples: Vec<Entry>) {
    if let (Some(media_type), false) = (media_type, examples.is_empty()) {
        set(media_type, "examples", Kind::Map(examples));
    }
}

fn examples(document: &Document, operation: &str, part: Part) -> Vec<Entry> {
    let samples = sample::all(document);
    let own = samples.iter().filter(|sample| sample.operation == operation && sample.part == part);
    let example = |sample: &sample::Sample<'_>| {
        let at = &sample.node.at;
        let page = sample.entry.and_then(|entry| entry.value.text_of("page")).unwrap_or_default();
        let page = Node { at: at.clone(), kind: Kind::Text(page.to_owned()) };
        let fields = vec![entry("summary", at, page), entry("value", at, sample.node.clone())];
        entry(sample.case, at, Node { at: at.clone(), kind: Kind::Map(fields) })
    };
    own.map(example).collect()
}

/// A node with its references turned to the components of the one file.
fn inlined(file: &str, node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::Map(entries) => Kind::Map(entries.iter().map(|entry| inlined_entry(file, entry)).collect()),
        Kind::List(elements) => Kind::List(elements.iter().map(|element| inlined(file, element)).collect()),
        other => other.clone(),
    };
    Node { at: node.at.clone(), kind }
}

fn inlined_entry(file: &str, entry: &Entry) -> Entry {
    let value = match entry.value.text() {
        Some(text) if entry.key == "$ref" => {
            Node { at: entry.value.at.clone(), kind: Kind::Text(component(file, text)) }
        }
        _ => inlined(file, &entry.value),
    };
    Entry { key: entry.key.clone(), at: entry.at.clone(), value }
}

fn component(file: &str, text: &str) -> String {
    let name = reference::parse(file, text).map(|target| target.name().to_owned()).unwrap_or_default();
    format!("{COMPONENTS}{name}")
}

/// What a reference to a schema of the one file begins with.
const COMPONENTS: &str = "#/components/schemas/";
