//! Tests made ready to be decided: seeds, bounds and indices, so that a decision reads no text but the unit's id.

use super::allocation::{Allocation, hashes_of};
use super::assignments::id_of_test;
use super::definition::{CONTROL, Experiment, Holdout, Status, UnitKind};
use super::foreign::ForeignRule;
use super::salts::{Purpose, Salt};
use crate::math::sort_list;
use crate::types::{Condition, TimeMs};

/// The tests of one environment, made ready. It is built when definitions change, and kept.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) environment: String,
    pub(super) holdout: Option<(Salt, u128)>,
    pub(super) layers: Vec<Salt>,
    tests: Vec<PlannedTest>,
}

/// One test of a plan.
#[derive(Debug, Clone)]
pub struct PlannedTest {
    /// The test's name.
    pub name: String,
    /// Its number in tokens and receipts.
    pub id: u64,
    /// The present epoch.
    pub epoch: u16,
    /// Names of the variants, by index.
    pub variants: Vec<String>,
    /// Index of CONTROL.
    pub control: u8,
    pub(super) unit: UnitKind,
    pub(super) from_ms: TimeMs,
    pub(super) to_ms: TimeMs,
    pub(super) eligibility: Option<Condition>,
    pub(super) layer: Option<LayerPart>,
    /// None when everybody takes part.
    pub(super) coverage: Option<(Salt, u128)>,
    pub(super) split: Split,
}

/// The hashes of a layer that are a test's: `from` to below `to`.
#[derive(Debug, Clone, Copy)]
pub(super) struct LayerPart {
    pub(super) index: usize,
    pub(super) from: u128,
    pub(super) to: u128,
}

/// How the variant is found.
#[derive(Debug, Clone)]
pub(super) enum Split {
    Native(Salt, Allocation),
    Foreign(Box<ForeignRule>),
}

impl Plan {
    /// Makes the tests of an environment ready, in the order of their names. Others are passed over, as are definitions
    /// that `check_experiment` refuses for their hashing or for want of a CONTROL: they must not assign.
    pub fn new(environment: &str, holdout: &Holdout, experiments: &[Experiment]) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut tests: Vec<PlannedTest> = Vec::new();
        for experiment in experiments.iter().filter(|experiment| experiment.environment == environment) {
            let layer = experiment.layer.as_ref().map(|slot| {
                let index = names.iter().position(|name| *name == slot.name).unwrap_or_else(|| {
                    names.push(&slot.name);
                    names.len() - 1
                });
                LayerPart { index, from: hashes_of(slot.from), to: hashes_of(slot.to) }
            });
            tests.extend(PlannedTest::new(experiment, layer));
        }
        sort_list(&mut tests, |a, b| a.name.cmp(&b.name));
        let held_out = hashes_of(holdout.share);
        Self {
            environment: environment.to_owned(),
            holdout: (held_out > 0).then(|| (Salt::new(Purpose::Holdout, environment, &holdout.salt), held_out)),
            layers: names.iter().map(|name| Salt::new(Purpose::Layer, environment, name)).collect(),
            tests,
        }
    }

    /// The tests, in the order of their names.
    pub fn tests(&self) -> &[PlannedTest] {
        &self.tests
    }

    /// Index of a test among `tests`.
    pub fn index_of(&self, test_name: &str) -> Option<usize> {
        self.tests.binary_search_by(|test| test.name.as_str().cmp(test_name)).ok()
    }

    /// Returns the test with that number.
    pub fn with_id(&self, id: u64) -> Option<&PlannedTest> {
        self.tests.iter().find(|test| test.id == id)
    }
}

impl PlannedTest {
    fn new(experiment: &Experiment, layer: Option<LayerPart>) -> Option<Self> {
        let environment = &experiment.environment;
        let salt = experiment.salt();
        let has_rule = experiment.foreign_rule().ok()?;
        let is_foreign = has_rule.is_some();
        let split = match has_rule {
            Some(rule) => Split::Foreign(Box::new(rule)),
            None => Split::Native(Salt::new(Purpose::Variant, environment, salt), experiment.current_allocation()),
        };
        let covered = hashes_of(experiment.coverage);
        let is_everybody = is_foreign || experiment.coverage >= 1.0;
        let (from_ms, to_ms) = match experiment.status {
            Status::Running => (experiment.start_at_ms.unwrap_or(i64::MIN), experiment.end_at_ms.unwrap_or(i64::MAX)),
            Status::Draft | Status::Stopped | Status::Archived => (i64::MAX, i64::MIN),
        };
        Some(Self {
            name: experiment.test_name.clone(),
            id: id_of_test(environment, &experiment.test_name),
            epoch: experiment.epoch,
            variants: experiment.variants.iter().map(|variant| variant.name.clone()).collect(),
            control: experiment.variant_named(CONTROL)?,
            unit: experiment.unit,
            from_ms,
            to_ms,
            eligibility: experiment.eligibility.clone(),
            layer,
            coverage: (!is_everybody).then(|| (Salt::new(Purpose::Coverage, environment, salt), covered)),
            split,
        })
    }

    /// True when the test assigns at a time.
    pub fn is_running(&self, now_ms: TimeMs) -> bool {
        self.from_ms <= now_ms && now_ms < self.to_ms
    }

    /// Name of a variant; CONTROL for an index that has none.
    pub fn variant_name(&self, variant: u8) -> &str {
        self.variants.get(usize::from(variant)).map_or(CONTROL, String::as_str)
    }
}
