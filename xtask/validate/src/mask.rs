//! What of a payload may be shown? Nothing of a card and no key, token or person's data; of the rest only what helps.

use std::borrow::Cow;
use std::ops::Range;

use crate::checker::{Checker, PayloadId};
use crate::shape::{Secrecy, Shape, ShapeId, Shapes};
use crate::tree::{Kind, Node, Tree};

/// As long a text as is shown.
const SHOWN: usize = 40;

/// What stands in for each letter and digit that is not shown.
const MASK: char = '*';

/// A name of a field that the contract does not have, as far as it may be shown: a key can hold a card number too.
#[must_use]
pub fn mask_key(key: &str) -> Cow<'_, str> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let digits = key.bytes().filter(u8::is_ascii_digit).count();
    if key.len() <= SHOWN && digits < 3 && key.bytes().all(is_word) {
        Cow::Borrowed(key)
    } else {
        Cow::Owned(masked(key))
    }
}

/// The text of `window`, in as many characters, with everything that must not be shown replaced.
///
/// Without a tree the text is no JSON, and may be anything: every letter and digit is replaced.
#[must_use]
pub fn mask_source(
    checker: &Checker,
    id: Option<PayloadId>,
    tree: Option<Tree<'_>>,
    text: &str,
    window: Range<usize>,
    show_values: bool,
) -> String {
    let mut shown = Vec::new();
    if let Some(tree) = tree {
        let shape = id.map_or(Shapes::UNKNOWN, |id| checker.shape(id));
        Shown { shapes: checker.shapes(), show_values, window: window.clone(), spans: &mut shown }
            .value(tree.root(), shape);
    }
    let source = text.get(window.clone()).unwrap_or_default();
    let is_shown = |at: usize| shown.iter().any(|span: &Range<usize>| span.contains(&at));
    let places = source.char_indices().map(|(at, character)| (window.start + at, character));
    places.map(|(at, character)| if is_shown(at) { character } else { replaced(character) }).collect()
}

fn masked(text: &str) -> String {
    text.chars().map(replaced).collect()
}

/// What is neither a letter nor a digit says nothing: punctuation, spaces.
fn replaced(character: char) -> char {
    if character.is_ascii_punctuation() || character.is_ascii_whitespace() { character } else { MASK }
}

/// Gathers what may be shown of a stretch of a payload.
struct Shown<'s> {
    shapes: &'s Shapes,
    show_values: bool,
    window: Range<usize>,
    spans: &'s mut Vec<Range<usize>>,
}

impl Shown<'_> {
    fn value(&mut self, node: Node<'_>, shape: ShapeId) {
        let span = node.span();
        if span.end <= self.window.start || span.start >= self.window.end {
            return;
        }
        match node.kind() {
            Kind::Object => node.children().for_each(|child| self.field(child, shape)),
            Kind::List => {
                let items = self.shapes.get(shape).items.unwrap_or(Shapes::UNKNOWN);
                node.children().for_each(|child| self.value(child, items));
            }
            _ if is_shown(node, self.shapes.get(shape), self.show_values) => self.spans.push(span),
            _ => {}
        }
    }

    fn field(&mut self, node: Node<'_>, parent: ShapeId) {
        // Most fields of a large object stand elsewhere: their names need not be looked at.
        let begins = node.key_span().map_or(node.span().start, |key| key.start);
        if node.span().end <= self.window.start || begins >= self.window.end {
            return;
        }
        let key = node.key().unwrap_or_default();
        let known = self.shapes.get(parent).fields.get(&key);
        if known.is_some() || matches!(mask_key(&key), Cow::Borrowed(_)) {
            self.spans.extend(node.key_span());
        }
        self.value(node, known.unwrap_or(Shapes::UNKNOWN));
    }
}

/// Whether a value that is no list and no object may be shown.
fn is_shown(node: Node<'_>, shape: &Shape, show_values: bool) -> bool {
    match node.kind() {
        Kind::Null | Kind::True | Kind::False => true,
        // What the contract does not know may be a security code.
        _ if !is_known(shape) || shape.secrecy == Some(Secrecy::Card) || holds_a_card(node) => false,
        Kind::Number => show_values || shape.secrecy.is_none(),
        Kind::Text => show_values || is_plain(node, shape),
        Kind::List | Kind::Object => false,
    }
}

/// A text where a number, a code or a time is expected, and that is one or nearly.
fn is_plain(node: Node<'_>, shape: &Shape) -> bool {
    let is_part =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b':' | b'T' | b'Z' | b'+' | b' ');
    let is_word = |text: &str| matches!(text, "true" | "false" | "True" | "False" | "");
    let narrow = shape.kinds.number || shape.kinds.boolean || shape.has_pattern || !shape.codes.is_empty();
    let raw = node.raw();
    narrow && shape.secrecy.is_none() && raw.len() <= SHOWN && (raw.bytes().all(is_part) || is_word(raw))
}

fn is_known(shape: &Shape) -> bool {
    shape.kinds.text || shape.kinds.number || shape.kinds.boolean
}

/// Whether a text or number may be a card, whether its digits are written as such or as escapes.
fn holds_a_card(node: Node<'_>) -> bool {
    may_be_a_card(node.raw()) || node.text().is_some_and(|text| may_be_a_card(&text))
}

/// Twelve digits or more of any script, whatever but a letter separates them. A colon, a comma and a plus stand in times
/// and amounts too, behind fewer digits, or a longer fraction, than a card has between its separators. A date with its
/// time has no more than eleven before its fraction, so that a fraction hides a time too; no harm is in that.
pub(crate) fn may_be_a_card(text: &str) -> bool {
    let (mut digits, mut group) = (0, 0);
    for character in text.chars() {
        (digits, group) = match character {
            _ if character.is_numeric() => (digits + 1, group + 1),
            _ if character.is_alphabetic() => (0, 0),
            ':' | ',' | '+' if !(4..=6).contains(&group) => (0, 0),
            _ => (digits, 0),
        };
        if digits >= 12 {
            return true;
        }
    }
    false
}

/// What a value is, in words that hold nothing of it that must not be shown.
pub(crate) fn described(node: Node<'_>, shape: &Shape, show_values: bool) -> String {
    let shown = is_shown(node, shape, show_values);
    match node.kind() {
        Kind::Null => "null".to_owned(),
        Kind::True => "true".to_owned(),
        Kind::False => "false".to_owned(),
        Kind::Number if shown => format!("the number {}", cut(node.raw())),
        Kind::Number => "a number".to_owned(),
        Kind::Text if node.raw().is_empty() => "an empty text".to_owned(),
        Kind::Text if shown => format!("the text \"{}\"", cut(node.raw())),
        Kind::Text => text_of(node, shape),
        Kind::List => counted("a list of", node.count(), "element"),
        Kind::Object => counted("an object of", node.count(), "field"),
    }
}

/// How long a security code is says something of it.
fn text_of(node: Node<'_>, shape: &Shape) -> String {
    match shape.secrecy {
        Some(Secrecy::Card) => "a text".to_owned(),
        _ => counted("a text of", node.text().unwrap_or_default().chars().count(), "character"),
    }
}

fn counted(what: &str, count: usize, one: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{what} {count} {one}{end}")
}

/// A value that is shown is a line at most.
fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_may_hold_a_number_is_masked() {
        assert_eq!(mask_key("Amuont"), "Amuont");
        assert_eq!(mask_key("5188964318524963"), "****************");
        assert_eq!(mask_key("a b"), "* *");
        assert_eq!(mask_key("şifre"), "*****");
    }

    #[test]
    fn digits_are_a_card_whatever_separates_them() {
        for card in
            ["5188964318524963", "5188 9643 1852 4963", "5188-9643-1852-4963", "x518896431852x", "5188.9643.1852"]
        {
            assert!(may_be_a_card(card), "{card}");
        }
        for between in ["\u{a0}", "\u{200b}", " – ", "*", "|", ")(", "\t", "%20", "+", ":", ","] {
            assert!(may_be_a_card(&["5188", "9643", "1852", "4963"].join(between)), "{between}");
        }
        assert!(may_be_a_card("５１８８９６４３１８５２４９６３"));
        for other in [
            "2024-06-13T12:00",
            "2024-06-13 12:30:00+03:00",
            "T18:42:27.5447456+0300",
            "12.50",
            "20,000,000,000,000",
            "518896******4963",
        ] {
            assert!(!may_be_a_card(other), "{other}");
        }
    }
}
