//! `Ed25519` by the runtime's WebCrypto. Whatever it says but "yes", an exception included, is a no.

use worker::js_sys::{Promise, Uint8Array};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;

use super::shim::function_of_shim;
use crate::auth::{Ed25519, PublicKey};

/// The runtime's WebCrypto. It answers at once, so it has no deadline.
pub(crate) struct WebCrypto;

impl Ed25519 for WebCrypto {
    async fn has_signed(&self, public_key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        match asked(public_key.as_bytes(), message, signature) {
            Some(answer) => JsFuture::from(answer).await.is_ok_and(|verdict| verdict == JsValue::TRUE),
            None => false,
        }
    }
}

fn asked(public_key: &[u8], message: &[u8], signature: &[u8]) -> Option<Promise> {
    let [public_key, message, signature] = [public_key, message, signature].map(Uint8Array::from);
    let verify = function_of_shim("nearsideVerifyEd25519")?;
    verify.call3(&JsValue::NULL, &public_key, &signature, &message).ok()?.dyn_into().ok()
}
