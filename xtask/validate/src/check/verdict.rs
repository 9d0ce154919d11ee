//! What does the engine's verdict mean? Each error of JSON Schema in words, one for a cause.

use std::collections::HashSet;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::json::JsonNumber;
use jsonschema::{JsonType, JsonTypeSet, ValidationError};
use serde_json::Value;

use super::place::{Place, push, start};
use super::spelling::{Meant, meant};
use crate::checker::Settings;
use crate::finding::{Finding, Rule, Severity};
use crate::mask::described;
use crate::shape::{Shape, ShapeId, Shapes};
use crate::tree::{Kind, Node};

/// Of how many fields of an object the spelling is looked at: a payload has not so many, and a hostile one may.
pub(crate) const LOOKED_AT: usize = 200;

/// Whether a field of another name stands in the place of a field: it does where that one is missing, and of several
/// that could, the first.
pub(crate) fn stands_for<'t>(object: Node<'t>, shape: &Shape, child: Node<'t>, as_what: Meant<'_>) -> bool {
    if object.get(as_what.name()).is_some() {
        return false;
    }
    let same = |other: &Node<'t>| {
        let key = other.key().unwrap_or_default();
        shape.fields.get(&key).is_none()
            && meant(&key, &shape.fields).is_some_and(|other| other.name() == as_what.name())
    };
    object.children().take(LOOKED_AT).find(same).and_then(Node::key_span) == child.key_span()
}

/// Whether a number is whole by its value.
pub(crate) fn is_whole(node: Node<'_>) -> bool {
    jsonschema::json::Node::as_number(&node).is_some_and(|number| number.is_integer())
}

/// Turns errors of the engine into findings.
pub(crate) struct Verdict<'s, 't> {
    pub(crate) shapes: &'s Shapes,
    pub(crate) settings: &'s Settings,
    pub(crate) schema: &'s Value,
    pub(crate) root: Node<'t>,
    pub(crate) shape: ShapeId,
    pub(crate) found: Vec<Finding>,
    /// The pointers that findings are at, as they are.
    at: HashSet<String>,
    /// Where the keys stand that are misspelt, and whose fields are missed.
    missed: HashSet<usize>,
    /// Conditions wait: what another finding explains is no finding.
    conditions: Vec<(String, Vec<Way>)>,
}

/// A way to keep a condition, and why it is not taken.
struct Way {
    title: String,
    required: Vec<String>,
    missing: Vec<String>,
    /// Fields that are there and not as the way wants them.
    odd: Vec<String>,
}

impl<'s, 't> Verdict<'s, 't> {
    pub(crate) fn new(
        shapes: &'s Shapes,
        settings: &'s Settings,
        schema: &'s Value,
        root: Node<'t>,
        shape: ShapeId,
    ) -> Self {
        let (found, at, missed, conditions) = (Vec::new(), HashSet::new(), HashSet::new(), Vec::new());
        Self { shapes, settings, schema, root, shape, found, at, missed, conditions }
    }

    /// Adds everything that the errors mean to what was found before. A field whose name is misspelt is found already;
    /// where it is missed, it is an error.
    pub(crate) fn tell<'e>(mut self, errors: impl Iterator<Item = ValidationError<'e>>, found: &mut Vec<Finding>) {
        for error in errors.take(1_000) {
            self.error(&error);
        }
        for (pointer, ways) in std::mem::take(&mut self.conditions) {
            self.condition(&pointer, &ways);
        }
        let is_missed =
            |finding: &&mut Finding| finding.rule == Rule::UnknownField && self.missed.contains(&finding.span.start);
        found.iter_mut().filter(is_missed).for_each(|finding| finding.severity = Severity::Error);
        found.extend(self.found);
    }

    fn error(&mut self, error: &ValidationError<'_>) {
        let pointer = error.instance_path().as_str();
        match error.kind() {
            ValidationErrorKind::AnyOf { context } => self.any_of(error, context),
            ValidationErrorKind::Required { property } => self.required(pointer, property.as_str().unwrap_or_default()),
            kind => {
                let Some(place) = Place::at(self.shapes, self.root, self.shape, pointer) else { return };
                // A pointer leads to the first of two fields of a name; that there is a second has been told.
                if is_of_type(kind, place.node) {
                    return;
                }
                if let Some((rule, expected, help)) = broken(kind, &place, self.shapes) {
                    self.report(pointer, &place, rule, expected, help);
                }
            }
        }
    }

    /// A condition, or a choice of types, of which the first that is not null is meant.
    fn any_of(&mut self, error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>]) {
        let schemas = self.schema.pointer(error.schema_path().as_str()).and_then(Value::as_array);
        let titled: Option<Vec<&Value>> =
            schemas.map(|ways| ways.iter().filter(|way| way.get("title").is_some()).collect());
        match titled {
            Some(ways) if !ways.is_empty() => {
                let pointer = error.instance_path().as_str().to_owned();
                let ways = ways.iter().zip(context).map(|(schema, errors)| Way::new(schema, &pointer, errors));
                let ways = ways.collect();
                self.conditions.push((pointer, ways));
            }
            _ => context.first().into_iter().flatten().for_each(|error| self.error(error)),
        }
    }

    fn required(&mut self, pointer: &str, property: &str) {
        let Some(place) = Place::at(self.shapes, self.root, self.shape, pointer) else { return };
        self.at.insert(format!("{pointer}/{property}"));
        if self.misspelt(place.node, place.shape, property).is_some() {
            return;
        }
        let mut shown = place.pointer.clone();
        push(&mut shown, property, true);
        let field = place.shape(self.shapes).fields.get(property).map(|id| self.shapes.get(id));
        let help = field.map(|field| format!("add `{property}`: {}", kind_of(field)));
        let finding = Finding {
            rule: Rule::Required,
            severity: Severity::Error,
            span: start(place.node),
            pointer: shown,
            found: "nothing".to_owned(),
            expected: format!("the field `{property}`, which is required"),
            help,
            page: place.page(self.shapes),
            related: Vec::new(),
        };
        self.push(finding);
    }

    /// The field that stands there under another name: then that is the finding. As far as spelling is looked at: what
    /// was found to be unknown and no more does not excuse a field that is missed.
    fn misspelt(&self, object: Node<'t>, shape: ShapeId, property: &str) -> Option<Node<'t>> {
        let shape = self.shapes.get(shape);
        object.children().take(LOOKED_AT).find(|child| {
            let key = child.key().unwrap_or_default();
            shape.fields.get(&key).is_none() && meant(&key, &shape.fields).is_some_and(|meant| meant.name() == property)
        })
    }

    fn condition(&mut self, pointer: &str, ways: &[Way]) {
        let Some(place) = Place::at(self.shapes, self.root, self.shape, pointer) else { return };
        if let Some(way) = ways.iter().find(|way| self.explains(pointer, &place, way)) {
            let names = way.missing.iter().chain(&way.odd);
            let keys = names.filter_map(|name| self.misspelt(place.node, place.shape, name)?.key_span());
            self.missed.extend(keys.map(|span| span.start).collect::<Vec<_>>());
            return;
        }
        let titles: Vec<&str> = ways.iter().map(|way| way.title.as_str()).collect();
        let finding = Finding {
            rule: Rule::Condition,
            severity: Severity::Error,
            span: start(place.node),
            pointer: place.pointer.clone(),
            found: nearest(ways).map_or_else(|| "none of them".to_owned(), Way::told),
            expected: titles.join(", or "),
            help: nearest(ways).and_then(Way::help),
            page: place.page(self.shapes),
            related: Vec::new(),
        };
        self.push(finding);
    }

    /// Whether everything that keeps a way from holding has been found already.
    fn explains(&self, pointer: &str, place: &Place<'t>, way: &Way) -> bool {
        let is_found = |name: &String| {
            self.at.contains(&format!("{pointer}/{name}")) || self.misspelt(place.node, place.shape, name).is_some()
        };
        let takes_part =
            way.required.is_empty() || way.required.iter().any(|name| place.node.get(name).is_some() || is_found(name));
        takes_part && way.missing.iter().chain(&way.odd).all(is_found)
    }

    fn report(&mut self, pointer: &str, place: &Place<'t>, rule: Rule, expected: String, help: Option<String>) {
        self.at.insert(pointer.to_owned());
        let finding = Finding {
            rule,
            severity: Severity::Error,
            span: start(place.node),
            pointer: place.pointer.clone(),
            found: described(place.node, place.shape(self.shapes), self.settings.show_values),
            expected,
            help,
            page: place.page(self.shapes),
            related: Vec::new(),
        };
        self.push(finding);
    }

    /// One finding of a rule at a place: a condition can ask what the field asks too.
    fn push(&mut self, finding: Finding) {
        let is_same = |other: &Finding| other.rule == finding.rule && other.pointer == finding.pointer;
        if !self.found.iter().any(is_same) {
            self.found.push(finding);
        }
    }
}

impl Way {
    fn new(schema: &Value, pointer: &str, errors: &[ValidationError<'_>]) -> Self {
        let title = schema.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let required = required.filter_map(Value::as_str).map(str::to_owned).collect();
        let mut way = Self { title, required, missing: Vec::new(), odd: Vec::new() };
        for error in errors {
            way.fails(pointer, error);
        }
        way
    }

    fn fails(&mut self, pointer: &str, error: &ValidationError<'_>) {
        if let ValidationErrorKind::Required { property } = error.kind() {
            self.missing.extend(property.as_str().map(str::to_owned));
            return;
        }
        let below = error.instance_path().as_str().strip_prefix(pointer).unwrap_or_default();
        let field = below.trim_start_matches('/').split('/').next().unwrap_or_default().to_owned();
        if !self.odd.contains(&field) {
            self.odd.push(field);
        }
    }

    fn lacks(&self) -> usize {
        self.missing.len() + self.odd.len()
    }

    /// Whether it was meant: something that it requires is there.
    fn is_begun(&self) -> bool {
        self.required.iter().any(|name| !self.missing.contains(name) && !self.odd.contains(name))
    }

    fn told(&self) -> String {
        let title = &self.title;
        match (self.missing.is_empty(), self.odd.is_empty()) {
            (false, true) => format!("{title}, without {}", named(&self.missing)),
            (true, false) => format!("{title}, with {} empty or of another value", named(&self.odd)),
            _ => format!(
                "{title}, without {} and with {} empty or of another value",
                named(&self.missing),
                named(&self.odd)
            ),
        }
    }

    fn help(&self) -> Option<String> {
        let lacking: Vec<String> = self.missing.iter().chain(&self.odd).cloned().collect();
        (!lacking.is_empty()).then(|| format!("for {}, give {}", self.title, named(&lacking)))
    }
}

/// The way that lacks least, among those that were begun, if any was.
fn nearest(ways: &[Way]) -> Option<&Way> {
    let begun = ways.iter().filter(|way| way.is_begun()).min_by_key(|way| way.lacks());
    begun.or_else(|| ways.iter().filter(|way| !way.required.is_empty()).min_by_key(|way| way.lacks()))
}

fn named(fields: &[String]) -> String {
    let quoted: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

type Broken = (Rule, String, Option<String>);

/// The rule behind an error, what it wants, and what helps.
fn broken(kind: &ValidationErrorKind, place: &Place<'_>, shapes: &Shapes) -> Option<Broken> {
    let shape = place.shape(shapes);
    let counted = |limit: &u64, one: &str| if *limit == 1 { format!("1 {one}") } else { format!("{limit} {one}s") };
    let plain = |rule, expected| Some((rule, expected, None));
    match kind {
        ValidationErrorKind::Type { kind } => Some(of_type(kind, place, shape)),
        ValidationErrorKind::MinLength { limit: 1 } => plain(Rule::MinLength, "a text that is not empty".to_owned()),
        ValidationErrorKind::MinLength { limit } => {
            plain(Rule::MinLength, format!("at least {}", counted(limit, "character")))
        }
        ValidationErrorKind::MaxLength { limit } => {
            plain(Rule::MaxLength, format!("at most {}", counted(limit, "character")))
        }
        ValidationErrorKind::MinItems { limit } => {
            plain(Rule::MinItems, format!("at least {}", counted(limit, "element")))
        }
        ValidationErrorKind::MaxItems { limit } => {
            plain(Rule::MaxItems, format!("at most {}", counted(limit, "element")))
        }
        ValidationErrorKind::Minimum { limit } => plain(Rule::Minimum, format!("at least {limit}")),
        ValidationErrorKind::Maximum { limit } => plain(Rule::Maximum, format!("at most {limit}")),
        ValidationErrorKind::ExclusiveMinimum { limit } => plain(Rule::Minimum, format!("more than {limit}")),
        ValidationErrorKind::ExclusiveMaximum { limit } => plain(Rule::Maximum, format!("less than {limit}")),
        ValidationErrorKind::Pattern { pattern } => plain(Rule::Pattern, form(shape, pattern)),
        ValidationErrorKind::Enum { options } => plain(Rule::Enum, format!("one of {options}")),
        other => plain(Rule::Enum, format!("what `{}` of the contract asks", other.keyword())),
    }
}

/// A pattern in words, where there are words for it.
fn form(shape: &Shape, pattern: &str) -> String {
    match shape.format {
        Some(crate::shape::Format::Timestamp) => "a date and time such as 2024-06-13T09:30:00+03:00".to_owned(),
        _ => format!("a text of the form {pattern}"),
    }
}

fn wanted(kind: &TypeKind) -> JsonTypeSet {
    match kind {
        TypeKind::Single(one) => JsonTypeSet::from(*one),
        TypeKind::Multiple(many) => *many,
    }
}

/// Whether an error of the type is about another value than this, which has the type.
fn is_of_type(kind: &ValidationErrorKind, node: Node<'_>) -> bool {
    let ValidationErrorKind::Type { kind } = kind else { return false };
    let types = wanted(kind);
    match node.kind() {
        Kind::Null => types.contains(JsonType::Null),
        Kind::True | Kind::False => types.contains(JsonType::Boolean),
        Kind::Text => types.contains(JsonType::String),
        Kind::List => types.contains(JsonType::Array),
        Kind::Object => types.contains(JsonType::Object),
        Kind::Number => types.contains(JsonType::Number) || (types.contains(JsonType::Integer) && is_whole(node)),
    }
}

fn of_type(kind: &TypeKind, place: &Place<'_>, shape: &Shape) -> Broken {
    let types = wanted(kind);
    let has = |one| types.contains(one);
    let (number, boolean) = (has(JsonType::Number) || has(JsonType::Integer), has(JsonType::Boolean));
    let node = place.node;
    let expected = expected(types);
    let broken = |rule, help: &str| (rule, expected.clone(), Some(help.to_owned()));
    match node.kind() {
        Kind::Null => broken(Rule::Null, "leave the field out, or give it a value"),
        Kind::Text if number && is_number(node.raw()) => broken(Rule::NumberInText, "write it without quotes"),
        Kind::Text if boolean && matches!(node.raw().to_ascii_lowercase().as_str(), "true" | "false") => {
            broken(Rule::BooleanInText, "write true or false, without quotes")
        }
        Kind::Number if boolean && matches!(node.raw(), "0" | "1") => {
            broken(Rule::BooleanInText, "write true or false")
        }
        Kind::Number if has(JsonType::String) => {
            broken(Rule::TextAsNumber, "write it in quotes: a number loses leading zeros")
        }
        Kind::Number if number => broken(Rule::WholeNumber, "write a whole number"),
        _ => (Rule::Type, expected.clone(), help(shape)),
    }
}

fn is_number(text: &str) -> bool {
    let text = text.trim().replace(',', ".");
    !text.is_empty() && text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn help(shape: &Shape) -> Option<String> {
    (!shape.fields.is_empty()).then(|| {
        let names: Vec<String> = shape.fields.names().take(6).map(str::to_owned).collect();
        format!("write an object with {}", named(&names))
    })
}

fn expected(types: JsonTypeSet) -> String {
    let words: Vec<&str> = types.iter().map(word).collect();
    words.join(" or ")
}

fn word(one: JsonType) -> &'static str {
    match one {
        JsonType::Array => "a list",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a text",
    }
}

/// What kind of value a field takes.
fn kind_of(shape: &Shape) -> &'static str {
    match (shape.kinds.text, shape.kinds.number, shape.kinds.boolean) {
        (true, ..) => "a text",
        (_, true, _) => "a number",
        (.., true) => "true or false",
        _ if shape.items.is_some() => "a list",
        _ => "an object",
    }
}
