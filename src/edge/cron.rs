//! The nightly run.

use nearside_engine::flows::nightly;
use nearside_json::write_json;
use worker::wasm_bindgen::JsValue;
use worker::web_sys::console;

use crate::config::Config;
use crate::host::EdgeHost;

/// Runs the jobs and logs what they did: counts, never people.
pub(crate) async fn run(env: &JsValue) {
    match EdgeHost::new(env, &Config::read(env)) {
        Some(host) => {
            let report = nightly(&host).await;
            console::log_1(&format!("nightly: {}", write_json(&report)).into());
        }
        None => console::error_1(&"nightly: a binding is missing; see wrangler.toml".into()),
    }
}
