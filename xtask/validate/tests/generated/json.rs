//! JSON that keeps what serde_json's value would not: the digits of a number, and a key that stands twice.

use std::fmt::Write;

use paywall_contract::node::{Kind, Node};
use rand::RngExt;
use rand::rngs::StdRng;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    spaces: bool,
    escapes: bool,
}

impl Style {
    /// Without a space, and with no escape that need not be.
    pub const PLAIN: Self = Self { spaces: false, escapes: false };

    pub(super) fn any(random: &mut StdRng) -> Self {
        Self { spaces: random.random_ratio(1, 4), escapes: random.random_ratio(1, 16) }
    }
}

impl From<&Node> for Json {
    fn from(node: &Node) -> Self {
        match &node.kind {
            Kind::Null => Self::Null,
            Kind::Bool(value) => Self::Bool(*value),
            Kind::Number(text) => Self::Number(text.clone()),
            // What a page leaves to be filled in.
            Kind::Text(text) if text.starts_with(['{', '%', '[']) => Self::Text("d1f5c3a2-7b1e-4a65".to_owned()),
            Kind::Text(text) => Self::Text(text.clone()),
            Kind::List(elements) => Self::List(elements.iter().map(Self::from).collect()),
            Kind::Map(entries) => {
                Self::Object(entries.iter().map(|entry| (entry.key.clone(), Self::from(&entry.value))).collect())
            }
        }
    }
}

impl Json {
    /// Its text.
    pub fn text(&self, style: Style) -> String {
        let mut text = String::new();
        self.write(style, &mut text);
        text
    }

    fn write(&self, style: Style, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => text.push_str(digits),
            Self::Text(value) => quote(value, style, text),
            Self::List(elements) => between(['[', ']'], elements, style, text, |element, text| {
                element.write(style, text);
            }),
            Self::Object(fields) => between(['{', '}'], fields, style, text, |(key, value), text| {
                quote(key, style, text);
                text.push_str(if style.spaces { " : " } else { ":" });
                value.write(style, text);
            }),
        }
    }

    /// Its fields or elements.
    pub(super) fn children(&mut self) -> Vec<&mut Self> {
        match self {
            Self::List(elements) => elements.iter_mut().collect(),
            Self::Object(fields) => fields.iter_mut().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }

    /// How many values it is made of, itself counted.
    pub(super) fn size(&self) -> usize {
        1 + match self {
            Self::List(elements) => elements.iter().map(Self::size).sum(),
            Self::Object(fields) => fields.iter().map(|(_, value)| value.size()).sum(),
            _ => 0,
        }
    }

    /// The value that stands at this place, in the order of the text.
    pub(super) fn at(&mut self, place: usize) -> Option<&mut Self> {
        if place == 0 {
            return Some(self);
        }
        let mut left = place - 1;
        for child in self.children() {
            let size = child.size();
            if left < size {
                return child.at(left);
            }
            left -= size;
        }
        None
    }
}

fn between<T>(ends: [char; 2], items: &[T], style: Style, text: &mut String, write: impl Fn(&T, &mut String)) {
    text.push(ends[0]);
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        if style.spaces {
            text.push_str("\r\n\t");
        }
        write(item, text);
    }
    text.push(ends[1]);
}

fn quote(value: &str, style: Style, text: &mut String) {
    if !style.escapes {
        text.push_str(&serde_json::to_string(value).expect("a text is JSON"));
        return;
    }
    text.push('"');
    for unit in value.encode_utf16() {
        write!(text, "\\u{unit:04x}").expect("a text takes all that is written");
    }
    text.push('"');
}
