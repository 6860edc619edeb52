//! What every struct that `derive(Read)` reads has in common: names become indices, once for all types.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

/// Reads the next name of an object as its index in `names`; one past the end for a name that is passed over.
pub struct FieldName<'a> {
    /// The names of the fields.
    pub names: &'static [&'static str],
    /// One bit for each field that was there.
    pub seen: &'a mut u64,
    /// True when an unknown name is a mistake.
    pub denies_unknown: bool,
}

impl<'de> DeserializeSeed<'de> for FieldName<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for FieldName<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("field identifier")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let Some(index) = self.names.iter().position(|known| *known == name) else {
            return if self.denies_unknown { Err(E::unknown_field(name, self.names)) } else { Ok(self.names.len()) };
        };
        let bit = 1 << index;
        if *self.seen & bit != 0 {
            return Err(E::duplicate_field(self.names.get(index).copied().unwrap_or_default()));
        }
        *self.seen |= bit;
        Ok(index)
    }
}

/// The value of a field that must be there.
///
/// # Errors
/// When it was not.
pub fn required<T, E: Error>(value: Option<T>, name: &'static str) -> Result<T, E> {
    value.ok_or_else(|| E::missing_field(name))
}
