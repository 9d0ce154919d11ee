//! What typify made, as we would have written it. A pass may order, name, document and add: the set of
//! types, fields and their types stays typify's, which [`shape`] lets a reader see.

mod attributes;
mod construct;
mod document;
mod names;
mod order;
mod paths;
mod read;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Field, ItemStruct};

use crate::types::Structs;
use paywall_contract::model::{Model, Object};

/// A struct and what was added to it.
#[derive(Clone, Debug)]
pub struct Refined {
    /// The struct.
    pub item: ItemStruct,
    /// How it is read, its constructor and setters.
    pub additions: TokenStream,
}

/// Runs every pass over every struct.
///
/// # Errors
///
/// A field that a pass could not find, or a pass that changed what it must not.
pub fn refine(model: &Model, structs: &Structs) -> Result<BTreeMap<String, Refined>, String> {
    model
        .objects
        .iter()
        .filter_map(|object| structs.get(&object.name).map(|item| (object, item.clone())))
        .map(|(object, item)| Ok((object.name.clone(), one(object, item)?)))
        .collect()
}

fn one(object: &Object, mut item: ItemStruct) -> Result<Refined, String> {
    paths::shorten(&mut item);
    let before = shape(&item);
    order::order(object, &mut item)?;
    names::rename(object, &mut item)?;
    attributes::set(object, &mut item);
    document::document(object, &mut item);
    if shape(&item) != before {
        return Err(format!("refining `{}` changed its fields or their types", object.name));
    }
    let mut additions = read::read(&item);
    additions.extend(construct::construct(object, &item));
    Ok(Refined { item, additions })
}

/// The wire names of a struct's fields and their types, whatever their order and Rust names.
#[must_use]
pub fn shape(item: &ItemStruct) -> BTreeMap<String, String> {
    item.fields.iter().map(|field| (wire_name(field), field.ty.to_token_stream().to_string())).collect()
}

/// The name of a field on the wire: that of `#[serde(rename = …)]`, else its own.
#[must_use]
pub fn wire_name(field: &Field) -> String {
    let mut name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // A part that is no rename has a value or none; both are passed over.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value() {
                let text: syn::LitStr = value.parse()?;
                if meta.path.is_ident("rename") {
                    name = text.value();
                }
            }
            Ok(())
        });
    }
    name
}

/// Tokens of documentation lines.
#[must_use]
pub fn doc_attributes(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}
