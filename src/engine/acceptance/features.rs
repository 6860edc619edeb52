//! What is known of one offer to one person, as named features. A row is filled, read and cleared, and keeps its memory,
//! so that no event needs any of its own. What a feature weighs is not known here.

use crate::math::hash64_of;

/// Numbers beyond are taken for this: their squares stay far from infinity.
const LARGEST_NUMBER: f64 = 1e15;
/// The digits of the square root of two, as a double has them after its exponent.
const ROOT_OF_TWO_DIGITS: u64 = std::f64::consts::SQRT_2.to_bits() & DIGITS;
/// A double's bits below its exponent.
const DIGITS: u64 = (1 << 52) - 1;

/// What a feature contributes before its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    /// The feature is there: 1.
    Present,
    /// A number, which the learner brings to -1..1 with the mean and the spread that it saw so far.
    Number(f64),
}

/// A feature of a row: its hash, its value, and where its name stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Feature {
    pub(super) key: u64,
    pub(super) value: Value,
    name_from: u32,
    name_to: u32,
}

/// The features of one event, in the order of their hashes: in which order they were given makes no difference, and a
/// feature that is given twice counts once, as it was given first.
///
/// The name is the feature: `job=student`, `job=student&month=may`, `age`, `age#10`, `age=?`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeatureRow {
    names: String,
    features: Vec<Feature>,
}

impl FeatureRow {
    /// Makes an empty row.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets the features and keeps the memory.
    pub fn clear(&mut self) {
        self.names.clear();
        self.features.clear();
    }

    /// Returns how many features the row has. A number has two: itself, and the bin that it falls in.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// True when nothing is known.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Adds that a column has a value.
    pub fn category(&mut self, column: &str, value: &str) {
        let from = self.names.len();
        self.push_category(column, value);
        self.insert(from, Value::Present);
    }

    /// Adds that two columns have these values together.
    pub fn pair(&mut self, first: (&str, &str), second: (&str, &str)) {
        let from = self.names.len();
        self.push_category(first.0, first.1);
        self.names.push('&');
        self.push_category(second.0, second.1);
        self.insert(from, Value::Present);
    }

    /// Adds a number: the number itself, and its bin. Bin `#n` holds sizes from `2^(n/2)` to below `2^((n+1)/2)`, `#-(n)`
    /// the same below zero, `#zero` nothing else. NaN and infinity say that nothing is known, as the category `?`.
    pub fn number(&mut self, column: &str, number: f64) {
        if !number.is_finite() {
            return self.category(column, "?");
        }
        let number = number.clamp(-LARGEST_NUMBER, LARGEST_NUMBER);
        let from = self.names.len();
        self.names.push_str(column);
        self.insert(from, Value::Number(number));
        // The bin's name goes on where the number's name ends.
        self.names.push('#');
        match bin_of(number) {
            None => self.names.push_str("zero"),
            Some(bin) if number < 0.0 => {
                self.names.push_str("-(");
                push_integer(&mut self.names, bin);
                self.names.push(')');
            }
            Some(bin) => push_integer(&mut self.names, bin),
        }
        self.insert(from, Value::Present);
    }

    /// Features by hash ascending.
    pub(super) fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The name of a feature of this row.
    pub(super) fn name(&self, feature: &Feature) -> &str {
        self.names.get(feature.name_from as usize..feature.name_to as usize).unwrap_or_default()
    }

    fn push_category(&mut self, column: &str, value: &str) {
        self.names.push_str(column);
        self.names.push('=');
        self.names.push_str(value);
    }

    fn insert(&mut self, name_from: usize, value: Value) {
        let key = hash64_of(self.names.get(name_from..).unwrap_or_default());
        let (name_from, name_to) = (name_from as u32, self.names.len() as u32);
        if let Err(place) = self.features.binary_search_by_key(&key, |feature| feature.key) {
            self.features.insert(place, Feature { key, value, name_from, name_to });
        }
    }
}

/// Returns the bin of a number's size, `floor(2 log2 |x|)`, read off its bits; None for zero. Half octaves tell the ages of
/// a life apart with five bins, and need no scale. Sizes below 2^-1022 share the last bins.
fn bin_of(number: f64) -> Option<i32> {
    let bits = number.abs().to_bits();
    let octave = (bits >> 52) as i32 - 1023;
    (bits != 0).then_some(2 * octave + i32::from(bits & DIGITS >= ROOT_OF_TWO_DIGITS))
}

/// Writes an integer; the standard library's way takes as long as the rest of a feature.
fn push_integer(text: &mut String, integer: i32) {
    if integer < 0 {
        text.push('-');
    }
    let (mut rest, mut place) = (integer.unsigned_abs(), 1);
    while rest / place >= 10 {
        place *= 10;
    }
    while place > 0 {
        text.push(char::from(b'0' + (rest / place) as u8));
        rest %= place;
        place /= 10;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    fn names(row: &FeatureRow) -> Vec<&str> {
        let mut names: Vec<&str> = row.features().iter().map(|feature| row.name(feature)).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_number_is_itself_and_a_half_octave() {
        let cases = [
            (1.0, "n#0"),
            (1.42, "n#1"),
            (2.0, "n#2"),
            (0.5, "n#-2"),
            (-2.0, "n#-(2)"),
            (0.0, "n#zero"),
            (-0.0, "n#zero"),
            (f64::MAX, "n#99"),
            (5e-324, "n#-2046"),
            (1e10, "n#66"),
        ];
        for (number, bin) in cases {
            let mut row = FeatureRow::new();
            row.number("n", number);
            assert_eq!(names(&row), ["n", bin], "{number}");
        }
    }

    #[test]
    fn numbers_that_are_none_say_that_nothing_is_known() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut row = FeatureRow::new();
            row.number("n", number);
            assert_eq!(names(&row), ["n=?"]);
        }
    }

    #[test]
    fn a_row_is_a_set_and_its_memory_is_kept() {
        let mut row = FeatureRow::new();
        row.category("job", "student");
        row.category("job", "student");
        row.pair(("job", "student"), ("month", "may"));
        assert_eq!(names(&row), ["job=student", "job=student&month=may"]);
        row.clear();
        assert!(row.is_empty());
        row.category("month", "may");
        assert_eq!((names(&row), row.len()), (vec!["month=may"], 1));
    }
}
