//! `People` in D1: the one statement of the hot path, guarded writes, export and erasure.

use nearside_engine::ports::{
    ErasureReceipt, FeedbackRow, People, PersonRecord, Pointers, Saved, SettingsChange, Unavailable,
};
use nearside_engine::types::{Actor, DAY_MS, PersonScope, Settings, SortedMap, Stated, TimeMs, format_rfc3339};
use nearside_json::write_json;

use super::database::{Answer, Database, Statement, unreadable};
use super::person_rows;
use super::sql::people as sql;
use super::store_d1::{D1Store, actor_words, advance_sequence};

/// For how long the database's own history can bring back what was deleted.
const HISTORY_DAYS: i64 = 30;

impl<D: Database> People for D1Store<D> {
    async fn load(&self, scope: PersonScope, ids: &[String]) -> Result<PersonRecord, Unavailable> {
        let user = scope.user().to_string();
        let statement = match ids {
            [] => Statement::new(sql::LOAD).text(user),
            _ => Statement::new(sql::LOAD_WITH_IDS).text(user).text(write_json(ids)),
        };
        let mut row = self.database.rows(statement).await?.pop().ok_or_else(unreadable)?;
        let mut record = person_rows::person(&mut row)?;
        record.pointers = person_rows::pointers(&mut row)?.unwrap_or_default();
        record.weights_json = row.optional_text()?;
        if !ids.is_empty() {
            record.applied_ids = row.json()?;
        }
        Ok(record)
    }

    async fn consents(&self, scopes: &[PersonScope]) -> Result<(Pointers, Vec<Settings>), Unavailable> {
        if scopes.is_empty() {
            return Ok((nearside_engine::ports::Library::pointers(self).await?, Vec::new()));
        }
        let rows = self.database.rows(Statement::new(sql::CONSENTS).text(users_json(scopes))).await?;
        let mut pointers = Pointers::new();
        let mut consents = Vec::with_capacity(scopes.len());
        for mut row in person_rows::in_places(rows)? {
            consents.push(person_rows::settings(&mut row)?.unwrap_or_default());
            pointers = person_rows::pointers(&mut row)?.unwrap_or(pointers);
        }
        all_of(scopes, consents).map(|consents| (pointers, consents))
    }

    async fn load_many(&self, scopes: &[PersonScope]) -> Result<Vec<PersonRecord>, Unavailable> {
        if scopes.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.database.rows(Statement::new(sql::LOAD_MANY).text(users_json(scopes))).await?;
        let mut pointers = Pointers::new();
        let mut records = Vec::with_capacity(scopes.len());
        for mut row in person_rows::in_places(rows)? {
            let record = person_rows::person(&mut row)?;
            pointers = person_rows::pointers(&mut row)?.unwrap_or(pointers);
            records.push(PersonRecord { pointers: pointers.clone(), ..record });
        }
        all_of(scopes, records)
    }

    async fn save_settings(
        &self,
        scope: PersonScope,
        change: &SettingsChange,
        expected: u64,
    ) -> Result<Saved, Unavailable> {
        let settings = write_json(&person_rows::SettingsColumns::from(&change.settings));
        let audit = audit(sql::AUDIT_SETTINGS, scope, expected, change.at_ms).text(settings.clone());
        let save = guarded(sql::SAVE_SETTINGS, scope, expected).text(settings).integer(change.at_ms);
        let advance = guarded(sql::ADVANCE_REVISION, scope, expected).integer(change.at_ms);
        let [similar, models] = sql::WITHDRAW.map(|sql| Statement::new(sql).text(scope.user().to_string()));
        saved(self.database.batch(vec![audit, save, advance, advance_sequence(1), similar, models]).await?, 2)
    }

    async fn save_stated(
        &self,
        scope: PersonScope,
        stated: &Stated,
        at_ms: TimeMs,
        expected: u64,
    ) -> Result<Saved, Unavailable> {
        let stated = write_json(stated);
        let mut statements = Vec::new();
        if matches!(scope.actor(), Actor::Admin(_)) {
            statements.push(audit(sql::AUDIT_STATED, scope, expected, at_ms).text(stated.clone()));
        }
        let place = statements.len();
        statements.push(guarded(sql::SAVE_STATED, scope, expected).text(stated).integer(at_ms));
        statements.push(advance_sequence(1));
        saved(self.database.batch(statements).await?, place)
    }

    async fn erase(&self, scope: PersonScope, receipt_id: &str, at_ms: TimeMs) -> Result<ErasureReceipt, Unavailable> {
        let user = scope.user().to_string();
        let (kind, admin) = actor_words(scope);
        let mut statements = vec![
            Statement::new(sql::BURY).text(user.clone()).integer(at_ms).text(receipt_id),
            advance_sequence(1),
            Statement::new(sql::CUT_OUT_OF_DEAD_LETTERS).text(user.clone()),
            Statement::new(sql::FORGET_AS_UNIT).text(user.clone()),
            Statement::new(sql::HAND_OVER).text(user.clone()),
        ];
        let before = statements.len();
        statements.extend(sql::ERASE.iter().map(|(_, delete)| Statement::new(delete).text(user.clone())));
        let fact = Statement::new(sql::AUDIT_ERASURE).text(user).integer(at_ms).text(kind).optional_text(admin);
        statements.push(fact.text(receipt_id));
        let answers = self.database.batch(statements).await?;
        let mut removed = SortedMap::new();
        for ((table, _), answer) in sql::ERASE.iter().zip(answers.iter().skip(before)) {
            if answer.changes > 0 {
                *removed.get_or_default((*table).to_owned()) += answer.changes;
            }
        }
        Ok(ErasureReceipt {
            receipt_id: receipt_id.to_owned(),
            removed,
            erased_at: format_rfc3339(at_ms),
            restorable_until: format_rfc3339(at_ms + HISTORY_DAYS * DAY_MS),
        })
    }

    async fn export(&self, scope: PersonScope) -> Result<String, Unavailable> {
        let user = scope.user().to_string();
        let statements = sql::OWN_EXPORT.iter().map(|(_, select)| Statement::new(select).text(user.clone()));
        let answers = self.database.batch(statements.collect()).await?;
        let mut json = String::new();
        for ((table, _), answer) in sql::OWN_EXPORT.iter().zip(answers) {
            json.push_str(if json.is_empty() { "{\"" } else { "],\"" });
            json.push_str(table);
            let mut before = "\":[";
            for mut row in answer.rows {
                json.push_str(before);
                json.push_str(&row.text()?);
                before = ",";
            }
            json.push_str(if before == "," { "" } else { before });
        }
        json.push_str("]}");
        Ok(json)
    }

    async fn feedback(&self, scope: PersonScope, limit: u32) -> Result<Vec<FeedbackRow>, Unavailable> {
        let statement = Statement::new(sql::FEEDBACK).text(scope.user().to_string()).integer(i64::from(limit));
        let mut feedback = Vec::new();
        for mut row in self.database.rows(statement).await? {
            feedback.push(FeedbackRow {
                id: row.text()?,
                recommendation_id: row.optional_text()?,
                feedback_type: row.text()?,
                rating: row.optional_integer()?.and_then(|rating| u8::try_from(rating).ok()),
                feedback_text: row.optional_text()?,
                timestamp: row.integer()?,
            });
        }
        Ok(feedback)
    }
}

/// The user and the expected revision: the first two parameters of every guarded statement.
fn guarded(sql: &'static str, scope: PersonScope, expected: u64) -> Statement {
    Statement::new(sql).text(scope.user().to_string()).integer(expected.cast_signed())
}

fn audit(sql: &'static str, scope: PersonScope, expected: u64, at_ms: TimeMs) -> Statement {
    let (kind, admin) = actor_words(scope);
    guarded(sql, scope, expected).integer(at_ms).text(kind).optional_text(admin)
}

/// Reads the new revision that a guarded statement returned, if its guard held.
fn saved(answers: Vec<Answer>, place: usize) -> Result<Saved, Unavailable> {
    match answers.into_iter().nth(place).and_then(|answer| answer.rows.into_iter().next()) {
        Some(mut row) => row.count().map(Saved::Yes),
        None => Ok(Saved::Conflict),
    }
}

/// A store that answers for fewer people than were asked must not shift the answers of the others.
fn all_of<T>(scopes: &[PersonScope], answers: Vec<T>) -> Result<Vec<T>, Unavailable> {
    if answers.len() == scopes.len() { Ok(answers) } else { Err(unreadable()) }
}

/// People's ids as a JSON array.
pub(super) fn users_json(scopes: &[PersonScope]) -> String {
    write_json(&scopes.iter().map(|scope| scope.user().to_string()).collect::<Vec<_>>())
}
