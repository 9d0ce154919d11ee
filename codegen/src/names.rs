//! Names as identifiers.

pub(crate) use paywall_contract::names::{KEYWORDS, constant, free, pascal};
use proc_macro2::{Ident, Span};

/// The identifier of a name, raw where the name is a keyword.
#[must_use]
pub fn ident(name: &str) -> Ident {
    if KEYWORDS.contains(&name) {
        return Ident::new_raw(name, Span::call_site());
    }
    Ident::new(name, Span::call_site())
}

#[cfg(test)]
mod tests {
    use paywall_contract::names::snake;

    use super::*;

    #[test]
    fn keywords_are_escaped() {
        assert_eq!(ident(&snake("Type")).to_string(), "r#type");
        assert_eq!(ident(&snake("GEN")).to_string(), "r#gen");
    }
}
