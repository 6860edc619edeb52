//! Values as JavaScript has them: small ones as objects, large ones as text.

use nearside_json::write_json;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// A value as an object of JavaScript, of the shape that its JSON would have.
pub(crate) fn object<T: Serialize>(value: &T) -> JsValue {
    value.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

/// A value as a text of JSON. A text that JavaScript makes for itself costs less code there than one that it has to free.
pub(crate) fn json<T: Serialize>(value: &T) -> JsValue {
    JsValue::from_str(&write_json(value))
}
