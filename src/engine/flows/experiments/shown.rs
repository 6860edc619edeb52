//! What a page of results shows. Numbers are null where a denominator is zero, or nothing may be said yet.

use serde::Serialize;

use super::definition::MetricKind;
use crate::types::Environment;

/// Which test of significance the seed's fields show. The metrics have both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Valid however often somebody looks.
    #[default]
    AlwaysValid,
    /// Valid for one look at a planned sample.
    Fixed,
}

impl Method {
    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "always_valid" => Some(Self::AlwaysValid),
            "fixed" => Some(Self::Fixed),
            _ => None,
        }
    }
}

/// What is asked of results.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResultsAsk {
    /// Only of this segment, such as `country=GB`; None is everybody.
    pub segment: Option<String>,
    /// How significance is shown.
    pub method: Method,
}

/// The results of a test.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the API's")]
pub struct TestResults {
    pub test_name: String,
    pub environment: Environment,
    pub status: &'static str,
    pub epoch: u32,
    pub success_metric: String,
    pub method: Method,
    pub segment: Option<String>,
    pub alpha: f64,
    /// In the order of the definition, the control first.
    pub variant_performance: Vec<VariantPerformance>,
    /// The variant that the verdict names; without one, the live variant with the best mean of the success metric beside the
    /// control's, epoch by epoch. The control wins a tie.
    pub winner: Option<String>,
    /// By how many per cent of the control's mean the winner's is above it, by the same comparison; null where the control's
    /// is not above 0.
    pub lift_over_control: Option<f64>,
    /// One of two sentences.
    pub recommendation: &'static str,
    pub verdict: VerdictShown,
    pub health: Health,
    pub progress: Progress,
    pub epochs: Vec<EpochShown>,
    /// By day, cumulative.
    pub series: Vec<DayShown>,
}

/// One variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantPerformance {
    pub variant_name: String,
    /// Exposed units.
    pub sample_size: u64,
    /// Per cent of exposed units.
    pub acceptance_rate: Option<f64>,
    pub dismissal_rate: Option<f64>,
    pub engagement_rate: Option<f64>,
    /// `1 - p` of the success metric beside the control's; null of the control.
    pub statistical_significance: Option<f64>,
    /// As the seed counts: per cent of outcome rows.
    pub per_outcome: PerOutcome,
    pub metrics: Vec<MetricShown>,
    pub segments: Vec<SegmentShown>,
}

/// Rates per outcome row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PerOutcome {
    pub sample_size: u64,
    pub acceptance_rate: Option<f64>,
    pub dismissal_rate: Option<f64>,
    pub engagement_rate: Option<f64>,
}

/// One metric of a variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricShown {
    pub metric: String,
    /// How it is counted: had by a unit or not, or the sum of a unit's values.
    pub kind: MetricKind,
    /// Units that have it.
    pub units: u64,
    /// Per exposed unit, of all epochs as they are; the comparisons weigh them.
    pub mean: Option<f64>,
    /// Beside the control, valid at any time; null of the control.
    pub lift: Option<LiftShown>,
    /// Beside the control, at one look.
    pub fixed: Option<FixedShown>,
    /// With the pre-period taken out; null where there is none.
    pub cuped: Option<CupedShown>,
}

/// The always-valid comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LiftShown {
    pub absolute: Option<f64>,
    pub relative: Option<f64>,
    /// Of the difference, by the means alone.
    pub interval: [Option<f64>; 2],
    /// Of the lift, by the same evidence as `p` and `e`.
    pub relative_interval: [Option<f64>; 2],
    pub p: Option<f64>,
    pub e: Option<f64>,
    /// Holm over the variants.
    pub adjusted_p: Option<f64>,
    /// e-BH over variants and metrics.
    pub q: Option<f64>,
    pub is_guardrail: bool,
    /// `breached`, `held` or `open` of a guardrail, each judged by itself at `alpha`.
    pub guardrail: Option<&'static str>,
}

/// The fixed-horizon comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FixedShown {
    pub p: Option<f64>,
    pub interval: [Option<f64>; 2],
    pub relative_interval: [Option<f64>; 2],
}

/// The comparison with the pre-period taken out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CupedShown {
    pub absolute: Option<f64>,
    pub interval: [Option<f64>; 2],
    pub p: Option<f64>,
    pub theta: Option<f64>,
    pub variance_reduction: Option<f64>,
}

/// The success metric within a segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SegmentShown {
    pub segment: String,
    pub sample_size: u64,
    pub mean: Option<f64>,
    pub absolute: Option<f64>,
    pub interval: [Option<f64>; 2],
}

/// The verdict in a word and in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerdictShown {
    pub code: &'static str,
    pub text: String,
}

/// Whether the test is sound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Health {
    pub sample_ratio: RatioShown,
    pub counters: Counters,
    /// True when the control and every live variant have their minimum, of the segment where one is shown.
    pub minimum_reached: bool,
}

/// The sample ratio.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RatioShown {
    pub e: Option<f64>,
    pub p: Option<f64>,
    pub is_broken: bool,
    /// Shares of the present epoch.
    pub expected: Vec<f64>,
    /// Units.
    pub observed: Vec<u64>,
}

/// What could not be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counters {
    pub conflict: u64,
    pub unexposed: u64,
    pub late: u64,
    pub bad_receipt: u64,
    pub no_receipt: u64,
}

/// How far the test is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    pub exposed: u64,
    /// The minimum of the control and all live variants.
    pub target: u64,
    /// Of the last seven days, or since the first exposure.
    pub per_day: Option<f64>,
    /// Until the slowest of them has its minimum; null where it never will.
    pub days_left: Option<f64>,
}

/// An epoch of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EpochShown {
    pub epoch: u32,
    pub stratum: u32,
    pub opened_at: String,
    pub actor: String,
    pub action: String,
    pub reason: String,
}

/// A day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayShown {
    pub day: String,
    /// Units new on that day, by variant.
    pub exposures: crate::types::SortedMap<String, u64>,
    /// The success metric so far beside the control's, by variant.
    pub lift: crate::types::SortedMap<String, DayLift>,
}

/// The lift until a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayLift {
    pub mean: Option<f64>,
    pub interval: [Option<f64>; 2],
}

/// What a plan comes to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the API's")]
pub struct TestPlan {
    pub sample_size_per_variant: Option<u64>,
    pub total: Option<u64>,
    /// The least relative lift that the sample sees.
    pub minimum_detectable_lift: Option<f64>,
    pub days: Option<f64>,
}
