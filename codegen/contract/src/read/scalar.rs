//! What a scalar of YAML says. Numbers keep their text, and whatever some readers take for a number and others for
//! another one, or for a text, is refused: `007`, `0x1F`, `1_000`, `1e3`, `12:30`.

use crate::finding::Finding;
use crate::node::{At, Kind};

const RULE: &str = "yaml";

/// The value of a scalar.
pub(super) fn kind(at: &At, text: &str, is_plain: bool) -> Result<Kind, Finding> {
    Ok(match text {
        _ if !is_plain => Kind::Text(text.to_owned()),
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        number if is_number(number) => Kind::Number(number.to_owned()),
        odd if is_number_to_some(odd) => {
            let message = format!("`{odd}`, a number to some readers of YAML, and another one or a text to others");
            return Err(Finding::new(RULE, at, message, "quote it if it is a text; write a number in decimal digits"));
        }
        _ => Kind::Text(text.to_owned()),
    })
}

/// The text of a key, which may be a number as it is written.
pub(super) fn key(at: &At, text: &str, is_plain: bool) -> Result<String, Finding> {
    if is_plain && text == "<<" {
        let fix = "write the keys out, or quote it where it is a name";
        return Err(Finding::new(RULE, at, "a merge key, which not all readers know", fix));
    }
    match kind(at, text, is_plain)? {
        Kind::Text(text) | Kind::Number(text) => Ok(text),
        _ => Err(Finding::new(RULE, at, "a key that is no string", "quote the key")),
    }
}

/// A number that every reader takes for the same: that of JSON, without an exponent.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|char| char.is_ascii_digit());
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    digits(whole) && digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

/// Whether YAML 1.1, YAML 1.2 or one of their readers takes it for a number.
fn is_number_to_some(text: &str) -> bool {
    let number = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    let of = |digits: &str, admitted: &dyn Fn(char) -> bool| {
        !digits.is_empty() && digits.chars().all(|char| admitted(char) || char == '_')
    };
    let decimal = |char: char| char.is_ascii_digit();
    let with_base = [("0x", 16), ("0o", 8), ("0b", 2)].iter().any(|(prefix, base)| {
        number.strip_prefix(prefix).is_some_and(|digits| of(digits, &|char| char.is_digit(*base)))
    });
    let (mantissa, exponent) = number.split_once('e').unwrap_or((&number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let begins = number.starts_with(|char: char| char.is_ascii_digit() || char == '.');
    let is_decimal = begins
        && mantissa.contains(|char: char| char.is_ascii_digit())
        && (whole.is_empty() || of(whole, &decimal))
        && (fraction.is_empty() || of(fraction, &decimal))
        && of(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), &decimal);
    // Sixties, as YAML 1.1 has them: `12:30` is 750.
    let mut sixties = number.split(':');
    let is_sixties = number.contains(':')
        && sixties.next().is_some_and(|first| of(first, &decimal))
        && sixties.all(|part| of(part.split('.').next().unwrap_or_default(), &decimal) && !part.is_empty());
    with_base || is_decimal || is_sixties || matches!(number.as_str(), ".inf" | ".nan")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Kind> {
        kind(&At::start_of("openapi.yaml"), text, true).ok()
    }

    #[test]
    fn a_number_keeps_its_text() {
        for text in ["0", "7", "-12", "1.50", "0.10", "150.00", "12345678901234567890", "-0"] {
            assert_eq!(read(text), Some(Kind::Number(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_readers_take_for_different_numbers_is_refused() {
        for text in [
            "007",
            "0x1F",
            "0X1f",
            "0o17",
            "0b1",
            "1_000",
            "+1",
            "-007",
            "00",
            "010.5",
            ".5",
            "5.",
            "1e3",
            "1.5E+3",
            "12:30",
            "1:30:45",
            "12:30:45.5",
            ".inf",
            "-.INF",
            ".NaN",
            "0_7",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_that_has_digits_stays_one() {
        for text in [
            "3.0.3",
            "2024-01-01",
            "1a",
            "0x",
            "0xG1",
            "e3",
            "1e",
            ".",
            "-",
            "+",
            "_1",
            "12:",
            "a:1",
            "10:00am",
            "yes",
            "no",
            "008a",
        ] {
            assert_eq!(read(text), Some(Kind::Text(text.to_owned())), "{text}");
        }
        assert_eq!(kind(&At::start_of("f"), "007", false).ok(), Some(Kind::Text("007".to_owned())));
    }

    #[test]
    fn a_key_keeps_its_text_and_merges_nothing() {
        let key = |text: &str, is_plain| key(&At::start_of("f"), text, is_plain).ok();
        assert_eq!(key("200", true).as_deref(), Some("200"));
        assert_eq!(key("1.50", true).as_deref(), Some("1.50"));
        assert_eq!(key("007", false).as_deref(), Some("007"));
        for text in ["007", "0x1F", "<<", "null", "true", "~"] {
            assert_eq!(key(text, true), None, "{text}");
        }
        assert_eq!(key("<<", false).as_deref(), Some("<<"));
    }
}
