//! The statements of a batch that count experiments. Without a test that is touched there are none.

use nearside_engine::ports::{ExperimentWrite, Exposure, HealthCount, TestOutcome, TotalChange};
use nearside_json::write_json;

use super::database::Statement;
use super::events_write::{array, joined};
use super::sql::experiments as sql;

/// The experiments' part of a batch: each list is the inside of a JSON array.
#[derive(Debug, Default)]
pub(super) struct ExperimentBatch {
    exposures: Vec<String>,
    outcomes: Vec<String>,
    totals: Vec<String>,
    health: Vec<String>,
}

impl ExperimentBatch {
    /// Adds a person's part; `head` is the array of user, revision and time. Each exposure takes one of the batch's
    /// `numbers`.
    pub(super) fn add(&mut self, head: &str, write: &ExperimentWrite, numbers: &mut usize) {
        let mut number = || {
            *numbers += 1;
            *numbers
        };
        let exposures = write.exposures.iter().map(|exposure| exposure_json(number(), exposure));
        push(&mut self.exposures, head, exposures.collect());
        push(&mut self.outcomes, head, write.outcomes.iter().map(outcome_json).collect());
        push(&mut self.totals, head, write.totals.iter().map(total_json).collect());
        push(&mut self.health, head, write.health.iter().map(health_json).collect());
    }

    /// Returns the bytes of the person that was added last.
    pub(super) fn last_bytes(&self) -> usize {
        let last = |list: &Vec<String>| list.last().map_or(0, String::len);
        last(&self.exposures).max(last(&self.outcomes)).max(last(&self.totals))
    }

    /// Appends the statements, in their order.
    pub(super) fn append_to(self, statements: &mut Vec<Statement>) {
        let mut append = |list: &[String], texts: &[&'static str]| {
            if !list.is_empty() {
                let list = array(list);
                statements.extend(texts.iter().map(|text| Statement::new(text).text(&*list)));
            }
        };
        append(&self.exposures, &[sql::INSERT_EXPOSURES, sql::COUNT_EXPOSURES, sql::COUNT_EXPOSURES_BY_DAY]);
        append(&self.totals, &[sql::COUNT_OUTCOMES, sql::COUNT_OUTCOMES_BY_DAY, sql::ADD_TOTALS]);
        append(&self.outcomes, &[sql::INSERT_TEST_OUTCOMES]);
        append(&self.health, &[sql::COUNT_HEALTH]);
    }
}

fn push(list: &mut Vec<String>, head: &str, rows: Vec<String>) {
    if !rows.is_empty() {
        list.push(joined(head, &format!("[{}]", array(&rows))));
    }
}

fn exposure_json(number: usize, exposure: &Exposure) -> String {
    let Exposure { unit, environment, test_name, variant, epoch, assigned_at_ms, source, counts_as, segments, pre } =
        exposure;
    let (kind, environment) = (unit.kind.name(), environment.name());
    let source = source.name();
    write_json(&(
        number,
        kind,
        &unit.id,
        environment,
        test_name,
        variant,
        epoch,
        assigned_at_ms,
        segments,
        pre,
        source,
        counts_as,
    ))
}

fn outcome_json(outcome: &TestOutcome) -> String {
    let (kind, environment) = (outcome.unit.kind.name(), outcome.environment.name());
    let (item, context) = (&outcome.recommendation_id, &outcome.context_json);
    let what = outcome.outcome.name();
    let at_ms = outcome.occurred_at_ms;
    write_json(&(&outcome.id, kind, &outcome.unit.id, environment, &outcome.test_name, item, what, at_ms, context))
}

fn total_json(change: &TotalChange) -> String {
    let (kind, environment) = (change.unit.kind.name(), change.environment.name());
    let is_conversion = u8::from(change.is_conversion);
    let (test, metric) = (&change.test_name, &change.metric);
    write_json(&(kind, &change.unit.id, environment, test, metric, is_conversion, change.delta, change.rows))
}

fn health_json(count: &HealthCount) -> String {
    write_json(&(count.environment.name(), &count.test_name, count.name.name(), count.count))
}
