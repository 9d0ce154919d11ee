//! Does a request keep the documented rules? All that it breaks, each with its JSON pointer, never with its value.

use std::fmt::{self, Write};

use crate::rule::{self, Broken, Items, ItemsRule, Number, NumberRule, Text, TextRule};
use crate::{Amount, Month, pointer};

/// A value that can be checked against the rules of the contract.
///
/// Generated types implement [`check`](Validate::check); callers use [`validate`](Validate::validate), which the
/// client also does before it sends.
pub trait Validate {
    /// Reports all that breaks a rule.
    fn check(&self, at: &mut Checker);

    /// Checks the whole value: the warnings, if it may be sent. A card must not have expired in Türkiye's month.
    ///
    /// # Errors
    ///
    /// All findings, warnings included, where at least one rule is broken.
    fn validate(&self) -> Result<Vec<Violation>, Violations> {
        self.validate_in(Month::now())
    }

    /// Checks the same as if it were `month`. `None` lets every month of a card pass.
    ///
    /// # Errors
    ///
    /// As of [`validate`](Validate::validate).
    fn validate_in(&self, month: Option<Month>) -> Result<Vec<Violation>, Violations> {
        let mut checker = Checker { month, ..Checker::default() };
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
    month: Option<Month>,
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

    /// Checks that at most one of these fields of this object is given: nobody knows which of two counts.
    pub fn at_most_one(&mut self, given: &[(&'static str, bool)]) {
        self.given_once(given, Severity::Violation);
    }

    /// Checks the same where another field decides which of them counts. More than one is a warning.
    pub fn at_most_one_counts(&mut self, given: &[(&'static str, bool)]) {
        self.given_once(given, Severity::Warning);
    }

    fn given_once(&mut self, given: &[(&'static str, bool)], severity: Severity) {
        let fields: Vec<&str> = given.iter().filter(|(_, given)| *given).map(|(field, _)| *field).collect();
        if fields.len() > 1 {
            let expected = format!("only one of {}", fields.join(", "));
            self.report("atMostOne", expected, severity);
        }
    }

    /// Checks that the amounts at `parts` add up to the one at `total`: pointers from this object, with what they lead
    /// to. Without any part nothing is checked, nor where the sum cannot be held exactly.
    pub fn sum<'a>(
        &mut self,
        [total, parts]: [&str; 2],
        whole: impl IntoIterator<Item = &'a Amount>,
        amounts: impl IntoIterator<Item = &'a Amount>,
    ) {
        let mut amounts = amounts.into_iter().copied().peekable();
        let is_empty = amounts.peek().is_none();
        let (Some(whole), Some(sum), false) = (whole.into_iter().next(), Amount::sum(amounts), is_empty) else {
            return;
        };
        if *whole != sum {
            let parent = self.pointer.len();
            self.pointer.push_str(total);
            self.report("sum", format!("the sum of {parts}"), Severity::Violation);
            self.pointer.truncate(parent);
        }
    }

    /// Checks the month and the year in which a card expires. An empty text is none.
    pub fn expiry<M: Text + ?Sized, Y: Text + ?Sized>(&mut self, [month, year]: [&str; 2], months: &M, years: &Y) {
        let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        let (months, years) = (given(months.text()), given(years.text()));
        let read_month = months.as_deref().map(rule::month_of_card);
        let read_year = years.as_deref().map(rule::year_of_card);
        if read_month == Some(None) {
            self.broken(month, vec![Broken::new("expiry", "a month of two digits, from 01 to 12".to_owned())]);
        }
        match (read_month.flatten().zip(read_year.flatten()), self.month) {
            _ if read_year == Some(None) => {
                self.broken(year, vec![Broken::new("expiry", "a year of four digits, such as 2030".to_owned())]);
            }
            (Some((month, last)), Some(now)) if Month::new(last, month).is_some_and(|last| last < now) => {
                self.broken(year, vec![Broken::new("expired", "a card that has not expired".to_owned())]);
            }
            _ => {}
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
        pointer::push(&mut self.pointer, segment);
        check(self);
        self.pointer.truncate(parent);
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

    /// Which rule, as JSON Schema calls it: `maxLength`, `minimum`, `anyOf`, …; beside them `sum`, `expiry`, `expired`,
    /// `atMostOne`, `header`.
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
    /// All in the list and one `more`, which says in words what a pattern says of the same place.
    pub(crate) fn of(list: Vec<Violation>, more: Option<Violation>) -> Self {
        let is_said = |found: &Violation| {
            found.rule == "pattern" && more.as_ref().is_some_and(|more| more.pointer == found.pointer)
        };
        let kept: Vec<Violation> = list.into_iter().filter(|found| !is_said(found)).collect();
        Self { list: kept.into_iter().chain(more).collect() }
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
    use crate::CardNumber;

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
    fn two_ways_at_once_are_refused_unless_another_field_decides() {
        let broken = card(Some("5528790000000008"), Some("t")).validate().expect_err("nobody knows which counts");
        assert_eq!(broken.to_string(), "the request: expected only one of Number, Token");
        let mut checker = Checker::default();
        checker.at_most_one_counts(&[("Number", true), ("Token", true), ("Alias", false)]);
        assert_eq!(checker.found[0].severity(), Severity::Warning);
        assert_eq!(checker.found[0].to_string(), "the request: expected only one of Number, Token (warning)");
    }

    /// What a check finds of a card that expires then, in November 2026.
    fn expiry(month: Option<&str>, year: Option<&str>) -> String {
        let mut checker = Checker { month: Month::new(2026, 11), ..Checker::default() };
        let (month, year) = (month.map(CardNumber::from), year.map(str::to_owned));
        checker.expiry(["Month", "Year"], &month, &year);
        let found: Vec<String> =
            checker.found.iter().map(|found| format!("{} {}", found.pointer(), found.rule())).collect();
        found.join(" and ")
    }

    #[test]
    fn a_card_can_be_charged_until_its_month_ends() {
        for good in [("11", "2026"), ("11", "26"), ("1", "2027"), ("12", "99")] {
            assert_eq!(expiry(Some(good.0), Some(good.1)), "", "{good:?}");
        }
        for past in [("10", "2026"), ("12", "25"), ("01", "1999")] {
            assert_eq!(expiry(Some(past.0), Some(past.1)), "/Year expired", "{past:?}");
        }
        assert_eq!(expiry(Some("13"), Some("2026")), "/Month expiry");
        assert_eq!(expiry(Some("+1"), Some("026")), "/Month expiry and /Year expiry");
        for absent in [(None, Some("2020")), (Some("01"), None), (Some(""), Some("2020")), (Some("01"), Some(""))] {
            assert_eq!(expiry(absent.0, absent.1), "", "{absent:?}");
        }
    }

    #[test]
    fn parts_add_up_to_the_last_digit() {
        let amounts = |texts: &[&str]| texts.iter().map(|text| text.parse().expect("an amount")).collect::<Vec<_>>();
        let found = |whole: &[&str], parts: &[&str]| {
            let mut checker = Checker::default();
            checker.sum(["/Detail/Amount", "/Products/*/Price"], &amounts(whole), &amounts(parts));
            checker.found.first().map(ToString::to_string)
        };
        assert_eq!(found(&["0.30"], &["0.1", "0.2"]), None);
        let expected = "/Detail/Amount: expected the sum of /Products/*/Price";
        assert_eq!(found(&["0.30"], &["0.1", "0.21"]).as_deref(), Some(expected));
        assert_eq!(found(&["100"], &["1.00"]).as_deref(), Some(expected));
        assert_eq!((found(&["1"], &[]), found(&[], &["1"])), (None, None));
        let huge = "79228162514264337593543950335";
        assert_eq!(found(&["1"], &[huge, huge]), None, "a sum that cannot be held");
    }

    #[test]
    fn a_kept_request_has_no_findings() {
        assert_eq!(card(Some("5528790000000008"), None).validate(), Ok(vec![]));
        assert_eq!(None::<Card>.validate(), Ok(vec![]));
    }
}
