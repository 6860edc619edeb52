//! A pack and its catalogue on their way to a Worker. The Worker checks everything again.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use nearside_engine::types::Item;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::api::Api;
use crate::progress::Progress;

/// The Worker takes this many entries in one call …
const ENTRIES_A_CALL: usize = 1_000;
/// … and 1 MB; the rest is for the braces around them.
const BYTES_A_CALL: usize = 1_000_000;

#[derive(Deserialize)]
struct Published {
    version: Option<String>,
}

/// Makes a pack live and returns its version.
///
/// # Errors
/// What the Worker refuses, in its words.
pub(crate) fn publish_pack(api: &Api, pack: &str, bytes: &[u8]) -> Result<String> {
    let published: Published = api.put(&format!("/packs/{pack}"), bytes).context("the pack was not published")?;
    published.version.context("the Worker did not say which version of the pack is live")
}

/// Makes exactly these items the live catalogue of a pack and returns its version.
///
/// # Errors
/// What the Worker refuses, in its words. The live catalogue is then as it was.
pub(crate) fn publish_catalogue(api: &Api, pack: &str, items: &[Item]) -> Result<String> {
    let path = format!("/catalog/{pack}");
    let wanted: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let gone: Vec<String> = live_ids(api, &path)?.into_iter().filter(|id| !wanted.contains(id.as_str())).collect();
    let progress = Progress::start("catalogue", items.len() + gone.len());
    for chunk in gone.chunks(ENTRIES_A_CALL) {
        let _: Value =
            api.put(&path, &serde_json::to_vec(&json!({ "remove": chunk }))?).context("old items were not removed")?;
        progress.advance(chunk.len());
    }
    for (body, count) in chunks(items)? {
        let _: Value = api.put(&path, &body).context("items were not taken")?;
        progress.advance(count);
    }
    let committed: Published = api.post(&format!("{path}/commit"), b"{}").context("the catalogue was not committed")?;
    progress.finish();
    committed.version.context("the Worker did not say which version of the catalogue is live")
}

/// The ids of the live version, from which the draft went on.
fn live_ids(api: &Api, path: &str) -> Result<Vec<String>> {
    let live: Option<Value> = api.find(path).context("the live catalogue cannot be read")?;
    let items = live.as_ref().and_then(|live| live.get("items")?.as_array()).map(Vec::as_slice).unwrap_or_default();
    Ok(items.iter().filter_map(|item| item.get("id")?.as_str()).map(str::to_owned).collect())
}

/// The bodies of the calls, each with its number of items.
fn chunks(items: &[Item]) -> Result<Vec<(Vec<u8>, usize)>> {
    let mut bodies: Vec<(Vec<u8>, usize)> = Vec::new();
    for item in items {
        let text = serde_json::to_vec(item)?;
        if text.len() + 32 > BYTES_A_CALL {
            bail!("the item {:?} alone has {} bytes, more than a call may carry", item.id, text.len());
        }
        match bodies.last_mut() {
            Some((body, count)) if *count < ENTRIES_A_CALL && body.len() + text.len() + 8 <= BYTES_A_CALL => {
                body.push(b',');
                body.extend(text);
                *count += 1;
            }
            _ => {
                let mut body = br#"{"items":["#.to_vec();
                body.extend(text);
                bodies.push((body, 1));
            }
        }
    }
    for (body, _) in &mut bodies {
        body.extend(b"]}");
    }
    Ok(bodies)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn items(count: usize, description_bytes: usize) -> Vec<Item> {
        let item = |n: usize| json!({ "id": format!("i{n}"), "category": "C", "title": "T", "description": "d".repeat(description_bytes) });
        (0..count).map(|n| serde_json::from_value(item(n)).unwrap()).collect()
    }

    #[test]
    fn calls_keep_to_the_workers_limits() {
        let sizes = |items: &[Item]| -> Vec<usize> {
            let chunks = chunks(items).unwrap();
            for (body, count) in &chunks {
                assert!(body.len() <= BYTES_A_CALL);
                let read: Value = serde_json::from_slice(body).unwrap();
                assert_eq!(read["items"].as_array().unwrap().len(), *count);
            }
            chunks.into_iter().map(|(_, count)| count).collect()
        };
        assert_eq!(sizes(&items(2_001, 0)), [1_000, 1_000, 1]);
        assert!(sizes(&items(300, 7_000)).len() > 2);
        assert_eq!(sizes(&[]), Vec::<usize>::new());
        assert!(chunks(&items(1, 1_100_000)).is_err());
    }
}
