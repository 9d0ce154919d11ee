//! What does an object say of several of its fields together? What adds up, when a card expires, and what is said twice.

use std::ops::Range;

use paywall_api::Amount;
use paywall_api::rule::{month_of_card, year_of_card};

use super::lint::Walk;
use super::place::start;
use crate::finding::{Finding, Related, Rule, Severity};
use crate::mask::{described, may_be_a_card};
use crate::shape::{Expiry, Shape, ShapeId, Sum};
use crate::tree::{Kind, Node};

pub(crate) fn of_object<'t>(walk: &mut Walk<'_, 't>, object: Node<'t>, id: ShapeId) {
    let shapes = walk.shapes;
    let shape = shapes.get(id);
    if !shape.at_most_one.is_empty() {
        at_most_one(walk, object, shape);
    }
    if let Some(sum) = &shape.sum {
        adds_up(walk, object, shape, sum);
    }
    if let Some(expiry) = &shape.expiry {
        expires(walk, object, shape, expiry);
    }
}

/// Ways that are given with something in them.
fn at_most_one<'t>(walk: &mut Walk<'_, 't>, object: Node<'t>, shape: &Shape) {
    let given = shape.at_most_one.iter().filter_map(|name| object.get(name));
    let mut given = given.filter(|node| says_something(*node));
    let (Some(first), Some(second)) = (given.next(), given.next()) else { return };
    let names: Vec<String> = shape.at_most_one.iter().map(|name| format!("`{name}`")).collect();
    let (severity, help) = match &shape.decided_by {
        Some(field) => (Severity::Warning, format!("leave the others empty: `{field}` says which of them counts")),
        None => (Severity::Error, "leave the others empty: no page says which of them counts".to_owned()),
    };
    walk.report_at(second, |pointer| Finding {
        rule: Rule::AtMostOne,
        severity,
        span: second.key_span().unwrap_or_default(),
        pointer,
        found: "a second way to say the same".to_owned(),
        expected: format!("one of {}", names.join(", ")),
        help: Some(help),
        page: shape.page.as_deref().map(str::to_owned),
        related: related(first.key_span(), "the first way"),
    });
}

fn says_something(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::Null => false,
        Kind::Text => !node.raw().is_empty(),
        _ => true,
    }
}

fn related(span: Option<Range<usize>>, label: &str) -> Vec<Related> {
    span.map(|span| Related { span, label: label.to_owned() }).into_iter().collect()
}

/// Only exact amounts are added; what is no amount is told elsewhere.
fn adds_up<'t>(walk: &mut Walk<'_, 't>, object: Node<'t>, shape: &Shape, sum: &Sum) {
    let mut parts = Vec::new();
    gather(object, &sum.parts, &mut parts);
    let added = parts.iter().try_fold(Amount::ZERO, |sum, part| sum.checked_add(amount(*part)?));
    let mut totals = Vec::with_capacity(1);
    gather(object, &sum.total, &mut totals);
    let ([total], Some(added), false) = (&totals[..], added, parts.is_empty()) else { return };
    let Some(whole) = amount(*total) else { return };
    if whole == added {
        return;
    }
    let pointer = format!("{}{}", walk.pointer(), sum.total);
    let (whole, added) = (digits(whole), digits(added));
    let label = |part: &Node<'t>| Related { span: part.span(), label: "one of the parts".to_owned() };
    walk.report(Finding {
        rule: Rule::Sum,
        severity: Severity::Error,
        span: start(*total),
        pointer,
        found: format!("the number {whole}"),
        expected: format!("{added}, to which the {} of `{}` add up", count(parts.len()), sum.parts),
        help: Some(format!("write {added}, or mend the parts")),
        page: shape.page.as_deref().map(str::to_owned),
        related: parts.iter().take(8).map(label).collect(),
    });
}

/// An amount, but for one that could be a card number.
fn digits(amount: Amount) -> String {
    let text = amount.to_string();
    if may_be_a_card(&text) { "of many digits".to_owned() } else { text }
}

fn count(parts: usize) -> String {
    if parts == 1 { "1 part".to_owned() } else { format!("{parts} parts") }
}

fn amount(node: Node<'_>) -> Option<Amount> {
    node.number()?.parse().ok()
}

/// Everything that a pointer leads to, where `*` is each element of a list.
fn gather<'t>(node: Node<'t>, pointer: &str, found: &mut Vec<Node<'t>>) {
    let Some(rest) = pointer.strip_prefix('/') else {
        found.push(node);
        return;
    };
    let (step, rest) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    match node.kind() {
        Kind::List if step == "*" => node.children().for_each(|child| gather(child, rest, found)),
        _ => node.get(step).into_iter().for_each(|child| gather(child, rest, found)),
    }
}

/// The month counts as long as it lasts. An empty text is none.
fn expires<'t>(walk: &mut Walk<'_, 't>, object: Node<'t>, shape: &Shape, expiry: &Expiry) {
    let part = |name: &str| object.get(name).filter(|node| node.kind() == Kind::Text && !node.raw().is_empty());
    let (month, year) = (part(&expiry.month), part(&expiry.year));
    let text = |node: Node<'t>| node.text().unwrap_or_default();
    let good_month = month.map(|node| (node, month_of_card(&text(node))));
    let good_year = year.map(|node| (node, year_of_card(&text(node))));
    if let Some((node, None)) = good_month {
        odd(walk, node, "a month of two digits, from 01 to 12");
    }
    if let Some((node, None)) = good_year {
        odd(walk, node, "a year of four digits, such as 2030");
    }
    let (Some((_, Some(month))), Some((node, Some(year))), Some(today)) = (good_month, good_year, walk.settings.today)
    else {
        return;
    };
    if (year, month) < today {
        walk.report_at(node, |pointer| Finding {
            rule: Rule::CardExpired,
            severity: Severity::Error,
            span: node.span(),
            pointer,
            found: "a card that has expired".to_owned(),
            expected: format!("{:04}-{:02} or later", today.0, today.1),
            help: Some("use a card that is valid, or say with --today which month to take".to_owned()),
            page: shape.page.as_deref().map(str::to_owned),
            related: Vec::new(),
        });
    }
}

fn odd<'t>(walk: &mut Walk<'_, 't>, node: Node<'t>, expected: &str) {
    walk.report_at(node, |pointer| Finding {
        rule: Rule::CardExpiry,
        severity: Severity::Error,
        span: node.span(),
        pointer,
        found: described(node, &Shape::default(), false),
        expected: expected.to_owned(),
        help: None,
        page: None,
        related: Vec::new(),
    });
}
