//! What is thrown: an object with a stable code and a sentence, which the JavaScript around the engine makes an error of.

use nearside_engine::flows::Refusal;
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
    object(&Thrown { code: refusal.code, detail: &refusal.detail })
}
