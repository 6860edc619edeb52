//! By which engine's hash a test assigns, and what that engine needs to be told. What the engines do is in `foreign`.

use nearside_json::{Fault, FromName, Read, Reader, deserialize_as_read, variant_named};
use serde::{Serialize, Serializer};

/// A way of assigning. All but the native one exist so that people who were assigned elsewhere stay where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// xxh3-64 with salts of its own for every question.
    #[default]
    Native,
    /// GrowthBook's hash version 1: FNV-1a of id and seed, 1,000 buckets.
    GrowthBookV1,
    /// GrowthBook's hash version 2: FNV-1a of the decimal FNV-1a of seed and id, 10,000 buckets.
    GrowthBookV2,
    /// Unleash: MurmurHash3 of `group:id`, 100 buckets for a rollout and the sum of weights for variants.
    Unleash,
    /// Optimizely: MurmurHash3 of id and experiment id, scaled to 10,000.
    Optimizely,
    /// LaunchDarkly: 60 bits of SHA-1 of `prefix.id`, as a fraction.
    LaunchDarkly,
    /// PostHog: 60 bits of SHA-1 of `key.id`, as a fraction; with `variant` behind it for variants.
    PostHog,
    /// Eppo: 32 bits of MD5 of `salt-id`, modulo the number of shards.
    Eppo,
}

impl Algorithm {
    /// Every algorithm, in the order of `NAMES`.
    const ALL: [Self; 8] = [
        Self::Native,
        Self::GrowthBookV1,
        Self::GrowthBookV2,
        Self::Unleash,
        Self::Optimizely,
        Self::LaunchDarkly,
        Self::PostHog,
        Self::Eppo,
    ];

    /// The names of all, as definitions and requests spell them.
    pub const NAMES: &[&str] =
        &["native", "growthbook-v1", "growthbook-v2", "unleash", "optimizely", "launchdarkly", "posthog", "eppo"];

    /// The algorithm's name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().zip(Self::NAMES).find(|(one, _)| **one == self).map_or("", |(_, name)| name)
    }
}

impl FromName for Algorithm {
    fn from_name(name: &str) -> Result<Self, Fault> {
        variant_named(name, Self::NAMES).map(|index| Self::ALL.get(index).copied().unwrap_or_default())
    }
}

impl Read for Algorithm {
    fn blank() -> Self {
        Self::Native
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = Self::from_name(reader.text("the name of an algorithm")?)?;
        Ok(())
    }
}

deserialize_as_read!(Algorithm);

impl Serialize for Algorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// How a test hashes. The fields beside the algorithm are for tests that were begun in another engine.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Hashing {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// What the other engine hashes beside the id: GrowthBook's seed, Unleash's group, Optimizely's experiment id,
    /// LaunchDarkly's seed or `key.salt`, PostHog's flag key, Eppo's salt. Without it, the test's salt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// Unleash: the group of the variants, where it is not that of the rollout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant_seed: Option<String>,
    /// Eppo: the number of shards, 10,000 without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shards: Option<u32>,
    /// Ranges of buckets in the other engine's own units, in place of weights and coverage.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<VariantRange>,
    /// What must hold of other hashes of the same id: GrowthBook's namespace and filters, Optimizely's group, further
    /// shards of Eppo's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateRule>,
}

/// Buckets `from` to below `to` see a variant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct VariantRange {
    /// Index of the variant.
    pub variant: u8,
    /// The first bucket.
    pub from: f64,
    /// The end, which is outside.
    pub to: f64,
}

/// The id, hashed with this seed, must lie in one of the ranges.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct GateRule {
    /// GrowthBook's namespace, with its two underscores, or a filter's seed; Optimizely's group id; Eppo's salt.
    pub seed: String,
    /// GrowthBook: 1 for a namespace, 2 (without it) for a filter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash_version: Option<u8>,
    /// From, and to below, in the engine's own units.
    pub ranges: Vec<(f64, f64)>,
}
