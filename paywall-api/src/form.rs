//! Forms as browsers write them: pairs of names and values, each with its place in what was received.
//!
//! The rules are those of [WHATWG's parser](https://url.spec.whatwg.org/#urlencoded-parsing): nothing in a form is an
//! error. A percent sign without two hex digits stands for itself, and bytes that are not UTF-8 spoil the one name or
//! value in which they stand.

use std::fmt;
use std::ops::Range;

use crate::byte_order_mark;

/// A name and a value of an `application/x-www-form-urlencoded` body.
///
/// ```
/// use paywall_api::FormPair;
///
/// let body = b"note=100%&name=%C5%9E+A&reason=%DE";
/// let texts: Vec<_> = FormPair::all(body).map(|pair| (pair.name.text(), pair.value.text())).collect();
/// assert_eq!(texts[0], (Some("note".to_owned()), Some("100%".to_owned())));
/// assert_eq!(texts[1], (Some("name".to_owned()), Some("Ş A".to_owned())));
/// assert_eq!(texts[2], (Some("reason".to_owned()), None), "Windows-1254, not UTF-8");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FormPair<'b> {
    /// What stands before the first `=`.
    pub name: FormText<'b>,
    /// What stands behind it. Empty where there is no `=`.
    pub value: FormText<'b>,
}

impl<'b> FormPair<'b> {
    /// Returns the pairs of a body in their order, without empty ones (`a=1&&b=2` has two).
    ///
    /// A byte order mark at the beginning is passed over.
    pub fn all(body: &'b [u8]) -> impl Iterator<Item = Self> {
        let mut next = byte_order_mark::length(body);
        let pairs = body[next..].split(|byte| *byte == b'&').map(move |pair| {
            let at = next;
            next += pair.len() + 1;
            Self::at(pair, at)
        });
        pairs.filter(|pair| !pair.range().is_empty())
    }

    fn at(pair: &'b [u8], at: usize) -> Self {
        let end_of_name = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let value_at = pair.len().min(end_of_name + 1);
        let text = |part: Range<usize>| FormText { at: at + part.start, received: &pair[part] };
        Self { name: text(0..end_of_name), value: text(value_at..pair.len()) }
    }

    /// Returns where the pair stands in the body.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.name.range().start..self.value.range().end
    }
}

/// A name or a value of a form.
#[derive(Clone, Copy)]
pub struct FormText<'b> {
    received: &'b [u8],
    at: usize,
}

impl<'b> FormText<'b> {
    /// Returns where it stands in the body.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.at..self.at + self.received.len()
    }

    /// Returns its text without escapes, or `None` if it is not UTF-8.
    #[must_use]
    pub fn text(self) -> Option<String> {
        String::from_utf8(self.bytes()).ok()
    }

    /// Returns its bytes without escapes, for whoever knows another encoding. There are never more than were received.
    #[must_use]
    pub fn bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.received.len());
        bytes.extend(self.decoded().map(|(byte, _)| byte));
        bytes
    }

    /// Returns its characters, each with the place in the body that it was read from.
    ///
    /// Bytes that are not UTF-8 come as U+FFFD, as a browser shows them.
    pub fn chars(self) -> impl Iterator<Item = (Range<usize>, char)> {
        let (bytes, ends): (Vec<u8>, Vec<usize>) = self.decoded().unzip();
        let mut chars = Vec::with_capacity(bytes.len());
        let (mut read, mut begin) = (0, self.at);
        for chunk in bytes.utf8_chunks() {
            let valid = chunk.valid().chars().map(|character| (character, character.len_utf8()));
            let invalid = Some((char::REPLACEMENT_CHARACTER, chunk.invalid().len())).filter(|(_, bytes)| *bytes > 0);
            for (character, length) in valid.chain(invalid) {
                read += length;
                let end = ends[read - 1];
                chars.push((begin..end, character));
                begin = end;
            }
        }
        chars.into_iter()
    }

    /// Its bytes without escapes, each with the end of what it was read from.
    fn decoded(self) -> impl Iterator<Item = (u8, usize)> + 'b {
        let (received, at) = (self.received, self.at);
        let mut next = 0;
        std::iter::from_fn(move || {
            let (byte, length) = match *received.get(next)? {
                b'+' => (b' ', 1),
                b'%' => escaped(&received[next..]).map_or((b'%', 1), |byte| (byte, 3)),
                other => (other, 1),
            };
            next += length;
            Some((byte, at + next))
        })
    }
}

/// The byte of the escape that a text begins with, if it begins with one.
fn escaped(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(1)? << 4 | digit(2)?)
}

/// Shows where it stands, and nothing of what it says.
impl fmt::Debug for FormText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FormText({:?})", self.range())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Texts = Vec<(Option<String>, Option<String>)>;

    fn texts(body: &[u8]) -> Texts {
        FormPair::all(body).map(|pair| (pair.name.text(), pair.value.text())).collect()
    }

    fn pair(name: &str, value: &str) -> (Option<String>, Option<String>) {
        (Some(name.to_owned()), Some(value.to_owned()))
    }

    #[test]
    fn pairs_are_read_as_browsers_write_them() {
        let read = texts("%75niqueCode=a%2Bb+c%C5%9F%26d=e&empty=&nothing&&=unnamed&".as_bytes());
        let expected = [pair("uniqueCode", "a+b cş&d=e"), pair("empty", ""), pair("nothing", ""), pair("", "unnamed")];
        assert_eq!(read, expected);
        assert!(texts(b"").is_empty() && texts(b"&&&&").is_empty());
    }

    #[test]
    fn a_percent_sign_that_escapes_nothing_stands_for_itself() {
        for (body, value) in [("a=%", "%"), ("a=%4", "%4"), ("a=%zz", "%zz"), ("a=%+1", "% 1"), ("a=%%41", "%A")] {
            assert_eq!(texts(body.as_bytes()), [pair("a", value)], "{body}");
        }
        assert_eq!(texts(b"a=100%&b=41&%=1"), [pair("a", "100%"), pair("b", "41"), pair("%", "1")]);
    }

    #[test]
    fn bytes_that_are_no_utf8_spoil_their_own_text_alone() {
        for value in [&b"\xff"[..], b"%ff", b"%C5", b"%ed%a0%80", b"%c0%80", b"i%FElem"] {
            let body = [b"a=1&b=", value, b"&c=%C3%A7"].concat();
            assert_eq!(texts(&body), [pair("a", "1"), (Some("b".to_owned()), None), pair("c", "ç")], "{value:?}");
        }
        assert_eq!(texts(b"%C5=%9F"), [(None, None)]);
        let bytes = FormPair::all(b"a=i%FElem").map(|pair| pair.value.bytes()).collect::<Vec<_>>();
        assert_eq!(bytes, [b"i\xfelem"]);
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_where_a_body_begins() {
        assert_eq!(texts("\u{feff}a=1&b=\u{feff}2".as_bytes()), [pair("a", "1"), pair("b", "\u{feff}2")]);
        assert_eq!(texts("\u{feff}\u{feff}a=1".as_bytes()), [pair("\u{feff}a", "1")]);
    }

    #[test]
    fn every_character_leads_back_to_what_it_was_read_from() {
        let body = "\u{feff}x&a=ş+%C5%9F%zz%DE%DE!".as_bytes();
        let pair = FormPair::all(body).last().expect("a pair");
        let read: Vec<(&[u8], char)> = pair.value.chars().map(|(range, found)| (&body[range], found)).collect();
        let expected: [(&[u8], char); 9] = [
            ("ş".as_bytes(), 'ş'),
            (b"+", ' '),
            (b"%C5%9F", 'ş'),
            (b"%", '%'),
            (b"z", 'z'),
            (b"z", 'z'),
            (b"%DE", '\u{fffd}'),
            (b"%DE", '\u{fffd}'),
            (b"!", '!'),
        ];
        assert_eq!(read, expected);
        assert_eq!((&body[pair.name.range()], &body[pair.range()]), (&b"a"[..], &body[5..]));
    }

    #[test]
    fn debug_shows_nothing_that_was_typed() {
        let shown = format!("{:?}", FormPair::all(b"a=hush").collect::<Vec<_>>());
        assert_eq!(shown, "[FormPair { name: FormText(0..1), value: FormText(2..6) }]");
    }
}
