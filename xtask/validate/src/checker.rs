//! Is this payload right? Everything that the contract, readers of JSON and the emitted types say of it.

use std::collections::HashSet;
use std::sync::OnceLock;

use jsonschema::{PatternOptions, Validator};
use paywall_api::Month;
use paywall_contract::document;
use paywall_contract::spelling::nearest;
use serde_json::{Map, Value, json};

use crate::book::{Book, Envelope, Mark, Payload};
use crate::check::lint::{Walk, may_hold_placeholders};
use crate::check::spoilt::may_be_spoilt;
use crate::check::typed::{Typed, Types};
use crate::check::verdict::Verdict;
use crate::finding::{Finding, Rule, Severity};
use crate::input::address;
use crate::shape::{ShapeId, Shapes};
use crate::tree::{Kind, Node, Spanned};

pub use crate::book::{Form, Part, Place};

/// The contract that this was built from, as rules.
const BOOK: &str = include_str!(concat!(env!("OUT_DIR"), "/book.json"));

/// Of a larger payload the first rule of the schema that it breaks is told: the engine keeps every error, with the value
/// that it is about, before it gives the first.
const MOST_VALUES: usize = 100_000;

/// How payloads are checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// The month by which cards expire, as a year and a month from 1 to 12. Nothing for no such rule.
    pub today: Option<(i32, u8)>,
    /// Whether findings show values other than those of cards.
    pub show_values: bool,
    /// Whether the emitted types are asked too.
    pub types: bool,
}

/// One kind of payload: the request or answer of an operation, or a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PayloadId(usize);

/// An input of a request that travels outside of its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterInput {
    /// Where it travels.
    pub place: Place,
    /// As the contract writes it; headers are compared without their case.
    pub name: String,
    /// What its text is: a text, a number, or, of a boolean, `true`.
    pub kind: Kind,
}

/// What a payload of unknown kind is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// The kind that it fits best.
    pub id: PayloadId,
    /// Others that it fits as well.
    pub ties: Vec<PayloadId>,
}

/// Holds payloads against the contract.
#[derive(Debug)]
pub struct Checker {
    settings: Settings,
    book: Book,
    shapes: Shapes,
    kinds: Vec<KindOfPayload>,
    /// The names of the fields that payloads begin with.
    names: OnceLock<HashSet<Box<str>>>,
}

/// What is known of a kind of payload.
#[derive(Debug)]
struct KindOfPayload {
    shape: ShapeId,
    headers: Vec<ParameterInput>,
    types: Option<Types>,
    /// Headers for the type of both, where a body is checked without its headers.
    beside: Option<String>,
    judge: OnceLock<Judge>,
    /// Of an answer that says no.
    refusal: OnceLock<Judge>,
}

/// The engine with a schema in it.
#[derive(Debug)]
struct Judge {
    schema: Value,
    validator: Validator<Spanned>,
}

impl Checker {
    /// The checker of the contract that this was built from.
    ///
    /// # Panics
    ///
    /// Never: the rules were written when this was built, and a test reads them.
    #[must_use]
    pub fn built_in(settings: Settings) -> Self {
        Self::of(serde_json::from_str(BOOK).expect("rules that were written when this was built"), settings)
    }

    fn of(book: Book, settings: Settings) -> Self {
        let mut shapes = Shapes::new();
        let kinds = book.payloads.iter().map(|payload| KindOfPayload::new(&book, payload, &mut shapes)).collect();
        Self { settings, book, shapes, kinds, names: OnceLock::new() }
    }

    /// Every kind of payload.
    pub fn payloads(&self) -> impl Iterator<Item = PayloadId> + use<> {
        (0..self.kinds.len()).map(PayloadId)
    }

    /// The operation or message.
    #[must_use]
    pub fn operation(&self, id: PayloadId) -> &str {
        &self.book.payloads[id.0].operation
    }

    /// Which way it goes. A message is a request.
    #[must_use]
    pub fn part(&self, id: PayloadId) -> Part {
        self.book.payloads[id.0].part
    }

    /// How it travels.
    #[must_use]
    pub fn form(&self, id: PayloadId) -> Form {
        self.book.payloads[id.0].form
    }

    /// Whether Paywall sends it by itself.
    #[must_use]
    pub fn is_message(&self, id: PayloadId) -> bool {
        self.book.payloads[id.0].path.is_none()
    }

    /// The page that documents it.
    #[must_use]
    pub fn page(&self, id: PayloadId) -> Option<&str> {
        self.book.payloads[id.0].page.as_deref()
    }

    /// The request or answer of an operation; of one with headers beside its body, the body.
    #[must_use]
    pub fn find(&self, operation: &str, part: Part) -> Option<PayloadId> {
        self.payloads().find(|id| {
            self.operation(*id) == operation && self.part(*id) == part && self.form(*id) != Form::HeadersBeside
        })
    }

    /// The headers beside a body.
    #[must_use]
    pub fn headers_beside(&self, id: PayloadId) -> Option<PayloadId> {
        let same = |other: &PayloadId| self.operation(*other) == self.operation(id);
        self.payloads().find(|other| same(other) && self.form(*other) == Form::HeadersBeside)
    }

    /// Operations and messages whose name is like this one.
    #[must_use]
    pub fn suggest(&self, operation: &str) -> Vec<&str> {
        let names = || self.book.payloads.iter().map(|payload| payload.operation.as_str());
        let lower = operation.to_lowercase();
        let mut found: Vec<&str> =
            names().filter(|name| !lower.is_empty() && name.to_lowercase().contains(&lower)).collect();
        found.extend(nearest(operation, names()));
        found.dedup();
        found
    }

    /// The path and the operation at a method and a path, however that is written: with escapes, with slashes more, and,
    /// where no other path is meant, in other capitals. Where two paths fit, the one that says more of it letter by letter
    /// is meant.
    #[must_use]
    pub fn at_route(&self, method: &str, path: &str) -> Option<(&str, &str)> {
        let parts: Vec<String> = address::parts(path).collect();
        let at = |is_part: fn(&str, &str) -> bool| {
            let is_there = |payload: &&Payload| {
                let method = payload.method.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(method));
                let own = || payload.path.as_deref().unwrap_or_default().split('/').filter(|part| !part.is_empty());
                let is_path = || {
                    own().count() == parts.len()
                        && own().zip(&parts).all(|(own, part)| own.starts_with('{') || is_part(own, part))
                };
                method && payload.path.is_some() && is_path()
            };
            let found = self.book.payloads.iter().filter(is_there);
            let path = |payload: &Payload| payload.path.clone().unwrap_or_default();
            found.min_by(|one, other| document::by_letter(&path(one), &path(other)))
        };
        let found = at(|own, part| own == part).or_else(|| at(str::eq_ignore_ascii_case));
        found.and_then(|payload| Some((payload.path.as_deref()?, payload.operation.as_str())))
    }

    /// The path of an operation, as the contract writes it; a message has none.
    #[must_use]
    pub fn path(&self, id: PayloadId) -> Option<&str> {
        self.book.payloads[id.0].path.as_deref()
    }

    /// The inputs that a kind of payload takes beside its body, or is made of.
    #[must_use]
    pub fn parameters(&self, id: PayloadId) -> &[ParameterInput] {
        &self.kinds[id.0].headers
    }

    /// The kind that a payload's fields fit best; nothing where they fit none.
    #[must_use]
    pub fn guess(&self, root: Node<'_>) -> Option<Guess> {
        let scored = self.payloads().filter(|id| self.form(*id) != Form::HeadersBeside);
        let scored: Vec<(i64, PayloadId)> = scored.map(|id| (self.score(root, self.kinds[id.0].shape), id)).collect();
        let best = scored.iter().map(|(score, _)| *score).max().filter(|score| *score > 0)?;
        let mut ids = scored.into_iter().filter(|(score, _)| *score == best).map(|(_, id)| id);
        Some(Guess { id: ids.next()?, ties: ids.collect() })
    }

    /// How well a value's fields are those of a kind of payload: above zero where they are rather than not.
    pub(crate) fn fit(&self, id: PayloadId, node: Node<'_>) -> i64 {
        self.score(node, self.kinds[id.0].shape)
    }

    /// The same of the kind that it fits best; of this part alone where one is given.
    pub(crate) fn best_fit(&self, part: Option<Part>, node: Node<'_>) -> i64 {
        // Most objects have no name in common with any payload, and need not be held against each.
        let names = self.names.get_or_init(|| {
            let shapes = self.kinds.iter().map(|kind| self.shapes.get(kind.shape));
            shapes.flat_map(|shape| shape.fields.names()).map(Box::from).collect()
        });
        if !node.children().any(|child| child.key().is_some_and(|key| names.contains(&*key))) {
            return 0;
        }
        let is_asked =
            |id: &PayloadId| self.form(*id) != Form::HeadersBeside && part.is_none_or(|part| self.part(*id) == part);
        self.payloads().filter(is_asked).map(|id| self.fit(id, node)).max().unwrap_or_default()
    }

    /// Known fields speak for a kind, unknown and missing ones against it.
    fn score(&self, node: Node<'_>, shape: ShapeId) -> i64 {
        let shape = self.shapes.get(shape);
        let fields = node.children().map(|child| match node.kind() {
            Kind::Object => match shape.fields.get(&child.key().unwrap_or_default()) {
                Some(field) => 2 + self.score(child, field),
                None => -2,
            },
            _ => shape.items.map_or(0, |items| self.score(child, items)),
        });
        let fields: i64 = fields.take(200).sum();
        let missing = match node.kind() {
            Kind::Object => shape.required.iter().filter(|name| node.get(name).is_none()).count(),
            _ => 0,
        };
        fields - i64::try_from(missing).unwrap_or(i64::MAX)
    }

    /// Everything that is wrong with a payload, in the order of its text.
    #[must_use]
    pub fn check(&self, id: PayloadId, root: Node<'_>) -> Vec<Finding> {
        let (mut found, is_valid) = self.by_contract(id, root);
        if self.settings.types {
            found.extend(self.disagreement(id, root, is_valid, &found));
        }
        in_order(found)
    }

    /// The same without asking the emitted types.
    #[must_use]
    pub fn check_without_types(&self, id: PayloadId, root: Node<'_>) -> Vec<Finding> {
        in_order(self.by_contract(id, root).0)
    }

    /// What contract and readers say, and whether the schema is kept.
    fn by_contract(&self, id: PayloadId, root: Node<'_>) -> (Vec<Finding>, bool) {
        let judge = self.judge(id, root);
        let mut found = self.lints(id, root);
        let is_valid = judge.validator.is_valid(root);
        if !is_valid {
            let shape = self.kinds[id.0].shape;
            let verdict = Verdict::new(&self.shapes, &self.settings, &judge.schema, root, shape);
            if root.size() <= MOST_VALUES {
                verdict.tell(judge.validator.iter_errors(root), &mut found);
            } else {
                verdict.tell(judge.validator.validate(root).err().into_iter(), &mut found);
            }
            leave_out_sums(&mut found);
        }
        (found, is_valid)
    }

    fn lints(&self, id: PayloadId, root: Node<'_>) -> Vec<Finding> {
        let (steps, found) = (Vec::new(), Vec::new());
        let part = self.part(id);
        let is_received = part == Part::Response || self.is_message(id);
        let (shapes, settings, form) = (&self.shapes, &self.settings, self.form(id));
        let is_template = may_hold_placeholders(root.whole());
        let is_spoilt = may_be_spoilt(root.whole());
        let needs = &|place: &str| self.kinds[id.0].types.is_some_and(|types| types.needs(place));
        let mut walk =
            Walk { shapes, settings, part, is_received, form, is_template, is_spoilt, needs, root, steps, found };
        walk.value(root, self.kinds[id.0].shape);
        walk.found
    }

    /// Of an answer that says no, nothing but the envelope is documented.
    fn judge(&self, id: PayloadId, root: Node<'_>) -> &Judge {
        let kind = &self.kinds[id.0];
        match self.envelope(id).filter(|envelope| says_no(envelope, root)) {
            Some(envelope) => kind
                .refusal
                .get_or_init(|| Judge::new(&self.book, &json!({ "$ref": format!("#/$defs/{}", envelope.definition) }))),
            None => kind.judge.get_or_init(|| Judge::new(&self.book, &self.book.payloads[id.0].schema)),
        }
    }

    /// What an answer is wrapped in.
    fn envelope(&self, id: PayloadId) -> Option<&Envelope> {
        self.book.envelopes.get(self.book.payloads[id.0].envelope?)
    }

    /// Whether a type reads anything of an answer: the payload of a success.
    fn carries_payload(&self, id: PayloadId, root: Node<'_>) -> bool {
        self.envelope(id).is_none_or(|envelope| says_yes(envelope, root) && has_payload(envelope, root))
    }

    /// What the type says otherwise than the contract.
    fn disagreement(&self, id: PayloadId, root: Node<'_>, is_valid: bool, found: &[Finding]) -> Option<Finding> {
        let types = self.kinds[id.0].types?;
        let part = self.part(id);
        // A type reads the body of a success, and no schema says that a success has one: it is that of refusals too.
        if part == Part::Response && !self.carries_payload(id, root) {
            return None;
        }
        let refused = !is_valid || found.iter().any(is_typed);
        let today = self.settings.today.and_then(|(year, month)| Month::new(year, month));
        let read = types.read(root, self.kinds[id.0].beside.as_deref(), today);
        let (found, pointer) = match read {
            Typed::Refused(pointer) if !refused => ("a payload that the contract takes and the type refuses", pointer),
            Typed::Taken if refused && part == Part::Request && self.must_refuse(id, found) => {
                ("a payload that the contract refuses and the type takes", None)
            }
            _ => return None,
        };
        Some(Finding {
            rule: Rule::TypeDisagrees,
            severity: Severity::Error,
            span: crate::check::place::start(root),
            pointer: pointer.unwrap_or_default(),
            found: found.to_owned(),
            expected: "the same of both".to_owned(),
            help: Some("report it: this project is at fault, not the payload".to_owned()),
            page: None,
            related: Vec::new(),
        })
    }

    /// Messages and answers are read with patience: they are not refused for a bound.
    fn must_refuse(&self, id: PayloadId, found: &[Finding]) -> bool {
        !self.is_message(id) && found.iter().any(is_refused_by_types)
    }

    pub(crate) fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    pub(crate) fn shape(&self, id: PayloadId) -> ShapeId {
        self.kinds[id.0].shape
    }
}

/// An amount that is wrong by itself adds up to nothing: that is one cause.
fn leave_out_sums(found: &mut Vec<Finding>) {
    let bounds = found.iter().filter(|finding| matches!(finding.rule, Rule::Minimum | Rule::Maximum));
    let wrong: Vec<_> = bounds.map(|finding| finding.span.start).collect();
    let is_about = |finding: &Finding| {
        let mut places = finding.related.iter().map(|related| related.span.start).chain([finding.span.start]);
        places.any(|place| wrong.contains(&place))
    };
    found.retain(|finding| finding.rule != Rule::Sum || !is_about(finding));
}

fn in_order(mut found: Vec<Finding>) -> Vec<Finding> {
    found.sort_by_key(|finding| (finding.span.start, finding.severity, finding.rule));
    found
}

/// Whether a type must refuse it too, though no schema says it.
fn is_typed(finding: &Finding) -> bool {
    let rules = [
        Rule::PlainNumber,
        Rule::NumberRange,
        Rule::WholeNumber,
        Rule::DuplicateField,
        Rule::Sum,
        Rule::CardExpiry,
        Rule::CardExpired,
        Rule::AtMostOne,
        // Of a form alone, where a claim or a hash is read from it.
        Rule::NotUtf8,
    ];
    finding.severity == Severity::Error && rules.contains(&finding.rule)
}

/// What every request type refuses. Null is none of it, which is read as nothing and so sent; nor is a list in an
/// object's place, which serde's structs take, or a number too wide, since code lists are open to 64 bits. What a type
/// does not look at is none either: placeholders.
fn is_refused_by_types(finding: &Finding) -> bool {
    use Rule::{AtMostOne, CardExpired, CardExpiry, Sum};
    use Rule::{BooleanInText, Condition, DuplicateField, Enum, MaxItems, MaxLength, Maximum, MinItems, MinLength};
    use Rule::{Minimum, NumberInText, Pattern, PlainNumber, Required, TextAsNumber, Type, WholeNumber};
    let of_types =
        [Type, NumberInText, TextAsNumber, BooleanInText, WholeNumber, PlainNumber, Required, DuplicateField];
    let of_rules = [Condition, Enum, Pattern, MinLength, MaxLength, MinItems, MaxItems, Minimum, Maximum];
    let is_list = finding.rule == Type && finding.found.starts_with("a list");
    let of_objects = [AtMostOne, CardExpired, CardExpiry, Sum];
    let is_contradiction = finding.severity == Severity::Error && of_objects.contains(&finding.rule);
    !is_list && (is_contradiction || of_types.contains(&finding.rule) || of_rules.contains(&finding.rule))
}

impl KindOfPayload {
    fn new(book: &Book, payload: &Payload, shapes: &mut Shapes) -> Self {
        let shape = shapes.add(&book.definitions, &payload.schema);
        // The type is that of both; a body alone is given headers, and headers alone have no type. Nor has nothing.
        let is_nothing = payload.form == Form::Headers && payload.inputs.is_empty();
        let is_typed = payload.form != Form::HeadersBeside && !is_nothing;
        let types = Types::of(&payload.operation, payload.part).filter(|_| is_typed);
        let has_both = payload.form == Form::HeadersAndBody;
        let of_parameters = if has_both { shape_beside(book, payload, shapes) } else { shape };
        let headers = inputs(payload, shapes, of_parameters);
        let beside = has_both.then(|| stand_in(payload, &headers));
        Self { shape, headers, types, beside, judge: OnceLock::new(), refusal: OnceLock::new() }
    }
}

fn inputs(payload: &Payload, shapes: &Shapes, shape: ShapeId) -> Vec<ParameterInput> {
    let kind = |name: &str| shapes.get(shape).fields.get(name).map_or(Kind::Text, |field| kind_of(shapes, field));
    let inputs = payload.inputs.iter();
    inputs
        .map(|input| ParameterInput { place: input.place, name: input.name.clone(), kind: kind(&input.name) })
        .collect()
}

fn shape_beside(book: &Book, payload: &Payload, shapes: &mut Shapes) -> ShapeId {
    let is_beside = |other: &&Payload| other.operation == payload.operation && other.form == Form::HeadersBeside;
    let schema = book.payloads.iter().find(is_beside).map_or(&Value::Null, |other| &other.schema);
    shapes.add(&book.definitions, schema)
}

/// The required headers beside a body, each with a simple value.
fn stand_in(payload: &Payload, headers: &[ParameterInput]) -> String {
    let required = payload.inputs.iter().zip(headers).filter(|(input, _)| input.required);
    let values = required.map(|(input, header)| match header.kind {
        Kind::Number => (input.name.clone(), json!(1)),
        Kind::True => (input.name.clone(), json!(true)),
        _ => (input.name.clone(), json!("x")),
    });
    Value::Object(values.collect()).to_string()
}

fn kind_of(shapes: &Shapes, id: ShapeId) -> Kind {
    let kinds = shapes.get(id).kinds;
    match (kinds.number, kinds.boolean) {
        (true, _) => Kind::Number,
        (_, true) => Kind::True,
        _ => Kind::Text,
    }
}

impl Judge {
    /// With the definitions that the schema leads to alone; no other is read.
    fn new(book: &Book, schema: &Value) -> Self {
        let mut definitions = Map::new();
        gather(book, schema, &mut definitions);
        let mut schema = plain(schema);
        if let Value::Object(schema) = &mut schema {
            schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
            schema.insert("$defs".to_owned(), Value::Object(definitions));
        }
        let options = jsonschema::options_for::<Spanned>().with_pattern_options(PatternOptions::regex());
        let validator = options.build(&schema).expect("a schema of the contract, every one of which a test builds");
        Self { schema, validator }
    }
}

fn gather(book: &Book, schema: &Value, definitions: &mut Map<String, Value>) {
    match schema {
        Value::Object(fields) => {
            let name = fields.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/"));
            let new = name.filter(|name| !definitions.contains_key(*name));
            if let Some((name, found)) = new.and_then(|name| Some((name, book.definitions.get(name)?))) {
                definitions.insert(name.to_owned(), plain(found));
                gather(book, found, definitions);
            }
            fields.values().for_each(|value| gather(book, value, definitions));
        }
        Value::Array(elements) => elements.iter().for_each(|element| gather(book, element, definitions)),
        _ => {}
    }
}

/// A schema without what only people read.
fn plain(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(key, _)| !key.starts_with("x-") && *key != "description");
            Value::Object(kept.map(|(key, value)| (key.clone(), inner(key, value))).collect())
        }
        Value::Array(elements) => elements.iter().map(plain).collect(),
        other => other.clone(),
    }
}

/// The keys of `properties` are names of fields, and not of rules.
fn inner(key: &str, value: &Value) -> Value {
    match value {
        Value::Object(fields) if key == "properties" => {
            Value::Object(fields.iter().map(|(name, field)| (name.clone(), plain(field))).collect())
        }
        other => plain(other),
    }
}

/// Whether a mark that is there means yes; of one that cannot be read nobody knows.
fn says(mark: &Mark, root: Node<'_>) -> Option<bool> {
    let found = root.get(&mark.member)?;
    match &mark.value {
        Value::Bool(yes) => match found.kind() {
            Kind::True => Some(*yes),
            Kind::False => Some(!*yes),
            _ => None,
        },
        Value::Number(yes) => found.number().map(|number| number == yes.to_string()),
        Value::String(yes) => found.text().map(|text| *text == *yes),
        _ => None,
    }
}

fn says_no(envelope: &Envelope, root: Node<'_>) -> bool {
    envelope.success.iter().any(|mark| says(mark, root) == Some(false))
}

fn says_yes(envelope: &Envelope, root: Node<'_>) -> bool {
    let is_yes = |mark: &Mark| match says(mark, root) {
        Some(yes) => yes,
        None => !mark.required && root.get(&mark.member).is_none(),
    };
    envelope.success.iter().all(is_yes)
}

fn has_payload(envelope: &Envelope, root: Node<'_>) -> bool {
    let Some(member) = &envelope.payload else { return true };
    root.get(member).is_some_and(|payload| payload.kind() != Kind::Null)
}

#[cfg(test)]
mod tests;
