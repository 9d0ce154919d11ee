//! The `use` lines of a file, and every name in it made one that nothing shadows.
//!
//! The emitter writes what is ours by its bare name (`Retry::Unsent`), and a type of the contract as [`own`] names it.
//! Here a bare name is imported; where the contract has a type of that name, it becomes a path from the root instead.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, TokenStream, TokenTree};
use quote::quote;

use crate::names;
use paywall_contract::model::Model;

/// What generated code uses of the runtime crate.
const RUNTIME: [&str; 42] = [
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
    "EnvelopePlaces",
    "ErrorPlaces",
    "ErrorTable",
    "HashFormat",
    "HashPlaces",
    "Input",
    "ItemsRule",
    "KeyPair",
    "Nothing",
    "Notification",
    "Number",
    "NumberRule",
    "Operation",
    "Parameters",
    "Personal",
    "RefusalPlaces",
    "Retry",
    "Secret",
    "SecurityCode",
    "SessionPlaces",
    "Subject",
    "SuccessMark",
    "SuccessPlace",
    "Text",
    "TextRule",
    "Timestamp",
    "Validate",
    "Way",
    "WithParameters",
];

/// What it uses of other crates.
const OTHERS: [(&str, &str); 9] = [
    ("Cow", "std::borrow"),
    ("Deserialize", "serde"),
    ("Deserializer", "serde"),
    ("JsonSchema", "schemars"),
    ("Method", "paywall_api::http"),
    ("Schema", "schemars"),
    ("SchemaGenerator", "schemars"),
    ("Serialize", "serde"),
    ("Write", "std::io"),
];

/// Modules and functions, whose names no type of the contract has, and where they are.
const SMALL: [(&str, &str); 6] = [
    ("contract_schema", "paywall_api"),
    ("fmt", "std"),
    ("io", "std"),
    ("meta", "super"),
    ("quietly", "paywall_api"),
    ("rule", "paywall_api"),
];

/// Those of them that are functions.
const FUNCTIONS: [&str; 2] = ["contract_schema", "quietly"];

/// The prelude's names that it uses.
const PRELUDE: [(&str, &str); 15] = [
    ("Box", "std::boxed"),
    ("Clone", "core::clone"),
    ("Copy", "core::marker"),
    ("Default", "core::default"),
    ("Err", "core::result::Result"),
    ("From", "core::convert"),
    ("Into", "core::convert"),
    ("None", "core::option::Option"),
    ("Ok", "core::result::Result"),
    ("Option", "core::option"),
    ("Result", "core::result"),
    ("Sized", "core::marker"),
    ("Some", "core::option::Option"),
    ("String", "std::string"),
    ("Vec", "std::vec"),
];

/// The root of the paths that stand for types of the contract until this file is done with them.
const CONTRACT: &str = "contract";

/// Behind these a name is made, and not used.
const DEFINING: [&str; 8] = ["const", "enum", "fn", "mod", "static", "struct", "trait", "type"];

/// A type of the contract, wherever it is.
#[must_use]
pub(crate) fn own(name: &str) -> TokenStream {
    let (root, name) = (names::ident(CONTRACT), names::ident(name));
    quote!(#root::#name)
}

/// The items of the module `module` with every name settled, behind the `use` items that they need.
#[must_use]
pub(super) fn settled(model: &Model, module: &str, items: &[TokenStream]) -> Vec<TokenStream> {
    let mut file = File { homes: homes(model), module, defined: defined(items), used: BTreeMap::new() };
    let mut settled: Vec<TokenStream> = items.iter().map(|item| file.settle(item.clone())).collect();
    settled.insert(0, file.uses());
    settled
}

/// Every type that the contract gives, and its module.
pub(super) fn homes(model: &Model) -> BTreeMap<String, String> {
    let objects = model.objects.iter().map(|object| (object.name.clone(), object.module.clone()));
    let lists = model.lists.iter().map(|list| (list.name.clone(), list.module.clone()));
    let services = model.services.iter().map(|service| (names::pascal(&service.name), service.name.clone()));
    let operations = model.services.iter().flat_map(|service| {
        service.operations.iter().map(|operation| (operation.type_name.clone(), service.name.clone()))
    });
    let parts = model.objects.iter().map(|object| (object.parts.clone(), object.module.clone()));
    parts.chain(objects).chain(lists).chain(services).chain(operations).collect()
}

/// The types and traits that a file makes.
fn defined(items: &[TokenStream]) -> BTreeSet<String> {
    let items = items.iter().filter_map(|item| syn::parse2::<syn::File>(item.clone()).ok()).flat_map(|file| file.items);
    let name = |item| match item {
        syn::Item::Struct(item) => Some(item.ident.to_string()),
        syn::Item::Trait(item) => Some(item.ident.to_string()),
        _ => None,
    };
    items.filter_map(name).collect()
}

struct File<'m> {
    homes: BTreeMap<String, String>,
    module: &'m str,
    defined: BTreeSet<String>,
    /// The names that are imported, by the path before them.
    used: BTreeMap<String, BTreeSet<String>>,
}

impl File<'_> {
    fn settle(&mut self, tokens: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut settled = TokenStream::new();
        let mut index = 0;
        while let Some(tree) = tokens.get(index) {
            let before = &tokens[..index];
            index += 1;
            match tree {
                TokenTree::Group(group) if is_attribute(before, group) => settled.extend(self.attribute(group)),
                TokenTree::Group(group) => settled.extend(regrouped(group, self.settle(group.stream()))),
                TokenTree::Ident(ident) if is_used(before) => {
                    let behind = &tokens[index..];
                    if ident == CONTRACT && begins_path(behind) {
                        settled.extend(behind.get(2).map(|name| self.type_of_contract(&name.to_string())));
                        index += 3;
                    } else {
                        settled.extend(self.ours(ident, behind));
                    }
                }
                other => settled.extend([other.clone()]),
            }
        }
        settled
    }

    /// Two modules may each have what the other one's file makes under that name.
    fn type_of_contract(&mut self, name: &str) -> TokenStream {
        let home = self.homes.get(name).cloned().unwrap_or_default();
        let (module, ident) = (names::ident(&home), names::ident(name));
        if home == self.module {
            return quote!(#ident);
        }
        if self.defined.contains(name) {
            return quote!(super::#module::#ident);
        }
        self.import(&format!("super::{home}"), name);
        quote!(#ident)
    }

    fn ours(&mut self, ident: &Ident, behind: &[TokenTree]) -> TokenStream {
        let name = ident.to_string();
        let is_call =
            matches!(behind.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
        if let Some((_, path)) = SMALL.iter().find(|(small, _)| *small == name) {
            if begins_path(behind) || is_call && FUNCTIONS.contains(&name.as_str()) {
                self.import(path, &name);
            }
            return quote!(#ident);
        }
        if let Some((_, path)) = PRELUDE.iter().find(|(known, _)| *known == name) {
            return self.unless_shadowed(path, ident).unwrap_or_else(|| quote!(#ident));
        }
        let runtime = RUNTIME.contains(&name.as_str()).then_some("paywall_api");
        let path = runtime.or_else(|| OTHERS.iter().find(|(known, _)| *known == name).map(|(_, path)| *path));
        let Some(path) = path else { return quote!(#ident) };
        self.unless_shadowed(path, ident).unwrap_or_else(|| {
            self.import(path, &name);
            quote!(#ident)
        })
    }

    /// The path from the root, where the contract has a type of the name.
    fn unless_shadowed(&self, path: &str, ident: &Ident) -> Option<TokenStream> {
        let name = ident.to_string();
        let path = path.split("::").map(names::ident);
        (self.homes.contains_key(&name) || self.defined.contains(&name)).then(|| quote!(::#(#path::)*#ident))
    }

    fn import(&mut self, path: &str, name: &str) {
        self.used.entry(path.to_owned()).or_default().insert(name.to_owned());
    }

    /// Derives have a space of their own, in which no type stands; an import brings a trait along.
    fn attribute(&mut self, group: &Group) -> TokenStream {
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        let mut settled = TokenStream::new();
        let (is_derive, is_serde) = (is_ident(tokens.first(), "derive"), is_ident(tokens.first(), "serde"));
        for tree in tokens {
            match tree {
                TokenTree::Group(inner) if is_derive => settled.extend(regrouped(&inner, self.derives(inner.stream()))),
                TokenTree::Group(inner) if is_serde => {
                    settled.extend(regrouped(&inner, self.serde_words(inner.stream())));
                }
                other => settled.extend([other]),
            }
        }
        regrouped(group, settled)
    }

    fn derives(&mut self, tokens: TokenStream) -> TokenStream {
        let derive = |tree: TokenTree| match tree {
            TokenTree::Ident(ident) if ident == "Serialize" || ident == "Deserialize" => self.ours(&ident, &[]),
            other => TokenStream::from(other),
        };
        tokens.into_iter().map(derive).collect()
    }

    /// `skip_serializing_if` names a function in a text.
    fn serde_words(&self, tokens: TokenStream) -> TokenStream {
        let mut is_path = false;
        let mut words = TokenStream::new();
        for tree in tokens {
            let literal = matches!(tree, TokenTree::Literal(_));
            if literal && is_path && self.homes.contains_key("Option") {
                words.extend([TokenTree::from(Literal::string("::core::option::Option::is_none"))]);
            } else {
                words.extend([tree.clone()]);
            }
            is_path = is_ident(Some(&tree), "skip_serializing_if") || is_path && !literal;
        }
        words
    }

    /// Ours first, then those of others, then those of the contract.
    fn uses(&self) -> TokenStream {
        let rank = |path: &str| match path {
            "paywall_api" => 0,
            "super" => 3,
            path if path.starts_with("super::") => 2,
            _ => 1,
        };
        let mut lines: Vec<(&String, &BTreeSet<String>)> = self.used.iter().collect();
        lines.sort_by_key(|(path, _)| (rank(path), *path));
        lines.into_iter().map(|(path, names)| use_line(path, names)).collect()
    }
}

fn use_line(path: &str, names: &BTreeSet<String>) -> TokenStream {
    let path = path.split("::").map(names::ident);
    let path = quote!(#(#path)::*);
    let names: Vec<Ident> = names.iter().map(|name| names::ident(name)).collect();
    if let [name] = names.as_slice() {
        return quote!(use #path::#name;);
    }
    quote!(use #path::{#(#names),*};)
}

/// Whether what stands behind these tokens is a name that is used, and begins a path or is one.
fn is_used(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Punct(first), TokenTree::Punct(second)]
            if first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':' =>
        {
            false
        }
        // `'static Api` defines nothing.
        [.., TokenTree::Punct(mark), TokenTree::Ident(_)] if mark.as_char() == '\'' => true,
        // `..Places::NONE` is the rest of a struct.
        [.., TokenTree::Punct(first), TokenTree::Punct(second)]
            if first.as_char() == '.' && second.as_char() == '.' =>
        {
            true
        }
        [.., TokenTree::Punct(punct)] => !matches!(punct.as_char(), '.' | '\''),
        [.., TokenTree::Ident(ident)] => !DEFINING.iter().any(|word| ident == word),
        _ => true,
    }
}

/// Whether these tokens go on with a path.
fn begins_path(behind: &[TokenTree]) -> bool {
    matches!(behind, [TokenTree::Punct(first), TokenTree::Punct(second), ..]
        if first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':')
}

fn is_attribute(before: &[TokenTree], group: &Group) -> bool {
    group.delimiter() == Delimiter::Bracket
        && matches!(before.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == '#')
}

fn is_ident(tree: Option<&TokenTree>, word: &str) -> bool {
    matches!(tree, Some(TokenTree::Ident(ident)) if ident == word)
}

fn regrouped(group: &Group, stream: TokenStream) -> TokenStream {
    TokenStream::from(TokenTree::from(Group::new(group.delimiter(), stream)))
}
