//! Is the contract of this repository sound, does its bundle serve other tools, and does the generator
//! know nothing of it by name?

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use codegen::Home;
use paywall_contract::bundle::{self, Form};
use paywall_contract::json_schema::plain;
use paywall_contract::node::Node;
use paywall_contract::sample::Part;
use paywall_contract::{Document, document};
use serde_json::Value;
use support::{real_contract, texts_below};
use syn::ext::IdentExt;

/// Names that are not the contract's alone: types of the runtime, words of `x-claim`, one of OpenAPI, and one of the
/// generator.
const SHARED: [&str; 9] = [
    "CardNumber",
    "HashFormat",
    "SecurityCode",
    "Timestamp",
    "description",
    "installment",
    "payment_code",
    "payment_id",
    "type_name",
];

#[test]
fn the_contract_has_no_findings() {
    if let Err(findings) = paywall_contract::load(&real_contract()) {
        panic!("{findings}");
    }
}

#[test]
fn the_bundle_is_one_plain_openapi_document() {
    let document = document();
    let text = bundle::bundle(&document, Form::Whole).expect("a bundle");
    let parsed: openapiv3::OpenAPI = serde_yaml::from_str(&text).expect("an OpenAPI document");
    let components = parsed.components.expect("components");
    assert_eq!(components.schemas.len(), document::schemas(&document).len());
    assert_eq!(parsed.paths.paths.len(), document::operations(&document).len());
    for (path, item) in &parsed.paths.paths {
        assert!(item.as_item().is_some_and(|item| item.iter().next().is_some()), "{path} has no operation");
    }
}

#[test]
fn every_reference_of_the_bundle_leads_to_a_schema_in_it() {
    let bundle = plain(&bundle::node(&document(), Form::Whole));
    let mut references = Vec::new();
    collect_references(&bundle, &mut references);
    assert!(references.len() > 50, "the bundle refers to its schemas");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("`{reference}` leaves the bundle"));
        assert!(bundle.pointer(pointer).is_some(), "`{reference}` leads nowhere");
    }
}

#[test]
fn every_sample_of_an_operation_s_body_is_an_example_of_the_bundle() {
    let document = document();
    let bundle = plain(&bundle::node(&document, Form::Whole));
    let samples = paywall_contract::sample::all(&document);
    assert!(!samples.is_empty());
    for sample in samples {
        let Some(operation) = sample.find_operation(&document) else {
            assert!(sample.find_message(&document).is_some(), "{} is of nothing", sample.path);
            continue;
        };
        let content = match sample.part {
            Part::Request if operation.body().is_none() => continue,
            Part::Request => "requestBody".to_owned(),
            Part::Response => format!("responses/{}", operation.successes().next().expect("a success").key),
        };
        let path = paywall_contract::pointer::join("/paths", operation.path);
        let media = format!("{path}/{}/{content}/content/application~1json", operation.verb);
        let example = bundle.pointer(&format!("{media}/examples/{}/value", sample.case));
        assert_eq!(example, Some(&plain(sample.node)), "{}", sample.path);
    }
}

#[test]
fn every_object_becomes_a_struct_with_its_fields_in_their_order() {
    let model = paywall_contract::model(&document()).expect("a model");
    let tree = codegen::generate(&real_contract(), Home::Runtime).expect("files");
    for object in &model.objects {
        let file = syn::parse_file(&tree[&format!("{}.rs", object.module)]).expect("Rust");
        let item = file.items.iter().find_map(|item| match item {
            syn::Item::Struct(item) if item.ident == object.name => Some(item),
            _ => None,
        });
        let fields = item.unwrap_or_else(|| panic!("no `{}`", object.name)).fields.iter();
        let found: Vec<String> = fields.filter_map(|field| Some(field.ident.as_ref()?.unraw().to_string())).collect();
        let expected: Vec<&str> = object.fields.iter().map(|field| field.rust.as_str()).collect();
        assert_eq!(found, expected, "{}", object.name);
    }
}

#[test]
fn the_generator_names_nothing_of_the_contract() {
    let names = names_of(&document());
    assert!(names.len() > 100, "the contract has names");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sources =
        ["codegen/src", "codegen/contract/src", "xtask/src"].map(|folder| (folder, texts_below(&root.join(folder))));
    assert!(sources.iter().all(|(_, files)| files.contains_key("lib.rs") || files.contains_key("main.rs")));
    let files = sources.iter().flat_map(|(folder, files)| files.iter().map(move |(name, text)| (folder, name, text)));
    let hits: Vec<String> =
        files.flat_map(|(folder, name, text)| hits(&format!("{folder}/{name}"), text, &names)).collect();
    assert!(hits.is_empty(), "names of the contract in the generator:\n{}", hits.join("\n"));
}

#[test]
fn what_is_shared_is_still_a_name_of_the_contract() {
    let names = all_names(&document());
    for name in SHARED {
        assert!(names.contains(name), "`{name}` need not be listed");
    }
}

fn document() -> Document {
    paywall_contract::load(&real_contract()).unwrap_or_else(|findings| panic!("{findings}"))
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| match (key.as_str(), value) {
            ("$ref", Value::String(text)) => found.push(text.clone()),
            _ => collect_references(value, found),
        }),
        Value::Array(elements) => elements.iter().for_each(|element| collect_references(element, found)),
        _ => {}
    }
}

/// The names that belong to the vendor alone: long enough to be no plain word, and not shared.
fn names_of(document: &Document) -> BTreeSet<String> {
    let is_own = |name: &String| name.len() >= 8 && !SHARED.contains(&name.as_str());
    all_names(document).into_iter().filter(is_own).collect()
}

/// Tags, operations, schemas, fields, headers and hosts; of operations and fields the Rust name too.
fn all_names(document: &Document) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = document::schemas(document).iter().map(|schema| schema.name.to_owned()).collect();
    for entry in document::security_schemes(document) {
        names.extend([entry.key.clone(), entry.value.text_of("name").unwrap_or_default().to_owned()]);
    }
    document.files.values().for_each(|node| properties(node, &mut names));
    names.extend(hosts(document));
    let model = paywall_contract::model(document).expect("a model");
    for service in model.services {
        names.insert(service.name);
        names.extend(service.operations.into_iter().flat_map(|one| [one.id, one.type_name, one.method]));
    }
    names.extend(model.objects.into_iter().flat_map(|object| object.fields).map(|field| field.rust));
    names
}

/// The wire names of the fields below a node.
fn properties(node: &Node, names: &mut BTreeSet<String>) {
    for entry in node.entries() {
        if entry.key == "properties" {
            names.extend(entry.value.entries().iter().map(|field| field.key.clone()));
        }
        properties(&entry.value, names);
    }
    node.elements().iter().for_each(|element| properties(element, names));
}

fn hosts(document: &Document) -> Vec<String> {
    let apis = document.root().get("x-apis").map(Node::entries).unwrap_or_default();
    let hosts = apis.iter().filter_map(|api| api.value.get("hosts")).flat_map(Node::elements);
    hosts.filter_map(|host| host.text_of("url")?.strip_prefix("https://").map(str::to_owned)).collect()
}

/// Each line of a source that holds a name as a word of its own.
fn hits(file: &str, text: &str, names: &BTreeSet<String>) -> Vec<String> {
    let lines = text.lines().enumerate();
    lines
        .flat_map(|(index, line)| {
            let found = names.iter().filter(|name| holds_word(line, name));
            found.map(|name| format!("{file}:{}: {name}", index + 1)).collect::<Vec<_>>()
        })
        .collect()
}

fn holds_word(line: &str, word: &str) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || char == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}
