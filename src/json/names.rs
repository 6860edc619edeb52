//! What is read from a name alone: keys of maps, and enums without data.

use serde::de::{Error, Unexpected};

use super::error::Fault;
use super::number::{Number, parse_number};
use super::reader::Reader;

/// A key that an object's name stands for.
pub trait FromName: Sized {
    /// Reads a name.
    ///
    /// # Errors
    /// When no key has that name.
    fn from_name(name: &str) -> Result<Self, Fault>;
}

impl FromName for String {
    fn from_name(name: &str) -> Result<Self, Fault> {
        Ok(name.to_owned())
    }
}

/// Reads a name that is a number.
pub(super) fn number_in_name(name: &str, expected: &str) -> Result<Number, Fault> {
    match parse_number(name.as_bytes()) {
        Ok((number, length)) if length == name.len() => Ok(number),
        _ => Err(Error::invalid_type(Unexpected::Str(name), &expected)),
    }
}

/// Returns the index of a variant's name.
///
/// # Errors
/// When no variant has that name.
pub fn variant_named(name: &str, names: &'static [&'static str]) -> Result<usize, Fault> {
    names.iter().position(|known| *known == name).ok_or_else(|| Fault::unknown_variant(name, names))
}

impl Reader<'_> {
    /// Reads the name of a variant without data as its index.
    ///
    /// # Errors
    /// When it is no text, or no variant has that name.
    pub fn variant(&mut self, expected: &str, names: &'static [&'static str]) -> Result<usize, Fault> {
        variant_named(self.text(expected)?, names)
    }
}
