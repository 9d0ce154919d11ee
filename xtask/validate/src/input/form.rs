//! Forms and headers, as the pairs that the tree is built of.

use std::borrow::Cow;

use crate::checker::HeaderInput;
use crate::input::decoded::Decoded;
use crate::report::Unreadable;
use crate::tree::{Kind, Pair};

/// A decoded text and the pairs in it.
#[derive(Debug, Default)]
pub struct Pairs {
    /// The names and values, decoded, with what stands between them.
    pub decoded: Decoded,
    /// Where each of them stands in it.
    pub pairs: Vec<Pair>,
}

/// The fields of a form, as `application/x-www-form-urlencoded` writes them.
///
/// # Errors
///
/// When what an escape stands for is no text.
pub fn fields(raw: &str) -> Result<Pairs, Unreadable> {
    let mut pairs = Pairs::default();
    let mut at: usize = 0;
    for field in raw.trim_end().split('&') {
        if !field.is_empty() {
            if !pairs.pairs.is_empty() {
                pairs.decoded.copy("&", at - 1);
            }
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            let name_at = pairs.decoded.text.len();
            decode(name, at, &mut pairs.decoded)?;
            let name_end = pairs.decoded.text.len();
            pairs.decoded.copy("=", at + name.len());
            let value_at = pairs.decoded.text.len();
            decode(value, at + name.len() + 1, &mut pairs.decoded)?;
            let end = pairs.decoded.text.len();
            pairs.pairs.push(Pair { name: name_at..name_end, value: value_at..end, kind: Kind::Text });
        }
        at += field.len() + 1;
    }
    Ok(pairs)
}

/// Takes the escapes out of a name or a value, and remembers where each of them stood.
fn decode(raw: &str, at: usize, into: &mut Decoded) -> Result<(), Unreadable> {
    let mut rest = raw;
    while let Some(before) = rest.find(['+', '%']) {
        let start = at + raw.len() - rest.len();
        into.copy(&rest[..before], start);
        rest = &rest[before..];
        let length = bytes_of(rest).map_or(1, |bytes| bytes.len() * 3);
        into.escape(&meaning(&rest[..length])?, start + before, length);
        rest = &rest[length..];
    }
    into.copy(rest, at + raw.len() - rest.len());
    if raw.is_empty() {
        into.nothing(at);
    }
    Ok(())
}

/// What a browser means by a plus, a percent sign, or the escapes of a character. All that is known here of how forms are
/// read: the rest of this file says where it stands.
fn meaning(written: &str) -> Result<Cow<'_, str>, Unreadable> {
    match bytes_of(written) {
        Some(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| no_text()),
        None if written == "+" => Ok(Cow::Borrowed(" ")),
        // A percent sign that begins no escape stands for itself.
        None => Ok(Cow::Borrowed(written)),
    }
}

fn no_text() -> Unreadable {
    Unreadable::file("a form holds an escape that is not UTF-8")
        .help("escape the bytes of UTF-8: %C3%A7 for ç, not %E7")
}

/// The bytes of one character, if a text begins with their escapes.
fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![byte_of(text)?];
    let more = match bytes[0] {
        0xc0..=0xdf => 1,
        0xe0..=0xef => 2,
        0xf0..=0xff => 3,
        _ => 0,
    };
    for index in 1..=more {
        bytes.extend(text.get(index * 3..).and_then(byte_of));
    }
    Some(bytes)
}

fn byte_of(text: &str) -> Option<u8> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok())?
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
    pub fn sort(&mut self, inputs: &[HeaderInput]) {
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
        let pairs = fields(raw).expect("a form");
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
    fn an_escape_of_another_encoding_is_refused() {
        assert!(fields("a=%E7").is_err());
        assert!(fields("a=100%&b=%zz").is_ok());
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
