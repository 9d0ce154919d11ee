//! From the model and the refined types to the items of every generated file.

mod client;
mod codes;
pub(crate) mod doc;
mod imports;
mod json_schemas;
mod markdown;
mod message;
mod meta;
mod module;
mod operation;
mod path;
mod service;
mod validate;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;

use crate::refine::Refined;
use paywall_contract::Document;
use paywall_contract::model::Model;

pub(crate) use imports::own;

/// Where the emitted code lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the runtime crate itself: the services become methods of its client.
    Runtime,
    /// In another crate, which uses the runtime: the services become methods of a trait.
    Elsewhere,
}

/// A file before it is printed: what it answers, and its items.
#[derive(Clone, Debug)]
pub struct Source {
    /// The lines of `//!`.
    pub about: Vec<String>,
    /// The items, a blank line between two.
    pub items: Vec<TokenStream>,
}

/// Every generated file by name.
#[must_use]
pub fn emit(
    document: &Document,
    model: &Model,
    types: &BTreeMap<String, Refined>,
    home: Home,
) -> BTreeMap<String, Source> {
    let mut files = BTreeMap::new();
    for name in modules(model) {
        files.insert(format!("{name}.rs"), module::module(model, types, &name));
    }
    files.insert("meta.rs".to_owned(), meta::meta(model));
    files.insert("client.rs".to_owned(), client::client(model, home));
    files.insert("json_schemas.rs".to_owned(), json_schemas::json_schemas(document, model));
    files.insert("mod.rs".to_owned(), module::root(model, home));
    files
}

/// The modules: one per service, then one per other file of schemas.
fn modules(model: &Model) -> Vec<String> {
    let mut names: Vec<String> = model.services.iter().map(|service| service.name.clone()).collect();
    let others = model.objects.iter().map(|object| &object.module).chain(model.lists.iter().map(|list| &list.module));
    for name in others {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// A whole number as a person writes it: `100_000`.
fn int(value: i64) -> TokenStream {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len() > 4 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    let sign = if value < 0 { "-" } else { "" };
    // Digits and a sign are always tokens.
    format!("{sign}{text}").parse().unwrap_or_default()
}
