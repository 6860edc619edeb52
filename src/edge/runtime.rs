//! Objects of the Workers runtime, spoken to by the names of their members: bindings, messages, the functions of
//! `shim.js`. Typed wrappers of the same objects go through serde and would be a thirtieth of the Worker.
//!
//! Every call can throw; what that means is decided where the object is known.

use worker::js_sys::{Array, Function, Object, Promise, Reflect};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;

/// What the runtime gave, or what it threw.
pub(crate) type Outcome = Result<JsValue, JsValue>;

/// Returns a member; undefined where there is none.
pub(crate) fn member(object: &JsValue, name: &str) -> Outcome {
    Reflect::get(object, &JsValue::from_str(name))
}

/// Returns a member that is there.
pub(crate) fn present(object: &JsValue, name: &str) -> Option<JsValue> {
    member(object, name).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

/// Calls a method.
pub(crate) fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Outcome {
    let method: Function = member(object, name)?.dyn_into()?;
    Reflect::apply(&method, object, &arguments.iter().collect())
}

/// Calls a method and waits for what it promised.
pub(crate) async fn ask(object: &JsValue, name: &str, arguments: &[JsValue]) -> Outcome {
    JsFuture::from(Promise::resolve(&call(object, name, arguments)?)).await
}

/// Makes an object of these members.
pub(crate) fn object_of(members: &[(&str, JsValue)]) -> JsValue {
    let pairs = members.iter().map(|(name, value)| Array::of2(&JsValue::from_str(name), value));
    // Pairs of a name and a value always make an object.
    Object::from_entries(&pairs.collect::<Array>()).map_or(JsValue::UNDEFINED, JsValue::from)
}
