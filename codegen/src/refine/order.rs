//! Fields in the order of the contract, which is that of the documents; typify sorts them.

use syn::{Fields, ItemStruct};

use super::wire_name;
use paywall_contract::model::Object;

/// Puts a struct's fields into the order of its object.
pub(super) fn order(object: &Object, item: &mut ItemStruct) -> Result<(), String> {
    let Fields::Named(named) = &mut item.fields else { return Ok(()) };
    let place = |name: &str| object.fields.iter().position(|field| field.wire == name);
    let mut fields = Vec::new();
    for field in &named.named {
        let name = wire_name(field);
        let place = place(&name).ok_or_else(|| format!("`{}` has no field `{name}`", object.name))?;
        fields.push((place, field.clone()));
    }
    fields.sort_by_key(|(place, _)| *place);
    named.named = fields.into_iter().map(|(_, field)| field).collect();
    Ok(())
}
