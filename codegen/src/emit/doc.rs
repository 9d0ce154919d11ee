//! Documentation comments: the contract's words, bounds and page, safe for rustdoc.

use proc_macro2::TokenStream;
use quote::quote;

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

/// What a derive is called, which is in scope everywhere: a link to a type of that name says which of the two it means.
const DERIVES: [&str; 9] = ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// A link to a type.
#[must_use]
pub fn link(name: &str) -> String {
    if DERIVES.contains(&name) { format!("[`{name}`](struct@{name})") } else { format!("[`{name}`]") }
}

/// What a method takes beside the value that it is called on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// One value.
    Value,
    /// Nothing.
    Nothing,
}

/// The methods of traits that take one more value, and those that take none, as clippy knows them by name.
const OPERATORS: [&str; 10] = ["add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub"];
const CONVERSIONS: [&str; 4] = ["clone", "into_iter", "neg", "not"];
const ITERATORS: [&str; 2] = ["iter", "iter_mut"];

/// The lints that a method breaks by being called as the contract's word is.
#[must_use]
pub fn lints(method: &str, takes: Takes) -> Option<TokenStream> {
    let of_traits: &[&str] = if takes == Takes::Value { &OPERATORS } else { &CONVERSIONS };
    let broken = match method {
        name if of_traits.contains(&name) => quote!(clippy::should_implement_trait),
        name if ITERATORS.contains(&name) => quote!(clippy::iter_not_returning_iterator),
        _ => return None,
    };
    Some(quote!(#[expect(#broken, reason = "named by the contract")]))
}

/// The lints that a method of a service breaks: its value is a call.
#[must_use]
pub fn lints_of_call(method: &str, takes: Takes) -> Option<TokenStream> {
    let broken = match (method, takes) {
        ("new", _) => quote!(clippy::new_ret_no_self),
        ("cmp", Takes::Value) => quote!(clippy::should_implement_trait),
        _ => return lints(method, takes),
    };
    Some(quote!(#[expect(#broken, reason = "named by the contract")]))
}

/// The lints that a method breaks which gives a service.
#[must_use]
pub fn lints_of_service(method: &str, is_of_trait: bool) -> Option<TokenStream> {
    if ITERATORS.contains(&method) {
        return lints(method, Takes::Nothing);
    }
    // Of what everybody sees, this lint looks at traits alone.
    let converts = is_of_trait && ["from_", "into_"].iter().any(|start| method.starts_with(start));
    converts.then(|| quote!(#[expect(clippy::wrong_self_convention, reason = "named by the contract")]))
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
