//! What the documented payloads show of the contract: every field is seen in one, or listed as unseen with
//! its source.

use std::collections::BTreeSet;

use codegen::model::{Input, Model, Type};
use codegen::node::{Kind, Node};
use codegen::sample::{self, Part};

use crate::workspace;

/// The fields of a type that a payload shows, as `Object.Field`.
fn seen(model: &Model, ty: &Type, node: &Node, found: &mut BTreeSet<String>) {
    match (ty, &node.kind) {
        (Type::List(element), Kind::List(elements)) => {
            for one in elements {
                seen(model, element, one, found);
            }
        }
        (Type::Object(name), Kind::Map(entries)) => {
            let object = model.objects.iter().find(|object| object.name == *name).expect("an object");
            for entry in entries {
                if let Some(field) = object.fields.iter().find(|field| field.wire == entry.key) {
                    found.insert(format!("{name}.{}", field.wire));
                    seen(model, &field.ty, &entry.value, found);
                }
            }
        }
        _ => {}
    }
}

fn all(model: &Model) -> BTreeSet<String> {
    let objects = model.objects.iter();
    objects.flat_map(|object| object.fields.iter().map(|field| format!("{}.{}", object.name, field.wire))).collect()
}

fn seen_in_samples() -> (Model, BTreeSet<String>) {
    let document = workspace::contract();
    let model = codegen::model(document).expect("a model");
    let mut found = BTreeSet::new();
    for sample in sample::all(document) {
        let operations = model.services.iter().flat_map(|service| &service.operations);
        let operation = operations.into_iter().find(|operation| operation.id == sample.operation).expect("known");
        match (sample.part, &operation.input) {
            (Part::Request, Input::Body(name)) => {
                seen(&model, &Type::Object(name.clone()), sample.node, &mut found);
            }
            (Part::Response, _) => {
                let body = sample.node.get("Body").expect("an envelope");
                seen(&model, &operation.answer, body, &mut found);
            }
            (Part::Request, Input::Headers(_) | Input::Nothing) => panic!("{}: no body is documented", sample.path),
        }
    }
    (model, found)
}

#[test]
fn every_field_is_in_a_documented_payload_or_listed_as_unseen() {
    let (model, found) = seen_in_samples();
    let unseen: BTreeSet<String> = all(&model).difference(&found).cloned().collect();
    let list = std::fs::read_to_string(workspace::spec().join("samples/unseen.yaml")).expect("the list");
    let listed: BTreeSet<String> =
        list.lines().filter_map(|line| line.strip_prefix("- field: ")).map(str::to_owned).collect();
    assert!(!found.is_empty() && !listed.is_empty());
    assert_eq!(unseen, listed, "samples/unseen.yaml lists other fields than those that no payload shows");
}

#[test]
fn every_operation_is_documented_in_both_directions() {
    let document = workspace::contract();
    let samples: BTreeSet<(String, Part)> =
        sample::all(document).iter().map(|sample| (sample.operation.to_owned(), sample.part)).collect();
    for operation in codegen::contract::operations(document) {
        for part in [Part::Request, Part::Response] {
            assert!(samples.contains(&(operation.id().to_owned(), part)), "{} has no {}", operation.id(), part.name());
        }
    }
}

#[test]
fn the_payloads_of_the_five_pages_stand_verbatim() {
    let index = std::fs::read_to_string(workspace::spec().join("samples/index.yaml")).expect("the index");
    let verbatim = index.split("\n\n").filter(|entry| entry.contains("origin: verbatim")).count();
    assert!(verbatim >= 9, "{verbatim} payloads are verbatim; five pages have at least nine");
}
