//! What anyone may know: that it runs, which versions are live, and what the API is. Nothing personal.

use nearside_engine::flows;
use nearside_engine::ports::{Library, Surroundings};
use serde::Serialize;

use worker::js_sys::Uint8Array;
use worker::wasm_bindgen::JsValue;

use super::{Action, Asked};
use crate::error::Problem;
use crate::host::EdgeHost;
use crate::http::{Kept, Reply};
use crate::runtime::{ask, member, present};
use nearside_engine::types::SortedMap;

/// Answers the routes for anyone.
pub(super) async fn dispatch(action: Action, asked: &Asked, host: &EdgeHost, env: &JsValue) -> Result<Reply, Problem> {
    match action {
        Action::Health => Ok(health(host).await),
        Action::OpenApi => document(env).await,
        Action::Published => published(host, asked).await,
        _ => Err(Problem::no_route()),
    }
}

/// What devices rank by: the live versions, or the bytes of one part.
async fn published(host: &EdgeHost, asked: &Asked) -> Result<Reply, Problem> {
    let pack = asked.path_text()?;
    let Some(part) = asked.query.get("part") else {
        let versions = flows::published_versions(host, pack).await?;
        return Ok(Reply { kept: Kept::Shortly, ..Reply::json(200, &versions) });
    };
    let version = asked.query.get("version").unwrap_or_default();
    let bytes = flows::published_part(host, pack, part, version).await?;
    Ok(Reply { kept: Kept::Forever, ..Reply::of(200, "application/json", bytes) })
}

/// The OpenAPI document: a file of the site, which every address of the API's document leads to.
async fn document(env: &JsValue) -> Result<Reply, Problem> {
    let bytes = read_document(env)
        .await
        .ok_or_else(|| Problem::bad_request(503, "openapi.json is not among the assets; see wrangler.toml"))?;
    Ok(Reply { kept: Kept::Checked, ..Reply::of(200, "application/json", bytes) })
}

async fn read_document(env: &JsValue) -> Option<Vec<u8>> {
    // Only the path counts; an address of assets needs some host.
    let address = JsValue::from_str("https://assets/openapi.json");
    let file = ask(&present(env, "ASSETS")?, "fetch", &[address]).await.ok()?;
    let is_there = member(&file, "ok").is_ok_and(|is_ok| is_ok == JsValue::TRUE);
    if is_there { Some(Uint8Array::new(&ask(&file, "arrayBuffer", &[]).await.ok()?).to_vec()) } else { None }
}

async fn health(host: &EdgeHost) -> Reply {
    let pointers = host.pointers().await;
    let store = if pointers.is_ok() { "ok" } else { "unavailable" };
    let pointers = pointers.unwrap_or_default();
    let versions = |kind: &str| -> Versions {
        let prefix = format!("{kind}/");
        pointers
            .iter()
            .filter_map(|(name, hash)| Some((name.strip_prefix(&prefix)?.to_owned(), hash.clone())))
            .collect()
    };
    let is_enabled = pointers.get("personalization_enabled").is_none_or(|value| value == "true");
    let model_keys = match host.model_keys() {
        Some(keys) if keys.is_empty() => "missing",
        Some(_) => "ok",
        None => "malformed",
    };
    let body = Health {
        canaries: versions("canary"),
        catalogs: versions("catalog"),
        engine_version: env!("CARGO_PKG_VERSION"),
        model_keys,
        models: versions("model"),
        packs: versions("pack"),
        personalization_enabled: is_enabled && host.is_personalization_enabled(),
        status: if store == "ok" { "ok" } else { "degraded" },
        stores: Stores { d1: store },
    };
    Reply::json(200, &body)
}

type Versions = SortedMap<String, String>;

/// What is live, and whether the stores answer.
#[derive(Serialize)]
struct Health {
    canaries: Versions,
    catalogs: Versions,
    engine_version: &'static str,
    model_keys: &'static str,
    models: Versions,
    packs: Versions,
    personalization_enabled: bool,
    status: &'static str,
    stores: Stores,
}

#[derive(Serialize)]
struct Stores {
    d1: &'static str,
}
