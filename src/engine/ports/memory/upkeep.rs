//! The scheduled jobs' side of the store.

use std::collections::{BTreeMap, BTreeSet};

use super::faults::Port;
use super::store::{Memory, Tables};
use crate::ports::{Applied, CheckpointWrite, ExpiredPerson, Expiring, PopularItem, PurgeLimits, Unavailable, Upkeep};
use crate::types::{DAY_MS, PersonScope, SortedMap, TimeMs, UserId};

impl<Cache> Upkeep for Memory<Cache> {
    async fn expired_people(
        &self,
        default_days: u16,
        now_ms: TimeMs,
        limit: u32,
    ) -> Result<Vec<ExpiredPerson>, Unavailable> {
        self.call(Port::Upkeep, "expired_people", &[], |tables| {
            let users: BTreeSet<UserId> = tables.log.values().map(|logged| logged.user).collect();
            let expired = users.into_iter().filter_map(|user| {
                let days = tables.settings(user).retention_days.unwrap_or(default_days).min(default_days);
                let before_ms = now_ms - i64::from(days) * DAY_MS;
                let has_old = tables.log_of(user).first().is_some_and(|(_, event)| event.occurred_at_ms < before_ms);
                has_old.then_some(ExpiredPerson { user, before_ms })
            });
            expired.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
        })
    }

    async fn expiring(&self, scope: PersonScope, before_ms: TimeMs) -> Result<Expiring, Unavailable> {
        self.call(Port::Upkeep, "expiring", &[scope], |tables| {
            let old = tables.log_of(scope.user()).into_iter().filter(|(_, event)| event.occurred_at_ms < before_ms);
            Expiring {
                revision: tables.revision(scope.user()),
                checkpoint_json: tables.people.get(&scope.user()).and_then(|row| row.checkpoint_json.clone()),
                interactions: old.map(|(_, event)| event.clone()).collect(),
            }
        })
    }

    async fn checkpoint(&self, write: &CheckpointWrite) -> Result<Applied, Unavailable> {
        self.call(Port::Upkeep, "checkpoint", &[write.scope], |tables| {
            let user = write.scope.user();
            if tables.revision(user) != write.expected_revision {
                return Applied::Conflict;
            }
            tables.log.retain(|_, logged| logged.user != user || logged.event.occurred_at_ms >= write.before_ms);
            tables.written(user, write.at_ms).checkpoint_json = Some(write.checkpoint_json.clone());
            Applied::Yes
        })
    }

    async fn active_people(
        &self,
        since_ms: TimeMs,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, Unavailable> {
        self.call(Port::Upkeep, "active_people", &[], |tables| {
            let active = tables.people.iter().filter(|(_, row)| row.updated_at_ms >= since_ms).map(|(user, _)| *user);
            let active = active.filter(|user| after.is_none_or(|after| *user > after));
            active.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
        })
    }

    async fn write_features(
        &self,
        people: &[PersonScope],
        is_opt_out: bool,
        now_ms: TimeMs,
    ) -> Result<u32, Unavailable> {
        self.call(Port::Upkeep, "write_features", &[], |tables| {
            let users: BTreeSet<UserId> = people.iter().map(PersonScope::user).collect();
            let learning: Vec<UserId> = users.into_iter().filter(|user| may_learn(tables, *user, is_opt_out)).collect();
            let written = u32::try_from(learning.len()).unwrap_or(u32::MAX);
            tables.features.extend(learning.into_iter().map(|user| (user, now_ms)));
            written
        })
    }

    async fn refresh_popularity(&self, since_ms: TimeMs, _: TimeMs, least_people: u32) -> Result<u32, Unavailable> {
        self.call(Port::Upkeep, "refresh_popularity", &[], |tables| {
            tables.popularity = counted(tables, since_ms);
            tables.popularity.retain(|item| item.people >= least_people);
            u32::try_from(tables.popularity.len()).unwrap_or(u32::MAX)
        })
    }

    async fn popularity(&self, pack: &str) -> Result<Vec<PopularItem>, Unavailable> {
        self.call(Port::Upkeep, "popularity", &[], |tables| {
            tables.popularity.iter().filter(|item| item.pack == pack).cloned().collect()
        })
    }

    async fn purge(&self, limits: &PurgeLimits) -> Result<SortedMap<String, u64>, Unavailable> {
        self.call(Port::Upkeep, "purge", &[], |tables| {
            let is_past = |at_ms: TimeMs, days: u16| at_ms < limits.now_ms - i64::from(days) * DAY_MS;
            let before = (tables.features.len(), tables.tombstones.len(), tables.audit.len());
            tables.features.retain(|_, at_ms| !is_past(*at_ms, limits.feature_vectors_days));
            tables.tombstones.retain(|_, tombstone| !is_past(tombstone.erased_at_ms, limits.tombstones_days));
            tables.audit.retain(|row| !is_past(row.at_ms, limits.audit_days));
            tables.similar.retain(|_, (_, at_ms)| !is_past(*at_ms, limits.feature_vectors_days));
            tables.user_models.retain(|_, (_, at_ms)| !is_past(*at_ms, limits.feature_vectors_days));
            tables.models.evaluations.retain(|row| !is_past(row.3, limits.evaluations_days));
            let gone = [
                ("user_feature_vectors", before.0 - tables.features.len()),
                ("erasure_tombstones", before.1 - tables.tombstones.len()),
                ("audit_log", before.2 - tables.audit.len()),
            ];
            gone.into_iter().map(|(table, rows)| (table.to_owned(), u64::try_from(rows).unwrap_or(u64::MAX))).collect()
        })
    }
}

fn may_learn(tables: &Tables, user: UserId, is_opt_out: bool) -> bool {
    let settings = tables.settings(user);
    let has_state = tables.people.get(&user).is_some_and(|row| row.state_json.is_some());
    has_state && settings.personalization_enabled.unwrap_or(is_opt_out) && settings.behavioral && !settings.privacy_mode
}

/// Counts the acceptances of sharing people, by country and for all countries together (the empty name).
fn counted(tables: &Tables, since_ms: TimeMs) -> Vec<PopularItem> {
    let mut accepts: BTreeMap<(String, String, String), (BTreeSet<UserId>, u32)> = BTreeMap::new();
    for logged in tables.log.values() {
        let event = &logged.event;
        let is_recent = event.occurred_at_ms >= since_ms && event.kind.is_acceptance();
        let (true, true, Some(id)) = (is_recent, event.facts.is_item && tables.shares(logged.user), &event.target_id)
        else {
            continue;
        };
        let country = event.context.country.clone().filter(|country| !country.is_empty());
        for country in [Some(String::new()), country].into_iter().flatten() {
            let (people, number) = accepts.entry((event.facts.pack.clone(), country, id.clone())).or_default();
            people.insert(logged.user);
            *number += 1;
        }
    }
    let items = accepts.into_iter().map(|((pack, country, item_id), (people, accepts))| PopularItem {
        pack,
        country,
        item_id,
        people: u32::try_from(people.len()).unwrap_or(u32::MAX),
        accepts,
    });
    items.collect()
}
