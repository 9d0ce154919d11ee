//! JSON text and what it says, numbers to the letter: `1.00` stays `1.00` and never passes through a float.

use codegen::node::{At, Entry, Kind, Node};
use jsonc_parser::ast::Value;

/// Reads JSON with comments and trailing commas. Places in the nodes are not filled in.
///
/// # Errors
///
/// What is not JSON, without a word of it.
pub fn read(text: &str) -> Result<Node, String> {
    let parsed = jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &codegen::json_options());
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
    Node { at: At::start_of("text"), kind }
}

fn entry(property: &jsonc_parser::ast::ObjectProp<'_>) -> Entry {
    Entry { key: property.name.as_str().to_owned(), at: At::start_of("text"), value: node(&property.value) }
}

/// Writes a node as JSON without spaces.
#[must_use]
pub fn write(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) => text.clone(),
        Kind::Text(text) => quoted(text),
        Kind::List(elements) => format!("[{}]", joined(elements.iter().map(write))),
        Kind::Map(entries) => {
            let pairs = entries.iter().map(|entry| format!("{}:{}", quoted(&entry.key), write(&entry.value)));
            format!("{{{}}}", joined(pairs))
        }
    }
}

/// A JSON string.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
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
