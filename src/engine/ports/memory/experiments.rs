//! Experiments in memory: changed under the set that they were decided on, counted with the log.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::experiment_tables::{AssignmentRow, ExperimentTables, KeptEpoch, KeptTest, KeptTesters};
use super::faults::Port;
use super::store::{Audit, Memory, Tables};
use crate::ports::{Applied, Experiments, TestChange, TestRow, TestStatistics, Tester, Unavailable};
use crate::types::{
    Actor, AdminScope, Assignment, Environment, PersonScope, Settings, TimeMs, Unit, UnitKind, UserId, format_rfc3339,
};
use nearside_json::write_json;

impl<Cache> Experiments for Memory<Cache> {
    async fn definition_set(&self, environment: Environment) -> Result<String, Unavailable> {
        self.call(Port::Experiments, "definition_set", &[], |tables| {
            let (salt, holdout, _) = tables.experiments.environments.get(&environment).cloned().unwrap_or_default();
            let tests = of_environment(&tables.experiments, environment).filter(|test| test.row.status != "ARCHIVED");
            let tests: Vec<&str> = tests.map(|test| test.row.definition.as_str()).collect();
            format!(
                r#"{{"format":1,"environment":"{}","salt":{},"holdout_percentage":{},"tests":[{}]}}"#,
                environment.name(),
                write_json(&salt),
                write_json(&holdout),
                tests.join(",")
            )
        })
    }

    async fn report_tests(
        &self,
        _: AdminScope,
        environment: Environment,
        test: Option<&str>,
        now_ms: TimeMs,
    ) -> Result<String, Unavailable> {
        self.call(Port::Experiments, "report_tests", &[], |tables| match test {
            Some(test) => report(&tables.experiments, environment, test, now_ms),
            None => {
                let tests = of_environment(&tables.experiments, environment);
                let reports: Vec<Value> = tests.map(|test| report_of(environment, test, now_ms)).collect();
                json!({ "tests": reports }).to_string()
            }
        })
    }

    async fn change_test(
        &self,
        scope: AdminScope,
        change: &TestChange,
        expected: &str,
        at_ms: TimeMs,
    ) -> Result<Applied, Unavailable> {
        self.call(Port::Experiments, "change_test", &[], |tables| {
            let pointer = format!("experiments/{}", change.environment.name());
            if tables.pointers.get(&pointer).map_or("", String::as_str) != expected {
                return Applied::Conflict;
            }
            let environments = &mut tables.experiments.environments;
            let kept = environments.entry(change.environment).or_insert_with(|| (change.salt.clone(), -1.0, at_ms));
            if kept.1 != change.holdout_percentage {
                (kept.1, kept.2) = (change.holdout_percentage, at_ms);
            }
            if let Some(row) = &change.test {
                keep(tables, change, row, scope.actor(), at_ms);
            }
            tables.pointers.insert(pointer, change.version.clone());
            let actor = Actor::Admin(scope.actor());
            tables.audit.push(Audit { at_ms, action: "experiment.changed", actor, subject: None });
            Applied::Yes
        })
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
        self.call(Port::Experiments, "force", &[], |tables| {
            let experiments = &mut tables.experiments;
            let key = (environment, test.to_owned());
            let Some(kept) = experiments.tests.get_mut(&key) else { return };
            let epoch = kept.row.epoch;
            let (actor, reason) = (scope.actor(), reason.to_owned());
            kept.tester_changes.push(KeptTesters { actor, reason, testers: testers.len(), at_ms });
            for tester in testers {
                let unit = Unit { kind: UnitKind::User, id: tester.user.to_string() };
                let place = (unit.clone(), key.clone());
                let known = experiments.assignments.get_mut(&place);
                match (&tester.variant, known) {
                    (None, Some(row)) if row.assignment.is_forced => match row.counted_variant.take() {
                        Some(variant) => (row.assignment.is_forced, row.assignment.variant) = (false, variant),
                        None => {
                            experiments.assignments.remove(&place);
                        }
                    },
                    (None, _) => {}
                    (Some(variant), Some(row)) => {
                        let before = std::mem::replace(&mut row.assignment.variant, variant.clone());
                        if !std::mem::replace(&mut row.assignment.is_forced, true) {
                            row.counted_variant = Some(before);
                        }
                    }
                    (Some(variant), None) => {
                        let assignment = Assignment {
                            unit,
                            environment,
                            test_name: test.to_owned(),
                            variant: variant.clone(),
                            epoch,
                            assigned_at_ms: at_ms,
                            is_forced: true,
                            counts_as: None,
                        };
                        let row = AssignmentRow {
                            user: tester.user,
                            assignment,
                            segments: Vec::new(),
                            pre: 0.0,
                            counted_variant: None,
                        };
                        experiments.assignments.insert(place, row);
                    }
                }
            }
            let actor = Actor::Admin(scope.actor());
            tables.audit.push(Audit { at_ms, action: "experiment.testers", actor, subject: None });
        })
    }

    async fn assignments(
        &self,
        scope: PersonScope,
        environment: Environment,
        units: &[Unit],
    ) -> Result<Vec<Assignment>, Unavailable> {
        self.call(Port::Experiments, "assignments", &[scope], |tables| {
            let rows = tables.experiments.assignments.values().map(|row| &row.assignment);
            let of_units = rows.filter(|row| row.environment == environment && units.contains(&row.unit));
            of_units.cloned().collect()
        })
    }

    async fn statistics_of_test(
        &self,
        _: AdminScope,
        environment: Environment,
        test: &str,
    ) -> Result<TestStatistics, Unavailable> {
        self.call(Port::Experiments, "statistics_of_test", &[], |tables| {
            let experiments = &tables.experiments;
            let key = (environment, test.to_owned());
            let metric = experiments.tests.get(&key).map_or("", |kept| &kept.row.success_metric);
            let days = experiments.days.iter().filter(|((of, ..), _)| *of == key).map(|(_, cell)| cell);
            TestStatistics {
                report_json: report(experiments, environment, test, TimeMs::MIN),
                cells: experiments
                    .cells
                    .iter()
                    .filter(|((of, ..), _)| *of == key)
                    .map(|(_, cell)| cell.clone())
                    .collect(),
                days: days.filter(|cell| cell.metric == "exposure" || cell.metric == metric).cloned().collect(),
                health: experiments
                    .health
                    .iter()
                    .filter(|((of, _), _)| *of == key || *of == (environment, String::new()))
                    .map(|((_, name), count)| ((*name).to_owned(), *count))
                    .collect(),
            }
        })
    }

    async fn settle_tests(&self, now_ms: TimeMs) -> Result<u32, Unavailable> {
        self.call(Port::Experiments, "settle_tests", &[], |tables| {
            let settings: BTreeMap<UserId, Settings> =
                tables.people.keys().map(|user| (*user, tables.settings(*user))).collect();
            let agrees = |user: UserId, at_ms: TimeMs| {
                settings.get(&user).is_none_or(|settings| {
                    let has_said_no = settings.personalization_enabled == Some(false) || settings.privacy_mode;
                    let may = settings.experiments && settings.behavioral && !has_said_no;
                    may && settings.tracking_since_ms <= at_ms
                })
            };
            tables.experiments.settle(now_ms, agrees)
        })
    }
}

/// The person's recorded assignments, as `PersonRecord::assignments_json`; None where the switches say no.
pub(super) fn own_assignments(tables: &Tables, user: UserId) -> Option<String> {
    let settings = tables.settings(user);
    if !settings.experiments || settings.personalization_enabled == Some(false) || settings.privacy_mode {
        return None;
    }
    let unit = Unit { kind: UnitKind::User, id: user.to_string() };
    let from = (unit.clone(), (Environment::Production, String::new()));
    let rows = tables.experiments.assignments.range(from..).take_while(|((owner, _), _)| *owner == unit);
    let own = rows.map(|(_, row)| &row.assignment);
    let rows: Vec<Value> = own
        .map(|row| {
            let is_forced = u8::from(row.is_forced);
            let (environment, at_ms) = (row.environment.name(), row.assigned_at_ms);
            json!([environment, row.test_name, row.variant, row.epoch, at_ms, is_forced, row.counts_as])
        })
        .collect();
    (!rows.is_empty()).then(|| Value::from(rows).to_string())
}

fn keep(tables: &mut Tables, change: &TestChange, row: &TestRow, actor: UserId, at_ms: TimeMs) {
    let key = (change.environment, row.test_name.clone());
    let epoch = KeptEpoch { row: row.clone(), actor, reason: change.reason.clone(), at_ms };
    let new = || KeptTest {
        row: row.clone(),
        created_by: actor,
        created_at_ms: at_ms,
        epochs: Vec::new(),
        tester_changes: Vec::new(),
    };
    let kept = tables.experiments.tests.entry(key).or_insert_with(new);
    kept.row = row.clone();
    kept.epochs.push(epoch);
}

fn of_environment(tables: &ExperimentTables, environment: Environment) -> impl Iterator<Item = &KeptTest> {
    tables.tests.iter().filter(move |((of, _), _)| *of == environment).map(|(_, kept)| kept)
}

fn report(tables: &ExperimentTables, environment: Environment, test: &str, now_ms: TimeMs) -> String {
    let kept = tables.tests.get(&(environment, test.to_owned()));
    kept.map(|kept| report_of(environment, kept, now_ms).to_string()).unwrap_or_default()
}

fn report_of(environment: Environment, kept: &KeptTest, now_ms: TimeMs) -> Value {
    let row = &kept.row;
    let is_active = row.status == "ACTIVE";
    let has_ended = is_active && row.end_date.is_some_and(|end_ms| end_ms <= now_ms);
    let status = if has_ended { "ENDED" } else { row.status };
    let epochs = kept.epochs.iter().map(|epoch| {
        json!({
            "epoch": epoch.row.epoch, "stratum": epoch.row.stratum, "actor": epoch.actor, "action": epoch.row.action.name(),
            "reason": epoch.reason, "opened_at": shown(epoch.at_ms), "definition": definition_of(&epoch.row),
        })
    });
    let tester_changes = kept.tester_changes.iter().map(|change| {
        json!({
            "actor": change.actor, "reason": change.reason, "testers": change.testers, "changed_at": shown(change.at_ms),
        })
    });
    json!({
        "test_name": row.test_name, "environment": environment.name(), "status": status, "epoch": row.epoch,
        "active": is_active && !has_ended, "created_by": kept.created_by, "created_at": shown(kept.created_at_ms),
        "updated_at": kept.epochs.last().map(|epoch| shown(epoch.at_ms)),
        "stopped_at": row.stopped_at_ms.map(shown), "definition": definition_of(row),
        "epochs": epochs.collect::<Vec<_>>(), "tester_changes": tester_changes.collect::<Vec<_>>(),
    })
}

fn definition_of(row: &TestRow) -> Value {
    let stored: Value = serde_json::from_str(&row.definition).unwrap_or_default();
    stored.get("definition").cloned().unwrap_or_default()
}

/// A time as SQLite shows it, with milliseconds.
fn shown(at_ms: TimeMs) -> String {
    let text = format_rfc3339(at_ms);
    if text.contains('.') { text } else { text.replace('Z', ".000Z") }
}
