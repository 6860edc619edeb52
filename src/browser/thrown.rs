//! What is thrown: an object with a stable code and a sentence, which the JavaScript around the engine makes an error of.

use nearside_engine::flows::Refusal;
use nearside_json::JsonError;
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::objects::object;

#[derive(Serialize)]
struct Thrown<'a> {
    code: &'a str,
    detail: &'a str,
}

/// What a refused call throws.
pub(crate) fn thrown(refusal: Refusal) -> JsValue {
    with_code(refusal.code, &refusal.detail)
}

/// What is thrown where an argument does not have its shape.
pub(crate) fn unreadable(error: &JsonError) -> JsValue {
    with_code("invalid-request", &error.to_string())
}

fn with_code(code: &str, detail: &str) -> JsValue {
    object(&Thrown { code, detail })
}
