//! A constructor from the required fields and a setter per optional one: a missing required field does
//! not compile. With more than a few, or with two flags, the constructor takes a struct of named fields,
//! since two swapped ones would compile.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{ItemStruct, Type as RustType};

use super::doc_attributes;
use crate::emit::{doc, own};
use crate::names;
use paywall_contract::model::{Field, Object, Type};

/// What every constructor does that takes something.
const SUMMARY: &str = "Creates it from its required fields, without any optional one.";

/// The most required fields of one type that are told apart by their order.
const POSITIONAL: usize = 3;

/// The most arguments that any function should have.
const ARGUMENTS: usize = 6;

/// Whether a caller would have to count positions to tell the required fields apart: more than a few of which
/// two have one type, or two flags.
fn is_mistaken_by_position(object: &Object) -> bool {
    let types: Vec<&Type> = object.fields.iter().filter(|field| !field.is_option()).map(|field| &field.ty).collect();
    let twice = |ty: &Type| types.iter().filter(|other| **other == ty).count() > 1;
    let alike = types.iter().any(|ty| twice(ty));
    twice(&Type::Bool) || types.len() > ARGUMENTS || (types.len() > POSITIONAL && alike)
}

/// The additions to an object that a caller builds; nothing for one that only answers hold.
pub(super) fn construct(object: &Object, item: &ItemStruct) -> TokenStream {
    if !object.in_request {
        return TokenStream::new();
    }
    let name = own(&object.name);
    let fields: Vec<(&Field, &Ident, &RustType)> = object
        .fields
        .iter()
        .zip(&item.fields)
        .filter_map(|(model, field)| Some((model, field.ident.as_ref()?, &field.ty)))
        .collect();
    // An object may be called like its constructor.
    let lint = doc::lint_of_constructor(&object.name);
    let (parts, constructor) = if is_mistaken_by_position(object) {
        (parts(object, &fields), from_parts(object, &fields))
    } else {
        (TokenStream::new(), positional(&fields))
    };
    let setters = fields.iter().filter(|(model, ..)| model.is_option()).map(setter);
    quote! {
        #parts

        impl #name {
            #lint
            #constructor
            #(#setters)*
        }
    }
}

fn positional(fields: &[(&Field, &Ident, &RustType)]) -> TokenStream {
    if fields.iter().all(|(model, ..)| model.is_option()) {
        let summary = doc_attributes(&["Creates it empty: every field is optional.".to_owned()]);
        // A setter of the name would stand before what is derived.
        let is_hidden = fields.iter().any(|(model, ..)| model.rust == "default");
        let default = if is_hidden { quote!(<Self as Default>::default()) } else { quote!(Self::default()) };
        return quote! {
            #summary
            #[must_use]
            pub fn new() -> Self {
                #default
            }
        };
    }
    let required = fields.iter().filter(|(model, ..)| !model.is_option());
    let arguments = required.map(|(model, ident, ty)| argument(model, ident, ty));
    let values = fields.iter().map(|(model, ident, ty)| match (model.is_option(), converts(&model.ty, ty)) {
        (true, _) => quote!(#ident: None),
        (false, true) => quote!(#ident: #ident.into()),
        (false, false) => quote!(#ident),
    });
    let summary = doc_attributes(&[SUMMARY.to_owned()]);
    quote! {
        #summary
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

fn from_parts(object: &Object, fields: &[(&Field, &Ident, &RustType)]) -> TokenStream {
    let parts = own(&object.parts);
    let values =
        fields.iter().map(
            |(model, ident, _)| {
                if model.is_option() { quote!(#ident: None) } else { quote!(#ident: required.#ident) }
            },
        );
    let summary = doc_attributes(&[SUMMARY.to_owned()]);
    quote! {
        #summary
        #[must_use]
        pub fn new(required: #parts) -> Self {
            Self { #(#values),* }
        }
    }
}

/// The required fields by name.
fn parts(object: &Object, fields: &[(&Field, &Ident, &RustType)]) -> TokenStream {
    let parts = names::ident(&object.parts);
    let summary = doc_attributes(&[format!("The required fields of {}.", doc::link(&object.name))]);
    let mut required = object.fields.iter().filter(|field| !field.is_option());
    let copy = required.all(|field| is_plain(&field.ty)).then(|| quote!(, Copy));
    let fields = || fields.iter().filter(|(model, ..)| !model.is_option());
    let idents = fields().map(|(_, ident, _)| ident);
    let fields = fields().map(|(model, ident, ty)| {
        let lines = doc_attributes(&doc::of_field(model));
        quote!(#lines pub #ident: #ty)
    });
    quote! {
        #summary
        #[derive(Clone #copy)]
        pub struct #parts { #(#fields),* }

        paywall_api::masked_debug! { #parts { #(#idents,)* } }
    }
}

/// A setter is called like its field, but for the one that would be called like the constructor.
fn setter_name(field: &Field) -> Ident {
    names::ident(if field.rust == "new" { "new_" } else { &field.rust })
}

fn setter((model, ident, ty): &(&Field, &Ident, &RustType)) -> TokenStream {
    let value = format_ident!("value");
    let inside = inside_option(ty);
    let argument = argument(model, &value, inside);
    let converted = if converts(&model.ty, inside) { quote!(value.into()) } else { quote!(value) };
    let summary = doc_attributes(&doc::of_setter(model));
    let setter = setter_name(model);
    let lints = doc::lints(&model.rust, doc::Takes::Value);
    quote! {
        #summary
        #lints
        #[must_use]
        pub fn #setter(mut self, #argument) -> Self {
            self.#ident = Some(#converted);
            self
        }
    }
}

fn argument(model: &Field, name: &Ident, ty: &RustType) -> TokenStream {
    if converts(&model.ty, ty) { quote!(#name: impl Into<#ty>) } else { quote!(#name: #ty) }
}

/// Whether the value is a flag or a number, which Rust copies.
fn is_plain(ty: &Type) -> bool {
    matches!(ty, Type::Bool | Type::Int32 | Type::Int64)
}

/// Whether callers have the value in several shapes: text, amounts, codes and secrets, and what is boxed or not yet.
fn converts(ty: &Type, made: &RustType) -> bool {
    matches!(ty, Type::Text | Type::Runtime(_) | Type::Code(_)) || generic(made, "Box").is_some()
}

fn inside_option(ty: &RustType) -> &RustType {
    generic(ty, "Option").unwrap_or(ty)
}

/// What a type of this name is made of.
fn generic<'t>(ty: &'t RustType, name: &str) -> Option<&'t RustType> {
    if let RustType::Path(path) = ty
        && let Some(last) = path.path.segments.last()
        && last.ident == name
        && let syn::PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(syn::GenericArgument::Type(inner)) = arguments.args.first()
    {
        return Some(inner);
    }
    None
}
