//! How a struct is read: as serde derives it, with errors that quote no value.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, ItemStruct, Type};

use super::wire_name;
use crate::emit::own;

/// The derived code belongs to a struct of the same fields, since its errors hold what was found. No type of a contract
/// has that struct's name: theirs end in no `_`.
pub(super) fn read(item: &ItemStruct) -> TokenStream {
    let name = item.ident.to_string();
    let target = own(&name);
    let fields: Vec<(String, &Ident, &Type)> =
        item.fields.iter().filter_map(|field| Some((wire_name(field), field.ident.as_ref()?, &field.ty))).collect();
    let fields = fields.iter().map(|(wire, ident, ty)| quote!(#[serde(rename = #wire)] #ident: #ty));
    quote! {
        const _: () = {
            #[derive(Deserialize)]
            #[serde(remote = #name)]
            struct Derived_ {
                #(#fields),*
            }

            impl<'de> Deserialize<'de> for #target {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    quietly(Derived_::deserialize(deserializer))
                }
            }
        };
    }
}
