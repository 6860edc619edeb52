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
    /// False for a variant that was dropped, by a share of 0: what it showed stays in the adjustment for many comparisons,
    /// but it neither wins nor makes the others wait.
    pub is_live: bool,
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
    /// A live variant harms something by more than its margin, and no other has won.
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
        /// By what part of control's mean, as estimated; none unless that is above 0.
        lift: Option<f64>,
    },
    /// Every live variant is worse than control.
    ControlWins,
}

/// Why a verdict is withheld. The gravest reason is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// The test was never started.
    Inactive,
    /// No variant has a share of traffic beside control's.
    NothingCompared,
    /// The arms are not what the shares make of one crowd: something is lost or counted wrongly.
    SampleRatioBroken,
    /// Control or a live variant is still too small.
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
/// wins, the first of equal ones. Nothing is said before control and every live variant have the minimum: the slowest of
/// them decides, so that the first to arrive is not the only one that can win.
pub fn verdict(evidence: &Evidence<'_>) -> Verdict {
    if let Some(reason) = withheld(evidence) {
        return Verdict::Withheld { reason };
    }
    let sign = if evidence.better == Better::Higher { 1.0 } else { -1.0 };
    let mut best: Option<(usize, &Comparison)> = None;
    let (mut first_breach, mut all_worse) = (None, true);
    for (place, (variant, standing)) in evidence.variants.iter().zip(standings(evidence)).enumerate() {
        if !variant.is_live {
            continue;
        }
        all_worse &= standing == Standing::Worse;
        if variant.guardrails.contains(&GuardrailStanding::Breached) {
            first_breach = first_breach.or(Some(place));
        } else if let Some(found) = variant.comparison.filter(|_| standing == Standing::Better)
            && best.is_none_or(|(_, best)| sign * found.difference > sign * best.difference)
        {
            best = Some((place, found));
        }
    }
    match (best, first_breach) {
        (Some((variant, found)), _) => Verdict::VariantWins { variant, lift: found.lift },
        (None, Some(variant)) => Verdict::GuardrailBreached { variant },
        (None, None) if all_worse => Verdict::ControlWins,
        (None, None) => Verdict::NoDifferenceYet,
    }
}

fn withheld(evidence: &Evidence<'_>) -> Option<Withheld> {
    let (mut is_compared, mut is_enough) = (false, true);
    for variant in evidence.variants.iter().filter(|variant| variant.is_live) {
        is_compared = true;
        is_enough &= variant.comparison.is_some_and(|found| found.has_minimum);
    }
    if !evidence.has_started {
        Some(Withheld::Inactive)
    } else if evidence.sample_ratio.is_broken() {
        Some(Withheld::SampleRatioBroken)
    } else if !is_compared {
        Some(Withheld::NothingCompared)
    } else if !is_enough {
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
            .map(|(comparison, guardrails)| VariantEvidence { is_live: true, comparison: Some(comparison), guardrails })
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
        let small = judged(&[(compared_of(90, 40), true, Open), (compared(500, 800), true, Open)]);
        assert_eq!(small, Verdict::Withheld { reason: Withheld::MinimumSampleNotReached });
        let none = found(&[], Better::Higher, EVEN);
        assert_eq!(none, Verdict::Withheld { reason: Withheld::NothingCompared });
    }

    /// Control and a variant of so many units, of which so many convert in the variant and a tenth in control.
    fn compared_of(units: u64, conversions: u64) -> Comparison {
        let arm = |conversions| Conversions { units, conversions };
        let (control, variant) = (arm(units / 10), arm(conversions));
        let stratum = Stratum { control_share: 0.5, variant_share: 0.5, control, variant };
        compare_conversions(&[stratum], &Plan::default()).unwrap_or_else(|| unreachable_in_tests())
    }

    fn judged(variants: &[(Comparison, bool, GuardrailStanding)]) -> Verdict {
        let guardrails: Vec<[GuardrailStanding; 1]> = variants.iter().map(|(_, _, standing)| [*standing]).collect();
        let variants: Vec<VariantEvidence<'_>> = variants
            .iter()
            .zip(&guardrails)
            .map(|((found, is_live, _), guardrails)| VariantEvidence {
                is_live: *is_live,
                comparison: Some(found),
                guardrails,
            })
            .collect();
        let sample_ratio = sample_ratio([&[(1_000, 0.5), (1_000, 0.5)][..]], &[1_000.0]);
        let better = Better::Higher;
        verdict(&Evidence { has_started: true, sample_ratio: &sample_ratio, better, alpha: 0.05, variants: &variants })
    }

    #[test]
    fn every_live_arm_needs_the_minimum_and_a_dropped_one_neither_blocks_nor_wins() {
        use GuardrailStanding::{Breached, Open};
        let (good, better, small, bad) =
            (compared(500, 700), compared(500, 900), compared_of(50, 40), compared(500, 300));
        let wins = |verdict: Verdict| match verdict {
            Verdict::VariantWins { variant, .. } => Some(variant),
            _ => None,
        };
        assert_eq!(
            judged(&[(good, true, Open), (small, true, Open)]),
            Verdict::Withheld { reason: Withheld::MinimumSampleNotReached }
        );
        assert_eq!(wins(judged(&[(good, true, Open), (small, false, Open)])), Some(0));
        assert_eq!(wins(judged(&[(good, true, Open), (better, false, Open)])), Some(0));
        assert_eq!(judged(&[(bad, true, Open), (better, false, Breached)]), Verdict::ControlWins);
        assert_eq!(judged(&[(better, false, Open)]), Verdict::Withheld { reason: Withheld::NothingCompared });
    }
}
