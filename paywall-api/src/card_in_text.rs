//! Card numbers in somebody's own words: a bank may repeat one in its message.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

/// The lengths of card numbers, by ISO/IEC 7812.
const DIGITS: RangeInclusive<usize> = 13..=19;

/// Returns `text` with every card number in it masked but for its last four digits.
///
/// A card number is 13 to 19 digits of a card's issuer whose check digit is right, written at a stretch or in groups with
/// a space, a hyphen or a point between them.
pub(crate) fn masked(text: &str) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = next(text, at) {
        let digits = text[found.clone()].bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
        masked.push_str(&text[copied..found.start]);
        masked.push_str("************");
        masked.extend(digits.iter().rev().take(4).rev().map(|digit| char::from(*digit)));
        copied = found.end;
        at = found.end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(&text[copied..]);
    Cow::Owned(masked)
}

/// The first card number that begins at `from` or behind it.
fn next(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut begins = (from..bytes.len()).filter(|at| is_digit(*at) && (*at == 0 || !is_digit(at - 1)));
    begins.find_map(|start| longest(bytes, start))
}

/// The longest card number that begins at a digit and ends where a group of digits does.
fn longest(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let (mut digits, mut end, mut found) = (Vec::with_capacity(*DIGITS.end()), start, None);
    while digits.len() < *DIGITS.end() {
        match bytes.get(end) {
            Some(digit) if digit.is_ascii_digit() => digits.push(digit - b'0'),
            Some(b' ' | b'-' | b'.') if is_digit(end + 1) => {}
            _ => break,
        }
        end += 1;
        if is_digit(end - 1) && !is_digit(end) && is_card(&digits) {
            found = Some(start..end);
        }
    }
    found
}

fn is_card(digits: &[u8]) -> bool {
    // 2 to 6 are those of the international schemes; 9 is of national ones, Troy's among them.
    DIGITS.contains(&digits.len()) && matches!(digits[0], 2..=6 | 9) && is_checked(digits)
}

/// Is the check digit right, by Luhn's rule?
fn is_checked(digits: &[u8]) -> bool {
    let weighed = digits.iter().rev().enumerate().map(|(at, digit)| {
        let doubled = u32::from(*digit) * if at % 2 == 1 { 2 } else { 1 };
        if doubled > 9 { doubled - 9 } else { doubled }
    });
    weighed.sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_is_masked_however_it_is_written() {
        for (text, expected) in [
            ("5528790000000008", "************0008"),
            ("card 5528790000000008 declined", "card ************0008 declined"),
            ("PAN=5528-7900-0000-0008;", "PAN=************0008;"),
            ("5528 7900 0000 0008 12/30", "************0008 12/30"),
            ("1 5528 7900 0000 0008", "1 ************0008"),
            ("kart5528790000000008reddedildi", "kart************0008reddedildi"),
            ("ş5528.7900.0000.0008ş 9792030000000000", "ş************0008ş ************0000"),
            ("378282246310005, 5528790000000008", "************0005, ************0008"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn what_is_no_card_number_is_left_alone() {
        for text in [
            "",
            "Yetersiz bakiye",
            "8013143466",
            "5528790000000009",
            "552879******0008",
            "1528790000000001",
            "55287900000000081230",
            "2025-06-04T18:42:27.5447456+03:00",
            "87e30149-817b-42cf-a8a8-81af2af5722b",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
