//! A list in numbers on its way to JavaScript: read there where it lies, since a copy would cost as much as the ranking.

use nearside_engine::flows::InNumbers;
use nearside_json::write_json;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// What makes a decision of numbers and of the JSON of their head.
    pub type Reader;

    /// `numbers` are the engine's own memory, and there only until this returns.
    #[wasm_bindgen(method)]
    fn read(this: &Reader, numbers: &[f64], head: JsValue) -> JsValue;
}

/// Has a reader make a decision.
pub(crate) fn read_by(reader: &Reader, answer: &InNumbers) -> JsValue {
    reader.read(&answer.numbers, JsValue::from_str(&write_json(&answer.head)))
}
