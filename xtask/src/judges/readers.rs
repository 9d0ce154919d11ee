//! Do readers of YAML read from the bundle what the contract says? PyYAML reads YAML 1.1, js-yaml a mixture, ruamel.yaml
//! and yaml 1.2; each is held against the same text as JSON.

use paywall_contract::bundle::{self, Form};
use paywall_contract::node::{At, Entry, Kind, Node};
use paywall_contract::yaml;

use super::{Tools, written};
use crate::contract::Contract;
use crate::{Failure, Outcome, step, workspace};

pub(super) fn run(tools: &Tools) -> Outcome {
    let document = Contract::own()?.load()?;
    let folder = tools.folder.join("readers");
    let cases = [
        ("bundle", bundle::node(&document, Form::Whole)),
        ("plain", bundle::node(&document, Form::Plain)),
        ("odd", odd()?),
    ];
    for (name, node) in cases {
        written(&folder.join(format!("{name}.yaml")), &yaml::write(&node).map_err(Failure::unable)?)?;
        written(&folder.join(format!("{name}.json")), &yaml::json(&node))?;
    }
    let mut python = tools.python("python");
    step::quiet("what PyYAML and ruamel.yaml read", python.arg("xtask/judges/readers.py").arg(&folder))?;
    let mut node = std::process::Command::new("node");
    node.arg("xtask/judges/readers.cjs").arg(tools.folder.join("node_modules")).arg(&folder);
    step::quiet("what js-yaml and yaml read", &mut node)
}

/// The texts and numbers that some reader takes for something else, as values, keys and elements.
fn odd() -> Result<Node, Failure> {
    let path = workspace().join("codegen/tests/odd_texts.json");
    let unable = |error: &dyn std::fmt::Display| Failure::unable(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(&path).map_err(|error| unable(&error))?;
    let lists: serde_json::Value = serde_json::from_str(&text).map_err(|error| unable(&error))?;
    let list = |name: &str| lists[name].as_array().into_iter().flatten().filter_map(|text| text.as_str());
    let texts: Vec<String> = list("texts").flat_map(around).collect();
    let values = texts.iter().map(|text| made(Kind::Text(text.clone()))).collect();
    let mut keys: Vec<&String> = texts.iter().collect();
    keys.sort_unstable();
    keys.dedup();
    let entries = keys.into_iter().map(|text| entry(text, Kind::Text(text.clone()))).collect();
    let numbers: Vec<Node> = list("numbers").map(|digits| made(Kind::Number(digits.to_owned()))).collect();
    if texts.is_empty() || numbers.is_empty() {
        return Err(unable(&"there must be lists of `texts` and of `numbers`"));
    }
    let lists = [("texts", Kind::List(values)), ("keys", Kind::Map(entries)), ("numbers", Kind::List(numbers))];
    Ok(made(Kind::Map(lists.into_iter().map(|(name, kind)| entry(name, kind)).collect())))
}

/// A text by itself, and as a part of others.
fn around(text: &str) -> [String; 6] {
    [
        text.to_owned(),
        format!(" {text}"),
        format!("{text} "),
        format!("{text}:"),
        format!("{text}: a"),
        format!("a {text}"),
    ]
}

fn made(kind: Kind) -> Node {
    Node { at: At::start_of("odd_texts.json"), kind }
}

fn entry(key: &str, kind: Kind) -> Entry {
    let value = made(kind);
    Entry { key: key.to_owned(), at: value.at.clone(), value }
}
