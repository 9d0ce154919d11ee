//! The contract's own facts: hosts, key pairs, error codes, formats of hashes, version.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Source, codes, doc, imports, own};
use crate::names;
use crate::refine::doc_attributes;
use paywall_contract::model::{Api, KeyPair, Model};

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
    items.extend(errors(model));
    items.extend(hash_formats(model));
    let items = imports::settled(model, "meta", &items);
    Source { about: vec!["Facts of the contract: hosts, key pairs, error codes and hashes.".to_owned()], items }
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

/// Which numbering an answer uses is not documented, so each code is looked up in all.
fn errors(model: &Model) -> Option<TokenStream> {
    if model.error_lists.is_empty() {
        return None;
    }
    let tables = model.error_lists.iter().map(|name| {
        let list = own(name);
        let documented = model.lists.iter().find(|list| list.name == *name).map(codes::documented);
        quote!(&ErrorTable::new(#name, #list::#documented))
    });
    Some(quote! {
        /// The numberings that the error code of an answer may belong to.
        pub static ERRORS: &[&ErrorTable] = &[#(#tables),*];
    })
}
