//! What a generator of clients reads: the operations and their types, without what only validators need.
//!
//! Left out are the keys of ours (`x-…`, and the messages below one of them), conditions, bounds, null in a list of
//! values, and answers that no page describes. A choice between a type and null becomes that type with `nullable`, one
//! between several lists of codes what they have in common.

use super::{COMPONENTS, entry};
use crate::node::{Entry, Kind, Node};
use crate::schema::{BOUNDS, is_null};

/// The plain form of a bundled contract.
pub(super) fn plain(root: &Node) -> Node {
    let schemas = root.get("components").and_then(|components| components.get("schemas"));
    let schemas = Schemas(schemas.map(Node::entries).unwrap_or_default());
    object(&schemas, root)
}

/// Maps whose keys are names that others gave, such as that of a header, which may begin like a key of ours.
const NAMES: [&str; 7] =
    ["headers", "encoding", "variables", "securitySchemes", "responses", "parameters", "callbacks"];

fn with(node: &Node, kind: Kind) -> Node {
    Node { at: node.at.clone(), kind }
}

fn changed(entry: &Entry, value: Node) -> Entry {
    Entry { key: entry.key.clone(), at: entry.at.clone(), value }
}

/// Whatever is no schema.
fn object(schemas: &Schemas<'_>, node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::List(elements) => Kind::List(elements.iter().map(|element| object(schemas, element)).collect()),
        Kind::Map(entries) => {
            let own = entries.iter().filter(|entry| !entry.key.starts_with("x-"));
            Kind::Map(own.map(|entry| changed(entry, part(schemas, entry))).collect())
        }
        other => other.clone(),
    };
    with(node, kind)
}

/// The value of a key of what is no schema.
fn part(schemas: &Schemas<'_>, entry: &Entry) -> Node {
    match entry.key.as_str() {
        "schema" => schemas.plain(&entry.value),
        "schemas" => each(&entry.value, |schema| schemas.plain(schema)),
        "example" | "examples" | "security" => entry.value.clone(),
        name if NAMES.contains(&name) && matches!(entry.value.kind, Kind::Map(_)) => {
            each(&entry.value, |value| object(schemas, value))
        }
        _ => object(schemas, &entry.value),
    }
}

/// The same map of names, its values changed, without answers that no page describes; one answer must be left.
fn each(names: &Node, change: impl Fn(&Node) -> Node) -> Node {
    let (undocumented, documented): (Vec<&Entry>, Vec<&Entry>) =
        names.entries().iter().partition(|entry| is_undocumented(&entry.value));
    let kept = if documented.is_empty() { undocumented } else { documented };
    with(names, Kind::Map(kept.into_iter().map(|entry| changed(entry, change(&entry.value))).collect()))
}

fn is_undocumented(node: &Node) -> bool {
    node.is_true("x-undocumented")
}

/// The named schemas.
struct Schemas<'n>(&'n [Entry]);

impl Schemas<'_> {
    fn plain(&self, schema: &Node) -> Node {
        let Kind::Map(entries) = &schema.kind else { return schema.clone() };
        let mut plain = Vec::new();
        for entry in entries.iter().filter(|entry| !is_rule(&entry.key)) {
            match entry.key.as_str() {
                "properties" => plain.push(changed(entry, each(&entry.value, |schema| self.plain(schema)))),
                "items" | "additionalProperties" | "not" => plain.push(changed(entry, self.plain(&entry.value))),
                "enum" => plain.extend(without_null(entry)),
                "allOf" | "oneOf" => plain.extend(self.types(entry)),
                "anyOf" => plain.extend(self.choice(entry)),
                _ => plain.push(entry.clone()),
            }
        }
        // Beside a choice that ended in null, the type may have said so already.
        let mut seen = false;
        plain.retain(|entry| entry.key != "nullable" || !std::mem::replace(&mut seen, true));
        with(schema, Kind::Map(plain))
    }

    /// A list of types without the conditions among them.
    fn types(&self, list: &Entry) -> Option<Entry> {
        let types: Vec<Node> =
            list.value.elements().iter().filter(|part| is_type(part)).map(|part| self.plain(part)).collect();
        (!types.is_empty()).then(|| changed(list, with(&list.value, Kind::List(types))))
    }

    /// What a choice says of the type: nothing where it is a condition.
    fn choice(&self, list: &Entry) -> Vec<Entry> {
        let types: Vec<&Node> = list.value.elements().iter().filter(|part| is_type(part)).collect();
        let (nulls, others): (Vec<&Node>, Vec<&Node>) = types.into_iter().partition(|part| is_null(part));
        let mut said = match others.as_slice() {
            [] => Vec::new(),
            [one] => vec![entry("allOf", &list.at, with(&list.value, Kind::List(vec![self.plain(one)])))],
            several => self.shared(several),
        };
        if !nulls.is_empty() && !said.is_empty() {
            said.push(entry("nullable", &list.at, with(&list.value, Kind::Bool(true))));
        }
        said
    }

    /// The type and the format that several schemas share; nothing where they differ.
    fn shared(&self, several: &[&Node]) -> Vec<Entry> {
        let found: Vec<&Node> = several.iter().map(|schema| self.followed(schema)).collect();
        let shared = |key: &str| {
            let first = found.first()?.entry(key)?;
            found.iter().all(|schema| schema.get(key) == Some(&first.value)).then(|| first.clone())
        };
        shared("type").into_iter().flat_map(|first| [Some(first), shared("format")]).flatten().collect()
    }

    /// The schema that a reference leads to.
    fn followed<'s>(&'s self, schema: &'s Node) -> &'s Node {
        let name = schema.text_of("$ref").and_then(|text| text.strip_prefix(COMPONENTS));
        let found = name.and_then(|name| self.0.iter().find(|known| known.key == name));
        found.map_or(schema, |found| &found.value)
    }
}

/// A key of ours, or a bound: a generator makes types of bounds that refuse what is sent all the same.
fn is_rule(key: &str) -> bool {
    key.starts_with("x-") || BOUNDS.contains(&key)
}

/// A part of a list that says of which type a value is; the others are conditions.
fn is_type(part: &Node) -> bool {
    ["$ref", "type", "allOf", "oneOf"].iter().any(|key| part.get(key).is_some_and(|value| !is_conditions(key, value)))
        || part.get("anyOf").is_some_and(|list| list.elements().iter().any(is_type))
}

fn is_conditions(key: &str, value: &Node) -> bool {
    matches!(key, "allOf" | "oneOf") && !value.elements().iter().any(is_type)
}

/// The values of a list but null, which `nullable` says; no list where nothing else is left.
fn without_null(list: &Entry) -> Option<Entry> {
    let values: Vec<Node> = list.value.elements().iter().filter(|value| value.kind != Kind::Null).cloned().collect();
    (!values.is_empty()).then(|| changed(list, with(&list.value, Kind::List(values))))
}
