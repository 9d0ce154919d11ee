//! JSON text and what it says, numbers to the letter: `1.00` stays `1.00` and never passes through a float.

use std::sync::LazyLock;

use jsonc_parser::ast::Value;
use paywall_contract::node::{At, Entry, Kind, Node};

/// Nodes that are made here stand nowhere.
static NOWHERE: LazyLock<At> = LazyLock::new(|| At::start_of("payload"));

/// A node of no file.
pub(crate) fn made(kind: Kind) -> Node {
    Node { at: NOWHERE.clone(), kind }
}

/// A field of no file.
pub(crate) fn made_field(key: String, value: Node) -> Entry {
    Entry { key, at: NOWHERE.clone(), value }
}

/// Reads JSON with comments and trailing commas. Places in the nodes are not filled in.
///
/// # Errors
///
/// What is not JSON, without a word of it.
pub fn read(text: &str) -> Result<Node, String> {
    let parsed =
        jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &paywall_contract::json_options());
    let value = parsed.map_err(|error| format!("not json at byte {}: {}", error.range().start, error.kind()))?.value;
    value.as_ref().map(node).ok_or_else(|| "nothing where json was expected".to_owned())
}

fn node(value: &Value<'_>) -> Node {
    let kind = match value {
        Value::NullKeyword(_) => Kind::Null,
        Value::BooleanLit(literal) => Kind::Bool(literal.value),
        Value::NumberLit(literal) => Kind::Number(literal.value.to_owned()),
        Value::StringLit(literal) => Kind::Text(literal.value.to_string()),
        Value::Array(array) => Kind::List(array.elements.iter().map(node).collect()),
        Value::Object(object) => Kind::Map(object.properties.iter().map(entry).collect()),
    };
    made(kind)
}

fn entry(property: &jsonc_parser::ast::ObjectProp<'_>) -> Entry {
    made_field(property.name.as_str().to_owned(), node(&property.value))
}

/// Writes a node as JSON without spaces.
#[must_use]
pub fn write(node: &Node) -> String {
    let mut text = String::new();
    push(node, &mut text);
    text
}

/// The same, behind a text.
pub(crate) fn push(node: &Node, text: &mut String) {
    match &node.kind {
        Kind::Null => text.push_str("null"),
        Kind::Bool(true) => text.push_str("true"),
        Kind::Bool(false) => text.push_str("false"),
        Kind::Number(digits) => text.push_str(digits),
        Kind::Text(value) => push_quoted(value, text),
        Kind::List(elements) => push_all('[', ']', elements, text, push),
        Kind::Map(entries) => push_object(entries.iter().map(|entry| (entry.key.as_str(), &entry.value)), text),
    }
}

/// An object of these fields, behind a text.
pub(crate) fn push_object<'n>(fields: impl IntoIterator<Item = (&'n str, &'n Node)>, text: &mut String) {
    push_all('{', '}', fields, text, |(key, value), text| {
        push_quoted(key, text);
        text.push(':');
        push(value, text);
    });
}

fn push_all<T>(
    open: char,
    close: char,
    parts: impl IntoIterator<Item = T>,
    text: &mut String,
    push: impl Fn(T, &mut String),
) {
    text.push(open);
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push(part, text);
    }
    text.push(close);
}

/// A JSON string.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    push_quoted(text, &mut quoted);
    quoted
}

/// Most texts stand in JSON as they are.
fn push_quoted(value: &str, text: &mut String) {
    if value.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        text.push_str(&serde_json::Value::from(value).to_string());
        return;
    }
    text.push('"');
    text.push_str(value);
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(text: &str) -> String {
        write(&read(text).expect("json"))
    }

    #[test]
    fn numbers_keep_their_text() {
        for number in ["1.00", "50.0", "0", "-0", "8013143466", "9007199254740993.10", "1e400", "0.1000000000000000055"]
        {
            assert_eq!(again(number), number);
        }
    }

    #[test]
    fn comments_go_and_values_stay() {
        let text = "{ // why\n \"A\": [1.0, null, true,], /* x */ \"B\": \"\\u0131\\ud83d\\ude00\\n\" }";
        assert_eq!(again(text), "{\"A\":[1.0,null,true],\"B\":\"ı😀\\n\"}");
    }

    #[test]
    fn what_is_not_json_is_not_quoted() {
        let found = read("{\"Number\": 4111hush}").expect_err("not json");
        assert!(!found.contains("hush") && !found.contains("4111"), "{found}");
        assert!(read("").is_err());
    }
}
