//! Nodes as YAML that every reader takes for the same, by the rules of YAML 1.1 and 1.2 alike, and as JSON.
//!
//! serde_yaml would do, but for two things: it knows numbers as floats, and it writes texts bare that YAML 1.1 takes for
//! dates, numbers, booleans or merges. Here a number keeps its text, and a text stands bare only where nobody could take
//! it for anything else.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use regex_lite::Regex;

use crate::node::{Entry, Kind, Node};

/// A node as a YAML document.
///
/// # Errors
///
/// The place of a number that readers disagree about, or of a key that stands twice.
pub fn write(node: &Node) -> Result<String, String> {
    let mut text = String::new();
    push(node, 0, Start::Line, &mut text)?;
    Ok(text)
}

/// A node as JSON in one line, numbers as they are written.
#[must_use]
pub fn json(node: &Node) -> String {
    let joined = |parts: Vec<String>| parts.join(",");
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(digits) => digits.clone(),
        Kind::Text(text) => json_text(text),
        Kind::List(elements) => format!("[{}]", joined(elements.iter().map(json).collect())),
        Kind::Map(entries) => {
            let entries = entries.iter().map(|entry| format!("{}:{}", json_text(&entry.key), json(&entry.value)));
            format!("{{{}}}", joined(entries.collect()))
        }
    }
}

fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What takes lines of its own.
#[derive(Clone, Copy)]
enum Block<'n> {
    Map(&'n [Entry]),
    List(&'n [Node]),
}

/// Where the first line of a block begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// At the margin of the block.
    Line,
    /// Behind a mark, which stands in for the margin.
    Mark,
}

/// `None` for what stands in a line: a scalar, or a collection of nothing.
fn block(node: &Node) -> Option<Block<'_>> {
    match &node.kind {
        Kind::Map(entries) if !entries.is_empty() => Some(Block::Map(entries)),
        Kind::List(elements) if !elements.is_empty() => Some(Block::List(elements)),
        _ => None,
    }
}

impl Block<'_> {
    fn push(self, indent: usize, start: Start, text: &mut String) -> Result<(), String> {
        if let Self::Map(entries) = self {
            single(entries)?;
        }
        let count = match self {
            Self::Map(entries) => entries.len(),
            Self::List(elements) => elements.len(),
        };
        for index in 0..count {
            if index > 0 || start == Start::Line {
                text.push_str(&" ".repeat(indent));
            }
            match self {
                Self::Map(entries) => push_entry(&entries[index], indent, text)?,
                Self::List(elements) => push_marked("-", &elements[index], indent, text)?,
            }
        }
        Ok(())
    }
}

fn push_entry(entry: &Entry, indent: usize, text: &mut String) -> Result<(), String> {
    /// A reader gives up looking for the colon of a longer key.
    const LONGEST: usize = 1000;
    let key = scalar_text(&entry.key);
    if key.len() > LONGEST {
        let _ = writeln!(text, "? {key}");
        text.push_str(&" ".repeat(indent));
        return push_marked(":", &entry.value, indent, text);
    }
    text.push_str(&key);
    match block(&entry.value) {
        Some(block) => {
            text.push_str(":\n");
            // A list may stand at the margin of its key.
            let indent = if matches!(block, Block::List(_)) { indent } else { indent + 2 };
            block.push(indent, Start::Line, text)
        }
        None => push_marked(":", &entry.value, indent, text),
    }
}

/// A value behind a mark of one character.
fn push_marked(mark: &str, value: &Node, indent: usize, text: &mut String) -> Result<(), String> {
    text.push_str(mark);
    text.push(' ');
    push(value, indent + 2, Start::Mark, text)
}

/// A block, or what stands in a line, and the end of the line.
fn push(node: &Node, indent: usize, start: Start, text: &mut String) -> Result<(), String> {
    if let Some(block) = block(node) {
        return block.push(indent, start, text);
    }
    text.push_str(&scalar(node)?);
    text.push('\n');
    Ok(())
}

/// YAML forbids what JSON leaves to its readers.
fn single(entries: &[Entry]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    match entries.iter().find(|entry| !seen.insert(&entry.key)) {
        Some(twice) => {
            Err(format!("{}: `{}` stands twice in one object; YAML has no word for that", twice.at, twice.key))
        }
        None => Ok(()),
    }
}

fn scalar(node: &Node) -> Result<String, String> {
    Ok(match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(digits) => number(digits).ok_or_else(|| {
            format!("{}: the number `{digits}` means different things to readers; write it as JSON does", node.at)
        })?,
        Kind::Text(text) => scalar_text(text),
        Kind::List(_) => "[]".to_owned(),
        Kind::Map(_) => "{}".to_owned(),
    })
}

/// A number of JSON as it is. To YAML 1.1 one with an exponent is a text, unless it has a point and a sign too.
fn number(digits: &str) -> Option<String> {
    static JSON: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?(?:[eE]([-+]?)([0-9]+))?$").ok());
    let parts = JSON.as_ref()?.captures(digits)?;
    let Some(exponent) = parts.get(4) else { return Some(digits.to_owned()) };
    let part = |index: usize, absent: &'static str| {
        parts.get(index).map(|part| part.as_str()).filter(|part| !part.is_empty()).unwrap_or(absent).to_owned()
    };
    Some(format!("{}{}e{}{}", part(1, ""), part(2, ".0"), part(3, "+"), exponent.as_str()))
}

/// A text, bare or in double quotes.
fn scalar_text(text: &str) -> String {
    if is_bare(text) { text.to_owned() } else { quoted(text) }
}

/// Whether no reader takes the text for anything but itself. Numbers, dates, times, `.5`, `~`, `<<` and `=` begin with
/// no letter; words are listed.
fn is_bare(text: &str) -> bool {
    let first = text.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '$'));
    let marks = text.contains(": ") || text.contains(" #") || text.ends_with([':', ' ']);
    let common = |c: char| matches!(c, ' '..='~') || c.is_alphanumeric();
    first && !marks && text.chars().all(common) && !is_word(text) && !is_like_a_number(text)
}

/// Words that some version of YAML, or some reader, takes for a boolean, for null or for a number.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 13] =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "inf", "infinity", "nan"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a word is made of what numbers are made of: yaml takes `e3` for one.
fn is_like_a_number(text: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'x' | b'o' | b'+' | b'-' | b'.' | b'_' | b':');
    text.bytes().any(|byte| byte.is_ascii_digit()) && text.bytes().all(part)
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        let code = u32::from(c);
        // Writing to a string does not fail.
        let _ = match c {
            '"' | '\\' => write!(quoted, "\\{c}"),
            '\n' => write!(quoted, "\\n"),
            '\r' => write!(quoted, "\\r"),
            '\t' => write!(quoted, "\\t"),
            _ if is_raw(c) => write!(quoted, "{c}"),
            _ if code <= 0xff => write!(quoted, "\\x{code:02X}"),
            _ if code <= 0xffff => write!(quoted, "\\u{code:04X}"),
            _ => write!(quoted, "\\U{code:08X}"),
        };
    }
    quoted.push('"');
    quoted
}

/// Whether a character may stand in quotes as it is: not what breaks a line, changes direction, or cannot be seen.
fn is_raw(c: char) -> bool {
    let is_hidden = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    let is_no_character = u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    !c.is_control() && c != '\u{a0}' && c != '\u{feff}' && !is_hidden && !is_no_character
}
