//! Does a request keep the documented rules? All that it breaks, each with its JSON pointer, never with its value.

use std::fmt::{self, Write};

use crate::rule::{Broken, Items, ItemsRule, Number, NumberRule, Text, TextRule};

/// A value that can be checked against the rules of the contract.
///
/// Generated types implement [`check`](Validate::check); callers use [`validate`](Validate::validate), which the
/// client also does before it sends.
pub trait Validate {
    /// Reports all that breaks a rule.
    fn check(&self, at: &mut Checker);

    /// Checks the whole value: the warnings, if it may be sent.
    ///
    /// # Errors
    ///
    /// All findings, warnings included, where at least one rule is broken.
    fn validate(&self) -> Result<Vec<Violation>, Violations> {
        let mut checker = Checker::default();
        self.check(&mut checker);
        let broken = checker.found.iter().any(|found| found.severity == Severity::Violation);
        if broken {
            return Err(Violations { list: checker.found });
        }
        Ok(checker.found)
    }
}

/// Collects what a value breaks, and knows where in the value it is.
#[derive(Debug, Default)]
pub struct Checker {
    pointer: String,
    found: Vec<Violation>,
}

impl Checker {
    /// Checks a nested value.
    pub fn within<T: Validate + ?Sized>(&mut self, field: &str, value: &T) {
        self.below(field, |checker| value.check(checker));
    }

    /// Checks a text.
    pub fn text<T: Text + ?Sized>(&mut self, field: &str, value: &T, rule: TextRule) {
        if let Some(text) = value.text() {
            self.broken(field, rule.broken_by(text));
        }
    }

    /// Checks a number.
    pub fn number<T: Number + ?Sized>(&mut self, field: &str, value: &T, rule: NumberRule) {
        if let Some(number) = value.number() {
            self.broken(field, rule.broken_by(number));
        }
    }

    /// Checks how many items a list has.
    pub fn items<T: Items + ?Sized>(&mut self, field: &str, value: &T, rule: ItemsRule) {
        if let Some(count) = value.count() {
            self.broken(field, rule.broken_by(count));
        }
    }

    /// Checks that at least one of the ways to fill in this object's `fields` is taken.
    pub fn any_of(&mut self, fields: &'static [&'static str], ways: &[Way]) {
        if ways.iter().any(|way| way.met) {
            return;
        }
        let titles: Vec<&str> = ways.iter().map(|way| way.title).filter(|title| !title.is_empty()).collect();
        let fields = fields.join(", ");
        let expected = match titles.as_slice() {
            [] => format!("a valid combination of {fields}"),
            titles => format!("{} (fields {fields})", titles.join(", or ")),
        };
        self.report("anyOf", expected, Severity::Violation);
    }

    /// Checks that at most one of these fields of this object is given. More than one is a warning.
    pub fn at_most_one(&mut self, given: &[(&'static str, bool)]) {
        let fields: Vec<&str> = given.iter().filter(|(_, given)| *given).map(|(field, _)| *field).collect();
        if fields.len() > 1 {
            let expected = format!("only one of {}", fields.join(", "));
            self.report("atMostOne", expected, Severity::Warning);
        }
    }

    fn broken(&mut self, field: &str, broken: Vec<Broken>) {
        if !broken.is_empty() {
            self.below(field, |checker| {
                for Broken { rule, expected } in broken {
                    checker.report(rule, expected, Severity::Violation);
                }
            });
        }
    }

    fn report(&mut self, rule: &'static str, expected: String, severity: Severity) {
        self.found.push(Violation { pointer: self.pointer.clone(), rule, expected, severity });
    }

    fn below(&mut self, segment: &str, check: impl FnOnce(&mut Self)) {
        let parent = self.pointer.len();
        push_segment(&mut self.pointer, segment);
        check(self);
        self.pointer.truncate(parent);
    }
}

/// Appends a field name or an index to a JSON pointer.
pub(crate) fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    if segment.contains(['~', '/']) {
        pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(segment);
    }
}

/// One way to fill in an object, and whether it is taken.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    title: &'static str,
    met: bool,
}

impl Way {
    /// The way called `title` ("a saved card"), taken if `met`.
    #[must_use]
    pub const fn new(title: &'static str, met: bool) -> Self {
        Self { title, met }
    }
}

/// One finding. It says where and what was expected, never what was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pointer: String,
    rule: &'static str,
    expected: String,
    severity: Severity,
}

impl Violation {
    /// A merchant's code by which no inquiry could find the payment: an inquiry takes it as a header.
    pub(crate) fn unfindable(pointer: &str) -> Self {
        let expected = "printable ascii without a space at either end, since an inquiry takes the code as a header";
        Self {
            pointer: pointer.to_owned(),
            rule: "header",
            expected: expected.to_owned(),
            severity: Severity::Violation,
        }
    }

    /// Where: a JSON pointer into the request, empty for the request itself.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Which rule, as JSON Schema calls it: `maxLength`, `minimum`, `anyOf`, …
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.rule
    }

    /// What was expected: "at most 20 characters".
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// Does it keep the request from being sent?
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.pointer.is_empty() { "the request" } else { &self.pointer };
        let warning = match self.severity {
            Severity::Violation => "",
            Severity::Warning => " (warning)",
        };
        write!(f, "{place}: expected {}{warning}", self.expected)
    }
}

/// Whether a finding keeps a request from being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Severity {
    /// A documented rule is broken.
    Violation,
    /// Allowed, and probably not meant.
    Warning,
}

/// All findings of a request that breaks at least one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations {
    list: Vec<Violation>,
}

impl Violations {
    pub(crate) fn of(list: Vec<Violation>, more: Option<Violation>) -> Self {
        Self { list: list.into_iter().chain(more).collect() }
    }

    /// The findings, in the order of the request's fields.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.list.iter()
    }

    pub(crate) fn into_list(self) -> Vec<Violation> {
        self.list
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.list.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

impl<T: Validate> Validate for Option<T> {
    fn check(&self, at: &mut Checker) {
        if let Some(value) = self {
            value.check(at);
        }
    }
}

impl<T: Validate> Validate for [T] {
    fn check(&self, at: &mut Checker) {
        let mut index = String::new();
        for (number, value) in self.iter().enumerate() {
            index.clear();
            let _ = write!(index, "{number}");
            at.within(&index, value);
        }
    }
}

impl<T: Validate> Validate for Vec<T> {
    fn check(&self, at: &mut Checker) {
        self.as_slice().check(at);
    }
}

impl<T: Validate + ?Sized> Validate for Box<T> {
    fn check(&self, at: &mut Checker) {
        T::check(self, at);
    }
}

impl<T: Validate + ?Sized> Validate for &T {
    fn check(&self, at: &mut Checker) {
        T::check(self, at);
    }
}

macro_rules! without_rules {
    ($($type:ty),*) => {$(
        impl Validate for $type {
            fn check(&self, _: &mut Checker) {}
        }
    )*};
}

without_rules!(
    (),
    bool,
    i8,
    i16,
    i32,
    i64,
    u8,
    u16,
    u32,
    u64,
    str,
    String,
    crate::Amount,
    crate::Timestamp,
    crate::Secret,
    crate::CardNumber,
    crate::SecurityCode,
    crate::Personal
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, CardNumber, rule};

    struct Card {
        number: Option<CardNumber>,
        token: Option<String>,
    }

    impl Validate for Card {
        fn check(&self, at: &mut Checker) {
            at.text("Number", &self.number, TextRule::new().max(20).pattern("^[0-9]*$"));
            at.any_of(
                &["Number", "Token"],
                &[Way::new("a full card", rule::given(&self.number)), Way::new("a token", rule::given(&self.token))],
            );
            at.at_most_one(&[("Number", rule::given(&self.number)), ("Token", rule::given(&self.token))]);
        }
    }

    struct Order {
        amount: Amount,
        cards: Vec<Card>,
    }

    impl Validate for Order {
        fn check(&self, at: &mut Checker) {
            at.number("Amount/Gross", &self.amount, NumberRule::new().above(0));
            at.items("Cards", &self.cards, ItemsRule::new().min(1).max(1));
            at.within("Cards", &self.cards);
        }
    }

    fn card(number: Option<&str>, token: Option<&str>) -> Card {
        Card { number: number.map(CardNumber::from), token: token.map(str::to_owned) }
    }

    #[test]
    fn every_finding_has_its_place_and_none_its_value() {
        let cards = vec![card(Some("55287900000000080000x"), None), card(None, Some(""))];
        let order = Order { amount: Amount::ZERO, cards };
        let violations = order.validate().expect_err("broken");
        assert_eq!(
            violations.to_string(),
            "/Amount~1Gross: expected more than 0; /Cards: expected at most 1 item; \
             /Cards/0/Number: expected at most 20 characters; /Cards/0/Number: expected text that matches ^[0-9]*$; \
             /Cards/1: expected a full card, or a token (fields Number, Token)"
        );
        assert!(!format!("{violations:?}").contains("5528"));
    }

    #[test]
    fn two_ways_at_once_are_a_warning() {
        let warnings = card(Some("5528790000000008"), Some("t")).validate().expect("may be sent");
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].severity(), Severity::Warning);
        assert_eq!(warnings[0].to_string(), "the request: expected only one of Number, Token (warning)");
    }

    #[test]
    fn a_kept_request_has_no_findings() {
        assert_eq!(card(Some("5528790000000008"), None).validate(), Ok(vec![]));
        assert_eq!(None::<Card>.validate(), Ok(vec![]));
    }
}
