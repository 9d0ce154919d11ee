//! `Validate`: the contract's bounds and conditions as checks that run before anything is sent.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::own;
use crate::names::ident;
use paywall_contract::model::{Bounds, Condition, Constraint, Expiry, Field, Literal, Model, Object, Sum, Type, Way};
use paywall_contract::pointer;

/// The checks of an object.
#[must_use]
pub(super) fn validate(model: &Model, object: &Object) -> TokenStream {
    let name = own(&object.name);
    let fields = object.fields.iter().filter_map(field);
    let conditions = object.conditions.iter().map(|condition| any_of(object, condition));
    let at_most_one = at_most_one(object);
    let (sum, expiry) = (sum(model, object), expiry(object));
    let body = quote!(#(#fields)* #(#conditions)* #at_most_one #sum #expiry);
    let at = if body.is_empty() { quote!(_at) } else { quote!(at) };
    quote! {
        impl Validate for #name {
            fn check(&self, #at: &mut Checker) {
                #body
            }
        }
    }
}

fn field(field: &Field) -> Option<TokenStream> {
    let (wire, rust) = (&field.wire, ident(&field.rust));
    let bounds = &field.bounds;
    match &field.ty {
        Type::Object(_) => Some(quote!(at.within(#wire, &self.#rust);)),
        Type::List(element) => {
            let items = items_rule(bounds).map(|rule| quote!(at.items(#wire, &self.#rust, #rule);));
            let within = matches!(**element, Type::Object(_)).then(|| quote!(at.within(#wire, &self.#rust);));
            (items.is_some() || within.is_some()).then(|| quote!(#items #within))
        }
        _ => {
            let text = text_rule(bounds).map(|rule| quote!(at.text(#wire, &self.#rust, #rule);));
            text.or_else(|| number_rule(bounds).map(|rule| quote!(at.number(#wire, &self.#rust, #rule);)))
        }
    }
}

fn text_rule(bounds: &Bounds) -> Option<TokenStream> {
    if bounds.min_length.is_none() && bounds.max_length.is_none() && bounds.pattern.is_none() {
        return None;
    }
    let min = bounds.min_length.map(|value| call("min", value));
    let max = bounds.max_length.map(|value| call("max", value));
    let pattern = bounds.pattern.as_ref().map(|pattern| quote!(.pattern(#pattern)));
    Some(quote!(TextRule::new() #min #max #pattern))
}

fn number_rule(bounds: &Bounds) -> Option<TokenStream> {
    if bounds.minimum.is_none() && bounds.maximum.is_none() {
        return None;
    }
    let min = bounds.minimum.map(|(value, excluded)| call(if excluded { "above" } else { "min" }, value));
    let max = bounds.maximum.map(|(value, excluded)| call(if excluded { "below" } else { "max" }, value));
    Some(quote!(NumberRule::new() #min #max))
}

fn items_rule(bounds: &Bounds) -> Option<TokenStream> {
    if bounds.min_items.is_none() && bounds.max_items.is_none() {
        return None;
    }
    let min = bounds.min_items.map(|value| call("min", value));
    let max = bounds.max_items.map(|value| call("max", value));
    Some(quote!(ItemsRule::new() #min #max))
}

fn call(method: &str, value: i64) -> TokenStream {
    let (method, value) = (format_ident!("{}", method), super::int(value));
    quote!(.#method(#value))
}

fn any_of(object: &Object, condition: &Condition) -> TokenStream {
    let fields = once_each(condition.ways.iter().flat_map(way_fields));
    let ways = condition.ways.iter().map(|way| self::way(object, way));
    quote!(at.any_of(&[#(#fields),*], &[#(#ways),*]);)
}

fn once_each<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut once: Vec<&str> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

fn way_fields(way: &Way) -> impl Iterator<Item = &str> {
    way.required.iter().map(String::as_str).chain(way.fields.iter().map(|(name, _)| name.as_str()))
}

fn way(object: &Object, way: &Way) -> TokenStream {
    let present = way.required.iter().filter_map(|name| {
        let field = object.fields.iter().find(|field| field.wire == *name).filter(|field| field.is_option())?;
        let rust = ident(&field.rust);
        Some(quote!(rule::present(&self.#rust)))
    });
    let constraints = way.fields.iter().flat_map(|(name, constraint)| constrained(object, name, constraint));
    let terms: Vec<TokenStream> = present.chain(constraints).collect();
    let met = if terms.is_empty() { quote!(true) } else { quote!(#(#terms)&&*) };
    let title = if way.title.is_empty() { once_each(way_fields(way)).join(", ") } else { way.title.clone() };
    quote!(Way::new(#title, #met))
}

fn constrained(object: &Object, name: &str, constraint: &Constraint) -> Vec<TokenStream> {
    let Some(field) = object.fields.iter().find(|field| field.wire == name) else { return Vec::new() };
    let rust = ident(&field.rust);
    let values = constraint.values.as_ref().map(|values| one_of(&rust, values));
    let text = text_rule(&constraint.bounds).map(|rule| quote!(rule::text(&self.#rust, #rule)));
    let number = number_rule(&constraint.bounds).map(|rule| quote!(rule::number(&self.#rust, #rule)));
    let items = items_rule(&constraint.bounds).map(|rule| quote!(rule::items(&self.#rust, #rule)));
    [values, text, number, items].into_iter().flatten().collect()
}

/// Whether a field is one of some values; an absent one is, as in JSON Schema.
fn one_of(rust: &proc_macro2::Ident, values: &[Literal]) -> TokenStream {
    let bools = values.iter().filter_map(|value| if let Literal::Bool(value) = value { Some(*value) } else { None });
    let numbers =
        values.iter().filter_map(|value| if let Literal::Int(value) = value { Some(super::int(*value)) } else { None });
    let texts = values.iter().filter_map(|value| if let Literal::Text(value) = value { Some(value) } else { None });
    let (bools, numbers, texts): (Vec<_>, Vec<_>, Vec<_>) = (bools.collect(), numbers.collect(), texts.collect());
    if !bools.is_empty() {
        quote!(rule::is_bool(&self.#rust, &[#(#bools),*]))
    } else if !numbers.is_empty() {
        quote!(rule::is_number(&self.#rust, &[#(#numbers),*]))
    } else if !texts.is_empty() {
        quote!(rule::is_text(&self.#rust, &[#(#texts),*]))
    } else {
        quote!(!rule::present(&self.#rust))
    }
}

fn at_most_one(object: &Object) -> Option<TokenStream> {
    if object.at_most_one.is_empty() {
        return None;
    }
    let given = object.at_most_one.iter().filter_map(|name| {
        let field = object.fields.iter().find(|field| field.wire == *name)?;
        let rust = ident(&field.rust);
        Some(match field.ty {
            Type::Text | Type::Runtime(_) | Type::Code(_) => quote!((#name, rule::given(&self.#rust))),
            _ => quote!((#name, rule::present(&self.#rust))),
        })
    });
    let check = format_ident!("{}", if object.decided_by.is_some() { "at_most_one_counts" } else { "at_most_one" });
    Some(quote!(at.#check(&[#(#given),*]);))
}

fn sum(model: &Model, object: &Object) -> Option<TokenStream> {
    let Sum { total, parts } = object.sum.as_ref()?;
    let (whole, amounts) = (values(model, object, total)?, values(model, object, parts)?);
    Some(quote!(at.sum([#total, #parts], #whole, #amounts);))
}

/// An iterator over all that a pointer leads to. `*` is each element of a list, and no other step follows a list: rule
/// `pointer` has seen to it. Absent fields lead to nothing.
fn values(model: &Model, object: &Object, pointer: &str) -> Option<TokenStream> {
    let (mut tokens, mut object) = (quote!(::std::iter::once(self)), Some(object));
    for step in pointer::segments(pointer).filter(|step| step != "*") {
        let field = object?.fields.iter().find(|field| field.wire == step)?;
        let rust = ident(&field.rust);
        tokens = match (&field.ty, field.is_option()) {
            (Type::List(_), true) => quote!(#tokens.flat_map(|it| it.#rust.iter().flatten())),
            (Type::List(_), false) => quote!(#tokens.flat_map(|it| it.#rust.iter())),
            (_, true) => quote!(#tokens.filter_map(|it| it.#rust.as_ref())),
            (_, false) => quote!(#tokens.map(|it| &it.#rust)),
        };
        let element = if let Type::List(element) = &field.ty { element } else { &field.ty };
        object = match element {
            Type::Object(name) => model.objects.iter().find(|object| object.name == *name),
            _ => None,
        };
    }
    Some(tokens)
}

fn expiry(object: &Object) -> Option<TokenStream> {
    let Expiry { month, year } = object.expiry.as_ref()?;
    let rust = |wire: &str| object.fields.iter().find(|field| field.wire == wire).map(|field| ident(&field.rust));
    let (months, years) = (rust(month)?, rust(year)?);
    Some(quote!(at.expiry([#month, #year], &self.#months, &self.#years);))
}
