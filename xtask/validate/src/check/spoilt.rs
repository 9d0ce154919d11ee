//! Texts that hold U+FFFD: they were not sent as UTF-8, or somebody on the way could not read them.

use paywall_contract::pointer;

use super::lint::Walk;
use crate::book::Form;
use crate::finding::{Finding, Rule, Severity};
use crate::shape::Shape;
use crate::tree::Node;

const EXPECTED: &str = "text in UTF-8: this holds U+FFFD, which stands for what could not be read";
const HELP: &str = "send UTF-8: in a form %C3%A7 for \u{e7}, and not %E7";

/// Whether a text holds the sign.
pub(super) fn is_spoilt(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), "\u{fffd}".as_bytes()).is_some()
}

/// Whether a payload may hold it somewhere, as itself or as an escape of JSON.
pub(crate) fn may_be_spoilt(text: &str) -> bool {
    let is_sign = |at: usize| text.get(at + 2..at + 6).is_some_and(|digits| digits.eq_ignore_ascii_case("fffd"));
    is_spoilt(text) || memchr::memmem::find_iter(text.as_bytes(), b"\\u").any(is_sign)
}

impl<'t> Walk<'_, 't> {
    /// A value. The client refuses a form for it where a claim or a hash is read from it.
    pub(super) fn spoilt_text(&mut self, node: Node<'t>, shape: &Shape) {
        let severity = if self.is_needed(node) { Severity::Error } else { Severity::Warning };
        self.at_value(node, shape, Rule::NotUtf8, severity, EXPECTED, Some(HELP));
    }

    /// A name, which is nobody's. What it should have named is missed by itself.
    pub(super) fn spoilt_name(&mut self, field: Node<'t>) {
        self.report(Finding {
            rule: Rule::NotUtf8,
            severity: Severity::Warning,
            span: field.key_span().unwrap_or_default(),
            pointer: self.pointer(),
            found: "a name of a field that could not be read".to_owned(),
            expected: EXPECTED.to_owned(),
            help: Some(HELP.to_owned()),
            page: None,
            related: Vec::new(),
        });
    }

    /// The first value of a name counts.
    fn is_needed(&self, node: Node<'t>) -> bool {
        let Some(key) = node.key().filter(|_| self.form == Form::Form) else { return false };
        let is_first = self.root.get(&key).is_some_and(|first| first.place() == node.place());
        is_first && (self.needs)(&pointer::join("", &key))
    }
}
