//! What is known of the items of a pack: what a catalogue said last, else what events carried.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use nearside_engine::types::Item;
use rusqlite::Connection;
use serde::Deserialize;

use crate::data::ItemInfo;

/// Of items that no catalogue named, what the latest event carried; of equally late ones, that of the greater id.
const CARRIED: &str = "SELECT target_id, category, facts ->> '$.tags' FROM interactions AS i
    WHERE pack = ?1 AND target_id IS NOT NULL AND (category IS NOT NULL OR facts LIKE '%\"tags\"%')
        AND NOT EXISTS (SELECT 1 FROM items WHERE items.pack = i.pack AND items.id = i.target_id)
    ORDER BY timestamp, user_id, id";

/// The parts of an item's JSON that training reads.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Described {
    category: Option<String>,
    tags: Vec<String>,
    title: Option<String>,
}

/// Items by id.
#[derive(Debug, Default)]
pub(super) struct KnownItems {
    catalogue: BTreeMap<String, Described>,
    carried: BTreeMap<String, Described>,
}

impl KnownItems {
    /// The ids that a catalogue named, ascending.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.catalogue.keys().map(String::as_str)
    }

    /// What is known of an item.
    pub(super) fn info(&self, id: String) -> ItemInfo {
        let Some(known) = self.catalogue.get(&id).or_else(|| self.carried.get(&id)) else {
            return ItemInfo { id, ..ItemInfo::default() };
        };
        let mut tags = known.tags.clone();
        tags.sort_unstable();
        tags.dedup();
        let category = known.category.clone().unwrap_or_default();
        ItemInfo { id, category, tags, title: known.title.clone().unwrap_or_default() }
    }
}

impl super::Store {
    /// The items that a catalogue named, whole, by id.
    ///
    /// # Errors
    /// A store that cannot be read, an item that is not one.
    pub(crate) fn catalogue(&self, pack: &str) -> Result<Vec<Item>> {
        let mut select = self.connection.prepare("SELECT id, item FROM items WHERE pack = ?1 ORDER BY id")?;
        let mut rows = select.query([pack])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let item = serde_json::from_str(row.get_ref(1)?.as_str()?);
            items.push(item.with_context(|| format!("the store's item {id:?} cannot be read"))?);
        }
        Ok(items)
    }
}

/// Reads the items of a pack.
///
/// # Errors
/// A store that cannot be read, an item that is not JSON.
pub(super) fn read_items(connection: &Connection, pack: &str) -> Result<KnownItems> {
    let mut known = KnownItems::default();
    let mut select = connection.prepare("SELECT id, item FROM items WHERE pack = ?1")?;
    let mut rows = select.query([pack])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let item = serde_json::from_str(row.get_ref(1)?.as_str()?);
        let item: Described = item.with_context(|| format!("the store's item {id:?} cannot be read"))?;
        known.catalogue.insert(id, item);
    }
    let mut select = connection.prepare(CARRIED)?;
    let mut rows = select.query([pack])?;
    while let Some(row) = rows.next()? {
        let tags = row.get_ref(2)?.as_str_or_null()?.and_then(|tags| serde_json::from_str(tags).ok());
        let carried = Described { category: row.get(1)?, tags: tags.unwrap_or_default(), title: None };
        known.carried.insert(row.get(0)?, carried);
    }
    Ok(known)
}
