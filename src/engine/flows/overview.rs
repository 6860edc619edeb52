//! The admin's overview: days closed by night, read by day. The store counts; what is asked for here is only what it
//! cannot know, which packs are live and how much their catalogues hold.

use super::Host;
use super::domain::domain_of;
use super::refusal::Refusal;
use crate::ports::{Figures, FiguresAsk, ModelFacts, Pointers};
use crate::privacy::for_jobs;
use crate::types::{AdminScope, EventKind, SortedMap};
use nearside_json::write_json;

/// The most days of one look; as many are counted when the first night comes.
const MOST_DAYS: u16 = 90;
/// The days of a look that names none.
const DAYS: u16 = 28;

/// Reports on the last days of a pack, or of all live ones (None).
///
/// # Errors
/// Days that are no number from 1 to 90; a pack that is not live; a store that is down.
pub async fn overview<H: Host + Figures>(
    host: &H,
    scope: AdminScope,
    pack: Option<&str>,
    days: Option<&str>,
) -> Result<String, Refusal> {
    let days = match days {
        None => DAYS,
        Some(days) => days
            .parse()
            .ok()
            .filter(|days| (1..=MOST_DAYS).contains(days))
            .ok_or_else(|| Refusal::invalid("invalid-request", "days is a whole number from 1 to 90"))?,
    };
    let pointers = host.pointers().await?;
    let facts = facts(host, &pointers, pack).await.ok_or_else(Refusal::not_found)?;
    let facts = facts.json("days", &days.to_string()).text("environment", host.environment().name());
    Ok(host.figures(scope, FiguresAsk::Show, &facts, host.now_ms()).await?)
}

/// Closes the days that are over.
pub(super) async fn close_days<H: Host + Figures>(host: &H, pointers: &Pointers) -> Result<(), Refusal> {
    if let Some(facts) = facts(host, pointers, None).await {
        host.figures(for_jobs(), FiguresAsk::Close, &facts, host.now_ms()).await?;
    }
    Ok(())
}

/// The event types, and the items of each live catalogue; 0 where it cannot be read. None where the one pack is not live.
async fn facts<H: Host>(host: &H, pointers: &Pointers, pack: Option<&str>) -> Option<ModelFacts> {
    let mut catalogues: SortedMap<String, u64> = SortedMap::new();
    for name in pointers.keys().filter_map(|name| name.strip_prefix("pack/")) {
        if pack.is_none_or(|pack| pack == name) {
            let live = domain_of(host, name, pointers).await.ok().filter(|live| live.degraded.is_empty());
            catalogues.insert(name.to_owned(), live.map_or(0, |live| live.domain.shelf.items.len() as u64));
        }
    }
    let facts = ModelFacts::of("").json("kinds", &write_json(&EventKind::ALL.map(|(_, name)| name)));
    (pack.is_none() || !catalogues.is_empty()).then(|| facts.json("catalogues", &write_json(&catalogues)))
}
