//! How does a request or an answer get into a log? Through [`redacted`], which masks every secret in it.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{self, Serialize, Serializer};

use crate::card_in_text;

/// `value` as indented JSON with every secret and personal datum masked: for logs and support.
///
/// Of a card number the last four digits stay. Masked is what has a type that says so ([`Secret`](crate::Secret),
/// [`CardNumber`](crate::CardNumber), [`SecurityCode`](crate::SecurityCode), [`Personal`](crate::Personal)), at any
/// depth, and a card number in any other text, such as a bank's message. All else is written as it would be sent,
/// numbers to the digit.
///
/// ```
/// use paywall_api::{CardNumber, redacted};
///
/// assert_eq!(redacted(&CardNumber::from("5528790000000008"))?, "\"************0008\"");
/// # Ok::<(), paywall_api::RedactError>(())
/// ```
///
/// # Errors
///
/// Where the value refuses to be serialised; no generated type does.
pub fn redacted<T: Serialize + ?Sized>(value: &T) -> Result<String, RedactError> {
    let mut json = Vec::new();
    let serializer = &mut serde_json::Serializer::pretty(&mut json);
    value.serialize(Masking::none(serializer)).map_err(|_| RedactError(()))?;
    String::from_utf8(json).map_err(|_| RedactError(()))
}

/// A value could not be written as redacted JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RedactError(());

impl fmt::Display for RedactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value cannot be written as json")
    }
}

impl std::error::Error for RedactError {}

/// What may be seen of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mask {
    None,
    /// The text of a number, which is no words of anybody's.
    Number,
    Secret,
    CardNumber,
    SecurityCode,
    Personal,
}

impl Mask {
    const HIDDEN: [Self; 4] = [Self::Secret, Self::CardNumber, Self::SecurityCode, Self::Personal];

    /// The name under which a secret type serialises itself, by which it is known here.
    pub(crate) const fn marker(self) -> &'static str {
        match self {
            Self::None | Self::Number => "",
            Self::Secret => "$paywall_api::Secret",
            Self::CardNumber => "$paywall_api::CardNumber",
            Self::SecurityCode => "$paywall_api::SecurityCode",
            Self::Personal => "$paywall_api::Personal",
        }
    }

    fn of_marker(name: &str) -> Option<Self> {
        Self::HIDDEN.into_iter().find(|mask| mask.marker() == name)
    }

    /// `text` as it may be seen. An empty text hides nothing and is worth seeing.
    pub(crate) fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::None => card_in_text::masked(text),
            Self::Number => Cow::Borrowed(text),
            _ if text.is_empty() => Cow::Borrowed(""),
            Self::CardNumber => last_four(text),
            Self::Secret | Self::SecurityCode | Self::Personal => Cow::Borrowed("***"),
        }
    }
}

/// Shorter than the shortest card number there is, four digits would be too much of it.
fn last_four(text: &str) -> Cow<'static, str> {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    match digits.last_chunk::<4>() {
        Some(last) if digits.len() >= 13 => Cow::Owned(format!("************{}", String::from_iter(last))),
        _ => Cow::Borrowed("***"),
    }
}

/// Serialises into `inner`, with texts masked below a marker. Names are handed on untouched: `serde_json` knows raw
/// numbers by theirs.
struct Masking<S> {
    inner: S,
    mask: Mask,
}

impl<S> Masking<S> {
    fn none(inner: S) -> Self {
        Self { inner, mask: Mask::None }
    }
}

/// A value that serialises itself through [`Masking`] wherever it stands.
struct Masked<'a, T: ?Sized>(&'a T, Mask);

impl<T: Serialize + ?Sized> Serialize for Masked<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(Masking { inner: serializer, mask: self.1 })
    }
}

macro_rules! scalars {
    ($($method:ident: $value:ty),* $(,)?) => {$(
        fn $method(self, value: $value) -> Result<S::Ok, S::Error> {
            self.inner.$method(value)
        }
    )*};
}

impl<S: Serializer> Serializer for Masking<S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Masking<S::SerializeSeq>;
    type SerializeTuple = Masking<S::SerializeTuple>;
    type SerializeTupleStruct = Masking<S::SerializeTupleStruct>;
    type SerializeTupleVariant = Masking<S::SerializeTupleVariant>;
    type SerializeMap = Masking<S::SerializeMap>;
    type SerializeStruct = Masking<S::SerializeStruct>;
    type SerializeStructVariant = Masking<S::SerializeStructVariant>;

    scalars! {
        serialize_bool: bool, serialize_char: char,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64, serialize_bytes: &[u8], serialize_unit_struct: &'static str,
    }

    fn serialize_str(self, text: &str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_str(&self.mask.apply(text))
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.serialize_some(&Masked(value, Mask::None))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        match Mask::of_marker(name) {
            Some(mask) => value.serialize(Masking { inner: self.inner, mask }),
            None => self.inner.serialize_newtype_struct(name, &Masked(value, Mask::None)),
        }
    }

    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_newtype_variant(name, index, variant, &Masked(value, Mask::None))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        self.inner.serialize_seq(len).map(Masking::none)
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        self.inner.serialize_tuple(len).map(Masking::none)
    }

    fn serialize_tuple_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeTupleStruct, S::Error> {
        self.inner.serialize_tuple_struct(name, len).map(Masking::none)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.inner.serialize_tuple_variant(name, index, variant, len).map(Masking::none)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        self.inner.serialize_map(len).map(Masking::none)
    }

    fn serialize_struct(self, name: &'static str, len: usize) -> Result<Self::SerializeStruct, S::Error> {
        // The name by which `serde_json` knows a number that is written to the digit.
        let mask = if name == "$serde_json::private::RawValue" { Mask::Number } else { Mask::None };
        self.inner.serialize_struct(name, len).map(|inner| Masking { inner, mask })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.inner.serialize_struct_variant(name, index, variant, len).map(Masking::none)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// The compound serialisers differ in name only: each hands its elements on, masked.
macro_rules! compounds {
    ($($compound:ident { $($method:ident($($key:ident: $key_type:ty)?)),* })*) => {$(
        impl<S: ser::$compound> ser::$compound for Masking<S> {
            type Ok = S::Ok;
            type Error = S::Error;

            $(fn $method<T: Serialize + ?Sized>(&mut self, $($key: $key_type,)? value: &T) -> Result<(), S::Error> {
                self.inner.$method($($key,)? &Masked(value, self.mask))
            })*

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
            }
        }
    )*};
}

compounds! {
    SerializeSeq { serialize_element() }
    SerializeTuple { serialize_element() }
    SerializeTupleStruct { serialize_field() }
    SerializeTupleVariant { serialize_field() }
    SerializeMap { serialize_key(), serialize_value() }
    SerializeStruct { serialize_field(key: &'static str) }
    SerializeStructVariant { serialize_field(key: &'static str) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Amount, CardNumber, Personal, Secret, SecurityCode};
    use std::collections::BTreeMap;

    #[test]
    fn a_card_number_in_the_banks_own_words_is_masked_and_a_number_is_not() {
        let amount = |text: &str| text.parse::<Amount>().expect("an amount");
        let said = BTreeMap::from([("Message", "the card 5528 7900 0000 0008 was declined")]);
        let shown = redacted(&(said, amount("5528790000000008"), amount("5528790000.000008"))).expect("json");
        assert!(shown.contains("the card ************0008 was declined"), "{shown}");
        assert!(shown.contains("  5528790000000008,") && shown.contains("  5528790000.000008\n"), "{shown}");
    }

    #[derive(serde::Serialize)]
    enum Way {
        Saved { token: Secret },
        Given(CardNumber),
        Both(CardNumber, Secret),
    }

    #[derive(serde::Serialize)]
    struct Shared {
        phone: Personal,
    }

    #[derive(serde::Serialize)]
    struct Everything {
        number: CardNumber,
        code: Option<SecurityCode>,
        empty: Secret,
        none: Option<Secret>,
        ways: Vec<Way>,
        map: BTreeMap<&'static str, Secret>,
        pair: (Personal, i64),
        amount: Amount,
        #[serde(flatten)]
        shared: Shared,
    }

    fn everything() -> Everything {
        Everything {
            number: "5528790000000008".into(),
            code: Some("0123".into()),
            empty: "".into(),
            none: None,
            ways: vec![
                Way::Saved { token: "hush".into() },
                Way::Given("5528790000000016".into()),
                Way::Both("5528790000000024".into(), "hush".into()),
            ],
            map: BTreeMap::from([("token", "hush".into())]),
            pair: ("hush".into(), 8_013_143_466),
            amount: "9007199254740993.10".parse().expect("amount"),
            shared: Shared { phone: "hush".into() },
        }
    }

    #[test]
    fn secrets_are_masked_at_every_depth_and_the_rest_is_kept() {
        let json = redacted(&everything()).expect("json");
        for secret in ["552879", "hush", "0123"] {
            assert!(!json.contains(secret), "{secret} in {json}");
        }
        for kept in ["************0008", "************0016", "9007199254740993.10", "8013143466", "\"none\": null"] {
            assert!(json.contains(kept), "{kept} missing in {json}");
        }
        assert!(json.contains("\"empty\": \"\""), "{json}");
    }

    #[test]
    fn the_wire_form_is_not_masked() {
        let json = serde_json::to_string(&everything()).expect("json");
        assert!(json.contains("\"5528790000000008\"") && json.contains("\"hush\"") && json.contains("\"0123\""));
    }
}
