//! `Upkeep` in D1: what scheduled jobs read and write.

use nearside_engine::ports::{
    Applied, CheckpointWrite, ExpiredPerson, Expiring, PopularItem, PurgeLimits, Unavailable, Upkeep,
};
use nearside_engine::types::{DAY_MS, EventKind, PersonScope, SortedMap, TimeMs, UserId};

use super::database::{Database, Statement};
use super::interactions_d1::logged;
use super::people_d1::users_json;
use super::person_rows;
use super::sql::upkeep as sql;
use super::store_d1::D1Store;

/// Figures of the service are kept for as long as a look can go back. A look reads all of them: some thirty rows a day.
const SERVICE_DAYS: u16 = 91;

impl<D: Database> Upkeep for D1Store<D> {
    async fn expired_people(
        &self,
        default_days: u16,
        now_ms: TimeMs,
        limit: u32,
    ) -> Result<Vec<ExpiredPerson>, Unavailable> {
        let numbers = Statement::new(sql::EXPIRED_PEOPLE).integer(i64::from(default_days)).integer(now_ms);
        let mut people = Vec::new();
        for mut row in self.database.rows(numbers.integer(i64::from(limit)).text(EventKind::names_json())).await? {
            people.push(ExpiredPerson { user: person_rows::user(&mut row)?, before_ms: row.integer()? });
        }
        Ok(people)
    }

    async fn expiring(&self, scope: PersonScope, before_ms: TimeMs) -> Result<Expiring, Unavailable> {
        let user = scope.user().to_string();
        let profile = Statement::new(sql::EXPIRING_PROFILE).text(user.clone());
        let events = Statement::new(sql::EXPIRING).text(user).integer(before_ms);
        let mut answers = self.database.batch(vec![profile, events]).await?.into_iter();
        let mut expiring = Expiring::default();
        if let Some(mut row) = answers.next().and_then(|answer| answer.rows.into_iter().next()) {
            expiring.revision = row.count()?;
            expiring.checkpoint_json = row.optional_text()?;
        }
        expiring.interactions = logged(answers.next().unwrap_or_default())?;
        Ok(expiring)
    }

    async fn checkpoint(&self, write: &CheckpointWrite) -> Result<Applied, Unavailable> {
        let guarded = |sql: &'static str| {
            let person = Statement::new(sql).text(write.scope.user().to_string());
            person.integer(write.before_ms).integer(write.expected_revision.cast_signed())
        };
        let mut statements: Vec<Statement> = sql::REMOVE_EXPIRED.into_iter().map(guarded).collect();
        statements.push(guarded(sql::WRITE_CHECKPOINT).text(&*write.checkpoint_json));
        let last = self.database.batch(statements).await?.pop().unwrap_or_default();
        Ok(if last.rows.is_empty() { Applied::Conflict } else { Applied::Yes })
    }

    async fn active_people(
        &self,
        since_ms: TimeMs,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<UserId>, Unavailable> {
        let after = after.map(|user| user.to_string()).unwrap_or_default();
        let statement = Statement::new(sql::ACTIVE_PEOPLE).integer(since_ms).text(after).integer(i64::from(limit));
        self.database.rows(statement).await?.iter_mut().map(person_rows::user).collect()
    }

    async fn write_features(
        &self,
        people: &[PersonScope],
        is_opt_out: bool,
        now_ms: TimeMs,
    ) -> Result<u32, Unavailable> {
        let users = users_json(people);
        let features =
            Statement::new(sql::WRITE_FEATURES).text(users.clone()).integer(now_ms).integer(i64::from(is_opt_out));
        let days = Statement::new(sql::TIME_TO_ACTION).text(users).integer(now_ms);
        let answers = self.database.batch(vec![features, days]).await?;
        Ok(changes(answers.first().map_or(0, |answer| answer.changes)))
    }

    async fn refresh_popularity(
        &self,
        since_ms: TimeMs,
        now_ms: TimeMs,
        least_people: u32,
    ) -> Result<u32, Unavailable> {
        let mut statements = vec![Statement::new(sql::CLEAR_POPULARITY)];
        statements.extend(
            sql::COUNT_POPULARITY
                .map(|count| Statement::new(count).integer(since_ms).integer(now_ms).integer(i64::from(least_people))),
        );
        let answers = self.database.batch(statements).await?;
        Ok(changes(answers.iter().skip(1).map(|answer| answer.changes).sum()))
    }

    async fn popularity(&self, pack: &str) -> Result<Vec<PopularItem>, Unavailable> {
        let mut items = Vec::new();
        for mut row in self.database.rows(Statement::new(sql::POPULARITY).text(pack)).await? {
            items.push(PopularItem {
                pack: row.text()?,
                country: row.text()?,
                item_id: row.text()?,
                people: row.count()?,
                accepts: row.count()?,
            });
        }
        Ok(items)
    }

    async fn purge(&self, limits: &PurgeLimits) -> Result<SortedMap<String, u64>, Unavailable> {
        let before = |days: u16| limits.now_ms - i64::from(days) * DAY_MS;
        let features =
            Statement::new(sql::PURGE_FEATURES).integer(limits.now_ms).integer(i64::from(limits.feature_vectors_days));
        let purges = [
            ("user_feature_vectors", features),
            (
                "personalization_events_log",
                Statement::new(sql::PURGE_EVENTS_LOG).integer(before(limits.dead_letters_days)),
            ),
            ("dead_letters", Statement::new(sql::PURGE_DEAD_LETTERS).integer(before(limits.dead_letters_days))),
            ("erasure_tombstones", Statement::new(sql::PURGE_TOMBSTONES).integer(before(limits.tombstones_days))),
            ("audit_log", Statement::new(sql::PURGE_AUDIT).integer(before(limits.audit_days))),
            (
                "similar_user_mappings",
                Statement::new(sql::PURGE_SIMILAR_USERS).integer(before(limits.feature_vectors_days)),
            ),
            (
                "personalization_models",
                Statement::new(sql::PURGE_USER_MODELS).integer(before(limits.feature_vectors_days)),
            ),
            ("personalization_eval", Statement::new(sql::PURGE_EVALUATIONS).integer(before(limits.evaluations_days))),
            ("overview_days", Statement::new(sql::PURGE_DAYS[0]).integer(before(limits.evaluations_days))),
            ("overview_people", Statement::new(sql::PURGE_DAYS[1]).integer(before(limits.evaluations_days))),
            ("service_days", Statement::new(sql::PURGE_DAYS[2]).integer(before(SERVICE_DAYS))),
        ];
        let (tables, statements): (Vec<_>, Vec<_>) = purges.into_iter().unzip();
        let answers = self.database.batch(statements).await?;
        Ok(tables.into_iter().zip(answers).map(|(table, answer)| (table.to_owned(), answer.changes)).collect())
    }
}

fn changes(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
