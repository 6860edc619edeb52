//! Writing: compact JSON, byte for byte as serde_json writes it.
//!
//! serde's derive says what to write; this says how. All that does not depend on a type exists once, where serde_json's
//! writer repeats commas, quotation marks and errors of an output that cannot fail in every field of every struct.

use std::fmt::Display;

use serde::ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple};
use serde::{Serialize, Serializer};

use super::text::{push_float, push_integer, push_quoted};

/// Returns a value as JSON. What no JSON can say (a list as the name of a member) is never asked of it; it would be an
/// empty text.
pub fn write_json<T: Serialize + ?Sized>(value: &T) -> String {
    written(&mut |writer| value.serialize(writer))
}

/// What does not depend on the type of the value.
fn written(write: &mut dyn FnMut(&mut Writer) -> Written) -> String {
    let mut writer = Writer { text: String::with_capacity(128) };
    match write(&mut writer) {
        Ok(()) => writer.text,
        Err(Unwritable) => String::new(),
    }
}

/// What is written so far.
struct Writer {
    text: String,
}

impl Writer {
    fn word(&mut self, word: &str) {
        self.text.push_str(word);
    }

    fn open(&mut self, bracket: char, closes: char) -> Inside<'_> {
        self.text.push(bracket);
        Inside { writer: self, closes }
    }
}

/// The members of an open list or object.
struct Inside<'a> {
    writer: &'a mut Writer,
    closes: char,
}

impl Inside<'_> {
    fn is_first(&self) -> bool {
        matches!(self.writer.text.as_bytes().last(), Some(b'[' | b'{'))
    }

    /// Puts a comma before every member but the first.
    fn next(&mut self) {
        if !self.is_first() {
            self.writer.text.push(',');
        }
    }

    /// The name of a field, which is an identifier: nothing in it needs an escape.
    fn name(&mut self, name: &'static str) {
        self.next();
        // Single characters are stored; a text is copied by a call of the host's, which costs more than a short name.
        let text = &mut self.writer.text;
        text.push('"');
        text.push_str(name);
        text.push('"');
        text.push(':');
    }

    /// Names are texts: quotes what was written as a number from a place on.
    fn end_name(&mut self, start: usize) -> Written {
        let text = &mut self.writer.text;
        match text.as_bytes().get(start) {
            Some(b'"') => {}
            Some(b'-' | b'0'..=b'9') => {
                text.insert(start, '"');
                text.push('"');
            }
            _ => return Err(Unwritable),
        }
        text.push(':');
        Ok(())
    }

    fn close(self) -> Written {
        self.writer.text.push(self.closes);
        Ok(())
    }
}

impl SerializeSeq for Inside<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.next();
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeTuple for Inside<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeMap for Inside<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.next();
        let start = self.writer.text.len();
        key.serialize(&mut *self.writer)?;
        self.end_name(start)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl SerializeStruct for Inside<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.name(name);
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

macro_rules! numbers {
    ($($ask:ident $kind:ty;)*) => {
        $(fn $ask(self, number: $kind) -> Written {
            push_integer(&mut self.text, number);
            Ok(())
        })*
    };
}

impl<'a> Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Inside<'a>;
    type SerializeTuple = Inside<'a>;
    type SerializeTupleStruct = Impossible<(), Unwritable>;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Inside<'a>;
    type SerializeStruct = Inside<'a>;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    numbers! {
        serialize_i8 i8; serialize_i16 i16; serialize_i32 i32; serialize_i64 i64;
        serialize_u8 u8; serialize_u16 u16; serialize_u32 u32; serialize_u64 u64;
    }

    fn serialize_f64(self, number: f64) -> Written {
        push_float(&mut self.text, number);
        Ok(())
    }

    fn serialize_bool(self, flag: bool) -> Written {
        self.word(if flag { "true" } else { "false" });
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Written {
        push_quoted(&mut self.text, text);
        Ok(())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Written {
        self.serialize_str(&value.to_string())
    }

    fn serialize_unit(self) -> Written {
        self.word("null");
        Ok(())
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside<'a>, Unwritable> {
        Ok(self.open('[', ']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside<'a>, Unwritable> {
        Ok(self.open('[', ']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside<'a>, Unwritable> {
        Ok(self.open('{', '}'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Inside<'a>, Unwritable> {
        Ok(self.open('{', '}'))
    }

    // What no type of ours needs.

    fn serialize_f32(self, _: f32) -> Written {
        Err(Unwritable)
    }

    fn serialize_char(self, _: char) -> Written {
        Err(Unwritable)
    }

    /// Writes JSON that was written before (`RawJson`).
    fn serialize_bytes(self, json: &[u8]) -> Written {
        self.word(std::str::from_utf8(json).map_err(|_| Unwritable)?);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Err(Unwritable)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &str, _: u32, _: &str, _: &T) -> Written {
        Err(Unwritable)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable)
    }
}

type Written = Result<(), Unwritable>;

/// A value that no JSON can say.
#[derive(Debug)]
struct Unwritable;

impl Display for Unwritable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cannot be said in JSON")
    }
}

impl std::error::Error for Unwritable {}

impl serde::ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn check(value: &(impl Serialize + ?Sized)) {
        assert_eq!(write_json(value), serde_json::to_string(value).unwrap());
    }

    #[test]
    fn what_is_written_is_what_serde_json_writes() {
        let every: String = (0..=0x2FF_u32).filter_map(char::from_u32).collect();
        check(&json!({"a": [1, -1, 1.5, 1e300, -0.0, true, null, [], {}, [[]]], "": {"x": {}}, every.as_str(): every}));
        check(&(1_u8, "é\u{7f}😀\\\"", None::<u8>, Some(Some(i64::MIN)), u64::MAX, f64::NAN, 1e21, 0.1_f64));
        check(&BTreeMap::from([(-7, "x"), (8, "y")]));
        check(&BTreeMap::from([("b", BTreeMap::from([(u64::MAX, ())]))]));
    }

    #[test]
    fn a_list_is_no_name() {
        assert_eq!(write_json(&BTreeMap::from([(vec![1], 2)])), "");
    }
}
