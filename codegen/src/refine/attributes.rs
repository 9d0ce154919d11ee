//! The derives and serde attributes that our types have: a default only where nothing is required, and
//! `non_exhaustive`, so that a new field of the contract breaks nobody.

use quote::quote;
use syn::{Attribute, ItemStruct, parse_quote};

use super::wire_name;
use paywall_contract::model::{Field, Object};

/// Replaces the attributes of a struct and its fields.
pub(super) fn set(object: &Object, item: &mut ItemStruct) {
    // Only what a caller builds and what needs nothing may be built empty.
    let default = (object.in_request && object.fields.iter().all(Field::is_option)).then(|| quote!(Default,));
    item.attrs = attributes(&quote! {
        #[derive(Clone, #default PartialEq, Serialize)]
        #[non_exhaustive]
    });
    for field in &mut item.fields {
        let wire = wire_name(field);
        let is_option = object.fields.iter().any(|model| model.wire == wire && model.is_option());
        field.attrs = if is_option {
            vec![parse_quote!(#[serde(rename = #wire, skip_serializing_if = "Option::is_none")])]
        } else {
            vec![parse_quote!(#[serde(rename = #wire)])]
        };
    }
}

fn attributes(tokens: &proc_macro2::TokenStream) -> Vec<Attribute> {
    let item: ItemStruct = parse_quote!(#tokens struct Attributed;);
    item.attrs
}
