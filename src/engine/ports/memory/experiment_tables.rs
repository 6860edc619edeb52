//! The tables of experiments: what a batch adds to them, as the statements of a real store add it.

use std::collections::BTreeMap;

use crate::ports::{
    DayCell, ExperimentWrite, Exposure, ExposureSource, StatisticsCell, TestOutcome, TestRow, TotalChange,
};
use serde_json::Value;

use crate::types::{Assignment, DAY_MS, Environment, TimeMs, Unit, UnitKind, UserId};

/// A test's name in its environment.
pub(super) type TestKey = (Environment, String);

/// Everything that is stored of experiments.
#[derive(Debug, Clone, Default)]
pub(super) struct ExperimentTables {
    /// Salt, holdout, and since when it is that.
    pub(super) environments: BTreeMap<Environment, (String, f64, TimeMs)>,
    pub(super) tests: BTreeMap<TestKey, KeptTest>,
    pub(super) assignments: BTreeMap<(Unit, TestKey), AssignmentRow>,
    pub(super) totals: BTreeMap<(Unit, TestKey, String), f64>,
    pub(super) outcomes: BTreeMap<(UserId, String, TestKey), TestOutcome>,
    /// By epoch, variant, metric and segment.
    pub(super) cells: BTreeMap<(TestKey, u32, String, String, String), StatisticsCell>,
    /// By metric, day, epoch and variant.
    pub(super) days: BTreeMap<(TestKey, String, i32, u32, String), DayCell>,
    pub(super) health: BTreeMap<(TestKey, &'static str), u64>,
}

/// A test with its epochs.
#[derive(Debug, Clone)]
pub(super) struct KeptTest {
    pub(super) row: TestRow,
    pub(super) created_by: UserId,
    pub(super) created_at_ms: TimeMs,
    pub(super) epochs: Vec<KeptEpoch>,
    pub(super) tester_changes: Vec<KeptTesters>,
}

/// A change of testers.
#[derive(Debug, Clone)]
pub(super) struct KeptTesters {
    pub(super) actor: UserId,
    pub(super) reason: String,
    pub(super) testers: usize,
    pub(super) at_ms: TimeMs,
}

/// An epoch.
#[derive(Debug, Clone)]
pub(super) struct KeptEpoch {
    pub(super) row: TestRow,
    pub(super) actor: UserId,
    pub(super) reason: String,
    pub(super) at_ms: TimeMs,
}

/// A row of assignments.
#[derive(Debug, Clone)]
pub(super) struct AssignmentRow {
    pub(super) user: UserId,
    pub(super) assignment: Assignment,
    pub(super) segments: Vec<String>,
    pub(super) pre: f64,
    /// What a tester saw who was counted before.
    pub(super) counted_variant: Option<String>,
}

impl ExperimentTables {
    /// Writes exposures, and counts those that are new. None of another person who `is_erased`, and who goes on them names
    /// them no more.
    pub(super) fn expose(
        &mut self,
        user: UserId,
        exposures: &[Exposure],
        received_at_ms: TimeMs,
        is_erased: impl Fn(&str) -> bool,
    ) {
        for exposure in exposures {
            if exposure.unit.kind == UnitKind::User && is_erased(&exposure.unit.id) {
                continue;
            }
            let counts_as = exposure.counts_as.clone().map(|id| if is_erased(&id) { String::new() } else { id });
            let test = (exposure.environment, exposure.test_name.clone());
            let key = (exposure.unit.clone(), test.clone());
            if self.assignments.contains_key(&key) {
                continue;
            }
            let assignment = Assignment {
                unit: exposure.unit.clone(),
                environment: exposure.environment,
                test_name: exposure.test_name.clone(),
                variant: exposure.variant.clone(),
                epoch: exposure.epoch,
                assigned_at_ms: exposure.assigned_at_ms,
                is_forced: exposure.source == ExposureSource::Forced,
                counts_as,
            };
            let is_counted = !assignment.is_forced && assignment.counts_as.is_none();
            let (segments, pre) = (exposure.segments.clone(), exposure.pre);
            let is_user = exposure.unit.kind == UnitKind::User;
            let owner = UserId::parse(&exposure.unit.id).filter(|_| is_user).unwrap_or(user);
            let row = AssignmentRow { user: owner, assignment, segments, pre, counted_variant: None };
            if is_counted {
                let of_unit = Change { metric: "exposure", units: 1, rows: 1, before: 0.0, after: 0.0 };
                for segment in &row.segments {
                    let cell = self.cell(&row, segment, "exposure");
                    add_to(cell, &of_unit, 0.0);
                    cell.pre += row.pre;
                    cell.pre_squares += row.pre * row.pre;
                }
                self.add_to_day(&row, &of_unit, received_at_ms);
            }
            self.assignments.insert(key, row);
        }
    }

    /// Writes outcomes, totals and health. It comes after the exposures of the whole batch.
    pub(super) fn count(&mut self, user: UserId, write: &ExperimentWrite, received_at_ms: TimeMs) {
        for change in &write.totals {
            let test = (change.environment, change.test_name.clone());
            let row = self.assignments.get(&(change.unit.clone(), test.clone())).cloned();
            let Some(row) = row.filter(|row| !row.assignment.is_forced) else { continue };
            let key = (change.unit.clone(), test, change.metric.clone());
            let known = self.totals.get(&key).copied();
            let before = known.unwrap_or_default();
            let after = if change.is_conversion { 1.0 } else { before + change.delta };
            let units = u64::from(known.is_none());
            let made = Change { metric: &change.metric, units, rows: u64::from(change.rows), before, after };
            for segment in &row.segments {
                add_to(self.cell(&row, segment, &change.metric), &made, row.pre);
            }
            self.add_to_day(&row, &made, received_at_ms);
            self.totals.insert(key, after);
        }
        for outcome in &write.outcomes {
            let test = (outcome.environment, outcome.test_name.clone());
            let row = self.assignments.get(&(outcome.unit.clone(), test.clone()));
            if row.is_some_and(|row| !row.assignment.is_forced) {
                self.outcomes.entry((user, outcome.id.clone(), test)).or_insert_with(|| outcome.clone());
            }
        }
        for count in &write.health {
            let test = (count.environment, count.test_name.clone());
            *self.health.entry((test, count.name.name())).or_default() += u64::from(count.count);
        }
    }

    /// Counts what was viewed 7 to 14 days ago and ignored since, and lets rows of tests go that were archived 90 days ago.
    /// Returns how many rows changed.
    /// `agrees` says of a person whether they were counted since a time.
    pub(super) fn settle(&mut self, now_ms: TimeMs, agrees: impl Fn(UserId, TimeMs) -> bool) -> u32 {
        let is_active = |test: &TestKey| self.tests.get(test).is_some_and(|kept| kept.row.status == "ACTIVE");
        let touches_all = |test: &TestKey| {
            let definition = self.tests.get(test).map_or("", |kept| kept.row.definition.as_str());
            serde_json::from_str(definition)
                .is_ok_and(|stored: Value| stored.pointer("/definition/in_holdout") == Some(&Value::Bool(false)))
        };
        let has_holdout_since = |test: &TestKey, at_ms: TimeMs| {
            self.environments.get(&test.0).is_some_and(|(_, _, since_ms)| *since_ms <= at_ms) || touches_all(test)
        };
        let is_tester = |user: UserId, test: &TestKey| {
            let person = Unit { kind: UnitKind::User, id: user.to_string() };
            self.assignments.get(&(person, test.clone())).is_some_and(|row| row.assignment.is_forced)
        };
        let disagreed = |(unit, test): &(Unit, TestKey)| {
            self.assignments.iter().any(|((further, of), row)| {
                of == test
                    && further.kind == unit.kind
                    && row.assignment.counts_as.as_ref() == Some(&unit.id)
                    && !agrees(row.user, TimeMs::MAX)
            })
        };
        let has = |key: &(Unit, TestKey), metric: &str| {
            self.totals.contains_key(&(key.0.clone(), key.1.clone(), metric.to_owned()))
        };
        let window = now_ms - 14 * DAY_MS..now_ms - 7 * DAY_MS;
        let ignores = |(key, row): &(&(Unit, TestKey), &AssignmentRow)| {
            window.contains(&row.assignment.assigned_at_ms)
                && is_active(&key.1)
                && row.assignment.counts_as.is_none()
                && has_holdout_since(&key.1, row.assignment.assigned_at_ms)
                && agrees(row.user, row.assignment.assigned_at_ms)
                && !is_tester(row.user, &key.1)
                && !disagreed(key)
                && has(key, "viewed")
                && !["accepted", "dismissed", "completed", "ignored"].iter().any(|metric| has(key, metric))
        };
        let changes: Vec<(UserId, TotalChange)> = self
            .assignments
            .iter()
            .filter(ignores)
            .map(|((unit, (environment, test_name)), row)| {
                let (unit, test_name, metric) = (unit.clone(), test_name.clone(), "ignored".to_owned());
                let (is_conversion, delta, rows) = (true, 1.0, 1);
                let environment = *environment;
                (row.user, TotalChange { unit, environment, test_name, metric, is_conversion, delta, rows })
            })
            .collect();
        let ignored = changes.len();
        for (user, change) in changes {
            self.count(user, &ExperimentWrite { totals: vec![change], ..ExperimentWrite::default() }, now_ms);
        }
        let before_ms = now_ms - 90 * DAY_MS;
        let old = |kept: &KeptTest| kept.epochs.last().is_some_and(|epoch| epoch.at_ms < before_ms);
        let is_gone = |kept: &&KeptTest| kept.row.status == "ARCHIVED" && old(kept);
        let gone: Vec<TestKey> =
            self.tests.iter().filter(|(_, kept)| is_gone(kept)).map(|(test, _)| test.clone()).collect();
        let rows = self.assignments.len() + self.totals.len();
        self.assignments.retain(|(_, test), _| !gone.contains(test));
        self.totals.retain(|(_, test, _), _| !gone.contains(test));
        let removed = rows - self.assignments.len() - self.totals.len();
        u32::try_from(ignored + removed).unwrap_or(u32::MAX)
    }

    /// Removes a person's rows; the sums stay. Returns how many went, by table.
    pub(super) fn remove(&mut self, user: UserId) -> [(&'static str, usize); 3] {
        for ((unit, test), row) in self.assignments.iter_mut() {
            let of_unit = |(owner, _, of): &&(UserId, String, TestKey)| *owner != user && of == test;
            let mut others = self.outcomes.iter().filter(|(key, outcome)| of_unit(key) && outcome.unit == *unit);
            if row.user == user
                && unit.kind != UnitKind::User
                && let Some(((other, _, _), _)) = others.next()
            {
                row.user = *other;
            }
        }
        let gone: Vec<(Unit, TestKey)> =
            self.assignments.iter().filter(|(_, row)| row.user == user).map(|(key, _)| key.clone()).collect();
        let sizes = |tables: &Self| [tables.assignments.len(), tables.totals.len(), tables.outcomes.len()];
        let before = sizes(self);
        self.totals.retain(|(unit, test, _), _| !gone.contains(&(unit.clone(), test.clone())));
        gone.iter().for_each(|key| {
            self.assignments.remove(key);
        });
        self.outcomes.retain(|(owner, _, _), _| *owner != user);
        let id = user.to_string();
        for row in self.assignments.values_mut().filter(|row| row.assignment.counts_as.as_ref() == Some(&id)) {
            row.assignment.counts_as = Some(String::new());
        }
        let after = sizes(self);
        let names = ["ab_test_assignments", "ab_test_unit_totals", "ab_test_outcomes"];
        let went = before.into_iter().zip(after).map(|(before, after)| before - after);
        let mut counts = names.map(|name| (name, 0));
        counts.iter_mut().zip(went).for_each(|((_, count), went)| *count = went);
        counts
    }

    fn cell(&mut self, row: &AssignmentRow, segment: &str, metric: &str) -> &mut StatisticsCell {
        let of = &row.assignment;
        let test = (of.environment, of.test_name.clone());
        let key = (test, of.epoch, of.variant.clone(), metric.to_owned(), segment.to_owned());
        self.cells.entry(key).or_insert_with(|| StatisticsCell {
            epoch: of.epoch,
            variant: of.variant.clone(),
            metric: metric.to_owned(),
            segment: segment.to_owned(),
            ..StatisticsCell::default()
        })
    }

    fn add_to_day(&mut self, row: &AssignmentRow, change: &Change<'_>, received_at_ms: TimeMs) {
        if change.units == 0 && change.before == change.after {
            return;
        }
        let of = &row.assignment;
        let day = i32::try_from(received_at_ms.div_euclid(DAY_MS)).unwrap_or_default();
        let test = (of.environment, of.test_name.clone());
        let metric = change.metric.to_owned();
        let key = (test, metric.clone(), day, of.epoch, of.variant.clone());
        let cell = self.days.entry(key).or_insert_with(|| DayCell {
            metric,
            day,
            epoch: of.epoch,
            variant: of.variant.clone(),
            ..DayCell::default()
        });
        cell.units += change.units;
        cell.total += change.after - change.before;
        cell.total_squares += change.after * change.after - change.before * change.before;
    }
}

/// What a write adds to a metric of a unit.
struct Change<'a> {
    metric: &'a str,
    units: u64,
    rows: u64,
    before: f64,
    after: f64,
}

fn add_to(cell: &mut StatisticsCell, change: &Change<'_>, pre: f64) {
    cell.units += change.units;
    cell.rows += change.rows;
    cell.total += change.after - change.before;
    cell.total_squares += change.after * change.after - change.before * change.before;
    cell.total_pre += (change.after - change.before) * pre;
}
