//! What a Worker serves: its live pack and the items of its live catalogue.

use anyhow::{Context, Result, anyhow, bail};
use nearside_engine::pack::{Pack, parse_pack};
use nearside_engine::types::Item;
use serde::Deserialize;
use serde_json::Value;

/// Asks a Worker for a path; None when there is no such thing.
pub(crate) type Ask<'a> = dyn FnMut(&str) -> Result<Option<String>> + 'a;

/// Reads the pack that is live under a name, or the only one.
///
/// # Errors
/// No such pack; several, when none is named; one that this program does not read.
pub(crate) fn live_pack(named: Option<&str>, ask: &mut Ask<'_>) -> Result<Pack> {
    let name = match named {
        Some(name) => name.to_owned(),
        None => only_pack(ask)?,
    };
    let text = ask(&format!("/packs/{name}"))?.with_context(|| format!("no pack {name:?} is live"))?;
    let faulty = |findings: usize| anyhow!("the live pack {name:?} has {findings} findings: another version?");
    parse_pack(text.as_bytes()).map_err(|invalid| faulty(invalid.0.len()))
}

/// Reads the items of a pack's live catalogue.
///
/// # Errors
/// No catalogue, or one of another shape.
pub(crate) fn live_items(pack: &str, ask: &mut Ask<'_>) -> Result<Vec<Item>> {
    #[derive(Deserialize)]
    struct Catalogue {
        items: Vec<Item>,
    }
    let text = ask(&format!("/catalog/{pack}"))?.with_context(|| format!("pack {pack:?} has no live catalogue"))?;
    let catalogue: Catalogue = serde_json::from_str(&text)
        .with_context(|| format!("the live catalogue of {pack:?} does not have the documented shape"))?;
    Ok(catalogue.items)
}

fn only_pack(ask: &mut Ask<'_>) -> Result<String> {
    let health = ask("/health")?.context("the Worker has no /health")?;
    let health: Value = serde_json::from_str(&health).context("the Worker's /health is not JSON")?;
    let packs = health.get("packs").and_then(Value::as_object).context("the Worker's /health names no packs")?;
    let names: Vec<&str> = packs.keys().map(String::as_str).collect();
    match names.as_slice() {
        [name] => Ok((*name).to_owned()),
        [] => bail!("no pack is live"),
        _ => bail!("several packs are live ({}); name one with --pack", names.join(", ")),
    }
}
