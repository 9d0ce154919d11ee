//! Do all readers of YAML read the bundle alike, and does its plain form leave out what it says, and nothing else?
//!
//! The rules of YAML 1.1 and of js-yaml stand here a second time, as their authors wrote them; what installed readers
//! say is asked by `cargo xtask judges readers`.

mod support;

use paywall_contract::bundle::{self, Form};
use paywall_contract::json_schema::plain;
use paywall_contract::node::{At, Entry, Kind, Node};
use paywall_contract::yaml;
use regex_lite::Regex;
use serde_json::Value;
use support::real_contract;

/// What a bare scalar may be to one reader and no text: PyYAML's table, YAML 1.1's own words, js-yaml's and YAML 1.2's.
const TAKEN: [&str; 20] = [
    r"^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$",
    r"^(?:~|null|Null|NULL|)$",
    r"^(?:<<|=)$",
    r"^[-+]?0b[0-1_]+$",
    r"^[-+]?0[0-7_]+$",
    r"^[-+]?(?:0|[1-9][0-9_]*)$",
    r"^[-+]?0x[0-9a-fA-F_]+$",
    r"^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$",
    r"^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$",
    r"^\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?$",
    r"^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$",
    r"^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?$",
    r"^[-+]?0o[0-7_]+$",
    r"^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$",
    r"^[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?$",
    r"^[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?$",
    r"^(?i:0x[0-9a-f]+|0o[0-7]+|0b[01]+)$",
    r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$",
];

fn taken() -> Vec<Regex> {
    TAKEN.iter().map(|pattern| Regex::new(pattern).expect("a pattern")).collect()
}

fn at() -> At {
    At::start_of("odd.json")
}

fn made(kind: Kind) -> Node {
    Node { at: at(), kind }
}

fn text(text: &str) -> Node {
    made(Kind::Text(text.to_owned()))
}

fn map(entries: impl IntoIterator<Item = (String, Node)>) -> Node {
    made(Kind::Map(entries.into_iter().map(|(key, value)| Entry { key, at: at(), value }).collect()))
}

fn odd(list: &str) -> Vec<String> {
    let odd: Value = serde_json::from_str(include_str!("odd_texts.json")).expect("JSON");
    let list = odd[list].as_array().expect("a list").iter();
    list.map(|text| text.as_str().expect("a text").to_owned()).collect()
}

/// The odd texts, each by itself and among others.
fn texts() -> Vec<String> {
    let around = |text: String| {
        let changed = [
            format!(" {text}"),
            format!("{text} "),
            format!("{text}:"),
            format!("- {text}"),
            format!("{text}\n"),
            format!("a {text}"),
            format!("{text} #"),
            format!("{text}: {text}"),
            format!("\"{text}\""),
        ];
        std::iter::once(text).chain(changed)
    };
    let mut texts: Vec<String> = odd("texts").into_iter().flat_map(around).collect();
    texts.push("long ".repeat(400));
    texts.sort();
    texts.dedup();
    assert!(texts.len() > 2000, "{}", texts.len());
    texts
}

/// The text of a document as it is written, without quotes around it; `None` where it is quoted.
fn bare(node: &Node) -> Option<String> {
    let written = yaml::write(node).expect("YAML");
    let written = written.strip_suffix('\n').expect("a line");
    (!written.starts_with('"')).then(|| written.to_owned())
}

#[test]
fn a_text_that_some_reader_takes_for_something_else_is_quoted() {
    let taken = taken();
    for odd in texts() {
        if let Some(bare) = bare(&text(&odd)) {
            assert!(!taken.iter().any(|pattern| pattern.is_match(&bare)), "{bare}");
            assert_eq!(bare, odd);
        }
    }
    for common in
        ["Where the file goes", "$ref", "/api/orders", "application/json", "https://shop.example/a?b=c", "Türkiye"]
    {
        assert_eq!(bare(&text(common)).as_deref(), Some(common), "it needs no quotes");
    }
}

#[test]
fn what_is_written_is_read_again_to_the_letter_as_a_value_a_key_and_an_element() {
    let texts = texts();
    let list = || made(Kind::List(texts.iter().map(|odd| text(odd)).collect()));
    let nested = |node| made(Kind::List(vec![made(Kind::List(vec![node, made(Kind::Map(Vec::new()))])), list()]));
    let keys = map(texts.iter().map(|odd| (odd.clone(), text(odd))));
    let inner = map(texts.iter().map(|odd| (odd.clone(), map([(odd.clone(), list_of(odd))]))));
    let node = map([("texts".to_owned(), list()), ("keys".to_owned(), keys), ("nested".to_owned(), nested(inner))]);
    let written = yaml::write(&node).expect("YAML");
    let expected: Value = serde_json::from_str(&yaml::json(&node)).expect("JSON");
    let found: Value = serde_yaml::from_str(&written).expect("YAML");
    assert_eq!(found, expected);
    assert!(written.lines().all(|line| !line.contains(['\u{85}', '\u{2028}', '\u{feff}', '\u{202e}', '\t'])));
}

fn list_of(odd: &str) -> Node {
    made(Kind::List(vec![text(odd), map([(odd.to_owned(), made(Kind::List(Vec::new())))])]))
}

#[test]
fn a_number_keeps_its_text_and_has_a_point_and_a_sign_where_it_has_an_exponent() {
    let number = |digits: &str| bare(&made(Kind::Number(digits.to_owned())));
    for digits in odd("numbers").iter().filter(|digits| !digits.contains(['e', 'E'])) {
        assert_eq!(number(digits).as_deref(), Some(digits.as_str()));
    }
    for (digits, written) in [("1e5", "1.0e+5"), ("1E-5", "1.0e-5"), ("1.50E3", "1.50e+3"), ("-0E-8", "-0.0e-8")] {
        assert_eq!(number(digits).as_deref(), Some(written));
    }
}

#[test]
fn a_number_that_readers_disagree_about_is_refused_with_its_place() {
    for odd in ["inf", "NaN", ".5", "5.", "+1", "007", "0x1F", "0o7", "1_000", "12:30", ""] {
        let refused = yaml::write(&map([("a".to_owned(), made(Kind::Number(odd.to_owned())))])).expect_err("a refusal");
        let means = "means different things to readers; write it as JSON does";
        assert_eq!(refused, format!("odd.json:1:1: the number `{odd}` {means}"));
    }
    let twice = map([("a".to_owned(), text("1")), ("a".to_owned(), text("2"))]);
    assert!(yaml::write(&twice).expect_err("a refusal").starts_with("odd.json:1:1: `a` stands twice"));
}

#[test]
fn every_text_of_the_bundle_stays_a_text_and_every_number_its_digits() {
    let document = paywall_contract::load(&real_contract()).expect("sound");
    let taken = taken();
    for form in [Form::Whole, Form::Plain] {
        let (mut quoted, mut numbers) = (0, 0);
        each_scalar(&bundle::node(&document, form), &mut |scalar| match &scalar.kind {
            Kind::Text(value) if taken.iter().any(|pattern| pattern.is_match(value)) => {
                assert_eq!(bare(scalar), None, "{}", scalar.at);
                quoted += 1;
            }
            Kind::Number(digits) => {
                assert_eq!(bare(scalar).as_ref(), Some(digits), "{}", scalar.at);
                numbers += 1;
            }
            _ => {}
        });
        assert!(quoted > 100 && numbers > 100, "{quoted} {numbers}");
    }
    let text = bundle::bundle(&document, Form::Whole).expect("a bundle");
    for kept in ["SessionExpiryDate: \"2025-07-27T11:24:57\"", ": 1.00\n", ": 1500.00\n", "\"200\":"] {
        assert!(text.contains(kept), "{kept}");
    }
}

fn each_scalar(node: &Node, visit: &mut impl FnMut(&Node)) {
    node.entries().iter().for_each(|entry| each_scalar(&entry.value, visit));
    node.elements().iter().for_each(|element| each_scalar(element, visit));
    if node.entries().is_empty() && node.elements().is_empty() {
        visit(node);
    }
}

/// Both forms of this workspace's contract.
fn forms() -> [Value; 2] {
    let document = paywall_contract::load(&real_contract()).expect("sound");
    [Form::Whole, Form::Plain].map(|form| plain(&bundle::node(&document, form)))
}

#[test]
fn the_plain_form_says_nothing_that_only_validators_need() {
    let [_, plain] = forms();
    let mut keys = Vec::new();
    each_key(&plain, false, &mut |key| keys.push(key.to_owned()));
    assert!(keys.len() > 1000);
    for key in &keys {
        assert!(!key.starts_with("x-") && key != "anyOf" && key != "pattern" && key != "maxLength", "{key}");
    }
    let text = plain.to_string();
    assert!(
        !text.contains("\"enum\":[null]")
            && text.contains("\"nullable\":true")
            && text.contains("\"allOf\":[{\"$ref\"")
    );
}

/// The keys of the contract's own words: neither those of payloads nor the names of fields.
fn each_key(value: &Value, names: bool, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| each_key(value, false, visit)),
        Value::Object(map) => {
            for (key, value) in map {
                if !names {
                    visit(key);
                }
                if names || key != "examples" {
                    each_key(value, !names && matches!(key.as_str(), "properties" | "schemas"), visit);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_plain_form_has_every_operation_and_every_field_of_the_whole() {
    let [whole, plain] = forms();
    let fields = |value: &Value| {
        let schemas = value["components"]["schemas"].as_object().expect("schemas");
        let names =
            |schema: &Value| schema["properties"].as_object().map(|all| all.keys().cloned().collect::<Vec<_>>());
        schemas
            .iter()
            .map(|(name, schema)| (name.clone(), names(schema), schema["required"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(fields(&plain), fields(&whole));
    let operations = |value: &Value| {
        let paths = value["paths"].as_object().expect("paths").clone();
        let inputs = |operation: &Value| [&operation["operationId"], &operation["security"]].map(Clone::clone);
        let own = |item: &Value| item.as_object().expect("an item").values().map(inputs).collect::<Vec<_>>();
        paths.iter().map(|(path, item)| (path.clone(), own(item))).collect::<Vec<_>>()
    };
    assert_eq!(operations(&plain), operations(&whole));
}

const FIELDS: &str = "
        x-note: {type: string, maxLength: 3, description: A note.}
        Count: {type: integer, format: int32, minimum: 1, description: How many of it.}
        Tags: {type: array, minItems: 1, description: Words., items: {type: string}}
        Last:
          description: What was bought before.
          anyOf:
            - $ref: '#/components/schemas/Receipt'
            - {type: object, nullable: true, enum: [null]}
      allOf:
        - anyOf:
            - {title: a note, required: [x-note]}
            - {title: a count, required: [Count]}
";

#[test]
fn the_plain_form_of_a_schema_keeps_its_type() {
    let base = std::fs::read_to_string(support::here("reject/base.yaml")).expect("the base");
    let count = "        Count: {type: integer, description: How many of it.}\n";
    assert!(base.contains(count));
    let folder = support::folder(&[("openapi.yaml", &base.replace(count, FIELDS))]);
    let document = paywall_contract::load(folder.path()).expect("sound");
    let plain = plain(&bundle::node(&document, Form::Plain));
    let order = &plain["components"]["schemas"]["Order"];
    let expected = serde_json::json!({
        "Item": { "type": "string", "description": "The name of the item." },
        "x-note": { "type": "string", "description": "A note." },
        "Count": { "type": "integer", "format": "int32", "description": "How many of it." },
        "Tags": { "type": "array", "description": "Words.", "items": { "type": "string" } },
        "Last": {
            "description": "What was bought before.",
            "allOf": [{ "$ref": "#/components/schemas/Receipt" }],
            "nullable": true,
        },
    });
    assert_eq!(order["properties"], expected);
    assert!(order.get("allOf").is_none() && order["required"] == serde_json::json!(["Item"]), "{order}");
    let responses = plain["paths"]["/shop/orders"]["post"]["responses"].as_object().expect("responses");
    assert_eq!(responses.keys().collect::<Vec<_>>(), ["200"]);
    assert!(responses["200"].to_string().contains("\"allOf\":[{\"$ref\""));
}
