//! The JSON Schema (2020-12) of every type: the contract's own, converted, with every bound.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::Source;
use crate::contract::{self, SchemaKind};
use crate::json_schema::{self, DEFINITIONS};
use crate::model::Model;
use crate::names;
use crate::read::Document;

/// The file of these schemas.
#[must_use]
pub(super) fn json_schemas(document: &Document, model: &Model) -> Source {
    let definitions = Definitions { document, model };
    let mut items = vec![uses(model)];
    for (name, schema) in definitions.all() {
        items.extend(definitions.implementation(&name, &schema));
    }
    Source { about: vec!["The JSON Schema of every type, as the contract states it.".to_owned()], items }
}

fn uses(model: &Model) -> TokenStream {
    let mut modules = super::modules(model);
    modules.sort_unstable();
    let lines = modules.iter().filter_map(|module| {
        let objects = model.objects.iter().filter(|object| object.module == *module).map(|object| &object.name);
        let lists = model.lists.iter().filter(|list| list.module == *module).map(|list| &list.name);
        let names: Vec<_> = objects.chain(lists).map(|name| format_ident!("{}", name)).collect();
        let module = format_ident!("{}", module);
        // A service may have operations alone.
        (!names.is_empty()).then(|| quote!(use super::#module::{#(#names),*};))
    });
    quote! {
        use std::borrow::Cow;
        use paywall_api::contract_schema;
        use schemars::{JsonSchema, Schema, SchemaGenerator};
        #(#lines)*
    }
}

struct Definitions<'d> {
    document: &'d Document,
    model: &'d Model,
}

impl Definitions<'_> {
    /// Every type of the model with its schema: code lists, objects wherever they stand, inputs of headers.
    fn all(&self) -> Vec<(String, Value)> {
        let lists = contract::schemas(self.document).into_iter().filter(|named| named.kind() == SchemaKind::CodeList);
        let lists = lists.map(|named| (named.name.to_owned(), json_schema::convert(named.file, named.node)));
        let objects = contract::objects(self.document).into_iter().filter(|object| self.has_type(&object.name));
        let objects = objects.map(|object| (object.name, json_schema::convert(object.file, object.node)));
        let mut all: Vec<(String, Value)> = lists.chain(objects).collect();
        for operation in contract::operations(self.document) {
            Self::parameters(&operation, &mut all);
        }
        all
    }

    fn parameters(operation: &contract::OperationNode<'_>, all: &mut Vec<(String, Value)>) {
        let name = contract::name_of_headers(operation);
        let parameters = operation.parameters();
        if parameters.is_empty() {
            return;
        }
        all.push((name, json_schema::of_headers(operation.file, parameters)));
    }

    fn has_type(&self, name: &str) -> bool {
        self.model.objects.iter().any(|object| object.name == name)
            || self.model.lists.iter().any(|list| list.name == name)
    }

    fn implementation(&self, name: &str, schema: &Value) -> [TokenStream; 2] {
        let ident = format_ident!("{}", name);
        let mut referred = BTreeSet::new();
        let text = raw_text(&pretty(&self.resolved(schema, &mut referred)));
        let references = referred.iter().map(|name| {
            let ident = format_ident!("{}", name);
            quote!((#name, generator.subschema_for::<#ident>()))
        });
        let generator = if referred.is_empty() { quote!(_generator) } else { quote!(generator) };
        let constant = format_ident!("{}", names::constant(name));
        let implementation = quote! {
            impl JsonSchema for #ident {
                fn schema_name() -> Cow<'static, str> {
                    Cow::Borrowed(#name)
                }

                fn schema_id() -> Cow<'static, str> {
                    Cow::Borrowed(concat!(module_path!(), "::", #name))
                }

                fn json_schema(#generator: &mut SchemaGenerator) -> Schema {
                    contract_schema(#constant, &[#(#references),*])
                }
            }
        };
        [quote!(const #constant: &str = #text;), implementation]
    }

    /// A schema in which references to types stay, and are noted, and a named scalar stands in place.
    fn resolved(&self, schema: &Value, referred: &mut BTreeSet<String>) -> Value {
        match schema {
            Value::Object(map) => {
                let target = map.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(DEFINITIONS));
                match target {
                    Some(name) if self.has_type(name) => {
                        referred.insert(name.to_owned());
                        schema.clone()
                    }
                    Some(name) => self.scalar(name),
                    None => map.iter().map(|(key, value)| (key.clone(), self.resolved(value, referred))).collect(),
                }
            }
            Value::Array(elements) => elements.iter().map(|element| self.resolved(element, referred)).collect(),
            other => other.clone(),
        }
    }

    fn scalar(&self, name: &str) -> Value {
        let schemas = contract::schemas(self.document);
        let scalar = schemas.iter().find(|named| named.name == name);
        scalar.map_or(Value::Null, |named| json_schema::convert(named.file, named.node))
    }
}

/// Indented JSON. A value that cannot be written does not occur: it was read as JSON's own kinds.
fn pretty(schema: &Value) -> String {
    serde_json::to_string_pretty(schema).unwrap_or_default()
}

/// The text as a raw literal, with as many marks as it needs.
fn raw_text(text: &str) -> TokenStream {
    let mut marks = "#".to_owned();
    while text.contains(&format!("\"{marks}")) {
        marks.push('#');
    }
    format!("r{marks}\"{text}\"{marks}").parse().unwrap_or_default()
}
