//! The functions that `shim.js` puts beside the engine: what the runtime's own library does for us. What each is for
//! stands where it is called.

use worker::js_sys::{Function, Reflect, global};
use worker::wasm_bindgen::{JsCast, JsValue};

/// Returns a function of `shim.js` by its name.
pub(crate) fn function_of_shim(name: &str) -> Option<Function> {
    Reflect::get(&global(), &JsValue::from_str(name)).ok()?.dyn_into().ok()
}
