//! What a test has shown so far: one finding, with the facts for its sentence. The sentence is a pack's or a page's.

use serde::Serialize;

use super::comparison::Comparison;
use super::guardrail::GuardrailStanding;
use super::multiple::holm;
use super::sample_ratio::SampleRatio;

/// What is known of a test when its verdict is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// False for a test that was never started: it has nothing to say.
    pub has_started: bool,
    /// How the arms' sizes stand to their shares.
    pub sample_ratio: &'a SampleRatio,
    /// Which direction of the decisive metric is good.
    pub better: Better,
    /// The family-wise error over all variants.
    pub alpha: f64,
    /// Each variant's decisive metric beside control's, in the test's order.
    pub variants: &'a [VariantEvidence<'a>],
}

/// What is known of a variant.
#[derive(Debug, Clone, Copy)]
pub struct VariantEvidence<'a> {
    /// The decisive metric; none without units.
    pub comparison: Option<&'a Comparison>,
    /// How its guardrails stand.
    pub guardrails: &'a [GuardrailStanding],
}

/// Which direction is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// A higher mean.
    Higher,
    /// A lower mean.
    Lower,
}

/// What a test has shown. Variants are places in `Evidence::variants`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing may be said.
    Withheld {
        /// Why not.
        reason: Withheld,
    },
    /// A variant harms something by more than its margin, and no other has won.
    GuardrailBreached {
        /// The first such variant.
        variant: usize,
    },
    /// Neither better nor worse than control, so far.
    NoDifferenceYet,
    /// A variant is better than control, and no better one is known.
    VariantWins {
        /// Which one.
        variant: usize,
        /// By what part of control's mean, as estimated; none when that is 0.
        lift: Option<f64>,
    },
    /// Every variant is worse than control.
    ControlWins,
}

/// Why a verdict is withheld. The gravest reason is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// The test was never started.
    Inactive,
    /// The arms are not what the shares make of one crowd: something is lost or counted wrongly.
    SampleRatioBroken,
    /// An arm of every comparison is still too small.
    MinimumSampleNotReached,
}

/// How a variant stands to control, at the family-wise error over all variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Better than control.
    Better,
    /// Worse than control.
    Worse,
    /// Neither is known.
    Open,
}

/// Returns how each variant stands, by always-valid p values that are adjusted by Holm.
pub fn standings(evidence: &Evidence<'_>) -> Vec<Standing> {
    let p_value = |variant: &VariantEvidence<'_>| variant.comparison.map_or(1.0, |found| found.always_valid.p_value);
    let adjusted = holm(&evidence.variants.iter().map(p_value).collect::<Vec<_>>());
    let stand = |(variant, p): (&VariantEvidence<'_>, f64)| match variant.comparison {
        Some(found) if p <= evidence.alpha && found.difference != 0.0 => {
            let is_better = (found.difference > 0.0) == (evidence.better == Better::Higher);
            if is_better { Standing::Better } else { Standing::Worse }
        }
        _ => Standing::Open,
    };
    evidence.variants.iter().zip(adjusted).map(stand).collect()
}

/// Returns what the test has shown.
///
/// A variant with a breached guardrail cannot win. Of several that are better than control the one with the better mean
/// wins, the first of equal ones.
pub fn verdict(evidence: &Evidence<'_>) -> Verdict {
    if let Some(reason) = withheld(evidence) {
        return Verdict::Withheld { reason };
    }
    let standings = standings(evidence);
    let breached = |variant: &VariantEvidence<'_>| variant.guardrails.contains(&GuardrailStanding::Breached);
    let mut best: Option<(usize, &Comparison)> = None;
    for (place, (variant, standing)) in evidence.variants.iter().zip(&standings).enumerate() {
        let Some(found) = variant.comparison.filter(|_| *standing == Standing::Better && !breached(variant)) else {
            continue;
        };
        let sign = if evidence.better == Better::Higher { 1.0 } else { -1.0 };
        if best.is_none_or(|(_, best)| sign * found.difference > sign * best.difference) {
            best = Some((place, found));
        }
    }
    if let Some((variant, found)) = best {
        Verdict::VariantWins { variant, lift: found.lift }
    } else if let Some(variant) = evidence.variants.iter().position(breached) {
        Verdict::GuardrailBreached { variant }
    } else if !standings.is_empty() && standings.iter().all(|standing| *standing == Standing::Worse) {
        Verdict::ControlWins
    } else {
        Verdict::NoDifferenceYet
    }
}

fn withheld(evidence: &Evidence<'_>) -> Option<Withheld> {
    let has_minimum = |variant: &VariantEvidence<'_>| variant.comparison.is_some_and(|found| found.has_minimum);
    if !evidence.has_started {
        Some(Withheld::Inactive)
    } else if evidence.sample_ratio.is_broken() {
        Some(Withheld::SampleRatioBroken)
    } else if !evidence.variants.iter().any(has_minimum) {
        Some(Withheld::MinimumSampleNotReached)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Conversions, Plan, Stratum, compare_conversions, sample_ratio};

    fn compared(control: u64, variant: u64) -> Comparison {
        let arm = |conversions| Conversions { units: 10_000, conversions };
        let stratum = Stratum { control_share: 0.5, variant_share: 0.5, control: arm(control), variant: arm(variant) };
        compare_conversions(&[stratum], &Plan::default()).unwrap_or_else(|| unreachable_in_tests())
    }

    #[allow(clippy::panic, reason = "tests may fail loudly")]
    fn unreachable_in_tests() -> ! {
        panic!("both arms have units")
    }

    fn found(conversions: &[(u64, GuardrailStanding)], better: Better, units: (u64, u64)) -> Verdict {
        let comparisons: Vec<Comparison> = conversions.iter().map(|(count, _)| compared(500, *count)).collect();
        let guardrails: Vec<[GuardrailStanding; 1]> = conversions.iter().map(|(_, standing)| [*standing]).collect();
        let variants: Vec<VariantEvidence<'_>> = comparisons
            .iter()
            .zip(&guardrails)
            .map(|(comparison, guardrails)| VariantEvidence { comparison: Some(comparison), guardrails })
            .collect();
        let sample_ratio = sample_ratio([&[(units.0, 0.5), (units.1, 0.5)][..]], &[1_000.0]);
        verdict(&Evidence { has_started: true, sample_ratio: &sample_ratio, better, alpha: 0.05, variants: &variants })
    }

    const EVEN: (u64, u64) = (10_000, 10_000);

    #[test]
    fn the_better_of_the_better_ones_wins_unless_it_harms() {
        use GuardrailStanding::{Breached, Held, Open};
        let winner = |verdict| match verdict {
            Verdict::VariantWins { variant, .. } => Some(variant),
            _ => None,
        };
        assert_eq!(winner(found(&[(700, Open), (800, Held), (520, Open)], Better::Higher, EVEN)), Some(1));
        assert_eq!(winner(found(&[(700, Open), (800, Breached)], Better::Higher, EVEN)), Some(0));
        assert_eq!(winner(found(&[(350, Open), (700, Open)], Better::Lower, EVEN)), Some(0));
        let breach = found(&[(520, Open), (800, Breached)], Better::Higher, EVEN);
        assert_eq!(breach, Verdict::GuardrailBreached { variant: 1 });
    }

    #[test]
    fn a_control_that_wins_is_said_to_have_won() {
        use GuardrailStanding::Open;
        assert_eq!(found(&[(350, Open), (300, Open)], Better::Higher, EVEN), Verdict::ControlWins);
        assert_eq!(found(&[(350, Open), (510, Open)], Better::Higher, EVEN), Verdict::NoDifferenceYet);
        assert_eq!(found(&[(500, Open)], Better::Higher, EVEN), Verdict::NoDifferenceYet);
    }

    #[test]
    fn nothing_is_said_of_a_test_that_is_broken_small_or_not_begun() {
        use GuardrailStanding::Open;
        let broken = found(&[(800, Open)], Better::Higher, (10_000, 12_000));
        assert_eq!(broken, Verdict::Withheld { reason: Withheld::SampleRatioBroken });
        let small = found(&[(20, Open)], Better::Higher, EVEN);
        assert_eq!(small, Verdict::Withheld { reason: Withheld::MinimumSampleNotReached });
        let none = found(&[], Better::Higher, EVEN);
        assert_eq!(none, Verdict::Withheld { reason: Withheld::MinimumSampleNotReached });
    }
}
