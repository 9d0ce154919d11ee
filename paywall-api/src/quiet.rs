//! Errors of serde that quote no value: theirs repeat the text or the number that they found, and errors end up in logs.
//!
//! No deserialiser is wrapped: types that hold their like would make wrappers of wrappers without end. Each type of ours
//! passes its own error through [`quietly`] instead.

use std::fmt::Write;

use serde::de;

use crate::{AmountError, nothing, secret};

/// Replaces the error of `result` by one that holds nothing of the value that was read.
///
/// # Errors
///
/// What `result` says, as far as it is no value: `missing field` and `duplicate field` with their names, what is wrong
/// with the JSON itself, what was expected, and the line and column.
#[doc(hidden)]
pub fn quietly<T, E: de::Error>(result: Result<T, E>) -> Result<T, E> {
    result.map_err(quiet)
}

fn quiet<E: de::Error>(error: E) -> E {
    let text = error.to_string();
    let (message, place) = split_place(&text);
    // What may stay stays the same error, so that `serde_json` still tells an early end from another shape.
    if is_harmless(message) {
        return error;
    }
    let mut quiet = "invalid value".to_owned();
    if let Some(expected) = expected(message) {
        quiet.push_str(", expected ");
        quiet.push_str(expected);
    }
    if let Some((line, column)) = place {
        // `serde_json` takes the place off again. A text takes whatever is written.
        let _ = write!(quiet, " at line {line} column {column}");
    }
    E::custom(quiet)
}

/// A message of `serde_json` and the line and column behind it.
fn split_place(text: &str) -> (&str, Option<(u32, u32)>) {
    let place = || {
        let (message, place) = text.rsplit_once(" at line ")?;
        let (line, column) = place.split_once(" column ")?;
        Some((message, (number(line)?, number(column)?)))
    };
    place().map_or((text, None), |(message, place)| (message, Some(place)))
}

/// Not `parse` alone, which takes a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// What `serde_json` says of a text that is no JSON. None of it holds a value.
const NO_JSON: [&str; 20] = [
    "EOF while parsing a list",
    "EOF while parsing an object",
    "EOF while parsing a string",
    "EOF while parsing a value",
    "expected `:`",
    "expected `,` or `]`",
    "expected `,` or `}`",
    "expected ident",
    "expected value",
    "expected `\"`",
    "invalid escape",
    "invalid number",
    "number out of range",
    "invalid unicode code point",
    "control character (\\u0000-\\u001F) found while parsing a string",
    "key must be a string",
    "lone leading surrogate in hex escape",
    "trailing comma",
    "unexpected end of hex escape",
    "recursion limit exceeded",
];

fn is_harmless(message: &str) -> bool {
    let is_of_amount = || [AmountError::NotPlain, AmountError::TooLong].iter().any(|own| own.to_string() == message);
    let is_own = || [secret::NOT_TEXT, nothing::TEXT, nothing::FIELDS].contains(&message);
    names_field(message) || NO_JSON.contains(&message) || is_own() || is_of_amount()
}

/// Whether a message says that a field is missing or stands twice, and says no more.
fn names_field(message: &str) -> bool {
    let name = ["missing field `", "duplicate field `"].iter().find_map(|start| message.strip_prefix(start));
    name.and_then(|name| name.strip_suffix('`')).is_some_and(is_name)
}

/// A name of the contract is a word; a card number, for one, is none.
fn is_name(name: &str) -> bool {
    let is_of_word = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.');
    name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name.chars().all(is_of_word)
        && has_few_digits(name)
}

/// What a type expects. Serde writes it behind the value, so that a value that imitates it stands before it.
fn expected(message: &str) -> Option<&str> {
    let (_, expected) = message.rsplit_once(", expected ")?;
    let is_plain = |char: char| char.is_ascii_alphanumeric() || " _-`,.:;()<>'/".contains(char);
    (expected.chars().all(is_plain) && has_few_digits(expected)).then_some(expected)
}

/// No number of a card, an account or a person is so short.
fn has_few_digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() < 6
}

#[cfg(test)]
mod tests {
    use serde::de::Error as _;
    use serde_json::Error;

    use super::*;

    fn said(message: &str) -> String {
        quiet(Error::custom(message)).to_string()
    }

    #[test]
    fn what_serde_found_is_left_out_and_what_it_expected_stays() {
        for (message, quiet) in [
            ("invalid type: integer `5528790000000008`, expected a string", "invalid value, expected a string"),
            (
                "invalid length 1, expected struct Card with 8 elements",
                "invalid value, expected struct Card with 8 elements",
            ),
            ("unknown variant `5528`, expected `a` or `b`", "invalid value, expected `a` or `b`"),
            ("anything else: 5528790000000008", "invalid value"),
            ("x, expected 5528790000000008", "invalid value"),
            ("x, expected 5528 7900 0000 0008", "invalid value"),
            ("x, expected \"somebody\"", "invalid value"),
            ("x, expected y at line 3 column 14", "invalid value, expected y at line 3 column 14"),
            ("x at line 5528790000000008 column 1", "invalid value"),
            ("x at line +3 column 1", "invalid value"),
        ] {
            assert_eq!(said(message), quiet, "{message}");
        }
    }

    #[test]
    fn a_field_is_named_by_a_name_alone() {
        for kept in ["missing field `OwnerName`", "duplicate field `x-api_key.2`", "missing field `Tutarı`"] {
            assert_eq!(said(kept), kept);
        }
        for other in [
            "missing field `5528790000000008`",
            "missing field `a5528790000000008`",
            "missing field `A`, or `B`",
            "missing field `some words`",
            "missing field ``",
            "missing field `A",
            "x: missing field `A`",
        ] {
            assert_eq!(said(other), "invalid value", "{other}");
        }
    }

    #[test]
    fn what_is_no_json_stays_the_same_error() {
        for text in [
            "",
            "[1",
            "{\"a\"",
            "\"a",
            "{\"a\" 1}",
            "[1 2]",
            "{\"a\":1 2}",
            "nule",
            "x",
            "\"\\x\"",
            "01",
            "1.x",
            "\"\\ud800\"",
            "\"\n\"",
            "{1:2}",
            "[1,]",
            "{\"a\":1,}",
            "\"\\u12",
            "\"\\ud800\\u0041\"",
        ] {
            let error = serde_json::from_str::<serde_json::Value>(text).expect_err(text);
            let (message, class) = (error.to_string(), error.classify());
            let quiet = quiet(error);
            assert_eq!((quiet.to_string(), quiet.classify()), (message, class), "{text:?}");
        }
        let deep = "[".repeat(1000);
        let error = serde_json::from_str::<serde_json::Value>(&deep).expect_err("too deep");
        assert!(quiet(error).is_syntax());
    }

    #[test]
    fn what_was_made_quiet_stays_as_it_is() {
        let once = said("invalid type: string \"5528790000000008\", expected struct Card at line 1 column 7");
        assert_eq!(said(&once), once);
    }
}
