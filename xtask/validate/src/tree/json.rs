//! The tree as the engine of JSON Schema reads it, without a detour over values of its own.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node as JsonNode, NodeIdentity, Object};
use serde_json::{Number, Value};

use super::{Children, Entry, Kind, Node, Piece};

/// The representation of JSON that [`Tree`](super::Tree) is.
#[derive(Clone, Copy, Debug)]
pub struct Spanned;

/// A text that stands in no payload.
#[derive(Debug, Default)]
pub struct Loose {
    text: String,
    entry: Vec<Entry>,
}

impl Json for Spanned {
    type Node<'a> = Node<'a>;
    type PreparedKey = String;
    type StringBuffer = Loose;

    /// A lookup walks the fields of an object; a pass over them all is soon cheaper.
    const KEYS_PER_LOOKUP: usize = 8;

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>(buffer: &mut Loose, string: &str, f: impl FnOnce(Node<'_>) -> T) -> T {
        string.clone_into(&mut buffer.text);
        let value = Piece { start: 0, end: u32::try_from(string.len()).unwrap_or_default(), escaped: false };
        let entry = Entry { kind: Kind::Text, key: Piece::default(), value, after: 1, count: 0 };
        buffer.entry.clear();
        buffer.entry.push(entry);
        f(Node { text: &buffer.text, entries: &buffer.entry, index: 0, plain: false })
    }
}

impl<'a> JsonNode<'a, Spanned> for Node<'a> {
    type Object = Fields<'a>;
    type Array = Elements<'a>;
    type Number = Digits<'a>;

    fn as_object(&self) -> Option<Fields<'a>> {
        (self.kind() == Kind::Object).then_some(Fields(*self))
    }

    fn as_array(&self) -> Option<Elements<'a>> {
        (self.kind() == Kind::List).then_some(Elements(*self))
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.text()
    }

    fn as_number(&self) -> Option<Digits<'a>> {
        self.number().map(Digits)
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            Kind::Null => JsonType::Null,
            Kind::True | Kind::False => JsonType::Boolean,
            Kind::Number => JsonType::Number,
            Kind::Text => JsonType::String,
            Kind::List => JsonType::Array,
            Kind::Object => JsonType::Object,
        }
    }

    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self.kind() {
            Kind::Null => Value::Null,
            Kind::True => Value::Bool(true),
            Kind::False => Value::Bool(false),
            Kind::Number => Digits(self.raw()).to_number().into_owned().into(),
            Kind::Text => self.text().map(Cow::into_owned).into(),
            Kind::List => self.children().map(|child| child.to_value().into_owned()).collect(),
            Kind::Object => {
                let fields = self.children().map(|child| (child.key().unwrap_or_default().into_owned(), child));
                Value::Object(fields.map(|(key, child)| (key, child.to_value().into_owned())).collect())
            }
        })
    }

    /// Values of another type are not made in order to be found different.
    fn equals_value(&self, expected: &Value) -> bool {
        match (self.kind(), expected) {
            (Kind::Null, Value::Null) | (Kind::True, Value::Bool(true)) | (Kind::False, Value::Bool(false)) => true,
            (Kind::Text, Value::String(expected)) => self.text().as_deref() == Some(expected),
            (Kind::Number, Value::Number(_)) | (Kind::List, Value::Array(_)) | (Kind::Object, Value::Object(_)) => {
                jsonschema::json::cmp::equal(&self.to_value(), expected)
            }
            _ => false,
        }
    }

    /// A payload has no cycles, and its depth is bounded when it is read.
    fn identity(&self) -> Option<NodeIdentity> {
        None
    }
}

/// An object.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(Node<'a>);

impl<'a> Object<'a, Spanned> for Fields<'a> {
    type Node = Node<'a>;
    type MemberName = Cow<'a, str>;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.0.count()
    }

    fn get(&self, key: &String) -> Option<Node<'a>> {
        self.0.get(key)
    }

    fn members(&self) -> Members<'a> {
        Members(self.0.children())
    }
}

/// The fields of an object with their names.
#[derive(Clone, Debug)]
pub struct Members<'a>(Children<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let child = self.0.next()?;
        Some((child.key().unwrap_or_default(), child))
    }
}

/// A list.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a>(Node<'a>);

impl<'a> Array<'a, Spanned> for Elements<'a> {
    type Node = Node<'a>;
    type ElementsIter = Children<'a>;

    fn len(&self) -> usize {
        self.0.count()
    }

    fn elements(&self) -> Children<'a> {
        self.0.children()
    }
}

/// A number, as it is written.
#[derive(Clone, Copy, Debug)]
pub struct Digits<'a>(&'a str);

impl JsonNumber for Digits<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok()
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(serde_json::from_str(self.0).unwrap_or_else(|_| Number::from(0)))
    }

    /// Digits alone are a whole number; whether a fraction or an exponent leaves one is seldom asked.
    fn is_integer(&self) -> bool {
        let digits = self.0.strip_prefix('-').unwrap_or(self.0);
        digits.bytes().all(|byte| byte.is_ascii_digit()) || is_whole(self.0)
    }
}

/// Whether a number with a fraction or an exponent is whole, by its digits: `1.50e1` is.
fn is_whole(number: &str) -> bool {
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.chars().chain(fraction.chars()).all(|digit| matches!(digit, '0' | '-')) {
        return true;
    }
    let kept = fraction.trim_end_matches('0');
    let zeros = whole.len() - whole.trim_end_matches('0').len();
    // An exponent that fits no number is told by its sign.
    let exponent: i64 = exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
    let behind = i64::try_from(kept.len()).unwrap_or(i64::MAX);
    let before = if kept.is_empty() { i64::try_from(zeros).unwrap_or_default() } else { 0 };
    exponent >= behind.saturating_sub(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Dialect, Parser};
    use serde_json::json;

    fn is_valid(schema: &Value, text: &str) -> bool {
        let validator = jsonschema::options_for::<Spanned>().build(schema).expect("a schema");
        validator.is_valid(Parser::default().parse(text, Dialect::Strict).expect("json").root())
    }

    #[test]
    fn the_engine_reads_the_tree() {
        let schema = json!({ "type": "object", "required": ["a"], "properties": {
            "a": { "type": "integer", "maximum": 12 }, "b": { "type": "string", "maxLength": 2 } } });
        assert!(is_valid(&schema, r#"{"a": 12, "b": "\u00e4\u00e4"}"#));
        assert!(!is_valid(&schema, r#"{"a": 13}"#));
        assert!(!is_valid(&schema, r#"{"a": 1, "b": "abc"}"#));
        assert!(!is_valid(&schema, r#"{"b": "a"}"#));
    }

    #[test]
    fn an_object_is_not_null() {
        let null = json!({ "enum": [null, { "a": [1] }] });
        assert!(is_valid(&null, "null") && is_valid(&null, "{\"a\": [1.0]}"));
        assert!(!is_valid(&null, "{}") && !is_valid(&null, "[]") && !is_valid(&null, "0"));
    }

    #[test]
    fn no_digit_is_lost_between_text_and_verdict() {
        let schema = json!({ "maximum": 9_007_199_254_740_992_i64 });
        assert!(is_valid(&schema, "9007199254740992"));
        assert!(!is_valid(&schema, "9007199254740993"));
    }

    #[test]
    fn whole_numbers_are_told_by_their_digits() {
        for whole in ["1", "-0", "1.0", "1.50e1", "100e-2", "0e-9", "1e400", "0.0", "15.00e-0", "120e-1"] {
            assert!(is_valid(&json!({ "type": "integer" }), whole), "{whole}");
        }
        for broken in ["1.5", "1e-1", "0.1", "150e-2", "1.05e1", "1e-400"] {
            assert!(!is_valid(&json!({ "type": "integer" }), broken), "{broken}");
        }
    }
}
