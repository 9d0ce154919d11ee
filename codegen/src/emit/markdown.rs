//! A description as rustdoc may have it. It is Markdown, so that it can hold what would be a test, a link to nowhere,
//! HTML or a heading; of all that, code spans, blocks of code, lists, emphasis and addresses are kept, and the rest
//! comes out as the text that it is.

/// How wide a line of documentation may be.
const WIDTH: usize = 92;

/// Stands for a blank at which no line breaks. No contract holds this character.
const KEPT_BLANK: char = '\u{1}';

/// The lines of a description.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    let mut found = Lines::default();
    let mut rest = text.lines().map(str::trim_end).peekable();
    while let Some(line) = rest.next() {
        let line = line.trim_start();
        match Fence::opened_by(line) {
            _ if line.is_empty() => found.end_paragraph(),
            Some(fence) => {
                let code: Vec<&str> = rest.by_ref().take_while(|line| !fence.is_closed_by(line.trim())).collect();
                found.code(&code);
            }
            None => found.line(line),
        }
    }
    found.end_paragraph();
    found.finished()
}

/// A text that is shown as code, whatever it holds.
#[must_use]
pub fn code(text: &str) -> String {
    let text: String = text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    if text.trim().is_empty() {
        return format!("\"{text}\"");
    }
    let marks = "`".repeat(longest_run(&text) + 1);
    // A mark at the edge would be one of the marks around.
    let edge = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{marks}{edge}{text}{edge}{marks}")
}

/// How many backticks stand side by side at most.
fn longest_run(text: &str) -> usize {
    text.split(|char| char != '`').map(str::len).max().unwrap_or_default()
}

/// The beginning of a block of code.
struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    fn opened_by(line: &str) -> Option<Self> {
        let mark = line.chars().next().filter(|char| matches!(char, '`' | '~'))?;
        let length = line.len() - line.trim_start_matches(mark).len();
        let is_span = mark == '`' && line.trim_start_matches(mark).contains('`');
        (length >= 3 && !is_span).then_some(Self { mark, length })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        line.len() >= self.length && line.chars().all(|char| char == self.mark)
    }
}

/// What was found, with the paragraph that goes on.
#[derive(Default)]
struct Lines {
    done: Vec<String>,
    paragraph: Vec<String>,
    /// What begins the item of a list that the paragraph is.
    marker: String,
}

impl Lines {
    fn line(&mut self, line: &str) {
        if let Some((marker, rest)) = list_item(line) {
            self.end_item();
            marker.clone_into(&mut self.marker);
            self.paragraph.push(rest.to_owned());
        } else {
            self.paragraph.push(line.to_owned());
        }
    }

    fn end_item(&mut self) {
        if self.paragraph.is_empty() {
            return;
        }
        let marker = std::mem::take(&mut self.marker);
        // Text before a list is a paragraph of its own.
        let before_is_item = self.done.last().is_some_and(|line| list_item(line).is_some() || line.starts_with(' '));
        if !marker.is_empty() && !before_is_item && self.done.last().is_some_and(|line| !line.is_empty()) {
            self.done.push(String::new());
        }
        let width = marker.chars().count();
        let text = escaped(&std::mem::take(&mut self.paragraph).join("\n"));
        for (index, line) in text.lines().flat_map(|line| wrapped(line, WIDTH - width)).enumerate() {
            let before = if index == 0 { marker.clone() } else { " ".repeat(width) };
            self.done.push(format!("{before}{}", guarded(&line).replace(KEPT_BLANK, " ")));
        }
    }

    fn end_paragraph(&mut self) {
        self.end_item();
        if self.done.last().is_some_and(|line| !line.is_empty()) {
            self.done.push(String::new());
        }
    }

    /// A block of code that is no test, whatever the language that it claims.
    fn code(&mut self, code: &[&str]) {
        self.end_paragraph();
        let marks = "`".repeat(code.iter().map(|line| longest_run(line) + 1).max().unwrap_or_default().max(3));
        self.done.push(format!("{marks}text"));
        self.done.extend(code.iter().map(|line| visible(line)));
        self.done.push(marks);
        self.done.push(String::new());
    }

    fn finished(mut self) -> Vec<String> {
        while self.done.last().is_some_and(String::is_empty) {
            self.done.pop();
        }
        self.done
    }
}

fn visible(line: &str) -> String {
    line.replace('\t', "    ").chars().filter(|char| !char.is_control()).collect()
}

/// The marker of a list with one blank, and what stands behind it.
fn list_item(line: &str) -> Option<(String, &str)> {
    let digits = line.len() - line.trim_start_matches(|char: char| char.is_ascii_digit()).len();
    let end = match line[digits..].chars().next()? {
        '-' | '*' | '+' if digits == 0 => 1,
        '.' | ')' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    let rest = line[end..].strip_prefix([' ', '\t'])?.trim_start();
    (!rest.is_empty() && !is_rule(line)).then(|| (format!("{} ", &line[..end]), rest))
}

/// A line across the page.
fn is_rule(line: &str) -> bool {
    line.chars().all(|char| matches!(char, '-' | '*' | '_' | '=' | '|' | ':' | '+' | ' '))
}

/// A line of a paragraph that begins nothing but itself.
fn guarded(line: &str) -> String {
    let digits = line.len() - line.trim_start_matches(|char: char| char.is_ascii_digit()).len();
    let behind = line[digits..].chars().next();
    match line.chars().next() {
        Some('#' | '>' | '|') => format!("\\{line}"),
        Some('~') if line.starts_with("~~~") => format!("\\{line}"),
        Some('-' | '+' | '*' | '=' | '_' | ':') if is_rule(line) || list_item(line).is_some() => format!("\\{line}"),
        Some('0'..='9') if matches!(behind, Some('.' | ')')) => {
            let (number, rest) = line.split_at(digits);
            if rest.len() == 1 || rest[1..].starts_with(' ') { format!("{number}\\{rest}") } else { line.to_owned() }
        }
        _ => line.to_owned(),
    }
}

fn wrapped(line: &str, width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width).break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(line.trim(), &options).into_iter().map(|line| line.trim().to_owned()).collect()
}

/// A paragraph in which rustdoc finds no link, HTML or entity, and no bare address.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let (written, length) = match char {
            '\\' => backslash(rest),
            '`' => backticks(rest),
            '<' => autolink(rest).map_or_else(|| ("\\<".to_owned(), 1), |link| (link.to_owned(), link.len())),
            '[' | ']' => (format!("\\{char}"), 1),
            '&' if is_entity(rest) => ("\\&".to_owned(), 1),
            'h' if address(rest).is_some() => {
                let address = address(rest).unwrap_or_default();
                (format!("<{address}>"), address.len())
            }
            '\t' => (" ".to_owned(), 1),
            char if char.is_control() && char != '\n' => (String::new(), char.len_utf8()),
            char => (char.to_string(), char.len_utf8()),
        };
        escaped.push_str(&written);
        rest = &rest[length..];
    }
    escaped
}

/// A mark that the author escaped stays so; any other backslash is one.
fn backslash(text: &str) -> (String, usize) {
    match text.chars().nth(1) {
        Some(next) if next.is_ascii_punctuation() => (format!("\\{next}"), 2),
        _ => ("\\\\".to_owned(), 1),
    }
}

/// A code span with its marks, or marks that none close.
fn backticks(text: &str) -> (String, usize) {
    let length = text.len() - text.trim_start_matches('`').len();
    let mut at = length;
    while let Some(start) = text[at..].find('`').map(|found| at + found) {
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == length {
            let span: String =
                text[..start + run].chars().map(|char| if char.is_whitespace() { KEPT_BLANK } else { char }).collect();
            return (span, start + run);
        }
        at = start + run;
    }
    ("\\`".repeat(length), length)
}

fn autolink(text: &str) -> Option<&str> {
    let end = text.find('>')?;
    let inside = &text[1..end];
    let is_address = address(inside) == Some(inside);
    is_address.then(|| &text[..=end])
}

fn is_entity(text: &str) -> bool {
    let name = text[1..].split(';').next().unwrap_or_default();
    let is_name = !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '#');
    is_name && text[1 + name.len()..].starts_with(';')
}

/// The address that a text begins with, without what ends the sentence.
fn address(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let ends = |char: char| char.is_whitespace() || char.is_control() || matches!(char, '<' | '>' | '"' | '`' | '\\');
    let address = &text[..text.find(ends).unwrap_or(text.len())];
    let closes = |char: char| matches!(char, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | ']' | '}');
    let address = address.trim_end_matches(|char| closes(char) || char == ')' && !address.contains('('));
    (address.len() > scheme.len()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rustdoc_would_read_as_a_link_or_html_is_escaped() {
        assert_eq!(escaped(r"a [b] <c> `[d]` <https://f>"), r"a \[b\] \<c> `[d]` <https://f>");
        assert_eq!(escaped(r"\<b> \x &lt;i> R&D; a&b"), r"\<b> \\x \&lt;i> R\&D; a&b");
    }

    #[test]
    fn a_bare_address_becomes_a_link_without_what_ends_the_sentence() {
        assert_eq!(
            escaped("See https://a.example/b, (http://c.example)."),
            "See <https://a.example/b>, (<http://c.example>)."
        );
        assert_eq!(escaped("https:// alone"), "https:// alone");
    }

    #[test]
    fn a_mark_of_code_that_none_closes_is_a_character() {
        assert_eq!(escaped("an `open span"), r"an \`open span");
        assert_eq!(escaped("``a ` b`` and `c"), format!("``a{KEPT_BLANK}`{KEPT_BLANK}b`` and \\`c"));
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
    }

    #[test]
    fn a_block_of_code_is_no_test() {
        assert_eq!(
            lines("Before.\n```rust\nlet x = <1>;\n```\nAfter."),
            ["Before.", "", "```text", "let x = <1>;", "```", "", "After."]
        );
        assert_eq!(lines("~~~\n```\nopen"), ["````text", "```", "open", "````"]);
    }

    #[test]
    fn an_indented_description_is_no_code_block() {
        assert_eq!(lines("    let x = 1;"), ["let x = 1;"]);
        assert_eq!(lines("-      let x = 1;"), ["- let x = 1;"]);
    }

    #[test]
    fn a_list_keeps_its_items_and_their_lines() {
        let long = "word ".repeat(24);
        let found = lines(&format!("Either\n- {long}\n- two\nmore\n\nEnd"));
        assert_eq!(found[..2], ["Either", ""]);
        assert!(found[2].starts_with("- word") && found[3].starts_with("  word"), "{found:?}");
        assert_eq!(found[4..], ["- two", "  more", "", "End"]);
    }

    #[test]
    fn a_line_begins_nothing_but_itself() {
        for (line, expected) in [
            ("# title", r"\# title"),
            ("> quote", r"\> quote"),
            ("---", r"\---"),
            ("===", r"\==="),
            ("|--|--|", r"\|--|--|"),
            ("- # title", r"- \# title"),
            ("- - deep", r"- \- deep"),
            ("1.", r"1\."),
        ] {
            assert_eq!(lines(line), [expected], "{line}");
        }
        let found = lines(&format!("{} - 2024. begins", "word ".repeat(18).trim()));
        assert!(found.iter().skip(1).all(|line| list_item(line).is_none()), "{found:?}");
    }
}
