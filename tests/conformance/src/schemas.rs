//! The JSON Schema that a type gives and the contract have the same verdict on every payload.

use jsonschema::Validator;
use paywall_contract::json_schema::{self, plain};
use paywall_contract::sample::{self, Part, Sample};
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

/// What the contract says of a payload: of the body of an answer, of a message, of a request with its headers.
fn contract_schema(document: &paywall_contract::Document, sample: &Sample<'_>) -> Value {
    json_schema::with_definitions(document, contract_form(document, sample))
}

fn contract_form(document: &paywall_contract::Document, sample: &Sample<'_>) -> Value {
    if let Some(message) = sample.find_message(document) {
        return json_schema::convert(message.file, message.body().expect("a body"));
    }
    let operation = sample.find_operation(document).expect("an operation");
    if sample.part == Part::Response {
        let payload = operation.answer_in(document).and_then(|answer| answer.payload);
        return json_schema::convert(operation.file, payload.expect("a payload"));
    }
    let headers = || json_schema::of_parameters(operation.file, operation.parameters());
    match (operation.body(), operation.parameters()) {
        (Some(body), []) => json_schema::convert(operation.file, body),
        (None, _) => headers(),
        (Some(body), _) => json!({
            "type": "object",
            "required": ["parameters", "body"],
            "properties": { "parameters": headers(), "body": json_schema::convert(operation.file, body) },
        }),
    }
}

fn type_schema(sample: &Sample<'_>) -> Value {
    if let Some(message) = operations::messages().into_iter().find(|one| one.id == sample.operation) {
        return (message.schema)();
    }
    let operation = operations::one(sample.operation);
    match sample.part {
        Part::Request => (operation.request_schema)(),
        Part::Response => (operation.response_schema)(),
    }
}

fn payload(document: &paywall_contract::Document, sample: &Sample<'_>) -> Value {
    match sample.part {
        Part::Request => plain(&paywall_sandbox::whole(document, sample)),
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
    let mut held = std::collections::BTreeSet::new();
    for sample in sample::all(document) {
        let (contract, emitted) = (compiled(&contract_schema(document, &sample)), compiled(&type_schema(&sample)));
        // Null stands for no body at all, which is no value of the type.
        for variant in variants(&payload(document, &sample)).into_iter().filter(|variant| !variant.is_null()) {
            let (by_contract, by_type) = (contract.is_valid(&variant), emitted.is_valid(&variant));
            assert_eq!(by_contract, by_type, "{}: {variant}", sample.path);
            let counted = if by_contract { &mut valid } else { &mut invalid };
            *counted += 1;
            held.insert((sample.operation, sample.part));
        }
    }
    let without_fields = ["refundPayment", "refundPaymentPartially", "cancelPayment", "revertPayment"];
    for sample in sample::all(document).iter().filter(|sample| !held.contains(&(sample.operation, sample.part))) {
        assert!(sample.part == Part::Response && without_fields.contains(&sample.operation), "{}", sample.path);
    }
    assert!(valid > 100 && invalid > 100, "{valid} valid and {invalid} invalid payloads prove little");
}

#[test]
fn a_types_schema_keeps_every_bound() {
    let schema = (operations::one("start3dPayment").request_schema)();
    let text = schema.to_string();
    for bound in ["\"maxLength\":250", "\"maxLength\":150", "\"maxLength\":20", "\"maxLength\":15", "exclusiveMinimum"]
    {
        assert!(text.contains(bound), "{bound} is lost");
    }
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
}
