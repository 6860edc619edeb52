//! JSON that is signed or secret, read without mercy. What a field means is decided by the reader of the value.
//!
//! Two readers that disagree about a document are how forged tokens get in: a name given twice is refused at any
//! depth, and a number that is not an integer is never rounded into one.

use nearside_engine::types::SortedMap;
use nearside_json::{Fault, JsonError, Kind, RawJson, Read, Reader, read_json_within};

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
    read_json_within(DEEPEST_NESTING, bytes)
}

/// Reads one JSON object; `None` for anything else.
pub(super) fn read_object(bytes: &[u8]) -> Option<Fields> {
    match read(bytes) {
        Ok(Json::Object(fields)) => Some(fields),
        _ => None,
    }
}

impl Read for Json {
    fn blank() -> Self {
        Self::Other
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = match reader.kind() {
            Some(Kind::Text) => Self::Text(reader.value()?),
            Some(Kind::List) => Self::List(reader.value()?),
            Some(Kind::Object) => Self::Object(reader.value()?),
            Some(Kind::Number) => reader.integer()?.map_or(Self::Other, Self::Integer),
            _ => reader.value::<RawJson>().map(|_| Self::Other)?,
        };
        Ok(())
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
