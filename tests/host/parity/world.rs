//! What is published in one world: a pack, a catalogue drawn from its items, and a model or none.

use nearside_engine::flows::PublishedVersions;
use nearside_engine::math::sha256_hex;
use nearside_engine::models::{Envelope, signed_message};
use nearside_engine::ports::memory::memory_signature;
use nearside_engine::types::{DAY_MS, format_rfc3339};
use serde::Serialize;
use serde_json::{Value, json};

use super::Folder;
use super::model::a_model;
use crate::chance::Chance;

/// 2026-11-20 09:30 UTC.
pub(super) const NOW_MS: i64 = 1_795_167_000_000;
/// Who signs the models.
pub(super) const KEY: &str = "job";

/// A pack, a catalogue and a model.
pub(super) struct World {
    /// The pack.
    pub pack: Value,
    /// The catalogue's items, ids ascending.
    pub items: Vec<Value>,
    /// The model's body, where there is one.
    pub model: Option<String>,
}

/// The documents of a world as hosts are handed them.
#[derive(Serialize)]
pub(super) struct PublishedWorld {
    now_ms: i64,
    versions: PublishedVersions,
    pack: String,
    catalog: String,
    model: Option<String>,
}

impl World {
    /// Draws a world.
    pub fn drawn(folder: &Folder, seed: u64) -> Self {
        let mut chance = Chance::of(seed.wrapping_add(1 << 40));
        let items = catalogue(folder, &mut chance);
        let ids: Vec<String> = items.iter().map(|item| text(&item["id"])).collect();
        let model = chance.holds(60).then(|| a_model(&text(&folder.pack["id"]), &ids, NOW_MS, &mut chance));
        Self { pack: folder.pack.clone(), items, model }
    }

    /// The pack's id.
    pub fn pack_id(&self) -> String {
        text(&self.pack["id"])
    }

    /// The catalogue as it is published.
    pub fn catalog(&self) -> String {
        json!({ "format": 1, "pack": self.pack_id(), "items": self.items }).to_string()
    }

    /// The model as it is published.
    pub fn model_document(&self) -> Option<Vec<u8>> {
        let body = self.model.as_ref()?.as_bytes();
        Envelope { key: KEY, signature: memory_signature(KEY, &signed_message(body)), body }.write()
    }

    /// The versions of it all.
    pub fn versions(&self) -> PublishedVersions {
        PublishedVersions {
            pack: self.pack_id(),
            pack_version: sha256_hex(self.pack.to_string().as_bytes()),
            catalog_version: sha256_hex(self.catalog().as_bytes()),
            model_version: self.model_document().map(|document| sha256_hex(&document)).unwrap_or_default(),
            ..PublishedVersions::default()
        }
    }

    pub(super) fn published(&self) -> PublishedWorld {
        PublishedWorld {
            now_ms: NOW_MS,
            versions: self.versions(),
            pack: self.pack.to_string(),
            catalog: self.catalog(),
            model: self.model_document().map(|document| String::from_utf8(document).expect("a document is text")),
        }
    }
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().expect("it is a text").to_owned()
}

/// Some of the folder's items, with other numbers.
fn catalogue(folder: &Folder, chance: &mut Chance) -> Vec<Value> {
    let kept = 20 + chance.below(80);
    let mut items: Vec<Value> = folder.items.iter().filter(|_| chance.holds(kept)).cloned().collect();
    if items.is_empty() {
        items.push(folder.items[0].clone());
    }
    for item in &mut items {
        if chance.holds(50) {
            item["priority"] = json!(1 + chance.below(100));
        }
        if chance.holds(30) {
            item["complexity"] = json!(1 + chance.below(10));
        }
        if chance.holds(20) {
            let days = chance.below(60) as i64 - 5;
            item["deadline"] = json!(format_rfc3339(NOW_MS + days * DAY_MS));
        }
    }
    items.sort_by_key(|item| text(&item["id"]));
    items
}
