//! Does the generator stand any text? It answers with files or findings: it does not panic, run in circles
//! or overflow its stack, and a finding never says that a rule was missing.
//!
//! `ROUNDS=5000 cargo test --release -p paywall-codegen --test hostile` changes the contract more often.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use codegen::Home;
use paywall_contract::Findings;
use serde_yaml::Value;
use support::{folder, here, real_contract, texts_below};
use tempfile::TempDir;

const MEGABYTE: usize = 1_000_000;

#[test]
fn a_megabyte_of_nesting_is_refused() {
    let deep = MEGABYTE / 4;
    for text in [
        "[".repeat(deep),
        "{a: ".repeat(deep),
        "- ".repeat(deep),
        "? ".repeat(deep),
        format!("x: {}{}", "[".repeat(deep), "]".repeat(deep)),
        (0..700).map(|depth| " ".repeat(depth) + "a:\n").collect(),
    ] {
        let findings = refused(&[("openapi.yaml", &text)]);
        assert!(findings.to_string().contains(": yaml: "), "{findings}");
    }
}

#[test]
fn aliases_that_would_grow_without_end_are_refused() {
    let lines = (1..40).map(|level| format!("a{level}: &a{level} [*a{0}, *a{0}, *a{0}, *a{0}]\n", level - 1));
    let text = format!("a0: &a0 [lol]\n{}", lines.collect::<String>());
    assert!(refused(&[("openapi.yaml", &text)]).to_string().contains("an anchor"));
}

#[test]
fn a_deep_sample_is_refused_in_any_bracket() {
    let base = std::fs::read_to_string(here("reject/base.yaml")).expect("the base");
    let index = "placeOrder/page.request.jsonc: {page: https://docs.example/orders, origin: verbatim}\n";
    for bracket in ["[", "{\"a\":"] {
        let sample = format!("{{\"Item\": \"tea\", \"More\": {}", bracket.repeat(MEGABYTE / 5));
        let files = [
            ("openapi.yaml", base.as_str()),
            ("samples/index.yaml", index),
            ("samples/placeOrder/page.request.jsonc", &sample),
        ];
        assert!(refused(&files).to_string().contains(": json: "));
    }
}

#[test]
fn a_file_of_one_huge_line_is_read() {
    let base = std::fs::read_to_string(here("reject/base.yaml")).expect("the base");
    let text = base.replace("What is bought.", &format!("\"{}\"", "word ".repeat(MEGABYTE / 5)));
    assert!(generated(&[("openapi.yaml", &text)]).is_ok());
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let folder = TempDir::new().expect("a folder");
    for seed in 0..50 {
        let bytes: Vec<u8> = Random(seed).take(500).map(|number| number.to_le_bytes()[0]).collect();
        std::fs::write(folder.path().join("openapi.yaml"), bytes).expect("a file");
        assert!(codegen::generate(folder.path(), Home::Elsewhere).is_err());
    }
}

#[test]
fn a_contract_with_any_one_node_changed_gives_files_or_findings() {
    survives(&real_contract().join("openapi.yaml"), with_a_node_changed);
}

#[test]
fn a_contract_with_any_one_line_changed_gives_files_or_findings() {
    survives(&real_contract().join("openapi.yaml"), change_line);
}

#[test]
fn a_tiny_contract_with_any_one_node_changed_gives_files_or_findings() {
    for case in ["headers-and-body", "messages", "money-operation"] {
        survives(&here(&format!("golden/{case}/spec.yaml")), with_a_node_changed);
    }
}

fn with_a_node_changed(text: &str, random: &mut Random) -> String {
    let mut value: Value = serde_yaml::from_str(text).expect("a sound file");
    change_node(&mut value, random);
    serde_yaml::to_string(&value).expect("YAML")
}

/// Changes one file of a contract at a time, and looks at what the generator does.
fn survives(root: &Path, change: impl Fn(&str, &mut Random) -> String) {
    let rounds = std::env::var("ROUNDS").map_or(80, |rounds| rounds.parse().expect("a number"));
    let folder = copy(root.parent().expect("its folder"));
    let contract = folder.path().join(root.file_name().expect("a file"));
    let files: Vec<(String, String)> =
        texts_below(folder.path()).into_iter().filter(|(name, _)| support::has_extension(name, "yaml")).collect();
    let (mut refused, mut faults) = (0, Vec::new());
    for seed in 0..rounds {
        let mut random = Random(seed);
        let (name, text) = &files[random.below(files.len())];
        let changed = change(text, &mut random);
        std::fs::write(folder.path().join(name), &changed).expect("a file");
        match std::panic::catch_unwind(|| codegen::generate(&contract, Home::Elsewhere)) {
            Ok(Ok(_)) => {}
            Ok(Err(findings)) => {
                refused += 1;
                faults.extend(fault(&findings).map(|told| format!("seed {seed}, {name}: {told}")));
            }
            Err(_) => faults.push(format!("seed {seed}, {name}: a panic")),
        }
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(refused > rounds / 4, "the changes break the contract: {refused} of {rounds}");
}

/// What a rule should have refused.
fn fault(findings: &Findings) -> Option<String> {
    findings.iter().find(|finding| ["generator", "lowering"].contains(&finding.rule)).map(ToString::to_string)
}

/// Deletes, doubles, replaces, renames or moves what stands somewhere in a value.
fn change_node(value: &mut Value, random: &mut Random) {
    let goes_on = random.below(6) > 0;
    match value {
        Value::Mapping(map) if !map.is_empty() => {
            let index = random.below(map.len());
            let key = map.keys().nth(index).expect("a key").clone();
            match random.below(6) {
                _ if goes_on => change_node(map.get_mut(&key).expect("a value"), random),
                0 => drop(map.shift_remove(&key)),
                1 => drop(map.insert(Value::from("Another"), map[&key].clone())),
                2 => drop(map.insert(Value::from("x-another"), Value::from(1))),
                3 => drop(map.insert(key.clone(), Value::Mapping(map.clone()))),
                _ => drop(map.insert(key, replacement(random))),
            }
        }
        Value::Sequence(list) if !list.is_empty() => {
            let index = random.below(list.len());
            match random.below(3) {
                _ if goes_on => change_node(&mut list[index], random),
                0 => drop(list.remove(index)),
                1 => list.push(list[index].clone()),
                _ => list[index] = replacement(random),
            }
        }
        leaf => *leaf = replacement(random),
    }
}

fn replacement(random: &mut Random) -> Value {
    let texts = [
        "", "null", "object", "array", "string", "integer", "Self", "crate", "new", "r#type", "3d", "/", "/Body", "~1",
        "#", "#/", "é", "a b", "'", "\"", "\\", "{}", "(", "2", "0x10", "<<", "\u{202e}", "_", "-", "https://", "test",
    ];
    match random.below(8) {
        0 => Value::Null,
        1 => Value::from(random.below(2) == 0),
        2 => Value::from(i64::MIN),
        3 => Value::from(1.5),
        4 => Value::Sequence(Vec::new()),
        5 => Value::Mapping(serde_yaml::Mapping::new()),
        _ => Value::from(texts[random.below(texts.len())]),
    }
}

/// Deletes, doubles, indents, empties or swaps a line, or puts a mark of YAML into it.
fn change_line(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (index, other) = (random.below(lines.len()), random.below(lines.len()));
    let marks =
        ["\t", "&a ", "*a", "!!int ", "- ", ": ", "\"", "'", "{", "]", "#", "|\n", "\0", "%", "---\n", "\u{feff}"];
    match random.below(6) {
        0 => drop(lines.remove(index)),
        1 => lines.insert(index, lines[index].clone()),
        2 => lines[index].insert_str(0, &" ".repeat(1 + random.below(4))),
        3 => lines[index] = lines[index].trim_start().into(),
        4 => lines.swap(index, other),
        _ => {
            let at = lines[index].char_indices().map(|(at, _)| at).nth(random.below(lines[index].len().max(1)));
            lines[index].insert_str(at.unwrap_or_default(), marks[random.below(marks.len())]);
        }
    }
    lines.join("\n") + "\n"
}

fn copy(contract: &Path) -> TempDir {
    let files = texts_below(contract);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    folder(&files)
}

fn refused(files: &[(&str, &str)]) -> Findings {
    generated(files).expect_err("findings")
}

/// What the generator makes of these files, within a time that rules out running in circles.
fn generated(files: &[(&str, &str)]) -> Result<BTreeMap<String, String>, Findings> {
    let folder = folder(files);
    let start = Instant::now();
    let outcome = codegen::generate(Path::new(folder.path()), Home::Elsewhere);
    assert!(start.elapsed() < Duration::from_secs(20), "it takes too long");
    outcome
}

/// The same numbers on every machine (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        let number = self.next().expect("numbers do not end");
        usize::try_from(number % bound as u64).expect("below a size")
    }
}

impl Iterator for Random {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Some(mixed ^ (mixed >> 31))
    }
}
