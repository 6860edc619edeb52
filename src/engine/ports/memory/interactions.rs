//! The log and the state folded from it: written together under one revision, or not at all.

use serde_json::json;

use super::faults::Port;
use super::store::{Logged, Memory, PersonRow, Tables};
use crate::ports::{
    Applied, ExportPage, ExportedRow, InteractionLog, KnownId, LoggedPage, PersonWrite, SharedProfile, Unavailable,
};
use crate::types::{AdminScope, Cursor, Interaction, PersonScope, UserId};

impl<Cache> InteractionLog for Memory<Cache> {
    async fn known(&self, ids: &[(PersonScope, String)]) -> Result<Vec<KnownId>, Unavailable> {
        self.call(Port::Interactions, "known", &[], |tables| {
            let mut known = Vec::new();
            for (user, id) in ids.iter().map(|(scope, id)| (scope.user(), id)) {
                let logged = tables.log.values().filter(|logged| logged.user == user && logged.event.id == *id);
                known.extend(logged.map(|_| KnownId { user, id: id.clone(), test: None }));
                let outcomes = tables.experiments.outcomes.keys().filter(|(owner, of, _)| *owner == user && of == id);
                known.extend(outcomes.map(|(_, _, test)| KnownId { user, id: id.clone(), test: Some(test.clone()) }));
            }
            known
        })
    }

    async fn apply(&self, writes: &[PersonWrite]) -> Result<Vec<Applied>, Unavailable> {
        let scopes: Vec<PersonScope> = writes.iter().map(|write| write.scope).collect();
        self.call(Port::Interactions, "apply", &scopes, |tables| {
            let answers: Vec<Applied> = writes.iter().map(|write| apply_one(tables, write)).collect();
            // Exposures of all come before what is counted for them: people of a batch may share a device.
            let written = writes.iter().zip(&answers).filter(|(_, answer)| **answer == Applied::Yes);
            for (write, _) in written {
                tables.experiments.count(write.scope.user(), &write.experiments, write.received_at_ms);
            }
            answers
        })
    }

    async fn page(&self, scope: PersonScope, after: Option<Cursor>, limit: u32) -> Result<LoggedPage, Unavailable> {
        self.call(Port::Interactions, "page", &[scope], |tables| {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let place = |sequence: i64, event: &Interaction| Cursor { at_ms: event.occurred_at_ms, sequence };
            let rows = tables.log_of(scope.user()).into_iter().rev();
            let mut rows =
                rows.filter(|(sequence, event)| after.is_none_or(|after| place(*sequence, event) < after)).peekable();
            let page: Vec<(i64, &Interaction)> = rows.by_ref().take(limit).collect();
            let has_more = rows.peek().is_some();
            LoggedPage {
                next: page.last().filter(|_| has_more).map(|(sequence, event)| place(*sequence, event)),
                interactions: page.into_iter().map(|(_, event)| event.clone()).collect(),
            }
        })
    }

    async fn all(&self, scope: PersonScope) -> Result<(Option<String>, Vec<Interaction>), Unavailable> {
        self.call(Port::Interactions, "all", &[scope], |tables| {
            let checkpoint = tables.people.get(&scope.user()).and_then(|row| row.checkpoint_json.clone());
            (checkpoint, tables.log_of(scope.user()).into_iter().map(|(_, event)| event.clone()).collect())
        })
    }

    async fn replace_state(&self, write: &PersonWrite) -> Result<Applied, Unavailable> {
        self.call(Port::Interactions, "replace_state", &[write.scope], |tables| {
            if !may_write(tables, write) {
                return Applied::Conflict;
            }
            let row = tables.written(write.scope.user(), write.received_at_ms);
            row.state_json = Some(write.state_json.clone());
            row.snapshot = write.snapshot.clone();
            Applied::Yes
        })
    }

    async fn export(&self, _: AdminScope, after: i64, limit: u32) -> Result<ExportPage, Unavailable> {
        self.call(Port::Interactions, "export", &[], |tables| {
            let interactions =
                tables.log.iter().filter(|(_, logged)| tables.shares(logged.user)).map(|(sequence, logged)| {
                    let hash_user_id = tables.settings(logged.user).hash_user_id;
                    ExportedRow::Interaction {
                        sequence: *sequence,
                        user: logged.user,
                        hash_user_id,
                        event: logged.event.clone(),
                    }
                });
            let tombstones = tables.tombstones.iter().map(|(user, tombstone)| ExportedRow::Erased {
                sequence: tombstone.sequence,
                user: *user,
                hash_user_id: tombstone.hash_user_id,
                at_ms: tombstone.erased_at_ms,
            });
            let mut rows: Vec<ExportedRow> =
                interactions.chain(tombstones).filter(|row| sequence_of(row) > after).collect();
            rows.sort_by_key(sequence_of);
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            ExportPage { last_sequence: rows.last().map(sequence_of), rows }
        })
    }

    async fn export_profiles(&self, _: AdminScope, after: i64, limit: u32) -> Result<Vec<SharedProfile>, Unavailable> {
        self.call(Port::Interactions, "export_profiles", &[], |tables| {
            let mut rows: Vec<_> =
                tables.people.iter().filter(|(user, row)| row.sequence > after && tables.shares(**user)).collect();
            rows.sort_by_key(|(_, row)| row.sequence);
            let rows = rows.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX));
            let line = |(user, row): (&UserId, &PersonRow)| SharedProfile {
                sequence: row.sequence,
                user: *user,
                hash_user_id: tables.settings(*user).hash_user_id,
                json: json!({"profile": row.snapshot}).to_string(),
            };
            rows.map(line).collect()
        })
    }
}

fn is_logged(tables: &Tables, user: UserId, id: &str) -> bool {
    tables.log.values().any(|logged| logged.user == user && logged.event.id == id)
        || tables.experiments.outcomes.keys().any(|(owner, known, _)| *owner == user && known == id)
}

/// The revision is the expected one, and no erasure is newer than what is written.
fn may_write(tables: &Tables, write: &PersonWrite) -> bool {
    let user = write.scope.user();
    let erased_at_ms = tables.tombstones.get(&user).map(|tombstone| tombstone.erased_at_ms);
    tables.revision(user) == write.expected_revision && erased_at_ms.is_none_or(|erased| write.received_at_ms > erased)
}

fn apply_one(tables: &mut Tables, write: &PersonWrite) -> Applied {
    let user = write.scope.user();
    // An event that is there already would break the log's key: nothing of this person is written then.
    if !may_write(tables, write) || write.events.iter().any(|event| is_logged(tables, user, &event.id)) {
        return Applied::Conflict;
    }
    for event in &write.events {
        let sequence = tables.next_sequence();
        tables.log.insert(sequence, Logged { user, event: event.clone() });
    }
    let erased = &tables.tombstones;
    let is_erased = |id: &str| UserId::parse(id).is_some_and(|owner| owner != user && erased.contains_key(&owner));
    tables.experiments.expose(user, &write.experiments.exposures, write.received_at_ms, is_erased);
    tables.feedback.extend(write.feedback.iter().map(|row| (user, row.clone())));
    let row = tables.written(user, write.received_at_ms);
    row.state_json = Some(write.state_json.clone());
    row.snapshot = write.snapshot.clone();
    Applied::Yes
}

fn sequence_of(row: &ExportedRow) -> i64 {
    match row {
        ExportedRow::Interaction { sequence, .. } | ExportedRow::Erased { sequence, .. } => *sequence,
    }
}
