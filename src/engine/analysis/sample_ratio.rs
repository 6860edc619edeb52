//! Sample ratio mismatch: are the arms as large as their shares say? If not, the test itself is broken.

use serde::Serialize;

use super::evidence::log_e_of_shares;
use crate::math::{at_least_the_smallest, chi_square_sf};

/// A mismatch is called when its e-value reaches 1,000: a chance of 1 in 1,000 over the whole life of a sound test.
pub const LOG_E_OF_A_MISMATCH: f64 = 6.907_755_278_982_137;

/// The concentration of the prior around the shares that a mismatch is looked for with.
///
/// Its spread at equal shares is 1.6 points: a split of 51 to 49 is found soonest, and coarser faults after a few hundred.
pub const CONCENTRATION: f64 = 1_000.0;

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
    /// The logarithm of the e-value, summed over epochs: valid at all times.
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
/// The sequential test is Dirichlet and multinomial (Lindon and Malek 2022), with `concentration` around the shares.
pub fn sample_ratio<'a>(epochs: impl IntoIterator<Item = &'a [ArmCount]>, concentration: f64) -> SampleRatio {
    let mut whole = SampleRatio { chi_square: 0.0, degrees: 0.0, p_value: 1.0, log_e: 0.0, misplaced_units: 0 };
    for arms in epochs {
        let placed = || arms.iter().filter(|(_, share)| *share > 0.0);
        let shares: f64 = placed().map(|(_, share)| share).sum();
        let units = placed().map(|(units, _)| *units).sum::<u64>() as f64;
        whole.misplaced_units += arms.iter().filter(|(_, share)| *share <= 0.0).map(|(units, _)| units).sum::<u64>();
        if units > 0.0 {
            let expected = |share: f64| units * (share / shares);
            whole.chi_square +=
                placed().map(|(n, share)| squared(*n as f64 - expected(*share)) / expected(*share)).sum::<f64>();
            whole.degrees += placed().count() as f64 - 1.0;
            whole.log_e += log_e_of_shares(placed().map(|(n, share)| (*n as f64, share / shares)), concentration);
        }
    }
    if whole.degrees > 0.0 {
        whole.p_value = at_least_the_smallest(chi_square_sf(whole.chi_square, whole.degrees));
    }
    whole
}

fn squared(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arm_without_a_share_is_no_degree_of_freedom_and_must_be_empty() {
        let two = sample_ratio([&[(1_000, 50.0), (1_200, 50.0)][..]], 100.0);
        let three = sample_ratio([&[(1_000, 0.5), (1_200, 0.5), (0, 0.0)][..]], 100.0);
        assert_eq!((two, three.degrees), (three, 1.0));
        let misplaced = sample_ratio([&[(1_000, 0.5), (1_000, 0.5), (1, 0.0)][..]], 100.0);
        assert!(misplaced.is_broken() && misplaced.misplaced_units == 1);
    }

    #[test]
    fn epochs_are_judged_by_their_own_shares() {
        let epochs: [&[ArmCount]; 2] = [&[(5_000, 0.5), (5_000, 0.5)], &[(9_000, 0.9), (1_000, 0.1)]];
        let ratio = sample_ratio(epochs, CONCENTRATION);
        assert!(ratio.chi_square == 0.0 && ratio.degrees == 2.0 && ratio.p_value == 1.0 && !ratio.is_broken());
        assert!(sample_ratio([&[(14_000, 0.5), (6_000, 0.5)][..]], CONCENTRATION).is_broken());
    }

    #[test]
    fn nobody_yet_is_no_mismatch() {
        for arms in [&[][..], &[(0, 0.5), (0, 0.5)], &[(0, 0.0)], &[(7, 1.0)]] {
            let ratio = sample_ratio([arms], CONCENTRATION);
            assert!(!ratio.is_broken() && ratio.p_value == 1.0 && ratio.log_e.abs() < 1e-12, "{ratio:?}");
        }
    }
}
