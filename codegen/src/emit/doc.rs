//! Documentation comments: the contract's words, bounds and page, safe for rustdoc.

use proc_macro2::TokenStream;
use quote::quote;

use super::markdown;
use paywall_contract::model::{Bounds, Code, Doc, Field, Literal};

/// The lines for a type or an operation.
#[must_use]
pub fn of(doc: &Doc) -> Vec<String> {
    let page = doc.page.as_ref().map(|page| format!("Page: {page}"));
    paragraphs(&[sentence(&doc.summary), doc.text.clone(), page.unwrap_or_default()])
}

/// A summary ends as a sentence does; in a contract it often does not.
fn sentence(text: &str) -> String {
    let ends = text.is_empty() || text.ends_with(['.', '!', '?', ':']);
    if ends { text.to_owned() } else { format!("{text}.") }
}

/// The lines for a field, with its bounds and, where it differs from the object's page, its source.
#[must_use]
pub fn of_field(field: &Field) -> Vec<String> {
    let source = field.doc.source.as_ref().map(|source| format!("Source: {}.", source.trim_end_matches('.')));
    let bounds = bounds(&field.bounds).unwrap_or_default();
    paragraphs(&[field.doc.summary.clone(), field.doc.text.clone(), bounds, source.unwrap_or_default()])
}

/// The lines for a setter.
#[must_use]
pub fn of_setter(field: &Field) -> Vec<String> {
    paragraphs(&[format!("Sets {}. {}", markdown::code(&field.wire), field.doc.summary)])
}

/// The lines for a constant of a code list.
#[must_use]
pub fn of_code(code: &Code) -> Vec<String> {
    let value = match &code.value {
        Literal::Int(value) => value.to_string(),
        Literal::Text(text) => text.clone(),
        Literal::Null | Literal::Bool(_) => String::new(),
    };
    let charged = if code.nothing_charged { "It proves that nothing was charged." } else { "" };
    let meaning = code.meaning.trim_end_matches('.');
    paragraphs(&[format!("{}: {meaning}.", markdown::code(&value)), charged.to_owned()])
}

/// The lines for a text that has a title of the contract in it.
#[must_use]
pub fn of_text(text: &str) -> Vec<String> {
    paragraphs(&[text.split_whitespace().collect::<Vec<_>>().join(" ")])
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

/// The lint that the constructor breaks of a type that is called like it.
#[must_use]
pub fn lint_of_constructor(of: &str) -> Option<TokenStream> {
    (of == "New").then(|| quote!(#[expect(clippy::self_named_constructors, reason = "named by the contract")]))
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

/// Each part is Markdown of its own, so that none goes on in another.
fn paragraphs<const N: usize>(parts: &[String; N]) -> Vec<String> {
    let parts = parts.iter().map(|part| markdown::lines(part)).filter(|lines| !lines.is_empty());
    parts.collect::<Vec<_>>().join(&String::new())
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
    fn bounds_are_told_in_words() {
        let bounds = super::bounds(&Bounds { max_length: Some(250), ..Bounds::default() });
        assert_eq!(bounds.as_deref(), Some("Bounds: at most 250 characters."));
        let bounds =
            super::bounds(&Bounds { minimum: Some((0, true)), maximum: Some((30, false)), ..Bounds::default() });
        assert_eq!(bounds.as_deref(), Some("Bounds: above 0 and at most 30."));
    }
}
