//! Flags, numbers, texts, and what wraps one value.

use serde::de::{Error, Unexpected};

use super::error::Fault;
use super::names::{FromName, number_in_name};
use super::number::Number;
use super::read::Read;
use super::reader::Reader;

impl Read for bool {
    fn blank() -> Self {
        false
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = reader.flag("a boolean")?;
        Ok(())
    }
}

impl Read for f64 {
    fn blank() -> Self {
        0.0
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = match reader.number_for("f64")? {
            Number::Unsigned(number) => number as f64,
            Number::Signed(number) => number as f64,
            Number::Float(number) => number,
        };
        Ok(())
    }
}

fn refused(number: Number, expected: &str) -> Fault {
    match number {
        Number::Unsigned(number) => Fault::invalid_value(Unexpected::Unsigned(number), &expected),
        Number::Signed(number) => Fault::invalid_value(Unexpected::Signed(number), &expected),
        Number::Float(number) => Fault::invalid_type(Unexpected::Float(number), &expected),
    }
}

fn unsigned(number: Number, expected: &str, most: u64) -> Result<u64, Fault> {
    match number {
        Number::Unsigned(number) if number <= most => Ok(number),
        _ => Err(refused(number, expected)),
    }
}

fn signed(number: Number, expected: &str, least: i64, most: i64) -> Result<i64, Fault> {
    match number {
        Number::Unsigned(small) if small <= most.unsigned_abs() => Ok(small as i64),
        Number::Signed(small) if small >= least => Ok(small),
        _ => Err(refused(number, expected)),
    }
}

impl Reader<'_> {
    /// Takes a number; None when it was not written as an integer, or does not fit.
    ///
    /// # Errors
    /// When it is no number.
    pub fn integer(&mut self) -> Result<Option<i64>, Fault> {
        Ok(match self.number_for("a number")? {
            Number::Unsigned(number) => i64::try_from(number).ok(),
            Number::Signed(number) => Some(number),
            Number::Float(_) => None,
        })
    }
}

macro_rules! integers {
    ($($kind:ident $name:literal $fit:ident ($($limit:expr),*);)*) => {$(
        impl Read for $kind {
            fn blank() -> Self {
                0
            }

            fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
                *self = $fit(reader.number_for($name)?, $name, $($limit),*)? as $kind;
                Ok(())
            }
        }

        impl FromName for $kind {
            fn from_name(name: &str) -> Result<Self, Fault> {
                Ok($fit(number_in_name(name, $name)?, $name, $($limit),*)? as $kind)
            }
        }
    )*};
}

integers! {
    u8 "u8" unsigned (u8::MAX.into());
    u16 "u16" unsigned (u16::MAX.into());
    u32 "u32" unsigned (u32::MAX.into());
    u64 "u64" unsigned (u64::MAX);
    i16 "i16" signed (i16::MIN.into(), i16::MAX.into());
    i32 "i32" signed (i32::MIN.into(), i32::MAX.into());
    i64 "i64" signed (i64::MIN, i64::MAX);
}

impl Read for String {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = reader.text("a string")?.to_owned();
        Ok(())
    }
}

impl<T: Read> Read for Option<T> {
    fn blank() -> Self {
        None
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = None;
        if reader.takes_null()? { Ok(()) } else { self.insert(T::blank()).read(reader) }
    }
}

impl<T: Read> Read for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.as_mut().read(reader)
    }

    fn cleared(&mut self) -> &mut Self {
        self.as_mut().cleared();
        self
    }
}

impl<A: Read, B: Read> Read for (A, B) {
    fn blank() -> Self {
        (A::blank(), B::blank())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        reader.tuple(&mut [&mut self.0, &mut self.1])
    }

    fn cleared(&mut self) -> &mut Self {
        self.0.cleared();
        self.1.cleared();
        self
    }
}
