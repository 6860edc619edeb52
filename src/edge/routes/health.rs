//! What anyone may know: that it runs, and which versions are live. Nothing personal.

use nearside_engine::ports::{Library, Surroundings};
use serde_json::json;

use super::Action;
use crate::error::Problem;
use crate::host::EdgeHost;
use crate::http::Reply;
use crate::openapi;
use nearside_engine::types::SortedMap;
use nearside_json::write_json;

/// Answers the routes for anyone.
pub(super) async fn dispatch(action: Action, host: &EdgeHost) -> Result<Reply, Problem> {
    match action {
        Action::Health => Ok(health(host).await),
        Action::OpenApi => {
            let bytes = write_json(&openapi::document()).into_bytes();
            Ok(Reply { status: 200, media: "application/json", bytes, is_public: true })
        }
        _ => Err(Problem::no_route()),
    }
}

async fn health(host: &EdgeHost) -> Reply {
    let pointers = host.pointers().await;
    let store = if pointers.is_ok() { "ok" } else { "unavailable" };
    let pointers = pointers.unwrap_or_default();
    let versions = |kind: &str| -> SortedMap<String, String> {
        let prefix = format!("{kind}/");
        pointers
            .iter()
            .filter_map(|(name, hash)| Some((name.strip_prefix(&prefix)?.to_owned(), hash.clone())))
            .collect()
    };
    let is_enabled = pointers.get("personalization_enabled").is_none_or(|value| value == "true");
    let body = json!({
        "status": if store == "ok" { "ok" } else { "degraded" },
        "stores": {"d1": store},
        "personalization_enabled": is_enabled && host.is_personalization_enabled(),
        "packs": versions("pack"),
        "catalogs": versions("catalog"),
        "models": versions("model"),
        "engine_version": env!("CARGO_PKG_VERSION"),
    });
    Reply::json(200, &body)
}
