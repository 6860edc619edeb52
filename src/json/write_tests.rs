//! Against serde_json, byte for byte.

use std::collections::BTreeMap;

use serde::Serialize;

use super::to_string;

#[derive(Serialize)]
struct Whole<'a> {
    text: &'a str,
    list: Vec<Option<f64>>,
    empty: Vec<u8>,
    nested: BTreeMap<i64, (u8, char)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<u8>,
    unit: (),
    kinds: Vec<Kind>,
    flags: [bool; 2],
}

#[derive(Serialize)]
enum Kind {
    Unit,
    New(f32),
    Pair(u64, i8),
    Named { a: u8 },
}

fn whole(text: &str) -> Whole<'_> {
    Whole {
        text,
        list: vec![Some(0.1), None, Some(f64::NAN), Some(-0.0), Some(1e300), Some(5e-324), Some(3.0)],
        empty: Vec::new(),
        nested: BTreeMap::from([(-3, (1, '"')), (4, (2, '€'))]),
        absent: None,
        unit: (),
        kinds: vec![Kind::Unit, Kind::New(0.3), Kind::Pair(u64::MAX, i8::MIN), Kind::Named { a: 1 }],
        flags: [true, false],
    }
}

#[test]
fn every_byte_is_as_serde_json_writes_it() {
    let every_character: String = (0..0x3000).filter_map(char::from_u32).collect();
    for text in ["", "plain", "ends with [", "{", "a \"quote\" and a \\", &every_character] {
        for cut in [0, 1, 15, 16, 17] {
            let text = text.get(cut..).unwrap_or_default();
            assert_eq!(to_string(&whole(text)), Ok(serde_json::to_string(&whole(text)).unwrap_or_default()));
        }
    }
}

#[test]
fn documents_of_unknown_shape_too() {
    let value = serde_json::json!({"b": [1, -2, 3.5, "x", null, {}], "a\n": {"[": "{"}, "c": [[], [[]], {"d": false}]});
    assert_eq!(to_string(&value), Ok(value.to_string()));
}

#[test]
fn a_name_is_a_text_or_an_integer() {
    assert!(to_string(&BTreeMap::from([((1, 2), 3)])).is_err());
    assert!(to_string(&BTreeMap::from([(Some(1), 3)])).is_err());
    assert_eq!(to_string(&BTreeMap::from([('a', 3)])), Ok("{\"a\":3}".to_owned()));
}
