//! JSON without a type of ours: as a tree, or as its text.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::error::Fault;
use super::number::Number;
use super::read::{Kind, Read};
use super::reader::Reader;
use super::write::write_json;

impl Read for Value {
    fn blank() -> Self {
        Self::Null
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = match reader.kind() {
            Some(Kind::Flag) => Self::Bool(reader.value()?),
            Some(Kind::Text) => Self::String(reader.value()?),
            Some(Kind::List) => Self::Array(reader.value()?),
            Some(Kind::Object) => Self::Object(reader.value()?),
            Some(Kind::Number) => match reader.number()? {
                Number::Unsigned(number) => number.into(),
                Number::Signed(number) => number.into(),
                Number::Float(number) => number.into(),
            },
            _ if reader.takes_null()? => Self::Null,
            _ => return Err(reader.mismatch("any valid JSON value")),
        };
        Ok(())
    }
}

impl Read for Map<String, Value> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.clear();
        reader.members("a map", &mut |reader, name| {
            self.insert(name, reader.value()?);
            Ok(())
        })
    }
}

/// The text of one JSON value, as it was sent: for lists whose entries are judged one by one, and for what is handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawJson(String);

impl RawJson {
    /// The JSON of a text.
    pub fn of_text(text: &str) -> Self {
        Self(write_json(text))
    }

    /// The text.
    pub fn get(&self) -> &str {
        &self.0
    }
}

impl Read for RawJson {
    fn blank() -> Self {
        Self(String::new())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.0 = reader.skip()?.to_owned();
        Ok(())
    }
}

/// Only our writer takes bytes, and takes them for JSON.
impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0.as_bytes())
    }
}
