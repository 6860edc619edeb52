//! JSON that is signed or secret, read without mercy. What a field means is decided by the reader of the value.
//!
//! Two readers that disagree about a document are how forged tokens get in: a name given twice is refused at any
//! depth, and a number that is not an integer is never rounded into one.

use std::fmt;

use nearside_engine::types::{JsonError, SortedMap, read_json_as};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The members of a JSON object; each name appears once.
pub(super) type Fields = SortedMap<String, Json>;

/// Tokens and key lists are flat; eight levels is the limit for every document Nearside reads.
const DEEPEST_NESTING: u8 = 8;

/// A JSON value, as far as tokens and keys need to tell values apart.
#[derive(Debug, PartialEq)]
pub(super) enum Json {
    /// A number written as an integer that fits `i64`.
    Integer(i64),
    Text(String),
    List(Vec<Json>),
    Object(Fields),
    /// `null`, `true`, `false`, and every number that is not an `i64` integer (`1.0`, `1e3`, `-0`).
    Other,
}

/// Reads one JSON document that must fill `bytes` to the end.
///
/// # Errors
/// The error knows line and column; its message may quote the input, so it is not for showing.
pub(super) fn read(bytes: &[u8]) -> Result<Json, JsonError> {
    read_json_as(Nested { levels_left: DEEPEST_NESTING }, bytes)
}

/// Reads one JSON object; `None` for anything else.
pub(super) fn read_object(bytes: &[u8]) -> Option<Fields> {
    match read(bytes) {
        Ok(Json::Object(fields)) => Some(fields),
        _ => None,
    }
}

struct Nested {
    levels_left: u8,
}

impl Nested {
    fn one_level_down<E: Error>(&self) -> Result<u8, E> {
        self.levels_left.checked_sub(1).ok_or_else(|| E::custom("nested too deep"))
    }
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Json, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Other)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Json, E> {
        Ok(Json::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json, E> {
        Ok(i64::try_from(number).map_or(Json::Other, Json::Integer))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        let levels_left = self.one_level_down()?;
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(Nested { levels_left })? {
            list.push(element);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let levels_left = self.one_level_down()?;
        let mut fields = Fields::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(Nested { levels_left })?;
            if fields.insert(name, value).is_some() {
                return Err(A::Error::custom("a name appears twice"));
            }
        }
        Ok(Json::Object(fields))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Json>) {
        assert_eq!(read(text.as_bytes()).ok(), expected, "{text}");
    }

    #[test]
    fn only_numbers_written_as_integers_are_integers() {
        check("7", Some(Json::Integer(7)));
        check("-7", Some(Json::Integer(-7)));
        check("9223372036854775807", Some(Json::Integer(i64::MAX)));
        check("9223372036854775808", Some(Json::Other));
        check("7.0", Some(Json::Other));
        check("7e0", Some(Json::Other));
        check("-0", Some(Json::Other));
        check("1e308", Some(Json::Other));
        check("1e999", None);
        check("07", None);
        check("+7", None);
        check("NaN", None);
    }

    #[test]
    fn a_name_given_twice_is_refused_at_any_depth_and_in_any_spelling() {
        assert!(read_object(br#"{"a":1,"b":{"a":1}}"#).is_some());
        check(r#"{"a":1,"a":1}"#, None);
        check(r#"{"a":1,"\u0061":2}"#, None);
        check(r#"{"b":{"a":1,"a":2}}"#, None);
        check(r#"[{"a":1,"a":2}]"#, None);
    }

    #[test]
    fn eight_levels_are_read_and_nine_are_not() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(nested(8).as_bytes()).is_ok());
        assert!(read(nested(9).as_bytes()).is_err());
        assert!(read(nested(100_000).as_bytes()).is_err());
    }

    #[test]
    fn the_document_must_fill_the_bytes_and_be_utf_8() {
        check(r#"{} {}"#, None);
        check(r#"{},"#, None);
        check("", None);
        check("\u{feff}{}", None);
        check(r#""\ud800""#, None);
        assert!(read(b"\"\xff\"").is_err());
        assert!(read_object(b"[]").is_none());
    }
}
