//! Reading `nearside.toml`: which file, which keys, on which lines. Whether a value suits its flag is asked in `apply`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use toml::de::{DeTable, DeValue};

use super::keys::{Key, key, names, place_of_secret};

/// The file that is read when it is there and no other is named.
pub(super) const USUAL_NAME: &str = "nearside.toml";
const VARIABLE: &str = "NEARSIDE_CONFIG";

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: &'static Key,
    pub(super) value: String,
    pub(super) line: usize,
}

/// Returns the file to read: the one that the arguments name, else the environment, else the usual one if it is there.
///
/// Which file it is must be known before clap can be told the defaults, so the arguments are looked through for it here.
pub(super) fn find(arguments: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    named(arguments)
        .or_else(|| env::var_os(VARIABLE).filter(|name| !name.is_empty()))
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(USUAL_NAME)).filter(|path| path.exists()))
}

fn named(arguments: impl Iterator<Item = OsString>) -> Option<OsString> {
    let mut arguments = arguments.take_while(|argument| argument != "--");
    while let Some(argument) = arguments.next() {
        if argument == "--config" {
            return arguments.next();
        }
        if let Some(name) = argument.to_str().and_then(|argument| argument.strip_prefix("--config=")) {
            return Some(name.into());
        }
    }
    None
}

/// Reads the file, or says what is wrong with it and on which line. Values are never shown: one may be a secret.
pub(super) fn read(path: &PathBuf) -> Result<Vec<Entry>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    parse(&text).map_err(|(line, fault)| format!("{}, line {line}: {fault}", path.display()))
}

fn parse(text: &str) -> Result<Vec<Entry>, (usize, String)> {
    let line_at = |span: Range<usize>| 1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count();
    let table = DeTable::parse(text).map_err(|error| {
        let line = line_at(error.span().unwrap_or_default());
        (line, format!("this is not TOML: {}", error.message()))
    })?;
    let mut entries = Vec::new();
    for (name, value) in table.get_ref() {
        let line = line_at(name.span());
        let name = name.get_ref();
        let Some(key) = key(name) else { return Err((line, refusal(name))) };
        let value = text_of(value.get_ref()).ok_or_else(|| {
            let fault = format!("{name} must be text, a whole number or a truth value, and is of type ");
            (line, fault + value.get_ref().type_str())
        })?;
        entries.push(Entry { key, value, line });
    }
    Ok(entries)
}

fn refusal(name: &str) -> String {
    match place_of_secret(name) {
        Some(place) => format!("{name} sounds like a secret, and secrets have no place in this file: {place}"),
        None => format!("{name} is not a setting; there are: {}", names()),
    }
}

fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n.to_string()),
        DeValue::Boolean(is_true) => Some(is_true.to_string()),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_with_their_lines() {
        let entries = parse("# ours\nstore = 'a b.db'\n\nseed = 1_000\nquiet = true\n").unwrap();
        let mut read: Vec<_> = entries.iter().map(|entry| (entry.line, entry.key.name, entry.value.as_str())).collect();
        read.sort_unstable();
        assert_eq!(read, [(2, "store", "a b.db"), (4, "seed", "1000"), (5, "quiet", "true")]);
        assert!(parse("").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_setting_is_refused_without_its_value() {
        let check = |text: &str, line: usize, said: &str| {
            let (at, fault) = parse(text).unwrap_err();
            assert!(at == line && fault.contains(said), "{text}: line {at}: {fault}");
            assert!(!fault.contains("hunter2"), "{fault}");
        };
        check("seed = 1\ncolour = 'red'\n", 2, "colour is not a setting; there are: store, url, pack, model_key_file");
        check("token = 'hunter2'", 1, "set NEARSIDE_TOKEN in the environment");
        check("\n\nmodel_key = 'hunter2'", 3, "model_key_file");
        check("seed = 1\n\ntoken = 'hunter2\n", 3, "not TOML");
        check("seed = [1]", 1, "of type array");
        check("seed = 1.5", 1, "of type float");
        check("seed = 99999999999999999999", 1, "seed must be");
        check("[import]\nstrict = true", 1, "import is not a setting");
        check("seed = 1\nseed = 2", 2, "not TOML");
    }

    #[test]
    fn the_file_is_named_by_the_arguments_before_their_end() {
        let check = |line: &str, expected: Option<&str>| {
            let named = named(line.split_whitespace().map(OsString::from));
            assert_eq!(named.as_deref(), expected.map(OsString::from).as_deref(), "{line}");
        };
        check("nearside doctor --config a.toml", Some("a.toml"));
        check("nearside --config=b.toml doctor", Some("b.toml"));
        check("nearside import -- --config c.toml", None);
        check("nearside import --configure d.toml", None);
    }
}
