//! The answer of a fresh isolate that can read no version of the pack: the caller's own items in the default general
//! order. What the pack would allow to be shown is unknown, so they come as ids only.

use super::Host;
use crate::math::sort_list;
use crate::types::{DecidedItem, Decision, Item, Personalization, TimeMs, parse_rfc3339};
use crate::wire::{Candidate, RecommendRequest};

/// Items of an answer when the request does not say.
const ITEMS: u16 = 10;

/// Orders the posted items by priority and id; ids alone name nothing that could be ordered.
pub(super) fn decide_without_pack<H: Host>(host: &H, request: RecommendRequest, degraded: Vec<String>) -> Decision {
    let mut items: Vec<Item> = Vec::new();
    for candidate in request.candidates.unwrap_or_default() {
        if let Candidate::Item(item) = candidate
            && is_current(&item, host.now_ms())
        {
            items.push(*item);
        }
    }
    sort_list(&mut items, |a, b| b.priority.cmp(&a.priority).then_with(|| a.id.cmp(&b.id)));
    items.dedup_by(|a, b| a.id == b.id);
    let limit = usize::from(request.limit.unwrap_or(ITEMS));
    let ranked = items.into_iter().take(limit).zip(1..);
    Decision {
        decision_id: host.fresh_id(),
        scope: String::new(),
        personalization: Personalization::None,
        message: None,
        model_version: None,
        pack_version: None,
        catalog_version: None,
        cached: false,
        degraded,
        permitted_use: "ordering_only",
        items: ranked.map(|(item, rank)| DecidedItem { id: item.id, rank, ..DecidedItem::default() }).collect(),
        experiments: Vec::new(),
        experiments_token: None,
        receipt: None,
    }
}

/// True between publication and deadline. A time that does not read is not known to have passed.
fn is_current(item: &Item, now_ms: TimeMs) -> bool {
    let at = |text: &Option<String>| text.as_deref().and_then(parse_rfc3339);
    at(&item.published_at).is_none_or(|from| from <= now_ms) && at(&item.deadline).is_none_or(|until| now_ms <= until)
}
