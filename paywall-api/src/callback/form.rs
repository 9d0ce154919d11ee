//! What does a form say? The first value of a name counts, the others are kept. A field that cannot be read is refused
//! where a claim or a hash needs it, and spoils nothing else.

use serde::de::value::{Error, MapDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use zeroize::Zeroizing;

use super::claim_error::{ClaimError, ClaimErrorKind, misfit};
use super::fields::Field;
use crate::{FormPair, pointer};

/// The documented forms have about twenty fields.
const MOST_PAIRS: usize = 256;

/// The pairs of an `application/x-www-form-urlencoded` body, in their order.
#[derive(Default)]
pub(super) struct Form {
    pairs: Vec<(String, Zeroizing<Vec<u8>>)>,
}

impl Form {
    /// Reads a body of not too many pairs. A name that is not UTF-8 is nobody's.
    pub(super) fn read(body: &[u8]) -> Result<Self, ClaimError> {
        let read = |pair: FormPair<'_>| Some((pair.name.text()?, Zeroizing::new(pair.value.bytes())));
        let mut pairs = FormPair::all(body);
        let form = Self { pairs: pairs.by_ref().take(MOST_PAIRS).filter_map(read).collect() };
        if pairs.next().is_some() {
            let found = format!("the form has more than {MOST_PAIRS} pairs: expected about twenty");
            return Err(ClaimError::new(ClaimErrorKind::TooMany, found));
        }
        Ok(form)
    }

    /// Every value of a name, in their order, as it was received.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// The first value of the name at `place`, which is `/name`.
    pub(super) fn field(&self, place: &str) -> Result<Field, ClaimError> {
        let mut path = pointer::keys(place);
        let (Some(name), None) = (path.next(), path.next()) else {
            return Ok(Field::Absent);
        };
        let Some(value) = self.all(&name).next() else {
            return Ok(Field::Absent);
        };
        std::str::from_utf8(value).map(Field::of_text).map_err(|_| {
            let found = "a field of the form that a claim or a hash is read from is not utf-8";
            ClaimError::new(ClaimErrorKind::NotUtf8, found).at(place)
        })
    }

    /// The first values as the type of the contract. One that cannot be read is left out.
    pub(super) fn content<T: DeserializeOwned>(&self) -> Result<T, ClaimError> {
        let pairs = self.firsts().map(|(name, value)| (name, Value(std::str::from_utf8(value).ok())));
        let read = serde_path_to_error::deserialize(MapDeserializer::<_, Error>::new(pairs));
        read.map_err(|error| misfit(error.path()))
    }

    fn firsts(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let is_first = |at: usize, name: &str| !self.pairs[..at].iter().any(|(earlier, _)| earlier == name);
        let pairs = self.pairs.iter().enumerate();
        pairs
            .filter(move |(at, (name, _))| is_first(*at, name))
            .map(|(_, (name, value))| (name.as_str(), value.as_slice()))
    }
}

/// A value of a form: a text, whatever wraps it, or nothing where it is not UTF-8.
struct Value<'f>(Option<&'f str>);

impl<'f> Value<'f> {
    fn text(&self) -> Result<&'f str, Error> {
        self.0.ok_or_else(|| Error::custom("not utf-8"))
    }
}

impl IntoDeserializer<'_, Error> for Value<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Value<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_some() { visitor.visit_some(self) } else { visitor.visit_none() }
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
        StrDeserializer::new(self.text()?).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::Personal;

    fn read(body: &str) -> Form {
        read_bytes(body.as_bytes())
    }

    fn read_bytes(body: &[u8]) -> Form {
        Form::read(body).expect("a form")
    }

    fn refused(body: &[u8]) -> ClaimErrorKind {
        Form::read(body).err().expect("refused").kind()
    }

    #[test]
    fn a_field_that_cannot_be_read_is_refused_only_where_it_is_needed() {
        let form = read_bytes(b"uniqueCode=%DE&uniqueCode=ORDER-1&errorMessage=i%FElem&\xff=1&amount=1%");
        let error = form.field("/uniqueCode").err().expect("the first value counts");
        assert_eq!((error.kind(), error.path()), (ClaimErrorKind::NotUtf8, Some("/uniqueCode")));
        assert!(matches!(form.field("/amount"), Ok(Field::Text(text)) if *text == "1%"));
        assert!(matches!(form.field("/absent"), Ok(Field::Absent)));
        assert_eq!(form.all("errorMessage").collect::<Vec<_>>(), [b"i\xfelem"]);
    }

    #[test]
    fn the_content_leaves_out_what_cannot_be_read() {
        #[derive(Debug, Deserialize)]
        struct Lenient {
            text: Option<String>,
            code: Option<String>,
        }
        #[derive(Debug, Deserialize)]
        struct Strict {
            #[expect(dead_code, reason = "it is there to be missed")]
            text: String,
        }
        let form = read_bytes(b"text=%DE&text=second&unknown=%DE&code=ORDER-1");
        let content: Lenient = form.content().expect("content");
        assert_eq!((content.text, content.code.as_deref()), (None, Some("ORDER-1")));
        let error = form.content::<Strict>().expect_err("a field that must be there");
        assert_eq!((error.kind(), error.path()), (ClaimErrorKind::Content, Some("/text")));
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
        assert_eq!(form.all("text").collect::<Vec<_>>(), [b"1", b"2"]);
        let error = read("text=1&word=hush").content::<Content>().expect_err("no such word");
        assert_eq!((error.kind(), error.path()), (ClaimErrorKind::Content, Some("/word")));
        assert!(!format!("{error} {error:?}").contains("hush"));
    }
}
