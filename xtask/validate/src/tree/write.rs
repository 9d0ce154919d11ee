//! A value of a tree as JSON without spaces and comments; numbers to the letter.

use super::{Kind, Node};

pub(super) fn json(node: Node<'_>) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: Node<'_>, out: &mut String) {
    match node.kind() {
        Kind::Object => between(node, '{', '}', out),
        Kind::List => between(node, '[', ']', out),
        Kind::Text => quoted(&node.text().unwrap_or_default(), out),
        Kind::Null | Kind::True | Kind::False | Kind::Number => out.push_str(node.raw()),
    }
}

fn between(node: Node<'_>, open: char, close: char, out: &mut String) {
    out.push(open);
    for (index, child) in node.children().enumerate() {
        if index > 0 {
            out.push(',');
        }
        if node.kind() == Kind::Object {
            quoted(&child.key().unwrap_or_default(), out);
            out.push(':');
        }
        write(child, out);
    }
    out.push(close);
}

fn quoted(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

#[cfg(test)]
mod tests {
    use crate::tree::{Dialect, Parser};

    #[test]
    fn a_value_with_comments_is_written_without_them() {
        let text = "{ // a\n \"a\": [1.00, \"x\\u00e4\\n\", null,], }";
        let mut parser = Parser::default();
        let tree = parser.parse(text, Dialect::Lenient).expect("json");
        assert_eq!(tree.root().json(), "{\"a\":[1.00,\"xä\\n\",null]}");
    }

    #[test]
    fn a_plain_value_is_what_stands_there() {
        let text = " { \"a\": \"x\" } ";
        let mut parser = Parser::default();
        let root = parser.parse(text, Dialect::Strict).expect("json").root();
        assert_eq!(root.json(), "{ \"a\": \"x\" }");
        assert_eq!(root.get("a").map(super::super::Node::json).as_deref(), Some("\"x\""));
    }
}
