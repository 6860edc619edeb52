//! The trait of what can be read, and the way in.

use serde::de::{Deserializer, Error, Expected, Unexpected};

use super::error::{Fault, JsonError};
use super::number::Number;
use super::reader::{DEEPEST_JSON, Reader};

/// A value that the reader fills in place.
///
/// Places, and not results: a struct then is a table of names and a reader for each place, and one loop reads every
/// struct there is. A place that was read with an error may be half filled; it is of use to nobody, so whoever made the
/// blank drops it with the error, as `read_json` and `Reader::value` do.
pub trait Read {
    /// Returns a value to fill. Nobody sees it but the reader: what stays of it are the defaults of absent fields.
    fn blank() -> Self
    where
        Self: Sized;

    /// Reads the value that comes next into a place that holds a blank, or was `cleared`.
    ///
    /// # Errors
    /// The first mistake.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault>;

    /// Makes the place ready to be read whatever it holds, such as the default of a field. Nothing needs to be done
    /// where reading replaces the whole; an object would keep the fields that the document does not name.
    fn cleared(&mut self) -> &mut Self
    where
        Self: Sized,
    {
        self
    }
}

/// Reads a document that must fill `bytes` to the end.
///
/// # Errors
/// The first mistake, with its place.
pub fn read_json<T: Read>(bytes: &[u8]) -> Result<T, JsonError> {
    read_json_within(DEEPEST_JSON, bytes)
}

/// Reads a document that must fill `bytes` to the end and nests so many levels deep at most.
///
/// # Errors
/// The first mistake, with its place.
pub fn read_json_within<T: Read>(levels: u8, bytes: &[u8]) -> Result<T, JsonError> {
    let mut whole = T::blank();
    fill(&mut whole, levels, bytes).map(|()| whole)
}

/// Fills a place of one's own. With an error it may be half filled.
///
/// # Errors
/// The first mistake, with its place.
pub fn fill(whole: &mut dyn Read, levels: u8, bytes: &[u8]) -> Result<(), JsonError> {
    walk_json(levels, bytes, &mut |reader| whole.read(reader))
}

/// Hands a document, which must fill `bytes` to the end, to a function that reads its one value.
///
/// # Errors
/// The first mistake, with its place.
pub fn walk_json(
    levels: u8,
    bytes: &[u8],
    walk: &mut dyn FnMut(&mut Reader<'_>) -> Result<(), Fault>,
) -> Result<(), JsonError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| JsonError::new(Fault::syntax("invalid unicode code point"), bytes, error.valid_up_to()))?;
    let mut reader = Reader::new(text, levels);
    let read = walk(&mut reader).and_then(|()| reader.finish());
    read.map_err(|fault| JsonError::new(fault, bytes, reader.place()))
}

/// serde's way in, for native tools and tests, whose documents come through serde_json: the value is written as a text
/// and read by the one reader. The Worker never takes it.
///
/// # Errors
/// The first mistake.
pub fn read_through_serde<'de, T: Read, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value: serde_json::Value = serde::Deserialize::deserialize(deserializer)?;
    read_json(value.to_string().as_bytes()).map_err(|error| D::Error::custom(error.message))
}

/// Implements serde's `Deserialize` for types whose `Read` is written by hand.
#[macro_export]
macro_rules! deserialize_as_read {
    ($($kind:ty),*) => {$(
        impl<'de> serde::Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::read_through_serde(deserializer)
            }
        }
    )*};
}

/// What kind of value comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the kinds of JSON")]
pub enum Kind {
    Null,
    Flag,
    Number,
    Text,
    List,
    Object,
}

impl Reader<'_> {
    /// Reads a new value.
    ///
    /// # Errors
    /// The first mistake.
    pub fn value<T: Read>(&mut self) -> Result<T, Fault> {
        let mut value = T::blank();
        value.read(self).map(|()| value)
    }

    /// Returns the kind of the value that comes next; None where no value begins.
    pub fn kind(&mut self) -> Option<Kind> {
        match self.peek()? {
            b'n' => Some(Kind::Null),
            b't' | b'f' => Some(Kind::Flag),
            b'-' | b'0'..=b'9' => Some(Kind::Number),
            b'"' => Some(Kind::Text),
            b'[' => Some(Kind::List),
            b'{' => Some(Kind::Object),
            _ => None,
        }
    }

    /// Says that the value that comes next is not the one expected.
    #[cold]
    pub fn mismatch(&mut self, expected: &str) -> Fault {
        self.unexpected(&expected).unwrap_or_else(|fault| fault)
    }

    fn unexpected(&mut self, expected: &dyn Expected) -> Result<Fault, Fault> {
        let found = match self.kind() {
            Some(Kind::Null) => {
                self.word("null")?;
                Unexpected::Other("null")
            }
            Some(Kind::Flag) => Unexpected::Bool(self.flag_here()?),
            Some(Kind::Number) => match self.number()? {
                Number::Unsigned(number) => Unexpected::Unsigned(number),
                Number::Signed(number) => Unexpected::Signed(number),
                Number::Float(number) => Unexpected::Float(number),
            },
            Some(Kind::Text) => Unexpected::Str(self.string()?),
            Some(Kind::List) => Unexpected::Seq,
            Some(Kind::Object) => Unexpected::Map,
            None if self.peek().is_none() => return Err(Fault::end("a value")),
            None => return Err(Fault::syntax("expected value")),
        };
        Ok(Error::invalid_type(found, expected))
    }

    /// Goes to a value that must be of a kind.
    pub(super) fn expect(&mut self, kind: Kind, expected: &str) -> Result<(), Fault> {
        if self.kind() == Some(kind) { Ok(()) } else { Err(self.mismatch(expected)) }
    }

    /// Takes `null`, if it is what comes next.
    pub(super) fn takes_null(&mut self) -> Result<bool, Fault> {
        let is_null = self.kind() == Some(Kind::Null);
        if is_null {
            self.word("null")?;
        }
        Ok(is_null)
    }

    /// Takes a flag, whose first letter was seen.
    fn flag_here(&mut self) -> Result<bool, Fault> {
        let is_true = self.peek() == Some(b't');
        self.word(if is_true { "true" } else { "false" }).map(|()| is_true)
    }

    pub(super) fn flag(&mut self, expected: &str) -> Result<bool, Fault> {
        self.expect(Kind::Flag, expected)?;
        self.flag_here()
    }

    /// Takes a text.
    ///
    /// # Errors
    /// When it is none.
    pub fn text(&mut self, expected: &str) -> Result<&str, Fault> {
        self.expect(Kind::Text, expected)?;
        self.string()
    }

    pub(super) fn number_for(&mut self, expected: &str) -> Result<Number, Fault> {
        self.expect(Kind::Number, expected)?;
        self.number()
    }
}
