//! How a struct is read and shown: as it would be derived, with errors that quote no value, and without a card number.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ItemStruct, Type};

use super::wire_name;
use crate::emit::own;

/// The macro of the runtime that reads and shows a struct, with the fields of this one.
pub(super) fn read(item: &ItemStruct) -> TokenStream {
    let name = item.ident.to_string();
    let target = own(&name);
    let fields: Vec<(String, &Ident, &Type)> =
        item.fields.iter().filter_map(|field| Some((wire_name(field), field.ident.as_ref()?, &field.ty))).collect();
    let fields = fields.iter().map(|(wire, ident, ty)| quote!(#wire => #ident: #ty));
    quote! {
        paywall_api::object! {
            #name => #target { #(#fields,)* }
        }
    }
}
