//! Objects and lists: one loop for all structs, one for all maps, one for all lists.

use serde::de::Error;

use super::error::Fault;
use super::read::{Kind, Read};
use super::reader::Reader;

/// What `derive(Read)` knows of a struct.
pub struct Shape {
    /// What is expected, for messages: `struct Item`.
    pub expected: &'static str,
    /// The names of the fields.
    pub names: &'static [&'static str],
    /// One bit for each field that must be there.
    pub required: u64,
    /// True when an unknown name is a mistake.
    pub denies_unknown: bool,
}

/// The fields of a struct, by their index in `Shape::names`.
pub trait Fields {
    /// Reads a field's value; past the last one, passes over it.
    ///
    /// # Errors
    /// The first mistake.
    fn read_field(&mut self, index: usize, reader: &mut Reader<'_>) -> Result<(), Fault>;
}

impl Shape {
    /// Returns the index of a name; one past the end for a name that is passed over.
    fn index_of(&self, name: &str, seen: &mut u64) -> Result<usize, Fault> {
        let Some(index) = self.names.iter().position(|known| *known == name) else {
            return if self.denies_unknown {
                Err(Fault::unknown_field(name, self.names).of_name())
            } else {
                Ok(self.names.len())
            };
        };
        let bit = 1 << index;
        if *seen & bit != 0 {
            return Err(Fault::duplicate_field(self.name_at(index)));
        }
        *seen |= bit;
        Ok(index)
    }

    fn name_at(&self, index: usize) -> &'static str {
        self.names.get(index).copied().unwrap_or_default()
    }
}

impl Reader<'_> {
    /// Reads an object into the fields of a struct.
    ///
    /// # Errors
    /// The first mistake: besides those of the values, a name that is unknown, stands twice or is missing.
    pub fn object(&mut self, shape: &'static Shape, fields: &mut dyn Fields) -> Result<(), Fault> {
        self.expect(Kind::Object, shape.expected)?;
        self.open()?;
        let (mut seen, mut is_first) = (0_u64, true);
        while self.next_name(&mut is_first)? {
            let index = shape.index_of(self.string()?, &mut seen)?;
            self.colon()?;
            fields.read_field(index, self)?;
        }
        let missing = shape.required & !seen;
        if missing != 0 {
            return Err(Fault::missing_field(shape.name_at(missing.trailing_zeros() as usize)));
        }
        self.close(b'}')
    }

    /// Passes over one value.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn pass_over(&mut self) -> Result<(), Fault> {
        self.skip().map(|_| ())
    }

    /// Reads an object member by member: `each` is given the name and reads the value.
    ///
    /// # Errors
    /// The first mistake.
    pub fn members(
        &mut self,
        expected: &str,
        each: &mut dyn FnMut(&mut Self, String) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.expect(Kind::Object, expected)?;
        self.open()?;
        let mut is_first = true;
        while self.next_name(&mut is_first)? {
            let name = self.string()?.to_owned();
            self.colon()?;
            each(self, name)?;
        }
        self.close(b'}')
    }

    /// Reads a list element by element: `each` reads one.
    ///
    /// # Errors
    /// The first mistake.
    pub fn elements(
        &mut self,
        expected: &str,
        each: &mut dyn FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.expect(Kind::List, expected)?;
        self.open()?;
        let mut is_first = true;
        while self.next_element(&mut is_first)? {
            each(self)?;
        }
        self.close(b']')
    }

    /// Reads a list of fixed length into the places of its elements.
    ///
    /// # Errors
    /// The first mistake: besides those of the elements, another length.
    pub fn tuple(&mut self, places: &mut [&mut dyn Read]) -> Result<(), Fault> {
        self.of_length(places, |reader, place| place.read(reader))
    }

    /// Reads a list of numbers of fixed length.
    ///
    /// # Errors
    /// The first mistake: besides those of the numbers, another length.
    pub fn numbers(&mut self, places: &mut [f64]) -> Result<(), Fault> {
        self.of_length(places, |reader, place| place.read(reader))
    }

    fn of_length<T>(
        &mut self,
        places: &mut [T],
        read: impl Fn(&mut Self, &mut T) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let size = places.len();
        if self.kind() != Some(Kind::List) {
            return Err(self.mismatch(&tuple_of(size)));
        }
        self.open()?;
        let mut is_first = true;
        for (index, place) in places.iter_mut().enumerate() {
            if !self.next_element(&mut is_first)? {
                return Err(Fault::invalid_length(index, &tuple_of(size).as_str()));
            }
            read(self, place)?;
        }
        self.close(b']')
    }

    fn grow(&mut self, list: &mut dyn List) -> Result<(), Fault> {
        self.elements("a sequence", &mut |reader| list.read_next(reader))
    }

    /// Reads an object into a map.
    ///
    /// # Errors
    /// The first mistake: besides those of names and values, a key that stands twice.
    pub fn enter(&mut self, map: &mut dyn Entries) -> Result<(), Fault> {
        self.expect(Kind::Object, "a map")?;
        self.open()?;
        let (mut count, mut is_first) = (0, true);
        while self.next_name(&mut is_first)? {
            let place = map.entry(self.string()?)?;
            self.colon()?;
            place.read(self)?;
            count += 1;
            // The last of two would win silently, and another reader may see the first.
            if map.count() != count {
                return Err(Fault::custom("a key stands twice"));
            }
        }
        self.close(b'}')
    }
}

fn tuple_of(size: usize) -> String {
    format!("a tuple of size {size}")
}

/// A list, whatever its elements are.
trait List {
    /// Reads one more element.
    fn read_next(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault>;
}

impl<T: Read> List for Vec<T> {
    fn read_next(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.push(T::blank());
        self.last_mut().map_or(Ok(()), |last| last.read(reader))
    }
}

impl<T: Read> Read for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.clear();
        reader.grow(self)
    }
}

/// A map, whatever its keys and values are.
pub trait Entries {
    /// The place of a name's value, a new one or the one that is there.
    ///
    /// # Errors
    /// When no key has that name.
    fn entry(&mut self, name: &str) -> Result<&mut dyn Read, Fault>;

    /// Number of entries.
    fn count(&self) -> usize;
}
