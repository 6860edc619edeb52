//! Conversions, exactly: who converts, and in which arm, tells the ratio of the rates at any time.
//!
//! When both rates are equal, a unit that converts is the variant's with the variant's share of traffic, whatever the rate
//! does over the days; when the variant's is `R` times control's, with `w R / (1 + w R)`, `w` the ratio of the shares. So two
//! counts are a sequence of coin tosses with a known coin, and the beta-binomial e-process is exact at any sample
//! (Lindon and Malek 2022). It reads nothing of those who did not convert: beside a test that knows the rates it needs
//! `1 / (1 - rate)` times the sample.

use super::arm::{Conversions, Stratum};
use super::evidence::{log_e_needed, log_e_of_successes, log_e_of_too_many, tuning_constant};
use super::lift::LiftRegion;
use crate::math::crossing;

/// Beyond this ratio of rates nobody asks: its logarithm is the end of the search.
const MOST_LOG_RATIO: f64 = 20.0;
/// An epoch in which one arm had so many times the traffic of the other says nothing, and its coin has no digits left.
const MOST_UNEVEN: f64 = 1e6;

/// The e-process of conversions, tuned to a number of conversions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConversionSequence {
    concentration: f64,
}

impl ConversionSequence {
    /// Tunes to the conversions of both arms that are planned: units times the rate before the test. The plan must come
    /// before the data.
    ///
    /// A Beta(`κ p`, `κ (1 - p)`) prior with `κ = planned / tuning constant - 1`, at least a thousandth: what makes its
    /// variance that of the best normal mixture.
    pub fn planned_for(conversions: f64, alpha: f64) -> Self {
        Self::with_concentration(conversions / tuning_constant(alpha) - 1.0)
    }

    /// Takes the prior's concentration `κ` as it is; below a thousandth it is that.
    pub fn with_concentration(concentration: f64) -> Self {
        Self { concentration: concentration.max(1e-3) }
    }

    /// Returns the logarithm of the e-value against "the variant's rate is `ratio` times control's", over all epochs.
    pub fn log_e(&self, strata: &[Stratum<Conversions>], ratio: f64) -> f64 {
        let tosses = strata.iter().filter_map(|stratum| tosses(stratum, ratio));
        tosses.map(|toss| log_e_of_successes(toss.variant, toss.control, toss.p, self.concentration)).sum()
    }

    /// Returns the logarithm of the e-value against "the variant's rate is at most `ratio` times control's".
    pub fn log_e_above(&self, strata: &[Stratum<Conversions>], ratio: f64) -> f64 {
        let tosses = strata.iter().filter_map(|stratum| tosses(stratum, ratio));
        tosses.map(|toss| log_e_of_too_many(toss.variant, toss.control, toss.p, self.concentration)).sum()
    }

    /// Returns the logarithm of the e-value against "the variant's rate is at least `ratio` times control's".
    pub fn log_e_below(&self, strata: &[Stratum<Conversions>], ratio: f64) -> f64 {
        let tosses = strata.iter().filter_map(|stratum| tosses(stratum, ratio));
        tosses.map(|toss| log_e_of_too_many(toss.control, toss.variant, 1.0 - toss.p, self.concentration)).sum()
    }

    /// Returns the lifts whose e-value has not reached `1 / alpha`: a confidence sequence that is exact at all times.
    ///
    /// Its lower end is -1 (nobody converts) when no lift is too low, and it has no upper end while control may never
    /// convert.
    pub fn lift_region(&self, strata: &[Stratum<Conversions>], alpha: f64) -> LiftRegion {
        let needed = log_e_needed(alpha);
        region(Self::likeliest(strata), &|ratio| self.log_e(strata, ratio) - needed)
    }

    /// Returns the logarithm of the likeliest ratio of the rates, kept within the search; no number without conversions.
    pub(super) fn likeliest(strata: &[Stratum<Conversions>]) -> f64 {
        let (mut control, mut variant) = (0.0, 0.0);
        for toss in strata.iter().filter_map(|stratum| tosses(stratum, 1.0)) {
            control += toss.control * toss.p / (1.0 - toss.p);
            variant += toss.variant;
        }
        libm::log(variant / control).clamp(-MOST_LOG_RATIO, MOST_LOG_RATIO)
    }
}

/// Returns the lifts around a centre, the logarithm of a ratio of rates, at whose ratio `excess` is not above 0; everything
/// when it is at the centre.
pub(super) fn region(centre: f64, excess: &dyn Fn(f64) -> f64) -> LiftRegion {
    let excluded = |log_ratio: f64| excess(libm::exp(log_ratio));
    if centre.is_nan() || excluded(centre) > 0.0 {
        return LiftRegion::Everything;
    }
    let end_of = |end: f64| (excluded(end) > 0.0).then(|| libm::expm1(crossing(centre, end, &excluded)));
    match (end_of(-MOST_LOG_RATIO).unwrap_or(-1.0), end_of(MOST_LOG_RATIO)) {
        (lower, Some(upper)) => LiftRegion::Between { lower, upper },
        (lower, None) => LiftRegion::From { lower },
    }
}

/// An epoch's conversions as tosses of a coin.
struct Tosses {
    control: f64,
    variant: f64,
    p: f64,
}

/// None for an epoch in which an arm had no traffic, or next to none: nothing can be compared there.
fn tosses(stratum: &Stratum<Conversions>, ratio: f64) -> Option<Tosses> {
    let (control, variant) = (stratum.control.conversions as f64, stratum.variant.conversions as f64);
    let uneven = stratum.variant_share / stratum.control_share;
    let weight = ratio * uneven;
    (1.0 / MOST_UNEVEN..=MOST_UNEVEN).contains(&uneven).then(|| Tosses { control, variant, p: weight / (1.0 + weight) })
}

/// Returns the probabilities of success that have not been excluded after these trials, at any time: the beta-binomial
/// confidence sequence, whose prior is centred at each probability that it judges (Howard et al. 2021).
///
/// `planned_trials` is where it is narrowest.
pub fn probability_sequence(successes: f64, failures: f64, alpha: f64, planned_trials: f64) -> (f64, f64) {
    let concentration = (planned_trials / tuning_constant(alpha) - 1.0).max(1e-3);
    let needed = log_e_needed(alpha);
    let excluded = |p: f64| log_e_of_successes(successes, failures, p, concentration) - needed;
    let rate = successes / (successes + failures);
    let centre = rate.clamp(1e-12, 1.0 - 1e-12);
    let (least, most) = (1e-15, 1.0 - 1e-15);
    let lower = if excluded(least) > 0.0 { crossing(centre, least, &excluded) } else { 0.0 };
    let upper = if excluded(most) > 0.0 { crossing(centre, most, &excluded) } else { 1.0 };
    (lower, upper)
}

#[cfg(test)]
#[allow(clippy::panic, reason = "tests may fail loudly")]
mod tests {
    use super::*;

    fn epoch(control: u64, variant: u64, control_share: f64, variant_share: f64) -> Stratum<Conversions> {
        let arm = |conversions| Conversions { units: 10_000, conversions };
        Stratum { control_share, variant_share, control: arm(control), variant: arm(variant) }
    }

    #[test]
    fn the_region_ends_where_the_evidence_is_just_enough() {
        let sequence = ConversionSequence::planned_for(800.0, 0.05);
        let strata = [epoch(300, 390, 0.5, 0.5), epoch(90, 30, 0.8, 0.2)];
        let LiftRegion::Between { lower, upper } = sequence.lift_region(&strata, 0.05) else { panic!() };
        for end in [lower, upper] {
            let log_e = sequence.log_e(&strata, 1.0 + end);
            assert!((log_e - log_e_needed(0.05)).abs() < 1e-9, "{end}: {log_e}");
        }
        assert!(lower > 0.0 && lower < 0.05 && upper < 0.7, "{lower} to {upper}");
    }

    #[test]
    fn a_ratio_without_an_end_has_none() {
        let sequence = ConversionSequence::planned_for(800.0, 0.05);
        assert_eq!(sequence.lift_region(&[], 0.05), LiftRegion::Everything);
        assert_eq!(sequence.lift_region(&[epoch(0, 0, 0.5, 0.5)], 0.05), LiftRegion::Everything);
        assert_eq!(sequence.lift_region(&[epoch(10, 0, 0.5, 0.0)], 0.05), LiftRegion::Everything);
        let region = sequence.lift_region(&[epoch(0, 200, 0.5, 0.5)], 0.05);
        assert!(matches!(region, LiftRegion::From { lower } if lower > 1.0), "{region:?}");
        let region = sequence.lift_region(&[epoch(200, 0, 0.5, 0.5)], 0.05);
        assert!(matches!(region, LiftRegion::Between { lower: -1.0, upper } if upper < -0.5), "{region:?}");
    }

    #[test]
    fn evidence_points_one_way() {
        let sequence = ConversionSequence::planned_for(800.0, 0.05);
        let strata = [epoch(300, 400, 0.5, 0.5)];
        assert!(sequence.log_e_above(&strata, 1.0) > sequence.log_e(&strata, 1.0));
        assert!(sequence.log_e_below(&strata, 1.0) < 0.0);
        let mirrored = [epoch(400, 300, 0.5, 0.5)];
        assert!((sequence.log_e_above(&strata, 1.0) - sequence.log_e_below(&mirrored, 1.0)).abs() < 1e-12);
    }
}
