//! `answer-form`, `envelope`: an answer is an envelope and what it carries, or says that it has none; nothing else can be
//! read in two steps.

use crate::document::{self, OperationNode, SchemaNode};
use crate::finding::Finding;
use crate::model::{Literal, Type};
use crate::node::Node;
use crate::read::Document;
use crate::schema;
use crate::spelling::did_you_mean;

const RULE: &str = "answer-form";
const ENVELOPE: &str = "envelope";

pub(super) fn check(document: &Document) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        document::envelopes(document).iter().flat_map(|one| envelope(document, one)).collect();
    for operation in document::operations(document) {
        findings.extend(success(document, &operation));
        findings.extend(failure(document, &operation));
    }
    findings
}

/// Everything that the mark of an envelope names is there and of a type that the runtime reads.
fn envelope(document: &Document, named: &SchemaNode<'_>) -> Vec<Finding> {
    let Some(marks) = named.node.get("x-envelope") else { return Vec::new() };
    let success = marks.get("success").map(Node::elements).unwrap_or_default();
    let mut findings = Vec::new();
    if let (Some(list), true) = (marks.get("success"), success.is_empty()) {
        let fix = "name the members that say whether an answer is a success, with the value that means yes";
        findings.push(Finding::new(ENVELOPE, &list.at, "no mark of success", fix));
    }
    findings.extend(success.iter().filter_map(|mark| odd_mark(document, named, mark)));
    let texts = marks.get("messages").map(Node::elements).unwrap_or_default().iter().map(|name| (name, Kind::Text));
    let of = |key: &str, kind| marks.get(key).map(|name| (name, kind));
    let list = marks.get("errors").and_then(|errors| errors.get("member")).map(|name| (name, Kind::List));
    let members = of("code", Kind::Code).into_iter().chain(of("code_type", Kind::Number)).chain(texts).chain(list);
    findings.extend(members.filter_map(|(name, kind)| odd_member(document, named, name, kind)));
    findings.extend(marks.get("errors").into_iter().flat_map(|errors| odd_errors(document, named, errors)));
    findings.extend(payload_twice(named, marks));
    findings
}

/// What the runtime reads at a member.
#[derive(Clone, Copy)]
enum Kind {
    Code,
    Number,
    Text,
    List,
}

impl Kind {
    fn fits(self, found: &Type) -> bool {
        let is_number = matches!(found, Type::Int32 | Type::Int64);
        match self {
            Self::Code => is_number || *found == Type::Text,
            Self::Number => is_number,
            Self::Text => *found == Type::Text,
            Self::List => matches!(found, Type::List(_)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Code => "a whole number or a string, or a list of such codes",
            Self::Number => "a whole number",
            Self::Text => "a string",
            Self::List => "a list",
        }
    }
}

/// A property of an envelope.
fn property<'d>(named: &SchemaNode<'d>, name: &str) -> Option<&'d Node> {
    named.node.get("properties")?.get(name)
}

fn unknown_member(named: &SchemaNode<'_>, name: &Node) -> Option<Finding> {
    let text = name.text()?;
    let properties = named.node.get("properties").map(Node::entries).unwrap_or_default();
    let known = || properties.iter().map(|entry| entry.key.as_str());
    (!known().any(|name| name == text)).then(|| {
        let fix = did_you_mean(text, known(), "name a property of the envelope");
        Finding::new(ENVELOPE, &name.at, format!("the envelope has no `{text}`"), fix)
    })
}

fn odd_member(document: &Document, named: &SchemaNode<'_>, name: &Node, kind: Kind) -> Option<Finding> {
    let unknown = unknown_member(named, name);
    if unknown.is_some() {
        return unknown;
    }
    let (text, found) = (name.text()?, document::wire_type(document, named.file, property(named, name.text()?)?)?);
    (!kind.fits(&found)).then(|| {
        let message = format!("`{text}` of the envelope is not {}", kind.name());
        Finding::new(ENVELOPE, &name.at, message, format!("name a field that is {}", kind.name()))
    })
}

/// The value that means yes is one that the member may have.
fn odd_mark(document: &Document, named: &SchemaNode<'_>, mark: &Node) -> Option<Finding> {
    let (name, value) = (mark.get("member")?, mark.get("value")?);
    let unknown = unknown_member(named, name);
    if unknown.is_some() {
        return unknown;
    }
    let found = document::wire_type(document, named.file, property(named, name.text()?)?)?;
    let fits = match schema::literal(value) {
        Some(Literal::Bool(_)) => found == Type::Bool,
        Some(Literal::Int(_)) => matches!(found, Type::Int32 | Type::Int64),
        Some(Literal::Text(_)) => found == Type::Text,
        Some(Literal::Null) | None => false,
    };
    (!fits).then(|| {
        let fix = "write a boolean, a whole number or a string, as the member is typed";
        Finding::new(ENVELOPE, &value.at, "no value that the member may have", fix)
    })
}

/// Code and message of an element are properties of it.
fn odd_errors(document: &Document, named: &SchemaNode<'_>, errors: &Node) -> Vec<Finding> {
    let items = || property(named, errors.text_of("member")?)?.get("items");
    let Some((_, element)) = items().and_then(|items| document::followed(document, named.file, items)) else {
        return Vec::new();
    };
    let properties = element.get("properties").map(Node::entries).unwrap_or_default();
    let known = || properties.iter().map(|entry| entry.key.as_str());
    let parts = ["code", "message"].into_iter().filter_map(|key| errors.get(key));
    parts
        .filter(|name| !known().any(|known| Some(known) == name.text()))
        .map(|name| {
            let text = name.text().unwrap_or_default();
            let fix = did_you_mean(text, known(), "name a property of the list's elements");
            Finding::new(ENVELOPE, &name.at, format!("the elements of the list have no `{text}`"), fix)
        })
        .collect()
}

/// What is carried is another thing in each answer, so the envelope itself has no property of that name.
fn payload_twice(named: &SchemaNode<'_>, marks: &Node) -> Option<Finding> {
    let payload = marks.get("payload")?;
    property(named, payload.text()?).map(|_| {
        let fix = "remove the property: each answer writes its own";
        Finding::new(ENVELOPE, &payload.at, "the payload is a property of the envelope itself", fix)
    })
}

fn success(document: &Document, operation: &OperationNode<'_>) -> Option<Finding> {
    let answer = operation.answer()?;
    (operation.answer_in(document).is_none()).then(|| {
        Finding::new(
            RULE,
            &answer.at,
            "an answer that is not an envelope and what it carries",
            "write `allOf: [{$ref: a schema with x-envelope}, {type: object, properties: {its payload: …}}]`, \
             or `x-no-envelope: true` at the operation",
        )
    })
}

fn failure(document: &Document, operation: &OperationNode<'_>) -> Option<Finding> {
    let schema =
        operation.node.get("responses")?.get("default")?.get("content")?.get("application/json")?.get("schema")?;
    let named = schema.text_of("$ref").and_then(|text| document::named(document, operation.file, text));
    (!named.is_some_and(|named| named.is_envelope())).then(|| {
        let fix = "refer to a schema with `x-envelope`, or leave out the content";
        Finding::new(RULE, &schema.at, "a `default` answer that is no envelope", fix)
    })
}
