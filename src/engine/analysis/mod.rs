//! What an experiment has shown: sums in, figures out. Assignment, storage and words are elsewhere.
//!
//! **Two clocks.** `fixed` answers for one look at a planned sample; `evidence`, `converters` and `asymptotic` for any number
//! of looks, which is what people do. **Two kinds of metric.** Conversions are judged by who converts, which is exact, and
//! by their rates; values by their means. `comparison` puts both together, `verdict` concludes, `planning` asks how much is needed.

mod arm;
mod asymptotic;
mod comparison;
mod conversion_evidence;
mod converters;
mod estimate;
mod evidence;
mod fixed;
mod guardrail;
mod lift;
mod multiple;
mod planning;
mod rollout;
mod sample_ratio;
mod verdict;

pub use arm::{Conversions, Stratum, Values};
pub use asymptotic::AsymptoticSequence;
pub use comparison::{
    AlwaysValid, Comparison, FixedLook, Plan, compare_conversions, compare_values, difference_of_conversions,
    difference_of_values,
};
pub use conversion_evidence::ConversionEvidence;
pub use converters::{ConversionSequence, probability_sequence};
pub use estimate::{
    Adjustment, ArmEstimate, PairEstimate, estimate_conversions, estimate_values, estimate_values_with_pre_period,
};
pub use evidence::{
    Sides, always_valid_p, log_e_needed, log_e_of_normal_sum, log_e_of_shares, log_e_of_successes, log_e_of_too_many,
    log_of_mean, tuning_constant,
};
pub use fixed::{Interval, ProportionTest, WelchTest, newcombe_interval, two_proportions, welch, wilson_interval};
pub use guardrail::{Guardrail, GuardrailEvidence, GuardrailStanding, Harm, USUAL_MARGIN};
pub use lift::{LiftRegion, lift, lift_region};
pub use multiple::{benjamini_hochberg, benjamini_yekutieli, bonferroni, e_benjamini_hochberg, holm, hommel, sidak};
pub use planning::{
    Demands, NullVariance, days_left, least_difference_of_means, least_rise_of_rates, units_for_means, units_for_rates,
    units_for_rates_by_arcsine,
};
pub use rollout::{Advice, OutcomeCounts, advice, per_cent, significance};
pub use sample_ratio::{ArmCount, CONCENTRATIONS, LOG_E_OF_A_MISMATCH, SampleRatio, sample_ratio};
pub use verdict::{Better, Evidence, Standing, VariantEvidence, Verdict, Withheld, standings, verdict};
