//! Small values as objects of JavaScript: written as JSON like all else, and read by the host.
//!
//! A second way of writing every type (serde-wasm-bindgen) would be a part of what travels, and calls JavaScript for every
//! field.

use nearside_json::write_json;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;
}

/// A value as an object of JavaScript. What is written here always reads.
pub(crate) fn object<T: Serialize>(value: &T) -> JsValue {
    parse(&write_json(value))
}
