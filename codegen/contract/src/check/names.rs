//! `name`, `name-collision`: names of the contract become names of Rust, each its own. Two types of one
//! name would merge in silence.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{self, OperationNode};
use crate::finding::Finding;
use crate::names;
use crate::node::{At, Node};
use crate::read::Document;

const RULE: &str = "name";
const COLLISION: &str = "name-collision";

/// The other constants of the module of facts.
const FACTS: [&str; 2] = ["CONTRACT_VERSION", "HASH_FORMATS"];

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut names = Names::default();
    types(document, &mut names);
    let mut findings = names.findings;
    findings.extend(facts(document));
    for object in document::objects(document) {
        let properties = object.node.get("properties").map(Node::entries).unwrap_or_default();
        findings.extend(fields(properties.iter().map(|entry| (entry.key.as_str(), &entry.at))));
    }
    for operation in document::operations(document) {
        let names = operation.parameters().iter();
        let names =
            names.filter_map(|parameter| Some((document::readable_name(parameter), &parameter.get("name")?.at)));
        findings.extend(fields(names));
    }
    findings
}

/// Every name that a type of the contract has, as far as the contract is sound.
pub(super) fn claimed(document: &Document) -> BTreeSet<String> {
    let mut names = Names::default();
    types(document, &mut names);
    names.claimed.into_keys().collect()
}

/// The type names that were claimed, and by whom.
#[derive(Default)]
struct Names<'d> {
    claimed: BTreeMap<String, &'d At>,
    findings: Vec<Finding>,
}

fn types<'d>(document: &'d Document, names: &mut Names<'d>) {
    let schemas = document::schemas(document);
    let others: BTreeSet<String> = schemas.iter().map(|named| named.name.to_owned()).collect();
    for named in &schemas {
        names.schema(named.name, named.at, &others);
    }
    for object in document::objects(document) {
        if !schemas.iter().any(|named| std::ptr::eq(named.node, object.node)) {
            names.claim(object.name.clone(), object.at);
        }
    }
    for operation in firsts(document::operations(document), OperationNode::id) {
        names.operation(&operation);
    }
    let tags = document.root().get("tags").map(Node::elements).unwrap_or_default();
    let tags = tags.iter().filter_map(|tag| Some((tag.text_of("name")?, &tag.get("name")?.at)));
    for (name, at) in firsts(tags.collect(), |(name, _)| *name) {
        names.claim(names::pascal(name), at);
    }
}

/// The first of each name; a second one has a finding of its own.
fn firsts<'d, T>(all: Vec<T>, name: impl Fn(&T) -> &'d str) -> Vec<T> {
    let mut seen: Vec<&str> = Vec::new();
    all.into_iter()
        .filter(|one| {
            let is_first = !seen.contains(&name(one));
            seen.push(name(one));
            is_first
        })
        .collect()
}

impl<'d> Names<'d> {
    /// A name that Rust would have to change is refused, and another one proposed that no schema has.
    fn schema(&mut self, name: &str, at: &'d At, others: &BTreeSet<String>) {
        if names::pascal(name) != name || name.is_empty() {
            let message = format!("`{name}` is no type name of Rust");
            self.findings.push(Finding::new(RULE, at, message, proposed(name, others)));
        } else {
            self.unique(name.to_owned(), at);
        }
    }

    fn operation(&mut self, operation: &OperationNode<'d>) {
        let Some(id) = operation.node.get("operationId").filter(|id| id.text().is_some()) else { return };
        let name = names::pascal(operation.id());
        if !operation.parameters().is_empty() {
            self.claim(document::name_of_parameters(operation), &id.at);
        }
        self.claim(name, &id.at);
    }

    fn claim(&mut self, name: String, at: &'d At) {
        if name.is_empty() {
            let message = "a name without a letter or digit: no type of Rust can be called after it";
            self.findings.push(Finding::new(RULE, at, message, "give it letters, as `placeOrder`"));
        } else {
            self.unique(name, at);
        }
    }

    fn unique(&mut self, name: String, at: &'d At) {
        match self.claimed.get(&name) {
            Some(first) => {
                let message = format!("a second type of the name `{name}`");
                let finding = Finding::new(COLLISION, at, message, "give one of them another name");
                self.findings.push(finding.beside(first));
            }
            None => drop(self.claimed.insert(name, at)),
        }
    }
}

/// What a schema may be called instead.
fn proposed(name: &str, others: &BTreeSet<String>) -> String {
    let name = names::settled_pascal(name);
    let mut name = if name.is_empty() { "Value".to_owned() } else { name };
    // A number at the end of a name stays with its last word, so that the name is not changed again.
    let stem = names::settled_pascal(name.trim_end_matches(|char: char| char.is_ascii_digit()));
    for number in 2.. {
        if !others.contains(&name) {
            break;
        }
        name = format!("{stem}{number}");
    }
    format!("call it `{name}`")
}

/// The APIs, the pairs of keys and the envelopes are constants of one module.
fn facts(document: &Document) -> Vec<Finding> {
    let apis = document.root().get("x-apis").map(Node::entries).unwrap_or_default();
    let mut pairs: BTreeMap<&str, &At> = BTreeMap::new();
    for pair in document::security_schemes(document).iter().filter_map(|entry| entry.value.get("x-pair")) {
        pairs.entry(pair.text().unwrap_or_default()).or_insert(&pair.at);
    }
    let mut seen: BTreeMap<String, String> =
        FACTS.map(|name| (name.to_owned(), "the generator's own".to_owned())).into();
    let envelopes = document::envelopes(document);
    let envelopes = envelopes.iter().map(|envelope| (envelope.name, envelope.at));
    let named = apis.iter().map(|entry| (entry.key.as_str(), &entry.at)).chain(pairs).chain(envelopes);
    named.filter_map(|(name, at)| fact(name, at, &mut seen)).collect()
}

fn fact(name: &str, at: &At, seen: &mut BTreeMap<String, String>) -> Option<Finding> {
    let constant = names::constant(name);
    if !names::is_name(&constant) {
        let message = format!("`{name}` gives no name of a constant");
        return Some(Finding::new(RULE, at, message, "begin it with a letter"));
    }
    let first = seen.insert(constant.clone(), format!("that of `{name}`"))?;
    Some(Finding::new(COLLISION, at, format!("the constant `{constant}` is {first} already"), "choose another name"))
}

/// The names of the fields of one object, as the model has them.
fn fields<'d>(wires: impl Iterator<Item = (&'d str, &'d At)>) -> Vec<Finding> {
    let wires: Vec<(&str, &At)> = wires.collect();
    let names = names::fields(wires.iter().map(|(wire, _)| *wire));
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    wires.into_iter().zip(names).filter_map(|((wire, at), rust)| field(wire, &rust, at, &mut seen)).collect()
}

fn field<'d>(wire: &'d str, rust: &str, at: &At, seen: &mut BTreeMap<String, &'d str>) -> Option<Finding> {
    if rust.is_empty() {
        let message = format!("`{wire}` has no letter or digit: no field of Rust can be called after it");
        return Some(Finding::new(RULE, at, message, "teach the generator a name for it before the contract"));
    }
    let first = seen.insert(rust.to_owned(), wire)?;
    Some(Finding::new(
        COLLISION,
        at,
        format!("`{wire}` and `{first}` are both `{rust}` in Rust"),
        "the contract cannot hold both: say which one the documents prove",
    ))
}
