//! `message`: what the vendor sends by itself is one named object in one form, and what its claim and its hash
//! name is there.

use std::collections::BTreeMap;

use super::pointers;
use crate::document::{self, FORM, MessageNode};
use crate::finding::Finding;
use crate::model::{Runtime, Type};
use crate::node::{At, Entry, Node};
use crate::read::Document;
use crate::spelling::did_you_mean;

const RULE: &str = "message";

const JSON: &str = "application/json";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let messages = document::messages(document);
    let mut findings = formats(document);
    findings.extend(nothing_sent(document));
    findings.extend(shared(document, &messages));
    for message in &messages {
        findings.extend(odd_id(message));
        findings.extend(media(message));
        findings.extend(body(document, message));
        findings.extend(fields_of_a_form(document, message));
        findings.extend(places(document, message));
        findings.extend(hash(document, message));
    }
    findings
}

/// A format has a name of its own, and parts.
fn formats(document: &Document) -> Vec<Finding> {
    let mut seen: BTreeMap<&str, &At> = BTreeMap::new();
    let mut findings = Vec::new();
    for format in document::hash_formats(document) {
        if let Some(name) = format.get("name")
            && let Some(first) = seen.insert(name.text().unwrap_or_default(), &name.at)
        {
            let message = "a second format of this name";
            findings.push(Finding::new(RULE, &name.at, message, "keep one of them").beside(first));
        }
        if let Some(parts) = format.get("parts").filter(|parts| parts.elements().is_empty()) {
            findings.push(Finding::new(RULE, &parts.at, "a format without parts", "write what is hashed"));
        }
    }
    findings
}

/// A reference to something else than a message would be left out in silence.
fn nothing_sent(document: &Document) -> Vec<Finding> {
    let items = document::message_items(document).into_iter();
    // What stands here or in `paths/` may lack a key, which has a finding of its own.
    let elsewhere =
        items.filter(|(entry, file, item)| !std::ptr::eq(*item, &raw const entry.value) && !file.starts_with("paths/"));
    elsewhere
        .map(|(entry, ..)| {
            let message = format!("`{}` refers to no message", entry.key);
            Finding::new(RULE, &entry.at, message, "refer to an item of a file in `paths/`")
        })
        .collect()
}

/// An id names the folder of the samples.
fn odd_id(message: &MessageNode<'_>) -> Option<Finding> {
    let id = message.node.get("operationId")?;
    let text = id.text()?;
    (text.is_empty() || !text.chars().all(char::is_alphanumeric)).then(|| {
        Finding::new(
            RULE,
            &id.at,
            format!("`{text}` is no id of a message"),
            "write letters and digits, as `orderPaid`",
        )
    })
}

/// An object tells which message it is, so that it can be only one.
fn shared(document: &Document, messages: &[MessageNode<'_>]) -> Vec<Finding> {
    let mut seen: BTreeMap<String, &At> = BTreeMap::new();
    let mut findings = Vec::new();
    for message in messages {
        for (what, name) in [("operationId", Some(message.id())), ("schema", object_name(document, message))] {
            let Some(name) = name.filter(|name| !name.is_empty()) else { continue };
            if let Some(first) = seen.insert(format!("{what} {name}"), message.at) {
                let text = format!("the {what} `{name}` of another message");
                findings.push(Finding::new(RULE, message.at, text, "give each message its own").beside(first));
            }
        }
        let taken = document::operations(document).into_iter().find(|operation| operation.id() == message.id());
        if let Some(taken) = taken.filter(|_| !message.id().is_empty()) {
            let text = format!("`{}` is the id of an operation", message.id());
            findings.push(Finding::new(RULE, message.at, text, "give the message its own").beside(taken.at));
        }
    }
    findings
}

fn object_name<'d>(document: &'d Document, message: &MessageNode<'d>) -> Option<&'d str> {
    message.object(document).map(|object| object.name)
}

fn media(message: &MessageNode<'_>) -> Option<Finding> {
    let fix = format!("write `{JSON}` or `{FORM}`");
    match message.media_types() {
        [only] if only.key == JSON || only.key == FORM => None,
        [only] => Some(Finding::new(RULE, &only.at, format!("a message as `{}`", only.key), fix)),
        [_, second, ..] => Some(Finding::new(RULE, &second.at, "a message of several media types", "keep one")),
        [] => Some(Finding::new(RULE, message.at, "a message without a media type", fix)),
    }
}

fn body(document: &Document, message: &MessageNode<'_>) -> Option<Finding> {
    let schema = message.body()?;
    let is_object = message
        .object(document)
        .filter(|named| named.node.get("x-envelope").is_none())
        .is_some_and(|named| matches!(document::wire_type_of(&named), Some(Type::Object(_))));
    (!is_object).then(|| {
        Finding::new(RULE, &schema.at, "a message that is no named object", "refer to a named object of its own")
    })
}

/// A form holds texts alone.
fn fields_of_a_form(document: &Document, message: &MessageNode<'_>) -> Vec<Finding> {
    let Some(object) = message.object(document).filter(|_| message.is_form()) else { return Vec::new() };
    let fields = object.node.get("properties").map(Node::entries).unwrap_or_default();
    let is_text = |entry: &&Entry| {
        let found = document::wire_type(document, object.file, &entry.value);
        found.is_none_or(|ty| matches!(ty, Type::Text | Type::Runtime(Runtime::Personal | Runtime::Secret)))
    };
    let odd = fields.iter().filter(|entry| !is_text(entry));
    odd.map(|entry| {
        let text = format!("`{}` of a form is no text", entry.key);
        Finding::new(RULE, &entry.at, text, "write `type: string`: a form is kept as it was received")
    })
    .collect()
}

/// The places that claim and hash name.
fn places(document: &Document, message: &MessageNode<'_>) -> Vec<Finding> {
    let Some(body) = message.body() else { return Vec::new() };
    let claim = message.node.get("x-claim").map(Node::entries).unwrap_or_default();
    let claim = claim.iter().filter(|entry| entry.key != "subject").map(|entry| &entry.value);
    let hash = message.node.get("x-hash");
    let marks = ["hash", "format", "key_type"].into_iter().filter_map(|key| hash?.get(key));
    let parts = hash.and_then(|hash| hash.get("parts")).map(Node::entries).unwrap_or_default();
    claim
        .chain(marks)
        .chain(parts.iter().map(|entry| &entry.value))
        .filter_map(|pointer| pointers::leads_to_a_value(document, message.file, body, pointer))
        .collect()
}

/// The usual format is one of the table and can be made of the parts, and every part is of some format.
fn hash(document: &Document, message: &MessageNode<'_>) -> Vec<Finding> {
    let Some(hash) = message.node.get("x-hash") else { return Vec::new() };
    let formats = document::hash_formats(document);
    let mapped = hash.get("parts").map(Node::entries).unwrap_or_default();
    let known: Vec<&str> = formats.iter().flat_map(parts).collect();
    let strangers = mapped.iter().filter(|entry| !known.contains(&entry.key.as_str()));
    let mut findings: Vec<Finding> = strangers
        .map(|entry| {
            let fix = did_you_mean(&entry.key, known.iter().copied(), "name a part of `x-hash-formats`");
            Finding::new(RULE, &entry.at, format!("no format has a part `{}`", entry.key), fix)
        })
        .collect();
    findings.extend(usual_format(hash, formats, mapped));
    findings
}

fn usual_format(hash: &Node, formats: &[Node], mapped: &[Entry]) -> Option<Finding> {
    let usual = hash.get("usual_format")?;
    let text = usual.text()?;
    let Some(format) = formats.iter().find(|format| format.text_of("name") == Some(text)) else {
        let names = formats.iter().filter_map(|format| format.text_of("name"));
        let fix = did_you_mean(text, names, "name a format of `x-hash-formats`");
        return Some(Finding::new(RULE, &usual.at, format!("there is no format `{text}`"), fix));
    };
    let missing = parts(format).into_iter().find(|part| !mapped.iter().any(|entry| entry.key == *part))?;
    let message = format!("the format `{text}` needs the part `{missing}`");
    Some(Finding::new(RULE, &usual.at, message, "say under `parts` which field it is"))
}

fn parts(format: &Node) -> Vec<&str> {
    format.get("parts").map(Node::elements).unwrap_or_default().iter().filter_map(Node::text).collect()
}
