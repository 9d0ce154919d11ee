//! What does a form say? Pairs of names and values, as text: the first value of a name counts, the others are kept.

use serde::de::value::{Error, MapDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use zeroize::Zeroizing;

use super::claim_error::{ClaimError, ClaimErrorKind, misfit};
use super::fields::{Field, keys};

/// The documented forms have about twenty fields.
const MOST_PAIRS: usize = 256;

/// The pairs of an `application/x-www-form-urlencoded` body, in their order.
#[derive(Default)]
pub(super) struct Form {
    pairs: Vec<(String, Zeroizing<String>)>,
}

impl Form {
    /// Refuses what no browser writes: a broken escape, and text that is not UTF-8.
    pub(super) fn read(body: &[u8]) -> Result<Self, ClaimError> {
        let mut pairs = Vec::new();
        for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == MOST_PAIRS {
                let found = format!("the form has more than {MOST_PAIRS} pairs: expected about twenty");
                return Err(ClaimError::new(ClaimErrorKind::TooMany, found));
            }
            let end_of_name = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let value = pair.get(end_of_name + 1..).unwrap_or_default();
            pairs.push((text(&pair[..end_of_name])?, Zeroizing::new(text(value)?)));
        }
        Ok(Self { pairs })
    }

    /// Every value of a name, in their order.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first value of the name at `place`, which is `/name`.
    pub(super) fn field(&self, place: &str) -> Field {
        let mut path = keys(place);
        let (Some(name), None) = (path.next(), path.next()) else {
            return Field::Absent;
        };
        self.all(&name).next().map_or(Field::Absent, Field::of_text)
    }

    /// The first values as the type of the contract.
    pub(super) fn content<T: DeserializeOwned>(&self) -> Result<T, ClaimError> {
        let pairs = self.firsts().map(|(name, value)| (name, Value(value)));
        let read = serde_path_to_error::deserialize(MapDeserializer::<_, Error>::new(pairs));
        read.map_err(|error| misfit(error.path()))
    }

    fn firsts(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_first = |at: usize, name: &str| !self.pairs[..at].iter().any(|(earlier, _)| earlier == name);
        let pairs = self.pairs.iter().enumerate();
        pairs
            .filter(move |(at, (name, _))| is_first(*at, name))
            .map(|(_, (name, value))| (name.as_str(), value.as_str()))
    }
}

/// Takes the escapes out of a name or a value. What it allocates is never more than what came.
fn text(written: &[u8]) -> Result<String, ClaimError> {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => escaped(rest.next(), rest.next())?,
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| ClaimError::new(ClaimErrorKind::NotUtf8, "a field of the form is not utf-8"))
}

fn escaped(high: Option<u8>, low: Option<u8>) -> Result<u8, ClaimError> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (Some(high), Some(low)) = (digit(high), digit(low)) else {
        let found = "a percent sign of the form escapes nothing: expected two hex digits after it";
        return Err(ClaimError::new(ClaimErrorKind::Escape, found));
    };
    Ok(high << 4 | low)
}

/// A value of a form: a text, whatever wraps it.
struct Value<'f>(&'f str);

impl IntoDeserializer<'_, Error> for Value<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        StrDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::Personal;

    fn read(body: &str) -> Form {
        Form::read(body.as_bytes()).expect(body)
    }

    fn refused(body: &[u8]) -> ClaimErrorKind {
        Form::read(body).err().expect("refused").kind()
    }

    #[test]
    fn escapes_are_taken_out_of_names_and_values() {
        let form = read("%75niqueCode=a%2Bb+c%C5%9F%26d=e&empty=&nothing&&=unnamed&");
        assert_eq!(form.all("uniqueCode").collect::<Vec<_>>(), ["a+b cş&d=e"]);
        assert_eq!(form.all("empty").chain(form.all("nothing")).collect::<Vec<_>>(), ["", ""]);
        assert_eq!(form.all("").collect::<Vec<_>>(), ["unnamed"]);
        assert_eq!(form.pairs.len(), 4);
        assert!(read("").pairs.is_empty() && read("&&&&").pairs.is_empty());
    }

    #[test]
    fn what_no_browser_writes_is_refused() {
        for body in [&b"a=%"[..], b"a=%4", b"a=%zz", b"a=%+1", b"%=1", b"a=100%&b=41", b"a=%\xc4\x9f1"] {
            assert_eq!(refused(body), ClaimErrorKind::Escape);
        }
        for body in [&b"a=\xff"[..], b"a=%ff", b"\xc5=1", b"a=%C5&b=%9F", b"%C5=%9F", b"a=%ed%a0%80", b"a=%c0%80"] {
            assert_eq!(refused(body), ClaimErrorKind::NotUtf8);
        }
    }

    #[test]
    fn pairs_are_counted() {
        assert_eq!(read(&"a=1&".repeat(MOST_PAIRS)).all("a").count(), MOST_PAIRS);
        assert_eq!(refused("a=1&".repeat(MOST_PAIRS + 1).as_bytes()), ClaimErrorKind::TooMany);
        let many: Vec<String> = (0..10_000).map(|number| format!("{number}=1")).collect();
        assert_eq!(refused(many.join("&").as_bytes()), ClaimErrorKind::TooMany);
    }

    #[test]
    fn the_content_is_of_first_values() {
        #[derive(Debug, PartialEq, Deserialize)]
        enum Word {
            Success,
        }
        #[derive(Debug, PartialEq, Deserialize)]
        struct Code(String);
        #[derive(Debug, PartialEq, Deserialize)]
        struct Content {
            text: Option<String>,
            code: Option<Code>,
            personal: Option<Personal>,
            word: Option<Word>,
            absent: Option<String>,
        }
        let form = read("text=1&text=2&new=3&new=4&code=&personal=p&word=Success&word=Other");
        let expected = Content {
            text: Some("1".to_owned()),
            code: Some(Code(String::new())),
            personal: Some("p".into()),
            word: Some(Word::Success),
            absent: None,
        };
        assert_eq!(form.content::<Content>().expect("content"), expected);
        assert_eq!(form.all("text").collect::<Vec<_>>(), ["1", "2"]);
        let error = read("text=1&word=hush").content::<Content>().expect_err("no such word");
        assert_eq!((error.kind(), error.path()), (ClaimErrorKind::Content, Some("/word")));
        assert!(!format!("{error} {error:?}").contains("hush"));
    }
}
