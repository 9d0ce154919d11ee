//! How the objects of the contract are read and shown: by what serde and the standard library would derive, but that
//! errors quote no value and that no card number in a text reaches a log.

use std::fmt::{self, Debug, Formatter};

use crate::card_in_text;

/// Implements `Deserialize` and `Debug` for a struct of the contract.
///
/// The derived code belongs to a struct of the same fields, since its errors hold what was found. No type of a contract
/// has that struct's name: theirs end in no `_`.
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    ($wire_name:literal => $name:ident { $($wire:literal => $field:ident: $type:ty,)* }) => {
        const _: () = {
            #[derive(::serde::Deserialize)]
            #[serde(remote = $wire_name)]
            struct Derived_ {
                $(#[serde(rename = $wire)] $field: $type,)*
            }

            impl<'de> ::serde::Deserialize<'de> for $name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    $crate::quietly(Derived_::deserialize(deserializer))
                }
            }
        };

        $crate::masked_debug! { $name { $($field,)* } }
    };
}

/// Implements `Debug` for a struct: as derived, with every card number in it masked.
#[doc(hidden)]
#[macro_export]
macro_rules! masked_debug {
    ($name:ident { $($field:ident,)* }) => {
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let fields: &[(&str, &dyn ::core::fmt::Debug)] = &[$((stringify!($field), &self.$field),)*];
                $crate::masked_debug(f, stringify!($name), fields)
            }
        }
    };
}

/// Writes what `#[derive(Debug)]` would of a struct, with every card number in it masked but for its last four digits.
///
/// # Errors
///
/// What the formatter says.
#[doc(hidden)]
pub fn masked_debug(f: &mut Formatter<'_>, name: &str, fields: &[(&str, &dyn Debug)]) -> fmt::Result {
    let derived = Derived { name, fields };
    let text = if f.alternate() { format!("{derived:#?}") } else { format!("{derived:?}") };
    f.write_str(&card_in_text::masked(&text))
}

struct Derived<'a> {
    name: &'a str,
    fields: &'a [(&'a str, &'a dyn Debug)],
}

impl Debug for Derived<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut derived = f.debug_struct(plain(self.name));
        for (name, value) in self.fields {
            derived.field(plain(name), value);
        }
        derived.finish()
    }
}

/// A name as `derive` shows it, be it a word of Rust's or not.
fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    /// What `derive` writes of the same struct.
    mod derived {
        #[derive(Debug)]
        #[expect(dead_code, reason = "it is only shown")]
        pub(super) struct Answer {
            pub(super) r#type: i32,
            pub(super) message: Option<String>,
            pub(super) inner: Vec<super::Inner>,
        }
    }

    #[derive(Serialize)]
    struct Answer {
        r#type: i32,
        message: Option<String>,
        inner: Vec<Inner>,
    }

    #[derive(Clone, PartialEq, Serialize)]
    struct Inner {
        text: String,
    }

    crate::object! {
        "Answer" => Answer {
            "Type" => r#type: i32,
            "Message" => message: Option<String>,
            "Inner" => inner: Vec<Inner>,
        }
    }

    crate::object! {
        "Inner" => Inner {
            "Text" => text: String,
        }
    }

    fn answer(text: &str) -> Answer {
        Answer { r#type: 4, message: Some(text.to_owned()), inner: vec![Inner { text: text.to_owned() }] }
    }

    #[test]
    fn an_object_is_shown_as_derive_shows_it() {
        let Answer { r#type, message, inner } = answer("said \"no\"\n");
        let derived = derived::Answer { r#type, message, inner };
        assert_eq!(format!("{:?}", answer("said \"no\"\n")), format!("{derived:?}"));
        assert_eq!(format!("{:#?}", answer("said \"no\"\n")), format!("{derived:#?}"));
    }

    #[test]
    fn a_card_number_in_any_text_is_masked() {
        for text in ["5528790000000008", "card 5528 7900 0000 0008 declined"] {
            for shown in [format!("{:?}", answer(text)), format!("{:#?}", answer(text))] {
                assert!(!shown.contains("5528") && shown.matches("************0008").count() == 2, "{shown}");
            }
        }
    }

    #[test]
    fn an_error_of_reading_quotes_no_value() {
        let error =
            serde_json::from_str::<Answer>(r#"{"Type": "5528790000000008"}"#).expect_err("no number").to_string();
        assert!(error.starts_with("invalid value, expected i32") && !error.contains("5528"), "{error}");
    }
}
