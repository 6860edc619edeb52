//! `Blobs` in KV. Names hold the hash of what they name, so a value never changes and may be kept for long;
//! a name that is missing may only be late.

use std::rc::Rc;

use nearside_engine::ports::{Blobs, Unavailable};
use worker::js_sys::Uint8Array;
use worker::wasm_bindgen::JsValue;

use super::deadline::{READ, WRITE, within};
use crate::runtime::ask;

/// KV. Clones share one binding.
#[derive(Debug, Clone)]
pub(crate) struct BlobsKv {
    binding: Rc<JsValue>,
}

impl BlobsKv {
    /// Wraps a binding.
    pub(crate) fn new(binding: JsValue) -> Self {
        Self { binding: Rc::new(binding) }
    }
}

impl Blobs for BlobsKv {
    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        let arguments = [name, "arrayBuffer"].map(JsValue::from_str);
        let value = within(READ, "kv", ask(&self.binding, "get", &arguments)).await?;
        let value = value.map_err(|_| unavailable("a read failed"))?;
        Ok(if value.is_null() { None } else { Some(Uint8Array::new(&value).to_vec()) })
    }

    async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Unavailable> {
        let arguments = [JsValue::from_str(name), Uint8Array::from(bytes).into()];
        let done = within(WRITE, "kv", ask(&self.binding, "put", &arguments)).await?;
        done.map(|_| ()).map_err(|_| unavailable("a write failed"))
    }

    async fn remove(&self, name: &str) -> Result<(), Unavailable> {
        let done = within(WRITE, "kv", ask(&self.binding, "delete", &[JsValue::from_str(name)])).await?;
        done.map(|_| ()).map_err(|_| unavailable("a removal failed"))
    }
}

fn unavailable(reason: &'static str) -> Unavailable {
    Unavailable { store: "kv", reason }
}
