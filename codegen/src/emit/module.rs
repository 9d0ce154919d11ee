//! The file of one service, or of other types, and the file that names them all.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::{Home, Source, codes, imports, message, modules, operation, service, validate};
use crate::names;
use crate::refine::{Refined, doc_attributes};
use paywall_contract::model::Model;

/// The file of a module: the service, its operations, its types, its code lists.
#[must_use]
pub(super) fn module(model: &Model, types: &BTreeMap<String, Refined>, name: &str) -> Source {
    let mut items = Vec::new();
    let found = model.services.iter().find(|service| service.name == name);
    if let Some(found) = found {
        items.extend(service::service(found, &imports::homes(model)));
        items.extend(found.operations.iter().flat_map(|one| operation::operation(model, found, one)));
    }
    for object in model.objects.iter().filter(|object| object.module == name) {
        if let Some(refined) = types.get(&object.name) {
            let item = &refined.item;
            items.push(quote!(#item));
            items.extend(split(&refined.additions));
            items.push(validate::validate(model, object));
            items.extend(message::message(model, &object.name));
        }
    }
    items.extend(model.lists.iter().filter(|list| list.module == name).flat_map(codes::codes));
    Source { about: about(model, name), items: imports::settled(model, name, &items) }
}

fn about(model: &Model, name: &str) -> Vec<String> {
    let tag = model.tags.iter().find(|(tag, _)| tag == name);
    match tag {
        Some((_, doc)) => super::doc::of(doc),
        None if model.objects.iter().any(|object| object.module == name) => vec![format!("Types of `{name}`.")],
        None => vec!["The documented code lists: named constants over open values.".to_owned()],
    }
}

/// One token stream per item, so that a blank line comes between them.
fn split(tokens: &TokenStream) -> Vec<TokenStream> {
    syn::parse2::<syn::File>(tokens.clone())
        .map(|file| file.items.iter().map(|item| quote!(#item)).collect())
        .unwrap_or_default()
}

/// The file that declares the modules.
#[must_use]
pub(super) fn root(model: &Model, home: Home) -> Source {
    let modules = modules(model).into_iter().map(|name| {
        let ident = names::ident(&name);
        quote!(pub mod #ident;)
    });
    let client = match home {
        Home::Runtime => quote!(
            mod client;
        ),
        Home::Elsewhere => quote!(
            pub mod client;
        ),
    };
    let mut items = vec![quote! {
        #(#modules)*
        pub mod meta;
        #client
        #[cfg(feature = "schemars")]
        mod json_schemas;
    }];
    if home == Home::Runtime {
        items.push(each_operation(model));
        items.extend((!model.messages.is_empty()).then(|| each_notification(model)));
    }
    Source {
        about: super::doc::of_text(&format!(
            "Generated from the contract \"{}\", version {}.",
            model.title, model.version
        )),
        items,
    }
}

/// The same for every type of what the vendor sends by itself.
fn each_notification(model: &Model) -> TokenStream {
    let paths = model.messages.iter().filter_map(|message| {
        let object = model.objects.iter().find(|object| object.name == message.object)?;
        let (module, name) = (names::ident(&object.module), names::ident(&object.name));
        Some(quote!($crate::#module::#name))
    });
    let about = doc_attributes(&[
        "Calls a macro of yours with the types of all notifications, as `each_operation!` does with".to_owned(),
        "those of operations.".to_owned(),
    ]);
    quote! {
        #about
        #[macro_export]
        macro_rules! each_notification {
            ($callback:ident) => { $callback!(#(#paths),*) };
        }
    }
}

/// A macro that hands every operation's type to another macro, so that a table of all needs no hand.
fn each_operation(model: &Model) -> TokenStream {
    let paths = model.services.iter().flat_map(|service| {
        let module = names::ident(&service.name);
        service.operations.iter().map(move |operation| {
            let name = names::ident(&operation.type_name);
            quote!($crate::#module::#name)
        })
    });
    let about = doc_attributes(&[
        "Calls a macro of yours with the types of all operations: `each_operation!(mine)` is".to_owned(),
        "`mine!(paywall_api::service::One, …)`. For tables and tests that must not miss one.".to_owned(),
    ]);
    quote! {
        #about
        #[macro_export]
        macro_rules! each_operation {
            ($callback:ident) => { $callback!(#(#paths),*) };
        }
    }
}
