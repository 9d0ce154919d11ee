//! Documentation comments: the contract's words, bounds and page, safe for rustdoc.

use crate::model::{Bounds, Code, Doc, Field, Literal};

/// How wide a line of documentation may be.
const WIDTH: usize = 92;

/// The lines for a type or an operation.
#[must_use]
pub fn of(doc: &Doc) -> Vec<String> {
    let page = doc.page.as_ref().map(|page| format!("Page: <{page}>"));
    paragraphs([Some(sentence(&safe(&doc.summary))), Some(safe(&doc.text)), page])
}

/// A summary ends as a sentence does; in a contract it often does not.
fn sentence(text: &str) -> String {
    let ends = text.is_empty() || text.ends_with(['.', '!', '?', ':']);
    if ends { text.to_owned() } else { format!("{text}.") }
}

/// The lines for a field, with its bounds and, where it differs from the object's page, its source.
#[must_use]
pub fn of_field(field: &Field) -> Vec<String> {
    let source = field.doc.source.as_ref().map(|source| format!("Source: {}.", safe(source.trim_end_matches('.'))));
    paragraphs([Some(safe(&field.doc.summary)), Some(safe(&field.doc.text)), bounds(&field.bounds), source])
}

/// The lines for a setter.
#[must_use]
pub fn of_setter(field: &Field) -> Vec<String> {
    paragraphs([Some(format!("Sets `{}`. {}", field.wire, safe(&field.doc.summary))), None, None, None])
}

/// The lines for a constant of a code list.
#[must_use]
pub fn of_code(code: &Code) -> Vec<String> {
    let value = match &code.value {
        Literal::Int(value) => value.to_string(),
        Literal::Text(text) => text.clone(),
        Literal::Null | Literal::Bool(_) => String::new(),
    };
    let charged = code.nothing_charged.then(|| "It proves that nothing was charged.".to_owned());
    paragraphs([Some(format!("`{value}`: {}.", safe(code.meaning.trim_end_matches('.')))), charged])
}

fn paragraphs<const N: usize>(parts: [Option<String>; N]) -> Vec<String> {
    let mut lines = Vec::new();
    for part in parts.into_iter().flatten().filter(|part| !part.trim().is_empty()) {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(wrapped(&part));
    }
    lines
}

fn wrapped(text: &str) -> Vec<String> {
    let options = textwrap::Options::new(WIDTH).break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation);
    // Leading blanks would make a code block, and so a test, of a description.
    text.lines()
        .map(str::trim)
        .flat_map(|line| textwrap::wrap(line, &options))
        .map(|line| line.trim().to_owned())
        .collect()
}

/// Escapes what rustdoc would read as a link or as HTML, outside of code and addresses.
fn safe(text: &str) -> String {
    let mut safe = String::new();
    let mut in_code = false;
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        in_code ^= char == '`';
        let is_address = rest.starts_with("<http://") || rest.starts_with("<https://");
        if !in_code && (matches!(char, '[' | ']') || char == '<' && !is_address) {
            safe.push('\\');
        }
        safe.push(char);
        rest = &rest[char.len_utf8()..];
    }
    safe
}

fn bounds(bounds: &Bounds) -> Option<String> {
    let characters = range(bounds.min_length, bounds.max_length, "character", "characters");
    let elements = range(bounds.min_items, bounds.max_items, "element", "elements");
    let parts: Vec<String> = [characters, elements, numbers(bounds)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("Bounds: {}.", parts.join(", ")))
}

fn range(min: Option<i64>, max: Option<i64>, one: &str, many: &str) -> Option<String> {
    let unit = |count: i64| if count == 1 { one } else { many };
    match (min, max) {
        (Some(min), Some(max)) => Some(format!("{min} to {max} {}", unit(max))),
        (Some(min), None) => Some(format!("at least {min} {}", unit(min))),
        (None, Some(max)) => Some(format!("at most {max} {}", unit(max))),
        (None, None) => None,
    }
}

fn numbers(bounds: &Bounds) -> Option<String> {
    let min =
        bounds.minimum.map(|(value, above)| if above { format!("above {value}") } else { format!("at least {value}") });
    let max =
        bounds.maximum.map(|(value, below)| if below { format!("below {value}") } else { format!("at most {value}") });
    match (min, max) {
        (Some(min), Some(max)) => Some(format!("{min} and {max}")),
        (min, max) => min.or(max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rustdoc_would_read_as_a_link_or_html_is_escaped() {
        assert_eq!(safe("a [b] <c> `[d] <e>` <https://f>"), r"a \[b\] \<c> `[d] <e>` <https://f>");
    }

    #[test]
    fn an_indented_description_is_no_code_block() {
        let doc = Doc { summary: "What.".to_owned(), text: "    let x = 1;".to_owned(), ..Doc::default() };
        assert_eq!(of(&doc), ["What.", "", "let x = 1;"]);
    }

    #[test]
    fn bounds_are_told_in_words() {
        let bounds = super::bounds(&Bounds { max_length: Some(250), ..Bounds::default() });
        assert_eq!(bounds.as_deref(), Some("Bounds: at most 250 characters."));
        let bounds =
            super::bounds(&Bounds { minimum: Some((0, true)), maximum: Some((30, false)), ..Bounds::default() });
        assert_eq!(bounds.as_deref(), Some("Bounds: above 0 and at most 30."));
    }
}
