//! The `use` lines of a file: found by looking at which names its items use.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::model::Model;

/// What generated code uses of the runtime crate.
const RUNTIME: [&str; 39] = [
    "Amount",
    "Api",
    "BankErrorPlaces",
    "Caller",
    "CardNumber",
    "Checker",
    "ClaimPlaces",
    "ClaimsPayment",
    "Client",
    "CodeEntry",
    "Echo",
    "Effect",
    "Encoding",
    "ErrorTable",
    "HashFormat",
    "HashPlaces",
    "HeaderInputs",
    "Input",
    "ItemsRule",
    "KeyPair",
    "Nothing",
    "Notification",
    "Number",
    "NumberRule",
    "Operation",
    "Personal",
    "RefusalPlaces",
    "Retry",
    "Secret",
    "SecurityCode",
    "SessionPlaces",
    "Subject",
    "SuccessPlace",
    "Text",
    "TextRule",
    "Timestamp",
    "Validate",
    "Way",
    "WithHeaders",
];

/// Modules of the runtime crate that it uses.
const RUNTIME_MODULES: [&str; 1] = ["rule"];

/// What it uses of serde, of the standard library and of `http`.
const OTHERS: [(&str, &str); 7] = [
    ("Deserialize", "serde"),
    ("Serialize", "serde"),
    ("Cow", "std::borrow"),
    ("fmt", "std"),
    ("io", "std"),
    ("Write", "std::io"),
    ("Method", "paywall_api::http"),
];

/// The prelude's names, which a type of the contract must not shadow.
const PRELUDE: [&str; 10] = ["Option", "Some", "None", "Result", "Ok", "Err", "String", "Vec", "Default", "Self"];

/// Names that no type of the contract may have.
pub(crate) const RESERVED: [&[&str]; 2] = [&RUNTIME, &PRELUDE];

/// The `use` items for what `items` use and do not define, in the module `module`.
#[must_use]
pub(super) fn imports(model: &Model, module: &str, items: &[TokenStream]) -> TokenStream {
    let mut used = BTreeSet::new();
    for item in items {
        names(item.clone(), &mut used);
    }
    let runtime: Vec<&str> = RUNTIME.into_iter().chain(RUNTIME_MODULES).filter(|name| used.contains(*name)).collect();
    let others = OTHERS.iter().filter(|(name, _)| used.contains(*name));
    let others: BTreeMap<&str, Vec<&str>> = others.fold(BTreeMap::new(), |mut grouped, (name, path)| {
        grouped.entry(*path).or_insert_with(Vec::new).push(*name);
        grouped
    });
    let mut lines: Vec<TokenStream> = others.iter().map(|(path, names)| use_line(path, names)).collect();
    if !runtime.is_empty() {
        lines.insert(0, use_line("paywall_api", &runtime));
    }
    lines.extend(siblings(model, module, &used).iter().map(|(path, names)| use_line(&format!("super::{path}"), names)));
    if module != "meta" && used.contains("meta") {
        lines.push(quote!(
            use super::meta;
        ));
    }
    quote!(#(#lines)*)
}

/// The types of other modules that are used here.
fn siblings<'m>(model: &'m Model, module: &str, used: &BTreeSet<String>) -> BTreeMap<&'m str, Vec<&'m str>> {
    let objects = model.objects.iter().map(|object| (object.module.as_str(), object.name.as_str()));
    let lists = model.lists.iter().map(|list| (list.module.as_str(), list.name.as_str()));
    let mut siblings: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (home, name) in objects.chain(lists).filter(|(home, name)| *home != module && used.contains(*name)) {
        siblings.entry(home).or_default().push(name);
    }
    for names in siblings.values_mut() {
        names.sort_unstable();
    }
    siblings
}

fn use_line(path: &str, names: &[&str]) -> TokenStream {
    let path = path.split("::").map(|part| format_ident!("{}", part));
    let path = quote!(#(#path)::*);
    let names = names.iter().map(|name| format_ident!("{}", name));
    let names: Vec<_> = names.collect();
    if let [name] = names.as_slice() {
        return quote!(use #path::#name;);
    }
    quote!(use #path::{#(#names),*};)
}

/// The names that stand alone or begin a path: `Retry` of `Retry::Unsent`, and not `Unsent`.
fn names(tokens: TokenStream, used: &mut BTreeSet<String>) {
    let mut colons = 0;
    for tree in tokens {
        let goes_on = colons == 2;
        colons = match &tree {
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons + 1,
            _ => 0,
        };
        match tree {
            TokenTree::Ident(ident) if !goes_on => drop(used.insert(ident.to_string())),
            TokenTree::Group(group) => names(group.stream(), used),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}
