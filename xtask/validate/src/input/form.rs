//! Forms and headers, as the pairs that the tree is built of.

use std::ops::Range;

use paywall_api::{FormPair, FormText};

use crate::checker::ParameterInput;
use crate::input::decoded::Decoded;
use crate::tree::{Kind, Pair};

/// A decoded text and the pairs in it.
#[derive(Debug, Default)]
pub struct Pairs {
    /// The names and values, decoded, with what stands between them.
    pub decoded: Decoded,
    /// Where each of them stands in it.
    pub pairs: Vec<Pair>,
}

/// The fields of a form, read as the client reads them.
///
/// Nothing in a form is an error: bytes that are no UTF-8 stand as U+FFFD in their own text alone.
#[must_use]
pub fn fields(body: &[u8]) -> Pairs {
    let mut pairs = Pairs::default();
    for FormPair { name, value } in FormPair::all(body.trim_ascii_end()) {
        if !pairs.pairs.is_empty() {
            pairs.decoded.copy("&", name.range().start - 1);
        }
        let name_at = decode(name, body, &mut pairs.decoded);
        if name.range().end < value.range().start {
            pairs.decoded.copy("=", name.range().end);
        } else {
            pairs.decoded.between("=");
        }
        let value_at = decode(value, body, &mut pairs.decoded);
        pairs.pairs.push(Pair { name: name_at, value: value_at, kind: Kind::Text });
    }
    pairs
}

/// Adds a name or a value, remembers where each character stood, and says where it stands now.
fn decode(text: FormText<'_>, body: &[u8], into: &mut Decoded) -> Range<usize> {
    let start = into.text.len();
    if text.range().is_empty() {
        into.nothing(text.range().start);
    }
    for (range, character) in text.chars() {
        let (at, written) = (range.start, body.get(range.clone()).unwrap_or_default());
        let mut buffer = [0; 4];
        let read = &*character.encode_utf8(&mut buffer);
        if written == read.as_bytes() {
            into.copy(read, at);
        } else {
            into.escape(read, at, range.len());
        }
    }
    start..into.text.len()
}

impl Pairs {
    /// Adds a pair that stands elsewhere, each part with its raw place.
    pub fn push(&mut self, name: &str, name_at: usize, value: &Decoded, kind: Kind) {
        let start = self.decoded.text.len();
        self.decoded.copy(name, name_at);
        let name = start..self.decoded.text.len();
        self.decoded.between(": ");
        let start = self.decoded.text.len();
        self.decoded.append(value);
        self.pairs.push(Pair { name, value: start..self.decoded.text.len(), kind });
        self.decoded.between("\n");
    }

    /// Gives each value the kind that an operation's input of its name has, where it is written so.
    pub fn sort(&mut self, inputs: &[ParameterInput]) {
        for pair in &mut self.pairs {
            let name = &self.decoded.text[pair.name.clone()];
            if let Some(input) = inputs.iter().find(|input| input.name.eq_ignore_ascii_case(name)) {
                pair.kind = kind(input.kind, &self.decoded.text[pair.value.clone()]);
            }
        }
    }
}

/// Headers are written without quotes: what kind of value one is, its text tells.
fn kind(wanted: Kind, value: &str) -> Kind {
    match wanted {
        // A reader of JSON passes over spaces, which are no part of a number.
        _ if value.trim_ascii() != value => Kind::Text,
        Kind::Number if serde_json::from_str::<serde_json::Number>(value).is_ok() => Kind::Number,
        Kind::True | Kind::False if value == "true" => Kind::True,
        Kind::True | Kind::False if value == "false" => Kind::False,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Node, Parser};

    #[test]
    fn a_form_is_decoded_and_leads_back() {
        let raw = "status=1&name=a+%C3%A7%25&empty=&flag&hash=x%3D%3D\n";
        let pairs = fields(raw.as_bytes());
        let mut parser = Parser::default();
        let root = parser.build(&pairs.decoded.text, &pairs.pairs).root();
        let text = |name| root.get(name).and_then(Node::text).map(std::borrow::Cow::into_owned);
        assert_eq!(text("name").as_deref(), Some("a ç%"));
        assert_eq!(text("empty").as_deref(), Some(""));
        assert_eq!(text("flag").as_deref(), Some(""));
        assert_eq!(text("hash").as_deref(), Some("x=="));
        let empty = root.get("empty").expect("a field").span();
        assert!(raw[pairs.decoded.raw(&empty).start..].starts_with("&flag"));
        let hash = root.get("hash").expect("a field").span();
        assert_eq!(&raw[pairs.decoded.raw(&hash)], "x%3D%3D");
        let name = root.get("name").and_then(Node::key_span).expect("a key");
        assert_eq!(&raw[pairs.decoded.raw(&name)], "name");
    }

    #[test]
    fn a_text_that_is_no_utf8_spoils_no_other_and_leads_back() {
        let body = b"\xef\xbb\xbfname=i%FElem \xfe!&%E7=1&flag&note=100%&last=%C5%9F%zz\r\n";
        let pairs = fields(body);
        let mut parser = Parser::default();
        let root = parser.build(&pairs.decoded.text, &pairs.pairs).root();
        let texts = root.children().map(|child| child.text().unwrap_or_default().into_owned());
        assert_eq!(texts.collect::<Vec<_>>(), ["i\u{fffd}lem \u{fffd}!", "1", "", "100%", "ş%zz"]);
        let raw = |span: &Range<usize>| &body[pairs.decoded.raw(span)];
        let spans: Vec<_> = root.children().map(|child| raw(&child.span())).collect();
        assert_eq!(spans, [&b"i%FElem \xfe!"[..], b"1", b"", b"100%", b"%C5%9F%zz"]);
        let keys: Vec<_> = root.children().filter_map(Node::key_span).map(|span| raw(&span)).collect();
        assert_eq!(keys, [&b"name"[..], b"%E7", b"flag", b"note", b"last"]);
    }

    #[test]
    fn a_header_has_the_kind_that_its_text_can_have() {
        assert_eq!(kind(Kind::Number, "1.50"), Kind::Number);
        assert_eq!(kind(Kind::Number, "1,50"), Kind::Text);
        assert_eq!(kind(Kind::Number, " 1"), Kind::Text);
        assert_eq!(kind(Kind::True, "false"), Kind::False);
        assert_eq!(kind(Kind::Text, "12"), Kind::Text);
    }
}
