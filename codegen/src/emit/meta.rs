//! The contract's own facts: hosts, key pairs, envelopes with their error codes, formats of hashes, version.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Source, codes, doc, imports, own};
use crate::names;
use crate::refine::doc_attributes;
use paywall_contract::model::{Api, Envelope, KeyPair, Literal, Model, SuccessMark, Type};

/// The file of these facts.
#[must_use]
pub(super) fn meta(model: &Model) -> Source {
    let version = &model.version;
    let mut items = vec![quote! {
        /// The version of the contract that this was generated from.
        pub const CONTRACT_VERSION: &str = #version;
    }];
    items.extend(model.apis.iter().map(api));
    items.extend(model.pairs.iter().map(pair));
    items.extend(model.envelopes.iter().map(|envelope| envelope_places(model, envelope)));
    items.extend(hash_formats(model));
    let items = imports::settled(model, "meta", &items);
    Source {
        about: vec!["Facts of the contract: hosts, key pairs, envelopes, error codes and hashes.".to_owned()],
        items,
    }
}

fn api(api: &Api) -> TokenStream {
    let constant = format_ident!("{}", names::constant(&api.name));
    let about = doc_attributes(&doc::of_text(&format!("The hosts of {}.", api.title)));
    let name = &api.name;
    let hosts = api.hosts.iter().map(|(environment, url)| quote!((#environment, #url)));
    quote! {
        #about
        pub static #constant: Api = Api::new(#name, &[#(#hosts),*]);
    }
}

fn pair(pair: &KeyPair) -> TokenStream {
    let constant = format_ident!("{}", names::constant(&pair.name));
    let about = doc_attributes(&doc::of_text(&format!("The {} pair of keys.", pair.name)));
    let (name, key, client) = (&pair.name, &pair.key, &pair.client);
    quote! {
        #about
        pub static #constant: KeyPair = KeyPair::new(#name, #key, #client);
    }
}

fn hash_formats(model: &Model) -> Option<TokenStream> {
    if model.hash_formats.is_empty() {
        return None;
    }
    let formats =
        model.hash_formats.iter().map(|(name, parts)| quote!(HashFormat { name: #name, parts: &[#(#parts),*] }));
    Some(quote! {
        /// What the hash of a message is made of, by the name of its format.
        pub static HASH_FORMATS: &[HashFormat] = &[#(#formats),*];
    })
}

/// The name of an envelope's constant.
#[must_use]
pub(super) fn envelope_name(name: &str) -> proc_macro2::Ident {
    format_ident!("{}", names::constant(name))
}

fn envelope_places(model: &Model, envelope: &Envelope) -> TokenStream {
    let constant = envelope_name(&envelope.name);
    let about = doc_attributes(&doc::of(&envelope.doc));
    let marks = envelope.success.iter().map(mark);
    let member = |key: &str, name: Option<&String>| {
        let key = format_ident!("{key}");
        name.map(|name| quote!(#key: Some(#name),))
    };
    let code = member("code", envelope.code.as_ref());
    let code_type = member("code_type", envelope.code_type.as_ref());
    let payload = member("payload", envelope.payload.as_ref());
    let messages = (!envelope.messages.is_empty()).then(|| {
        let messages = &envelope.messages;
        quote!(messages: &[#(#messages),*],)
    });
    let errors = envelope.errors.as_ref().map(|errors| {
        let (list, code, message) = (&errors.member, option(errors.code.as_ref()), option(errors.message.as_ref()));
        quote!(errors: Some(ErrorPlaces { list: #list, code: #code, message: #message }),)
    });
    let small_letters = envelope.small_letters.then(|| quote!(small_letters: true,));
    let codes = tables(model, envelope, false);
    let text_codes = tables(model, envelope, true);
    quote! {
        #about
        pub static #constant: EnvelopePlaces = EnvelopePlaces {
            success: &[#(#marks),*],
            #code #code_type #messages #errors #payload #small_letters #codes #text_codes
            ..EnvelopePlaces::NONE
        };
    }
}

fn option(text: Option<&String>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}

fn mark(mark: &SuccessMark) -> TokenStream {
    let member = &mark.member;
    let mark_of_type = match &mark.value {
        Literal::Int(value) => {
            let value = super::int(*value);
            quote!(SuccessMark::number(#member, #value))
        }
        Literal::Text(value) => quote!(SuccessMark::text(#member, #value)),
        Literal::Bool(value) => quote!(SuccessMark::flag(#member, #value)),
        // No check lets null pass.
        Literal::Null => quote!(),
    };
    let optional = (!mark.required).then(|| quote!(.optional()));
    quote!(#mark_of_type #optional)
}

/// Which numbering an answer uses is not documented, so each code is looked up in all.
fn tables(model: &Model, envelope: &Envelope, are_texts: bool) -> Option<TokenStream> {
    let lists = envelope.code_lists.iter().filter_map(|name| model.lists.iter().find(|list| list.name == *name));
    let tables: Vec<TokenStream> = lists
        .filter(|list| (list.base == Type::Text) == are_texts)
        .map(|list| {
            let (name, ty, documented) = (&list.name, own(&list.name), codes::documented(list));
            quote!(&ErrorTable::new(#name, #ty::#documented))
        })
        .collect();
    let field = format_ident!("{}", if are_texts { "text_codes" } else { "codes" });
    (!tables.is_empty()).then(|| quote!(#field: &[#(#tables),*],))
}
