//! The admin's overview: days closed by night, read by day. The store counts; what is asked for here is only what it
//! cannot know, which packs are live and how much their catalogues hold.

use super::Host;
use super::domain::domain_of;
use super::refusal::Refusal;
use crate::ports::{Figures, FiguresAsk, ModelFacts};
use crate::types::{AdminScope, EventKind};

/// The most days of one look; as many are counted when the first night comes.
const MOST_DAYS: usize = 90;
/// The days of a look that names none.
const DAYS: usize = 28;

/// Reports on the last days of a pack, or of all live ones (None); or closes the days that are over, of all.
///
/// # Errors
/// Days that are no number from 1 to 90; a pack that is not live; a store that is down.
pub async fn overview<H: Host + Figures>(
    host: &H,
    scope: AdminScope,
    ask: FiguresAsk,
    pack: Option<&str>,
    days: Option<&str>,
) -> Result<String, Refusal> {
    let days = days.map_or(Some(DAYS), |days| days.parse().ok()).unwrap_or_default();
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Refusal::invalid("invalid-request", "days is a whole number from 1 to 90"));
    }
    let pointers = host.pointers().await?;
    let facts = ModelFacts::of("").text("environment", host.environment().name()).json("days", &days.to_string());
    let mut facts = facts.json("kinds", &EventKind::names_json());
    let mut is_known = pack.is_none();
    for (name, id) in pointers.keys().filter_map(|name| Some((name, name.strip_prefix("pack/")?))) {
        if pack.is_none_or(|pack| pack == id) {
            // An older catalogue that stands in is not the live one.
            let live = domain_of(host, id, &pointers).await.ok().filter(|live| live.degraded.is_empty());
            facts = facts.json(name, &live.map_or(0, |live| live.domain.shelf.items.len()).to_string());
            is_known = true;
        }
    }
    if !is_known {
        return Err(Refusal::not_found());
    }
    Ok(host.figures(scope, ask, &facts, host.now_ms()).await?)
}
