//! Is a message's hash right? That raises trust in what it says, and is no proof.

use subtle::ConstantTimeEq as _;

use super::fields::{Field, Fields};
use super::hash::unhex;
use super::hash_error::{HashError, HashErrorKind};
use super::{HashFormat, HashKeys, HashPlaces, Notification};
use crate::Secret;

/// How far a claim can be trusted. Neither is proof that a payment succeeded: confirm it by an inquiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Trust {
    /// It carries the hash of its own values under the merchant's key.
    ///
    /// The values that the format covers were once together in a message of Paywall's. What it does not cover, the
    /// status above all, anybody may have changed since, and the message may be an old one.
    Signed,
    /// It carries no hash, and no key for one was given. Anybody may have sent it.
    Unsigned,
}

impl Trust {
    /// Was the hash there, and right?
    #[must_use]
    pub fn is_signed(self) -> bool {
        self == Self::Signed
    }
}

/// A format and a type of key that a message may choose besides its usual ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashChoice<'a> {
    format: &'a str,
    key_type: i64,
}

impl<'a> HashChoice<'a> {
    /// The format of this name with the key of this type, and no other pair of the two.
    pub fn new(format: &'a str, key_type: impl Into<i64>) -> Self {
        Self { format, key_type: key_type.into() }
    }
}

/// Checks the hash among `fields` by the usual choice of `N` or one of the `others`.
pub(super) fn verify<N: Notification>(
    fields: &Fields,
    keys: &HashKeys,
    others: &[HashChoice<'_>],
) -> Result<Trust, HashError> {
    let Some(places) = N::HASH else {
        return Ok(Trust::Unsigned);
    };
    let usual = HashChoice { format: places.usual_format, key_type: places.usual_key_type };
    let accepted = || std::iter::once(&usual).chain(others);
    let Some(claimed) = claimed(fields, &places)? else {
        return without_hash(keys, accepted());
    };
    let format = format::<N>(fields, &places)?;
    let choice = HashChoice { format: format.name, key_type: key_type(fields, &places)? };
    if !accepted().any(|accepted| *accepted == choice) {
        return Err(not_accepted(choice, usual));
    }
    let key = keys.get(choice.key_type).ok_or_else(|| unexpected(choice.key_type))?;
    compare(fields, &places, format, key, claimed)
}

fn compare(
    fields: &Fields,
    places: &HashPlaces,
    format: &HashFormat,
    key: &Secret,
    claimed: &str,
) -> Result<Trust, HashError> {
    let claimed = unhex(claimed).ok_or_else(malformed)?;
    let made = format.digest(key, |part| fields.text(places.part(part)?))?;
    if bool::from(made.ct_eq(&claimed)) { Ok(Trust::Signed) } else { Err(forged()) }
}

/// The hash that a message carries. An empty one is none: the callback's field is there without a hash as well.
fn claimed<'f>(fields: &'f Fields, places: &HashPlaces) -> Result<Option<&'f str>, HashError> {
    match fields.at(places.hash) {
        Field::Text(text) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Field::Absent => Ok(None),
        Field::Odd => Err(malformed()),
    }
}

fn without_hash<'a>(
    keys: &HashKeys,
    mut accepted: impl Iterator<Item = &'a HashChoice<'a>>,
) -> Result<Trust, HashError> {
    let Some(choice) = accepted.find(|choice| keys.get(choice.key_type).is_some()) else {
        return Ok(Trust::Unsigned);
    };
    let key_type = choice.key_type;
    let found = format!(
        "the message has no hash, and there is a key of type {key_type}: expected one; \
         if hashes are switched off in the panel, give no such key"
    );
    Err(HashError::new(HashErrorKind::Missing, found))
}

/// The format that the message names, or else its usual one.
fn format<N: Notification>(fields: &Fields, places: &HashPlaces) -> Result<&'static HashFormat, HashError> {
    let named = named(fields, places.format).map_err(|()| unknown_format())?;
    let name = named.unwrap_or(places.usual_format);
    N::FORMATS.iter().find(|format| format.name == name).ok_or_else(unknown_format)
}

/// The type of key that the message names, or else its usual one.
fn key_type(fields: &Fields, places: &HashPlaces) -> Result<i64, HashError> {
    let named = named(fields, places.key_type).map_err(|()| unreadable_key_type())?;
    named.map_or(Ok(places.usual_key_type), |text| text.parse().map_err(|_| unreadable_key_type()))
}

/// What the message says there, if anything: an error if it cannot be a name.
fn named<'f>(fields: &'f Fields, place: Option<&str>) -> Result<Option<&'f str>, ()> {
    match place.map(|place| fields.at(place)) {
        Some(Field::Text(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(Field::Absent) | None => Ok(None),
        Some(Field::Odd) => Err(()),
    }
}

fn forged() -> HashError {
    let found = "the hash is not that of the message: the message was changed, or made with another key";
    HashError::new(HashErrorKind::Forged, found)
}

fn malformed() -> HashError {
    HashError::new(HashErrorKind::Malformed, "the hash cannot be one: expected 64 hex digits")
}

fn unknown_format() -> HashError {
    let found = "the message names a hash format that the contract lacks";
    HashError::new(HashErrorKind::UnknownFormat, found)
}

fn unreadable_key_type() -> HashError {
    HashError::new(HashErrorKind::KeyType, "the message names a type of hash key that is no whole number")
}

fn unexpected(key_type: i64) -> HashError {
    let found = format!(
        "the message has a hash, and there is no key of type {key_type}: expected none; \
         if hashes are switched on in the panel, give the key with HashKeys::with"
    );
    HashError::new(HashErrorKind::Unexpected, found)
}

fn not_accepted(named: HashChoice<'_>, usual: HashChoice<'_>) -> HashError {
    let key_type = if named.key_type == usual.key_type { "its usual type of key" } else { "another type of key" };
    let found = format!(
        "the message names hash format {} with {key_type}: expected {} with type {}; \
         if that is how it comes, accept it with Claim::verify_also",
        named.format, usual.format, usual.key_type
    );
    HashError::new(HashErrorKind::NotAccepted, found)
}
