//! One event into one profile. Every step is a sum, a minimum, a maximum or a capped set, so that any order of the
//! same events gives the same state (sums within rounding). Duplicates are kept out by the log, before the fold.

use super::capped::{keep_latest, keep_smallest_hashes};
use super::state::{CategoryState, DayCount, ItemState, PackState, ProfileState};
use crate::math::{hash64, weight_at_reference};
use crate::pack::Pack;
use crate::types::{Direction, EventKind, HOUR_MS, Interaction, SortedMap, TimeMs, Verdict, day_of};

/// Days with events that are kept: the longest window that is derived from them is 90.
const DAYS_CAP: usize = 120;
/// Days of views and of engagement that an item keeps: enough for fatigue to reach its limit.
pub(super) const ITEM_DAYS_CAP: usize = 8;
/// Dismissals that an item keeps: the most that a pack may ask for before it hides one.
const DISMISSALS_CAP: usize = 5;
/// A sample of sessions large enough for a mean within about 12 %.
const SESSIONS_CAP: usize = 48;
const DEVICES_CAP: usize = 8;
const FEATURES_CAP: usize = 64;
/// Items and tags a pack's part keeps. At about 60 bytes each the row stays well below D1's 2 MB.
const ITEMS_CAP: usize = 4_096;
const TAGS_CAP: usize = 2_048;

/// Folds one event into the state, with the strengths and half-lives of its pack.
pub fn fold(state: &mut ProfileState, event: &Interaction, pack: &Pack) {
    let at_ms = event.occurred_at_ms;
    state.format = ProfileState::FORMAT;
    state.events = state.events.saturating_add(1);
    state.first_ms = Some(state.first_ms.map_or(at_ms, |first| first.min(at_ms)));
    state.last_ms = Some(state.last_ms.map_or(at_ms, |last| last.max(at_ms)));
    *state.kinds.get_or_default(event.kind) += 1;
    count_day(&mut state.days, day_of(at_ms));
    fold_hour(state, event);
    fold_session(state, event);
    fold_device(state, event);
    fold_feature(state, event);
    fold_complexity(state, event);
    fold_pack(state.packs.get_or_default(event.facts.pack.clone()), event, pack);
}

/// Returns the strength of an event: the pack's or the default; feedback and ratings by what they say.
pub fn strength_of(event: &Interaction, pack: &Pack) -> f64 {
    if event.kind == EventKind::Feedback {
        return match event.action.as_deref().and_then(Direction::parse) {
            Some(Direction::Positive) => pack_strength(event.kind, pack),
            Some(Direction::Negative | Direction::NotRelevant) => -0.5,
            Some(Direction::Rating) => event.value.map_or(0.0, |rating| (rating - 3.0) / 2.0 * 0.9),
            Some(Direction::AlreadyDone | Direction::Restore) | None => 0.0,
        };
    }
    pack_strength(event.kind, pack)
}

fn pack_strength(kind: EventKind, pack: &Pack) -> f64 {
    pack.events.get(&kind).and_then(|rule| rule.strength).unwrap_or_else(|| kind.default_strength())
}

fn count_day(days: &mut Vec<(i32, u32)>, day: i32) {
    match days.binary_search_by_key(&day, |(known, _)| *known) {
        Ok(index) => {
            if let Some((_, count)) = days.get_mut(index) {
                *count += 1;
            }
        }
        Err(index) => days.insert(index, (day, 1)),
    }
    keep_latest(days, DAYS_CAP);
}

fn insert_day(days: &mut Vec<i32>, day: i32, cap: usize) {
    if let Err(index) = days.binary_search(&day) {
        days.insert(index, day);
        keep_latest(days, cap);
    }
}

fn fold_hour(state: &mut ProfileState, event: &Interaction) {
    let Some(offset) = event.context.utc_offset_minutes else { return };
    let local_ms = event.occurred_at_ms + i64::from(offset) * 60_000;
    let hour = usize::try_from(local_ms.div_euclid(HOUR_MS).rem_euclid(24)).unwrap_or(0);
    if state.hours.len() != 24 {
        state.hours = vec![0; 24];
    }
    if let Some(count) = state.hours.get_mut(hour) {
        *count += 1;
    }
}

/// Hashes are cut to 53 bits, so that every JSON reader keeps them exactly.
fn short_hash(kind: &str, id: &str) -> u64 {
    hash64(&[kind, id]) >> 11
}

fn fold_session(state: &mut ProfileState, event: &Interaction) {
    let Some(id) = &event.session_id else { return };
    let at_ms = event.occurred_at_ms;
    let session = state.sessions.get_or_insert_with(short_hash("session", id), || super::SessionState {
        first_ms: at_ms,
        last_ms: at_ms,
        spent_seconds: 0,
    });
    session.first_ms = session.first_ms.min(at_ms);
    session.last_ms = session.last_ms.max(at_ms);
    if event.kind == EventKind::TimeSpent {
        let seconds = event.value.unwrap_or(0.0).clamp(0.0, 86_400.0) as u32;
        session.spent_seconds = session.spent_seconds.saturating_add(seconds);
    }
    while state.sessions.len() > SESSIONS_CAP {
        state.sessions.pop_last();
    }
}

fn fold_device(state: &mut ProfileState, event: &Interaction) {
    let (Some(id), Some(category)) = (&event.device_id, &event.facts.category) else { return };
    let device = state.devices.get_or_default(short_hash("device", id));
    *device.categories.get_or_default(category.clone()) += 1;
    while state.devices.len() > DEVICES_CAP {
        state.devices.pop_last();
    }
}

fn fold_feature(state: &mut ProfileState, event: &Interaction) {
    let (EventKind::FeatureUsed, Some(name)) = (event.kind, &event.target_id) else { return };
    let feature = state.features.get_or_default(name.clone());
    feature.count += 1;
    feature.last_ms = feature.last_ms.max(event.occurred_at_ms);
    keep_smallest_hashes(&mut state.features, FEATURES_CAP);
}

fn fold_complexity(state: &mut ProfileState, event: &Interaction) {
    let understood =
        event.kind.is_acceptance() || matches!(event.kind, EventKind::ContentRead | EventKind::ContentCompleted);
    if let (true, Some(complexity)) = (understood, event.facts.complexity) {
        state.complexity_sum += u64::from(complexity);
        state.complexity_count += 1;
    }
    // The sentiment of a free text is heard where the text arrives; the log carries its value, never the text.
    if let (EventKind::Feedback, Some("general"), Some(value)) = (event.kind, event.action.as_deref(), event.value) {
        state.satisfaction_sum += libm::round(value.clamp(-1.0, 1.0) * 1_000.0) as i64;
        state.satisfaction_count += 1;
    }
}

fn fold_pack(part: &mut PackState, event: &Interaction, pack: &Pack) {
    let strength = strength_of(event, pack);
    let at_ms = event.occurred_at_ms;
    part.feedback += u32::from(event.kind == EventKind::Feedback);
    if let Some(category) = &event.facts.category {
        let half_life = pack.scoring.category_affinity.half_life_days;
        fold_category(part.categories.get_or_default(category.clone()), event, strength, half_life);
    }
    if strength != 0.0 && pack.scoring.weights.tag_affinity != 0.0 {
        let weighted = strength * weight_at_reference(at_ms, pack.scoring.tag_affinity.half_life_days);
        fold_tags(&mut part.tags, &event.facts.tags, weighted);
    }
    if let (true, Some(id)) = (event.facts.is_item, &event.target_id) {
        let half_life = pack.scoring.item_affinity.half_life_days;
        let weighted = strength * weight_at_reference(at_ms, half_life);
        fold_item(part.items.get_or_default(id.clone()), event, weighted);
        keep_smallest_hashes(&mut part.items, ITEMS_CAP);
    }
}

fn fold_tags(tags: &mut SortedMap<String, f64>, offered: &[String], weighted: f64) {
    for tag in offered {
        match tags.get_mut(tag) {
            Some(sum) => *sum += weighted,
            None => {
                tags.insert(tag.clone(), weighted);
            }
        }
    }
    keep_smallest_hashes(tags, TAGS_CAP);
}

fn fold_category(category: &mut CategoryState, event: &Interaction, strength: f64, half_life_days: f64) {
    let at_ms = event.occurred_at_ms;
    let day = day_of(at_ms);
    let shown = u32::from(event.kind == EventKind::RecommendationViewed);
    let accepted = u32::from(event.kind.is_acceptance());
    let dismissed = u32::from(event.kind == EventKind::RecommendationDismissed);
    category.affinity += strength * weight_at_reference(at_ms, half_life_days);
    category.shown += shown;
    category.accepted += accepted;
    category.dismissed += dismissed;
    category.last_ms = category.last_ms.max(at_ms);
    let index = match category.days.binary_search_by_key(&day, |count| count.day) {
        Ok(index) => index,
        Err(index) => {
            category.days.insert(index, DayCount { day, ..DayCount::default() });
            index
        }
    };
    if let Some(count) = category.days.get_mut(index) {
        count.shown += shown;
        count.accepted += accepted;
        count.dismissed += dismissed;
        count.attention += strength.max(0.0);
    }
    keep_latest(&mut category.days, DAYS_CAP);
}

fn fold_item(item: &mut ItemState, event: &Interaction, weighted: f64) {
    let at_ms = event.occurred_at_ms;
    item.affinity += weighted;
    if let Some(category) = &event.facts.category
        && *category > item.category
    {
        item.category.clone_from(category);
    }
    if event.kind == EventKind::RecommendationViewed {
        insert_day(&mut item.viewed_days, day_of(at_ms), ITEM_DAYS_CAP);
        item.first_viewed_ms = Some(earliest(item.first_viewed_ms, at_ms));
    } else {
        insert_day(&mut item.engaged_days, day_of(at_ms), ITEM_DAYS_CAP);
    }
    if event.kind.is_acceptance() {
        item.first_accepted_ms = Some(earliest(item.first_accepted_ms, at_ms));
        item.last_accepted_ms = Some(latest(item.last_accepted_ms, at_ms));
    }
    if event.kind == EventKind::RecommendationDismissed {
        let index = item.dismissed_ms.partition_point(|known| *known <= at_ms);
        item.dismissed_ms.insert(index, at_ms);
        keep_latest(&mut item.dismissed_ms, DISMISSALS_CAP);
    }
    if event.kind == EventKind::Feedback {
        fold_verdict(item, event.action.as_deref().and_then(Direction::parse), at_ms);
    }
}

fn fold_verdict(item: &mut ItemState, direction: Option<Direction>, at_ms: TimeMs) {
    let verdict = match direction {
        Some(Direction::AlreadyDone) => Verdict::AlreadyDone,
        Some(Direction::NotRelevant) => Verdict::NotRelevant,
        Some(Direction::Restore) => {
            item.restored_ms = Some(latest(item.restored_ms, at_ms));
            Verdict::Restored
        }
        _ => return,
    };
    item.verdict = item.verdict.max(Some((at_ms, verdict)));
}

fn earliest(known: Option<TimeMs>, at_ms: TimeMs) -> TimeMs {
    known.map_or(at_ms, |known| known.min(at_ms))
}

fn latest(known: Option<TimeMs>, at_ms: TimeMs) -> TimeMs {
    known.map_or(at_ms, |known| known.max(at_ms))
}
