//! What does the contract ask of a request, and what does it answer? One endpoint per operation, made once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hyper::http::request::Parts;
use paywall_contract::document::OperationNode;
use paywall_contract::model::Model;
use paywall_contract::node::{Kind, Node};
use paywall_contract::sample::Part;
use paywall_contract::{Document, Findings, json_schema};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::bank::{Filled, Templates};
use crate::envelope::Envelope;
use crate::rules::Rules;
use crate::text::{made, made_field};
use crate::{stand_in, text};

/// Everything that the server knows of a contract.
#[derive(Debug)]
pub(crate) struct Contract {
    pub(crate) endpoints: Vec<Endpoint>,
    /// What an answer is wrapped in that belongs to no operation.
    pub(crate) envelope: Envelope,
}

/// An operation as the server sees it.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) operation: String,
    /// In capitals.
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) pair: Option<String>,
    pub(crate) body: Option<Body>,
    pub(crate) parameters: Option<Inputs>,
    /// The documented answers by case, as JSON.
    pub(crate) samples: BTreeMap<String, String>,
    /// What answers are wrapped in.
    pub(crate) envelope: Envelope,
    /// What a good request is answered with.
    pub(crate) success: String,
    /// The same, taken apart.
    answer: Node,
    /// Which fields of the request an answer repeats: a pointer into the one, and into the body of the other.
    echoes: Vec<(String, String)>,
}

/// What the JSON body of a request must be.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) rules: Rules,
}

/// The inputs that travel in the path, in the query or as headers.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) rules: Rules,
    fields: Vec<InputField>,
    /// The path, with the parts that are filled in.
    template: String,
}

impl Contract {
    pub(crate) fn new(document: &Document, model: &Model) -> Result<Self, Findings> {
        let operations = paywall_contract::document::operations(document);
        let endpoints = operations.iter().map(|operation| Endpoint::new(document, model, operation));
        Ok(Self { endpoints: endpoints.collect::<Result<_, _>>()?, envelope: Envelope::first(document) })
    }

    /// The operations at a path, one per method.
    pub(crate) fn at(&self, path: &str) -> Vec<&Endpoint> {
        let fits = |endpoint: &&Endpoint| paywall_contract::document::is_path_of(&endpoint.path, path);
        let mut there: Vec<&Endpoint> = self.endpoints.iter().filter(fits).collect();
        // Where two paths fit, the one that says more of it letter by letter wins.
        there.sort_by(|one, other| paywall_contract::document::by_letter(&one.path, &other.path));
        there
    }

    /// The documented bodies of all answers.
    pub(crate) fn templates(&self) -> Templates {
        let mut templates = Templates::default();
        for endpoint in &self.endpoints {
            for (case, sample) in &endpoint.samples {
                if let Some(body) =
                    text::read(sample).ok().and_then(|answer| endpoint.envelope.payload(&answer).cloned())
                {
                    templates.add(&endpoint.operation, case, body);
                }
            }
        }
        templates
    }

    pub(crate) fn endpoint(&self, operation: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.operation == operation)
    }
}

impl Endpoint {
    fn new(document: &Document, model: &Model, operation: &OperationNode<'_>) -> Result<Self, Findings> {
        let id = operation.id();
        let mut known = model.services.iter().flat_map(|service| &service.operations);
        let samples = answers(document, id, |_| true);
        let envelope = Envelope::of(document, operation);
        let success = success(document, &envelope, operation);
        Ok(Self {
            operation: id.to_owned(),
            method: operation.verb.to_ascii_uppercase(),
            path: operation.path.to_owned(),
            pair: known.find(|known| known.id == id).and_then(|known| known.pair.clone()),
            body: Body::new(document, operation)?,
            parameters: Inputs::new(document, operation)?,
            samples,
            answer: text::read(&success).unwrap_or_else(|_| made(Kind::Null)),
            echoes: echoes(operation),
            envelope,
            success,
        })
    }
}

impl Endpoint {
    /// A request that has passed the judge as nodes, in which numbers keep their text: its parameters, its body, or an
    /// object of both. Nothing where the body is no JSON.
    pub(crate) fn request(&self, head: &Parts, body: &[u8]) -> Option<Node> {
        let inputs = self.parameters.as_ref().map(|inputs| inputs.told(head));
        if self.body.is_none() {
            return Some(inputs.unwrap_or_else(|| made(Kind::Null)));
        }
        let body = if body.is_empty() { made(Kind::Map(Vec::new())) } else { json(body)? };
        Some(match inputs {
            Some(inputs) => map([("parameters", inputs), ("body", body)]),
            None => body,
        })
    }

    /// The same as JSON: a body by itself stands as it came.
    pub(crate) fn request_text<'b>(&self, head: &Parts, body: &'b [u8]) -> Option<Cow<'b, str>> {
        if self.parameters.is_some() || self.body.is_none() || body.is_empty() {
            return self.request(head, body).map(|request| Cow::Owned(text::write(&request)));
        }
        std::str::from_utf8(body).ok().map(Cow::Borrowed)
    }

    /// What a good request is answered with: the documented answer, which repeats what this request says.
    pub(crate) fn success_to(&self, head: &Parts, body: &[u8]) -> String {
        let request = if self.echoes.is_empty() { None } else { self.request(head, body) };
        match request {
            Some(request) => text::write(&repeating(&self.echoes, &request, self.answer.clone(), &self.envelope)),
            None => self.success.clone(),
        }
    }

    /// The documented success with this body.
    pub(crate) fn success_with(&self, body: &Node) -> String {
        self.envelope.with_payload(&self.answer, body)
    }
}

/// The fields of a request that its answer repeats, but for what the caller alone knows.
fn echoes(operation: &OperationNode<'_>) -> Vec<(String, String)> {
    let echoes = operation.node.get("x-echo").map(Node::elements).unwrap_or_default();
    let text = |echo: &Node, key: &str| echo.text_of(key).unwrap_or_default().to_owned();
    let echoes = echoes.iter().map(|echo| (text(echo, "request"), text(echo, "answer")));
    echoes.filter(|(request, _)| request.starts_with('/')).collect()
}

/// An answer that repeats what `request` says, where it says anything.
fn repeating(echoes: &[(String, String)], request: &Node, answer: Node, envelope: &Envelope) -> Node {
    let repeat = |answer: Filled, (sent, repeated): &(String, String)| {
        let sent = ["", "/body", "/parameters"].iter().find_map(|holder| request.pointer(&format!("{holder}{sent}")));
        let place = envelope.place(repeated);
        match sent.filter(|_| answer.has(&place)) {
            Some(sent) => answer.set(&place, sent.clone()),
            None => answer,
        }
    };
    echoes.iter().fold(Filled::from(answer), repeat).done()
}

fn json(body: &[u8]) -> Option<Node> {
    text::read(std::str::from_utf8(body).ok()?).ok()
}

fn map<'k>(fields: impl IntoIterator<Item = (&'k str, Node)>) -> Node {
    made(Kind::Map(fields.into_iter().map(|(key, value)| made_field(key.to_owned(), value)).collect()))
}

/// What the documented request of an operation is answered with: the documented answer, or one that stands in for it, which
/// repeats what that request says. Nothing if the contract has no such operation.
#[must_use]
pub fn usual_answer(document: &Document, operation: &str) -> Option<String> {
    let operations = paywall_contract::document::operations(document);
    let operation = operations.iter().find(|known| known.id() == operation)?;
    let envelope = Envelope::of(document, operation);
    let answer = success(document, &envelope, operation);
    let samples = paywall_contract::sample::all(document);
    let request = samples.iter().find(|sample| sample.operation == operation.id() && sample.part == Part::Request);
    let (Some(request), Ok(node)) = (request, text::read(&answer)) else { return Some(answer) };
    Some(text::write(&repeating(&echoes(operation), request.node, node, &envelope)))
}

fn success(document: &Document, envelope: &Envelope, operation: &OperationNode<'_>) -> String {
    let documented = answers(document, operation.id(), |sample| !is_refusal(sample)).into_values().next();
    documented.unwrap_or_else(|| envelope.success(&stand_in::body(document, operation)))
}

fn is_refusal(sample: &paywall_contract::sample::Sample<'_>) -> bool {
    sample.entry.and_then(|entry| entry.value.text_of("outcome")) == Some("refused")
}

/// The documented answers of an operation by case, those that `wanted` keeps.
fn answers(
    document: &Document,
    operation: &str,
    wanted: impl Fn(&paywall_contract::sample::Sample<'_>) -> bool,
) -> BTreeMap<String, String> {
    let samples = paywall_contract::sample::all(document).into_iter();
    let own = samples.filter(|sample| sample.operation == operation && sample.part == Part::Response && wanted(sample));
    own.map(|sample| (sample.case.to_owned(), text::write(sample.node))).collect()
}

impl Body {
    fn new(document: &Document, operation: &OperationNode<'_>) -> Result<Option<Self>, Findings> {
        let Some(schema) = operation.body() else { return Ok(None) };
        let required = operation.node.get("requestBody").is_some_and(|body| body.is_true("required"));
        let rules = Rules::new(document, &schema.at, json_schema::convert(operation.file, schema))?;
        Ok(Some(Self { required, rules }))
    }
}

/// An input that travels outside of a body.
#[derive(Debug)]
struct InputField {
    name: String,
    place: InputPlace,
    /// Whether its text is a JSON number or a boolean.
    is_json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InputPlace {
    Path,
    Query,
    Header,
}

impl Inputs {
    fn new(document: &Document, operation: &OperationNode<'_>) -> Result<Option<Self>, Findings> {
        let Some(list) = operation.node.get("parameters") else { return Ok(None) };
        let fields = list.elements().iter().filter_map(|parameter| {
            let (name, schema) = (parameter.text_of("name")?, parameter.get("schema")?);
            let place = match parameter.text_of("in") {
                Some("path") => InputPlace::Path,
                Some("query") => InputPlace::Query,
                _ => InputPlace::Header,
            };
            Some(InputField { name: name.to_owned(), place, is_json: is_json(document, operation.file, schema) })
        });
        let schema = json_schema::of_parameters(operation.file, list.elements());
        let rules = Rules::new(document, &list.at, schema)?;
        Ok(Some(Self { rules, fields: fields.collect(), template: operation.path.to_owned() }))
    }

    /// The inputs that were sent more than once, of which nobody knows which one counts.
    pub(crate) fn repeated(&self, head: &Parts) -> Vec<String> {
        let repeated = self.fields.iter().filter(|field| self.texts(field, head).len() > 1);
        repeated.map(|field| format!("/{}: sent more than once", field.name)).collect()
    }

    /// What the headers are called.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|field| field.place == InputPlace::Header).map(|field| field.name.as_str())
    }

    /// What stands in a request for an input, as often as it does.
    fn texts(&self, field: &InputField, head: &Parts) -> Vec<String> {
        match field.place {
            InputPlace::Header => {
                let sent = head.headers.get_all(&field.name).iter();
                sent.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
            }
            InputPlace::Path => {
                let name = format!("{{{}}}", field.name);
                let parts = self.template.split('/').zip(head.uri.path().split('/'));
                parts.filter(|(part, _)| *part == name).map(|(_, sent)| decoded(sent)).collect()
            }
            InputPlace::Query => {
                let pairs = url::form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
                pairs.filter(|(name, _)| *name == field.name).map(|(_, value)| value.into_owned()).collect()
            }
        }
    }

    /// What the inputs say, as nodes.
    fn told(&self, head: &Parts) -> Node {
        let given = self.fields.iter().filter_map(|field| {
            let text = self.texts(field, head).into_iter().next()?;
            let value = field.is_json.then(|| text::read(&text).ok()).flatten();
            Some((field.name.as_str(), value.unwrap_or_else(|| made(Kind::Text(text)))))
        });
        map(given)
    }

    /// What the inputs say, as one object.
    pub(crate) fn read(&self, head: &Parts) -> Value {
        let given = self.fields.iter().filter_map(|field| {
            let text = self.texts(field, head).into_iter().next()?;
            let value = field.is_json.then(|| serde_json::from_str(&text).ok()).flatten();
            Some((field.name.clone(), value.unwrap_or_else(|| Value::from(text))))
        });
        Value::Object(given.collect())
    }
}

/// A part of a path as it was before it was written into the address.
fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

fn is_json(document: &Document, file: &str, schema: &Node) -> bool {
    let kind =
        paywall_contract::document::followed(document, file, schema).and_then(|(_, schema)| schema.text_of("type"));
    matches!(kind, Some("integer" | "number" | "boolean"))
}
