//! What a stored profile says at a given moment: windows, rates, sessions, drift. Nothing here is stored.

use super::fold::ITEM_DAYS_CAP;
use super::state::{ItemState, PackState, ProfileState};
use crate::pack::Pack;
use crate::types::{DAY_MS, EventKind, Level, SortedMap, TimeMs, day_of, days_between};

/// Full personalization begins this long after the first interaction (seed 000).
const BUILDING_DAYS: f64 = 30.0;
/// No interaction for this long makes a person inactive (PRODUCT).
const INACTIVE_DAYS: f64 = 60.0;
/// A divergence above this is drift (seed 004).
const DRIFT_THRESHOLD: f64 = 0.5;
/// Each window needs this many events before their distributions are compared: below it every profile drifts.
const DRIFT_MIN_EVENTS: u32 = 10;
/// A device needs this many events before its tastes are compared with another's.
const SHARED_MIN_EVENTS: u32 = 20;
/// What was taken is never quite forgotten, and never drowns the rest.
const LEAST_TAKEN_WEIGHT: f64 = 0.01;
const MOST_TAKEN_WEIGHT: f64 = 8.0;
/// Devices whose category shares overlap by less than this look like different people.
const SHARED_OVERLAP_BELOW: f64 = 0.3;

/// How much a profile's evidence counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// 0 (nothing known) to 1 (30 days or more since the first interaction).
    pub weight: f64,
    /// True when there is no interaction, or the first is less than 30 days old.
    pub is_building: bool,
    /// True when the last interaction is more than 60 days old.
    pub is_inactive: bool,
}

/// Behaviour as the profile shows it.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the profile")]
pub struct Behaviour {
    pub engagement: Level,
    pub active_days_30: u32,
    pub logins_per_week: f64,
    pub interaction_rate: Option<f64>,
    pub goal_completion_rate: Option<f64>,
    pub average_session_seconds: Option<f64>,
    pub average_days_to_action: Option<f64>,
    pub abandoned_features: Vec<String>,
    pub has_drifted: bool,
    pub looks_shared: bool,
    pub satisfaction: Option<f64>,
}

/// Returns how much evidence there is at `now_ms`.
pub fn evidence(state: &ProfileState, now_ms: TimeMs) -> Evidence {
    let known_days = state.first_ms.map_or(0.0, |first| days_between(first, now_ms).max(0.0));
    let silent_days = state.last_ms.map_or(0.0, |last| days_between(last, now_ms));
    Evidence {
        weight: (known_days / BUILDING_DAYS).min(1.0),
        is_building: known_days < BUILDING_DAYS,
        is_inactive: silent_days > INACTIVE_DAYS,
    }
}

/// Returns behaviour at `now_ms`.
pub fn derive_behaviour(state: &ProfileState, pack: &Pack, now_ms: TimeMs) -> Behaviour {
    let today = day_of(now_ms);
    let active_days_30 = count(state.days.iter().filter(|(day, _)| (today - 29..=today).contains(day)).count());
    let viewed = state.count(EventKind::RecommendationViewed);
    let answered: u32 = answered_kinds().map(|kind| state.count(kind)).sum();
    let created = state.count(EventKind::GoalCreated);
    let part = state.packs.get(&pack.id);
    Behaviour {
        engagement: engagement_level(active_days_30),
        active_days_30,
        logins_per_week: f64::from(active_days_30) * 7.0 / 30.0,
        interaction_rate: (viewed > 0).then(|| (f64::from(answered) / f64::from(viewed)).min(1.0)),
        goal_completion_rate: (created > 0)
            .then(|| (f64::from(state.count(EventKind::GoalCompleted)) / f64::from(created)).min(1.0)),
        average_session_seconds: average_session_seconds(state),
        average_days_to_action: part.and_then(average_days_to_action),
        abandoned_features: abandoned_features(state, now_ms),
        has_drifted: part.is_some_and(|part| has_drifted(part, today)),
        looks_shared: looks_shared(state),
        satisfaction: (state.satisfaction_count > 0)
            .then(|| state.satisfaction_sum as f64 / 1_000.0 / f64::from(state.satisfaction_count)),
    }
}

/// True when the person took the item up, or engaged with it more than against it. A view alone is no engagement: what was
/// shown would else recommend itself.
pub fn is_taken(item: &ItemState) -> bool {
    item.first_accepted_ms.is_some() || (item.affinity > 0.0 && !item.engaged_days.is_empty())
}

/// Returns what time left of the engagement with a taken item: its decayed strength, 0.01 to 8. `decay` is that of the
/// pack's item affinity at this moment.
pub fn taken_weight(item: &ItemState, decay: f64) -> f64 {
    (item.affinity * decay).clamp(LEAST_TAKEN_WEIGHT, MOST_TAKEN_WEIGHT)
}

/// Returns how many views of the item since a day were ignored: no other event followed within the pack's number of
/// days.
pub fn ignored_views(item: &ItemState, since_day: i32, today: i32, ignored_after_days: u16) -> u32 {
    let after = i32::from(ignored_after_days);
    // Once the list of engaged days is full, earlier ones may have fallen out: a view from before it proves nothing.
    let known_from = if item.engaged_days.len() < ITEM_DAYS_CAP { None } else { item.engaged_days.first() };
    let is_ignored = |viewed: i32| {
        (since_day..=today - after).contains(&viewed)
            && known_from.is_none_or(|from| viewed >= *from)
            && !item.engaged_days.iter().any(|day| (viewed..=viewed + after).contains(day))
    };
    count(item.viewed_days.iter().filter(|day| is_ignored(**day)).count())
}

/// Returns the Kullback-Leibler divergence of the last 30 days' categories from those of the 60 days before,
/// or None where either window holds too little to compare.
///
/// Shares are smoothed by one event over all categories, so that a category new to one window stays finite.
pub fn drift_divergence(part: &PackState, today: i32) -> Option<f64> {
    let window = |from: i32, to: i32| -> SortedMap<&str, u32> {
        let events = |days: &[super::DayCount]| {
            let inside = days.iter().filter(|count| (from..=to).contains(&count.day));
            inside.map(|count| count.shown + count.accepted + count.dismissed).sum::<u32>()
        };
        part.categories.iter().map(|(id, category)| (id.as_str(), events(&category.days))).collect()
    };
    let recent = window(today - 29, today);
    let before = window(today - 89, today - 30);
    let (recent_sum, before_sum) = (recent.values().sum::<u32>(), before.values().sum::<u32>());
    if recent_sum < DRIFT_MIN_EVENTS || before_sum < DRIFT_MIN_EVENTS {
        return None;
    }
    let smoothing = 1.0 / recent.len() as f64;
    let share = |events: u32, sum: u32| (f64::from(events) + smoothing) / (f64::from(sum) + 1.0);
    let terms = recent.iter().map(|(id, events)| {
        let now = share(*events, recent_sum);
        let then = share(before.get(id).copied().unwrap_or(0), before_sum);
        now * libm::log(now / then)
    });
    Some(terms.sum())
}

/// True when the last 30 days' categories differ from the 60 days before by more than seed 004's threshold.
pub fn has_drifted(part: &PackState, today: i32) -> bool {
    drift_divergence(part, today).is_some_and(|divergence| divergence > DRIFT_THRESHOLD)
}

/// True when a day holds more events than the pack expects of a person: evidence is then set aside.
pub fn is_outlier(state: &ProfileState, pack: &Pack) -> bool {
    state.days.iter().any(|(_, events)| *events > pack.rules.outlier_events_per_day)
}

fn answered_kinds() -> impl Iterator<Item = EventKind> {
    let answers = |kind: &EventKind| {
        kind.is_acceptance()
            || matches!(
                kind,
                EventKind::RecommendationDismissed | EventKind::Saved | EventKind::Shared | EventKind::Clicked
            )
    };
    EventKind::ALL.into_iter().map(|(kind, _)| kind).filter(answers)
}

fn engagement_level(active_days_30: u32) -> Level {
    match active_days_30 {
        12.. => Level::High,
        4..=11 => Level::Medium,
        _ => Level::Low,
    }
}

fn average_session_seconds(state: &ProfileState) -> Option<f64> {
    let seconds = |session: &super::SessionState| {
        let span = (session.last_ms - session.first_ms) as f64 / 1_000.0;
        span.max(f64::from(session.spent_seconds))
    };
    let sum: f64 = state.sessions.values().map(seconds).sum();
    (!state.sessions.is_empty()).then(|| sum / state.sessions.len() as f64)
}

fn average_days_to_action(part: &PackState) -> Option<f64> {
    let waits = part.items.values().filter_map(|item| {
        let days = days_between(item.first_viewed_ms?, item.first_accepted_ms?);
        (days >= 0.0).then_some(days)
    });
    let (sum, number) = waits.fold((0.0, 0_u32), |(sum, number), days| (sum + days, number + 1));
    (number > 0).then(|| sum / f64::from(number))
}

/// Features used three times or more, and not within 60 days.
fn abandoned_features(state: &ProfileState, now_ms: TimeMs) -> Vec<String> {
    let limit_ms = now_ms - 60 * DAY_MS;
    let abandoned = state.features.iter().filter(|(_, feature)| feature.count >= 3 && feature.last_ms < limit_ms);
    abandoned.map(|(name, _)| name.clone()).collect()
}

/// True when two devices with enough events look at almost disjoint categories.
fn looks_shared(state: &ProfileState) -> bool {
    let busy: Vec<_> = state
        .devices
        .values()
        .map(|device| (&device.categories, device.categories.values().sum::<u32>()))
        .filter(|(_, sum)| *sum >= SHARED_MIN_EVENTS)
        .collect();
    busy.iter().enumerate().any(|(index, (left, left_sum))| {
        busy.iter().skip(index + 1).any(|(right, right_sum)| {
            let shared = left.iter().map(|(id, events)| {
                let theirs = right.get(id).copied().unwrap_or(0);
                (f64::from(*events) / f64::from(*left_sum)).min(f64::from(theirs) / f64::from(*right_sum))
            });
            shared.sum::<f64>() < SHARED_OVERLAP_BELOW
        })
    })
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
