//! serde's side of the reader: which type asks for what. Each function of a type is a few calls of `Reader`.

use serde::Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Error, Expected, Unexpected, Visitor};

use super::error::{Fault, JsonError};
use super::inside::{Inside, UnitName};
use super::number::{Number, parse_number};
use super::raw::RAW;
use super::text::Reader;

/// Reads a document that must fill `bytes` to the end.
///
/// # Errors
/// The first mistake, with its place.
pub fn read_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    read_json_as(std::marker::PhantomData::<T>, bytes)
}

/// Reads a document with a reader of one's own, in place of a type's.
///
/// # Errors
/// The first mistake, with its place.
pub fn read_json_as<'de, S: DeserializeSeed<'de>>(seed: S, bytes: &'de [u8]) -> Result<S::Value, JsonError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| JsonError::new(Fault::syntax("invalid unicode code point"), bytes, error.valid_up_to()))?;
    let mut reader = Reader::new(text);
    let value = seed.deserialize(&mut reader);
    let value = value.and_then(|value| reader.finish().map(|()| value));
    value.map_err(|fault| JsonError::new(fault, bytes, reader.place()))
}

impl Reader<'_> {
    /// Says that the value here is of another type than the one expected.
    #[cold]
    fn mismatch(&mut self, expected: &dyn Expected) -> Fault {
        let found = match self.peek() {
            None => return Fault::end("a value"),
            Some(b'n') => match self.word("null") {
                Ok(()) => Unexpected::Other("null"),
                Err(fault) => return fault,
            },
            Some(b'[') => Unexpected::Seq,
            Some(b'{') => Unexpected::Map,
            Some(b'"') => match self.string() {
                Ok(text) => return Error::invalid_type(Unexpected::Str(text), expected),
                Err(fault) => return fault,
            },
            Some(b't' | b'f') => match self.flag() {
                Ok(flag) => Unexpected::Bool(flag),
                Err(fault) => return fault,
            },
            Some(b'-' | b'0'..=b'9') => match self.number() {
                Ok(Number::Unsigned(number)) => Unexpected::Unsigned(number),
                Ok(Number::Signed(number)) => Unexpected::Signed(number),
                Ok(Number::Float(number)) => Unexpected::Float(number),
                Err(fault) => return fault,
            },
            Some(_) => return Fault::syntax("expected value"),
        };
        Error::invalid_type(found, expected)
    }

    fn flag(&mut self) -> Result<bool, Fault> {
        let is_true = self.peek() == Some(b't');
        self.word(if is_true { "true" } else { "false" }).map(|()| is_true)
    }

    /// Goes to a value that must begin with `byte`.
    fn expect(&mut self, byte: u8, expected: &dyn Expected) -> Result<(), Fault> {
        if self.peek() == Some(byte) { Ok(()) } else { Err(self.mismatch(expected)) }
    }

    fn string_for(&mut self, expected: &dyn Expected) -> Result<&str, Fault> {
        self.expect(b'"', expected)?;
        self.string()
    }

    fn number_for(&mut self, expected: &dyn Expected) -> Result<Number, Fault> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.mismatch(expected)),
        }
    }

    /// Reads an object's name that is a number.
    pub(super) fn number_in_name(&mut self, expected: &dyn Expected) -> Result<Number, Fault> {
        let name = self.string_for(expected)?;
        match parse_number(name.as_bytes()) {
            Ok((number, length)) if length == name.len() => Ok(number),
            _ => Err(Error::invalid_type(Unexpected::Str(name), expected)),
        }
    }
}

/// Hands a number to whoever asked for one.
pub(super) fn visit_number<'de, V: Visitor<'de>>(number: Number, visitor: V) -> Result<V::Value, Fault> {
    match number {
        Number::Unsigned(number) => visitor.visit_u64(number),
        Number::Signed(number) => visitor.visit_i64(number),
        Number::Float(number) => visitor.visit_f64(number),
    }
}

macro_rules! numbers {
    ($($ask:ident)*) => {
        $(fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let number = self.number_for(&visitor)?;
            visit_number(number, visitor)
        })*
    };
}

macro_rules! texts {
    ($($ask:ident)*) => {
        $(fn $ask<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let text = self.string_for(&visitor)?;
            visitor.visit_str(text)
        })*
    };
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.peek() {
            Some(b'n') => {
                self.word("null")?;
                visitor.visit_unit()
            }
            Some(b't' | b'f') => visitor.visit_bool(self.flag()?),
            Some(b'"') => visitor.visit_str(self.string()?),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            _ => {
                let number = self.number_for(&visitor)?;
                visit_number(number, visitor)
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.peek() {
            Some(b't' | b'f') => visitor.visit_bool(self.flag()?),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    numbers!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64);

    texts!(deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf deserialize_identifier);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.peek() == Some(b'n') {
            self.word("null")?;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.expect(b'n', &visitor)?;
        self.word("null")?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Fault> {
        if name == RAW {
            return visitor.visit_str(self.skip()?);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.expect(b'[', &visitor)?;
        self.open()?;
        let value = visitor.visit_seq(Inside::new(self))?;
        self.close(b']').map(|()| value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.expect(b'{', &visitor)?;
        self.open()?;
        let value = visitor.visit_map(Inside::new(self))?;
        self.close(b'}').map(|()| value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_map(visitor)
    }

    /// The name of a variant without data; no other enum travels as JSON here.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let name = UnitName(self.string_for(&visitor)?);
        visitor.visit_enum(name)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.skip()?;
        visitor.visit_unit()
    }
}
