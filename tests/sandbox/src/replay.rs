//! Does a documented payload survive its Rust type? It is read by the type, written back and compared on the text.
//!
//! Only null against absent may differ; numbers must be the same to the letter.
//!
//! ```
//! use paywall_sandbox::replay::{Part, replay};
//!
//! let sample = r#"{ "ClientCardSave": true, "ThreeDSession": false, "ExpiryMin": 30 }"#;
//! let replayed = replay(sample, "createTempToken", Part::Request)?;
//! assert!(replayed.is_equal() && replayed.nulls.is_empty());
//! # Ok::<(), paywall_sandbox::replay::Error>(())
//! ```

use std::borrow::Cow;
use std::fmt;

pub use paywall_contract::sample::Part;

use paywall_api::{EnvelopePlaces, Notification, Operation};
use paywall_contract::Document;
use paywall_contract::node::{Kind, Node};
use paywall_contract::pointer;
use paywall_contract::sample::Sample;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::text;

/// What became of a payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Replayed {
    /// Where what was written back differs: JSON pointers into the payload.
    pub differences: Vec<String>,
    /// Where one side has null and the other nothing, which is allowed. So is an empty text as the whole body of an
    /// answer that has nothing to say.
    pub nulls: Vec<String>,
}

impl Replayed {
    /// Whether nothing differs but null and absent.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Why a payload could not be replayed. It shows no value of the payload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// There is no type for this operation or message here.
    UnknownOperation(String),
    /// A message is not answered by a payload.
    NoAnswer,
    /// The payload is not JSON.
    NotJson(String),
    /// The payload has no `Body`, which is what the type of an answer reads.
    NoPayload(&'static str),
    /// The payload does not fit the type, from this JSON pointer on.
    Misfit(String),
    /// The type cannot be written.
    Unwritable,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation(id) => {
                write!(f, "there is no type for the operation or message `{id}`")
            }
            Self::NoAnswer => f.write_str("a message is not answered by a payload"),
            Self::NotJson(why) => f.write_str(why),
            Self::NoPayload(member) => write!(f, "the answer has no `{member}`"),
            Self::Misfit(pointer) => write!(f, "the payload does not fit its type at {pointer:?}"),
            Self::Unwritable => f.write_str("the value cannot be written as json"),
        }
    }
}

impl std::error::Error for Error {}

/// Replays a sample of a contract, of an operation or of a message.
///
/// # Errors
///
/// As [`replay`].
pub fn replay_sample(document: &Document, sample: &Sample<'_>) -> Result<Replayed, Error> {
    replay_node(&crate::whole(document, sample), sample.operation, sample.part)
}

/// Replays the text of a payload of `operation`, or of a message of that name. Of an answer, the type reads the `Body`; what is around it belongs
/// to no operation.
///
/// # Errors
///
/// A payload that is not JSON or does not fit its type, or an operation without a type.
pub fn replay(sample: &str, operation: &str, part: Part) -> Result<Replayed, Error> {
    let sample = text::read(sample).map_err(Error::NotJson)?;
    replay_node(&sample, operation, part)
}

/// Replays a payload that was read before. The request of an operation that takes headers beside its body is an object
/// of both: see [`whole`](crate::whole).
///
/// # Errors
///
/// As [`replay`].
pub fn replay_node(sample: &Node, operation: &str, part: Part) -> Result<Replayed, Error> {
    let entry = OPERATIONS.iter().chain(MESSAGES).find(|entry| entry.id == operation);
    let entry = entry.ok_or_else(|| Error::UnknownOperation(operation.to_owned()))?;
    let (place, payload) = match (part, entry.envelope) {
        (Part::Response, Some(envelope)) => payload(sample, envelope)?,
        _ => (String::new(), Cow::Borrowed(sample)),
    };
    let payload = payload.as_ref();
    let written = (entry.again)(&text::write(payload), part).map_err(|error| error.below(&place))?;
    let written = text::read(&written).map_err(Error::NotJson)?;
    let mut replayed = Replayed::default();
    if says_nothing(payload) && written.kind == Kind::Null {
        replayed.nulls.push(place);
    } else {
        compare(&place, payload, &written, &mut replayed);
    }
    Ok(replayed)
}

/// A type that takes an empty text for a whole payload has no other word for nothing than null.
fn says_nothing(payload: &Node) -> bool {
    payload.text() == Some("")
}

/// What an answer's type reads, and where it stands: a member of the envelope, or what stands beside its members.
fn payload<'s>(sample: &'s Node, envelope: &EnvelopePlaces) -> Result<(String, Cow<'s, Node>), Error> {
    if let Some(member) = envelope.payload {
        let payload = sample.get(member).ok_or(Error::NoPayload(member))?;
        return Ok((pointer::join("", member), Cow::Borrowed(payload)));
    }
    let mut beside = sample.clone();
    if let Kind::Map(entries) = &mut beside.kind {
        entries.retain(|entry| !envelope.members().any(|member| member == entry.key));
    }
    Ok((String::new(), Cow::Owned(beside)))
}

impl Error {
    fn below(self, place: &str) -> Self {
        match self {
            Self::Misfit(pointer) => Self::Misfit(format!("{place}{pointer}")),
            other => other,
        }
    }
}

/// An operation or message and the way through its types.
#[derive(Clone, Copy)]
pub struct Entry {
    id: &'static str,
    /// What its answers are wrapped in; a message has none.
    envelope: Option<&'static EnvelopePlaces>,
    again: fn(&str, Part) -> Result<String, Error>,
}

impl Entry {
    const fn of<O>() -> Self
    where
        O: Operation<Request: DeserializeOwned, Response: Serialize>,
    {
        Self { id: O::ID, envelope: Some(O::ENVELOPE), again: again::<O> }
    }

    const fn of_message<N: Notification + Serialize>() -> Self {
        Self { id: N::ID, envelope: None, again: message_again::<N> }
    }

    /// The id of the operation or message.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.id).finish()
    }
}

macro_rules! table {
    ($($operation:ty),*) => { &[$(Entry::of::<$operation>()),*] };
}

/// The operations that can be replayed: all of them.
pub const OPERATIONS: &[Entry] = paywall_api::each_operation!(table);

macro_rules! table_of_messages {
    ($($message:ty),*) => { &[$(Entry::of_message::<$message>()),*] };
}

/// The messages that can be replayed: all of them.
pub const MESSAGES: &[Entry] = paywall_api::each_notification!(table_of_messages);

fn message_again<N: Notification + Serialize>(json: &str, part: Part) -> Result<String, Error> {
    match part {
        Part::Request => read_and_write::<N>(json),
        Part::Response => Err(Error::NoAnswer),
    }
}

fn again<O>(json: &str, part: Part) -> Result<String, Error>
where
    O: Operation<Request: DeserializeOwned, Response: Serialize>,
{
    match part {
        Part::Request => read_and_write::<O::Request>(json),
        Part::Response => read_and_write::<O::Response>(json),
    }
}

fn read_and_write<T: DeserializeOwned + Serialize>(json: &str) -> Result<String, Error> {
    let deserializer = &mut serde_json::Deserializer::from_str(json);
    let value: T = serde_path_to_error::deserialize(deserializer)
        .map_err(|error| Error::Misfit(pointer::of_path(error.path())))?;
    serde_json::to_string(&value).map_err(|_| Error::Unwritable)
}

/// Where two texts say different things. The order of fields says nothing.
fn compare(place: &str, sample: &Node, written: &Node, replayed: &mut Replayed) {
    match (&sample.kind, &written.kind) {
        (Kind::Map(_), Kind::Map(_)) => compare_fields(place, sample, written, replayed),
        (Kind::List(ours), Kind::List(theirs)) if ours.len() == theirs.len() => {
            for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                compare(&pointer::join(place, &index.to_string()), ours, theirs, replayed);
            }
        }
        (ours, theirs) if ours == theirs => {}
        _ => replayed.differences.push(place.to_owned()),
    }
}

fn compare_fields(place: &str, sample: &Node, written: &Node, replayed: &mut Replayed) {
    for entry in sample.entries() {
        let place = pointer::join(place, &entry.key);
        match written.get(&entry.key) {
            Some(theirs) => compare(&place, &entry.value, theirs, replayed),
            None => replayed.only_on_one_side(place, &entry.value),
        }
    }
    for entry in written.entries().iter().filter(|entry| sample.get(&entry.key).is_none()) {
        replayed.only_on_one_side(pointer::join(place, &entry.key), &entry.value);
    }
}

impl Replayed {
    fn only_on_one_side(&mut self, place: String, value: &Node) {
        let list = if value.kind == Kind::Null { &mut self.nulls } else { &mut self.differences };
        list.push(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(sample: &str, written: &str) -> Replayed {
        let mut replayed = Replayed::default();
        compare("", &text::read(sample).expect("json"), &text::read(written).expect("json"), &mut replayed);
        replayed
    }

    #[test]
    fn numbers_differ_by_their_text() {
        assert_eq!(compared("{\"A\": [1.00]}", "{\"A\": [1.0]}").differences, ["/A/0"]);
        assert!(compared("{\"A\": 1.00, \"B\": 2}", "{\"B\": 2, \"A\": 1.00}").is_equal());
    }

    #[test]
    fn null_against_absent_is_listed_and_allowed() {
        let replayed = compared("{\"A\": null, \"B\": 1}", "{\"B\": 1, \"C\": null}");
        assert!(replayed.is_equal());
        assert_eq!(replayed.nulls, ["/A", "/C"]);
    }

    #[test]
    fn what_is_lost_added_or_of_another_kind_differs() {
        let replayed = compared("{\"A\": 1, \"B\": \"1\", \"C\": [1]}", "{\"B\": 1, \"C\": [], \"D\": false}");
        assert_eq!(replayed.differences, ["/A", "/B", "/C", "/D"]);
        assert_eq!(compared("null", "{}").differences, [""]);
    }

    #[test]
    fn a_misfit_names_the_place_and_not_the_value() {
        let answer = "{\"Body\": {\"Token\": 4111111111111111}}";
        let error = replay(answer, "createTempToken", Part::Response).expect_err("misfit");
        assert_eq!(error, Error::Misfit("/Body/Token".to_owned()));
        assert!(!format!("{error} {error:?}").contains("4111"));
    }
}
