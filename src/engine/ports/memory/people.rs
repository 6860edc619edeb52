//! People's rows: read with the pointers in one piece, written under their revision, erased with a tombstone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::experiments::own_assignments;
use super::faults::Port;
use super::store::{Audit, Memory, Tables, Tombstone};
use crate::ports::{ErasureReceipt, FeedbackRow, People, PersonRecord, Pointers, Saved, SettingsChange, Unavailable};
use crate::types::{Actor, DAY_MS, PersonScope, Settings, SortedMap, Stated, TimeMs, UserId, format_rfc3339};

/// How long the history of the real database can restore what was removed.
const RESTORABLE_DAYS: i64 = 30;

impl<Cache> People for Memory<Cache> {
    async fn load(&self, scope: PersonScope, ids: &[String]) -> Result<PersonRecord, Unavailable> {
        self.call(Port::People, "load", &[scope], |tables| {
            let record = record(tables, scope.user(), ids);
            PersonRecord { weights_json: own_weights(tables, scope.user()), ..record }
        })
    }

    async fn consents(&self, scopes: &[PersonScope]) -> Result<(Pointers, Vec<Settings>), Unavailable> {
        self.call(Port::People, "consents", scopes, |tables| {
            (tables.pointers.clone(), scopes.iter().map(|scope| tables.settings(scope.user())).collect())
        })
    }

    async fn load_many(&self, scopes: &[PersonScope]) -> Result<Vec<PersonRecord>, Unavailable> {
        self.call(Port::People, "load_many", scopes, |tables| {
            scopes.iter().map(|scope| record(tables, scope.user(), &[])).collect()
        })
    }

    async fn save_settings(
        &self,
        scope: PersonScope,
        change: &SettingsChange,
        expected: u64,
    ) -> Result<Saved, Unavailable> {
        self.call(Port::People, "save_settings", &[scope], |tables| {
            if tables.revision(scope.user()) != expected {
                return Saved::Conflict;
            }
            let row = tables.written(scope.user(), change.at_ms);
            row.settings = Some(change.settings.clone());
            let revision = row.revision;
            tables.withdraw(scope.user());
            let subject = Some(scope.user());
            tables.audit.push(Audit { at_ms: change.at_ms, action: "settings.changed", actor: scope.actor(), subject });
            Saved::Yes(revision)
        })
    }

    async fn save_stated(
        &self,
        scope: PersonScope,
        stated: &Stated,
        at_ms: TimeMs,
        expected: u64,
    ) -> Result<Saved, Unavailable> {
        self.call(Port::People, "save_stated", &[scope], |tables| {
            if tables.revision(scope.user()) != expected {
                return Saved::Conflict;
            }
            let row = tables.written(scope.user(), at_ms);
            row.stated = stated.clone();
            Saved::Yes(row.revision)
        })
    }

    async fn erase(&self, scope: PersonScope, receipt_id: &str, at_ms: TimeMs) -> Result<ErasureReceipt, Unavailable> {
        self.call(Port::People, "erase", &[scope], |tables| {
            let removed = remove(tables, scope.user(), at_ms);
            let action = "person.erased";
            tables.audit.push(Audit { at_ms, action, actor: scope.actor(), subject: Some(scope.user()) });
            ErasureReceipt {
                receipt_id: receipt_id.to_owned(),
                removed,
                erased_at: format_rfc3339(at_ms),
                restorable_until: format_rfc3339(at_ms + RESTORABLE_DAYS * DAY_MS),
            }
        })
    }

    async fn export(&self, scope: PersonScope) -> Result<String, Unavailable> {
        self.call(Port::People, "export", &[scope], |tables| everything_of(tables, scope.user()).to_string())
    }

    async fn feedback(&self, scope: PersonScope, limit: u32) -> Result<Vec<FeedbackRow>, Unavailable> {
        self.call(Port::People, "feedback", &[scope], |tables| {
            let mut rows = feedback_of(tables, scope.user());
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            rows
        })
    }
}

fn record(tables: &Tables, user: UserId, ids: &[String]) -> PersonRecord {
    let row = tables.people.get(&user);
    let settings = tables.settings(user);
    let own = tables.log.values().filter(|logged| !ids.is_empty() && logged.user == user);
    let logged: BTreeSet<&str> = own.map(|logged| logged.event.id.as_str()).collect();
    PersonRecord {
        is_known: row.is_some(),
        stated: row.map(|row| row.stated.clone()).unwrap_or_default(),
        state_json: row.filter(|_| may_read(&settings)).and_then(|row| row.state_json.clone()),
        weights_json: None,
        assignments_json: own_assignments(tables, user),
        revision: tables.revision(user),
        erased_at_ms: tables.tombstones.get(&user).map(|tombstone| tombstone.erased_at_ms),
        pointers: tables.pointers.clone(),
        applied_ids: ids.iter().filter(|id| logged.contains(id.as_str())).cloned().collect(),
        settings,
    }
}

fn may_read(settings: &Settings) -> bool {
    settings.personalization_enabled != Some(false) && settings.behavioral && !settings.privacy_mode
}

/// The latest corrections of the ranking, with the version that they are for.
fn own_weights(tables: &Tables, user: UserId) -> Option<String> {
    let of_ranking = |(owner, kind, _): &(UserId, String, String)| *owner == user && kind == "RECOMMENDATION_RANKING";
    let models = tables.user_models.iter().filter(|(key, _)| may_read(&tables.settings(user)) && of_ranking(key));
    let ((_, _, version), (weights, _)) = models.max_by_key(|((_, _, version), (_, at_ms))| (*at_ms, version))?;
    let weights: Value = serde_json::from_str(weights).unwrap_or_default();
    Some(json!({"version": version, "weights": weights}).to_string())
}

/// Removes a person's rows and leaves a tombstone. Returns how many rows went, by table.
fn remove(tables: &mut Tables, user: UserId, at_ms: TimeMs) -> SortedMap<String, u64> {
    let revision = tables.revision(user) + 1;
    let earlier = tables.tombstones.get(&user).map(|tombstone| tombstone.hash_user_id);
    let row = tables.people.remove(&user);
    let settings = row.as_ref().and_then(|row| row.settings.as_ref());
    let hash_user_id = settings.map(|settings| settings.hash_user_id).or(earlier).unwrap_or(true);
    let counts = [
        ("personalization_settings", usize::from(settings.is_some())),
        ("user_personalization_profiles", usize::from(row.is_some())),
        ("user_interactions", removed_from(&mut tables.log, |logged| logged.user == user)),
        ("recommendation_feedback", {
            let before = tables.feedback.len();
            tables.feedback.retain(|(owner, _)| *owner != user);
            before - tables.feedback.len()
        }),
        ("user_feature_vectors", usize::from(tables.features.remove(&user).is_some())),
        ("audit_log", {
            let before = tables.audit.len();
            tables.audit.retain(|row| row.subject != Some(user) || row.action == "person.erased");
            before - tables.audit.len()
        }),
    ];
    tables.withdraw(user);
    let experiments = tables.experiments.remove(user);
    let sequence = tables.next_sequence();
    tables.tombstones.insert(user, Tombstone { sequence, erased_at_ms: at_ms, revision, hash_user_id });
    let counts = counts.into_iter().chain(experiments).filter(|(_, count)| *count > 0);
    counts.map(|(table, count)| (table.to_owned(), u64::try_from(count).unwrap_or(u64::MAX))).collect()
}

fn removed_from<T>(rows: &mut BTreeMap<i64, T>, goes: impl Fn(&T) -> bool) -> usize {
    let before = rows.len();
    rows.retain(|_, row| !goes(row));
    before - rows.len()
}

fn feedback_of(tables: &Tables, user: UserId) -> Vec<FeedbackRow> {
    let rows = tables.feedback.iter().filter(|(owner, _)| *owner == user);
    let mut rows: Vec<FeedbackRow> = rows.map(|(_, row)| row.clone()).collect();
    rows.sort_by(|a, b| b.timestamp.cmp(&a.timestamp).then_with(|| b.id.cmp(&a.id)));
    rows
}

fn everything_of(tables: &Tables, user: UserId) -> Value {
    let row = tables.people.get(&user);
    let audit = tables.audit.iter().filter(|row| row.subject == Some(user));
    json!({
        "user_id": user,
        "personalization_settings": row.and_then(|row| row.settings.as_ref()),
        "user_personalization_profiles": row.map(|row| json!({
            "stated": row.stated, "state": row.state_json, "checkpoint": row.checkpoint_json, "revision": row.revision,
        })),
        "category_preferences": row.map(|row| &row.snapshot.categories),
        "user_interactions": tables.log_of(user).into_iter().map(|(_, event)| event).collect::<Vec<_>>(),
        "recommendation_feedback": feedback_of(tables, user),
        "ab_test_assignments": own_assignments(tables, user).and_then(|json| serde_json::from_str::<Value>(&json).ok()),
        "audit_log": audit.map(|row| json!({"at": format_rfc3339(row.at_ms), "action": row.action, "actor": name_of(row.actor)})).collect::<Vec<_>>(),
    })
}

fn name_of(actor: Actor) -> &'static str {
    match actor {
        Actor::Own => "own",
        Actor::Admin(_) => "admin",
        Actor::System => "system",
    }
}
