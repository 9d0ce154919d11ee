//! Where a body stands in captured traffic, and in what form: as a text, in Base64, as JSON of the file itself.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use crate::input::decoded::{Decoded, NoText};
use crate::report::Unreadable;
use crate::tree::{Kind, Node};

/// A text of the file, or what stands in the place of one.
#[derive(Debug)]
pub(crate) struct Quoted<'t> {
    pub(crate) text: Cow<'t, str>,
    raw: &'t str,
    at: usize,
    /// Whether the text is that of the file, byte for byte.
    is_plain: bool,
    places: OnceCell<Decoded>,
}

impl<'t> Quoted<'t> {
    pub(crate) fn of(node: Node<'t>) -> Option<Self> {
        let (text, raw) = (node.text()?, node.raw());
        Some(Self { text, raw, at: node.span().start + 1, is_plain: false, places: OnceCell::new() })
    }

    /// A value that is no text, as it stands in the file.
    fn as_it_stands(node: Node<'t>) -> Self {
        let span = node.span();
        let raw = &node.whole()[span.clone()];
        Self { text: Cow::Borrowed(raw), raw, at: span.start, is_plain: true, places: OnceCell::new() }
    }

    pub(crate) fn raw(&self, part: &Range<usize>) -> Range<usize> {
        // Most payloads are right, and are asked for their beginning alone.
        if self.is_plain || part.end == 0 {
            return self.at + part.start..self.at + part.end;
        }
        let places = self.places.get_or_init(|| Decoded::of_json(self.raw).later(self.at));
        places.raw(part)
    }
}

/// What was recorded of a body.
#[derive(Debug)]
pub(crate) enum Body<'t> {
    /// Nothing.
    Missing,
    /// A text, and what it stands for where that is something else.
    Text(Quoted<'t>, Option<Decoded>),
    /// Bytes that are no UTF-8, with their places in a text.
    Bytes(Quoted<'t>, Vec<u8>, Decoded),
    /// JSON of the file, where a text belongs.
    Value(Quoted<'t>, Node<'t>),
    /// The fields of a form, taken apart.
    Fields(Node<'t>),
    /// Something that cannot be read.
    Unreadable(Unreadable),
}

/// The names that HAR gives to what stands beside a body.
const BESIDE: [&str; 7] = ["text", "params", "mimeType", "encoding", "size", "compression", "comment"];

impl<'t> Body<'t> {
    /// The body that `holder` holds: `postData` of a request, `content` of an answer, which belongs to `message`.
    pub(crate) fn of(holder: Option<Node<'t>>, message: Node<'t>) -> Self {
        let Some(holder) = holder.filter(|holder| holder.kind() != Kind::Null) else { return Self::Missing };
        match holder.kind() {
            Kind::Text => Self::text(holder, None, message),
            Kind::Object => match holder.get("text").filter(|text| says_something(*text)) {
                Some(text) if text.kind() == Kind::Text => Self::text(text, holder.get("encoding"), message),
                Some(other) => Self::value(other),
                None => Self::beside(holder),
            },
            _ => Self::value(holder),
        }
    }

    fn value(node: Node<'t>) -> Self {
        Self::Value(Quoted::as_it_stands(node), node)
    }

    fn beside(holder: Node<'t>) -> Self {
        if let Some(fields) = holder.get("params").filter(|params| params.count() > 0) {
            return Self::Fields(fields);
        }
        let is_its_own = holder.count() > 0 && !BESIDE.iter().any(|name| holder.get(name).is_some());
        if is_its_own { Self::value(holder) } else { Self::Missing }
    }

    fn text(node: Node<'t>, encoding: Option<Node<'t>>, message: Node<'t>) -> Self {
        let Some(quoted) = Quoted::of(node).filter(|quoted| !quoted.text.trim().is_empty()) else {
            return Self::Missing;
        };
        let encoding = encoding.and_then(Node::text).map(|name| name.trim().to_ascii_lowercase()).unwrap_or_default();
        match encoding.as_str() {
            "" | "utf-8" | "utf8" | "identity" if is_compressed(quoted.text.as_bytes(), message) => {
                Self::Unreadable(compressed())
            }
            "" | "utf-8" | "utf8" | "identity" => Self::Text(quoted, None),
            "base64" => match Decoded::of_base64(&quoted.text) {
                Ok(inner) => Self::Text(quoted, Some(inner)),
                Err(NoText::Bytes(bytes, _)) if is_compressed(&bytes, message) => Self::Unreadable(compressed()),
                Err(NoText::Bytes(bytes, places)) => Self::Bytes(quoted, bytes, places),
                Err(NoText::NoBase64) => Self::Unreadable(no_text()),
            },
            _ => Self::Unreadable(
                Unreadable::file("the body is marked with another encoding than Base64: it was not checked")
                    .help("save the traffic with its bodies as texts, or in Base64"),
            ),
        }
    }
}

fn says_something(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::Null => false,
        Kind::Text => !node.raw().trim().is_empty(),
        _ => true,
    }
}

pub(crate) fn no_text() -> Unreadable {
    Unreadable::file("the body is marked as Base64 and is no text in Base64")
}

fn compressed() -> Unreadable {
    Unreadable::file("the body is compressed: it was not checked")
        .help("save the traffic with its bodies decoded, or decode the body and give it as a file of its own")
}

/// Whether a body begins as compressed ones do, or its headers say so and it holds what no text does.
fn is_compressed(body: &[u8], message: Node<'_>) -> bool {
    // As it is, as the bytes that a careless reader took for Latin, and as what he could not take for UTF-8.
    let gzip: [&[u8]; 3] = [b"\x1f\x8b", "\u{1f}\u{8b}".as_bytes(), "\u{1f}\u{fffd}".as_bytes()];
    let begins = |magic: &[&[u8]]| magic.iter().any(|magic| body.starts_with(magic));
    let others: [&[u8]; 5] = [b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x78\x5e"];
    if begins(&gzip) || (std::str::from_utf8(body).is_err() && begins(&others)) {
        return true;
    }
    claims_compression(message) && !is_text(body)
}

fn is_text(body: &[u8]) -> bool {
    let is_odd = |one: char| one == char::REPLACEMENT_CHARACTER || (one.is_control() && !one.is_whitespace());
    std::str::from_utf8(body).is_ok_and(|text| !text.chars().any(is_odd))
}

fn claims_compression(message: Node<'_>) -> bool {
    let headers = message.get("headers").into_iter().flat_map(Node::children);
    let mut claims = headers.filter_map(|header| {
        let name = header.get("name")?.text()?;
        name.eq_ignore_ascii_case("content-encoding").then(|| header.get("value")?.text())?
    });
    claims.any(|claim| !matches!(claim.trim().to_ascii_lowercase().as_str(), "" | "identity"))
}
