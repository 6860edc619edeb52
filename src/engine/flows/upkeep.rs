//! The nightly jobs: checkpoints before rows go, popularity, feature vectors, figures, the purge. Each part is repeatable, and a
//! part that fails leaves the others their turn.

use serde::Serialize;

use super::Host;
use super::apply::packs_named;
use super::library::move_pointers;
use super::overview::overview;
use super::person::parse_state;
use super::refusal::Refusal;
use crate::math::sha256_hex;
use crate::pack::{Basis, LIVE_DAYS, Popularity, Retention};
use crate::ports::{
    Applied, Blobs, CheckpointWrite, ExpiredPerson, Figures, FiguresAsk, Pointers, PurgeLimits, Upkeep,
};
use crate::privacy::{for_jobs, for_system};
use crate::profile::{ProfileState, fold};
use crate::types::{DAY_MS, PersonScope, SortedMap, SortedSet, day_of};
use nearside_json::write_json;

/// People of one round; a round is repeated until none is left or the rounds are used up.
const PEOPLE_PER_ROUND: u32 = 100;
/// Rounds of one night: what is left waits for the next.
const MOST_ROUNDS: u32 = 200;
/// Popularity speaks of this window …
const POPULARITY_DAYS: u16 = 90;
/// … and counts one that is shorter by as much as a list may age before it is no longer spoken of, so that "at least so
/// many in the last 90 days" stays true.
const COUNTED_DAYS: i64 = POPULARITY_DAYS as i64 - LIVE_DAYS as i64 - 1;
/// Fewer people than this are not counted in public (PRODUCT: a count above 10 real people).
const LEAST_PEOPLE: u32 = 11;
/// Feature vectors are refreshed for people whose profile changed within this window.
const ACTIVE_DAYS: i64 = 2;
/// Tombstones outlast every queue, dead letter and restorable backup.
const TOMBSTONES_DAYS: u16 = 365;
/// The audit trail of consent.
const AUDIT_DAYS: u16 = 1_825;

/// What a night did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct NightReport {
    /// People whose old interactions went behind a checkpoint.
    pub checkpointed: u32,
    /// Feature vectors written.
    pub feature_vectors: u32,
    /// Rows of popularity.
    pub popular_items: u32,
    /// Rows of experiments that were ignored, or archived long ago.
    pub settled_tests: u32,
    /// Rows purged, by table.
    pub purged: SortedMap<String, u64>,
    /// Parts that failed; they are tried again the next night.
    pub failed: Vec<&'static str>,
}

/// Runs the nightly jobs.
pub async fn nightly<H: Host + Upkeep + Figures>(host: &H) -> NightReport {
    let mut report = NightReport::default();
    let Ok(pointers) = host.pointers().await else {
        report.failed.push("pointers");
        return report;
    };
    let (retention, basis) = match packs_named(host, SortedSet::new(), &pointers).await {
        Ok(packs) => (packs.first().retention.clone(), packs.first().consent_basis),
        Err(_) => (Retention::default(), Basis::OptIn),
    };
    match retire_interactions(host, &retention, &pointers).await {
        Ok(people) => report.checkpointed = people,
        Err(_) => report.failed.push("retention"),
    }
    match refresh_features(host, basis).await {
        Ok(vectors) => report.feature_vectors = vectors,
        Err(_) => report.failed.push("features"),
    }
    match refresh_popularity(host, &pointers).await {
        Ok(items) => report.popular_items = items,
        Err(_) => report.failed.push("popularity"),
    }
    if overview(host, for_jobs(), FiguresAsk::Close, None, None).await.is_err() {
        report.failed.push("overview");
    }
    match host.settle_tests(host.now_ms()).await {
        Ok(rows) => report.settled_tests = rows,
        Err(_) => report.failed.push("experiments"),
    }
    let limits = PurgeLimits {
        now_ms: host.now_ms(),
        feature_vectors_days: retention.feature_vectors_days,
        dead_letters_days: retention.dead_letters_days,
        tombstones_days: TOMBSTONES_DAYS,
        audit_days: AUDIT_DAYS,
        evaluations_days: retention.evaluations_days,
    };
    match host.purge(&limits).await {
        Ok(purged) => report.purged = purged,
        Err(_) => report.failed.push("purge"),
    }
    report
}

/// Folds interactions that are past their time into the checkpoint, then lets them go. The stored state stays as it is:
/// checkpoint and remaining rows still fold to it.
async fn retire_interactions<H: Host + Upkeep>(
    host: &H,
    retention: &Retention,
    pointers: &Pointers,
) -> Result<u32, Refusal> {
    let mut people = 0;
    for _ in 0..MOST_ROUNDS {
        let expired = host.expired_people(retention.interactions_days, host.now_ms(), PEOPLE_PER_ROUND).await?;
        if expired.is_empty() {
            break;
        }
        let mut moved = 0;
        for person in &expired {
            moved += u32::from(retire_one(host, *person, pointers).await?);
        }
        people += moved;
        if moved == 0 {
            // Everybody of this round is being written to right now: the next night finds them again.
            break;
        }
    }
    Ok(people)
}

async fn retire_one<H: Host + Upkeep>(host: &H, person: ExpiredPerson, pointers: &Pointers) -> Result<bool, Refusal> {
    let scope = for_system(person.user);
    let expiring = host.expiring(scope, person.before_ms).await?;
    let names = expiring.interactions.iter().map(|event| event.facts.pack.clone()).collect();
    let packs = packs_named(host, names, pointers).await?;
    let mut state = expiring.checkpoint_json.as_deref().and_then(parse_state).unwrap_or_else(ProfileState::empty);
    for event in &expiring.interactions {
        fold(&mut state, event, packs.get(&event.facts.pack));
    }
    let write = CheckpointWrite {
        scope,
        expected_revision: expiring.revision,
        checkpoint_json: write_json(&state),
        before_ms: person.before_ms,
        at_ms: host.now_ms(),
    };
    Ok(host.checkpoint(&write).await? == Applied::Yes)
}

async fn refresh_features<H: Host + Upkeep>(host: &H, basis: Basis) -> Result<u32, Refusal> {
    let since_ms = host.now_ms() - ACTIVE_DAYS * DAY_MS;
    let mut written = 0;
    let mut after = None;
    for _ in 0..MOST_ROUNDS {
        let people = host.active_people(since_ms, after, PEOPLE_PER_ROUND).await?;
        let Some(last) = people.last() else { break };
        after = Some(*last);
        let scopes: Vec<PersonScope> = people.iter().map(|user| for_system(*user)).collect();
        written += host.write_features(&scopes, basis == Basis::OptOut, host.now_ms()).await?;
    }
    Ok(written)
}

/// Counts anew and publishes each pack's list under its hash. A list says of which day it is, because words that name a
/// count must know that it is a live one.
async fn refresh_popularity<H: Host + Upkeep>(host: &H, pointers: &Pointers) -> Result<u32, Refusal> {
    let now_ms = host.now_ms();
    let rows = host.refresh_popularity(now_ms - COUNTED_DAYS * DAY_MS, now_ms, LEAST_PEOPLE).await?;
    let mut changes = Pointers::new();
    for pack in pointers.keys().filter_map(|name| name.strip_prefix("pack/")) {
        let mut list =
            Popularity { format: 1, window_days: POPULARITY_DAYS, as_of_day: day_of(now_ms), ..Popularity::default() };
        for item in host.popularity(pack).await? {
            let country = if item.country.is_empty() { "*".to_owned() } else { item.country };
            list.countries.get_or_default(country).insert(item.item_id, item.people);
        }
        let name = format!("popularity/{pack}");
        if list.countries.is_empty() && !pointers.contains_key(&name) {
            continue;
        }
        let bytes = write_json(&list).into_bytes();
        let hash = sha256_hex(&bytes);
        if pointers.get(&name) != Some(&hash) {
            Blobs::put(host, &format!("popularity/{hash}"), &bytes).await?;
            changes.insert(name, hash);
        }
    }
    if !changes.is_empty() {
        move_pointers(host, for_jobs(), pointers.clone(), changes).await?;
    }
    Ok(rows)
}
