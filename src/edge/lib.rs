//! The Cloudflare Worker around the engine.
//!
//! **In scope**: routes, tokens, statuses, D1, KV, Queue, cron. **Out of scope**: every decision: those are the engine's.

mod adapters;
mod answered;
pub mod auth;
mod config;
mod consumer;
mod cron;
mod error;
mod host;
mod http;
#[cfg(test)]
mod openapi;
pub mod routes;
mod runtime;

use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::web_sys::{Request, Response};
use worker::{wasm_bindgen, wasm_bindgen_futures};

/// Answers a request.
#[wasm_bindgen]
pub async fn fetch(request: Request, env: JsValue, context: JsValue) -> Result<Response, JsValue> {
    routes::answer(&request, &env, &context).await
}

/// Applies a batch of the queue, or files a batch of its dead letters.
#[wasm_bindgen]
pub async fn queue(batch: JsValue, env: JsValue, _context: JsValue) {
    consumer::consume(&batch, &env).await;
}

/// Runs the nightly jobs: checkpoints and retention, popularity, feature vectors, figures.
#[wasm_bindgen]
pub async fn scheduled(_event: JsValue, env: JsValue, _context: JsValue) {
    cron::run(&env).await;
}
