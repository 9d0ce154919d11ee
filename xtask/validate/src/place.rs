//! Where in a file does a byte stand, and what stands around it?

use std::cell::OnceCell;
use std::ops::Range;

/// A place in a file, as editors tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// From one.
    pub line: usize,
    /// From one, in characters (Unicode scalar values).
    pub column: usize,
    /// From zero, in bytes of the file.
    pub offset: usize,
}

impl Place {
    /// The first byte of a file.
    pub const START: Self = Self { line: 1, column: 1, offset: 0 };

    /// Where one is, behind some bytes that begin here.
    fn behind(self, bytes: &[u8]) -> Self {
        let offset = self.offset + bytes.len();
        match memchr::memrchr(b'\n', bytes) {
            None => Self { column: self.column + characters(bytes), offset, ..self },
            Some(end) => {
                let line = self.line + memchr::memchr_iter(b'\n', bytes).count();
                Self { line, column: 1 + characters(&bytes[end + 1..]), offset }
            }
        }
    }
}

/// How many characters begin in some bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// How many bytes are counted at once: a place is sought in as many at most.
const STRIDE: usize = 4096;

/// Tells places in a text, in any order, however long its lines are.
#[derive(Debug)]
pub struct Places<'t> {
    bytes: &'t [u8],
    first: Place,
    /// The place of each stride's first byte.
    strides: OnceCell<Vec<Place>>,
}

impl<'t> Places<'t> {
    /// Of a text whose first byte stands at `first`.
    #[must_use]
    pub fn new(bytes: &'t [u8], first: Place) -> Self {
        Self { bytes, first, strides: OnceCell::new() }
    }

    /// Where a byte stands; one behind the end stands at the end.
    #[must_use]
    pub fn at(&self, byte: usize) -> Place {
        let byte = byte.min(self.bytes.len());
        let stride = byte / STRIDE;
        let start = if stride == 0 { self.first } else { self.strides()[stride - 1] };
        start.behind(&self.bytes[stride * STRIDE..byte])
    }

    fn strides(&self) -> &[Place] {
        self.strides.get_or_init(|| {
            let advance = |place: &mut Place, stride: &[u8]| {
                *place = place.behind(stride);
                Some(*place)
            };
            self.bytes.chunks_exact(STRIDE).scan(self.first, advance).collect()
        })
    }
}

/// The part of a line that is worth showing: all of it, or what stands around a place of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its bytes.
    pub range: Range<usize>,
    /// Whether the line begins earlier.
    pub cut_before: bool,
    /// Whether the line goes on.
    pub cut_behind: bool,
}

impl Window {
    /// Whether all of a stretch of the text stands in it.
    #[must_use]
    pub fn shows(&self, span: &Range<usize>) -> bool {
        self.range.start <= span.start && span.end <= self.range.end
    }
}

/// A line as long as this is shown whole.
const WHOLE: usize = 160;
/// How many bytes a longer one shows before the place, and behind it.
const BEFORE: usize = 60;
const BEHIND: usize = 90;

/// What to show of the line that a byte stands on.
#[must_use]
pub fn window(text: &str, byte: usize) -> Window {
    let bytes = text.as_bytes();
    let byte = byte.min(bytes.len());
    let low = byte.saturating_sub(WHOLE);
    let high = (byte + WHOLE).min(bytes.len());
    let start = memchr::memrchr(b'\n', &bytes[low..byte]).map(|end| low + end + 1).or((low == 0).then_some(0));
    let end = memchr::memchr(b'\n', &bytes[byte..high]).map(|end| byte + end);
    let end = end.or((high == bytes.len()).then_some(high)).map(|end| without_return(bytes, byte, end));
    match (start, end) {
        (Some(start), Some(end)) if end - start <= WHOLE => {
            Window { range: start..end, cut_before: false, cut_behind: false }
        }
        _ => cut(text, byte, start, end),
    }
}

/// A line may end in a carriage return as well.
fn without_return(bytes: &[u8], byte: usize, end: usize) -> usize {
    if end > byte && bytes[end - 1] == b'\r' { end - 1 } else { end }
}

fn cut(text: &str, byte: usize, start: Option<usize>, end: Option<usize>) -> Window {
    let from = boundary(text, byte.saturating_sub(BEFORE)).max(start.unwrap_or(0));
    let to = boundary(text, (byte + BEHIND).min(text.len())).min(end.unwrap_or(usize::MAX));
    Window { range: from..to, cut_before: start != Some(from), cut_behind: end != Some(to) }
}

/// Where the character begins that a byte belongs to.
#[must_use]
pub fn boundary(text: &str, byte: usize) -> usize {
    let back = (0..=byte.min(text.len())).rev();
    back.into_iter().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: usize, column: usize, offset: usize) -> Place {
        Place { line, column, offset }
    }

    #[test]
    fn columns_are_characters() {
        let text = "a\nü😀x\r\n\nb";
        let places = Places::new(text.as_bytes(), Place::START);
        assert_eq!(places.at(0), place(1, 1, 0));
        assert_eq!(places.at(8), place(2, 3, 8));
        assert_eq!(places.at(12), place(4, 1, 12));
        assert_eq!(places.at(99), place(4, 2, text.len()));
    }

    #[test]
    fn places_in_a_long_text_are_those_of_a_count_from_its_start() {
        let text = "x".repeat(5000) + "\n" + &"ü\n".repeat(4000) + &"é".repeat(9000);
        let places = Places::new(text.as_bytes(), place(7, 3, 10));
        for byte in [0, 1, 4095, 4096, 4097, 5000, 5001, 8191, 8192, 12288, 17000, 20000, 30000, text.len()] {
            let byte = boundary(&text, byte);
            assert_eq!(places.at(byte), place(7, 3, 10).behind(&text.as_bytes()[..byte]), "{byte}");
        }
    }

    #[test]
    fn a_short_line_is_shown_whole_and_a_long_one_around_the_place() {
        let text = "first\r\nsecond\r\n";
        assert_eq!(window(text, 9), Window { range: 7..13, cut_before: false, cut_behind: false });
        assert_eq!(window(text, 13).range, 7..13);
        let text = "ü".repeat(5000);
        let shown = window(&text, 4001);
        assert!(shown.cut_before && shown.cut_behind && shown.range.contains(&4001));
        assert!(text.is_char_boundary(shown.range.start) && text.is_char_boundary(shown.range.end));
        assert!(!window(&text, 0).cut_before && !window(&text, text.len()).cut_behind);
    }
}
