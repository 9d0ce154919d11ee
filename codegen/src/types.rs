//! From the model's objects to Rust structs: progenitor lowers the schemas, typify makes the types.
//!
//! It is given schemas without what it would turn into closed enums, validating newtypes or floats:
//! named scalars and code lists are replaced by types of ours, bounds and conditions are left out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use syn::{Item, ItemStruct};

use crate::model::{Field, Model, Object, Type};

/// The structs that typify made, by name.
pub type Structs = BTreeMap<String, ItemStruct>;

/// Makes the structs of a model's objects.
///
/// # Errors
///
/// What progenitor or typify could not do, or did otherwise than it was told.
pub fn types(model: &Model) -> Result<Structs, String> {
    let document = serde_yaml::to_string(&schemas_alone(model)).map_err(|error| error.to_string())?;
    let document: openapiv3::OpenAPI = serde_yaml::from_str(&document).map_err(|error| error.to_string())?;
    let mut settings = progenitor::GenerationSettings::default();
    let replaced = replacements(model);
    for name in &replaced {
        settings.with_replacement(name, name, std::iter::empty());
    }
    let mut generator = progenitor::Generator::new(&settings);
    generator.generate_tokens(&document).map_err(|error| error.to_string())?;
    let file: syn::File = syn::parse2(generator.get_type_space().to_stream()).map_err(|error| error.to_string())?;
    let structs = structs(file)?;
    complete(model, &structs, &replaced)?;
    Ok(structs)
}

/// The document that progenitor is given: no paths, and schemas that it holds as we do.
fn schemas_alone(model: &Model) -> Value {
    let mut schemas: Map<String, Value> =
        model.objects.iter().map(|object| (object.name.clone(), object_schema(object))).collect();
    schemas.extend(replacements(model).into_iter().map(|name| (name, json!({ "type": "string" }))));
    json!({
        "openapi": "3.0.3",
        "info": { "title": "types", "version": "1.0.0" },
        "paths": {},
        "components": { "schemas": schemas },
    })
}

fn object_schema(object: &Object) -> Value {
    let required: Vec<&str> =
        object.fields.iter().filter(|field| !field.is_option()).map(|field| field.wire.as_str()).collect();
    let properties: Map<String, Value> =
        object.fields.iter().map(|field| (field.wire.clone(), field_schema(field))).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

/// An optional list admits null, or typify takes an absent one for an empty one.
fn field_schema(field: &Field) -> Value {
    let mut schema = type_schema(&field.ty);
    if let (true, Value::Object(map)) = (field.is_option() && matches!(field.ty, Type::List(_)), &mut schema) {
        map.insert("nullable".to_owned(), json!(true));
    }
    schema
}

fn type_schema(ty: &Type) -> Value {
    match ty {
        Type::Text => json!({ "type": "string" }),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int32 => json!({ "type": "integer", "format": "int32" }),
        Type::Int64 => json!({ "type": "integer", "format": "int64" }),
        Type::List(element) => json!({ "type": "array", "items": type_schema(element) }),
        Type::Runtime(runtime) => reference(runtime.name()),
        Type::Code(name) | Type::Object(name) => reference(name),
        // No field is nothing.
        Type::Nothing => json!({ "type": "null" }),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The names that stand for types of ours: those that some field uses.
fn replacements(model: &Model) -> BTreeSet<String> {
    let fields = model.objects.iter().flat_map(|object| &object.fields);
    fields.filter_map(|field| replacement(&field.ty)).collect()
}

fn replacement(ty: &Type) -> Option<String> {
    match ty {
        Type::Runtime(runtime) => Some(runtime.name().to_owned()),
        Type::Code(name) => Some(name.clone()),
        Type::List(element) => replacement(element),
        _ => None,
    }
}

/// Keeps the structs; typify's conversions and its error module are not used.
fn structs(file: syn::File) -> Result<Structs, String> {
    let mut structs = Structs::new();
    for item in file.items {
        match item {
            Item::Struct(item) => drop(structs.insert(item.ident.to_string(), item)),
            Item::Impl(_) | Item::Mod(_) | Item::Use(_) => {}
            Item::Enum(item) => return Err(format!("typify made the enum `{}` of an object", item.ident)),
            Item::Type(item) => return Err(format!("typify made the alias `{}` of an object", item.ident)),
            _ => return Err("typify made an item of an unknown kind".to_owned()),
        }
    }
    Ok(structs)
}

/// Every object became a struct with all its fields, and every replacement was used.
fn complete(model: &Model, structs: &Structs, replaced: &BTreeSet<String>) -> Result<(), String> {
    let objects: BTreeSet<&str> = model.objects.iter().map(|object| object.name.as_str()).collect();
    if let Some(name) = structs.keys().find(|name| !objects.contains(name.as_str())) {
        return Err(format!("typify made `{name}`, which is no object of the contract: its name was changed"));
    }
    for object in &model.objects {
        let made = structs.get(&object.name).ok_or_else(|| format!("typify made no `{}`", object.name))?;
        if made.fields.len() != object.fields.len() {
            return Err(format!("typify made `{}` with {} fields", object.name, made.fields.len()));
        }
    }
    let text = structs.values().map(|item| quote::quote!(#item).to_string()).collect::<Vec<_>>().join(" ");
    let words: BTreeSet<&str> = text.split(|char: char| !char.is_alphanumeric() && char != '_').collect();
    match replaced.iter().find(|name| !words.contains(name.as_str())) {
        Some(name) => Err(format!("the replacement of `{name}` took no effect")),
        None => Ok(()),
    }
}
