//! Whose numbers and ranges are whose: from a definition's hashing, weights and coverage to a rule. Sources are the public
//! SDKs and specifications of each engine; `tests/vectors/assignment.json` holds numbers for each.

use super::algorithm::{Algorithm, GateRule, Hashing};
use super::definition::Experiment;
use super::foreign::{Bucketing, ForeignRule, Method, Range};

/// Unleash's second seed, which keeps variants independent of rollouts (client specification 5 and later).
const UNLEASH_VARIANT_SEED: u32 = 86_028_157;
/// Eppo's usual number of shards.
const EPPO_SHARDS: u32 = 10_000;
/// The most variants of a foreign rule, as of every test.
const MOST_VARIANTS: usize = u8::MAX as usize;

/// Why a rule cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidHashing {
    /// The native algorithm is no foreign rule.
    IsNative,
    /// A weight, share or bound is not a number of the kind needed.
    Number(&'static str),
    /// More variants than 255.
    TooManyVariants,
}

impl std::fmt::Display for InvalidHashing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::IsNative => f.write_str("the native algorithm needs no rule of another engine"),
            Self::Number(what) => f.write_str(what),
            Self::TooManyVariants => write!(f, "there are more than {MOST_VARIANTS} variants"),
        }
    }
}

impl std::error::Error for InvalidHashing {}

impl ForeignRule {
    /// Makes the rule of another engine.
    ///
    /// Weights are shares of 1 in the order of the variants; Unleash takes whole numbers of any sum. Coverage is the share
    /// that takes part, 0 to 1; None is all. How the two meet is each engine's own: GrowthBook shortens every range,
    /// Unleash and PostHog ask another hash first, and where an engine's own form is a table (Optimizely, LaunchDarkly,
    /// Eppo) the table is shortened as a whole. `ranges` of the hashing are taken as they are, in place of both.
    ///
    /// # Errors
    /// Says what the engine cannot work with.
    pub fn new(hashing: &Hashing, seed: &str, weights: &[f64], coverage: Option<f64>) -> Result<Self, InvalidHashing> {
        if weights.len() > MOST_VARIANTS {
            return Err(InvalidHashing::TooManyVariants);
        }
        if !weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0) {
            return Err(InvalidHashing::Number("a weight is a number of 0 or above"));
        }
        if coverage.is_some_and(|share| !share.is_finite()) {
            return Err(InvalidHashing::Number("a coverage is a number"));
        }
        let seed = hashing.seed.as_deref().unwrap_or(seed);
        let mut rule = match hashing.algorithm {
            Algorithm::Native => return Err(InvalidHashing::IsNative),
            Algorithm::GrowthBookV1 | Algorithm::GrowthBookV2 => growthbook(hashing.algorithm, seed, weights, coverage),
            Algorithm::Unleash => unleash(seed, hashing.variant_seed.as_deref().unwrap_or(seed), weights, coverage)?,
            Algorithm::Optimizely => {
                of_table(optimizely(seed), weights, |sum| libm::round(sum * covered(coverage) * 10_000.0))
            }
            Algorithm::LaunchDarkly => launchdarkly(seed, weights, coverage),
            Algorithm::PostHog => posthog(seed, weights, coverage),
            Algorithm::Eppo => {
                let shards = hashing.shards.unwrap_or(EPPO_SHARDS).max(1);
                let end = |sum: f64| libm::round(sum * covered(coverage) * f64::from(shards));
                of_table(eppo(seed, shards), weights, end)
            }
        };
        if !hashing.ranges.is_empty() {
            rule.ranges = hashing.ranges.iter().map(|range| ((range.from, range.to), range.variant)).collect();
            rule.otherwise = None;
        }
        rule.gates.extend(hashing.gates.iter().map(|gate| (bucketing_of(gate, hashing), gate.ranges.clone())));
        Ok(rule)
    }
}

/// The hash of a gate: the engine's own, with the gate's seed.
fn bucketing_of(gate: &GateRule, hashing: &Hashing) -> Bucketing {
    match hashing.algorithm {
        Algorithm::GrowthBookV1 | Algorithm::GrowthBookV2 if gate.hash_version == Some(1) => {
            growthbook_hash(Algorithm::GrowthBookV1, &gate.seed)
        }
        Algorithm::GrowthBookV1 | Algorithm::GrowthBookV2 => growthbook_hash(Algorithm::GrowthBookV2, &gate.seed),
        Algorithm::Unleash => murmur_of_group(&gate.seed, 0, 100),
        Algorithm::Eppo => eppo(&gate.seed, hashing.shards.unwrap_or(EPPO_SHARDS).max(1)),
        Algorithm::LaunchDarkly | Algorithm::PostHog => sha1_of(&gate.seed, ""),
        Algorithm::Optimizely | Algorithm::Native => optimizely(&gate.seed),
    }
}

fn covered(coverage: Option<f64>) -> f64 {
    coverage.unwrap_or(1.0).clamp(0.0, 1.0)
}

/// Variants beside each other; `end_of` makes of the sum of weights so far where a range ends.
fn of_table(split: Bucketing, weights: &[f64], end_of: impl Fn(f64) -> f64) -> ForeignRule {
    let (mut sum, mut from) = (0.0, 0.0);
    let range = |(weight, variant): (&f64, u8)| {
        sum += weight;
        let range = (from, end_of(sum));
        from = range.1;
        (range, variant)
    };
    ForeignRule { gates: Vec::new(), split, ranges: weights.iter().zip(0..).map(range).collect(), otherwise: None }
}

fn growthbook_hash(version: Algorithm, seed: &str) -> Bucketing {
    match version {
        Algorithm::GrowthBookV1 => {
            Bucketing { method: Method::FnvThousandths, before: String::new(), behind: seed.to_owned() }
        }
        _ => Bucketing { method: Method::DoubleFnv, before: seed.to_owned(), behind: String::new() },
    }
}

/// Weights that do not sum to 1 (0.99 to 1.01) count as equal ones; each range is shortened to the coverage.
fn growthbook(version: Algorithm, seed: &str, weights: &[f64], coverage: Option<f64>) -> ForeignRule {
    let coverage = covered(coverage);
    let is_whole = (0.99..=1.01).contains(&weights.iter().sum::<f64>());
    let equal = 1.0 / weights.len() as f64;
    let mut from = 0.0;
    let range = |(weight, variant): (&f64, u8)| {
        let weight = if is_whole { *weight } else { equal };
        let range: Range = (from, from + coverage * weight);
        from += weight;
        (range, variant)
    };
    let ranges = weights.iter().zip(0..).map(range).collect();
    ForeignRule { gates: Vec::new(), split: growthbook_hash(version, seed), ranges, otherwise: None }
}

fn murmur_of_group(group: &str, seed: u32, buckets: u32) -> Bucketing {
    Bucketing { method: Method::MurmurModulo { seed, buckets }, before: format!("{group}:"), behind: String::new() }
}

/// A rollout of p per cent holds the numbers 1 to p of 100, which are 0 to below p here. Without weights it is all there is.
fn unleash(
    group: &str,
    variant_group: &str,
    weights: &[f64],
    coverage: Option<f64>,
) -> Result<ForeignRule, InvalidHashing> {
    // A share times 100 may miss the whole number by a last digit.
    let percent = libm::floor(covered(coverage) * 100.0 + 1e-9);
    let rollout = murmur_of_group(group, 0, 100);
    if weights.is_empty() {
        return Ok(ForeignRule {
            gates: Vec::new(),
            split: rollout,
            ranges: vec![((0.0, percent), 0)],
            otherwise: None,
        });
    }
    let total: f64 = weights.iter().sum();
    if weights.iter().any(|weight| libm::floor(*weight) != *weight) || total > f64::from(u32::MAX) {
        return Err(InvalidHashing::Number("weights of unleash are whole numbers, whose sum fits in 32 bits"));
    }
    let split = murmur_of_group(variant_group, UNLEASH_VARIANT_SEED, total as u32);
    let mut rule = of_table(split, weights, |sum| sum);
    if coverage.is_some() {
        rule.gates.push((rollout, vec![(0.0, percent)]));
    }
    Ok(rule)
}

fn optimizely(experiment: &str) -> Bucketing {
    Bucketing { method: Method::MurmurScaled, before: String::new(), behind: experiment.to_owned() }
}

fn eppo(salt: &str, shards: u32) -> Bucketing {
    Bucketing { method: Method::Md5Shards { shards }, before: format!("{salt}-"), behind: String::new() }
}

fn sha1_of(prefix: &str, behind: &str) -> Bucketing {
    Bucketing { method: Method::Sha1Fraction, before: format!("{prefix}."), behind: behind.to_owned() }
}

/// What lies beyond the last range, by rounding or because weights are missing, is the last variant's, as in LaunchDarkly's
/// SDKs; with less than full coverage it takes no part.
fn launchdarkly(prefix: &str, weights: &[f64], coverage: Option<f64>) -> ForeignRule {
    let share = covered(coverage);
    let mut rule = of_table(sha1_of(prefix, ""), weights, |sum| sum * share);
    if share >= 1.0 {
        rule.otherwise = rule.ranges.last().map(|(_, variant)| *variant);
    }
    rule
}

/// The rollout includes its bound, the ranges of variants do not. Without weights it is all there is.
fn posthog(key: &str, weights: &[f64], coverage: Option<f64>) -> ForeignRule {
    let bound = covered(coverage).next_up();
    if weights.is_empty() {
        let ranges = vec![((0.0, bound), 0)];
        return ForeignRule { gates: Vec::new(), split: sha1_of(key, ""), ranges, otherwise: None };
    }
    let mut rule = of_table(sha1_of(key, "variant"), weights, |sum| sum);
    if coverage.is_some() {
        rule.gates.push((sha1_of(key, ""), vec![(0.0, bound)]));
    }
    rule
}

impl Experiment {
    /// The rule of the engine whose hash this test names; None for the native one.
    ///
    /// # Errors
    /// As `ForeignRule::new`.
    pub fn foreign_rule(&self) -> Result<Option<ForeignRule>, InvalidHashing> {
        let algorithm = self.hashing.algorithm;
        if algorithm == Algorithm::Native {
            return Ok(None);
        }
        // Unleash counts weights in thousandths, all others in shares of one.
        let in_units = |percentage: f64| match algorithm {
            Algorithm::Unleash => libm::round(percentage * 10.0),
            _ => percentage / 100.0,
        };
        let weights: Vec<f64> = self.variants.iter().map(|variant| in_units(variant.traffic_percentage)).collect();
        let coverage = Some(self.coverage).filter(|share| *share < 1.0);
        ForeignRule::new(&self.hashing, self.salt(), &weights, coverage).map(Some)
    }
}
