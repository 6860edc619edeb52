//! What the reader takes, and what it says of the rest; serde_json is the measure.

use crate::Read;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Entries, Fault, FromName, JsonMistake, RawJson, Reader, read_json};

/// The same types twice: `ours` by this reader, `theirs` by serde's derive.
macro_rules! nouns {
    ($module:ident, $derive:ident) => {
        mod $module {
            use super::*;

            #[derive(Debug, PartialEq, Serialize, $derive)]
            #[serde(rename_all = "snake_case")]
            pub(super) enum Colour {
                DarkRed,
                Blue,
            }

            #[derive(Debug, PartialEq, Default, Serialize, $derive)]
            #[serde(deny_unknown_fields, default)]
            pub(super) struct Noun {
                pub(super) text: String,
                flag: bool,
                small: u8,
                signed: i64,
                number: f64,
                list: Vec<(i32, f64)>,
                maybe: Option<Option<String>>,
                colour: Option<Colour>,
                by_number: BTreeMap<u64, u32>,
                by_colour: BTreeMap<String, BTreeMap<String, f64>>,
                place: Option<Place>,
                any: Value,
            }

            #[derive(Debug, PartialEq, Serialize, $derive)]
            pub(super) struct Place {
                #[serde(rename = "latitude")]
                lat: f64,
                #[serde(default)]
                name: String,
                colour: Colour,
            }
        }
    };
}
nouns!(ours, Read);
nouns!(theirs, Deserialize);
use ours::Noun;

const NOUN: &str = r#" { "text" : "a\n\u00e9\ud83d\ude00\"", "flag":true,"small":255,"signed":-5, "number": 1.5e-3,
    "list": [[1, 2], [ -3,4.25 ]], "maybe": null, "colour":"dark_red", "by_number": {"7":1,"9007199254740993":2},
    "by_colour":{"é":{"x":-0.0}}, "place":{"more":[1],"colour":"blue","latitude":1},
    "any":[null,{"a":[]},"",1,-1,1e3,false] } "#;

fn told(noun: &impl std::fmt::Debug) -> String {
    format!("{noun:?}")
}

#[test]
fn a_document_reads_as_serde_json_reads_it() {
    let ours: Noun = read_json(NOUN.as_bytes()).unwrap();
    assert_eq!(told(&ours), told(&serde_json::from_str::<theirs::Noun>(NOUN).unwrap()));
    assert_eq!(ours.text, "a\né😀\"");
    let value: Value = read_json(NOUN.as_bytes()).unwrap();
    assert_eq!(value, serde_json::from_str::<Value>(NOUN).unwrap());
    let again = serde_json::to_vec(&ours).unwrap();
    assert_eq!(read_json::<Noun>(&again).unwrap(), ours);
}

#[test]
fn every_broken_document_is_refused_as_serde_json_refuses_it() {
    // Every prefix, and every place with a byte that does not belong there.
    for cut in 0..NOUN.trim_end().len() {
        let bytes = &NOUN.as_bytes()[..cut];
        assert!(read_json::<Value>(bytes).is_err(), "{cut}");
    }
    for at in 0..NOUN.len() {
        for byte in [b'"', b',', b'}', b']', b'{', b'0', b'-', b'.', b'e', b'\\', b':', b' ', 0x01, 0xFF, b'n'] {
            let mut bytes = NOUN.as_bytes().to_vec();
            bytes[at] = byte;
            let theirs = serde_json::from_slice::<Value>(&bytes);
            let ours = read_json::<Value>(&bytes);
            assert_eq!(ours.as_ref().ok(), theirs.as_ref().ok(), "byte {byte} at {at}: {ours:?} {theirs:?}");
            let theirs = serde_json::from_slice::<theirs::Noun>(&bytes);
            let ours = read_json::<Noun>(&bytes);
            assert_eq!(
                ours.as_ref().ok().map(told),
                theirs.as_ref().ok().map(told),
                "byte {byte} at {at}: {ours:?} {theirs:?}"
            );
        }
    }
}

#[test]
fn a_mistake_is_named_with_its_kind_and_place() {
    let check = |json: &str, mistake: JsonMistake, said: &str| {
        let error = read_json::<Noun>(json.as_bytes()).unwrap_err();
        assert_eq!((error.mistake, error.to_string().as_str()), (mistake, said), "{json}");
    };
    check("{\n\"small\": 300}", JsonMistake::Shape, "invalid value: integer `300`, expected u8 at line 2 column 12");
    check(r#"{"text":null}"#, JsonMistake::Shape, "invalid type: null, expected a string at line 1 column 12");
    check(r#"{"flag":"x"}"#, JsonMistake::Shape, "invalid type: string \"x\", expected a boolean at line 1 column 11");
    check(r#"{"list":[[1]]}"#, JsonMistake::Shape, "invalid length 1, expected a tuple of size 2 at line 1 column 12");
    check(r#"{"place":{"latitude":1} }"#, JsonMistake::Shape, "missing field `colour` at line 1 column 23");
    check(
        r#"{"colour":"red"}"#,
        JsonMistake::Shape,
        "unknown variant `red`, expected `dark_red` or `blue` at line 1 column 15",
    );
    check(r#"{"colour":7}"#, JsonMistake::Shape, "invalid type: integer `7`, expected enum Colour at line 1 column 11");
    check(r#"{"place":[]}"#, JsonMistake::Shape, "invalid type: sequence, expected struct Place at line 1 column 9");
    check(r#"{"flag":true,"flag":true}"#, JsonMistake::Shape, "duplicate field `flag` at line 1 column 19");
    check(
        r#"{"by_number":{"x":1}}"#,
        JsonMistake::Shape,
        "invalid type: string \"x\", expected u64 at line 1 column 17",
    );
    check(r#"{"flag":true,"#, JsonMistake::End, "EOF while parsing a value at line 1 column 13");
    check(r#"{"flag":true,}"#, JsonMistake::Syntax, "trailing comma at line 1 column 13");
    check("{} {}", JsonMistake::Syntax, "trailing characters at line 1 column 3");
}

#[test]
fn an_array_is_no_struct_and_nesting_has_an_end() {
    assert!(read_json::<Noun>(br#"["a",true]"#).is_err());
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read_json::<Value>(nested(127).as_bytes()).is_ok());
    assert!(read_json::<Value>(nested(100_000).as_bytes()).is_err());
}

#[test]
fn a_verbatim_part_keeps_its_bytes() {
    let parts: Vec<RawJson> = read_json(br#"[ {"a" : 1} , "x\n",2 ]"#).unwrap();
    let parts: Vec<&str> = parts.iter().map(|part| part.get()).collect();
    assert_eq!(parts, [r#"{"a" : 1}"#, r#""x\n""#, "2"]);
    assert!(read_json::<Vec<RawJson>>(b"[{]").is_err());
}

#[derive(Debug, PartialEq, Read)]
#[serde(default)]
struct Outer {
    list: Vec<u8>,
    inner: Inner,
    boxed: Box<Inner>,
}

#[derive(Debug, PartialEq, Default, Read)]
#[serde(default)]
struct Inner {
    low: u8,
    high: u8,
}

impl Default for Outer {
    fn default() -> Self {
        let inner = || Inner { low: 3, high: 4 };
        Self { list: vec![1, 2], inner: inner(), boxed: Box::new(inner()) }
    }
}

#[test]
fn what_is_read_keeps_nothing_of_the_default_that_it_replaces() {
    let read: Outer = read_json(br#"{"list":[7],"inner":{"low":1},"boxed":{}}"#).unwrap();
    assert_eq!(read, Outer { list: vec![7], inner: Inner { low: 1, high: 0 }, boxed: Box::default() });
    assert_eq!(read_json::<Outer>(b"{}").unwrap(), Outer::default());
}

impl<K: FromName + Ord, V: Read> Entries for BTreeMap<K, V> {
    fn entry(&mut self, name: &str) -> Result<&mut dyn Read, Fault> {
        Ok(BTreeMap::entry(self, K::from_name(name)?).or_insert_with(V::blank))
    }

    fn count(&self) -> usize {
        self.len()
    }
}

impl<K: FromName + Ord, V: Read> Read for BTreeMap<K, V> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.clear();
        reader.enter(self)
    }
}
