//! A value as a schema wants it. Where conditions ask for opposites, one of them goes without.

use std::collections::HashMap;

use rand::RngExt;
use rand::distr::Distribution;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::{Map, Value};

use super::Json;

/// How many characters, instructions or repetitions a pattern without bounds may give.
const REPETITIONS: u32 = 12;

type Object = Map<String, Value>;

/// Patterns that were read before.
pub(super) type Patterns = HashMap<String, rand_regex::Regex>;

/// A value of a schema that is complete.
pub(super) fn value(whole: &Value, random: &mut StdRng, patterns: &mut Patterns) -> Json {
    Making { definitions: whole.get("$defs").and_then(Value::as_object), random, patterns }.value(whole)
}

struct Making<'s, 'r> {
    definitions: Option<&'s Object>,
    random: &'r mut StdRng,
    patterns: &'r mut Patterns,
}

/// Everything that stands together for one value.
#[derive(Default)]
struct Said<'s> {
    schemas: Vec<&'s Object>,
    conditions: Vec<&'s [Value]>,
    choice: Option<&'s [Value]>,
}

impl<'s> Said<'s> {
    fn find(&self, key: &str) -> Option<&'s Value> {
        self.schemas.iter().find_map(|schema| schema.get(key))
    }

    fn integer(&self, key: &str) -> Option<i64> {
        self.find(key)?.as_i64()
    }

    fn properties(&self) -> impl Iterator<Item = (&'s String, &'s Value)> {
        let properties = self.schemas.iter().filter_map(|schema| schema.get("properties")?.as_object());
        properties.flatten().collect::<Vec<_>>().into_iter()
    }

    fn requires(&self, name: &str) -> bool {
        self.schemas.iter().any(|schema| requires(schema, name))
    }

    fn kind(&self) -> &'s str {
        match self.find("type") {
            Some(Value::String(kind)) => kind,
            Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str).unwrap_or("null"),
            _ if self.properties().next().is_some() => "object",
            _ => "string",
        }
    }

    fn admits_null(&self) -> bool {
        self.find("type").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"))
    }
}

fn requires(schema: &Object, name: &str) -> bool {
    schema.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|one| one == name))
}

impl<'s> Making<'s, '_> {
    fn value(&mut self, schema: &'s Value) -> Json {
        let mut said = Said::default();
        self.collect(schema, &mut said);
        if let Some(ways) = said.choice {
            let way = ways.choose(self.random).expect("a choice has ways");
            return self.value(way);
        }
        if said.admits_null() && self.random.random_ratio(1, 4) {
            return Json::Null;
        }
        if let Some(values) = said.find("enum").and_then(Value::as_array) {
            return values.choose(self.random).map_or(Json::Null, plain);
        }
        match said.kind() {
            "object" => self.object(&said),
            "array" => self.list(&said),
            "integer" => Json::Number(self.integer(&said).to_string()),
            "number" => Json::Number(self.decimal(&said)),
            "boolean" => Json::Bool(self.random.random()),
            "string" => Json::Text(self.text(&said)),
            _ => Json::Null,
        }
    }

    fn collect(&self, schema: &'s Value, said: &mut Said<'s>) {
        let Some(own) = schema.as_object() else { return };
        if let Some(name) = own.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/")) {
            let definition = self.definitions.and_then(|definitions| definitions.get(name));
            return self.collect(definition.expect("a definition that is there"), said);
        }
        said.schemas.push(own);
        for part in own.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.collect(part, said);
        }
        if let Some(ways) = own.get("anyOf").and_then(Value::as_array) {
            let named = ways.iter().all(|way| way.get("title").is_some());
            if named { said.conditions.push(ways) } else { said.choice = Some(ways) }
        }
    }

    fn object(&mut self, said: &Said<'s>) -> Json {
        let often = self.random.random_range(1..8);
        let mut fields = Vec::new();
        for (name, schema) in said.properties() {
            let wanted = said.requires(name) || self.random.random_ratio(often, 8);
            if wanted && fields.iter().all(|(other, _)| other != name) {
                fields.push((name.clone(), self.value(schema)));
            }
        }
        for ways in &said.conditions {
            let way = ways.choose(self.random).and_then(Value::as_object).expect("a condition has ways");
            self.keep(way, said, &mut fields);
        }
        Json::Object(fields)
    }

    /// Makes one way of a condition hold.
    fn keep(&mut self, way: &'s Object, said: &Said<'s>, fields: &mut Vec<(String, Json)>) {
        for (name, asked) in way.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let Some((_, schema)) = said.properties().find(|(other, _)| *other == name) else { continue };
            let place = fields.iter().position(|(other, _)| other == name);
            if place.is_none() && !requires(way, name) {
                continue;
            }
            let mut both = Said::default();
            self.collect(asked, &mut both);
            self.collect(schema, &mut both);
            let value = self.of_condition(&both, schema);
            match place {
                Some(place) => fields[place].1 = value,
                None => fields.push((name.clone(), value)),
            }
        }
    }

    fn of_condition(&mut self, both: &Said<'s>, schema: &'s Value) -> Json {
        if let Some(values) = both.find("enum").and_then(Value::as_array) {
            return values.choose(self.random).map_or(Json::Null, plain);
        }
        match both.kind() {
            "integer" => Json::Number(self.integer(both).to_string()),
            "number" => Json::Number(self.decimal(both)),
            "string" if both.find("minLength").is_some() => Json::Text(self.text(both)),
            "array" => self.list(both),
            _ => self.value(schema),
        }
    }

    fn list(&mut self, said: &Said<'s>) -> Json {
        let least = said.find("minItems").and_then(Value::as_u64).unwrap_or(0);
        let count = least + self.random.random_range(0..3);
        let items = said.find("items").expect("a list says what is in it");
        Json::List((0..count).map(|_| self.value(items)).collect())
    }

    fn integer(&mut self, said: &Said<'s>) -> i64 {
        let wide = said.find("format").and_then(Value::as_str) == Some("int64");
        let (least, most) = if wide { (i64::MIN, i64::MAX) } else { (i32::MIN.into(), i32::MAX.into()) };
        let least = said.integer("minimum").unwrap_or(least).max(least);
        let most = said.integer("maximum").unwrap_or(most).min(most);
        match self.random.random_range(0..16) {
            0 => least,
            1 => most,
            2 => self.random.random_range(least..=most),
            _ => self.random.random_range(0..32).clamp(least, most),
        }
    }

    fn decimal(&mut self, said: &Said<'s>) -> String {
        let positive = said.find("exclusiveMinimum").is_some();
        let whole = self.random.random_range(i32::from(positive)..100_000);
        let sign = if !positive && self.random.random_ratio(1, 16) { "-" } else { "" };
        let fraction = self.random.random_range(0..100);
        match self.random.random_range(0..16) {
            0 => format!("{sign}{whole}"),
            1 => format!("{sign}{whole}.{fraction:02}0000000000000000{fraction}"),
            2 => format!("{sign}{whole}{whole}{whole}{whole}.{fraction:02}"),
            3 => format!("{sign}{whole}E{}", self.random.random_range(-3..4)),
            _ => format!("{sign}{whole}.{fraction:02}"),
        }
    }

    fn text(&mut self, said: &Said<'s>) -> String {
        if said.find("format").and_then(Value::as_str) == Some("timestamp") && self.random.random_ratio(7, 8) {
            return self.moment();
        }
        if let Some(pattern) = said.find("pattern").and_then(Value::as_str) {
            let read = || rand_regex::Regex::compile(inner(pattern), REPETITIONS).expect("a pattern that can be read");
            return self.patterns.entry(pattern.to_owned()).or_insert_with(read).sample(self.random);
        }
        let least = said.find("minLength").and_then(Value::as_u64).unwrap_or(0);
        let most = said.find("maxLength").and_then(Value::as_u64);
        let most = most.filter(|_| self.random.random_ratio(1, 8)).unwrap_or(most.unwrap_or(24).min(24));
        let length = if self.random.random_ratio(1, 8) { most } else { self.random.random_range(least..=most) };
        (0..length).map(|_| self.character()).collect()
    }

    /// Characters of one to four bytes, some that must be escaped, and many digits.
    fn character(&mut self) -> char {
        const RARE: [char; 12] = ['"', '\\', '/', '\n', '\u{7f}', 'ş', 'İ', 'ı', '€', '\u{2028}', '😀', '\u{10ffff}'];
        match self.random.random_range(0..32) {
            0 => *RARE.choose(self.random).expect("characters"),
            1..12 => self.random.random_range('0'..='9'),
            _ => self.random.random_range('a'..='z'),
        }
    }

    fn moment(&mut self) -> String {
        const ENDS: [&str; 6] = ["", ".5", ".5447456", "Z", "+03:00", ".018504+03:00"];
        let random = &mut *self.random;
        let (year, month, day) =
            (random.random_range(1900..2100), random.random_range(1..13), random.random_range(1..29));
        let (hour, minute, second) =
            (random.random_range(0..24), random.random_range(0..60), random.random_range(0..60));
        let end = ENDS.choose(random).expect("ends");
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{end}")
    }
}

/// A pattern without its ends, which a maker of texts has no use for.
fn inner(pattern: &str) -> &str {
    pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).expect("a pattern of the whole text")
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => Json::Number(number.to_string()),
        Value::String(text) => Json::Text(text.clone()),
        Value::Array(elements) => Json::List(elements.iter().map(plain).collect()),
        Value::Object(fields) => Json::Object(fields.iter().map(|(key, value)| (key.clone(), plain(value))).collect()),
    }
}
