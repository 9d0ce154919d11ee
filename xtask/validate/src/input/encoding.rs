//! Is it UTF-8? If not, what does it seem to be, and what turns it into UTF-8?

use std::borrow::Cow;

use crate::place::{Place, Places};
use crate::report::{Stretch, Unreadable};

/// The mark that some programs write before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// How many bytes a mark takes here: three or none.
#[must_use]
pub fn mark(bytes: &[u8]) -> usize {
    if bytes.starts_with(MARK) { MARK.len() } else { 0 }
}

/// The text of some bytes whose first stands at `first`, without a mark.
///
/// # Errors
///
/// Where they cease to be UTF-8.
pub fn decode(bytes: &[u8], first: Place) -> Result<&str, Unreadable> {
    narrow(bytes)?;
    std::str::from_utf8(bytes).map_err(|error| {
        let start = error.valid_up_to();
        let length = error.error_len().unwrap_or(bytes.len() - start);
        foreign(bytes, start, start + length, first)
    })
}

/// Refuses what has two or four bytes a character.
///
/// # Errors
///
/// When it is UTF-16 or UTF-32.
pub fn narrow(bytes: &[u8]) -> Result<(), Unreadable> {
    wider(bytes).map_or(Ok(()), |encoding| Err(wide(encoding)))
}

/// As many bytes whose characters can be counted: each that is no UTF-8 counts as the one that stands in for it.
#[must_use]
pub fn countable(bytes: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(bytes).is_ok() {
        return Cow::Borrowed(bytes);
    }
    let mut countable = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        countable.extend_from_slice(chunk.valid().as_bytes());
        // One that begins a character, and others that go on with it.
        let invalid = (0..chunk.invalid().len()).map(|index| if index == 0 { b'?' } else { 0x80 });
        countable.extend(invalid);
    }
    Cow::Owned(countable)
}

/// What cannot be text at all, told by the first bytes of an input: nothing more of it need be read.
///
/// # Errors
///
/// When it is UTF-16 or UTF-32, or holds a NUL byte.
pub fn probe(bytes: &[u8]) -> Result<(), Unreadable> {
    narrow(bytes)?;
    match memchr::memchr(0, bytes) {
        None => Ok(()),
        Some(at) => {
            let place = Places::new(bytes, Place::START).at(at);
            let mut unreadable = Unreadable::file("expected text, found a NUL byte").help("this is no text file");
            unreadable.at = Some(Stretch { start: place, end: place });
            Err(unreadable)
        }
    }
}

/// What these are, if they are of two or four bytes a character: by the mark, or by the NUL bytes beside a first ASCII
/// character. The mark of the one begins that of the other.
fn wider(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => Some("UTF-32LE"),
        [0, 0, 0xfe, 0xff, ..] => Some("UTF-32BE"),
        [0xff, 0xfe, ..] => Some("UTF-16LE"),
        [0xfe, 0xff, ..] => Some("UTF-16BE"),
        [first, 0, 0, 0, second, 0, 0, 0, ..] if *first != 0 && *second != 0 => Some("UTF-32LE"),
        [0, 0, 0, first, 0, 0, 0, second, ..] if *first != 0 && *second != 0 => Some("UTF-32BE"),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Some("UTF-16LE"),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => Some("UTF-16BE"),
        _ => None,
    }
}

fn wide(encoding: &str) -> Unreadable {
    let mut unreadable = Unreadable::file(format!("expected UTF-8, found {encoding}"))
        .help(format!("convert it: iconv -f {encoding} -t UTF-8 IN > OUT"));
    unreadable.at = Some(Stretch { start: Place::START, end: Place::START });
    unreadable
}

/// In a Turkish project, what is not UTF-8 is most often the code page that Turkish Windows uses.
fn foreign(bytes: &[u8], start: usize, end: usize, first: Place) -> Unreadable {
    let places = Places::new(bytes, first);
    let (start_place, end_place) = (places.at(start), places.at(end));
    let message = match bytes.get(start) {
        _ if end == bytes.len() && is_begun(&bytes[start..]) => {
            "expected UTF-8, found the end within a character: the text is cut off".to_owned()
        }
        Some(byte) => format!("expected UTF-8, found byte 0x{byte:02X} (byte {} of the file)", start_place.offset),
        None => "expected UTF-8".to_owned(),
    };
    let help = "if it was written on a Turkish Windows, convert it: iconv -f WINDOWS-1254 -t UTF-8 IN > OUT";
    Unreadable { at: Some(Stretch { start: start_place, end: end_place }), ..Unreadable::file(message).help(help) }
}

/// Whether a character begins here that more bytes would complete.
fn is_begun(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(bytes: &[u8]) -> (String, usize, usize, usize) {
        let refused = decode(bytes, Place::START).expect_err("no UTF-8");
        let place = refused.at.expect("a place").start;
        (refused.message.into_string(), place.line, place.column, place.offset)
    }

    #[test]
    fn what_is_not_utf8_is_told_with_its_place() {
        let (message, line, column, offset) = refusal(b"{\n \"\xc3\xbc\xfe\": 1}");
        assert_eq!((line, column, offset), (2, 4, 6));
        assert!(message.contains("0xFE"), "{message}");
        assert!(refusal(b"{\"\xc3").0.contains("cut off"));
    }

    #[test]
    fn utf16_is_known_with_and_without_its_mark() {
        for bytes in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", b"{\0\"\0", b"\0{\0\""] {
            assert!(refusal(bytes).0.contains("UTF-16"), "{bytes:?}");
        }
    }

    #[test]
    fn utf32_is_not_taken_for_utf16() {
        let marked = [&b"\xff\xfe\0\0{\0\0\0}\0\0\0"[..], b"\0\0\xfe\xff\0\0\0{"];
        for bytes in [marked[0], marked[1], b"{\0\0\0}\0\0\0", b"\0\0\0{\0\0\0}"] {
            assert!(refusal(bytes).0.contains("UTF-32"), "{bytes:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_utf8_count_as_what_stands_in_for_them() {
        let bytes = b"a\x93\xe2\x82\xfe\xc5\x9f!";
        let counted = countable(bytes);
        let places = Places::new(&counted, Place::START);
        assert_eq!([1, 2, 4, 5, 7, 8].map(|byte| places.at(byte).column), [2, 3, 4, 5, 6, 7]);
        assert_eq!((counted.len(), countable("aş".as_bytes())), (bytes.len(), Cow::Borrowed("aş".as_bytes())));
    }

    #[test]
    fn a_nul_byte_ends_the_reading() {
        assert!(probe(b"{}").is_ok());
        let refused = probe(b"{}\n\0").expect_err("no text");
        assert_eq!(refused.at.map(|at| at.start.line), Some(2));
    }
}
