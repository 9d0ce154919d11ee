//! The JSON Schema (2020-12) of every type: the contract's own, converted, with every bound.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::{Source, imports, own};
use crate::names;
use paywall_contract::Document;
use paywall_contract::document::{self, SchemaKind};
use paywall_contract::json_schema::{self, DEFINITIONS};
use paywall_contract::model::Model;

/// The file of these schemas.
#[must_use]
pub(super) fn json_schemas(document: &Document, model: &Model) -> Source {
    let definitions = Definitions { document, model };
    let (mut items, mut constants) = (Vec::new(), BTreeSet::new());
    for (name, schema) in definitions.all() {
        // Two types may differ in their capitals alone.
        let constant = names::free(names::constant(&name), &constants);
        items.extend(definitions.implementation(&name, &constant, &schema));
        constants.insert(constant);
    }
    let items = imports::settled(model, "json_schemas", &items);
    Source { about: vec!["The JSON Schema of every type, as the contract states it.".to_owned()], items }
}

struct Definitions<'d> {
    document: &'d Document,
    model: &'d Model,
}

impl Definitions<'_> {
    /// Every type of the model with its schema: code lists, objects wherever they stand, inputs outside of bodies.
    fn all(&self) -> Vec<(String, Value)> {
        let lists = document::schemas(self.document).into_iter().filter(|named| named.kind() == SchemaKind::CodeList);
        let lists = lists.map(|named| (named.name.to_owned(), json_schema::convert(named.file, named.node)));
        let objects = document::objects(self.document).into_iter().filter(|object| self.has_type(&object.name));
        let objects = objects.map(|object| (object.name, json_schema::convert(object.file, object.node)));
        let mut all: Vec<(String, Value)> = lists.chain(objects).collect();
        for operation in document::operations(self.document) {
            Self::parameters(&operation, &mut all);
        }
        all
    }

    fn parameters(operation: &document::OperationNode<'_>, all: &mut Vec<(String, Value)>) {
        let name = document::name_of_parameters(operation);
        let parameters = operation.parameters();
        if parameters.is_empty() {
            return;
        }
        all.push((name, json_schema::of_parameters(operation.file, parameters)));
    }

    fn has_type(&self, name: &str) -> bool {
        self.model.objects.iter().any(|object| object.name == name)
            || self.model.lists.iter().any(|list| list.name == name)
    }

    fn implementation(&self, name: &str, constant: &str, schema: &Value) -> [TokenStream; 2] {
        let ident = own(name);
        let mut referred = BTreeSet::new();
        let text = raw_text(&pretty(&self.resolved(schema, &mut referred)));
        let references = referred.iter().map(|name| {
            let ident = own(name);
            quote!((#name, generator.subschema_for::<#ident>()))
        });
        let generator = if referred.is_empty() { quote!(_generator) } else { quote!(generator) };
        let constant = names::ident(constant);
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
        let schemas = document::schemas(self.document);
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
