//! Where payloads have what must be seen nowhere but on the wire: by `spec/expectations.yaml`, which tells it from the pages
//! and apart from what the contract marks; `*` stands for every element of a list.

use std::sync::OnceLock;

use paywall_contract::expectations;
use paywall_contract::model::{Model, Runtime, Type};
use paywall_contract::sample::Part;
use paywall_sandbox::text;
use serde_json::{Map, Value, json};

use crate::{payloads, workspace};

/// A card number is shown with its last four digits.
pub(super) const CARD: &str = "4546711234567894";

/// A secret and its place.
struct Place {
    id: &'static str,
    part: Part,
    pointer: String,
    secret: String,
}

/// Every place, with what is planted there: a text that occurs nowhere by chance and is short enough for any field.
fn all() -> &'static [Place] {
    static ALL: OnceLock<Vec<Place>> = OnceLock::new();
    ALL.get_or_init(|| {
        let told = || expectations::all(workspace::contract());
        let sent = told().flat_map(|one| one.secrets("request").map(move |at| (one.id, Part::Request, at)));
        let answered = told().flat_map(|one| one.secrets("answer").map(move |at| (one.id, Part::Response, at)));
        let places = sent.chain(answered).flat_map(|(id, part, at)| {
            each(&documented(id, part), at).into_iter().map(move |pointer| (id, part, pointer))
        });
        let secret = |pointer: &str, number| {
            let is_card = pointer.ends_with("/Number") || pointer.ends_with("/CardNumber");
            if is_card { CARD.to_owned() } else { format!("planted-{number:03}") }
        };
        let numbered = places.enumerate();
        numbered
            .map(|(number, (id, part, pointer))| Place { secret: secret(&pointer, number), id, part, pointer })
            .collect()
    })
}

/// The pointers that one with `*` stands for in a payload.
fn each(payload: &Value, pointer: &str) -> Vec<String> {
    let Some((before, after)) = pointer.split_once("/*/") else { return vec![pointer.to_owned()] };
    let list = payload.pointer(before).and_then(Value::as_array).unwrap_or_else(|| panic!("no list at {before}"));
    assert!(!list.is_empty(), "{before} has no elements");
    (0..list.len()).map(|index| format!("{before}/{index}/{after}")).collect()
}

fn of(id: &str, part: Part) -> impl Iterator<Item = &'static Place> {
    all().iter().filter(move |place| place.id == id && place.part == part)
}

/// Where a payload has secrets.
pub(super) fn places(id: &str, part: Part) -> Vec<&'static str> {
    assert!(expectations::find(workspace::contract(), id).is_some(), "nothing is told of {id}");
    of(id, part).map(|place| place.pointer.as_str()).collect()
}

/// What is planted at a place.
pub(super) fn planted(id: &str, part: Part, pointer: &str) -> &'static str {
    &of(id, part).find(|place| place.pointer == pointer).expect("a place").secret
}

/// Everything that is planted, but for the card number, of which the end may be seen.
pub(super) fn secrets() -> impl Iterator<Item = &'static str> {
    all().iter().map(|place| place.secret.as_str()).filter(|secret| *secret != CARD)
}

/// The documented payload with a secret at each of its places, whether or not the page shows one there.
pub(super) fn payload(id: &str, part: Part) -> Value {
    let mut json = documented(id, part);
    for place in of(id, part) {
        plant(&mut json, &place.pointer, place.secret.as_str().into());
    }
    json
}

/// Puts a value at a place, and the objects on the way to it.
pub(super) fn plant(json: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').expect("a place in an object");
    if json.pointer(parent).is_none_or(Value::is_null) {
        plant(json, parent, Value::Object(Map::new()));
    }
    match json.pointer_mut(parent).expect("just made") {
        Value::Array(elements) => elements[key.parse::<usize>().expect("a number")] = value,
        Value::Object(fields) => drop(fields.insert(key.to_owned(), value)),
        _ => panic!("{parent} has no fields"),
    }
}

/// What the pages show; of a message that they show as a class, one with every field.
fn documented(id: &str, part: Part) -> Value {
    if part == Part::Response {
        return serde_json::from_str(&payloads::answer(id)).expect("json");
    }
    if let Some(request) = payloads::whole_request(id) {
        return serde_json::from_str(&text::write(&request)).expect("json");
    }
    let model = paywall_contract::model(workspace::contract()).expect("a model");
    let message = model.messages.iter().find(|message| message.id == id);
    message.map_or(Value::Null, |message| filled(&model, &Type::Object(message.object.clone())))
}

/// A value of a type, with every field that it may have.
fn filled(model: &Model, ty: &Type) -> Value {
    match ty {
        Type::Text
        | Type::Runtime(Runtime::CardNumber | Runtime::SecurityCode | Runtime::Secret | Runtime::Personal) => {
            json!("text")
        }
        Type::Bool => json!(true),
        Type::Int32 | Type::Int64 | Type::Runtime(Runtime::Amount) => json!(1),
        Type::Runtime(Runtime::Timestamp) => json!("2025-07-27T11:24:57"),
        Type::Code(name) => {
            let list = model.lists.iter().find(|list| list.name == *name).expect("a list");
            filled(model, &list.base)
        }
        Type::Object(name) => {
            let object = model.objects.iter().find(|object| object.name == *name).expect("an object");
            object.fields.iter().map(|field| (field.wire.clone(), filled(model, &field.ty))).collect()
        }
        Type::List(element) => json!([filled(model, element)]),
        Type::Nothing => Value::Null,
    }
}
