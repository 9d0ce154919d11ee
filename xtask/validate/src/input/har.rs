//! Which payloads does captured traffic hold? HAR 1.2, as browsers and proxies save it.

use std::borrow::Cow;
use std::ops::Range;

use crate::checker::{Checker, Form, ParameterInput, Part, PayloadId, Place};
use crate::input::address;
use crate::input::body::{self, Body, Quoted};
use crate::input::decoded::Decoded;
use crate::input::form::{self, Pairs};
use crate::report::Unreadable;
use crate::tree::{Kind, Node, Pair};

/// One payload within the file.
#[derive(Debug)]
pub struct Embedded<'t> {
    /// What it is.
    pub id: PayloadId,
    /// `entries[3] POST /path request`.
    pub label: Box<str>,
    /// The pairs, where it is a form or headers.
    pub pairs: Option<Vec<Pair>>,
    /// Whether it stands in another place than HAR has for it.
    pub is_misplaced: bool,
    /// What the text in the file stands for, where that is not the payload's text itself; the payload's first.
    layers: Vec<Decoded>,
    outer: Option<Quoted<'t>>,
}

impl Embedded<'_> {
    /// The payload's text.
    #[must_use]
    pub fn text(&self) -> &str {
        match (self.layers.first(), &self.outer) {
            (Some(layer), _) => &layer.text,
            (None, Some(outer)) => &outer.text,
            (None, None) => "",
        }
    }

    /// The bytes of the file that a part of the text comes from.
    #[must_use]
    pub fn raw(&self, part: &Range<usize>) -> Range<usize> {
        let part = self.layers.iter().fold(part.clone(), |part, layer| layer.raw(&part));
        self.outer.as_ref().map_or_else(|| part.clone(), |outer| outer.raw(&part))
    }
}

/// The entries, if a value is a HAR file.
#[must_use]
pub fn entries(root: Node<'_>) -> Option<impl Iterator<Item = Node<'_>>> {
    let entries = root.get("log")?.get("entries")?;
    (entries.kind() == Kind::List).then(|| entries.children())
}

/// What one entry holds.
#[derive(Debug)]
pub enum Entry<'t> {
    /// It goes to no known operation.
    Elsewhere,
    /// It goes to an operation that the command line leaves out.
    LeftOut,
    /// What goes there and back.
    Known(Vec<Half<'t>>),
}

/// What was recorded of one way of an exchange.
#[derive(Debug)]
pub enum Half<'t> {
    /// A payload.
    Payload(Embedded<'t>),
    /// Something that cannot be read, and where.
    Unreadable(Box<str>, Unreadable),
    /// Nothing.
    Missing(Part),
}

/// Which payloads are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// Of this operation alone.
    pub operation: Option<&'w str>,
    /// This part alone.
    pub part: Option<Part>,
}

/// The payloads of one entry.
#[must_use]
pub fn entry<'t>(checker: &Checker, wanted: Wanted<'_>, index: usize, entry: Node<'t>) -> Entry<'t> {
    let Some((method, path, operation)) = route(checker, entry) else {
        return message(checker, wanted, index, entry).map_or(Entry::Elsewhere, |half| Entry::Known(vec![half]));
    };
    if wanted.operation.is_some_and(|wanted| wanted != operation) {
        return Entry::LeftOut;
    }
    let label = |what: &str| format!("entries[{index}] {method} {path} {what}").into_boxed_str();
    let is_wanted = |part| wanted.part.is_none_or(|wanted| wanted == part);
    let mut halves = Vec::new();
    if let Some(id) = checker.find(operation, Part::Request).filter(|_| is_wanted(Part::Request)) {
        match entry.get("request") {
            Some(sent) => {
                let beside =
                    checker.headers_beside(id).map(|id| parameters(checker, id, label("request parameters"), sent));
                halves.extend(beside.map(Half::Payload));
                halves.push(request(checker, id, label("request"), sent));
            }
            None => halves.push(Half::Missing(Part::Request)),
        }
    }
    if let Some(id) = checker.find(operation, Part::Response).filter(|_| is_wanted(Part::Response)) {
        halves.push(match entry.get("response") {
            Some(answered) => response(id, label("response"), answered),
            None => Half::Missing(Part::Response),
        });
    }
    Entry::Known(halves)
}

/// A message of Paywall's goes to an address of the merchant's, which no contract knows: what is posted in its form is
/// taken for it where the command line names it. The address may say anything, and is not shown.
fn message<'t>(checker: &Checker, wanted: Wanted<'_>, index: usize, entry: Node<'t>) -> Option<Half<'t>> {
    let id = checker.find(wanted.operation?, Part::Request).filter(|id| checker.is_message(*id))?;
    let sent = entry.get("request")?;
    let kind = sent.get("postData")?.get("mimeType")?.text()?.to_ascii_lowercase();
    let wanted = if checker.form(id) == Form::Form { "form-urlencoded" } else { "json" };
    if !kind.contains(wanted) {
        return None;
    }
    Some(request(checker, id, format!("entries[{index}] request").into(), sent))
}

/// The method, the path as the contract writes it, and the operation there.
fn route<'c>(checker: &'c Checker, entry: Node<'_>) -> Option<(String, &'c str, &'c str)> {
    let request = entry.get("request")?;
    let method = request.get("method")?.text()?.trim().to_ascii_uppercase();
    let url = request.get("url")?.text()?;
    let (path, operation) = address::paths(&url).iter().find_map(|path| checker.at_route(&method, path))?;
    Some((method, path, operation))
}

fn request<'t>(checker: &Checker, id: PayloadId, label: Box<str>, request: Node<'t>) -> Half<'t> {
    let body = || Body::of(request.get("postData"), request);
    match checker.form(id) {
        Form::Headers => Half::Payload(parameters(checker, id, label, request)),
        Form::Form => form_of(checker, id, label, body()),
        Form::Json | Form::HeadersAndBody | Form::HeadersBeside => json(id, label, body()),
    }
}

fn response(id: PayloadId, label: Box<str>, response: Node<'_>) -> Half<'_> {
    json(id, label, Body::of(response.get("content"), response)).of_part(Part::Response)
}

impl Half<'_> {
    fn of_part(self, part: Part) -> Self {
        match self {
            Self::Missing(_) => Self::Missing(part),
            other => other,
        }
    }
}

/// A body of JSON.
fn json(id: PayloadId, label: Box<str>, body: Body<'_>) -> Half<'_> {
    let embedded = |label, outer, inner: Option<Decoded>, is_misplaced| {
        let layers = inner.into_iter().collect();
        Half::Payload(Embedded { id, label, pairs: None, is_misplaced, layers, outer: Some(outer) })
    };
    match body {
        Body::Missing => Half::Missing(Part::Request),
        Body::Text(outer, inner) => embedded(label, outer, inner, false),
        Body::Bytes(..) => Half::Unreadable(label, body::no_text()),
        Body::Value(outer, _) => embedded(label, outer, None, true),
        Body::Fields(_) => Half::Unreadable(
            label,
            Unreadable::file("expected a body of JSON, found the fields of a form (`params`): it was not checked")
                .help("save the traffic with the `text` of what was posted"),
        ),
        Body::Unreadable(unreadable) => Half::Unreadable(label, unreadable),
    }
}

/// A form: as it was sent, or taken apart by whoever wrote the file.
fn form_of<'t>(checker: &Checker, id: PayloadId, label: Box<str>, body: Body<'t>) -> Half<'t> {
    let (read, inner, outer, is_misplaced) = match body {
        Body::Missing => return Half::Missing(Part::Request),
        Body::Unreadable(unreadable) => return Half::Unreadable(label, unreadable),
        Body::Fields(fields) => (pairs_of(fields), None, None, false),
        Body::Value(_, fields) => (pairs_of(fields), None, None, true),
        Body::Text(outer, inner) => {
            let pairs = form::fields(inner.as_ref().map_or(&*outer.text, |inner| &inner.text).as_bytes());
            (Ok(pairs), inner, Some(outer), false)
        }
        Body::Bytes(outer, bytes, places) => (Ok(form::fields(&bytes)), Some(places), Some(outer), false),
    };
    match read {
        Ok(mut pairs) => {
            pairs.sort(checker.parameters(id));
            let layers = std::iter::once(pairs.decoded).chain(inner).collect();
            Half::Payload(Embedded { id, label, pairs: Some(pairs.pairs), is_misplaced, layers, outer })
        }
        Err(unreadable) => Half::Unreadable(label, unreadable),
    }
}

/// Those headers and parts of the address that the operation takes. The others belong to HTTP, or are keys.
fn parameters<'t>(checker: &Checker, id: PayloadId, label: Box<str>, request: Node<'t>) -> Embedded<'t> {
    let inputs = checker.parameters(id);
    let mut pairs = Pairs::default();
    for (list, place) in [("headers", Place::Header), ("queryString", Place::Query)] {
        for (name, at, value) in request.get(list).into_iter().flat_map(Node::children).filter_map(named) {
            let is_it = |input: &&ParameterInput| input.place == place && input.name.eq_ignore_ascii_case(&name);
            if let (Some(input), Some(value)) = (inputs.iter().find(is_it), value.and_then(written)) {
                pairs.push(&input.name, at, &value, Kind::Text);
            }
        }
    }
    if let Some(url) = request.get("url") {
        for (name, text) in in_address(checker.path(id).unwrap_or_default(), url, request.get("queryString").is_some())
        {
            let is_it =
                |input: &&ParameterInput| input.place != Place::Header && input.name.eq_ignore_ascii_case(&name);
            if let Some(input) = inputs.iter().find(is_it) {
                let (at, length) = (url.span().start + 1, url.raw().len().saturating_sub(2));
                let mut value = Decoded::default();
                value.escape(&text, at, length);
                pairs.push(&input.name, at, &value, Kind::Text);
            }
        }
    }
    if pairs.pairs.is_empty() {
        // What is missing is missing where the headers stand.
        let place = request.get("headers").unwrap_or(request).span().start;
        pairs.decoded.nothing(place);
    }
    pairs.sort(inputs);
    let layers = vec![pairs.decoded];
    Embedded { id, label, pairs: Some(pairs.pairs), is_misplaced: false, layers, outer: None }
}

/// The names and values that stand in an address: the parts of a path that are filled in, and the query, unless that is
/// listed by itself.
fn in_address(template: &str, url: Node<'_>, has_query: bool) -> Vec<(String, String)> {
    let Some(url) = url.text() else { return Vec::new() };
    let own = template.split('/').filter(|part| !part.is_empty()).count();
    let named = address::paths(&url).into_iter().find_map(|path| {
        let parts: Vec<String> = address::parts(&path).collect();
        (parts.len() == own).then_some(parts)
    });
    let template = template.split('/').filter(|part| !part.is_empty());
    let filled = template
        .zip(named.unwrap_or_default())
        .filter_map(|(own, part)| Some((own.strip_prefix('{')?.strip_suffix('}')?.to_owned(), part)));
    let query =
        url.split_once('?').map(|(_, query)| query.split('#').next().unwrap_or_default()).filter(|_| !has_query);
    let query = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    filled.chain(query.map(|(name, value)| (name.into_owned(), value.into_owned()))).collect()
}

/// The fields of a form, in a list of names and values or as an object.
fn pairs_of(fields: Node<'_>) -> Result<Pairs, Unreadable> {
    let no_pair =
        || Unreadable::file("a field of the form has no name, or a value that is no text: it was not checked");
    let mut pairs = Pairs::default();
    if !matches!(fields.kind(), Kind::List | Kind::Object) {
        return Err(no_pair());
    }
    for field in fields.children() {
        let (name, at, value) = named(field).ok_or_else(no_pair)?;
        let value = match value {
            Some(value) => written(value).ok_or_else(no_pair)?,
            None => nothing(field.span().start),
        };
        pairs.push(&name, at, &value, Kind::Text);
    }
    Ok(pairs)
}

type Named<'t> = (Cow<'t, str>, usize, Option<Node<'t>>);

/// A name, its place, and the value: of an entry of a list, or of a field of an object.
fn named(entry: Node<'_>) -> Option<Named<'_>> {
    if let Some(key) = entry.key() {
        return Some((key, entry.key_span()?.start + 1, Some(entry)));
    }
    let name = entry.get("name")?;
    Some((name.text()?, name.span().start + 1, entry.get("value")))
}

/// A value that was sent as text, as it stands in the file.
fn written(value: Node<'_>) -> Option<Decoded> {
    let start = value.span().start;
    match value.kind() {
        Kind::Text => Some(Decoded::of_json(value.raw()).later(start + 1)),
        Kind::Number | Kind::True | Kind::False => {
            let mut decoded = Decoded::default();
            decoded.copy(value.raw(), start);
            Some(decoded)
        }
        Kind::Null => Some(nothing(start)),
        Kind::List | Kind::Object => None,
    }
}

fn nothing(at: usize) -> Decoded {
    let mut decoded = Decoded::default();
    decoded.nothing(at);
    decoded
}
