//! A catalogue laid out for scoring: names resolved to indices once, so that a request only adds and multiplies.

use super::format::Pack;
use crate::math::sort_list;
use crate::types::{Item, SortedMap, TimeMs, parse_rfc3339};

/// Items with their names resolved against one pack.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shelf {
    /// The items, by id ascending.
    pub items: Vec<ShelvedItem>,
    /// Every tag that some item has, ascending.
    pub tags: Vec<String>,
}

/// One item with its names resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct ShelvedItem {
    /// The item.
    pub item: Item,
    /// Index into the pack's categories; past the end when unknown.
    pub category: usize,
    /// Indices into the shelf's tags.
    pub tags: Vec<usize>,
    /// The deadline.
    pub deadline_ms: Option<TimeMs>,
    /// The publication time.
    pub published_ms: Option<TimeMs>,
}

impl Shelf {
    /// Lays items out. Those with the same id as an earlier one are left out.
    pub fn new(items: Vec<Item>, pack: &Pack) -> Self {
        let mut items = items;
        sort_list(&mut items, |a, b| a.id.cmp(&b.id));
        items.dedup_by(|later, earlier| later.id == earlier.id);
        let mut tag_index: SortedMap<String, usize> = SortedMap::new();
        for tag in items.iter().flat_map(|item| &item.tags) {
            if !tag_index.contains_key(tag) {
                tag_index.insert(tag.clone(), 0);
            }
        }
        for (position, index) in tag_index.values_mut().enumerate() {
            *index = position;
        }
        let categories: SortedMap<&str, usize> =
            pack.categories.iter().enumerate().map(|(index, category)| (category.id.as_str(), index)).collect();
        let shelved = items.into_iter().map(|item| ShelvedItem {
            category: categories.get(item.category.as_str()).copied().unwrap_or(usize::MAX),
            tags: item.tags.iter().filter_map(|tag| tag_index.get(tag).copied()).collect(),
            deadline_ms: item.deadline.as_deref().and_then(parse_rfc3339),
            published_ms: item.published_at.as_deref().and_then(parse_rfc3339),
            item,
        });
        let items = shelved.collect();
        Self { items, tags: tag_index.into_keys().collect() }
    }

    /// Returns the index of an item.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.items.binary_search_by(|known| known.item.id.as_str().cmp(id)).ok()
    }
}
