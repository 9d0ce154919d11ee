//! Every golden case is compiled, and what it gives works.

use std::collections::BTreeSet;

#[test]
fn every_golden_case_is_compiled() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../codegen/tests/golden");
    let cases: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the golden cases")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let compiled: BTreeSet<String> = include_str!("../src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("#[path = \"../../../codegen/tests/golden/"))
        .filter_map(|rest| rest.split('/').next().map(str::to_owned))
        .collect();
    assert!(!cases.is_empty());
    assert_eq!(cases, compiled, "add the new case to tests/golden/src/lib.rs");
}

#[test]
fn every_word_is_taken_for_a_name_or_refused_with_one_that_is_taken() {
    let (words, proposed) = paywall_golden::WORDS;
    for word in ["gen", "try", "self", "Request", "caller", "fmt", "Some", "serde", "Clone", "default"] {
        assert!(words.contains(&word), "{word}");
    }
    let refused: BTreeSet<&str> = proposed.iter().map(|(place, ..)| *place).collect();
    // What the vendor names is never refused; what we name may be.
    let ours = BTreeSet::from(["far_types", "lists", "methods", "methods_with_a_request", "objects", "tags"]);
    assert!(refused.is_subset(&ours), "{refused:?}");
    assert!(!proposed.iter().any(|(_, word, _)| *word == "gen" || *word == "type"), "{proposed:?}");
}

#[test]
fn what_holds_its_like_is_built_boxed_or_not_and_keeps_it_in_a_box() {
    use paywall_golden::recursion::types::{Chain, Five, Loop, NewFive, Order, SecondLink, Six, ThirdLink};

    let deep = ThirdLink::new().start(Chain::new(SecondLink::new(ThirdLink::new(), "inner")));
    let chain = Chain::new(Box::new(SecondLink::new(deep, "outer")));
    let text = || "text".to_owned();
    let five = |six: Six| Five::new(NewFive { a: text(), b: text(), d: text(), e: text(), six: six.into() });
    let order = Order::new("first", chain, Loop::new().next(Loop::new()).other(Box::new(Loop::new())))
        .again(Order::new("second", Chain::new(SecondLink::new(ThirdLink::new(), "word")), Loop::new()))
        .five(five(Six::new().back(five(Six::new()))));
    let json = serde_json::to_string(&order).expect("JSON");
    let read: Order = serde_json::from_str(&json).expect("an order");
    assert_eq!(read, order);
    let start: &Option<Box<Chain>> = &read.first.second.third.start;
    assert_eq!(start.as_ref().expect("a chain").second.word, "inner");
    let back: &Option<Box<Five>> = &read.five.expect("a five").six.back;
    assert!(back.is_some());
}

/// The generator has no dependency on the client, so that it holds a list of what is called so there.
#[test]
fn a_service_is_called_like_nothing_of_the_client() {
    let source = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../paywall-api/src").join(name);
        std::fs::read_to_string(path).expect("a source of the client")
    };
    let root = source("lib.rs");
    let named = |line: &str, start: &str| {
        let name = line.strip_prefix("pub ").unwrap_or(line).strip_prefix(start)?.strip_suffix(';')?;
        name.chars().all(|char| char.is_ascii_lowercase() || char == '_').then(|| name.to_owned())
    };
    let mut taken: Vec<String> =
        root.lines().filter_map(|line| named(line, "mod ").or_else(|| named(line, "use "))).collect();
    for file in ["client.rs", "blocking.rs"] {
        let text = source(file);
        let of_client = text.split("\nimpl Client {").nth(1).and_then(|rest| rest.split("\n}\n").next());
        let methods = of_client.expect("the methods of the client").lines().filter_map(|line| {
            let line = line.trim();
            let name = ["pub fn ", "pub const fn ", "pub(crate) fn ", "fn "]
                .iter()
                .find_map(|start| line.strip_prefix(start))?;
            name.split(['(', '<']).next().map(str::to_owned)
        });
        taken.extend(methods);
    }
    assert!(taken.len() > 30 && taken.contains(&"with_keys".to_owned()), "{taken:?}");
    let spec = include_str!("../../../codegen/tests/golden/names/spec.yaml");
    let accepted = taken.iter().filter(|name| {
        let spec = spec
            .replace("{name: orders,", &format!("{{name: {name},"))
            .replace("tags: [orders]", &format!("tags: [{name}]"));
        paywall_contract::load_files("openapi.yaml", &[("openapi.yaml", spec.as_bytes())].into()).is_ok()
    });
    assert_eq!(
        accepted.collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "add them to TAKEN of codegen/contract/src/check/modules.rs"
    );
}
