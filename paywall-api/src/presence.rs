//! Is a value there? Serialisation knows it of every type: an absent option is the one that writes nothing.

use std::fmt;

use serde::ser::{self, Impossible, Serialize, Serializer};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// `None`.
    Absent,
    /// An empty text.
    Empty,
    /// Anything else.
    Filled,
}

impl Presence {
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        value.serialize(Probe).unwrap_or(Self::Filled)
    }
}

/// Stops at the first thing that a value writes.
struct Probe;

/// The value began to write something with parts, so it is there.
#[derive(Debug)]
struct HasParts;

impl fmt::Display for HasParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has parts")
    }
}

impl std::error::Error for HasParts {}

impl ser::Error for HasParts {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Probed = Result<Presence, HasParts>;
type Parts = Impossible<Presence, HasParts>;

macro_rules! filled {
    ($($method:ident($($argument:ty),*)),* $(,)?) => {$(
        fn $method(self, $(_: $argument),*) -> Probed {
            Ok(Presence::Filled)
        }
    )*};
}

macro_rules! parts {
    ($($method:ident($($argument:ty),*)),* $(,)?) => {$(
        fn $method(self, $(_: $argument),*) -> Result<Parts, HasParts> {
            Err(HasParts)
        }
    )*};
}

impl Serializer for Probe {
    type Ok = Presence;
    type Error = HasParts;
    type SerializeSeq = Parts;
    type SerializeTuple = Parts;
    type SerializeTupleStruct = Parts;
    type SerializeTupleVariant = Parts;
    type SerializeMap = Parts;
    type SerializeStruct = Parts;
    type SerializeStructVariant = Parts;

    filled! {
        serialize_bool(bool), serialize_char(char),
        serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64),
        serialize_f32(f32), serialize_f64(f64), serialize_bytes(&[u8]), serialize_unit(),
        serialize_unit_struct(&'static str), serialize_unit_variant(&'static str, u32, &'static str),
    }

    parts! {
        serialize_seq(Option<usize>), serialize_tuple(usize), serialize_map(Option<usize>),
        serialize_tuple_struct(&'static str, usize), serialize_struct(&'static str, usize),
        serialize_tuple_variant(&'static str, u32, &'static str, usize),
        serialize_struct_variant(&'static str, u32, &'static str, usize),
    }

    fn serialize_none(self) -> Probed {
        Ok(Presence::Absent)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Probed {
        value.serialize(self)
    }

    fn serialize_str(self, text: &str) -> Probed {
        Ok(if text.is_empty() { Presence::Empty } else { Presence::Filled })
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Probed {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Probed {
        Ok(Presence::Filled)
    }
}
