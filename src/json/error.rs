//! What was wrong with a document, and where.

use std::fmt::{self, Display};

use serde::de::{Expected, Unexpected};

use super::path::{json_path_at, json_path_of_whole};
use crate::{PlainNumber, Quoted};

/// What kind of mistake a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonMistake {
    /// It is not JSON.
    Syntax,
    /// It is JSON of another shape than the one asked for.
    Shape,
    /// It ends too early.
    End,
    /// It nests deeper than whoever reads it follows.
    Depth,
}

/// Why a document was not read. The message can repeat parts of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// What kind of mistake it is.
    pub mistake: JsonMistake,
    /// What was found, and what was expected.
    pub message: String,
    /// How many bytes had been read.
    pub at: usize,
    /// The line, from 1.
    pub line: usize,
    /// The bytes of that line that had been read.
    pub column: usize,
    /// True when the mistake is a name that no field has, which the sender chose.
    pub is_of_name: bool,
}

impl JsonError {
    /// `at` is how far the reader came; nothing is read after a mistake.
    pub(super) fn new(fault: Fault, bytes: &[u8], at: usize) -> Self {
        let Told { mistake, message, is_of_whole, is_of_name } = *fault.0;
        let at = at + usize::from(is_of_whole);
        let before = bytes.get(..at).unwrap_or(bytes);
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Self { mistake, message, at, line, column: before.len() - line_start, is_of_name }
    }

    /// Returns where in the document the mistake lies, as a path such as `interactions[7].type`; empty at the root.
    pub fn path(&self, bytes: &[u8]) -> String {
        json_path_at(bytes, self.at)
    }

    /// Returns the path of the object or list that the mistake lies in.
    pub fn path_of_whole(&self, bytes: &[u8]) -> String {
        json_path_of_whole(bytes, self.at)
    }
}

impl Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.message, self.line, self.column)
    }
}

impl std::error::Error for JsonError {}

/// A mistake while it travels up through the types; the reader knows the place. One pointer, since every step of
/// reading returns it.
#[derive(Debug)]
pub struct Fault(Box<Told>);

#[derive(Debug)]
struct Told {
    mistake: JsonMistake,
    message: String,
    /// What is missing from an object is known before its last bracket: it lies in the object, not in its last member.
    is_of_whole: bool,
    is_of_name: bool,
}

impl Fault {
    #[cold]
    pub(super) fn new(mistake: JsonMistake, message: String) -> Self {
        Self(Box::new(Told { mistake, message, is_of_whole: false, is_of_name: false }))
    }

    #[cold]
    fn of_whole(message: String) -> Self {
        Self(Box::new(Told { mistake: JsonMistake::Shape, message, is_of_whole: true, is_of_name: false }))
    }

    /// A value of another shape than the one asked for.
    #[cold]
    pub fn shape(message: &str) -> Self {
        Self::new(JsonMistake::Shape, message.to_owned())
    }

    /// The same mistake, of a name that the sender chose.
    #[cold]
    pub(super) fn of_name(mut self) -> Self {
        self.0.is_of_name = true;
        self
    }

    #[cold]
    pub(super) fn syntax(message: &str) -> Self {
        Self::new(JsonMistake::Syntax, message.to_owned())
    }

    #[cold]
    pub(super) fn end(what: &str) -> Self {
        Self::new(JsonMistake::End, format!("EOF while parsing {what}"))
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    #[cold]
    fn custom<T: Display>(message: T) -> Self {
        Self::new(JsonMistake::Shape, message.to_string())
    }

    #[cold]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid type: {}, expected {expected}", Found(found)))
    }

    #[cold]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid value: {}, expected {expected}", Found(found)))
    }

    #[cold]
    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::of_whole(format!("invalid length {length}, expected {expected}"))
    }

    #[cold]
    fn missing_field(field: &'static str) -> Self {
        Self::of_whole(format!("missing field `{field}`"))
    }
}

/// What was found, in serde's words. Its own text of a number would link the standard library's printer of doubles.
struct Found<'a>(Unexpected<'a>);

impl Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unexpected::Bool(flag) => write!(f, "boolean `{flag}`"),
            Unexpected::Unsigned(number) => write!(f, "integer `{number}`"),
            Unexpected::Signed(number) => write!(f, "integer `{number}`"),
            Unexpected::Float(number) => {
                let text = PlainNumber(number).to_string();
                let point = if number.is_finite() && !text.contains('.') { ".0" } else { "" };
                write!(f, "floating point `{text}{point}`")
            }
            Unexpected::Str(text) => write!(f, "string {}", Quoted(text)),
            Unexpected::Unit => f.write_str("unit value"),
            Unexpected::Seq => f.write_str("sequence"),
            Unexpected::Map => f.write_str("map"),
            Unexpected::NewtypeStruct => f.write_str("newtype struct"),
            Unexpected::Other(text) => f.write_str(text),
            _ => f.write_str("another kind of value"),
        }
    }
}
