//! Which payloads does captured traffic hold? HAR 1.2, as browsers and proxies save it.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use url::Url;

use crate::checker::{Checker, Form, Part, PayloadId};
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
    /// What the text in the file stands for, where that is not the payload's text itself.
    inner: Option<Decoded>,
    outer: Option<Quoted<'t>>,
}

/// A text of the file.
#[derive(Debug)]
struct Quoted<'t> {
    text: Cow<'t, str>,
    raw: &'t str,
    at: usize,
    places: OnceCell<Decoded>,
}

impl<'t> Quoted<'t> {
    fn of(node: Node<'t>) -> Option<Self> {
        let (text, raw) = (node.text()?, node.raw());
        Some(Self { text, raw, at: node.span().start + 1, places: OnceCell::new() })
    }

    fn raw(&self, part: &Range<usize>) -> Range<usize> {
        // Most payloads are right, and are asked for their beginning alone.
        if part.end == 0 {
            return self.at..self.at;
        }
        let places = self.places.get_or_init(|| Decoded::of_json(self.raw).later(self.at));
        places.raw(part)
    }
}

impl Embedded<'_> {
    /// The payload's text.
    #[must_use]
    pub fn text(&self) -> &str {
        match (&self.inner, &self.outer) {
            (Some(inner), _) => &inner.text,
            (None, Some(outer)) => &outer.text,
            (None, None) => "",
        }
    }

    /// The bytes of the file that a part of the text comes from.
    #[must_use]
    pub fn raw(&self, part: &Range<usize>) -> Range<usize> {
        let part = self.inner.as_ref().map_or_else(|| part.clone(), |inner| inner.raw(part));
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
    /// What goes there and back, as far as it was recorded.
    Known(Vec<Result<Embedded<'t>, (Box<str>, Unreadable)>>),
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
        return message(checker, wanted, index, entry).map_or(Entry::Elsewhere, |told| Entry::Known(vec![told]));
    };
    if wanted.operation.is_some_and(|wanted| wanted != operation) {
        return Entry::LeftOut;
    }
    let parts = [(Part::Request, "request"), (Part::Response, "response")];
    let parts = parts.into_iter().filter(|(part, _)| wanted.part.is_none_or(|wanted| wanted == *part));
    let mut payloads = Vec::new();
    for (part, name) in parts {
        let Some(id) = checker.find(operation, part) else { continue };
        let label = |what| format!("entries[{index}] {method} {path} {what}").into_boxed_str();
        match (part, entry.get(name)) {
            (Part::Request, Some(sent)) => {
                let beside = checker.headers_beside(id).map(|id| headers(checker, id, label("request headers"), sent));
                payloads.extend(beside.map(Ok));
                payloads.extend(request(checker, id, label(name), sent));
            }
            (Part::Response, Some(answered)) => payloads.extend(response(id, label(name), answered)),
            (_, None) => {}
        }
    }
    Entry::Known(payloads)
}

/// A message of Paywall's goes to an address of the merchant's, which no contract knows: what is posted in its form is
/// taken for it where the command line names it. The address may say anything, and is not shown.
fn message<'t>(checker: &Checker, wanted: Wanted<'_>, index: usize, entry: Node<'t>) -> Option<Payload<'t>> {
    let id = checker.find(wanted.operation?, Part::Request).filter(|id| checker.is_message(*id))?;
    let sent = entry.get("request")?;
    let kind = sent.get("postData")?.get("mimeType")?.text()?.to_ascii_lowercase();
    let wanted = if checker.form(id) == Form::Form { "form-urlencoded" } else { "json" };
    if !kind.contains(wanted) {
        return None;
    }
    request(checker, id, format!("entries[{index}] request").into(), sent)
}

fn route<'c>(checker: &'c Checker, entry: Node<'_>) -> Option<(String, String, &'c str)> {
    let request = entry.get("request")?;
    let method = request.get("method")?.text()?.to_ascii_uppercase();
    let path = Url::parse(&request.get("url")?.text()?).ok()?.path().to_owned();
    let operation = checker.at_route(&method, &path)?;
    Some((method, path, operation))
}

type Payload<'t> = Result<Embedded<'t>, (Box<str>, Unreadable)>;

fn request<'t>(checker: &Checker, id: PayloadId, label: Box<str>, request: Node<'t>) -> Option<Payload<'t>> {
    match checker.form(id) {
        Form::Headers => Some(Ok(headers(checker, id, label, request))),
        Form::Form => posted(checker, id, label, request.get("postData")?),
        Form::Json | Form::HeadersAndBody | Form::HeadersBeside => {
            let outer = Quoted::of(request.get("postData")?.get("text")?)?;
            Some(Ok(Embedded { id, label, pairs: None, inner: None, outer: Some(outer) }))
        }
    }
}

/// Those headers that the operation takes. The others belong to HTTP, or are keys.
fn headers<'t>(checker: &Checker, id: PayloadId, label: Box<str>, request: Node<'t>) -> Embedded<'t> {
    let inputs = checker.header_names(id);
    let mut pairs = Pairs::default();
    for (name, value) in request.get("headers").into_iter().flat_map(Node::children).filter_map(named) {
        let written = name.raw();
        if let Some(input) = inputs.iter().find(|input| input.name.eq_ignore_ascii_case(written)) {
            let text = Decoded::of_json(value.raw()).later(value.span().start + 1);
            pairs.push(&input.name, name.span().start + 1, &text, Kind::Text);
        }
    }
    if pairs.pairs.is_empty() {
        // What is missing is missing where the headers stand.
        let place = request.get("headers").unwrap_or(request).span().start;
        pairs.decoded.nothing(place);
    }
    pairs.sort(inputs);
    Embedded { id, label, pairs: Some(pairs.pairs), inner: Some(pairs.decoded), outer: None }
}

fn named(pair: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let (name, value) = (pair.get("name")?, pair.get("value")?);
    (name.kind() == Kind::Text && value.kind() == Kind::Text).then_some((name, value))
}

/// A form: taken apart by whoever wrote the file, or as it was sent.
fn posted<'t>(checker: &Checker, id: PayloadId, label: Box<str>, data: Node<'t>) -> Option<Payload<'t>> {
    let inputs = checker.header_names(id);
    if let Some(text) = data.get("text").and_then(Quoted::of).filter(|text| !text.text.is_empty()) {
        return Some(match form::fields(&text.text) {
            Ok(mut pairs) => {
                pairs.sort(inputs);
                Ok(Embedded { id, label, pairs: Some(pairs.pairs), inner: Some(pairs.decoded), outer: Some(text) })
            }
            Err(unreadable) => Err((label, unreadable)),
        });
    }
    let mut pairs = Pairs::default();
    for (name, value) in data.get("params")?.children().filter_map(named) {
        let text = Decoded::of_json(value.raw()).later(value.span().start + 1);
        pairs.push(&name.text()?, name.span().start + 1, &text, Kind::Text);
    }
    pairs.sort(inputs);
    Some(Ok(Embedded { id, label, pairs: Some(pairs.pairs), inner: Some(pairs.decoded), outer: None }))
}

fn response(id: PayloadId, label: Box<str>, response: Node<'_>) -> Option<Payload<'_>> {
    let content = response.get("content")?;
    let outer = Quoted::of(content.get("text")?).filter(|text| !text.text.is_empty())?;
    if content.get("encoding").and_then(Node::text).as_deref() != Some("base64") {
        return Some(Ok(Embedded { id, label, pairs: None, inner: None, outer: Some(outer) }));
    }
    Some(match Decoded::of_base64(&outer.text) {
        Some(inner) => Ok(Embedded { id, label, pairs: None, inner: Some(inner), outer: Some(outer) }),
        None => Err((label, Unreadable::file("the body is marked as Base64 and is no text in Base64"))),
    })
}
