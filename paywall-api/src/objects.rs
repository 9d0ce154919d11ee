//! Is what should be an object one? Serde's derived structs also take an array, field by field, so that an answer of
//! another shape could pass as a success. Here they take an object and nothing else.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, Visitor};

/// Reads `json` to its end, every struct in it from an object.
///
/// What a type reads through a buffer is out of reach: `#[serde(flatten)]`, untagged and internally tagged enums. No
/// generated type has one.
pub(crate) fn read<'de, T: Deserialize<'de>>(json: &'de str) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = T::deserialize(Objects(&mut deserializer))?;
    deserializer.end()?;
    Ok(value)
}

/// Asks what it wraps for a map where a type asks for a struct, at every depth, and hands on all else untouched: names,
/// by which `serde_json` knows raw values, and borrowed text included.
///
/// It wraps deserialisers on their way to a type, and visitors and seeds on their way back.
pub(crate) struct Objects<T>(pub(crate) T);

macro_rules! asks {
    ($($method:ident($($name:ident: $argument:ty),*)),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $argument,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($name,)* Objects(visitor))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Objects(visitor))
    }

    asks! {
        deserialize_any(), deserialize_ignored_any(), deserialize_identifier(),
        deserialize_bool(), deserialize_char(), deserialize_str(), deserialize_string(),
        deserialize_i8(), deserialize_i16(), deserialize_i32(), deserialize_i64(), deserialize_i128(),
        deserialize_u8(), deserialize_u16(), deserialize_u32(), deserialize_u64(), deserialize_u128(),
        deserialize_f32(), deserialize_f64(), deserialize_bytes(), deserialize_byte_buf(),
        deserialize_option(), deserialize_unit(), deserialize_unit_struct(name: &'static str),
        deserialize_newtype_struct(name: &'static str), deserialize_seq(), deserialize_tuple(len: usize),
        deserialize_tuple_struct(name: &'static str, len: usize), deserialize_map(),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

macro_rules! takes {
    ($($method:ident: $value:ty),* $(,)?) => {$(
        fn $method<E: de::Error>(self, value: $value) -> Result<V::Value, E> {
            self.0.$method(value)
        }
    )*};
}

/// Whatever has parts comes wrapped, so that its parts do.
macro_rules! takes_parts {
    ($($method:ident: $parts:path),* $(,)?) => {$(
        fn $method<P: $parts>(self, parts: P) -> Result<V::Value, P::Error> {
            self.0.$method(Objects(parts))
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Objects<V> {
    type Value = V::Value;

    takes! {
        visit_bool: bool, visit_char: char, visit_str: &str, visit_borrowed_str: &'de str, visit_string: String,
        visit_i8: i8, visit_i16: i16, visit_i32: i32, visit_i64: i64, visit_i128: i128,
        visit_u8: u8, visit_u16: u16, visit_u32: u32, visit_u64: u64, visit_u128: u128,
        visit_f32: f32, visit_f64: f64,
        visit_bytes: &[u8], visit_borrowed_bytes: &'de [u8], visit_byte_buf: Vec<u8>,
    }

    takes_parts! {
        visit_some: Deserializer<'de>, visit_newtype_struct: Deserializer<'de>,
        visit_seq: de::SeqAccess<'de>, visit_map: de::MapAccess<'de>, visit_enum: de::EnumAccess<'de>,
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Objects<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Objects(deserializer))
    }
}

impl<'de, A: de::SeqAccess<'de>> de::SeqAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: de::MapAccess<'de>> de::MapAccess<'de> for Objects<A> {
    type Error = A::Error;

    /// A key of JSON is a text, and has no parts.
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: de::EnumAccess<'de>> de::EnumAccess<'de> for Objects<A> {
    type Error = A::Error;
    type Variant = Objects<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (name, variant) = self.0.variant_seed(seed)?;
        Ok((name, Objects(variant)))
    }
}

impl<'de, A: de::VariantAccess<'de>> de::VariantAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Objects(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, Objects(visitor))
    }

    /// To be asked for a struct, `serde_json` would take an array. In JSON a variant holds a struct as it holds any
    /// other one value.
    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, A::Error> {
        self.0.newtype_variant_seed(Map(visitor))
    }
}

/// Reads a map into a visitor.
struct Map<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Map<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_map(Objects(self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_json::value::RawValue;

    use super::*;
    use crate::{Amount, Secret};

    /// Every field is optional, as in most answers, so that `[]` and `[null]` would do.
    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Answer {
        #[serde(skip_serializing_if = "Option::is_none")]
        price: Option<Amount>,
        #[serde(skip_serializing_if = "Option::is_none")]
        next: Option<Box<Answer>>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        list: Vec<Answer>,
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        map: BTreeMap<String, Answer>,
        #[serde(skip_serializing_if = "Option::is_none")]
        newtype: Option<Newtype>,
        #[serde(skip_serializing_if = "Option::is_none")]
        pair: Option<(i64, Box<Answer>)>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        ways: Vec<Way>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Newtype(Box<Answer>);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Way {
        None,
        One(Answer),
        Two(i64, Answer),
        Named { price: Option<Amount>, next: Option<Answer> },
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "kind", content = "what")]
    enum Adjacent {
        Full(Answer),
    }

    /// Every place of [`Answer`] where an object may stand, as `%`.
    const PLACES: [&str; 10] = [
        "%",
        r#"{"next":%}"#,
        r#"{"list":[{},%]}"#,
        r#"{"map":{"a":%}}"#,
        r#"{"newtype":%}"#,
        r#"{"pair":[1,%]}"#,
        r#"{"ways":["None",{"One":%}]}"#,
        r#"{"ways":[{"Two":[1,%]}]}"#,
        r#"{"ways":[{"Named":{"price":null,"next":%}}]}"#,
        r#"{"next":{"list":[{"map":{"a":{"ways":[{"Named":{"next":%}}]}}}]}}"#,
    ];

    fn category<T>(result: serde_json::Result<T>) -> Option<serde_json::error::Category> {
        result.err().map(|error| error.classify())
    }

    #[test]
    fn only_an_object_is_an_object() {
        for place in PLACES {
            assert!(read::<Answer>(&place.replace('%', r#"{"new":[1,{"a":2}]}"#)).is_ok(), "{place}");
            for other in ["[]", "[null]", r#"["1.00"]"#, "[[]]", "[{}]", "\"\"", "\"text\"", "0", "-1.5", "1e2", "true"]
            {
                let json = place.replace('%', other);
                assert_eq!(category(read::<Answer>(&json)), Some(serde_json::error::Category::Data), "{json}");
            }
        }
    }

    #[test]
    fn a_variant_with_fields_is_an_object() {
        let array = r#"{"Named":[1.00,null]}"#;
        assert!(serde_json::from_str::<Way>(array).is_ok(), "what this module is for");
        assert!(read::<Way>(array).is_err());
        assert!(read::<Way>(r#"{"Named":{"price":1.00}}"#).is_ok());
        for odd in [r#"{"Named":"x"}"#, r#"{"Named":1}"#, "\"Named\"", r#"["Named",{}]"#, r#"{"None":{}}"#] {
            assert!(read::<Way>(odd).is_err(), "{odd}");
        }
        let full: Adjacent = read(r#"{"kind":"Full","what":{}}"#).expect("full");
        assert_eq!(full, Adjacent::Full(Answer::default()));
        assert!(read::<Adjacent>(r#"["Full",{}]"#).is_err());
        assert!(read::<Adjacent>(r#"{"kind":"Full","what":[]}"#).is_err());
    }

    #[test]
    fn amounts_are_kept_to_the_digit_everywhere() {
        for place in PLACES {
            let json = place.replace('%', r#"{"price":9007199254740993.00}"#);
            let read: Answer = read(&json).expect(place);
            assert!(serde_json::to_string(&read).expect(place).contains("\"price\":9007199254740993.00"), "{json}");
        }
        let list: Vec<Option<Amount>> = read("[1.00,null,-0.0]").expect("list");
        assert_eq!(serde_json::to_string(&list).expect("list"), "[1.00,null,-0.0]");
        for odd in ["\"1.00\"", "1e2", "[1.00]", "{}", r#"{"$serde_json::private::RawValue":"1.00"}"#] {
            assert!(read::<Amount>(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn text_is_borrowed_where_it_was() {
        #[derive(Deserialize)]
        struct Borrowing<'a> {
            text: &'a str,
            #[serde(borrow)]
            cow: Cow<'a, str>,
            #[serde(borrow)]
            raw: Vec<&'a RawValue>,
            owned: (String, Box<RawValue>, Secret),
        }
        let json = r#"{"text":"ş","cow":"a","raw":[ {"a": 1.00} ,"b"],"owned":["\u015f",1.00,"hush"],"new":0}"#;
        let read: Borrowing<'_> = super::read(json).expect("json");
        assert!(json.as_bytes().as_ptr_range().contains(&read.text.as_ptr()));
        assert!(matches!(read.cow, Cow::Borrowed("a")));
        assert_eq!(read.raw.iter().map(|raw| raw.get()).collect::<Vec<_>>(), [r#"{"a": 1.00}"#, "\"b\""]);
        assert_eq!((read.owned.0.as_str(), read.owned.1.get(), read.owned.2.expose()), ("ş", "1.00", "hush"));
        assert!(super::read::<&str>(r#""\u015f""#).is_err(), "what is escaped cannot be borrowed");
    }

    #[test]
    fn all_else_is_as_serde_json_reads_it() {
        fn same<'de, T: Deserialize<'de> + fmt::Debug>(json: &'de str) {
            let (ours, theirs) = (read::<T>(json), serde_json::from_str::<T>(json));
            assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{json}");
        }
        for json in
            ["null", "true", "1", "-1", "1.5", "300", "\"a\"", "\"\\n\"", "[1,2]", "{}", "{\"1\":2}", "", "[1", "{} x"]
        {
            same::<Option<bool>>(json);
            same::<u8>(json);
            same::<i128>(json);
            same::<f64>(json);
            same::<char>(json);
            same::<&str>(json);
            same::<String>(json);
            same::<()>(json);
            same::<(u8, u8)>(json);
            same::<Vec<u8>>(json);
            same::<BTreeMap<u8, u8>>(json);
            same::<serde_json::Value>(json);
            same::<serde_json::Number>(json);
            same::<de::IgnoredAny>(json);
        }
        // Duplicates, gaps, wrong types: with place and text, as ever.
        for json in [r#"{"next":{},"next":{}}"#, "{\n\"list\":[{},\n7]}", r#"{"next":[]}"#, r#"{"ways":["No"]}"#] {
            assert!(read::<Answer>(json).is_err(), "{json}");
        }
        same::<Answer>(r#"{"next":{},"next":{}}"#);
        same::<Answer>("{\n\"list\":[{},\n7]}");
        same::<Answer>(r#"{"ways":["No"]}"#);
    }

    #[test]
    fn deep_nesting_is_an_error_and_never_an_overflow() {
        const DEEP: usize = 60_000;
        for (open, close) in [
            ("{\"next\":", "}"),
            ("{\"list\":[", "]}"),
            ("{\"newtype\":", "}"),
            ("{\"ways\":[{\"One\":", "}]}"),
            ("[", "]"),
        ] {
            for json in [open.repeat(DEEP), format!("{}{{}}{}", open.repeat(DEEP), close.repeat(DEEP))] {
                assert!(read::<Answer>(&json).is_err(), "{open}");
                assert!(read::<serde_json::Value>(&json).is_err(), "{open}");
            }
        }
        let ignored = format!(r#"{{"new":{}{}}}"#, "[".repeat(DEEP), "]".repeat(DEEP));
        assert_eq!(read::<Answer>(&ignored).expect("nothing reads it"), Answer::default());
    }
}
