//! Documentation on the type and every field, with the bounds that the contract states.

use syn::{ItemStruct, parse_quote};

use super::{doc_attributes, wire_name};
use crate::emit::doc;
use paywall_contract::model::Object;

/// Writes the documentation of a struct and its fields.
pub(super) fn document(object: &Object, item: &mut ItemStruct) {
    prepend(&mut item.attrs, &doc::of(&object.doc));
    for field in &mut item.fields {
        let wire = wire_name(field);
        if let Some(model) = object.fields.iter().find(|model| model.wire == wire) {
            prepend(&mut field.attrs, &doc::of_field(model));
        }
    }
}

fn prepend(attributes: &mut Vec<syn::Attribute>, lines: &[String]) {
    let tokens = doc_attributes(lines);
    let documented: ItemStruct = parse_quote!(#tokens struct Documented;);
    attributes.splice(0..0, documented.attrs);
}
