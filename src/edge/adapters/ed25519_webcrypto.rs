//! `Ed25519` by the runtime's WebCrypto, through a function of `shim.js`. Whatever it says but "yes", an exception
//! included, is a no.

use worker::js_sys::{Uint8Array, global};
use worker::wasm_bindgen::JsValue;

use crate::auth::{Ed25519, PublicKey};
use crate::runtime::ask;

/// The runtime's WebCrypto. It answers at once, so it has no deadline.
pub(crate) struct WebCrypto;

impl Ed25519 for WebCrypto {
    async fn has_signed(&self, public_key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        let arguments = [public_key.as_bytes(), signature, message].map(|bytes| Uint8Array::from(bytes).into());
        ask(&global(), "nearsideVerifyEd25519", &arguments).await.is_ok_and(|verdict| verdict == JsValue::TRUE)
    }
}
