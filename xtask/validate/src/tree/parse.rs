//! Reads JSON into a tree, and says where it ends to be JSON. It never repeats what it reads.

use std::fmt;
use std::ops::Range;

use super::{Entry, Kind, Piece, Tree};

/// How deep lists and objects may stand in each other. The emitted types read 127, of which a body beside headers has one
/// less: where payloads went deeper, the type would refuse what the contract takes.
const DEPTH: u32 = 126;

/// What is read beside what RFC 8259 allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Nothing.
    Strict,
    /// Comments, and a comma behind the last of a list or object.
    Lenient,
}

/// Why a text is not JSON, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes that cannot stand there; empty at the end of the text.
    pub span: Range<usize>,
    /// What is wrong with them.
    pub fault: SyntaxFault,
}

/// What makes a text none of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxFault {
    /// The text ends too early.
    Truncated,
    /// A value was expected.
    Value,
    /// A field's name in quotes was expected.
    Key,
    /// A colon was expected.
    Colon,
    /// A comma or the closing bracket was expected.
    CommaOrEnd,
    /// A number is not written as JSON writes it.
    Number,
    /// An escape in a text is none of JSON.
    Escape,
    /// A text holds a control character, such as the end of a line.
    ControlCharacter,
    /// A comment is not allowed here.
    Comment,
    /// A comma behind the last is not allowed here.
    TrailingComma,
    /// Lists and objects stand too deep in each other.
    TooDeep,
    /// Something stands behind the value.
    More,
    /// The text is larger than four gigabytes.
    TooLarge,
}

impl fmt::Display for SyntaxFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Truncated => "the text ends before the value does",
            Self::Value => "expected a value: an object, a list, a text, a number, true, false or null",
            Self::Key => "expected the name of a field in double quotes",
            Self::Colon => "expected a colon behind the name of a field",
            Self::CommaOrEnd => "expected a comma or the closing bracket",
            Self::Number => "a number is not written as JSON writes numbers",
            Self::Escape => "an escape that JSON does not have",
            Self::ControlCharacter => "a control character in a text: write it as an escape, such as \\n",
            Self::Comment => "a comment, which JSON does not have",
            Self::TrailingComma => "a comma with nothing behind it",
            Self::TooDeep => "more than 126 lists and objects in each other",
            Self::More => "expected the end: something stands behind the value",
            Self::TooLarge => "more than 4 GB in one value",
        })
    }
}

impl std::error::Error for SyntaxFault {}

/// Reads payloads, one after the other, in the same memory.
#[derive(Debug, Default)]
pub struct Parser {
    pub(super) entries: Vec<Entry>,
    pub(super) lenient: Option<Range<usize>>,
}

impl Parser {
    /// Reads the one value of a text.
    ///
    /// # Errors
    ///
    /// Where the text ceases to be JSON.
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method alone is one of a single lifetime")]
    pub fn parse<'t>(&'t mut self, text: &'t str, dialect: Dialect) -> Result<Tree<'t>, SyntaxError> {
        self.read(text, 0, dialect, |reader| reader.whole())?;
        Ok(self.tree(text))
    }

    /// Reads the value that begins at a place of a text, whatever stands behind it, and says where it ends.
    ///
    /// # Errors
    ///
    /// Where the text ceases to be JSON.
    pub fn parse_first<'t>(
        &'t mut self,
        text: &'t str,
        from: usize,
        dialect: Dialect,
    ) -> Result<(Tree<'t>, usize), SyntaxError> {
        let end = self.read(text, from, dialect, |reader| reader.value(Piece::default()))?;
        Ok((self.tree(text), end))
    }

    fn tree<'t>(&'t self, text: &'t str) -> Tree<'t> {
        Tree { text, entries: &self.entries, plain: self.lenient.is_none(), top: 0 }
    }

    fn read(
        &mut self,
        text: &str,
        at: usize,
        dialect: Dialect,
        how: impl FnOnce(&mut Reader<'_>) -> Read,
    ) -> Read<usize> {
        self.entries.clear();
        self.lenient = None;
        if u32::try_from(text.len()).is_err() {
            return Err(SyntaxError { span: 0..0, fault: SyntaxFault::TooLarge });
        }
        let (entries, lenient) = (&mut self.entries, &mut self.lenient);
        let mut reader = Reader { text: text.as_bytes(), at, dialect, depth: 0, entries, lenient };
        how(&mut reader)?;
        Ok(reader.at)
    }

    /// The first comment or comma behind the last that the last text had, if it had one.
    #[must_use]
    pub fn lenient(&self) -> Option<Range<usize>> {
        self.lenient.clone()
    }
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    dialect: Dialect,
    depth: u32,
    entries: &'t mut Vec<Entry>,
    lenient: &'t mut Option<Range<usize>>,
}

type Read<T = ()> = Result<T, SyntaxError>;

impl Reader<'_> {
    fn whole(&mut self) -> Read {
        self.space()?;
        self.value(Piece::default())?;
        self.space()?;
        if self.at < self.text.len() { self.fault(SyntaxFault::More) } else { Ok(()) }
    }

    fn value(&mut self, key: Piece) -> Read {
        match self.peek() {
            Some(b'"') => {
                let value = self.string()?;
                self.leaf(Kind::Text, key, value);
                Ok(())
            }
            Some(b'{') => self.object(key),
            Some(b'[') => self.list(key),
            Some(b'-' | b'0'..=b'9') => self.number(key),
            Some(b't') => self.word(b"true", Kind::True, key),
            Some(b'f') => self.word(b"false", Kind::False, key),
            Some(b'n') => self.word(b"null", Kind::Null, key),
            _ => self.fault(SyntaxFault::Value),
        }
    }

    fn object(&mut self, key: Piece) -> Read {
        let own = self.open(Kind::Object, key)?;
        let mut count = 0;
        self.space()?;
        while self.peek() != Some(b'}') {
            self.field()?;
            count += 1;
            self.behind(b'}')?;
        }
        self.close(own, count);
        Ok(())
    }

    fn field(&mut self) -> Read {
        if self.peek() != Some(b'"') {
            return self.fault(SyntaxFault::Key);
        }
        let key = self.string()?;
        self.space()?;
        if self.peek() != Some(b':') {
            return self.fault(SyntaxFault::Colon);
        }
        self.at += 1;
        self.space()?;
        self.value(key)
    }

    fn list(&mut self, key: Piece) -> Read {
        let own = self.open(Kind::List, key)?;
        let mut count = 0;
        self.space()?;
        while self.peek() != Some(b']') {
            self.value(Piece::default())?;
            count += 1;
            self.behind(b']')?;
        }
        self.close(own, count);
        Ok(())
    }

    /// What stands behind an element: a comma and the next, or the end.
    fn behind(&mut self, end: u8) -> Read {
        self.space()?;
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.space()?;
                if self.peek() == Some(end) {
                    self.depart(comma..comma + 1, SyntaxFault::TrailingComma)
                } else {
                    Ok(())
                }
            }
            Some(byte) if byte == end => Ok(()),
            _ => self.fault(SyntaxFault::CommaOrEnd),
        }
    }

    fn open(&mut self, kind: Kind, key: Piece) -> Read<usize> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fault(SyntaxFault::TooDeep);
        }
        self.at += 1;
        let start = narrow(self.at - 1);
        let value = Piece { start, end: start, escaped: false };
        self.entries.push(Entry { kind, key, value, after: 0, count: 0 });
        Ok(self.entries.len() - 1)
    }

    fn close(&mut self, own: usize, count: u32) {
        self.at += 1;
        self.depth -= 1;
        let after = narrow(self.entries.len());
        let end = narrow(self.at);
        let entry = &mut self.entries[own];
        (entry.after, entry.count, entry.value.end) = (after, count, end);
    }

    fn leaf(&mut self, kind: Kind, key: Piece, value: Piece) {
        let after = narrow(self.entries.len() + 1);
        self.entries.push(Entry { kind, key, value, after, count: 0 });
    }

    /// The piece between the quotes.
    fn string(&mut self) -> Read<Piece> {
        let start = self.at + 1;
        let mut at = start;
        let mut escaped = false;
        loop {
            at = ordinary(self.text, at);
            match self.text.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at = self.escape(at)?;
                }
                Some(0..=0x1f) => return fault_at(at..at + 1, SyntaxFault::ControlCharacter),
                Some(_) => at += 1,
                None => return fault_at(at..at, SyntaxFault::Truncated),
            }
        }
        self.at = at + 1;
        Ok(Piece { start: narrow(start), end: narrow(at), escaped })
    }

    /// Where the text goes on behind an escape.
    fn escape(&self, at: usize) -> Read<usize> {
        match self.text.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
            Some(b'u') => self.unicode(at),
            Some(_) => fault_at(at..at + 1, SyntaxFault::Escape),
            None => fault_at(self.text.len()..self.text.len(), SyntaxFault::Truncated),
        }
    }

    /// Half of a pair is no character.
    fn unicode(&self, at: usize) -> Read<usize> {
        let first = self.unit(at)?;
        match first {
            0xd800..=0xdbff if self.text.get(at + 6..at + 8) == Some(b"\\u") => match self.unit(at + 6)? {
                0xdc00..=0xdfff => Ok(at + 12),
                _ => fault_at(at..at + 6, SyntaxFault::Escape),
            },
            0xd800..=0xdfff => fault_at(at..at + 6, SyntaxFault::Escape),
            _ => Ok(at + 6),
        }
    }

    fn unit(&self, at: usize) -> Read<u32> {
        let Some(digits) = self.text.get(at + 2..at + 6) else {
            return fault_at(self.text.len()..self.text.len(), SyntaxFault::Truncated);
        };
        hexadecimal(digits).map_or_else(|| fault_at(at..at + 1, SyntaxFault::Escape), Ok)
    }

    fn number(&mut self, key: Piece) -> Read {
        let start = self.at;
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let rest = &self.text[start..];
        let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        if !is_number(&rest[..length]) {
            return fault_at(start..start + length, SyntaxFault::Number);
        }
        self.at = start + length;
        self.leaf(Kind::Number, key, Piece { start: narrow(start), end: narrow(self.at), escaped: false });
        Ok(())
    }

    fn word(&mut self, word: &[u8], kind: Kind, key: Piece) -> Read {
        let start = self.at;
        if self.text[start..].starts_with(word) {
            self.at += word.len();
            self.leaf(kind, key, Piece { start: narrow(start), end: narrow(self.at), escaped: false });
            return Ok(());
        }
        if word.starts_with(&self.text[start..]) {
            return fault_at(self.text.len()..self.text.len(), SyntaxFault::Truncated);
        }
        self.fault(SyntaxFault::Value)
    }

    fn space(&mut self) -> Read {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'/') => self.comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn comment(&mut self) -> Read {
        let start = self.at;
        let rest = &self.text[start..];
        let length = match rest.get(1) {
            Some(b'/') => rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
            Some(b'*') => match rest[2..].windows(2).position(|two| two == b"*/") {
                Some(length) => length + 4,
                None => return fault_at(self.text.len()..self.text.len(), SyntaxFault::Truncated),
            },
            _ => return self.fault(SyntaxFault::Value),
        };
        self.at += length;
        self.depart(start..start + length, SyntaxFault::Comment)
    }

    /// What only the lenient dialect has.
    fn depart(&mut self, span: Range<usize>, fault: SyntaxFault) -> Read {
        if self.dialect == Dialect::Strict {
            return fault_at(span, fault);
        }
        self.lenient.get_or_insert(span);
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// A fault at the character that is next; at the end, the text is cut off.
    fn fault<T>(&self, fault: SyntaxFault) -> Read<T> {
        let Some(byte) = self.peek() else { return fault_at(self.at..self.at, SyntaxFault::Truncated) };
        let length = match byte {
            0..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xff => 4,
        };
        fault_at(self.at..self.at + length, fault)
    }
}

/// Where the bytes that stand in a text as they are come to an end, or nearly: eight are looked at together, and of the
/// last few none.
fn ordinary(text: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    while let Some(chunk) = text.get(at..at + 8).and_then(|chunk| chunk.try_into().ok()) {
        let eight = u64::from_le_bytes(chunk);
        let is_zero = |bytes: u64| bytes.wrapping_sub(ONES) & !bytes & HIGHS;
        let control = eight.wrapping_sub(ONES * 0x20) & !eight & HIGHS;
        let found = is_zero(eight ^ (ONES * 0x22)) | is_zero(eight ^ (ONES * 0x5c)) | control;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at
}

fn fault_at<T>(span: Range<usize>, fault: SyntaxFault) -> Read<T> {
    Err(SyntaxError { span, fault })
}

/// The length of the whole text was found to fit before anything was read.
#[expect(clippy::cast_possible_truncation, reason = "no place in a text is further than its length, which fits")]
fn narrow(place: usize) -> u32 {
    place as u32
}

/// The grammar of RFC 8259, section 6.
fn is_number(text: &[u8]) -> bool {
    let rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    let rest = &rest[whole..];
    let rest = match rest.strip_prefix(b".") {
        Some(fraction) if digits(fraction) > 0 => &fraction[digits(fraction)..],
        Some(_) => return false,
        None => rest,
    };
    let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) else { return rest.is_empty() };
    let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
    !exponent.is_empty() && digits(exponent) == exponent.len()
}

fn digits(text: &[u8]) -> usize {
    text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len())
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}

/// A text whose escapes were found to be good.
pub(super) fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let (character, length) = one(escape);
        text.push(character);
        rest = &escape[length..];
    }
    text.push_str(rest);
    text
}

/// The character that an escape means, and how long the escape is without its backslash.
fn one(escape: &str) -> (char, usize) {
    let bytes = escape.as_bytes();
    match bytes.first() {
        Some(b'b') => ('\u{8}', 1),
        Some(b'f') => ('\u{c}', 1),
        Some(b'n') => ('\n', 1),
        Some(b'r') => ('\r', 1),
        Some(b't') => ('\t', 1),
        Some(b'u') => code_point(bytes),
        Some(other) => (char::from(*other), 1),
        None => (char::REPLACEMENT_CHARACTER, 0),
    }
}

fn code_point(escape: &[u8]) -> (char, usize) {
    let unit = |at: usize| escape.get(at..at + 4).and_then(hexadecimal).unwrap_or_default();
    let first = unit(1);
    let (point, length) = match first {
        0xd800..=0xdbff => (0x1_0000 + ((first - 0xd800) << 10) + (unit(7).saturating_sub(0xdc00)), 11),
        _ => (first, 5),
    };
    (char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER), length.min(escape.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Node;

    fn fault(text: &str) -> (usize, usize, SyntaxFault) {
        let mut parser = Parser::default();
        let error = parser.parse(text, Dialect::Strict).expect_err("no json");
        (error.span.start, error.span.end, error.fault)
    }

    /// Written again without spaces.
    fn again(node: Node<'_>) -> String {
        let children = || {
            let parts = node.children().map(|child| match child.key() {
                Some(key) => format!("{}:{}", serde_json::Value::from(key.into_owned()), again(child)),
                None => again(child),
            });
            parts.collect::<Vec<_>>().join(",")
        };
        match node.kind() {
            Kind::Object => format!("{{{}}}", children()),
            Kind::List => format!("[{}]", children()),
            Kind::Text => serde_json::Value::from(node.text().expect("a text").into_owned()).to_string(),
            _ => node.raw().to_owned(),
        }
    }

    fn read(text: &str, dialect: Dialect) -> String {
        again(Parser::default().parse(text, dialect).expect("json").root())
    }

    #[test]
    fn every_value_is_read_as_it_stands() {
        let text = r#" {"a" : [1.00, -0, 2e-7, true,false , null, {}, []], "b":{"c":"x\"\u0041\ud83d\ude00\/"} } "#;
        let whole = r#"{"a":[1.00,-0,2e-7,true,false,null,{},[]],"b":{"c":"x\"A😀/"}}"#;
        assert_eq!(read(text, Dialect::Strict), whole);
    }

    #[test]
    fn comments_and_last_commas_are_read_where_allowed() {
        let text = "// one\n{\"a\": [1, /* two */ 2,], } // three";
        assert_eq!(read(text, Dialect::Lenient), "{\"a\":[1,2]}");
        assert_eq!(fault(text), (0, 6, SyntaxFault::Comment));
        assert_eq!(fault("[1,]"), (2, 3, SyntaxFault::TrailingComma));
        let mut parser = Parser::default();
        parser.parse("[1,]", Dialect::Lenient).expect("json");
        assert_eq!(parser.lenient(), Some(2..3));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        assert_eq!(fault(""), (0, 0, SyntaxFault::Truncated));
        assert_eq!(fault("{\"a\": 1"), (7, 7, SyntaxFault::Truncated));
        assert_eq!(fault("{\"a\": tru"), (9, 9, SyntaxFault::Truncated));
        assert_eq!(fault("{a: 1}"), (1, 2, SyntaxFault::Key));
        assert_eq!(fault("{\"a\" 1}"), (5, 6, SyntaxFault::Colon));
        assert_eq!(fault("[1 2]"), (3, 4, SyntaxFault::CommaOrEnd));
        assert_eq!(fault("[01]"), (1, 3, SyntaxFault::Number));
        assert_eq!(fault("[1.]"), (1, 3, SyntaxFault::Number));
        assert_eq!(fault("[NaN]"), (1, 2, SyntaxFault::Value));
        assert_eq!(fault("[\"\\x\"]"), (2, 3, SyntaxFault::Escape));
        assert_eq!(fault("[\"\\ud800\"]"), (2, 8, SyntaxFault::Escape));
        assert_eq!(fault("[\"a\nb\"]"), (3, 4, SyntaxFault::ControlCharacter));
        assert_eq!(fault("{} {}"), (3, 4, SyntaxFault::More));
        assert_eq!(fault("[ü]"), (1, 3, SyntaxFault::Value));
        assert_eq!(fault(&"[".repeat(200)), (126, 127, SyntaxFault::TooDeep));
    }

    #[test]
    fn the_end_of_a_text_is_found_at_every_distance() {
        for length in 0..40 {
            for end in ["\"", "\\n\"", "\n"] {
                let text = format!("[\"{}{end}, 1]", "ü".repeat(length / 2) + &"x".repeat(length % 2));
                let ours = Parser::default().parse(&text, Dialect::Strict).map(|tree| again(tree.root())).ok();
                let theirs = serde_json::from_str::<serde_json::Value>(&text).map(|value| value.to_string()).ok();
                assert_eq!(ours, theirs, "{text}");
            }
        }
    }

    #[test]
    fn it_agrees_with_serde_json_on_what_is_json() {
        let parts = ["{", "}", "[", "]", "\"a\"", ":", ",", "1", "-0.5e3", "01", "null", " ", "\"\\n\"", "tru"];
        let mut random = 7_u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..=random % 9 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(parts[usize::try_from(random >> 33).unwrap_or_default() % parts.len()]);
            }
            let ours = Parser::default().parse(&text, Dialect::Strict).is_ok();
            assert_eq!(ours, serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "{ \"ä\": [true, \"x\"] }";
        let mut parser = Parser::default();
        let root = parser.parse(text, Dialect::Strict).expect("json").root();
        let list = root.get("ä").expect("a field");
        assert_eq!(&text[list.key_span().expect("a key")], "\"ä\"");
        assert_eq!(&text[list.span()], "[true, \"x\"]");
        assert_eq!(&text[list.children().last().expect("an element").span()], "\"x\"");
        assert_eq!(&text[root.span()], text);
    }
}
