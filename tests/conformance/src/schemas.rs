//! The JSON Schema that a type gives and the contract have the same verdict on every payload.

use codegen::json_schema::{self, plain};
use codegen::sample::{self, Part, Sample};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{operations, workspace};

/// A payload and its variants, each with one thing changed.
fn variants(payload: &Value) -> Vec<Value> {
    let mut variants = vec![payload.clone()];
    for pointer in pointers(payload, String::new()) {
        let odd = [
            json!(null),
            json!(""),
            json!(0),
            json!(-1),
            json!(31),
            json!(true),
            json!("x".repeat(300)),
            json!([]),
            json!({}),
        ];
        for value in odd {
            let mut variant = payload.clone();
            *variant.pointer_mut(&pointer).expect("a pointer of this payload") = value;
            variants.push(variant);
        }
        variants.push(without(payload, &pointer));
    }
    variants
}

fn pointers(value: &Value, at: String) -> Vec<String> {
    let inside: Vec<String> = match value {
        Value::Object(map) => map.iter().flat_map(|(key, value)| pointers(value, format!("{at}/{key}"))).collect(),
        Value::Array(list) => {
            list.iter().enumerate().flat_map(|(index, value)| pointers(value, format!("{at}/{index}"))).collect()
        }
        _ => Vec::new(),
    };
    std::iter::once(at).filter(|at| !at.is_empty()).chain(inside).collect()
}

fn without(payload: &Value, pointer: &str) -> Value {
    let mut variant = payload.clone();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    if let Some(Value::Object(map)) = variant.pointer_mut(parent) {
        map.remove(key);
    }
    variant
}

fn contract_schema(document: &codegen::Document, sample: &Sample<'_>) -> Value {
    let operation = sample.find_operation(document).expect("an operation");
    let node = match sample.part {
        Part::Request => operation.body().expect("a body"),
        Part::Response => {
            let answer = operation.answer().expect("an answer");
            codegen::contract::answer_body(document, answer).expect("a body")
        }
    };
    json_schema::with_definitions(document, json_schema::convert(operation.file, node))
}

fn type_schema(sample: &Sample<'_>) -> Value {
    let operation = operations::all().into_iter().find(|one| one.id == sample.operation).expect("an operation");
    match sample.part {
        Part::Request => (operation.request_schema)(),
        Part::Response => (operation.response_schema)(),
    }
}

fn payload(sample: &Sample<'_>) -> Value {
    match sample.part {
        Part::Request => plain(sample.node),
        Part::Response => plain(sample.node.get("Body").expect("an envelope")),
    }
}

fn compiled(schema: &Value) -> Validator {
    jsonschema::validator_for(schema).expect("a schema")
}

#[test]
fn a_types_schema_and_the_contract_have_the_same_verdict() {
    let document = workspace::contract();
    let (mut valid, mut invalid) = (0, 0);
    for sample in sample::all(document) {
        let (contract, emitted) = (compiled(&contract_schema(document, &sample)), compiled(&type_schema(&sample)));
        // Null stands for no body at all, which is no value of the type.
        for variant in variants(&payload(&sample)).into_iter().filter(|variant| !variant.is_null()) {
            let (by_contract, by_type) = (contract.is_valid(&variant), emitted.is_valid(&variant));
            assert_eq!(by_contract, by_type, "{}: {variant}", sample.path);
            if by_contract { valid += 1 } else { invalid += 1 }
        }
    }
    assert!(valid > 100 && invalid > 100, "{valid} valid and {invalid} invalid payloads prove little");
}

#[test]
fn a_types_schema_keeps_every_bound() {
    let schema =
        (operations::all().into_iter().find(|one| one.id == "start3dPayment").expect("known").request_schema)();
    let text = schema.to_string();
    for bound in ["\"maxLength\":250", "\"maxLength\":150", "\"maxLength\":20", "\"maxLength\":15", "exclusiveMinimum"]
    {
        assert!(text.contains(bound), "{bound} is lost");
    }
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}
