//! Values become JSON without white space, byte for byte as serde_json writes it.

use serde::ser::{self, Serialize, Serializer};

use super::error::WriteError;
use super::name::NameWriter;
use super::text::{push_escaped, push_float, push_integer};

/// Writes a value.
///
/// # Errors
/// When a map has keys that are neither texts nor integers, or when the value's own `Serialize` refuses.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, WriteError> {
    to_string(value).map(String::into_bytes)
}

/// Writes a value as text; the errors are those of [`to_vec`].
///
/// # Errors
/// When a map has keys that are neither texts nor integers, or when the value's own `Serialize` refuses.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, WriteError> {
    written(&mut |writer| value.serialize(writer))
}

/// What does not depend on the type of the value.
fn written(write: &mut dyn FnMut(&mut Writer) -> Result<(), WriteError>) -> Result<String, WriteError> {
    let mut writer = Writer { text: String::with_capacity(128) };
    write(&mut writer).map(|()| writer.text)
}

/// The text so far.
pub(crate) struct Writer {
    text: String,
}

impl Writer {
    /// A comma, unless nothing stands before it. A text ends with a quote, so a bracket here is always one of ours.
    fn separate(&mut self) {
        if !self.text.ends_with(['[', '{']) {
            self.text.push(',');
        }
    }

    fn name(&mut self, name: &str) {
        self.separate();
        push_escaped(&mut self.text, name);
        self.text.push(':');
    }

    fn word(&mut self, word: &str) {
        self.text.push_str(word);
    }
}

/// An open list. What closes it is known from its type, so that it is one pointer.
pub(crate) struct List<'a>(&'a mut Writer);

/// An open object.
pub(crate) struct Object<'a>(&'a mut Writer);

/// The data of a variant, within an object that has the variant's name.
pub(crate) struct Variant<'a>(&'a mut Writer, &'static str);

macro_rules! integers {
    ($($method:ident: $integer:ty as $wide:ty),* $(,)?) => {
        $(fn $method(self, number: $integer) -> Result<(), WriteError> {
            push_integer(&mut self.text, <$wide>::from(number));
            Ok(())
        })*
    };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = WriteError;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = Variant<'a>;
    type SerializeMap = Object<'a>;
    type SerializeStruct = Object<'a>;
    type SerializeStructVariant = Variant<'a>;

    integers! {
        serialize_i8: i8 as i64, serialize_i16: i16 as i64, serialize_i32: i32 as i64, serialize_i64: i64 as i64,
        serialize_u8: u8 as u64, serialize_u16: u16 as u64, serialize_u32: u32 as u64, serialize_u64: u64 as u64,
    }

    fn serialize_bool(self, flag: bool) -> Result<(), WriteError> {
        self.word(if flag { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, number: f32) -> Result<(), WriteError> {
        push_float(&mut self.text, number);
        Ok(())
    }

    fn serialize_f64(self, number: f64) -> Result<(), WriteError> {
        push_float(&mut self.text, number);
        Ok(())
    }

    fn serialize_char(self, character: char) -> Result<(), WriteError> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), WriteError> {
        push_escaped(&mut self.text, text);
        Ok(())
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), WriteError> {
        bytes.serialize(self)
    }

    fn serialize_none(self) -> Result<(), WriteError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), WriteError> {
        self.word("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), WriteError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), WriteError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), WriteError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), WriteError> {
        self.word("{");
        self.name(variant);
        value.serialize(&mut *self)?;
        self.word("}");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List<'a>, WriteError> {
        self.word("[");
        Ok(List(self))
    }

    fn serialize_tuple(self, _: usize) -> Result<List<'a>, WriteError> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'a>, WriteError> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Variant<'a>, WriteError> {
        self.word("{");
        self.name(variant);
        self.word("[");
        Ok(Variant(self, "]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Object<'a>, WriteError> {
        self.word("{");
        Ok(Object(self))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'a>, WriteError> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Variant<'a>, WriteError> {
        self.word("{");
        self.name(variant);
        self.word("{");
        Ok(Variant(self, "}}"))
    }
}

macro_rules! lists {
    ($($open:ident: $kind:ident $method:ident),* $(,)?) => {
        $(impl ser::$kind for $open<'_> {
            type Ok = ();
            type Error = WriteError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
                self.0.separate();
                value.serialize(&mut *self.0)
            }

            fn end(self) -> Result<(), WriteError> {
                self.close();
                Ok(())
            }
        })*
    };
}

lists! {
    List: SerializeSeq serialize_element,
    List: SerializeTuple serialize_element,
    List: SerializeTupleStruct serialize_field,
    Variant: SerializeTupleVariant serialize_field,
}

macro_rules! objects {
    ($($open:ident: $kind:ident),* $(,)?) => {
        $(impl ser::$kind for $open<'_> {
            type Ok = ();
            type Error = WriteError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), WriteError> {
                self.0.name(name);
                value.serialize(&mut *self.0)
            }

            fn end(self) -> Result<(), WriteError> {
                self.close();
                Ok(())
            }
        })*
    };
}

objects! { Object: SerializeStruct, Variant: SerializeStructVariant }

impl ser::SerializeMap for Object<'_> {
    type Ok = ();
    type Error = WriteError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), WriteError> {
        self.0.separate();
        key.serialize(NameWriter(&mut self.0.text))?;
        self.0.word(":");
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        value.serialize(&mut *self.0)
    }

    fn end(self) -> Result<(), WriteError> {
        self.close();
        Ok(())
    }
}

impl List<'_> {
    fn close(self) {
        self.0.word("]");
    }
}

impl Object<'_> {
    fn close(self) {
        self.0.word("}");
    }
}

impl Variant<'_> {
    fn close(self) {
        self.0.word(self.1);
    }
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;
