//! What the documented payloads show of the contract: every field is seen in one, or listed as unseen with
//! its source.

use std::collections::BTreeSet;

use paywall_contract::model::{Input, Model, Type};
use paywall_contract::node::{Kind, Node};
use paywall_contract::sample::{self, Part, Sample};

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

/// What of the contract a sample is of: the type of its request, of its answer's body, or of a message.
fn type_of(model: &Model, sample: &Sample<'_>) -> Type {
    if let Some(message) = model.messages.iter().find(|message| message.id == sample.operation) {
        return Type::Object(message.object.clone());
    }
    let mut operations = model.services.iter().flat_map(|service| &service.operations);
    let operation = operations.find(|operation| operation.id == sample.operation).expect("known");
    match (sample.part, &operation.input) {
        (Part::Response, _) => operation.answer.clone(),
        (Part::Request, Input::Body(name) | Input::Parameters(name) | Input::Both { body: name, .. }) => {
            Type::Object(name.clone())
        }
        (Part::Request, Input::Nothing) => panic!("{}: there is no input", sample.path),
    }
}

fn seen_in_samples() -> (Model, BTreeSet<String>) {
    let document = workspace::contract();
    let model = paywall_contract::model(document).expect("a model");
    let mut found = BTreeSet::new();
    for sample in sample::all(document) {
        let is_answer = sample.part == Part::Response;
        let node = if is_answer { sample.node.get("Body").expect("an envelope") } else { sample.node };
        seen(&model, &type_of(&model, &sample), node, &mut found);
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

/// What no page shows: an input where there is none, an answer, and the messages that stand as classes.
const UNDOCUMENTED: [(&str, Part); 7] = [
    ("commitMasterpassPaymentById", Part::Response),
    ("getVersion", Part::Request),
    ("generalNotification", Part::Request),
    ("payWatchNotification", Part::Request),
    ("payoutNotification", Part::Request),
    ("apmNotification", Part::Request),
    ("recurringNotification", Part::Request),
];

#[test]
fn every_operation_is_documented_in_both_directions_and_every_message_but_those_listed_here() {
    let document = workspace::contract();
    let samples: BTreeSet<(&str, Part)> =
        sample::all(document).iter().map(|sample| (sample.operation, sample.part)).collect();
    let operations = paywall_contract::document::operations(document);
    let both = operations.iter().flat_map(|one| [(one.id(), Part::Response), (one.id(), Part::Request)]);
    let messages = paywall_contract::document::messages(document);
    let all = both.chain(messages.iter().map(|one| (one.id(), Part::Request)));
    let missing: Vec<(&str, Part)> = all.filter(|one| !samples.contains(one)).collect();
    assert_eq!(missing, UNDOCUMENTED);
}

#[test]
fn the_payloads_of_the_five_pages_stand_verbatim() {
    let index = std::fs::read_to_string(workspace::spec().join("samples/index.yaml")).expect("the index");
    let verbatim = index.split("\n\n").filter(|entry| entry.contains("origin: verbatim")).count();
    assert!(verbatim >= 9, "{verbatim} payloads are verbatim; five pages have at least nine");
}
