//! `print_3d`, not `print3_d`: the field names of the model, which wrote them as the field's terms are read.

use syn::{ItemStruct, parse_quote};

use super::wire_name;
use crate::names;
use paywall_contract::model::Object;

/// Gives every field its Rust name.
pub(super) fn rename(object: &Object, item: &mut ItemStruct) -> Result<(), String> {
    for field in &mut item.fields {
        let wire = wire_name(field);
        let model = object.fields.iter().find(|field| field.wire == wire);
        let name = model.map(|field| &field.rust).ok_or_else(|| format!("`{}` has no field `{wire}`", object.name))?;
        field.ident = Some(names::ident(name));
        if wire_name(field) != wire {
            // typify says the wire's name only where its own differs.
            field.attrs.push(parse_quote!(#[serde(rename = #wire)]));
        }
    }
    Ok(())
}
