//! A pattern as every reader means it: JSON Schema's are those of ECMA-262 with the flag `u`, and the client's engine
//! is one of Rust. What both write and mean alike stays, what one writes otherwise is written as both do, and the rest
//! is refused.

use std::iter::Peekable;
use std::str::CharIndices;

/// What a pattern says that not all readers take for the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Odd {
    /// The character at which it stands, from one.
    pub character: usize,
    /// What was found.
    pub message: String,
    /// What to write.
    pub fix: String,
}

/// The pattern in words that ECMA-262 and Rust share.
///
/// # Errors
///
/// The first thing that has no such words.
pub fn portable(pattern: &str) -> Result<String, Odd> {
    let mut reader = Reader { pattern, rest: pattern.char_indices().peekable(), written: String::new(), depth: 0 };
    reader.alternatives()?;
    Ok(reader.written)
}

/// What `\s` means to ECMA-262, as the inside of a class.
const BLANKS: &str = r"\t\n\v\f\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
const DIGITS: &str = "0-9";
const LETTERS: &str = "A-Za-z0-9_";

/// The characters that a backslash takes their meaning from.
const SYNTAX: &str = r"^$\.*+?()[]{}|";

struct Reader<'p> {
    pattern: &'p str,
    rest: Peekable<CharIndices<'p>>,
    written: String,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest.peek().map(|(_, char)| *char)
    }

    fn next(&mut self) -> Option<char> {
        self.rest.next().map(|(_, char)| char)
    }

    fn is_next(&mut self, char: char) -> bool {
        self.rest.next_if(|(_, next)| *next == char).is_some()
    }

    /// What stands ahead.
    fn ahead(&mut self) -> &str {
        let at = self.rest.peek().map_or(self.pattern.len(), |(at, _)| *at);
        &self.pattern[at..]
    }

    fn odd<T>(&mut self, message: impl Into<String>, fix: impl Into<String>) -> Result<T, Odd> {
        let at = self.rest.peek().map_or(self.pattern.len(), |(at, _)| *at);
        let character = self.pattern[..at].chars().count().max(1);
        Err(Odd { character, message: message.into(), fix: fix.into() })
    }

    fn alternatives(&mut self) -> Result<(), Odd> {
        while let Some(char) = self.next() {
            match char {
                '|' => self.written.push('|'),
                ')' if self.depth > 0 => {
                    self.depth -= 1;
                    self.written.push(')');
                    self.quantifier()?;
                }
                '^' | '$' => {
                    self.written.push(char);
                    if let Some('*' | '+' | '?' | '{') = self.peek() {
                        return self.odd("an anchor that is repeated", "repeat something else");
                    }
                }
                '(' => self.group()?,
                _ => {
                    self.atom(char)?;
                    self.quantifier()?;
                }
            }
        }
        if self.depth > 0 { self.odd("a group without its end", "write the `)`") } else { Ok(()) }
    }

    fn group(&mut self) -> Result<(), Odd> {
        self.depth += 1;
        self.written.push('(');
        if self.is_next('?') {
            if !self.is_next(':') {
                return self.odd(
                    "a group with a name, flags or a look around",
                    "write a plain group, `(…)` or `(?:…)`; capitals and small letters in a class",
                );
            }
            self.written.push_str("?:");
        }
        if let Some('*' | '+' | '?' | '{') = self.peek() {
            return self.odd("a repetition of nothing", "repeat a character, a class or a group");
        }
        Ok(())
    }

    fn atom(&mut self, char: char) -> Result<(), Odd> {
        match char {
            '.' => self.written.push_str(r"[^\n\r\u2028\u2029]"),
            '[' => self.class()?,
            '\\' => self.escape()?,
            '*' | '+' | '?' => return self.odd("a repetition of nothing", "escape it, or repeat something"),
            ')' | ']' | '{' | '}' => {
                return self.odd(format!("a `{char}` that closes or opens nothing"), format!("write `\\{char}`"));
            }
            other => self.written.push(other),
        }
        Ok(())
    }

    fn quantifier(&mut self) -> Result<(), Odd> {
        match self.peek() {
            Some(char @ ('*' | '+' | '?')) => {
                self.next();
                self.written.push(char);
            }
            Some('{') => self.counted()?,
            _ => return Ok(()),
        }
        // Whether as few or as many as possible changes no verdict.
        if self.is_next('?') {
            self.written.push('?');
        }
        match self.peek() {
            Some('*' | '+' | '?' | '{') => self.odd("a repetition of a repetition", "put a group around the first one"),
            _ => Ok(()),
        }
    }

    fn counted(&mut self) -> Result<(), Odd> {
        let ahead = self.ahead().to_owned();
        let inside = ahead[1..].split('}').next().filter(|inside| ahead[1 + inside.len()..].starts_with('}'));
        let (least, most) = inside.map(|inside| inside.split_once(',').unwrap_or((inside, inside))).unwrap_or_default();
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.len() <= 6 && text.chars().all(|char| char.is_ascii_digit());
            is_number.then(|| text.parse::<u32>().ok()).flatten()
        };
        let is_count = match (number(least), number(most)) {
            (Some(least), Some(most)) => least <= most,
            (Some(_), None) => most.is_empty() && inside.is_some(),
            (None, _) => false,
        };
        if !is_count {
            return self
                .odd("a `{` that begins no count", r"write `{2}`, `{2,}` or `{0,2}`, or `\{` for the character");
        }
        for _ in 0..inside.unwrap_or_default().len() + 2 {
            let char = self.next().unwrap_or_default();
            self.written.push(char);
        }
        Ok(())
    }

    /// An escape outside of a class.
    fn escape(&mut self) -> Result<(), Odd> {
        if let Some(kind @ ('d' | 'D' | 'w' | 'W' | 's' | 'S')) = self.peek() {
            self.next();
            self.written.push_str(if kind.is_ascii_uppercase() { "[^" } else { "[" });
            self.written.push_str(inside_of(kind));
            self.written.push(']');
            return Ok(());
        }
        let char = self.escaped_character(false)?;
        self.written.push_str(&outside(char));
        Ok(())
    }

    /// The one character that an escape stands for, the backslash behind us.
    fn escaped_character(&mut self, in_class: bool) -> Result<char, Odd> {
        let Some(char) = self.next() else { return self.odd("a backslash at the end", r"write `\\`") };
        match char {
            't' => Ok('\t'),
            'n' => Ok('\n'),
            'v' => Ok('\u{b}'),
            'f' => Ok('\u{c}'),
            'r' => Ok('\r'),
            'x' => {
                let digits = self.ahead().get(..2).unwrap_or_default().to_owned();
                self.code(&digits, 2)
            }
            'u' => self.unicode(),
            '/' => Ok('/'),
            '-' if in_class => Ok('-'),
            char if SYNTAX.contains(char) => Ok(char),
            char if char.is_ascii_alphanumeric() => self.odd(
                format!(r"`\{char}`, which not all readers know or take for the same"),
                r"write the characters that are meant, as a class or as `\u0041`",
            ),
            char => {
                self.odd(format!(r"`\{char}`, which needs no backslash and may have none"), format!("write `{char}`"))
            }
        }
    }

    fn unicode(&mut self) -> Result<char, Odd> {
        if self.ahead().starts_with('{') {
            let digits = self.ahead()[1..].split('}').next().unwrap_or_default().to_owned();
            self.next();
            let char = self.code(&digits, digits.len())?;
            return if self.is_next('}') { Ok(char) } else { self.odd(r"a `\u{` without its end", "write the `}`") };
        }
        let ahead = self.ahead().to_owned();
        let unit = |text: Option<&str>| u16::from_str_radix(text?, 16).ok();
        // Two halves of one character are one.
        if let (Some(first), Some(r"\u"), Some(second)) =
            (unit(ahead.get(..4)), ahead.get(4..6), unit(ahead.get(6..10)))
            && let Some(Ok(char)) = char::decode_utf16([first, second]).next()
            && char.len_utf16() == 2
        {
            self.rest.nth(9);
            return Ok(char);
        }
        self.code(ahead.get(..4).unwrap_or_default(), 4)
    }

    /// The character of a code in hexadecimal digits, which stand ahead.
    fn code(&mut self, digits: &str, length: usize) -> Result<char, Odd> {
        let is_code = digits.len() == length && length > 0 && digits.chars().all(|char| char.is_ascii_hexdigit());
        let char = is_code.then(|| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)).flatten();
        let Some(char) = char else {
            return self.odd("a code that is no character", r"write four digits, as `\u0041`, or `\u{1F600}`");
        };
        self.rest.nth(length - 1);
        Ok(char)
    }

    fn class(&mut self) -> Result<(), Odd> {
        self.written.push('[');
        if self.is_next('^') {
            self.written.push('^');
        }
        if self.peek() == Some(']') {
            return self.odd("a class of nothing, or of everything", r"write what is in it, or `\]` for the character");
        }
        let mut is_first = true;
        loop {
            let Some(char) = self.next() else { return self.odd("a class without its end", "write the `]`") };
            if char == ']' {
                break;
            }
            self.member(char, is_first)?;
            is_first = false;
        }
        self.written.push(']');
        Ok(())
    }

    /// A character, a range of them, or a class by its letter.
    fn member(&mut self, char: char, is_first: bool) -> Result<(), Odd> {
        let is_class = char == '\\' && matches!(self.peek(), Some('d' | 'D' | 'w' | 'W' | 's' | 'S'));
        let low = if is_class { '\0' } else { self.in_class(char)? };
        if is_class {
            let kind = self.next().unwrap_or_default();
            if kind.is_ascii_uppercase() {
                return self.odd(format!(r"`\{kind}` in a class"), "write what is meant without it");
            }
            self.written.push_str(inside_of(kind));
        }
        let is_range = self.ahead().starts_with('-') && !self.ahead().starts_with("-]");
        if !is_range {
            if !is_class {
                let is_last = self.peek() == Some(']');
                self.written.push_str(&inside(low, is_first, is_last));
            }
            return Ok(());
        }
        self.next();
        let high = self.next().unwrap_or_default();
        let ends_in_class = high == '\\' && matches!(self.peek(), Some('d' | 'D' | 'w' | 'W' | 's' | 'S'));
        if is_class || ends_in_class {
            return self.odd("a range from or to a class", r"write `\-` for the character");
        }
        let high = self.in_class(high)?;
        if low > high {
            return self.odd("a range that ends before it begins", r"swap its ends, or write `\-` for the character");
        }
        self.written.push_str(&inside(low, false, false));
        self.written.push('-');
        self.written.push_str(&inside(high, false, false));
        Ok(())
    }

    fn in_class(&mut self, char: char) -> Result<char, Odd> {
        if char == '\\' { self.escaped_character(true) } else { Ok(char) }
    }
}

/// What a class by its letter holds, as the inside of a class.
fn inside_of(kind: char) -> &'static str {
    match kind.to_ascii_lowercase() {
        'd' => DIGITS,
        'w' => LETTERS,
        _ => BLANKS,
    }
}

/// A character as it is written outside of a class.
fn outside(char: char) -> String {
    if SYNTAX.contains(char) { format!("\\{char}") } else { plain(char) }
}

/// A character as it is written in a class. Some that stand there twice are an operation to Rust.
fn inside(char: char, is_first: bool, is_last: bool) -> String {
    match char {
        '-' if is_first || is_last => "-".to_owned(),
        '-' | '[' | ']' | '\\' | '^' => format!("\\{char}"),
        '&' | '~' => format!("\\u{:04X}", u32::from(char)),
        _ => plain(char),
    }
}

fn plain(char: char) -> String {
    match char {
        '\t' => r"\t".to_owned(),
        '\n' => r"\n".to_owned(),
        '\r' => r"\r".to_owned(),
        '\u{b}' => r"\v".to_owned(),
        '\u{c}' => r"\f".to_owned(),
        char if char.is_ascii_graphic() || char == ' ' || char.is_alphanumeric() => char.to_string(),
        char if u32::from(char) > 0xffff => format!("\\u{{{:X}}}", u32::from(char)),
        char => format!("\\u{:04X}", u32::from(char)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Patterns of ECMA-262, and texts with the verdict that `new RegExp(pattern, 'u').test(text)` gives.
    const VERDICTS: &[(&str, &[(&str, bool)])] = &[
        (r"^\d+$", &[("12", true), ("\u{663}", false), ("1\n", false)]),
        (r"^\w+$", &[("a_1", true), ("é", false), ("\u{212a}", false)]),
        (
            r"^\s$",
            &[
                (" ", true),
                ("\u{a0}", true),
                ("\u{feff}", true),
                ("\u{3000}", true),
                ("\u{85}", false),
                ("\u{b}", true),
            ],
        ),
        (r"^\S$", &[("a", true), ("\u{2003}", false), ("\u{85}", true)]),
        (r"^\D\W$", &[("a-", true), ("1-", false), ("\u{663}é", true)]),
        (r"^.$", &[("a", true), ("\n", false), ("\r", false), ("\u{2028}", false), ("\u{85}", true), ("😀", true)]),
        (r"^[\d\s-]+$", &[("1 -", true), ("\u{a0}", true), ("x", false)]),
        (r"^[a&&b]$", &[("&", true), ("a", true), ("c", false)]),
        (r"^[a~~b]$", &[("~", true), ("a", true)]),
        (r"^[[:a]$", &[("[", true), (":", true), ("b", false)]),
        (r"^[+\-/.]$", &[("-", true), ("+", true), (".", true), (",", false)]),
        (r"^[+--]$", &[(",", true), ("-", true), (".", false)]),
        (r"^[\^a]$", &[("^", true), ("b", false)]),
        (r"^[a^]$", &[("^", true), ("a", true)]),
        (r"^\/\.\x41\u0042\u{43}$", &[("/.ABC", true), ("/xABC", false)]),
        (r"^\uD83D\uDE00$", &[("😀", true)]),
        (r"^(?:ab|c){2,3}?$", &[("abc", true), ("ab", false), ("cccc", false)]),
        (r"^a$|^b$", &[("a", true), ("b\n", false), ("c\na", false)]),
        (r"", &[("", true), ("x", true)]),
        (r"K", &[("K", true), ("\u{212a}", false), ("k", false)]),
    ];

    #[test]
    fn a_pattern_means_to_rust_what_it_means_to_ecma_262() {
        for (pattern, texts) in VERDICTS {
            let portable = portable(pattern).unwrap_or_else(|odd| panic!("{pattern}: {odd:?}"));
            let regex = regex_lite::Regex::new(&portable).unwrap_or_else(|error| panic!("{portable}: {error}"));
            for (text, expected) in *texts {
                assert_eq!(regex.is_match(text), *expected, "{pattern} as {portable} of {text:?}");
            }
            assert_eq!(self::portable(&portable).as_deref(), Ok(portable.as_str()), "it is portable by now");
        }
    }

    #[test]
    fn what_not_all_readers_take_for_the_same_is_refused() {
        for pattern in [
            r"\bword",
            r"\Aa\z",
            r"a\Z",
            r"\h",
            r"\R",
            r"\p{L}",
            r"\pL",
            r"\P{Lu}",
            r"(?i)a",
            r"(?i:a)",
            r"(?P<n>a)",
            r"(?<n>a)",
            r"(?=a)",
            r"(?<!a)",
            r"(?>a)",
            r"(?#a)",
            r"a++",
            r"a*+",
            r"a?+",
            r"a**",
            r"a{2}{3}",
            r"a{,3}",
            r"a{",
            r"a{x}",
            r"a{3,2}",
            r"{2}",
            r"}",
            r"]",
            r"[]",
            r"[^]",
            r"[[:alpha:]]",
            r"[a[b]]",
            r"[b-a]",
            r"[\d-z]",
            r"[a-\w]",
            r"[\D]",
            r"[\b]",
            r"[a",
            r"(a",
            r"a)",
            r"*a",
            r"^*",
            r"(?:+)",
            r"\-",
            r"\_",
            r"\@",
            r"\ ",
            r"\1",
            r"(a)\1",
            r"\k<n>",
            r"\0",
            r"\cA",
            r"\x{41}",
            r"\x4",
            r"\u41",
            r"\u{110000}",
            r"\uD83D",
            r"\a",
            r"\e",
            r"\Q.\E",
            r"a\",
            r"[\&]",
            r"\",
        ] {
            assert!(portable(pattern).is_err(), "{pattern} became {:?}", portable(pattern));
        }
    }

    #[test]
    fn a_finding_says_at_which_character() {
        let odd = portable(r"^é\bx$").expect_err("a boundary of words");
        assert_eq!(odd.character, 4);
        assert!(odd.message.contains(r"`\b`"), "{odd:?}");
    }
}
