//! How are secrets held? In types that never show them, are wiped when dropped, and have two ways out.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::quietly;
use crate::redact::Mask;

/// Makes one secret type. They differ in what they stand for and in what a reader of a log may see of them.
macro_rules! secret {
    ($(#[$documentation:meta])* $name:ident, $mask:expr) => {
        $(#[$documentation])*
        ///
        /// `Debug` and `Display` mask it, and it is wiped when dropped. There are two ways out:
        #[doc = concat!("[`expose`](", stringify!($name), "::expose) and serialisation, which is the wire form.")]
        /// To log a request or an answer, use [`redacted`](crate::redacted).
        #[derive(Clone)]
        pub struct $name {
            text: Zeroizing<String>,
        }

        impl $name {
            /// The text itself: from here on it is the caller's to protect.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.text
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self { text: Zeroizing::new(text) }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::from(text.to_owned())
            }
        }

        // Its one field is wiped when dropped.
        impl ZeroizeOnDrop for $name {}

        impl PartialEq for $name {
            /// Takes as long for a nearly right text as for a wrong one.
            fn eq(&self, other: &Self) -> bool {
                same(self.text.as_bytes(), other.text.as_bytes())
            }
        }

        impl Eq for $name {}

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), $mask.apply(&self.text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&$mask.apply(&self.text))
            }
        }

        impl Serialize for $name {
            /// The wire form: the text itself. The marker lets `redacted` know it.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_newtype_struct($mask.marker(), self.text.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                // `any`, so that a number comes to `TextOnly`, which does not quote it.
                quietly(deserializer.deserialize_any(TextOnly)).map(Self::from)
            }
        }
    };
}

secret! {
    /// A value whose bearer can act: a session id, a token, a key, a one-time password.
    Secret, Mask::Secret
}

secret! {
    /// The full number of a payment card. A log may see its last four digits.
    CardNumber, Mask::CardNumber
}

secret! {
    /// The security code of a payment card (CVV, CVC), leading zeros kept. Never store it.
    SecurityCode, Mask::SecurityCode
}

secret! {
    /// A personal datum: a name, an identity or tax number, a phone, an e-mail address, an IBAN, an address.
    ///
    /// It is masked so that logs stay free of it; [`as_str`](Personal::as_str) reads it.
    Personal, Mask::Personal
}

impl Personal {
    /// The text, the same as [`expose`](Personal::expose).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn same(left: &[u8], right: &[u8]) -> bool {
    let differences = left.iter().zip(right).fold(0, |found, (left, right)| found | (left ^ right));
    left.len() == right.len() && std::hint::black_box(differences) == 0
}

pub(crate) const NOT_TEXT: &str = "expected text";

/// Accepts text and nothing else. Serde's own refusals would quote the number or the text.
struct TextOnly;

macro_rules! refuse {
    ($($method:ident: $value:ty),*) => {$(
        fn $method<E: de::Error>(self, _: $value) -> Result<String, E> {
            Err(E::custom(NOT_TEXT))
        }
    )*};
}

impl de::Visitor<'_> for TextOnly {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }

    refuse!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_char: char, visit_bytes: &[u8]);
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "5528790000000008";

    #[test]
    fn nothing_is_shown_but_the_last_four_of_a_card() {
        assert_eq!(format!("{:?}", CardNumber::from(NUMBER)), "CardNumber(************0008)");
        assert_eq!(CardNumber::from(NUMBER).to_string(), "************0008");
        assert_eq!(CardNumber::from("123456789012").to_string(), "***");
        assert_eq!(CardNumber::from("5528 7900 0000 0008").to_string(), "************0008");
        assert_eq!(format!("{:?}", Secret::from("token")), "Secret(***)");
        assert_eq!(format!("{:?}", SecurityCode::from("012")), "SecurityCode(***)");
        assert_eq!(format!("{:?}", Personal::from("a@b.example")), "Personal(***)");
        assert_eq!(format!("{:#?}", Some(Secret::from("token"))), "Some(\n    Secret(***),\n)");
    }

    #[test]
    fn the_wire_form_is_the_text() {
        assert_eq!(serde_json::to_string(&SecurityCode::from("012")).expect("text"), "\"012\"");
        let read: CardNumber = serde_json::from_str("\"5528790000000008\"").expect("text");
        assert_eq!(read.expose(), NUMBER);
    }

    #[test]
    fn a_refused_value_is_not_quoted() {
        for json in ["5528790000000008", "-5528790000000008", "552879000000.0008", "[5528790000000008]", "true"] {
            let error = serde_json::from_str::<CardNumber>(json).expect_err(json).to_string();
            assert!(!error.contains("5528"), "{error}");
        }
    }

    #[test]
    fn equality_is_of_the_whole_text() {
        assert_eq!(Secret::from("abc"), Secret::from("abc"));
        for other in ["abd", "ab", "abcd", ""] {
            assert_ne!(Secret::from("abc"), Secret::from(other));
        }
    }
}
