//! What does a file hold: by its name, else by how it begins?

use std::path::Path;

use crate::input::{encoding, values};
use crate::tree::{Dialect, Kind as Value, Parser};

/// How a file holds payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One payload.
    Json,
    /// One payload; comments and a comma behind the last belong to it.
    Commented,
    /// One payload a line.
    Lines,
    /// Captured traffic.
    Har,
    /// A form, as a browser sends it.
    Form,
}

impl Kind {
    /// The endings of the files that a folder is searched for.
    pub const ENDINGS: [&str; 6] = ["json", "jsonc", "jsonl", "ndjson", "har", "form"];

    /// By the ending of a path.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "json" => Self::Json,
            "jsonc" => Self::Commented,
            "jsonl" | "ndjson" => Self::Lines,
            "har" => Self::Har,
            "form" => Self::Form,
            _ => return None,
        })
    }
}

/// Whether the first lines of an input are payloads of their own; `None` where more of it must be read to tell.
///
/// One broken first line does not make JSON Lines something else, as long as the second is an object.
#[must_use]
pub fn is_lines(begin: &[u8], is_all: bool) -> Option<bool> {
    let begin = &begin[encoding::mark(begin)..];
    let mut lines = begin.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (first, second, third) = (lines.next(), lines.next(), lines.next());
    // The last line that was read may be a part of one.
    let whole = |line: Option<&[u8]>, behind: Option<&[u8]>| line.is_some_and(|_| behind.is_some() || is_all);
    match first {
        Some(line) if whole(first, second) && is_object(line) => Some(second.is_some()),
        Some(line) if begins_one(line) && (second.is_some() || is_all) => Some(false),
        Some(line) if whole(second, third) => {
            Some(second.is_some_and(|second| holds_object(line) || is_lines_of(second)))
        }
        _ => is_all.then_some(false),
    }
}

/// Whether a line is the beginning of one value, or of a comment before it.
fn begins_one(line: &[u8]) -> bool {
    line.starts_with(b"/") || std::str::from_utf8(line).is_ok_and(values::begins_value)
}

fn is_lines_of(second: &[u8]) -> bool {
    is_object(second) || holds_object(second)
}

/// Whether an object, or a text with one in it, stands on a line behind something else.
fn holds_object(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    // What ends so goes on: an object on it is a part of a larger one.
    let goes_on = line.ends_with(['{', '[', ',']);
    let begin = values::next(line, 0).filter(|_| !goes_on);
    begin.is_some_and(|begin| Parser::default().parse_first(line, begin, Dialect::Lenient).is_ok())
}

fn is_object(line: &[u8]) -> bool {
    let Ok(line) = std::str::from_utf8(line) else { return false };
    Parser::default().parse(line, Dialect::Lenient).is_ok_and(|tree| tree.root().kind() == Value::Object)
}

/// Whether a text looks like a form: `name=value` before any blank or bracket.
#[must_use]
pub fn is_form(text: &str) -> bool {
    let end =
        text.find(|character: char| matches!(character, '=' | '{' | '[' | '"' | '<') || character.is_whitespace());
    // A line of a log can begin so too: `body={"Amount": 1}`.
    end.is_some_and(|end| end > 0 && text[end..].starts_with('=')) && values::next(text, 0).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_from_one_value() {
        assert_eq!(is_lines(b"{\"a\":1}\n{\"a\":2}\n", true), Some(true));
        assert_eq!(is_lines(b"{\"a\":1}\n{\"a\":", false), Some(true));
        assert_eq!(is_lines(b"{\"a\":1}\n\n", true), Some(false));
        assert_eq!(is_lines(b"{\"a\":1}\n\n", false), None);
        assert_eq!(is_lines(b"{\n \"a\":1\n}\n", false), Some(false));
        assert_eq!(is_lines(b"[\n{\"a\":1}\n]", true), Some(false));
        assert_eq!(is_lines(b"// one\n{\"a\":1}\n", true), Some(false));
        assert_eq!(is_lines(b"12:00 hello\n{\"a\":1}\n{", false), Some(true));
        assert_eq!(is_lines(b"[INFO] {\"a\":1}\n[INFO] x\n", true), Some(true));
        assert_eq!(is_lines(b"INFO {\"a\":1}\nINFO {\"a\":2}\n", true), Some(true));
        assert_eq!(is_lines(b"\xef\xbb\xbf{\"a\":1}\r\n{\"a\":2}", true), Some(true));
        assert_eq!(is_lines(b"body: {\n \"a\": {\"b\": 1},\n", false), None);
        assert_eq!(is_lines(b"body: {\n \"a\": {\"b\": 1},\n}\n", false), Some(false));
        assert_eq!(is_lines(b"{\"a\":", false), None);
        assert_eq!(is_lines(b"", true), Some(false));
    }

    #[test]
    fn a_form_begins_with_a_name() {
        assert!(is_form("status=1&hash=a%3D"));
        assert!(!is_form("{\"a\":\"=\"}") && !is_form("a b=c") && !is_form("=x") && !is_form("plain"));
        assert!(!is_form("body={\"a\": 1}"));
    }
}
