//! The JSON Schema (2020-12) of every type: the contract's own, converted, with every bound.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::Source;
use crate::contract;
use crate::json_schema::{self, DEFINITIONS};
use crate::model::Model;
use crate::names;
use crate::node::Node;
use crate::read::Document;

/// The file of these schemas.
#[must_use]
pub(super) fn json_schemas(document: &Document, model: &Model) -> Source {
    let definitions = Definitions { document, model };
    let mut items = vec![uses(model)];
    for (name, schema) in definitions.all() {
        items.push(definitions.implementation(&name, &schema));
    }
    Source { about: vec!["The JSON Schema of every type, as the contract states it.".to_owned()], items }
}

fn uses(model: &Model) -> TokenStream {
    let mut modules: Vec<&str> = Vec::new();
    for module in model.objects.iter().map(|object| &object.module).chain(model.lists.iter().map(|list| &list.module)) {
        if !modules.contains(&module.as_str()) {
            modules.push(module);
        }
    }
    modules.sort_unstable();
    let lines = modules.into_iter().map(|module| {
        let names = model.objects.iter().filter(|object| object.module == module).map(|object| &object.name);
        let names = names.chain(model.lists.iter().filter(|list| list.module == module).map(|list| &list.name));
        let names = names.map(|name| format_ident!("{}", name));
        let module = format_ident!("{}", module);
        quote!(use super::#module::{#(#names),*};)
    });
    quote! {
        use std::borrow::Cow;
        use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
        #(#lines)*
    }
}

struct Definitions<'d> {
    document: &'d Document,
    model: &'d Model,
}

impl Definitions<'_> {
    /// Every type of the model with its schema: objects, those that stood inline, code lists.
    fn all(&self) -> Vec<(String, Value)> {
        let mut all = Vec::new();
        for named in contract::schemas(self.document) {
            if self.has_type(named.name) {
                all.push((named.name.to_owned(), json_schema::convert(named.file, named.node)));
                self.inline(named.name, named.file, named.node, &mut all);
            }
        }
        for operation in contract::operations(self.document) {
            self.parameters(&operation, &mut all);
        }
        all
    }

    fn inline(&self, parent: &str, file: &str, node: &Node, all: &mut Vec<(String, Value)>) {
        for entry in node.get("properties").map(Node::entries).unwrap_or_default() {
            let value = entry.value.get("items").unwrap_or(&entry.value);
            let name = names::inline(parent, &entry.key);
            if value.text_of("type") == Some("object") && self.has_type(&name) {
                all.push((name.clone(), json_schema::convert(file, value)));
                self.inline(&name, file, value, all);
            }
        }
    }

    fn parameters(&self, operation: &contract::OperationNode<'_>, all: &mut Vec<(String, Value)>) {
        let name = format!("{}Request", names::pascal(operation.id()));
        let Some(list) = operation.node.get("parameters").filter(|_| self.has_type(&name)) else { return };
        let mut properties = serde_json::Map::new();
        for parameter in list.elements() {
            if let (Some(name), Some(schema)) = (parameter.text_of("name"), parameter.get("schema")) {
                properties.insert(name.to_owned(), json_schema::convert(operation.file, schema));
            }
        }
        let required: Vec<&str> = list
            .elements()
            .iter()
            .filter(|parameter| parameter.is_true("required"))
            .filter_map(|parameter| parameter.text_of("name"))
            .collect();
        all.push((name, serde_json::json!({ "type": "object", "required": required, "properties": properties })));
    }

    fn has_type(&self, name: &str) -> bool {
        self.model.objects.iter().any(|object| object.name == name)
            || self.model.lists.iter().any(|list| list.name == name)
    }

    fn implementation(&self, name: &str, schema: &Value) -> TokenStream {
        let ident = format_ident!("{}", name);
        let mut uses_generator = false;
        let schema = self.tokens(schema, &mut uses_generator);
        let generator = if uses_generator { quote!(generator) } else { quote!(_generator) };
        quote! {
            impl JsonSchema for #ident {
                fn schema_name() -> Cow<'static, str> {
                    Cow::Borrowed(#name)
                }

                fn schema_id() -> Cow<'static, str> {
                    Cow::Borrowed(concat!(module_path!(), "::", #name))
                }

                fn json_schema(#generator: &mut SchemaGenerator) -> Schema {
                    json_schema!(#schema)
                }
            }
        }
    }

    /// A schema as the tokens of `json_schema!`: a reference becomes the type that it names, a named
    /// scalar its own schema.
    fn tokens(&self, schema: &Value, uses_generator: &mut bool) -> TokenStream {
        match schema {
            Value::Object(map) => {
                if let Some(name) = map.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(DEFINITIONS)) {
                    return self.reference(name, uses_generator);
                }
                let entries = map.iter().map(|(key, value)| {
                    let value = self.tokens(value, uses_generator);
                    quote!(#key: #value)
                });
                quote!({#(#entries),*})
            }
            Value::Array(elements) => {
                let elements = elements.iter().map(|element| self.tokens(element, uses_generator));
                quote!([#(#elements),*])
            }
            Value::String(text) => quote!(#text),
            Value::Bool(value) => quote!(#value),
            Value::Null => quote!(null),
            Value::Number(number) => {
                let number = proc_macro2::Literal::i64_unsuffixed(number.as_i64().unwrap_or_default());
                quote!(#number)
            }
        }
    }

    fn reference(&self, name: &str, uses_generator: &mut bool) -> TokenStream {
        if self.has_type(name) {
            *uses_generator = true;
            let ident = format_ident!("{}", name);
            return quote!(generator.subschema_for::<#ident>());
        }
        let schemas = contract::schemas(self.document);
        let scalar = schemas.iter().find(|named| named.name == name);
        scalar.map_or_else(
            || quote!({}),
            |named| self.tokens(&json_schema::convert(named.file, named.node), uses_generator),
        )
    }
}
