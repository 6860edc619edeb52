//! `InteractionLog` in D1: many people's events and states in one transaction, history, rebuild, export.

use nearside_engine::ports::{
    Applied, ExportPage, ExportedRow, InteractionLog, KnownId, LoggedPage, PersonWrite, SharedProfile, Unavailable,
};
use nearside_engine::types::{AdminScope, Cursor, Environment, Interaction, PersonScope, SortedSet, UserId};
use nearside_json::write_json;

use super::database::{Answer, Database, Statement};
use super::events_write::Batch;
use super::parameters::PARAMETER_BYTES;
use super::person_rows;
use super::sql::{export, interactions as sql};
use super::store_d1::D1Store;

impl<D: Database> InteractionLog for D1Store<D> {
    async fn known(&self, ids: &[(PersonScope, String)]) -> Result<Vec<KnownId>, Unavailable> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let pairs: Vec<(UserId, &String)> = ids.iter().map(|(scope, id)| (scope.user(), id)).collect();
        let statement = Statement::new(sql::KNOWN).text(write_json(&pairs));
        let mut known = Vec::new();
        for mut row in self.database.rows(statement).await? {
            let (user, id) = (person_rows::user(&mut row)?, row.text()?);
            let environment = row.optional_text()?.as_deref().and_then(Environment::parse);
            known.push(KnownId { user, id, test: environment.zip(row.optional_text()?) });
        }
        Ok(known)
    }

    async fn apply(&self, writes: &[PersonWrite]) -> Result<Vec<Applied>, Unavailable> {
        let mut answers = Vec::with_capacity(writes.len());
        let mut left = writes;
        while !left.is_empty() {
            let (batch, taken) = pack(left);
            let (now, later) = left.split_at_checked(taken).unwrap_or((left, &[]));
            let written = self.write(batch, false).await?;
            answers.extend(now.iter().map(|write| verdict(&written, write)));
            left = later;
        }
        Ok(answers)
    }

    async fn page(&self, scope: PersonScope, after: Option<Cursor>, limit: u32) -> Result<LoggedPage, Unavailable> {
        let user = scope.user().to_string();
        // One more than asked for tells whether there is a next page.
        let rows = i64::from(limit) + 1;
        let statement = match after {
            None => Statement::new(sql::FIRST_PAGE).text(user).integer(rows),
            Some(after) => {
                Statement::new(sql::PAGE).text(user).integer(rows).integer(after.at_ms).integer(after.sequence)
            }
        };
        let mut page = LoggedPage::default();
        let mut last = None;
        for mut row in self.database.rows(statement).await? {
            if page.interactions.len() == limit as usize {
                page.next = last;
                break;
            }
            let sequence = row.integer()?;
            let event = person_rows::interaction(&mut row)?;
            last = Some(Cursor { at_ms: event.occurred_at_ms, sequence });
            page.interactions.push(event);
        }
        Ok(page)
    }

    async fn all(&self, scope: PersonScope) -> Result<(Option<String>, Vec<Interaction>), Unavailable> {
        let user = scope.user().to_string();
        // One transaction: a checkpoint that is written in between must not count its interactions twice.
        let both = vec![Statement::new(sql::CHECKPOINT).text(user.clone()), Statement::new(sql::ALL).text(user)];
        let mut answers = self.database.batch(both).await?.into_iter();
        let checkpoint = match answers.next().and_then(|answer| answer.rows.into_iter().next()) {
            Some(mut row) => row.optional_text()?,
            None => None,
        };
        Ok((checkpoint, logged(answers.next().unwrap_or_default())?))
    }

    async fn replace_state(&self, write: &PersonWrite) -> Result<Applied, Unavailable> {
        let mut batch = Batch::default();
        batch.add(&PersonWrite { events: Vec::new(), feedback: Vec::new(), ..write.clone() });
        Ok(verdict(&self.write(batch, true).await?, write))
    }

    async fn export(&self, _scope: AdminScope, after: i64, limit: u32) -> Result<ExportPage, Unavailable> {
        let statement = Statement::new(export::SHARED_INTERACTIONS).integer(after).integer(i64::from(limit));
        let mut page = ExportPage::default();
        for mut row in self.database.rows(statement).await? {
            let sequence = row.integer()?;
            let user = person_rows::user(&mut row)?;
            let hash_user_id = row.flag()?;
            page.last_sequence = Some(sequence);
            page.rows.push(match row.integer()? {
                0 => ExportedRow::Interaction {
                    sequence,
                    user,
                    hash_user_id,
                    event: person_rows::interaction(&mut row)?,
                },
                at_ms => ExportedRow::Erased { sequence, user, hash_user_id, at_ms },
            });
        }
        Ok(page)
    }

    async fn export_profiles(
        &self,
        _scope: AdminScope,
        after: i64,
        limit: u32,
    ) -> Result<Vec<SharedProfile>, Unavailable> {
        let statement = Statement::new(export::SHARED_PROFILES).integer(after).integer(i64::from(limit));
        let mut lines = Vec::new();
        for mut row in self.database.rows(statement).await? {
            lines.push(SharedProfile {
                sequence: row.integer()?,
                user: person_rows::user(&mut row)?,
                hash_user_id: row.flag()?,
                json: row.text()?,
            });
        }
        Ok(lines)
    }
}

impl<D: Database> D1Store<D> {
    /// Runs a batch and returns who was written.
    async fn write(&self, batch: Batch, clears_categories: bool) -> Result<SortedSet<UserId>, Unavailable> {
        let (statements, place) = batch.statements(clears_categories);
        let answers = self.database.batch(statements).await?;
        let mut written = SortedSet::new();
        for mut row in answers.into_iter().nth(place).unwrap_or_default().rows {
            written.insert(person_rows::user(&mut row)?);
        }
        Ok(written)
    }
}

/// Packs as many people as one transaction takes. A person who comes twice waits for the next one: the second write
/// must meet the revision of the first, and be told to read again.
fn pack(writes: &[PersonWrite]) -> (Batch, usize) {
    let mut batch = Batch::default();
    let mut inside = SortedSet::new();
    let mut taken = 0;
    for write in writes {
        let weight: usize = write.state_json.len() + write.events.len() * ROUGH_EVENT_BYTES;
        let is_full = taken > 0 && batch.bytes + weight > PARAMETER_BYTES;
        if is_full || !inside.insert(write.scope.user()) {
            break;
        }
        batch.add(write);
        taken += 1;
    }
    (batch, taken)
}

/// An event's JSON before it is written out, to see whether it still fits.
const ROUGH_EVENT_BYTES: usize = 400;

fn verdict(written: &SortedSet<UserId>, write: &PersonWrite) -> Applied {
    if written.contains(&write.scope.user()) { Applied::Yes } else { Applied::Conflict }
}

/// Reads rows of `sequence, value, event`.
pub(super) fn logged(answer: Answer) -> Result<Vec<Interaction>, Unavailable> {
    let mut events = Vec::with_capacity(answer.rows.len());
    for mut row in answer.rows {
        row.skip(1);
        events.push(person_rows::interaction(&mut row)?);
    }
    Ok(events)
}
