//! One test, as an administrator writes it and as a store keeps it. Whether it makes sense is `check`'s to say.

use nearside_json::Read;
use serde::Serialize;

use super::algorithm::Hashing;
use super::allocation::Allocation;
use crate::types::{Condition, TimeMs};

/// The variant that changes nothing. Every test has one of this name, and whoever takes no part sees it.
pub const CONTROL: &str = "CONTROL";

/// A test of variants against each other.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Unique in its environment.
    pub test_name: String,
    /// What is kept apart: `production`, `test`, … Salts, tokens, receipts and counts of one are unknown to another.
    #[serde(default = "default_environment")]
    pub environment: String,
    /// Counts the changes that a person could notice, from 1: weights, coverage, eligibility, layer.
    #[serde(default = "first_epoch")]
    pub epoch: u16,
    /// What is tested.
    #[serde(default)]
    pub description: String,
    /// What is expected, and why.
    #[serde(default)]
    pub hypothesis: String,
    /// Where the test stands.
    #[serde(default)]
    pub status: Status,
    /// Nobody takes part before.
    #[serde(default)]
    pub start_at_ms: Option<TimeMs>,
    /// Nobody takes part from here on.
    #[serde(default)]
    pub end_at_ms: Option<TimeMs>,
    /// Whose id is hashed.
    #[serde(default)]
    pub unit: UnitKind,
    /// How it is hashed.
    #[serde(default)]
    pub hashing: Hashing,
    /// What makes this test's hashes independent of all others; the name without it. A test that is run again takes a
    /// new one, so that the groups of the first run do not meet again.
    #[serde(default)]
    pub salt: Option<String>,
    /// In the order of their indices, which never change: a variant that is dropped stays, with 0 per cent.
    pub variants: Vec<Variant>,
    /// Share of eligible traffic that takes part, 0 to 1.
    #[serde(default = "everybody")]
    pub coverage: f64,
    /// Which hashes see which variant. Without it, variants lie beside each other by their shares; with it, its shares
    /// are those of the variants, and a change of weights moves as few people as it must.
    #[serde(default)]
    pub allocation: Option<Allocation>,
    /// Tests of one layer exclude each other.
    #[serde(default)]
    pub layer: Option<LayerSlot>,
    /// Who may take part; everybody without it.
    #[serde(default)]
    pub eligibility: Option<Condition>,
    /// The metric that decides.
    #[serde(default)]
    pub success_metric: String,
    /// Exposed units of every variant before a verdict is given.
    #[serde(default)]
    pub minimum_sample_size: u32,
}

/// One variant.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Unique in its test.
    pub name: String,
    /// What it does.
    #[serde(default)]
    pub description: String,
    /// Share of the test's traffic; those of all variants sum to 100.
    pub traffic_percentage: f64,
}

/// Where a test stands. Only a running one assigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Read)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Being written.
    #[default]
    Draft,
    /// Assigning, from its start to its end.
    Running,
    /// Over; its results stay.
    Stopped,
    /// Over, and out of the lists.
    Archived,
}

/// Whose id is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Read)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// The person.
    #[default]
    User,
    /// The session.
    Session,
    /// The device.
    Device,
}

/// The part of a layer that a test has.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct LayerSlot {
    /// The layer's name, which is its salt too.
    pub name: String,
    /// From this share of the layer's traffic, 0 to 1.
    pub from: f64,
    /// To below this one.
    pub to: f64,
}

/// A share of all units that no test of an environment may touch, so that the tests' effect as a whole can be seen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Holdout {
    /// 0 to 1.
    pub share: f64,
    /// Another salt holds out other units.
    pub salt: String,
}

impl Experiment {
    /// The salt, or the name in its place.
    pub fn salt(&self) -> &str {
        self.salt.as_deref().unwrap_or(&self.test_name)
    }

    /// The shares of traffic in the order of the variants, in per cent.
    pub fn weights(&self) -> Vec<f64> {
        self.variants.iter().map(|variant| variant.traffic_percentage).collect()
    }

    /// Index of the variant of that name.
    pub fn variant_named(&self, name: &str) -> Option<u8> {
        let index = self.variants.iter().position(|variant| variant.name == name)?;
        u8::try_from(index).ok()
    }

    /// The allocation as it holds: the stated one, or that of the shares.
    pub fn current_allocation(&self) -> Allocation {
        self.allocation.clone().unwrap_or_else(|| Allocation::of_weights(&self.weights()))
    }

    /// Changes the weights and moves as few units as that needs. New variants may be added at the end beforehand.
    /// The caller opens a new epoch.
    pub fn reweight(&mut self, traffic_percentages: &[f64]) {
        self.allocation = Some(self.current_allocation().reweighted(traffic_percentages));
        for (variant, weight) in self.variants.iter_mut().zip(traffic_percentages) {
            variant.traffic_percentage = *weight;
        }
    }
}

fn default_environment() -> String {
    "production".to_owned()
}

fn first_epoch() -> u16 {
    1
}

fn everybody() -> f64 {
    1.0
}
