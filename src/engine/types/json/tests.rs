//! What the reader takes, and what it says of the rest; serde_json is the measure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{JsonMistake, RawJson, read_json};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Colour {
    DarkRed,
}

#[derive(Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Noun {
    text: String,
    flag: bool,
    small: u8,
    signed: i64,
    number: f64,
    list: Vec<(i32, f64)>,
    maybe: Option<Option<String>>,
    colour: Option<Colour>,
    by_number: BTreeMap<u64, u32>,
    by_colour: BTreeMap<String, BTreeMap<String, f64>>,
    any: Value,
}

const NOUN: &str = r#" { "text" : "a\n\u00e9\ud83d\ude00\"", "flag":true,"small":255,"signed":-5, "number": 1.5e-3,
    "list": [[1, 2], [ -3,4.25 ]], "maybe": null, "colour":"dark_red", "by_number": {"7":1,"9007199254740993":2},
    "by_colour":{"é":{"x":-0.0}}, "any":[null,{"a":[]},"",1,-1,1e3,false] } "#;

#[test]
fn a_document_reads_as_serde_json_reads_it() {
    let ours: Noun = read_json(NOUN.as_bytes()).unwrap();
    assert_eq!(ours, serde_json::from_str::<Noun>(NOUN).unwrap());
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
            let theirs = serde_json::from_slice::<Noun>(&bytes);
            let ours = read_json::<Noun>(&bytes);
            assert_eq!(ours.as_ref().ok(), theirs.as_ref().ok(), "byte {byte} at {at}: {ours:?} {theirs:?}");
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
