//! `Experiments` in D1: definitions with their epochs, testers, recorded assignments, and the sums of an analysis. Counting
//! is in `experiments_write`.

use nearside_engine::ports::{
    Applied, DayCell, Experiments, StatisticsCell, TestChange, TestStatistics, Tester, Unavailable,
};
use nearside_engine::types::{AdminScope, Assignment, DAY_MS, Environment, PersonScope, TimeMs, Unit, UnitKind};
use nearside_json::write_json;
use serde::Serialize;

use super::database::{Answer, Database, Row, Statement, unreadable};
use super::sql::{experiment_records as sql, experiments::ASSIGNMENTS};
use super::store_d1::D1Store;

/// Rows of a test that was archived go after so many days; its sums stay.
const ARCHIVED_ROWS_DAYS: i64 = 90;

impl<D: Database> Experiments for D1Store<D> {
    async fn definition_set(&self, environment: Environment) -> Result<String, Unavailable> {
        let both = [sql::ENVIRONMENT, sql::DEFINITIONS].map(|sql| Statement::new(sql).text(environment.name()));
        let mut answers = self.database.batch(both.into()).await?.into_iter();
        let (salt, holdout_percentage) = match rows(answers.next()).next() {
            Some(mut row) => (row.text()?, row.optional_number()?.unwrap_or_default()),
            None => (String::new(), 0.0),
        };
        let mut set = format!(
            r#"{{"format":1,"environment":"{}","salt":{},"holdout_percentage":{},"tests":["#,
            environment.name(),
            write_json(&salt),
            write_json(&holdout_percentage)
        );
        // As `write_json` writes the set: the definitions are its bytes already.
        set.push_str(&joined(rows(answers.next()))?);
        set.push_str("]}");
        Ok(set)
    }

    async fn report_tests(
        &self,
        _: AdminScope,
        environment: Environment,
        test: Option<&str>,
        now_ms: TimeMs,
    ) -> Result<String, Unavailable> {
        let Some(test) = test else {
            let all = Statement::new(sql::REPORTS).text(environment.name()).integer(now_ms);
            let reports = self.database.rows(all).await?;
            return Ok(format!("{{\"tests\":[{}]}}", joined(reports.into_iter())?));
        };
        joined(self.database.rows(of_test(sql::REPORT, environment, test).integer(now_ms)).await?.into_iter())
    }

    async fn change_test(
        &self,
        scope: AdminScope,
        change: &TestChange,
        expected: &str,
        at_ms: TimeMs,
    ) -> Result<Applied, Unavailable> {
        let json = write_json(&ChangeColumns::of(change, scope, expected, at_ms));
        let texts: &[&'static str] = if change.test.is_some() { &sql::CHANGE_TEST } else { &sql::CHANGE_HOLDOUT };
        let statements = texts.iter().map(|sql| Statement::new(sql).text(&*json)).collect();
        let moved = self.database.batch(statements).await?.pop();
        Ok(if rows(moved).next().is_some() { Applied::Yes } else { Applied::Conflict })
    }

    async fn force(
        &self,
        scope: AdminScope,
        environment: Environment,
        test: &str,
        testers: &[Tester],
        reason: &str,
        at_ms: TimeMs,
    ) -> Result<(), Unavailable> {
        let testers = testers.iter().map(|tester| (tester.user.to_string(), &tester.variant));
        let testers = write_json(&testers.collect::<Vec<_>>());
        let statement = |sql| of_test(sql, environment, test).text(&*testers);
        let mut statements: Vec<Statement> = sql::TAKE_BACK.into_iter().map(statement).collect();
        statements.push(statement(sql::FORCE).integer(at_ms));
        statements.push(statement(sql::AUDIT_TESTERS).integer(at_ms).text(scope.actor().to_string()).text(reason));
        self.database.batch(statements).await.map(|_| ())
    }

    async fn assignments(
        &self,
        _: PersonScope,
        environment: Environment,
        units: &[Unit],
    ) -> Result<Vec<Assignment>, Unavailable> {
        if units.is_empty() {
            return Ok(Vec::new());
        }
        let units: Vec<(&str, &str)> = units.iter().map(|unit| (unit.kind.name(), unit.id.as_str())).collect();
        let statement = Statement::new(ASSIGNMENTS).text(environment.name()).text(write_json(&units));
        let assignment = |mut row: Row| {
            Ok(Assignment {
                unit: Unit { kind: unit_kind(&row.text()?)?, id: row.text()? },
                environment,
                test_name: row.text()?,
                variant: row.text()?,
                epoch: row.count()?,
                assigned_at_ms: row.integer()?,
                is_forced: row.flag()?,
                counts_as: row.optional_text()?,
            })
        };
        self.database.rows(statement).await?.into_iter().map(assignment).collect()
    }

    async fn statistics_of_test(
        &self,
        _: AdminScope,
        environment: Environment,
        test: &str,
    ) -> Result<TestStatistics, Unavailable> {
        // As it is stored: the analysis asks for its own moment.
        let mut statements = vec![of_test(sql::REPORT, environment, test).integer(0)];
        statements.extend([sql::CELLS, sql::DAYS, sql::HEALTH].map(|sql| of_test(sql, environment, test)));
        let mut answers = self.database.batch(statements).await?.into_iter();
        Ok(TestStatistics {
            report_json: joined(rows(answers.next()))?,
            cells: rows(answers.next()).map(statistics_cell).collect::<Result<_, _>>()?,
            days: rows(answers.next()).map(day_cell).collect::<Result<_, _>>()?,
            health: rows(answers.next())
                .map(|mut row| Ok((row.text()?, row.count()?)))
                .collect::<Result<_, Unavailable>>()?,
        })
    }

    async fn settle_tests(&self, now_ms: TimeMs) -> Result<u32, Unavailable> {
        let before_ms = now_ms - ARCHIVED_ROWS_DAYS * DAY_MS;
        let mut statements = sql::COUNT_IGNORED.map(|sql| Statement::new(sql).integer(now_ms)).to_vec();
        let counted = statements.len();
        statements.push(Statement::new(sql::ADD_IGNORED).integer(now_ms));
        statements.extend(sql::PURGE_ARCHIVED.map(|sql| Statement::new(sql).integer(before_ms)));
        // Cells and days are nobody's rows: those behind them are.
        let answers = self.database.batch(statements).await?;
        let changes: u64 = answers.get(counted..).unwrap_or_default().iter().map(|answer| answer.changes).sum();
        Ok(u32::try_from(changes).unwrap_or(u32::MAX))
    }
}

/// A change under the names that `sql::CHANGE_TEST` reads.
#[derive(Serialize)]
struct ChangeColumns<'a> {
    environment: &'static str,
    expected: &'a str,
    version: &'a str,
    at_ms: TimeMs,
    actor: String,
    action: &'static str,
    reason: &'a str,
    environment_salt: &'a str,
    holdout_percentage: f64,
    test_name: Option<&'a str>,
    description: Option<&'a str>,
    hypothesis: Option<&'a str>,
    start_date: Option<TimeMs>,
    end_date: Option<TimeMs>,
    status: Option<&'static str>,
    variants: Option<&'a str>,
    success_metric: Option<&'a str>,
    minimum_sample_size: Option<u32>,
    stopped_at_ms: Option<TimeMs>,
    epoch: Option<u32>,
    stratum: Option<u32>,
    unit: Option<&'static str>,
    salt: Option<&'a str>,
    hash_algorithm: Option<&'static str>,
    definition: Option<&'a str>,
}

impl<'a> ChangeColumns<'a> {
    fn of(change: &'a TestChange, scope: AdminScope, expected: &'a str, at_ms: TimeMs) -> Self {
        let test = change.test.as_ref();
        Self {
            environment: change.environment.name(),
            expected,
            version: &change.version,
            at_ms,
            actor: scope.actor().to_string(),
            action: test.map_or("holdout", |test| test.action.name()),
            reason: &change.reason,
            environment_salt: &change.salt,
            holdout_percentage: change.holdout_percentage,
            test_name: test.map(|test| &*test.test_name),
            description: test.map(|test| &*test.description),
            hypothesis: test.map(|test| &*test.hypothesis),
            start_date: test.and_then(|test| test.start_date),
            end_date: test.and_then(|test| test.end_date),
            status: test.map(|test| test.status),
            variants: test.map(|test| &*test.variants),
            success_metric: test.map(|test| &*test.success_metric),
            minimum_sample_size: test.map(|test| test.minimum_sample_size),
            stopped_at_ms: test.and_then(|test| test.stopped_at_ms),
            epoch: test.map(|test| test.epoch),
            stratum: test.map(|test| test.stratum),
            unit: test.map(|test| test.unit.name()),
            salt: test.map(|test| &*test.salt),
            hash_algorithm: test.map(|test| test.hash_algorithm),
            definition: test.map(|test| &*test.definition),
        }
    }
}

fn of_test(sql: &'static str, environment: Environment, test: &str) -> Statement {
    Statement::new(sql).text(environment.name()).text(test)
}

fn rows(answer: Option<Answer>) -> std::vec::IntoIter<Row> {
    answer.unwrap_or_default().rows.into_iter()
}

/// JSON texts of rows, with commas between them.
fn joined(rows: impl Iterator<Item = Row>) -> Result<String, Unavailable> {
    let mut joined = String::new();
    for mut row in rows {
        if !joined.is_empty() {
            joined.push(',');
        }
        joined.push_str(&row.text()?);
    }
    Ok(joined)
}

fn unit_kind(name: &str) -> Result<UnitKind, Unavailable> {
    let kinds = [UnitKind::User, UnitKind::Session, UnitKind::Device];
    kinds.into_iter().find(|kind| kind.name() == name).ok_or_else(unreadable)
}

fn statistics_cell(mut row: Row) -> Result<StatisticsCell, Unavailable> {
    let mut cell = StatisticsCell {
        epoch: row.count()?,
        variant: row.text()?,
        metric: row.text()?,
        segment: row.text()?,
        units: row.count()?,
        rows: row.count()?,
        ..StatisticsCell::default()
    };
    for sum in [&mut cell.total, &mut cell.total_squares, &mut cell.pre, &mut cell.pre_squares, &mut cell.total_pre] {
        *sum = row.optional_number()?.unwrap_or_default();
    }
    Ok(cell)
}

fn day_cell(mut row: Row) -> Result<DayCell, Unavailable> {
    Ok(DayCell {
        metric: row.text()?,
        day: row.count()?,
        epoch: row.count()?,
        variant: row.text()?,
        units: row.count()?,
        total: row.optional_number()?.unwrap_or_default(),
        total_squares: row.optional_number()?.unwrap_or_default(),
    })
}
