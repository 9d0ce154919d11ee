//! Do the contract and the emitted types say the same of a payload? Of 30,000 made ones, or of as many as asked for:
//!
//! ```text
//! AGREEMENT_PAYLOADS=1000000 cargo test --release -p paywall-validate --test agreement
//! ```
//!
//! `AGREEMENT_SEED` makes others.

mod generated;

use std::collections::BTreeMap;
use std::path::Path;

use generated::{Family, Generator, Json, Part, Payload, Style, smallest};
use paywall_api::callbacks::{ApmReturn, ThreeDCallback};
use paywall_api::{Claim, Notification};
use paywall_validate::checker::{self, Checker, Settings};
use paywall_validate::finding::{Finding, Rule, Severity};
use paywall_validate::input::form;
use paywall_validate::tree::{Dialect, Parser};

/// How many a debug build judges in some seconds.
const USUAL: u64 = 30_000;

/// So many disagreements of different kinds are told; each is made as small as it can be first.
const ENOUGH: usize = 20;

fn number(variable: &str, usual: u64) -> u64 {
    let text = std::env::var(variable).ok();
    text.map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is no number")))
}

fn families() -> Vec<Family> {
    generated::families(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec"))
}

struct Judge {
    checker: Checker,
}

impl Judge {
    fn new() -> Self {
        Self { checker: Checker::built_in(Settings { today: Some((2026, 11)), show_values: true, types: true }) }
    }

    fn findings(&self, family: &Family, text: &str) -> Vec<Finding> {
        let part = match family.part {
            Part::Request => checker::Part::Request,
            Part::Response => checker::Part::Response,
        };
        let id = self.checker.find(&family.operation, part).expect("a payload that the checker knows");
        let mut parser = Parser::default();
        let tree = parser.parse(text, Dialect::Strict).unwrap_or_else(|error| panic!("{}: {text}", error.fault));
        self.checker.check(id, tree.root())
    }

    fn disagrees(&self, family: &Family, text: &str) -> Option<Finding> {
        self.findings(family, text).into_iter().find(|finding| finding.rule == Rule::TypeDisagrees)
    }

    /// The least payload that shows the same, and what is found in it. All that is in it is made up.
    fn minimal(&self, payload: &Payload<'_>) -> (String, String) {
        let shows = |json: &Json| self.disagrees(payload.family, &json.text(Style::PLAIN)).is_some();
        let least =
            if shows(&payload.json) { smallest(&payload.json, shows).text(Style::PLAIN) } else { payload.text() };
        let found = self.disagrees(payload.family, &least).expect("it shows the same");
        let Family { operation, part, .. } = payload.family;
        (format!("{least}\n  {} {}", found.pointer, found.found), format!("{operation} {part:?}"))
    }
}

/// What was seen, so that a generator that only makes nonsense, or only what is right, is found out.
#[derive(Debug, Default)]
struct Seen {
    right: BTreeMap<String, u64>,
    wrong: BTreeMap<String, u64>,
    rules: BTreeMap<&'static str, u64>,
    changes: BTreeMap<&'static str, u64>,
}

impl Seen {
    fn count(&mut self, payload: &Payload<'_>, findings: &[Finding]) {
        *self.changes.entry(payload.change.unwrap_or("nothing")).or_default() += 1;
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        let rules: Vec<_> = errors.map(|finding| finding.rule.name()).collect();
        let name = format!("{} {}", payload.family.operation, payload.family.part.name());
        *if rules.is_empty() { &mut self.right } else { &mut self.wrong }.entry(name).or_default() += 1;
        for rule in rules {
            *self.rules.entry(rule).or_default() += 1;
        }
    }
}

/// A field of a form that is no UTF-8 is an error where the client refuses the form for it, and there alone.
fn spoilt_fields_agree<N: Notification>(sample: &str) -> [usize; 2] {
    let judge = Judge::new();
    let id = judge.checker.find(N::ID, checker::Part::Request).expect("a message");
    let mut counts = [0; 2];
    for (index, field) in sample.split('&').enumerate() {
        for spoilt in ["%DE", "a%C5b", "%ED%A0%80"] {
            let name = field.split_once('=').map_or(field, |(name, _)| name);
            let fields = sample
                .split('&')
                .enumerate()
                .map(|(at, whole)| if at == index { format!("{name}={spoilt}") } else { whole.to_owned() });
            let body = fields.collect::<Vec<_>>().join("&");
            let pairs = form::fields(body.as_bytes());
            let mut parser = Parser::default();
            let found = judge.checker.check(id, parser.build(&pairs.decoded.text, &pairs.pairs).root());
            let told = found.iter().find(|finding| finding.rule == Rule::NotUtf8).expect("it is told");
            let is_refused = Claim::<N>::read(body.as_bytes()).is_err();
            assert_eq!(told.severity == Severity::Error, is_refused, "{name}");
            assert!(!found.iter().any(|finding| finding.rule == Rule::TypeDisagrees), "{name}: {found:?}");
            counts[usize::from(is_refused)] += 1;
        }
    }
    counts
}

#[test]
fn what_is_no_utf8_is_an_error_where_the_client_refuses_the_claim() {
    let card = "date=2025-04-03T23%3A53%3A33&status=true&errorCode=0&errorMessage=&paymentCode=c&uniqueCode=order-1\
        &amount=1.00&installment=1&paymentId=7&cardSaved=false&hash=0f3a9c51&hashFormat=Payment&hashKeyType=1&x=1";
    let other = "date=2025-04-03T23%3A53%3A33&status=true&errorCode=0&errorMessage=&uniqueCode=a&merchantUniqueCode=o\
        &amount=1.00&apmTransactionId=773&hash=0f3a9c51&x=1";
    for counts in [spoilt_fields_agree::<ThreeDCallback>(card), spoilt_fields_agree::<ApmReturn>(other)] {
        assert!(counts.iter().all(|count| *count >= 12), "{counts:?}");
    }
}

#[test]
fn the_types_say_what_the_contract_says() {
    let (families, judge) = (families(), Judge::new());
    let count = usize::try_from(number("AGREEMENT_PAYLOADS", USUAL)).expect("a number that fits");
    let mut seen = Seen::default();
    let mut disagreements = BTreeMap::new();
    for payload in Generator::new(&families, number("AGREEMENT_SEED", 1)).take(count) {
        let findings = judge.findings(payload.family, &payload.text());
        seen.count(&payload, &findings);
        let disagrees = findings.iter().any(|finding| finding.rule == Rule::TypeDisagrees);
        if disagrees && disagreements.len() < ENOUGH {
            let (what, example) = judge.minimal(&payload);
            disagreements.entry(what).or_insert(example);
        }
    }
    println!("{count} payloads: {} right", seen.right.values().sum::<u64>());
    println!("changed: {:?}", seen.changes);
    println!("rules broken: {:?}", seen.rules);
    let list = disagreements.iter().map(|(what, example)| format!("{example}:\n  {what}"));
    let list = list.collect::<Vec<_>>().join("\n\n");
    assert!(list.is_empty(), "types and contract disagree; these are defects of ours:\n\n{list}");
    for family in &families {
        let name = format!("{} {}", family.operation, family.part.name());
        assert!(seen.right.contains_key(&name), "no right payload of {name} was made");
        assert!(seen.wrong.contains_key(&name), "no wrong payload of {name} was made");
    }
}

#[test]
fn the_same_seed_makes_the_same_payloads() {
    let families = families();
    let texts = |seed| Generator::new(&families, seed).take(100).map(|payload| payload.text()).collect::<Vec<_>>();
    assert_eq!(texts(3), texts(3));
    assert_ne!(texts(3), texts(4));
}

#[test]
fn a_payload_is_made_as_small_as_what_it_shows() {
    let text = |text: &str| Json::Text(text.to_owned());
    let list = Json::List(vec![text("one"), Json::Null, text("three")]);
    let whole = Json::Object(vec![("A".to_owned(), text("a")), ("B".to_owned(), list)]);
    let least = smallest(&whole, |json| json.text(Style::PLAIN).contains("null"));
    assert_eq!(least.text(Style::PLAIN), r#"{"B":[null]}"#);
}
