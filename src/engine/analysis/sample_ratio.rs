//! Sample ratio mismatch: are the arms as large as their shares say? If not, the test itself is broken.

use serde::Serialize;

use super::evidence::{log_e_of_shares, log_of_mean};
use crate::math::{at_least_the_smallest, chi_square_sf};

/// A mismatch is called when its e-value reaches 1,000: a chance of 1 in 1,000 over the whole life of a sound test.
pub const LOG_E_OF_A_MISMATCH: f64 = 6.907_755_278_982_137;

/// The concentrations of the priors around the shares that a mismatch is looked for with, one e-value each, all of the same
/// weight.
///
/// At equal shares their spreads are 35, 15, 5, 1.6 and 0.5 points: an arm that is lost is found within a score of units, a
/// split of 51 to 49 within tens of thousands. A single prior sees what it is made for, and costs the others `ln 5` less.
pub const CONCENTRATIONS: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];

/// The units of each arm that were first exposed in one epoch, and the arm's share of traffic in it.
pub type ArmCount = (u64, f64);

/// How the counts stand to the shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SampleRatio {
    /// Pearson's chi-square over the arms that have a share, summed over epochs.
    pub chi_square: f64,
    /// Its degrees of freedom: arms with a share, less 1, of each epoch. An arm of share 0 does not count.
    pub degrees: f64,
    /// The fixed-horizon p value: valid for one look.
    pub p_value: f64,
    /// The logarithm of the e-value over all epochs: valid at all times.
    pub log_e: f64,
    /// Units in arms whose share is 0. One is a mismatch already.
    pub misplaced_units: u64,
}

impl SampleRatio {
    /// True when the arms cannot be what the shares made of one crowd: nothing should be read off the test.
    pub fn is_broken(&self) -> bool {
        self.misplaced_units > 0 || self.log_e >= LOG_E_OF_A_MISMATCH
    }
}

/// Judges the counts of each epoch against its shares (any scale; what is not positive is 0).
///
/// The sequential test is Dirichlet and multinomial (Lindon and Malek 2022), with each of the `concentrations` around the
/// shares; an average of e-values is an e-value. A fault is mostly the same in all epochs, so the average is of their
/// products. Without a concentration the e-value is 1.
pub fn sample_ratio<'a>(epochs: impl IntoIterator<Item = &'a [ArmCount]>, concentrations: &[f64]) -> SampleRatio {
    let mut whole = SampleRatio { chi_square: 0.0, degrees: 0.0, p_value: 1.0, log_e: 0.0, misplaced_units: 0 };
    let mut log_e_values = vec![0.0; concentrations.len()];
    for arms in epochs {
        judge_epoch(arms, concentrations, &mut log_e_values, &mut whole);
    }
    whole.log_e = log_of_mean(&log_e_values);
    if whole.degrees > 0.0 {
        whole.p_value = at_least_the_smallest(chi_square_sf(whole.chi_square, whole.degrees));
    }
    whole
}

fn judge_epoch(arms: &[ArmCount], concentrations: &[f64], log_e_values: &mut [f64], whole: &mut SampleRatio) {
    let (mut units, mut shares) = (0.0, 0.0);
    for (n, share) in arms {
        if *share > 0.0 {
            units += *n as f64;
            shares += share;
        } else {
            whole.misplaced_units += n;
        }
    }
    if units == 0.0 {
        return;
    }
    let mut groups: Vec<(f64, f64)> = Vec::with_capacity(arms.len());
    for (n, share) in arms.iter().filter(|(_, share)| *share > 0.0) {
        let (n, share) = (*n as f64, share / shares);
        whole.chi_square += squared(n - units * share) / (units * share);
        groups.push((n, share));
    }
    whole.degrees += groups.len() as f64 - 1.0;
    for (log_e, concentration) in log_e_values.iter_mut().zip(concentrations) {
        *log_e += log_e_of_shares(&groups, *concentration);
    }
}

fn squared(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arm_without_a_share_is_no_degree_of_freedom_and_must_be_empty() {
        let two = sample_ratio([&[(1_000, 50.0), (1_200, 50.0)][..]], &[100.0]);
        let three = sample_ratio([&[(1_000, 0.5), (1_200, 0.5), (0, 0.0)][..]], &[100.0]);
        assert_eq!((two, three.degrees), (three, 1.0));
        let misplaced = sample_ratio([&[(1_000, 0.5), (1_000, 0.5), (1, 0.0)][..]], &[100.0]);
        assert!(misplaced.is_broken() && misplaced.misplaced_units == 1);
    }

    #[test]
    fn epochs_are_judged_by_their_own_shares() {
        let epochs: [&[ArmCount]; 2] = [&[(5_000, 0.5), (5_000, 0.5)], &[(9_000, 0.9), (1_000, 0.1)]];
        let ratio = sample_ratio(epochs, &CONCENTRATIONS);
        assert!(ratio.chi_square == 0.0 && ratio.degrees == 2.0 && ratio.p_value == 1.0 && !ratio.is_broken());
        assert!(sample_ratio([&[(14_000, 0.5), (6_000, 0.5)][..]], &CONCENTRATIONS).is_broken());
    }

    #[test]
    fn nobody_yet_is_no_mismatch() {
        for arms in [&[][..], &[(0, 0.5), (0, 0.5)], &[(0, 0.0)], &[(7, 1.0)]] {
            let ratio = sample_ratio([arms], &CONCENTRATIONS);
            assert!(!ratio.is_broken() && ratio.p_value == 1.0 && ratio.log_e.abs() < 1e-12, "{ratio:?}");
        }
    }

    #[test]
    fn a_gross_fault_is_found_in_a_small_sample() {
        let faults: [(u64, u64); 4] = [(50, 150), (0, 60), (0, 25), (700, 1_000)];
        for (control, variant) in faults {
            let ratio = sample_ratio([&[(control, 0.5), (variant, 0.5)][..]], &CONCENTRATIONS);
            assert!(ratio.is_broken(), "{control} to {variant}: {ratio:?}");
        }
        for (control, variant) in [(90, 110), (5, 12), (0, 5), (9_900, 10_100)] {
            let ratio = sample_ratio([&[(control, 0.5), (variant, 0.5)][..]], &CONCENTRATIONS);
            assert!(!ratio.is_broken(), "{control} to {variant}: {ratio:?}");
        }
    }

    #[test]
    fn a_small_fault_is_found_nearly_as_soon_as_by_the_prior_that_is_made_for_it() {
        let found_at = |concentrations: &[f64]| {
            let split = |units: u64| [(units * 51 / 100, 0.5), (units * 49 / 100, 0.5)];
            (1..200_u64)
                .map(|step| step * 1_000)
                .find(|units| sample_ratio([&split(*units)[..]], concentrations).is_broken())
        };
        let (alone, mixed) = (found_at(&[1_000.0]), found_at(&CONCENTRATIONS));
        assert!(alone.is_some() && mixed <= alone.map(|units| units * 6 / 5), "{alone:?} and {mixed:?}");
    }

    #[test]
    fn a_sound_test_that_is_looked_at_after_every_unit_is_hardly_ever_called_broken() {
        let (mut broken, runs) = (0, 400_u64);
        for run in 1..=runs {
            let (mut state, mut counts) = (run.wrapping_mul(0xd134_2543_de82_ef95), [(0_u64, 0.5), (0, 0.5)]);
            let is_broken = (0..1_000).any(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let arm = if state >> 63 == 0 { &mut counts[0] } else { &mut counts[1] };
                arm.0 += 1;
                sample_ratio([&counts[..]], &CONCENTRATIONS).is_broken()
            });
            broken += u64::from(is_broken);
        }
        assert!(broken <= 2, "{broken} of {runs}, and 1 in 1,000 is allowed");
    }
}
