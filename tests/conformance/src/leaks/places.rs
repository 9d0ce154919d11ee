//! Where payloads have what must be seen nowhere but on the wire. Listed by hand from the pages, apart from what the
//! contract marks; `*` stands for every element of a list.

use std::sync::OnceLock;

use paywall_contract::model::{Model, Runtime, Type};
use paywall_contract::sample::Part;
use paywall_sandbox::text;
use serde_json::{Map, Value, json};

use crate::{payloads, workspace};

/// Of each operation: in what is sent, headers included, and in what is answered.
const OPERATIONS: [(&str, &[&str], &[&str]); 32] = [
    ("createMasterpassSession", &["/UserPhone"], &["/Body/SessionId"]),
    (
        "listMasterpassCards",
        &["/sessionid"],
        &[
            "/Body/Session/SessionId",
            "/Body/Masterpass/Result/AccountKey",
            "/Body/Masterpass/Result/Cards/*/CardAlias",
            "/Body/Masterpass/Result/Cards/*/UniqueCardNumber",
        ],
    ),
    ("deleteMasterpassCard", &["/CardAlias", "/SessionId"], &["/Body/Session/SessionId"]),
    ("verifyMasterpassOtp", &["/OtpToken", "/OtpCode", "/SessionId"], VERIFIED),
    (
        "resendMasterpassOtp",
        &["/OtpToken", "/SessionId"],
        &["/Body/Session/SessionId", "/Body/Masterpass/Result/Token"],
    ),
    ("linkMasterpassAccount", &["/SessionId"], &["/Body/Session/SessionId", "/Body/Masterpass/Result/Token"]),
    ("unlinkMasterpassAccount", &["/SessionId"], &["/Body/Session/SessionId"]),
    (
        "initMasterpassPayment",
        &[
            "/SessionId",
            "/PaymentDetail/ClientIP",
            "/Card/CardAlias",
            "/Card/OwnerName",
            "/Card/Number",
            "/Card/Cvv",
            "/Customer/IdentityNumber",
        ],
        &[
            "/Body/Session/SessionId",
            "/Body/Masterpass/Provider/ThreeDAddress",
            "/Body/Masterpass/Provider/Detail/Result/Token",
        ],
    ),
    ("verifyMasterpassPayment", &["/OtpToken", "/OtpCode", "/SessionId"], VERIFIED),
    ("commitMasterpassPayment", &["/SessionId"], &["/Body/Session/SessionId"]),
    ("commitMasterpassPaymentById", &["/SessionId"], &["/Body/Session/SessionId"]),
    ("getVersion", &[], &[]),
    ("startDirectPayment", PAYMENT, &["/Body/Payment/Card/UniqueCode"]),
    (
        "startInsurancePayment",
        &[
            "/PaymentDetail/ClientIP",
            "/Card/OwnerName",
            "/Card/CardNoFirst",
            "/Card/CardNoLast",
            "/Card/IdentityNumber",
            "/Card/AdditionalIdentityNumber",
            "/Card/UniqueCode",
            "/Card/TempCardToken",
            "/Customer/FullName",
            "/Customer/Phone",
            "/Customer/Email",
            "/Customer/Country",
            "/Customer/City",
            "/Customer/Address",
            "/Customer/IdentityNumber",
            "/Customer/TaxNumber",
        ],
        &["/Body/Payment/Card/UniqueCode"],
    ),
    ("start3dPayment", PAYMENT, &["/Body/RedirectUrl"]),
    ("captureProvision", &[], &[]),
    ("cancelProvision", &[], &[]),
    ("queryInstallments", &[], &[]),
    ("inquireBin", &[], &[]),
    ("refundPayment", &[], &[]),
    ("refundPaymentPartially", &[], &[]),
    ("cancelPayment", &[], &[]),
    ("revertPayment", &[], &[]),
    ("queryPayment", &[], INQUIRED),
    ("queryPaymentByUniqueCode", &[], INQUIRED),
    ("queryPaymentById", &[], INQUIRED),
    ("queryPaymentByProductId", &[], INQUIRED_LIST),
    ("queryPaymentByTrackingCode", &[], INQUIRED_LIST),
    (
        "listPaymentActivities",
        &[],
        &["/Body/Data/*/Ip", "/Body/Data/*/ClientIp", "/Body/Data/*/Card/Number", "/Body/Data/*/Card/Owner"],
    ),
    ("createTempToken", &[], &["/Body/Token"]),
    (
        "createTempCard",
        &[
            "/parameters/token",
            "/body/CardOwnerName",
            "/body/CardNumber",
            "/body/CardCvv",
            "/body/CardNoFirst",
            "/body/CardNoLast",
            "/body/IdentityNumber",
        ],
        &["/Body/CardToken"],
    ),
    (
        "createMember",
        &[
            "/MemberName",
            "/MemberTitle",
            "/MemberTaxNumber",
            "/MemberIdentityNumber",
            "/MemberEmail",
            "/MemberPhone",
            "/MemberAddress",
            "/ContactName",
            "/ContactLastname",
            "/BankAccounts/0/Title",
            "/BankAccounts/0/Iban",
        ],
        &[
            "/Body/MemberName",
            "/Body/MemberTitle",
            "/Body/MemberTaxNumber",
            "/Body/MemberIdentityNumber",
            "/Body/MemberEmail",
            "/Body/MemberPhone",
            "/Body/MemberAddress",
            "/Body/ContactName",
            "/Body/ContactLastname",
        ],
    ),
];

/// A payment by card.
const PAYMENT: &[&str] = &[
    "/PaymentDetail/ClientIP",
    "/Card/OwnerName",
    "/Card/Number",
    "/Card/Cvv",
    "/Card/UniqueCode",
    "/Card/TempCardToken",
    "/Customer/FullName",
    "/Customer/Phone",
    "/Customer/Email",
    "/Customer/Country",
    "/Customer/City",
    "/Customer/Address",
    "/Customer/IdentityNumber",
    "/Customer/TaxNumber",
];

/// The answer to a one-time password.
const VERIFIED: &[&str] = &[
    "/Body/Session/SessionId",
    "/Body/Masterpass/Result/Url3d",
    "/Body/Masterpass/Result/Url3dSuccess",
    "/Body/Masterpass/Result/Url3dFail",
    "/Body/Masterpass/Result/CardUniqueNumber",
    "/Body/Masterpass/Result/Token",
];

const INQUIRED: &[&str] =
    &["/Body/Paywall/CardNumber", "/Body/Paywall/CardOwnerName", "/Body/Paywall/IP", "/Body/Paywall/ClientIP"];

const INQUIRED_LIST: &[&str] =
    &["/Body/List/*/CardNumber", "/Body/List/*/CardOwnerName", "/Body/List/*/IP", "/Body/List/*/ClientIP"];

/// Of each message that Paywall sends.
const MESSAGES: [(&str, &[&str]); 9] = [
    ("threeDCallback", &["/cardSavedUniqueCode"]),
    ("apmReturn", &[]),
    ("generalNotification", &["/IP"]),
    ("payWatchNotification", &[]),
    ("bulkPaymentNotification", &["/Payments/*/CardNumber"]),
    ("splitPaymentNotification", &[]),
    ("payoutNotification", &[]),
    ("apmNotification", &[]),
    ("recurringNotification", &[]),
];

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
        let sent = OPERATIONS.iter().map(|(id, sent, _)| (*id, Part::Request, *sent));
        let answered = OPERATIONS.iter().map(|(id, _, answered)| (*id, Part::Response, *answered));
        let messages = MESSAGES.iter().map(|(id, places)| (*id, Part::Request, *places));
        let lists = sent.chain(answered).chain(messages);
        let places = lists.flat_map(|(id, part, pointers)| {
            let documented = documented(id, part);
            pointers.iter().flat_map(move |at| each(&documented, at)).map(move |pointer| (id, part, pointer))
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
    let is_listed = OPERATIONS.iter().any(|(known, ..)| *known == id) || MESSAGES.iter().any(|(known, _)| *known == id);
    assert!(is_listed, "no list of the secrets of {id}");
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
