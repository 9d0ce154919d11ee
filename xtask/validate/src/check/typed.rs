//! Does the emitted type say of a payload what the contract says? Where it does not, this project is at fault.

use std::borrow::Cow;

use paywall_api::bytes::Bytes;
use paywall_api::{Claim, ClaimPlaces, ErrorKind, Month, Notification, Operation, Validate, http};
use paywall_contract::pointer;
use serde::de::DeserializeOwned;

use crate::book::Part;
use crate::tree::Node;

/// What a type makes of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// It takes it.
    Taken,
    /// It does not, and where, as far as it says so.
    Refused(Option<String>),
}

/// The types of an operation or message.
#[derive(Clone, Copy)]
pub(crate) struct Types {
    id: &'static str,
    part: Part,
    read: fn(Node<'_>, Option<&str>, Option<Month>) -> Typed,
    needs: fn(&str) -> bool,
}

impl Types {
    pub(crate) fn of(operation: &str, part: Part) -> Option<Self> {
        let all = REQUESTS.iter().chain(RESPONSES).chain(MESSAGES);
        all.copied().find(|types| types.id == operation && types.part == part)
    }

    /// Of an operation that takes headers beside its body, with `headers` as the JSON of the former. A card is judged as
    /// if it were `today`.
    pub(crate) fn read(self, node: Node<'_>, headers: Option<&str>, today: Option<Month>) -> Typed {
        (self.read)(node, headers, today)
    }

    /// Whether a form without a readable field at this place, which is `/name`, is refused.
    pub(crate) fn needs(self, place: &str) -> bool {
        (self.needs)(place)
    }
}

impl std::fmt::Debug for Types {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Types").field(&self.id).field(&self.part).finish()
    }
}

macro_rules! requests {
    ($($operation:ty),*) => { &[$(request::<$operation>()),*] };
}

macro_rules! responses {
    ($($operation:ty),*) => { &[$(response::<$operation>()),*] };
}

macro_rules! messages {
    ($($message:ty),*) => { &[$(message::<$message>()),*] };
}

const REQUESTS: &[Types] = paywall_api::each_operation!(requests);
const RESPONSES: &[Types] = paywall_api::each_operation!(responses);
const MESSAGES: &[Types] = paywall_api::each_notification!(messages);

const fn request<O: Operation<Request: DeserializeOwned>>() -> Types {
    Types { id: O::ID, part: Part::Request, read: read_request::<O::Request>, needs: |_| false }
}

const fn response<O: Operation>() -> Types {
    Types { id: O::ID, part: Part::Response, read: read_response::<O>, needs: |_| false }
}

const fn message<N: Notification>() -> Types {
    Types { id: N::ID, part: Part::Request, read: read_message::<N>, needs: needs::<N> }
}

fn read_request<T: DeserializeOwned + Validate>(node: Node<'_>, headers: Option<&str>, today: Option<Month>) -> Typed {
    let Some(headers) = headers else { return request_of::<T>(&node.json(), today) };
    match request_of::<T>(&format!(r#"{{"parameters":{headers},"body":{}}}"#, node.json()), today) {
        Typed::Refused(Some(at)) => Typed::Refused(Some(at.strip_prefix("/body").map_or(at.clone(), str::to_owned))),
        other => other,
    }
}

fn request_of<T: DeserializeOwned + Validate>(json: &str, today: Option<Month>) -> Typed {
    let Ok(value) = serde_json::from_str::<T>(json) else { return Typed::Refused(misfit::<T>(json)) };
    match value.validate_in(today) {
        Ok(_) => Typed::Taken,
        Err(broken) => Typed::Refused(broken.iter().next().map(|violation| violation.pointer().to_owned())),
    }
}

/// Where a payload ceases to fit; asked only of one that does not.
fn misfit<T: DeserializeOwned>(json: &str) -> Option<String> {
    let deserializer = &mut serde_json::Deserializer::from_str(json);
    let error = serde_path_to_error::deserialize::<_, T>(deserializer).err()?;
    Some(pointer::of_path(error.path()))
}

/// A refusal by Paywall is an answer that was understood.
fn read_response<O: Operation>(node: Node<'_>, _: Option<&str>, _: Option<Month>) -> Typed {
    let body = Bytes::from(node.json().into_owned());
    // A payload by itself has no request that it could repeat.
    let request = http::Request::new(Bytes::new());
    match paywall_api::decode::<O>(&request, http::Response::new(body)) {
        Err(error) if error.kind() == ErrorKind::Decode => Typed::Refused(None),
        _ => Typed::Taken,
    }
}

fn read_message<N: Notification>(node: Node<'_>, _: Option<&str>, _: Option<Month>) -> Typed {
    let body: Cow<'_, [u8]> = match N::ENCODING {
        paywall_api::Encoding::Form => Cow::Owned(form(node).into_bytes()),
        _ => Cow::Owned(node.json().into_owned().into_bytes()),
    };
    match Claim::<N>::read(&body) {
        Ok(_) => Typed::Taken,
        Err(error) => Typed::Refused(error.path().map(str::to_owned)),
    }
}

/// Whether a claim or a hash of a form is read from this place. Of JSON a text is read whatever stands in it.
fn needs<N: Notification>(place: &str) -> bool {
    let ClaimPlaces { merchant_code, payment_code, payment_id, amount, currency, installment, status } = N::CLAIM;
    let claim = [merchant_code, payment_code, payment_id, amount, currency, installment, status];
    let is_of_hash = N::HASH.is_some_and(|hash| {
        let parts = hash.parts.iter().map(|(_, place)| *place);
        parts.chain([hash.hash]).chain(hash.format).chain(hash.key_type).any(|known| known == place)
    });
    N::ENCODING == paywall_api::Encoding::Form && (is_of_hash || claim.contains(&Some(place)))
}

/// The fields of a form as a browser sends them; what stands in for bytes that are no UTF-8 is none again.
fn form(node: Node<'_>) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for child in node.children() {
        form.append_pair(&child.key().unwrap_or_default(), &child.text().unwrap_or_else(|| child.raw().into()));
    }
    form.finish().replace("%EF%BF%BD", "%FF")
}
