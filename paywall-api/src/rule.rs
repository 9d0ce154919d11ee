//! Which rules does the contract set for a value, and does a value keep them?
//!
//! Generated `check` functions are written in these terms. The functions are the conditions of a contract
//! (`anyOf` of `required` lists); all but [`present`] and [`given`] hold for an absent value, as in JSON Schema.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use regex_lite::Regex;
use rust_decimal::Decimal;
use serde::Serialize;

pub use crate::month::{month_of_card, year_of_card};
use crate::presence::Presence;
use crate::{Amount, CardNumber, Personal, Secret, SecurityCode, Timestamp};

/// Is there a value? Only an `Option` that is `None` is absent.
pub fn present<T: Serialize + ?Sized>(value: &T) -> bool {
    Presence::of(value) != Presence::Absent
}

/// Is there a value, and is it something else than an empty text?
pub fn given<T: Serialize + ?Sized>(value: &T) -> bool {
    Presence::of(value) == Presence::Filled
}

/// Does the text keep the rule?
pub fn text<T: Text + ?Sized>(value: &T, rule: TextRule) -> bool {
    value.text().is_none_or(|text| rule.broken_by(text).is_empty())
}

/// Does the number keep the rule?
pub fn number<T: Number + ?Sized>(value: &T, rule: NumberRule) -> bool {
    value.number().is_none_or(|number| rule.broken_by(number).is_empty())
}

/// Does the list keep the rule?
pub fn items<T: Items + ?Sized>(value: &T, rule: ItemsRule) -> bool {
    value.count().is_none_or(|count| rule.broken_by(count).is_empty())
}

/// Is the flag one of `allowed`?
pub fn is_bool<T: Flag + ?Sized>(value: &T, allowed: &[bool]) -> bool {
    value.flag().is_none_or(|flag| allowed.contains(&flag))
}

/// Is the number one of `allowed`?
pub fn is_number<T: Number + ?Sized>(value: &T, allowed: &[i64]) -> bool {
    let among = |number| allowed.iter().any(|one| Amount::from_major(*one) == number);
    value.number().is_none_or(among)
}

/// Is the text one of `allowed`?
pub fn is_text<T: Text + ?Sized>(value: &T, allowed: &[&str]) -> bool {
    value.text().is_none_or(|text| allowed.contains(&text))
}

/// A value that is text to a rule; none where it is absent.
pub trait Text {
    /// The text.
    fn text(&self) -> Option<&str>;
}

/// A value that is a number to a rule; none where it is absent.
pub trait Number {
    /// The number.
    fn number(&self) -> Option<Amount>;
}

/// A value that is a list to a rule; none where it is absent.
pub trait Items {
    /// How many items there are.
    fn count(&self) -> Option<usize>;
}

/// A value that is true or false to a rule; none where it is absent.
pub trait Flag {
    /// The flag.
    fn flag(&self) -> Option<bool>;
}

/// What a text must be. Lengths count Unicode scalar values, as JSON Schema does.
///
/// ```
/// use paywall_api::{TextRule, rule};
///
/// const RULE: TextRule = TextRule::new().min(1).max(3).pattern("^[0-9]+$");
/// assert!(rule::text("123", RULE));
/// assert!(!rule::text("12a4", RULE));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextRule {
    min: Option<usize>,
    max: Option<usize>,
    pattern: Option<&'static str>,
}

impl TextRule {
    /// No rule yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { min: None, max: None, pattern: None }
    }

    /// At least this many characters.
    #[must_use]
    pub const fn min(mut self, characters: usize) -> Self {
        self.min = Some(characters);
        self
    }

    /// At most this many characters.
    #[must_use]
    pub const fn max(mut self, characters: usize) -> Self {
        self.max = Some(characters);
        self
    }

    /// Matching this regular expression somewhere.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    pub(crate) fn broken_by(self, text: &str) -> Vec<Broken> {
        let length = text.chars().count();
        let short = self.min.filter(|min| length < *min);
        let long = self.max.filter(|max| length > *max);
        let other = self.pattern.filter(|pattern| !matches(pattern, text));
        [
            short.map(|min| Broken::new("minLength", format!("at least {}", counted(min, "character")))),
            long.map(|max| Broken::new("maxLength", format!("at most {}", counted(max, "character")))),
            other.map(|pattern| Broken::new("pattern", format!("text that matches {pattern}"))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What a number must be. Bounds are compared exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NumberRule {
    min: Option<i64>,
    above: Option<i64>,
    max: Option<i64>,
    below: Option<i64>,
}

impl NumberRule {
    /// No rule yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { min: None, above: None, max: None, below: None }
    }

    /// This or more.
    #[must_use]
    pub const fn min(mut self, bound: i64) -> Self {
        self.min = Some(bound);
        self
    }

    /// More than this.
    #[must_use]
    pub const fn above(mut self, bound: i64) -> Self {
        self.above = Some(bound);
        self
    }

    /// This or less.
    #[must_use]
    pub const fn max(mut self, bound: i64) -> Self {
        self.max = Some(bound);
        self
    }

    /// Less than this.
    #[must_use]
    pub const fn below(mut self, bound: i64) -> Self {
        self.below = Some(bound);
        self
    }

    pub(crate) fn broken_by(self, number: Amount) -> Vec<Broken> {
        let bound = |bound: Option<i64>, broken: fn(&Amount, &Amount) -> bool| {
            bound.filter(|bound| broken(&number, &Amount::from_major(*bound)))
        };
        [
            bound(self.min, Amount::lt).map(|b| Broken::new("minimum", format!("{b} or more"))),
            bound(self.above, Amount::le).map(|b| Broken::new("exclusiveMinimum", format!("more than {b}"))),
            bound(self.max, Amount::gt).map(|b| Broken::new("maximum", format!("{b} or less"))),
            bound(self.below, Amount::ge).map(|b| Broken::new("exclusiveMaximum", format!("less than {b}"))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// How many items a list must have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemsRule {
    min: Option<usize>,
    max: Option<usize>,
}

impl ItemsRule {
    /// No rule yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { min: None, max: None }
    }

    /// At least this many.
    #[must_use]
    pub const fn min(mut self, items: usize) -> Self {
        self.min = Some(items);
        self
    }

    /// At most this many.
    #[must_use]
    pub const fn max(mut self, items: usize) -> Self {
        self.max = Some(items);
        self
    }

    pub(crate) fn broken_by(self, count: usize) -> Vec<Broken> {
        let few = self.min.filter(|min| count < *min);
        let many = self.max.filter(|max| count > *max);
        [
            few.map(|min| Broken::new("minItems", format!("at least {}", counted(min, "item")))),
            many.map(|max| Broken::new("maxItems", format!("at most {}", counted(max, "item")))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A rule that a value breaks: its name in JSON Schema, and what was expected.
pub(crate) struct Broken {
    pub(crate) rule: &'static str,
    pub(crate) expected: String,
}

impl Broken {
    pub(crate) fn new(rule: &'static str, expected: String) -> Self {
        Self { rule, expected }
    }
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Each pattern is compiled once. One that does not compile is the contract's mistake and refuses no payment.
fn matches(pattern: &'static str, text: &str) -> bool {
    type Compiled = HashMap<&'static str, Option<Regex>>;
    static COMPILED: OnceLock<RwLock<Compiled>> = OnceLock::new();

    let compiled = COMPILED.get_or_init(RwLock::default);
    if let Some(known) = compiled.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
        return known.as_ref().is_none_or(|regex| regex.is_match(text));
    }
    let regex = Regex::new(pattern).ok();
    let verdict = regex.as_ref().is_none_or(|regex| regex.is_match(text));
    compiled.write().unwrap_or_else(PoisonError::into_inner).insert(pattern, regex);
    verdict
}

macro_rules! texts {
    ($($type:ty: $read:ident),*) => {$(
        impl Text for $type {
            fn text(&self) -> Option<&str> {
                Some(self.$read())
            }
        }
    )*};
}

texts!(
    String: as_str, Timestamp: as_str, Personal: as_str,
    Secret: expose, CardNumber: expose, SecurityCode: expose
);

impl Text for str {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl Number for $type {
            fn number(&self) -> Option<Amount> {
                Some(Amount::from(Decimal::from(*self)))
            }
        }
    )*};
}

impl Number for Amount {
    fn number(&self) -> Option<Amount> {
        Some(*self)
    }
}

numbers!(i8, i16, i32, i64, u8, u16, u32, u64);

impl Flag for bool {
    fn flag(&self) -> Option<bool> {
        Some(*self)
    }
}

impl<T> Items for [T] {
    fn count(&self) -> Option<usize> {
        Some(self.len())
    }
}

impl<T> Items for Vec<T> {
    fn count(&self) -> Option<usize> {
        Some(self.len())
    }
}

macro_rules! absent_or {
    ($($role:ident::$method:ident -> $value:ty),*) => {$(
        impl<T: $role> $role for Option<T> {
            fn $method(&self) -> Option<$value> {
                self.as_ref().and_then(T::$method)
            }
        }

        impl<T: $role + ?Sized> $role for &T {
            fn $method(&self) -> Option<$value> {
                T::$method(self)
            }
        }
    )*};
}

absent_or!(Text::text -> &str, Number::number -> Amount, Items::count -> usize, Flag::flag -> bool);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_count_characters() {
        let rule = TextRule::new().min(2).max(4);
        assert!(text("ğüşı", rule) && text("ab", rule));
        assert!(!text("ğüşıö", rule) && !text("a", rule));
        assert!(text(&None::<String>, rule));
    }

    #[test]
    fn patterns_match_anywhere_and_broken_ones_refuse_nothing() {
        assert!(text("x1y", TextRule::new().pattern("[0-9]")));
        assert!(!text("xy", TextRule::new().pattern("[0-9]")));
        assert!(text("xy", TextRule::new().pattern("(")));
        assert!(text("xy", TextRule::new().pattern("(")));
    }

    #[test]
    fn bounds_are_exact() {
        let amount: Amount = "0.0000000001".parse().expect("amount");
        assert!(number(&amount, NumberRule::new().above(0)));
        assert!(!number(&Amount::ZERO, NumberRule::new().above(0)));
        assert!(number(&30, NumberRule::new().min(0).max(30)));
        assert!(!number(&Some(31), NumberRule::new().max(30)));
        assert!(!number(&i64::MAX, NumberRule::new().below(i64::MAX)));
        assert!(number(&None::<i32>, NumberRule::new().min(1)));
    }

    #[test]
    fn presence_is_of_options_and_texts() {
        assert!(present(&0) && present("") && present(&Vec::<i32>::new()) && present(&Some("")));
        assert!(!present(&None::<i32>));
        assert!(given("a") && given(&Some(Secret::from("a"))) && given(&Amount::ZERO) && given(&false));
        assert!(!given("") && !given(&Some(Secret::from(""))) && !given(&None::<Amount>));
    }

    #[test]
    fn enumerations_hold_for_absent_values() {
        assert!(is_bool(&true, &[true]) && is_bool(&None::<bool>, &[true]) && !is_bool(&Some(false), &[true]));
        assert!(is_number(&4, &[1, 4]) && !is_number(&Some(3), &[1, 4]) && is_number(&None::<i32>, &[1]));
        assert!(is_text("x", &["x"]) && !is_text("y", &["x"]) && is_text(&None::<String>, &["x"]));
        assert!(items(&vec![1], ItemsRule::new().min(1)) && !items(&Some(vec![0; 0]), ItemsRule::new().min(1)));
        assert!(items(&None::<Vec<i32>>, ItemsRule::new().min(1)));
    }
}
