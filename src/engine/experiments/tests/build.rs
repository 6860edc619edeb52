//! Definitions and askers for tests; a test states only what matters to it.

use std::collections::BTreeMap;

use nearside_json::read_json;

use super::super::{
    Asker, Assignment, Assignments, Experiment, Holdout, LayerSlot, Plan, Reason, Verdict, decide, id_of_test,
    whole_seconds,
};
use crate::types::{Condition, Fact, FactValue, Facts, TimeMs};

/// A running test of CONTROL and TREATMENT, half each.
pub(super) fn test(name: &str) -> Experiment {
    let json = r#"{"test_name":"","status":"running","variants":[
        {"name":"CONTROL","traffic_percentage":50},{"name":"TREATMENT","traffic_percentage":50}]}"#;
    Experiment { test_name: name.to_owned(), ..read_json(json.as_bytes()).unwrap() }
}

pub(super) fn condition(json: &str) -> Option<Condition> {
    Some(read_json(json.as_bytes()).unwrap())
}

pub(super) fn slot(name: &str, from: f64, to: f64) -> Option<LayerSlot> {
    Some(LayerSlot { name: name.to_owned(), from, to })
}

pub(super) fn plan(tests: &[Experiment]) -> Plan {
    Plan::new("production", &Holdout::default(), tests)
}

/// Texts by the names of facts.
#[derive(Default)]
pub(super) struct Known(BTreeMap<String, String>);

impl Known {
    pub(super) fn fact(name: &str, value: &str) -> Self {
        Self([(name.to_owned(), value.to_owned())].into())
    }
}

impl Facts for Known {
    fn value(&self, fact: &Fact) -> FactValue<'_> {
        self.0.get(&fact.name()).map_or(FactValue::Unknown, |text| FactValue::Text(text))
    }
}

pub(super) fn asker<'a>(user: &'a str, assignments: &'a Assignments, facts: &'a Known) -> Asker<'a, Known> {
    Asker { user: Some(user), session: None, device: None, facts, assignments, now_ms: 1_000_000 }
}

/// Decides the first test of a plan for a user of whom nothing else is known.
pub(super) fn first(plan: &Plan, user: &str, assignments: &Assignments) -> Verdict {
    decide(plan, 0, &asker(user, assignments, &Known::default())).unwrap()
}

/// What is remembered of a verdict: an assignment that was made now.
pub(super) fn remembered(plan: &Plan, verdict: &Verdict, now_ms: TimeMs) -> Option<Assignment> {
    let test = plan.tests().get(verdict.test).filter(|_| verdict.reason == Reason::Assigned)?;
    let (epoch, variant) = (verdict.epoch, verdict.variant);
    Some(Assignment { test: test.id, assigned_at_s: whole_seconds(now_ms), epoch, variant })
}

pub(super) fn assigned(test_name: &str, variant: u8) -> Assignments {
    let test = id_of_test("production", test_name);
    [Assignment { test, assigned_at_s: 500, epoch: 1, variant }].into_iter().collect()
}

/// An id as applications make them.
pub(super) fn id(number: u32) -> String {
    let mixed = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{number:08x}-{:04x}-7{:03x}-8000-{:012x}", mixed >> 48, mixed >> 36 & 0xfff, mixed & 0xffff_ffff_ffff)
}
