//! Where did each part of a decoded text stand before it was decoded?

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// A decoded text and the places that its parts had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    stretches: Vec<Stretch>,
}

/// A part of the text, from `decoded` up to the next stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    decoded: usize,
    raw: usize,
    how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// Byte for byte.
    Copied,
    /// All of it comes from as many bytes: an escape.
    Escape(usize),
    /// Three bytes from four characters.
    Base64,
}

/// Why some Base64 stands for no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoText {
    /// It is none.
    NoBase64,
    /// It stands for bytes that are no text: these, each with the places that a text would have.
    Bytes(Vec<u8>, Decoded),
}

impl Decoded {
    /// Adds what stood there as it is.
    pub fn copy(&mut self, text: &str, raw: usize) {
        let goes_on = |last: &Stretch| last.how == How::Copied && last.raw + (self.text.len() - last.decoded) == raw;
        if self.stretches.last().is_some_and(goes_on) {
            self.text.push_str(text);
        } else if !text.is_empty() {
            self.add(text, raw, How::Copied);
        }
    }

    /// Adds what `length` bytes stood for.
    pub fn escape(&mut self, text: &str, raw: usize, length: usize) {
        self.add(text, raw, How::Escape(length));
    }

    /// Adds what stood nowhere: it sets apart what did.
    pub fn between(&mut self, text: &str) {
        let raw = self.text.len().checked_sub(1).map_or(0, |last| self.last(last));
        self.add(text, raw, How::Escape(0));
    }

    /// Remembers where nothing stands: the place of an empty value.
    pub fn nothing(&mut self, raw: usize) {
        self.add("", raw, How::Copied);
    }

    /// Adds another text with its places.
    pub fn append(&mut self, other: &Self) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        let moved = |stretch: &Stretch| Stretch { decoded: stretch.decoded + before, ..*stretch };
        self.stretches.extend(other.stretches.iter().map(moved));
    }

    /// With every raw place so much later.
    #[must_use]
    pub fn later(mut self, by: usize) -> Self {
        for stretch in &mut self.stretches {
            stretch.raw += by;
        }
        self
    }

    fn add(&mut self, text: &str, raw: usize, how: How) {
        self.stretches.push(Stretch { decoded: self.text.len(), raw, how });
        self.text.push_str(text);
    }

    /// The bytes that a part of the text comes from.
    #[must_use]
    pub fn raw(&self, part: &Range<usize>) -> Range<usize> {
        if part.is_empty() {
            let place = self.gap(part.start);
            return place..place;
        }
        let start = self.first(part.start);
        start..self.last(part.end - 1).max(start)
    }

    /// The place before a byte: of an empty value, where it was, and not where the next one begins.
    fn gap(&self, byte: usize) -> usize {
        let index = self.stretches.partition_point(|stretch| stretch.decoded < byte);
        match self.stretches.get(index) {
            Some(stretch) if stretch.decoded == byte => stretch.raw,
            _ => self.first(byte),
        }
    }

    /// The first byte that a byte of the text comes from.
    fn first(&self, byte: usize) -> usize {
        let Some(stretch) = self.stretch(byte) else { return 0 };
        let into = byte - stretch.decoded;
        match stretch.how {
            How::Copied => stretch.raw + into,
            How::Escape(length) if byte >= self.text.len() => stretch.raw + length,
            How::Escape(_) => stretch.raw,
            How::Base64 => stretch.raw + into / 3 * 4 + into % 3,
        }
    }

    /// Behind the last byte that a byte of the text comes from.
    fn last(&self, byte: usize) -> usize {
        let Some(stretch) = self.stretch(byte) else { return 0 };
        let into = byte - stretch.decoded;
        match stretch.how {
            How::Copied => stretch.raw + into + 1,
            How::Escape(length) => stretch.raw + length,
            How::Base64 => stretch.raw + into / 3 * 4 + into % 3 + 2,
        }
    }

    fn stretch(&self, byte: usize) -> Option<&Stretch> {
        let behind = self.stretches.partition_point(|stretch| stretch.decoded <= byte);
        self.stretches[..behind].last()
    }

    /// The text of a JSON text whose raw form, without quotes, is this and was found to be good.
    #[must_use]
    pub fn of_json(raw: &str) -> Self {
        let mut decoded = Self::default();
        let mut at = 0;
        while let Some(length) = raw[at..].find('\\') {
            decoded.copy(&raw[at..at + length], at);
            at += length;
            let length = escape_length(&raw[at..]);
            decoded.escape(&unescaped(&raw[at..at + length]), at, length);
            at += length;
        }
        decoded.copy(&raw[at..], at);
        decoded
    }

    /// The text that some Base64 stands for, in either alphabet, on one line or on several.
    ///
    /// # Errors
    ///
    /// When it is no Base64, or no text.
    pub fn of_base64(raw: &str) -> Result<Self, NoText> {
        let (mut digits, mut stretches) = (String::with_capacity(raw.len()), Vec::new());
        for line in raw.split_ascii_whitespace() {
            // Four characters make three bytes: a line that breaks them begins behind the last whole ones.
            let behind = digits.len() % 4;
            let at = line.as_ptr() as usize - raw.as_ptr() as usize;
            let (decoded, raw) = (digits.len() / 4 * 3, at.saturating_sub(behind));
            stretches.push(Stretch { decoded, raw, how: How::Base64 });
            digits.extend(line.chars().map(|digit| match digit {
                '-' => '+',
                '_' => '/',
                other => other,
            }));
        }
        let engine = GeneralPurpose::new(
            &STANDARD,
            GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
        );
        let bytes = engine.decode(digits).map_err(|_| NoText::NoBase64)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { text, stretches }),
            Err(error) => Err(NoText::Bytes(error.into_bytes(), Self { text: String::new(), stretches })),
        }
    }
}

/// How long the escape is that a text begins with; two escapes make one character outside the basic plane.
fn escape_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_high = |unit: &[u8]| matches!(unit, [b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B', ..]);
    match bytes.get(1) {
        Some(b'u') if bytes.get(2..).is_some_and(is_high) => text.len().min(12),
        Some(b'u') => text.len().min(6),
        _ => text.len().min(2),
    }
}

/// Nearly every escape in a body is a quote.
fn unescaped(escape: &str) -> Cow<'_, str> {
    match escape.as_bytes() {
        [_, b'"' | b'\\' | b'/'] => Cow::Borrowed(&escape[1..]),
        _ => serde_json::from_str(&format!("\"{escape}\""))
            .map_or_else(|_| char::REPLACEMENT_CHARACTER.to_string().into(), Cow::Owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(decoded: &Decoded, raw: &str, part: &str) -> String {
        let start = decoded.text.find(part).expect("a part");
        raw[decoded.raw(&(start..start + part.len()))].to_owned()
    }

    #[test]
    fn a_part_of_a_json_text_leads_back_to_its_raw_form() {
        let raw = r#"{\"a\":\"\u00e7\ud83d\ude00\/x\"}"#;
        let decoded = Decoded::of_json(raw);
        assert_eq!(decoded.text, "{\"a\":\"ç😀/x\"}");
        assert_eq!(back(&decoded, raw, "\"a\""), r#"\"a\""#);
        assert_eq!(back(&decoded, raw, "ç"), r"\u00e7");
        assert_eq!(back(&decoded, raw, "😀/"), r"\ud83d\ude00\/");
        assert_eq!(back(&decoded, raw, "x"), "x");
        let end = decoded.text.len();
        assert_eq!(decoded.raw(&(end..end)), raw.len()..raw.len());
    }

    #[test]
    fn a_part_of_base64_leads_back_to_its_characters() {
        let decoded = Decoded::of_base64(" eyJhIjoxfQ==").expect("text");
        assert_eq!((decoded.raw(&(0..3)), decoded.raw(&(5..6))), (1..5, 7..9));
        let lines = Decoded::of_base64("eyJh\r\nIjox\nfQ").expect("text");
        assert_eq!((lines.text.as_str(), lines.raw(&(3..6)), lines.raw(&(6..7))), ("{\"a\":1}", 6..10, 11..13));
        let decoded = Decoded::of_base64("eyJhIjoxfQ==").expect("text");
        assert_eq!(decoded.text, "{\"a\":1}");
        assert_eq!(decoded.raw(&(0..3)), 0..4);
        assert_eq!(decoded.raw(&(5..6)), 6..8);
        let Err(NoText::Bytes(bytes, places)) = Decoded::of_base64(" _-7_") else { panic!("no text") };
        assert_eq!((bytes, places.raw(&(0..3))), (vec![0xff, 0xee, 0xff], 1..5));
        assert_eq!(Decoded::of_base64("not base64"), Err(NoText::NoBase64));
    }
}
