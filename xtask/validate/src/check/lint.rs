//! What does no schema say, and what do readers of JSON let pass? One walk over the payload.

use paywall_contract::spelling::nearest;

use super::place::{push, start};
use super::seen::Seen;
use super::spelling::{Meant, meant};
use super::{rules, spoilt, verdict};
use crate::book::{Form, Part};
use crate::checker::Settings;
use crate::finding::{Finding, Related, Rule, Severity};
use crate::mask::described;
use crate::shape::{Format, Shape, ShapeId, Shapes};
use crate::tree::{Kind, Node};

/// More findings of one payload help nobody.
const MOST: usize = 1_000;

/// A walk, and what it has found.
pub(crate) struct Walk<'s, 't> {
    pub(crate) shapes: &'s Shapes,
    pub(crate) settings: &'s Settings,
    pub(crate) part: Part,
    /// Whether Paywall writes the payload.
    pub(crate) is_received: bool,
    /// A form may say a thing twice, on which readers of JSON differ; and the case of headers says nothing.
    pub(crate) form: Form,
    /// Whether a template's placeholder can stand anywhere: most payloads hold none of its signs.
    pub(crate) is_template: bool,
    /// The same of U+FFFD, which stands in for what could not be read.
    pub(crate) is_spoilt: bool,
    /// Whether a form is refused where the field at this place, which is `/name`, cannot be read.
    pub(crate) needs: &'s dyn Fn(&str) -> bool,
    /// The whole, from which the steps go down.
    pub(crate) root: Node<'t>,
    /// How the walk got where it is: the steps of a pointer, written out only when something is found.
    pub(crate) steps: Vec<Step>,
    pub(crate) found: Vec<Finding>,
}

/// One step down.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    /// To a field by its place in the tree, and whether it is one of the contract.
    Field(usize, bool),
    /// To an element.
    Element(usize),
}

impl<'t> Walk<'_, 't> {
    pub(crate) fn value(&mut self, node: Node<'t>, shape: ShapeId) {
        match node.kind() {
            Kind::Object => self.object(node, shape),
            Kind::List => self.list(node, shape),
            Kind::Number => self.number(node, shape),
            Kind::Text => self.text(node, shape),
            Kind::Null | Kind::True | Kind::False => {}
        }
    }

    fn list(&mut self, node: Node<'t>, shape: ShapeId) {
        let items = self.shapes.get(shape).items.unwrap_or(Shapes::UNKNOWN);
        for (index, child) in node.children().enumerate() {
            self.steps.push(Step::Element(index));
            self.value(child, items);
            self.steps.pop();
        }
    }

    fn object(&mut self, node: Node<'t>, id: ShapeId) {
        let shape = self.shapes.get(id);
        let mut seen = Seen::default();
        let mut next = 0;
        for (at, child) in node.children().enumerate() {
            let key = child.key().unwrap_or_default();
            let known = shape.fields.find(&key, next).or_else(|| self.header(shape, &key));
            let is_first = match known {
                Some((index, _)) => seen.field(index),
                None => seen.other(&key),
            };
            self.steps.push(Step::Field(child.place(), known.is_some()));
            match known {
                // Names of a form that cannot be read are not the same for that.
                None if self.form == Form::Form && spoilt::is_spoilt(&key) => self.spoilt_name(child),
                _ if !is_first => self.double(node, child, &key, id),
                None if !shape.fields.is_empty() => self.unknown(node, child, &key, id, at < verdict::LOOKED_AT),
                _ => {}
            }
            let (index, below) = known.unwrap_or((next, Shapes::UNKNOWN));
            next = index + 1;
            self.value(child, below);
            self.steps.pop();
        }
        rules::of_object(self, node, id);
    }

    fn header(&self, shape: &Shape, key: &str) -> Option<(usize, ShapeId)> {
        if !matches!(self.form, Form::Headers | Form::HeadersBeside) {
            return None;
        }
        let index = shape.fields.names().position(|name| name.eq_ignore_ascii_case(key))?;
        shape.fields.nth(index)
    }

    fn double(&mut self, object: Node<'t>, child: Node<'t>, key: &str, parent: ShapeId) {
        // To look for the first takes as long as the object is large; what is not told need not be looked for.
        if self.found.len() >= MOST {
            return;
        }
        let first = object.children().find(|other| other.is_called(key));
        let related =
            first.and_then(Node::key_span).map(|span| Related { span, label: "stands here first".to_owned() });
        self.report(Finding {
            rule: Rule::DuplicateField,
            severity: if self.form == Form::Form { Severity::Warning } else { Severity::Error },
            span: child.key_span().unwrap_or_default(),
            pointer: self.pointer(),
            found: "a field that stands twice".to_owned(),
            expected: "each field once: readers differ on which of the two they take".to_owned(),
            help: Some("remove one of them".to_owned()),
            page: self.page(parent),
            related: related.into_iter().collect(),
        });
    }

    /// That Paywall has a field more, which says nothing, is no news.
    fn unknown(&mut self, object: Node<'t>, child: Node<'t>, key: &str, parent: ShapeId, spelt: bool) {
        let shape = self.shapes.get(parent);
        let meant = if spelt { meant(key, &shape.fields) } else { None };
        let meant = meant.filter(|meant| verdict::stands_for(object, shape, child, *meant));
        if meant.is_none() && self.is_received && child.kind() == Kind::Null {
            return;
        }
        let is_missed = meant.is_some_and(|meant| shape.required.iter().any(|name| **name == *meant.name()));
        let (rule, severity) = match meant {
            Some(Meant::Case(_)) => (Rule::FieldCase, Severity::Error),
            _ if is_missed => (Rule::UnknownField, Severity::Error),
            _ => (Rule::UnknownField, Severity::Warning),
        };
        let expected = match meant {
            Some(meant) => format!("`{}`", meant.name()),
            None => "a field that the contract has: others are ignored".to_owned(),
        };
        self.report(Finding {
            rule,
            severity,
            span: child.key_span().unwrap_or_default(),
            pointer: self.pointer(),
            found: "a field that the contract does not have".to_owned(),
            expected,
            help: Some(
                meant.map_or("remove it, or mend its name".to_owned(), |meant| format!("write `{}`", meant.name())),
            ),
            page: self.page(parent),
            related: Vec::new(),
        });
    }

    fn number(&mut self, node: Node<'t>, id: ShapeId) {
        let shape = self.shapes.get(id);
        let digits = node.raw();
        let before = self.found.len();
        match shape.format {
            Some(Format::Decimal) => self.amount(node, shape),
            Some(format @ (Format::Int32 | Format::Int64)) => self.whole(node, shape, format),
            Some(Format::Timestamp | Format::Guid) | None => {}
        }
        // One finding for a cause: a number that is written wrong, or too large, needs no second word.
        if self.found.len() > before {
            return;
        }
        if !survives(digits) && shape.format != Some(Format::Decimal) {
            self.at_value(node, shape, Rule::LostPrecision, Severity::Warning, LOST, Some(LOST_HELP));
        }
        self.code(node, shape, digits);
    }

    fn amount(&mut self, node: Node<'t>, shape: &Shape) {
        let digits = node.raw();
        if digits.parse::<paywall_api::Amount>().is_err() {
            let expected = "plain digits such as 101.50, at most 28 of them, without an exponent";
            self.at_value(node, shape, Rule::PlainNumber, Severity::Error, expected, None);
        } else if !survives(digits) {
            self.at_value(node, shape, Rule::LostPrecision, Severity::Error, LOST, Some("write fewer digits"));
        }
    }

    fn whole(&mut self, node: Node<'t>, shape: &Shape, format: Format) {
        let digits = node.raw();
        if digits.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            // That it is none at all is the verdict's to say.
            if verdict::is_whole(node) {
                let expected = "a whole number in plain digits: many readers take no other";
                self.at_value(
                    node,
                    shape,
                    Rule::WholeNumber,
                    Severity::Error,
                    expected,
                    Some("write it without a point"),
                );
            }
            return;
        }
        if digits == "-0" {
            let expected = "0: readers differ on whether this is a whole number";
            return self.at_value(node, shape, Rule::WholeNumber, Severity::Error, expected, Some("write 0"));
        }
        let wide = digits.parse::<i64>();
        let (fits, bits) = match format {
            Format::Int32 => (wide.as_ref().is_ok_and(|number| i32::try_from(*number).is_ok()), 32),
            _ => (wide.is_ok(), 64),
        };
        if !fits {
            // Answers are read with 64 bits throughout.
            let severity =
                if self.part == Part::Response && wide.is_ok() { Severity::Warning } else { Severity::Error };
            let expected = format!("a whole number of {bits} bits");
            self.at_value(node, shape, Rule::NumberRange, severity, &expected, None);
        }
    }

    fn text(&mut self, node: Node<'t>, id: ShapeId) {
        let shape = self.shapes.get(id);
        let raw = node.raw();
        if self.is_spoilt && node.text().is_some_and(|text| spoilt::is_spoilt(&text)) {
            return self.spoilt_text(node, shape);
        }
        if self.is_template && is_placeholder(raw) {
            let expected = "a value: this is a placeholder of a template";
            self.at_value(node, shape, Rule::Placeholder, Severity::Error, expected, Some("fill it in"));
        } else if shape.format == Some(Format::Timestamp) && names_no_moment(raw) {
            let expected = "a moment that exists, such as 2024-06-13T09:30:00+03:00";
            self.at_value(node, shape, Rule::Time, Severity::Error, expected, None);
        } else if shape.has_pattern && names_no_day(raw) {
            let expected = "a day that the calendar has, such as 2024-06-13";
            self.at_value(node, shape, Rule::Time, Severity::Error, expected, None);
        } else if shape.format == Some(Format::Guid) && names_no_guid(node, shape) {
            let expected = "a GUID, such as 5b0287fb-0ccc-4366-9b2a-048be739e54c";
            let help = "give the whole id: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12";
            self.at_value(node, shape, Rule::Guid, Severity::Warning, expected, Some(help));
        }
        // An empty text counts as none, and is no code.
        if shape.kinds.text && !raw.is_empty() {
            self.code(node, shape, raw);
        }
    }

    /// A code list is open: a new code is no error.
    fn code(&mut self, node: Node<'t>, shape: &Shape, value: &str) {
        if shape.codes.is_empty() || shape.codes.iter().any(|code| *code.value == *value) {
            return;
        }
        // That a number with a fraction is none is the verdict's to say.
        if node.kind() == Kind::Number && !verdict::is_whole(node) {
            return;
        }
        let near = nearest(value, shape.codes.iter().map(|code| &*code.value));
        let near = near.and_then(|near| shape.codes.iter().find(|code| *code.value == *near));
        let help = near.map(|code| format!("did you mean {} ({})?", code.value, code.meaning));
        let expected = format!("a code of the list{}", listed(shape));
        self.at_value(node, shape, Rule::UnknownCode, Severity::Warning, &expected, help.as_deref());
    }

    pub(crate) fn at_value(
        &mut self,
        node: Node<'t>,
        shape: &Shape,
        rule: Rule,
        severity: Severity,
        expected: &str,
        help: Option<&str>,
    ) {
        self.report(Finding {
            rule,
            severity,
            span: start(node),
            pointer: self.pointer(),
            found: described(node, shape, self.settings.show_values),
            expected: expected.to_owned(),
            help: help.map(str::to_owned),
            page: shape.page.as_deref().map(str::to_owned),
            related: Vec::new(),
        });
    }

    /// Reports what a field of the contract has, from the object that holds it.
    pub(crate) fn report_at(&mut self, field: Node<'t>, finding: impl FnOnce(String) -> Finding) {
        self.steps.push(Step::Field(field.place(), true));
        let pointer = self.pointer();
        self.steps.pop();
        self.report(finding(pointer));
    }

    pub(crate) fn report(&mut self, finding: Finding) {
        if self.found.len() < MOST {
            self.found.push(finding);
        }
    }

    pub(crate) fn page(&self, shape: ShapeId) -> Option<String> {
        self.shapes.get(shape).page.as_deref().map(str::to_owned)
    }

    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.steps {
            match step {
                Step::Field(place, is_known) => {
                    push(&mut pointer, &self.root.at(*place).key().unwrap_or_default(), *is_known);
                }
                Step::Element(index) => push(&mut pointer, &index.to_string(), true),
            }
        }
        pointer
    }
}

const LOST: &str = "a number that keeps its digits in a reader that takes it for a double";
const LOST_HELP: &str = "read it as text or as a whole number of 64 bits";

/// A short list in full; a long one stands on its page.
fn listed(shape: &Shape) -> String {
    if shape.codes.len() > 12 {
        return String::new();
    }
    let codes = shape.codes.iter().map(|code| format!("{} ({})", code.value, code.meaning));
    format!(": {}", codes.collect::<Vec<_>>().join(", "))
}

/// Whether the digits are the same after a double has held them.
fn survives(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    if bytes.len() <= 15 && !bytes.iter().any(|byte| matches!(byte, b'e' | b'E')) {
        return true;
    }
    let Ok(double) = digits.parse::<f64>() else { return false };
    double.is_finite() && normal(digits) == normal(&format!("{double:e}"))
}

/// The digits without zeros at the ends, and where the point is.
fn normal(number: &str) -> (bool, String, i64) {
    let (negative, number) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let kept = all.trim_start_matches('0');
    let point =
        exponent.parse::<i64>().unwrap_or_default().saturating_sub(i64::try_from(fraction.len()).unwrap_or_default());
    let short = kept.trim_end_matches('0');
    let zeros = i64::try_from(kept.len() - short.len()).unwrap_or_default();
    if short.is_empty() { (false, String::new(), 0) } else { (negative, short.to_owned(), point.saturating_add(zeros)) }
}

/// Whether a payload holds a sign that placeholders begin with.
pub(crate) fn may_hold_placeholders(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr3(b'<', b'%', b'$', bytes).is_some() || text.contains("{{") || text.contains("[email")
}

/// `{{$guid}}`, `${AMOUNT}`, `%Amount%` and `<your key>`, as templates write them, and `[email protected]`, as published
/// pages write what a proxy hides.
fn is_placeholder(text: &str) -> bool {
    let holds = |open: &str, close: &str| text.split_once(open).is_some_and(|(_, rest)| rest.contains(close));
    let is_tag = || {
        let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        inner.is_some_and(|inner| {
            !inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'))
        })
    };
    let is_variable = || {
        let inner = text.strip_prefix('%').and_then(|rest| rest.strip_suffix('%'));
        inner.is_some_and(|inner| !inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || c == '_'))
    };
    match text.as_bytes().first() {
        Some(b'%') => is_variable(),
        Some(b'[') => matches!(text, "[email protected]" | "[email\u{a0}protected]"),
        _ => {
            let begins = memchr::memchr2(b'{', b'<', text.as_bytes()).is_some();
            begins && (holds("{{", "}}") || holds("${", "}") || is_tag())
        }
    }
}

/// A text of the right form that is no time; another form is the verdict's to say.
fn names_no_moment(text: &str) -> bool {
    let Some(civil) = text.get(0..19) else { return false };
    let digits = civil.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    digits && (civil.parse::<jiff::civil::DateTime>().is_err() || names_no_offset(&text[19..]))
}

/// Whether the offset behind a time has more hours than a day, or more minutes than an hour.
fn names_no_offset(rest: &str) -> bool {
    let Some((_, offset)) = rest.split_once(['+', '-']) else { return false };
    let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "0"));
    let is_above = |text: &str, most: u8| text.parse::<u8>().is_ok_and(|number| number > most);
    is_above(hours, 23) || is_above(minutes, 59)
}

/// An empty text stands for no id where there may be none, as in documented answers; where its length is bounded, it is
/// the verdict's.
fn names_no_guid(node: Node<'_>, shape: &Shape) -> bool {
    let raw = node.raw();
    let is_none = raw.is_empty() && (shape.is_nullable || shape.has_min_length);
    !is_none && !is_guid(raw) && !node.text().is_some_and(|text| is_guid(&text))
}

fn is_guid(text: &str) -> bool {
    let is_part = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_part)
}

/// A day from 1 to 31 of a month from 1 to 12 that no calendar has; another form is the verdict's to say.
fn names_no_day(text: &str) -> bool {
    let is_part = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    let is_form = text.len() == 10 && text.bytes().enumerate().all(is_part);
    let is_in = |part: &str, most: u8| part.parse::<u8>().is_ok_and(|number| (1..=most).contains(&number));
    is_form && is_in(&text[5..7], 12) && is_in(&text[8..], 31) && text.parse::<jiff::civil::Date>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_a_double_loses_are_found() {
        for kept in ["1.00", "0.1", "9007199254740992", "100000000000000000000", "-0", "1e400e"] {
            assert_eq!(survives(kept), kept != "1e400e", "{kept}");
        }
        for lost in ["9007199254740993", "0.12345678901234567890", "1e400", "90071992547409930.10"] {
            assert!(!survives(lost), "{lost}");
        }
    }

    #[test]
    fn placeholders_are_told_from_text() {
        for left in
            ["{{$guid}}", "a {{b}} c", "${AMOUNT}", "<your key>", "<MERCHANT_CODE>", "%ProductId%", "[email protected]"]
        {
            assert!(is_placeholder(left), "{left}");
        }
        for text in ["{", "{}", "a < b > c", "<>", "<a href=\"x\">", "5 < 6", "%", "%%", "% of 5%", "[email]", "100%"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn a_guid_is_told_by_its_groups() {
        for guid in ["5b0287fb-0ccc-4366-9b2a-048be739e54c", "E9A9CD6C-ABBA-43D2-ADA1-CCDF0B8CBCF2"] {
            assert!(is_guid(guid), "{guid}");
        }
        for other in [
            "",
            "1111-1111-1111-1111",
            "55555555-4444-3333-222222-11111111",
            "5b0287fb0ccc43669b2a048be739e54c",
            "{5b0287fb-0ccc-4366-9b2a-048be739e54c}",
            "5b0287fb-0ccc-4366-9b2a-048be739e54",
            "5b0287fb-0ccc-4366-9b2a-048be739e54g",
            "5b0287fb-0ccc-4366-9b2a-048be739e5ü",
        ] {
            assert!(!is_guid(other), "{other}");
        }
    }

    #[test]
    fn a_day_that_no_calendar_has_is_no_moment() {
        assert!(names_no_moment("2024-02-30T10:00:00"));
        assert!(names_no_moment("2024-01-01T05:00:00.5+25:00"));
        assert!(names_no_day("2023-02-29") && !names_no_day("2024-02-29") && !names_no_day("2024-2-30"));
        assert!(names_no_moment("2024-01-01T25:00:00.5+03:00"));
        assert!(!names_no_moment("2024-02-29T10:00:00.1234567+03:00"));
        assert!(!names_no_moment("yesterday"));
    }
}
