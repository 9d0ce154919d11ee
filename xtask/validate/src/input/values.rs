//! Where JSON begins among other text: behind the prefix of a line of a log, behind another value, within a text.

/// The longest name of a field that is looked for behind a brace.
const LONGEST_NAME: usize = 256;
/// How far before an escaped brace the text that holds it may begin.
const LONGEST_PREFIX: usize = 4096;

/// Whether a text begins as an object, a list or a text of JSON does that may hold a payload: `[INFO]` and `{main}` are
/// what logs begin with.
#[must_use]
pub(crate) fn begins_value(text: &str) -> bool {
    let mut bytes = text.bytes();
    let first = bytes.next();
    match (first, bytes.find(|byte| !byte.is_ascii_whitespace())) {
        (Some(b'{'), next) => matches!(next, None | Some(b'"' | b'}' | b'\'' | b'/')),
        (Some(b'['), next) => matches!(next, None | Some(b'{' | b'[' | b'"' | b']' | b'/')),
        (Some(b'"'), next) => matches!(next, Some(b'{' | b'[')),
        _ => false,
    }
}

/// Where the next value stands behind nothing but space; a mark and the separator of RFC 7464 may stand there too.
#[must_use]
pub(crate) fn behind_space(text: &str, from: usize) -> usize {
    let is_space = |one: char| matches!(one, ' ' | '\t' | '\r' | '\n' | '\u{feff}' | '\u{1e}');
    text.len() - text[from..].trim_start_matches(is_space).len()
}

/// Where the next value begins that may hold a payload: a brace with the name of a field behind it, or a text with such
/// a brace in it.
#[must_use]
pub(crate) fn next(text: &str, from: usize) -> Option<usize> {
    next_of(text.as_bytes(), text.as_bytes(), from)
}

/// The same on a line, with all that is there from its first byte on: a value may begin on it and go on behind it.
#[must_use]
pub(crate) fn next_of(bytes: &[u8], rest: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let brace = at + memchr::memchr(b'{', bytes.get(at..)?)?;
        let behind = rest[brace + 1..].trim_ascii_start();
        if begins_field(behind) {
            return Some(brace);
        }
        if let Some(quote) = behind.starts_with(b"\\").then(|| opening_quote(bytes, from, brace)).flatten() {
            return Some(quote);
        }
        at = brace + 1;
    }
}

/// Whether a name in quotes and a colon stand there, as far as the text goes.
fn begins_field(behind: &[u8]) -> bool {
    let Some(name) = behind.strip_prefix(b"\"") else { return false };
    let mut at = 0;
    loop {
        match name.get(at) {
            None => return true,
            Some(b'\n') => return false,
            Some(b'"') => break,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
        if at > LONGEST_NAME {
            return false;
        }
    }
    matches!(name[at + 1..].trim_ascii_start().first(), None | Some(b':'))
}

/// The quote that opens the text in which a brace stands: the last one on the line that no backslash escapes.
fn opening_quote(bytes: &[u8], from: usize, brace: usize) -> Option<usize> {
    let first = from.max(brace.saturating_sub(LONGEST_PREFIX));
    let before = &bytes[first..brace];
    let line = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    let is_escaped = |at: usize| before[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    let quotes = memchr::memrchr_iter(b'"', &before[line..]).map(|at| line + at);
    quotes.into_iter().find(|at| !is_escaped(*at)).map(|at| first + at)
}

/// Where behind the first line something new begins, and no more of a value over several lines; the end, where nothing
/// does. A line of JSON Lines is always something new.
#[must_use]
pub(crate) fn next_beginning(text: &str, is_lines: bool) -> usize {
    let bytes = text.as_bytes();
    let ends = memchr::memchr_iter(b'\n', bytes).map(|end| end + 1);
    let mut begins = ends.filter(|at| bytes.get(*at).is_some_and(|byte| is_beginning(*byte)));
    let goes_on = |at: usize| matches!(bytes[..at].trim_ascii_end().last(), Some(b'[' | b'{' | b',' | b':'));
    begins.find(|at| is_lines || bytes[*at] != b'{' || !goes_on(*at)).unwrap_or(bytes.len())
}

/// Whether a line that begins so is none within a value over several lines.
#[must_use]
pub(crate) fn is_beginning(byte: u8) -> bool {
    !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'}' | b']' | b'"' | b',' | b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_behind_what_a_log_writes() {
        for (text, found) in [
            (r#"2026-01-01 INFO {"a": 1}"#, Some(16)),
            (r#"[main] {ctx} {} body={ "a" : 1}"#, Some(21)),
            (r#"msg="sent {\"a\":1}""#, Some(4)),
            (r#"a="x\"y" msg="{\"a\":1}""#, Some(13)),
            (r#"{"cut"#, Some(0)),
            ("body: {", None),
            (r#"set{"a","b"}"#, None),
            (r"{a: 1} {'a': 1} {}", None),
            ("plain", None),
        ] {
            assert_eq!(next(text, 0), found, "{text}");
        }
    }

    #[test]
    fn a_value_may_begin_at_the_end_of_a_line() {
        assert_eq!(next_of(b"body: {", b"body: {\n  \"a\": 1\n}", 0), Some(6));
        assert_eq!(next_of(b"class A {", b"class A {\n  int a;\n}", 0), None);
    }

    #[test]
    fn what_logs_begin_with_is_no_value() {
        for value in ["{", "{}", "{ \"a\"", "{'a'", "[", "[]", "[ {", "[[", "\"{\\\"a", "{ // a"] {
            assert!(begins_value(value), "{value}");
        }
        for other in ["[INFO]", "[2026-01-01", "[10:00:00]", "{main}", "\"GET /\"", "2026", "", "x"] {
            assert!(!begins_value(other), "{other}");
        }
    }

    #[test]
    fn a_line_that_goes_on_begins_nothing() {
        assert_eq!(next_beginning("{\n\"a\": [\n{\n}\n]\n}\n{\"b\": 1}\n", false), 17);
        assert_eq!(next_beginning("{\n  oops\n}\n2026 x\n", false), 11);
        assert_eq!(next_beginning("{\"cut\":\n{}\n", true), 8);
        assert_eq!(next_beginning("{\n \"a\"", false), 6);
    }
}
