//! Payloads that nobody wrote: of the contract's schemas and of its samples, as they should be or with one thing
//! changed. The same seed gives the same payloads.

mod change;
mod json;
mod schema;
mod smaller;

use std::path::Path;

use paywall_contract::document::{self, MessageNode, OperationNode};
use paywall_contract::node::Node;
use paywall_contract::{Document, json_schema, sample};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

pub use json::{Json, Style};
pub use smaller::smallest;

/// Which way a payload goes, as the contract's samples say it.
pub use paywall_contract::sample::Part;

/// One kind of payload: the body, headers or form of an operation or message, or an answer.
#[derive(Debug)]
pub struct Family {
    /// The operation or message.
    pub operation: String,
    /// Which way it goes.
    pub part: Part,
    /// JSON Schema 2020-12, complete.
    pub schema: Value,
    /// The documented payloads.
    pub samples: Vec<Json>,
}

/// A payload, and what was changed in it.
#[derive(Clone, Debug)]
pub struct Payload<'f> {
    /// What it is a payload of.
    pub family: &'f Family,
    /// What it says.
    pub json: Json,
    /// What was changed, if anything was.
    pub change: Option<&'static str>,
    /// How it is written.
    pub style: Style,
}

impl Payload<'_> {
    /// Its text.
    pub fn text(&self) -> String {
        self.json.text(self.style)
    }
}

/// Every kind of payload that the contract at `spec` has.
pub fn families(spec: &Path) -> Vec<Family> {
    let document = paywall_contract::load(spec).expect("a contract that is right");
    let operations = document::operations(&document).into_iter().flat_map(|one| of_operation(&document, &one));
    let messages = document::messages(&document).into_iter().map(|one| of_message(&document, &one));
    operations.chain(messages).collect()
}

fn of_operation(document: &Document, operation: &OperationNode<'_>) -> Vec<Family> {
    let convert = |node: &Node| json_schema::convert(operation.file, node);
    let headers = || json_schema::of_parameters(operation.file, operation.parameters());
    let asks = operation.body().map_or_else(headers, convert);
    let answers = operation.answer().map(convert);
    let asks = Some(asks).filter(|_| operation.body().is_some() || !operation.parameters().is_empty());
    let parts = [(Part::Request, asks), (Part::Response, answers)];
    let of = |(part, schema): (Part, Option<Value>)| Some(family(document, operation.id(), part, schema?));
    parts.into_iter().filter_map(of).collect()
}

fn of_message(document: &Document, message: &MessageNode<'_>) -> Family {
    let schema = json_schema::convert(message.file, message.body().expect("a message has a body"));
    family(document, message.id(), Part::Request, schema)
}

fn family(document: &Document, operation: &str, part: Part, schema: Value) -> Family {
    let samples = sample::all(document);
    let samples = samples.iter().filter(|sample| sample.operation == operation && sample.part == part);
    let samples = samples.map(|sample| Json::from(sample.node)).collect();
    let schema = json_schema::with_definitions(document, schema);
    Family { operation: operation.to_owned(), part, schema, samples }
}

/// An endless row of payloads of all families.
#[derive(Debug)]
pub struct Generator<'f> {
    families: Vec<&'f Family>,
    random: StdRng,
    patterns: schema::Patterns,
}

impl<'f> Generator<'f> {
    /// Those that belong to a seed. Of payloads with many conditions there are more.
    pub fn new(families: &'f [Family], seed: u64) -> Self {
        let often = |family: &'f Family| std::iter::repeat_n(family, 1 + conditions(&family.schema) / 4);
        let families = families.iter().flat_map(often).collect();
        Self { families, random: StdRng::seed_from_u64(seed), patterns: schema::Patterns::new() }
    }

    fn right(&mut self, family: &'f Family) -> Json {
        match family.samples.choose(&mut self.random) {
            Some(sample) if self.random.random_ratio(1, 3) => sample.clone(),
            _ => schema::value(&family.schema, &mut self.random, &mut self.patterns),
        }
    }
}

/// How many ways the conditions of a schema have.
fn conditions(schema: &Value) -> usize {
    match schema {
        Value::Object(fields) => {
            usize::from(fields.contains_key("title")) + fields.values().map(conditions).sum::<usize>()
        }
        Value::Array(elements) => elements.iter().map(conditions).sum(),
        _ => 0,
    }
}

impl<'f> Iterator for Generator<'f> {
    type Item = Payload<'f>;

    fn next(&mut self) -> Option<Payload<'f>> {
        let family = *self.families.choose(&mut self.random)?;
        let mut json = self.right(family);
        let changed = self.random.random_ratio(1, 2);
        let change = changed.then(|| change::once(&mut json, &mut self.random));
        let style = Style::any(&mut self.random);
        Some(Payload { family, json, change, style })
    }
}
