//! What does the contract say of each place of a payload, beside the verdict? Which fields there are, what must not be
//! shown, which codes are known, how wide a number is, and on which page it stands.

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

/// A place in [`Shapes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ShapeId(usize);

/// What is known of a value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    pub(crate) kinds: Kinds,
    pub(crate) fields: Fields,
    pub(crate) required: Vec<Box<str>>,
    pub(crate) items: Option<ShapeId>,
    pub(crate) secrecy: Option<Secrecy>,
    pub(crate) codes: Vec<Code>,
    pub(crate) format: Option<Format>,
    pub(crate) has_pattern: bool,
    /// Whether null may stand in its place.
    pub(crate) is_nullable: bool,
    /// Whether a text has a length that it must have.
    pub(crate) has_min_length: bool,
    pub(crate) page: Option<Arc<str>>,
    pub(crate) at_most_one: Vec<Box<str>>,
    pub(crate) decided_by: Option<Box<str>>,
    pub(crate) sum: Option<Sum>,
    pub(crate) expiry: Option<Expiry>,
}

/// The types that a value may have, null aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    pub(crate) text: bool,
    pub(crate) number: bool,
    pub(crate) boolean: bool,
}

/// Why a value is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrecy {
    /// A card number, whole or in part, or a security code: shown to nobody.
    Card,
    /// What opens a door.
    Token,
    /// What belongs to a person.
    Personal,
}

/// How a number or a text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Int32,
    Int64,
    Decimal,
    Timestamp,
    Guid,
}

/// A code that is known.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    /// As it is written, a text without its quotes.
    pub(crate) value: Box<str>,
    pub(crate) meaning: Box<str>,
}

/// What adds up to what.
#[derive(Clone, Debug)]
pub(crate) struct Sum {
    pub(crate) total: Box<str>,
    pub(crate) parts: Box<str>,
}

/// The fields that say when a card expires.
#[derive(Clone, Debug)]
pub(crate) struct Expiry {
    pub(crate) month: Box<str>,
    pub(crate) year: Box<str>,
}

/// The fields of an object, in the order of the contract.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    list: Vec<(Box<str>, ShapeId)>,
    by_name: FxHashMap<Box<str>, usize>,
}

impl Fields {
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(name, _)| &**name)
    }

    pub(crate) fn get(&self, name: &str) -> Option<ShapeId> {
        self.by_name.get(name).map(|index| self.list[*index].1)
    }

    /// The field of this name, and where the next one is to be looked for first: payloads keep the contract's order.
    pub(crate) fn find(&self, name: &str, from: usize) -> Option<(usize, ShapeId)> {
        match self.list.get(from) {
            Some((next, shape)) if **next == *name => Some((from, *shape)),
            _ => self.by_name.get(name).map(|index| (*index, self.list[*index].1)),
        }
    }

    pub(crate) fn nth(&self, index: usize) -> Option<(usize, ShapeId)> {
        self.list.get(index).map(|(_, shape)| (index, *shape))
    }

    /// The first of a name counts: conditions speak of fields again.
    fn add(&mut self, name: &str, shape: ShapeId) {
        if !self.by_name.contains_key(name) {
            self.by_name.insert(name.into(), self.list.len());
            self.list.push((name.into(), shape));
        }
    }
}

/// Everything that is known of all payloads.
#[derive(Debug)]
pub(crate) struct Shapes {
    list: Vec<Shape>,
    named: HashMap<String, ShapeId>,
}

impl Shapes {
    /// The place for what is not known.
    pub(crate) const UNKNOWN: ShapeId = ShapeId(0);

    pub(crate) fn new() -> Self {
        Self { list: vec![Shape::default()], named: HashMap::new() }
    }

    pub(crate) fn get(&self, id: ShapeId) -> &Shape {
        &self.list[id.0]
    }

    /// The shape of a schema.
    pub(crate) fn add(&mut self, definitions: &Map<String, Value>, schema: &Value) -> ShapeId {
        if let Some(alone) = self.alias(definitions, schema) {
            return alone;
        }
        let id = self.reserve();
        let mut shape = Shape::default();
        self.fill(definitions, schema, &mut shape);
        self.list[id.0] = shape;
        id
    }

    fn reserve(&mut self) -> ShapeId {
        self.list.push(Shape::default());
        ShapeId(self.list.len() - 1)
    }

    /// A schema that is another, or that or null.
    fn alias(&mut self, definitions: &Map<String, Value>, schema: &Value) -> Option<ShapeId> {
        if let Some(name) = reference(schema) {
            return Some(self.definition(definitions, name));
        }
        let own = schema.as_object()?;
        let said = |key: &String| !matches!(key.as_str(), "description" | "anyOf" | "allOf");
        let ways = own.get("anyOf").or_else(|| own.get("allOf"))?.as_array()?;
        let mut ways = ways.iter().filter(|way| !is_null(way));
        match (own.keys().any(said), ways.next(), ways.next()) {
            (false, Some(way), None) => Some(self.definition(definitions, reference(way)?)),
            _ => None,
        }
    }

    fn definition(&mut self, definitions: &Map<String, Value>, name: &str) -> ShapeId {
        if let Some(id) = self.named.get(name) {
            return *id;
        }
        let id = self.reserve();
        self.named.insert(name.to_owned(), id);
        if let Some(schema) = definitions.get(name) {
            let mut shape = Shape::default();
            self.fill(definitions, schema, &mut shape);
            self.list[id.0] = shape;
        }
        id
    }

    /// What a schema says, and what it says by way of others. What is said first holds.
    fn fill(&mut self, definitions: &Map<String, Value>, schema: &Value, shape: &mut Shape) {
        let Some(own) = schema.as_object() else { return };
        if let Some(name) = reference(schema) {
            let named = self.definition(definitions, name);
            let named = self.get(named).clone();
            shape.merge(named);
            return;
        }
        shape.marks(own);
        for (name, property) in own.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let field = self.add(definitions, property);
            shape.fields.add(name, field);
        }
        if let Some(items) = own.get("items") {
            shape.items = Some(self.add(definitions, items));
        }
        for way in ["allOf", "anyOf"].iter().filter_map(|key| own.get(*key)?.as_array()).flatten() {
            if !is_null(way) && !is_condition(way) {
                self.fill(definitions, way, shape);
            }
        }
    }
}

impl Shape {
    fn marks(&mut self, schema: &Map<String, Value>) {
        let texts = |key: &str| texts(schema.get(key));
        for kind in kinds(schema.get("type")) {
            self.kinds.text |= kind == "string";
            self.kinds.number |= matches!(kind, "number" | "integer");
            self.kinds.boolean |= kind == "boolean";
            self.is_nullable |= kind == "null";
        }
        self.required.extend(texts("required"));
        self.has_pattern |= schema.contains_key("pattern");
        self.has_min_length |= schema.contains_key("minLength");
        self.secrecy = self.secrecy.or_else(|| secrecy(schema));
        self.format = self.format.or_else(|| format(schema.get("format")?.as_str()?));
        self.page = self.page.take().or_else(|| schema.get("x-page")?.as_str().map(Arc::from));
        self.codes.extend(schema.get("x-extensible-enum").and_then(Value::as_array).into_iter().flatten().map(code));
        self.at_most_one.extend(texts("x-at-most-one"));
        self.decided_by = self.decided_by.take().or_else(|| schema.get("x-decided-by")?.as_str().map(Box::from));
        let text = |key: &str, part: &str| schema.get(key)?.get(part)?.as_str().map(Box::from);
        if let (Some(total), Some(parts)) = (text("x-sum", "total"), text("x-sum", "parts")) {
            self.sum = Some(Sum { total, parts });
        }
        if let (Some(month), Some(year)) = (text("x-expiry", "month"), text("x-expiry", "year")) {
            self.expiry = Some(Expiry { month, year });
        }
    }

    fn merge(&mut self, other: Self) {
        self.kinds.text |= other.kinds.text;
        self.kinds.number |= other.kinds.number;
        self.kinds.boolean |= other.kinds.boolean;
        for (name, shape) in &other.fields.list {
            self.fields.add(name, *shape);
        }
        self.required.extend(other.required);
        self.items = self.items.or(other.items);
        self.secrecy = self.secrecy.or(other.secrecy);
        self.codes.extend(other.codes);
        self.format = self.format.or(other.format);
        self.has_pattern |= other.has_pattern;
        self.is_nullable |= other.is_nullable;
        self.has_min_length |= other.has_min_length;
        self.page = self.page.take().or(other.page);
        self.at_most_one.extend(other.at_most_one);
        self.decided_by = self.decided_by.take().or(other.decided_by);
        self.sum = self.sum.take().or(other.sum);
        self.expiry = self.expiry.take().or(other.expiry);
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix("#/$defs/")
}

/// `null` beside a reference, or nothing but null.
fn is_null(schema: &Value) -> bool {
    schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.len() == 1 && values[0].is_null())
}

/// A condition asks something of fields that are described elsewhere.
fn is_condition(schema: &Value) -> bool {
    let ways = schema.get("anyOf").and_then(Value::as_array);
    ways.is_some_and(|ways| ways.iter().all(|way| way.get("title").is_some()))
}

fn texts(list: Option<&Value>) -> Vec<Box<str>> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(Box::from).collect()
}

fn kinds(kind: Option<&Value>) -> Vec<&str> {
    match kind {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(kind)) => vec![kind],
        _ => Vec::new(),
    }
}

fn secrecy(schema: &Map<String, Value>) -> Option<Secrecy> {
    match schema.get("x-secret").and_then(Value::as_str) {
        Some("card-number" | "security-code") => Some(Secrecy::Card),
        Some(_) => Some(Secrecy::Token),
        None => schema.contains_key("x-personal").then_some(Secrecy::Personal),
    }
}

fn format(name: &str) -> Option<Format> {
    match name {
        "int32" => Some(Format::Int32),
        "int64" => Some(Format::Int64),
        "decimal" => Some(Format::Decimal),
        "timestamp" => Some(Format::Timestamp),
        "guid" => Some(Format::Guid),
        _ => None,
    }
}

fn code(entry: &Value) -> Code {
    let value = entry.get("value").map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let meaning = entry.get("meaning").and_then(Value::as_str).unwrap_or_default();
    Code { value: value.unwrap_or_default().into(), meaning: meaning.into() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape(schema: &Value) -> (Shapes, Shape) {
        let definitions = json!({
            "Card": { "type": "object", "x-page": "https://docs.example/card", "required": ["Number"], "properties": {
                "Number": { "type": "string", "x-secret": "card-number" },
                "Holder": { "$ref": "#/$defs/Person" } },
                "allOf": [{ "anyOf": [{ "title": "a card", "properties": { "Other": {} } }] }] },
            "Person": { "type": "object", "properties": { "Card": { "$ref": "#/$defs/Card" } } },
        });
        let definitions = definitions.as_object().cloned().unwrap_or_default();
        let mut shapes = Shapes::new();
        let id = shapes.add(&definitions, schema);
        let shape = shapes.get(id).clone();
        (shapes, shape)
    }

    #[test]
    fn a_reference_or_null_is_the_reference() {
        let nothing = json!({ "type": ["object", "null"], "enum": [null] });
        let (shapes, card) = shape(&json!({ "description": "x", "anyOf": [{ "$ref": "#/$defs/Card" }, nothing] }));
        assert_eq!(card.fields.names().collect::<Vec<_>>(), ["Number", "Holder"]);
        let number = shapes.get(card.fields.get("Number").expect("a field"));
        assert_eq!((number.secrecy, number.kinds.text), (Some(Secrecy::Card), true));
    }

    #[test]
    fn objects_that_hold_each_other_are_finite() {
        let (shapes, card) = shape(&json!({ "$ref": "#/$defs/Card" }));
        let holder = shapes.get(card.fields.get("Holder").expect("a field"));
        let again = shapes.get(holder.fields.get("Card").expect("a field"));
        assert_eq!(again.fields.names().count(), 2);
        assert_eq!(again.page.as_deref(), Some("https://docs.example/card"));
    }

    #[test]
    fn what_stands_together_is_one_object() {
        let body = json!({ "type": "object", "properties": { "Body": { "type": "string", "x-personal": true } } });
        let (shapes, whole) = shape(&json!({ "allOf": [{ "$ref": "#/$defs/Card" }, body] }));
        assert_eq!(whole.fields.names().collect::<Vec<_>>(), ["Number", "Holder", "Body"]);
        let body = shapes.get(whole.fields.get("Body").expect("a field"));
        assert_eq!(body.secrecy, Some(Secrecy::Personal));
    }
}
