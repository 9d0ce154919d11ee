//! What does Paywall send by itself, and how far is it to be trusted? Every message, read as the claim that it is.

use std::error::Error;

use paywall_api::{Claim, Encoding, HashKeys, HashPlaces, Notification, Secret};
use paywall_contract::Document;
use paywall_contract::document::{self, MessageNode};
use paywall_contract::model::{Runtime, Type};
use paywall_contract::node::Kind;
use paywall_contract::sample::{self, Part};
use paywall_sandbox::text;

use crate::requests::HASH_KEY;
use crate::show::Show;

macro_rules! each {
    ($($message:ty),*) => { [$((<$message>::ID, told::<$message> as fn(&Document) -> Result<String, Box<dyn Error>>)),*] };
}

/// Reads every message of the contract.
pub(crate) fn run(show: &mut Show, document: &Document) {
    let messages = paywall_api::each_notification!(each);
    show.part(&format!("Every message of Paywall's, read as a claim: {}", messages.len()));
    show.expect(messages.len() == document::messages(document).len(), "the client has every message of the contract");
    for (id, told) in messages {
        match told(document) {
            Ok(line) => show.expect(true, &line),
            Err(error) => show.wrong(&format!("{id}: {error}")),
        }
    }
}

fn told<N: Notification>(document: &Document) -> Result<String, Box<dyn Error>> {
    let (origin, body, keys) = match documented::<N>(document)? {
        Some(body) => ("documented", body, HashKeys::new()),
        None => ("made", made::<N>(document)?, keys::<N>()),
    };
    let claim = Claim::<N>::read(&body)?;
    let code = claim.merchant_code().map_or_else(|| "no order of its own".to_owned(), |code| format!("{code:?}"));
    let trust = match claim.verify(&keys) {
        Ok(trust) => format!("{trust:?}"),
        Err(error) => format!("not trusted: {:?}", error.kind()),
    };
    let written = if N::ENCODING == Encoding::Form { "form" } else { "json" };
    Ok(format!("{}: {origin} {written} about {code}; {trust}", N::ID))
}

/// The documented message, as it would be posted.
fn documented<N: Notification>(document: &Document) -> Result<Option<Vec<u8>>, Box<dyn Error>> {
    let samples = sample::all(document);
    let Some(sample) = samples.iter().find(|one| one.operation == N::ID && one.part == Part::Request) else {
        return Ok(None);
    };
    if N::ENCODING == Encoding::Form {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spec/samples");
        let form = std::fs::read_to_string(format!("{folder}/{}", sample.path))?;
        return Ok(Some(form.trim_end().as_bytes().to_vec()));
    }
    Ok(Some(text::write(sample.node).into_bytes()))
}

/// A message of which no page shows one: every place that a claim or a hash looks at is filled, and it is signed.
fn made<N: Notification>(document: &Document) -> Result<Vec<u8>, Box<dyn Error>> {
    let messages = document::messages(document);
    let message = messages.iter().find(|message| message.id() == N::ID).ok_or("the contract lacks it")?;
    let mut fields: Vec<(String, String)> = Vec::new();
    for place in places::<N>() {
        let name = place.trim_start_matches('/');
        if fields.iter().all(|(known, _)| known != name) {
            fields.push((name.to_owned(), value(document, message, name)?));
        }
    }
    if let Some(places) = N::HASH {
        let hash = signature::<N>(&places, &fields)?;
        fields.push((places.hash.trim_start_matches('/').to_owned(), text::quoted(&hash)));
    }
    Ok(written(N::ENCODING, &fields).into_bytes())
}

fn places<N: Notification>() -> impl Iterator<Item = &'static str> {
    let claim = [N::CLAIM.merchant_code, N::CLAIM.payment_code, N::CLAIM.payment_id, N::CLAIM.amount, N::CLAIM.status];
    let hashed = N::HASH.into_iter().flat_map(|places| places.parts.iter().map(|(_, place)| *place));
    claim.into_iter().flatten().chain(hashed)
}

/// A value of the field's type, as JSON.
fn value(document: &Document, message: &MessageNode<'_>, name: &str) -> Result<String, Box<dyn Error>> {
    let object = message.object(document).ok_or("its schema is not there")?;
    let schema = object.node.get("properties").and_then(|fields| fields.get(name)).ok_or("a place has no schema")?;
    Ok(match document::wire_type(document, object.file, schema) {
        Some(Type::Bool) => "true".to_owned(),
        Some(Type::Int32 | Type::Int64 | Type::Runtime(Runtime::Amount)) => "1".to_owned(),
        _ => text::quoted(&format!("demo-{name}")),
    })
}

fn signature<N: Notification>(places: &HashPlaces, fields: &[(String, String)]) -> Result<String, Box<dyn Error>> {
    let format = N::FORMATS.iter().find(|format| format.name == places.usual_format).ok_or("no such hash format")?;
    let said = places.parts.iter().filter_map(|(part, place)| {
        let (_, json) = fields.iter().find(|(name, _)| name == place.trim_start_matches('/'))?;
        Some((*part, plain(json)))
    });
    let said: Vec<(&str, String)> = said.collect();
    let said: Vec<(&str, &str)> = said.iter().map(|(part, text)| (*part, text.as_str())).collect();
    Ok(format.sign(&Secret::from(HASH_KEY), &said)?)
}

/// What a JSON scalar says, without quotes.
fn plain(json: &str) -> String {
    match text::read(json).map(|node| node.kind) {
        Ok(Kind::Text(text)) => text,
        _ => json.to_owned(),
    }
}

/// The values are letters, digits and hyphens, which a form takes as they are.
fn written(encoding: Encoding, fields: &[(String, String)]) -> String {
    if encoding == Encoding::Form {
        let pairs = fields.iter().map(|(name, json)| format!("{name}={}", plain(json)));
        return pairs.collect::<Vec<_>>().join("&");
    }
    let pairs = fields.iter().map(|(name, json)| format!("{}:{json}", text::quoted(name)));
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(","))
}

fn keys<N: Notification>() -> HashKeys {
    let usual = N::HASH.map(|places| places.usual_key_type);
    usual.into_iter().fold(HashKeys::new(), |keys, usual| keys.with(usual, HASH_KEY))
}
