//! What bytes from outside must keep to before anything is made of them. Errors name the place, never the input.

use nearside_json::{DEEPEST_JSON, JsonError, JsonMistake, Read, fill, read_json_within};

use crate::types::split_around;

/// What a route's body must keep to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyLimits {
    /// The most bytes of the whole.
    pub bytes: usize,
    /// The most bytes of one string; texts of items have the pack checker's limits besides.
    pub string_bytes: usize,
    /// The deepest nesting.
    pub depth: usize,
    /// The most entries of a list, or members of an object.
    pub entries: usize,
}

impl BodyLimits {
    /// An ordinary request.
    pub const SMALL: Self = Self { bytes: 16 * 1024, string_bytes: 256, depth: 8, entries: 100 };
    /// A request with a person's free text.
    pub const TEXT: Self = Self { bytes: 16 * 1024, string_bytes: 2_000, depth: 8, entries: 100 };
    /// A request that carries a token or a receipt.
    pub const TOKEN: Self = Self { bytes: 16 * 1024, string_bytes: 3_000, depth: 8, entries: 100 };
    /// The definition of a test, whose conditions nest deeper.
    pub const TEST: Self = Self { bytes: 64 * 1024, string_bytes: 4_000, depth: 16, entries: 200 };
    /// Bulk tracking, candidates, catalogue entries.
    pub const BULK: Self = Self { bytes: 1024 * 1024, string_bytes: 8_000, depth: 8, entries: BULK_ENTRIES };
    /// A signed model, which is no JSON to this reader: only its bytes are counted.
    pub const MODEL: Self = Self { bytes: 8 * 1024 * 1024, string_bytes: 0, depth: 0, entries: 0 };
    /// A pack, whose conditions nest deeper.
    pub const PACK: Self = Self { bytes: 1024 * 1024, string_bytes: 8_000, depth: 16, entries: BULK_ENTRIES };
}

/// The deepest nesting of what a page hands to the engine on its device, where nobody else is to be kept safe: that of the
/// deepest route.
const ARGUMENT_DEPTH: u8 = 16;

/// One more than the deepest nesting of any route.
const MOST_LEVELS: usize = 17;

/// The most entries of a bulk, candidate or catalogue array.
pub const BULK_ENTRIES: usize = 1_000;

/// Why a body was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyRefused {
    /// More bytes than the route takes.
    TooLarge(usize),
    /// Nested deeper than the route takes.
    TooDeep(usize),
    /// A string longer than the route takes.
    StringTooLong(usize),
    /// More entries in one list than the route takes.
    TooMany(usize),
    /// Not the JSON that the route takes: where, and what was expected.
    Shape(String),
}

/// Reads a body: size, depth and string length first, then the strict shape.
///
/// # Errors
/// The first limit that it breaks, or the path at which the shape differs.
pub fn read_body<T: Read>(bytes: &[u8], limits: BodyLimits) -> Result<T, BodyRefused> {
    let mut body = T::blank();
    fill_body(&mut body, bytes, limits).map(|()| body)
}

/// Fills a place of one's own as `read_body` does. With an error it may be half filled.
///
/// # Errors
/// As `read_body`.
pub fn fill_body(body: &mut dyn Read, bytes: &[u8], limits: BodyLimits) -> Result<(), BodyRefused> {
    if bytes.len() > limits.bytes {
        return Err(BodyRefused::TooLarge(limits.bytes));
    }
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(BodyRefused::Shape("the body is not a JSON object".to_owned()));
    }
    scan(bytes, limits)?;
    fill(body, DEEPEST_JSON, bytes).map_err(|error| BodyRefused::Shape(shape_message(bytes, &error)))
}

/// Reads what a page hands to the engine on its own device: any value, of any length.
///
/// # Errors
/// The path at which the shape differs, or that it nests too deep; nothing of the input.
pub fn read_argument<T: Read>(bytes: &[u8]) -> Result<T, BodyRefused> {
    read_json_within(ARGUMENT_DEPTH, bytes).map_err(|error| BodyRefused::Shape(shape_message(bytes, &error)))
}

/// Walks the bytes once, without recursion, counting brackets outside strings.
fn scan(bytes: &[u8], limits: BodyLimits) -> Result<(), BodyRefused> {
    let (mut depth, mut string_length, mut is_escaped) = (0_usize, None, false);
    let mut entries = [0_usize; MOST_LEVELS];
    for byte in bytes {
        if let Some(length) = &mut string_length {
            match byte {
                // The escape itself is counted; of `\u` and its four digits a character has three bytes at most.
                b'u' if is_escaped => (is_escaped, *length) = (false, *length - 2),
                _ if is_escaped => is_escaped = false,
                b'\\' => (is_escaped, *length) = (true, *length + 1),
                b'"' => string_length = None,
                _ => *length += 1,
            }
            if string_length.is_some_and(|length| length > limits.string_bytes as i64) {
                return Err(BodyRefused::StringTooLong(limits.string_bytes));
            }
            continue;
        }
        match byte {
            b'"' => string_length = Some(0_i64),
            b'[' | b'{' => {
                depth += 1;
                if depth > limits.depth {
                    return Err(BodyRefused::TooDeep(limits.depth));
                }
                if let Some(entries) = entries.get_mut(depth) {
                    *entries = 1;
                }
            }
            b',' => {
                if let Some(entries) = entries.get_mut(depth) {
                    *entries += 1;
                    if *entries > limits.entries {
                        return Err(BodyRefused::TooMany(limits.entries));
                    }
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Says where and what kind of mistake it is. serde's own text can repeat names and values of the input, so it is not used.
fn shape_message(bytes: &[u8], error: &JsonError) -> String {
    // An unknown name is the sender's own, and so is what it holds.
    let path = if error.is_of_name { error.path_of_whole(bytes) } else { error.path(bytes) };
    let place = safe_path(before_sent_names(&path));
    match error.mistake {
        JsonMistake::Shape => format!("{place} does not have its documented shape"),
        JsonMistake::End => "the JSON ends too early".to_owned(),
        JsonMistake::Depth => "the body nests too deep".to_owned(),
        JsonMistake::Syntax => {
            format!("the body is not valid JSON at line {}, column {}", error.line, error.column)
        }
    }
}

/// The path up to names that the sender may choose: those of attributes.
fn before_sent_names(path: &str) -> &str {
    split_around(path, "attributes.").map_or(path, |(before, _)| before.trim_end_matches('.'))
}

/// The path if it can only be made of names of ours and indices.
fn safe_path(path: &str) -> String {
    let is_ours = |part: &str| {
        part.len() <= 40
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'[' | b']'))
    };
    let parts: Vec<&str> = path.split('.').take(8).collect();
    if path.is_empty() || !parts.iter().all(|part| is_ours(part)) {
        return "the body".to_owned();
    }
    parts.join(".")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::wire::PreferencesUpdate;
    use nearside_json::RawJson;

    fn check(body: &str, expected: Option<BodyRefused>) {
        assert_eq!(read_body::<PreferencesUpdate>(body.as_bytes(), BodyLimits::SMALL).err(), expected, "{body:.80}");
    }

    fn channels(count: usize) -> String {
        format!(r#"{{"preferences":{{"preferred_channels":[{}]}}}}"#, vec![r#""SMS""#; count].join(","))
    }

    #[test]
    fn a_list_may_have_so_many_entries_and_not_one_more() {
        check(&channels(100), None);
        check(&channels(101), Some(BodyRefused::TooMany(100)));
        let commas = format!(r#"{{"preferences":{{"investment_style":"{}"}}}}"#, ",".repeat(200));
        check(&commas, None);
    }

    #[test]
    fn nesting_and_texts_have_their_limits() {
        check(&"[".repeat(5_000), Some(BodyRefused::Shape("the body is not a JSON object".to_owned())));
        check(&format!(r#"{{"a":{}"#, "[".repeat(5_000)), Some(BodyRefused::TooDeep(8)));
        let long = format!(r#"{{"preferences":{{"investment_style":"{}"}}}}"#, "x".repeat(300));
        check(&long, Some(BodyRefused::StringTooLong(256)));
    }

    #[test]
    fn escapes_count_as_what_they_stand_for() {
        let style = |text: &str| format!(r#"{{"preferences":{{"investment_style":"{text}"}}}}"#);
        check(&style(&r#"\""#.repeat(128)), None);
        check(&style(&r#"\""#.repeat(300)), Some(BodyRefused::StringTooLong(256)));
        check(&style(&r"\u0041".repeat(86)), Some(BodyRefused::StringTooLong(256)));
        check(&style(&r"\u0041".repeat(64)), None);
    }

    #[test]
    fn a_name_of_the_senders_is_not_repeated() {
        for name in ["secret", r"\u007asecret", r"preferences\u002esecret", "a.b.secret"] {
            let expected = BodyRefused::Shape("the body does not have its documented shape".to_owned());
            check(&format!(r#"{{"{name}":1}}"#), Some(expected));
            let inside = format!(r#"{{"preferences":{{"{name}":1}}}}"#);
            check(&inside, Some(BodyRefused::Shape("preferences does not have its documented shape".to_owned())));
        }
    }

    #[test]
    fn an_argument_of_any_depth_is_refused_in_words_of_ours() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read_argument::<RawJson>(nested(16).as_bytes()).is_ok());
        let too_deep = BodyRefused::Shape("the body nests too deep".to_owned());
        for levels in [17, 129, 5_000, 100_000] {
            let refused = |text: &str| read_argument::<PreferencesUpdate>(text.as_bytes()).map(|_| ()).unwrap_err();
            assert_eq!(read_argument::<RawJson>(nested(levels).as_bytes()), Err(too_deep.clone()));
            let shape = BodyRefused::Shape("the body does not have its documented shape".to_owned());
            assert_eq!(refused(&nested(levels)), shape);
            assert_eq!(refused(&r#"{"secret":"#.repeat(levels)), shape);
            assert_eq!(refused(&format!(r#"{{"attributes":{{"secret":{}}}}}"#, nested(levels))), shape);
        }
    }

    #[test]
    fn only_an_object_is_a_body() {
        check("{}", None);
        check(" \n{}", None);
        for other in ["", " ", "[]", "null", "7", r#""text""#, "[[],[],[],{}]"] {
            check(other, Some(BodyRefused::Shape("the body is not a JSON object".to_owned())));
        }
    }
}
