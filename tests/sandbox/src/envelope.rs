//! How an answer is wrapped: the envelope that the contract gives its operation, filled in.

use paywall_contract::Document;
use paywall_contract::document::{self, OperationNode, SchemaNode};
use paywall_contract::model::{self, ErrorList, Literal, SuccessMark};
use paywall_contract::node::{Entry, Kind, Node};
use paywall_contract::pointer;

use crate::text::{self, made, made_field, quoted};

/// What answers of an operation are wrapped in, and which error codes are documented.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    /// None where answers have none.
    places: Option<model::Envelope>,
    codes: Vec<i64>,
}

/// What both numberings call a failure that they have no number for.
const GENERAL_ERROR: i64 = -1;

impl Envelope {
    /// That of an operation's answers.
    pub(crate) fn of(document: &Document, operation: &OperationNode<'_>) -> Self {
        Self::from(document, operation.answer_in(document).and_then(|answer| answer.envelope))
    }

    /// The first of the contract, for what belongs to no operation.
    pub(crate) fn first(document: &Document) -> Self {
        Self::from(document, document::envelopes(document).into_iter().next())
    }

    fn from(document: &Document, named: Option<SchemaNode<'_>>) -> Self {
        let places = named.map(|named| paywall_contract::envelope(document, &named));
        let of_code = |named: &SchemaNode<'_>| {
            places.as_ref().is_some_and(|places| places.code_lists.iter().any(|list| list == named.name))
        };
        let lists = document::schemas(document).into_iter().filter(of_code);
        let codes = lists.flat_map(|named| named.node.get("x-extensible-enum").map(Node::elements).unwrap_or_default());
        let codes = codes.filter_map(|code| code.get("value").and_then(Node::int)).collect();
        Self { places, codes }
    }

    /// A refusal. A code that no list documents becomes -1, the general error.
    pub(crate) fn refusal(&self, code: i64, message: &str) -> String {
        let code = if self.codes.contains(&code) { code } else { GENERAL_ERROR };
        self.wrap(Some(code), message, "null")
    }

    /// A refusal with exactly this code.
    pub(crate) fn refusal_of(&self, code: i64, message: &str) -> String {
        self.wrap(Some(code), message, "null")
    }

    /// A refusal with a body beside it.
    pub(crate) fn refusal_with(&self, code: i64, message: &str, body: &str) -> String {
        self.wrap(Some(code), message, body)
    }

    /// A success.
    pub(crate) fn success(&self, body: &str) -> String {
        self.wrap(None, "", body)
    }

    /// What an answer carries.
    pub(crate) fn payload<'n>(&self, answer: &'n Node) -> Option<&'n Node> {
        match self.member() {
            Some(member) => answer.get(member),
            None => Some(answer),
        }
    }

    /// The pointer into an answer to a place in what it carries.
    pub(crate) fn place(&self, inside: &str) -> String {
        let payload = self.member().map(|member| pointer::join("", member)).unwrap_or_default();
        format!("{payload}{inside}")
    }

    /// An answer with another payload.
    pub(crate) fn with_payload(&self, answer: &Node, payload: &Node) -> String {
        let (Kind::Map(entries), Some(member)) = (&answer.kind, self.member()) else {
            return self.success(&text::write(payload));
        };
        let mut written = String::with_capacity(1024);
        let fields = entries.iter().map(|entry| {
            let value = if entry.key == member { payload } else { &entry.value };
            (entry.key.as_str(), value)
        });
        text::push_object(fields, &mut written);
        written
    }

    fn member(&self) -> Option<&str> {
        self.places.as_ref()?.payload.as_deref()
    }

    /// A refusal with this code, or a success.
    fn wrap(&self, code: Option<i64>, message: &str, body: &str) -> String {
        let Some(places) = &self.places else { return body.to_owned() };
        let mut members = Members(Vec::new());
        for mark in &places.success {
            members.put(&mark.member, marked(mark, code, places.code.as_ref() == Some(&mark.member)));
        }
        if let Some(name) = &places.code {
            members.put(name, code.map_or_else(|| "null".to_owned(), |code| said(code, self.codes.is_empty())));
        }
        if let Some(name) = places.messages.first() {
            members.put(name, quoted(message));
        }
        if let Some(errors) = &places.errors {
            members.put(&errors.member, listed(errors, code, message));
        }
        match (&places.payload, text::read(body).map(|body| body.kind)) {
            (Some(name), _) => members.put(name, body.to_owned()),
            (None, Ok(Kind::Map(entries))) => members.extend(entries),
            (None, _) => {}
        }
        members.written()
    }
}

/// Members in the order in which they were first put.
struct Members(Vec<(String, String)>);

impl Members {
    fn put(&mut self, name: &str, json: String) {
        if !self.0.iter().any(|(known, _)| known == name) {
            self.0.push((name.to_owned(), json));
        }
    }

    fn extend(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.put(&entry.key, text::write(&entry.value));
        }
    }

    fn written(&self) -> String {
        let members = self.0.iter().map(|(name, json)| format!("{}:{json}", quoted(name)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

/// What a mark of success says: yes, or another value of its kind. Where the mark is the code, that is it.
fn marked(mark: &SuccessMark, code: Option<i64>, is_code: bool) -> String {
    match (&mark.value, code) {
        (Literal::Bool(yes), code) => (*yes == code.is_none()).to_string(),
        (Literal::Int(_), Some(code)) if is_code => code.to_string(),
        (Literal::Int(yes), code) => code.map_or(*yes, |_| yes.wrapping_add(1)).to_string(),
        (Literal::Text(yes), None) => quoted(yes),
        (Literal::Text(_), Some(code)) => quoted(&code.to_string()),
        (Literal::Null, _) => "null".to_owned(),
    }
}

/// A number, or a text where the documented codes are no numbers.
fn said(code: i64, is_text: bool) -> String {
    if is_text { quoted(&code.to_string()) } else { code.to_string() }
}

/// What went wrong, as the only element of the list of it.
fn listed(errors: &ErrorList, code: Option<i64>, message: &str) -> String {
    let Some(code) = code else { return "[]".to_owned() };
    let fields = [(&errors.code, code.to_string()), (&errors.message, message.to_owned())];
    let fields = fields.into_iter().filter_map(|(name, text)| {
        let text = made(Kind::Text(text));
        name.as_ref().map(|name| made_field(name.clone(), text))
    });
    text::write(&made(Kind::List(vec![made(Kind::Map(fields.collect()))])))
}
