//! What holds for any counts and sums: swapping arms swaps signs, splitting traffic into epochs of equal shares changes
//! little, units cancel in lifts, and whatever goes in, no figure is a lie.

use nearside_engine::analysis::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 60,
        rng_seed: RngSeed::Fixed(2_026),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn conversions() -> impl Strategy<Value = Conversions> {
    (0_u64..2_000_000, 0.0..=1.0)
        .prop_map(|(units, rate)| Conversions { units, conversions: (units as f64 * rate) as u64 })
}

fn values() -> impl Strategy<Value = Values> {
    prop::collection::vec((-1e3..1e6, -1e3..1e3), 2..60).prop_map(|list| {
        let mut values = Values::default();
        list.into_iter().for_each(|(value, pre)| values.count(value, pre));
        values
    })
}

fn epoch<T>(control: T, variant: T, share: f64) -> Stratum<T> {
    Stratum { control_share: 1.0 - share, variant_share: share, control, variant }
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * (1.0 + left.abs().max(right.abs()))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn swapping_the_arms_swaps_the_signs(control in conversions(), variant in conversions(), share in 0.05..0.95) {
        let plan = Plan::default();
        let there = compare_conversions(&[epoch(control, variant, share)], &plan);
        let back = compare_conversions(&[epoch(variant, control, 1.0 - share)], &plan);
        prop_assert_eq!(there.is_some(), back.is_some());
        if let (Some(there), Some(back)) = (there, back) {
            prop_assert!(near(there.difference, -back.difference));
            prop_assert!(near(there.fixed.p_value, back.fixed.p_value));
            prop_assert!(near(there.fixed.difference.lower, -back.fixed.difference.upper));
            prop_assert!(near(there.always_valid.log_e, back.always_valid.log_e), "{there:?} {back:?}");
        }
    }

    // Of arms that are as large as their shares say: where they are not, who converts and how many do contradict each other,
    // and no lift is left.
    #[test]
    fn the_lift_excludes_0_exactly_when_the_evidence_is_enough(
        units in 0.0..2_000_000.0, rates in (0.0..=1.0, 0.0..=1.0), share in 0.05..0.95,
    ) {
        let arm = |share: f64, rate: f64| {
            Conversions { units: (units * share) as u64, conversions: (units * share * rate) as u64 }
        };
        let strata = [epoch(arm(1.0 - share, rates.0), arm(share, rates.1), share)];
        if let Some(found) = compare_conversions(&strata, &Plan::default()) {
            let is_enough = found.has_minimum && found.always_valid.log_e > log_e_needed(0.05);
            prop_assert!(found.always_valid.lift.contains(0.0) != is_enough, "{found:?}");
            prop_assert!(found.always_valid.p_value > 0.0 && found.fixed.p_value > 0.0);
        }
    }

    #[test]
    fn the_unit_of_money_does_not_matter(control in values(), variant in values(), scale in 1e-3..1e3) {
        let scaled = |values: &Values| Values {
            sum: values.sum * scale,
            sum_of_squares: values.sum_of_squares * scale * scale,
            cross_products: values.cross_products * scale,
            ..*values
        };
        let plan = Plan { minimum_units: 2, minimum_effective_units: 0.0, ..Plan::default() };
        let found = compare_values(&[epoch(control, variant, 0.5)], &plan).unwrap();
        let other = compare_values(&[epoch(scaled(&control), scaled(&variant), 0.5)], &plan).unwrap();
        let near = |left: f64, right: f64| (left - right).abs() <= 1e-7 * (1.0 + left.abs().max(right.abs()));
        prop_assert!(near(found.always_valid.log_e, other.always_valid.log_e), "{found:?} {other:?}");
        prop_assert!(near(found.fixed.p_value, other.fixed.p_value));
        prop_assert!(near(found.difference * scale, other.difference));
        prop_assert_eq!(found.always_valid.lift.bounds().0.is_some(), other.always_valid.lift.bounds().0.is_some());
    }

    #[test]
    fn no_figure_is_anything_but_a_number(
        sums in prop::collection::vec((0_u64..5, prop::num::f64::ANY, prop::num::f64::ANY, prop::num::f64::ANY), 2),
        share in prop::num::f64::ANY, counts in prop::collection::vec((any::<u32>(), any::<u32>()), 2),
    ) {
        let arm = |(units, sum, square, pre): (u64, f64, f64, f64)| Values {
            units, active_units: units, sum, sum_of_squares: square, pre_sum: pre, pre_sum_of_squares: square, cross_products: sum,
        };
        let of_values = compare_values(&[epoch(arm(sums[0]), arm(sums[1]), share)], &Plan::default());
        let count = |(units, conversions): (u32, u32)| Conversions { units: units.into(), conversions: conversions.into() };
        let of_counts = compare_conversions(&[epoch(count(counts[0]), count(counts[1]), share)], &Plan::default());
        for found in of_values.into_iter().chain(of_counts) {
            for p in [found.fixed.p_value, found.always_valid.p_value] {
                prop_assert!((f64::MIN_POSITIVE..=1.0).contains(&p), "{found:?}");
            }
            prop_assert!(!found.always_valid.log_e.is_nan(), "{found:?}");
        }
    }

    #[test]
    fn corrections_never_lower_a_p_value_and_keep_their_order(p in prop::collection::vec(0.0..=1.0, 1..12)) {
        let (by_holm, by_hommel, by_bh) = (holm(&p), hommel(&p), benjamini_hochberg(&p));
        for (place, own) in p.iter().enumerate() {
            prop_assert!(*own <= by_bh[place] + 1e-15 && by_bh[place] <= by_hommel[place] + 1e-12);
            prop_assert!(by_hommel[place] <= by_holm[place] + 1e-12 && by_holm[place] <= 1.0);
            for (other, theirs) in p.iter().enumerate() {
                prop_assert!(own > theirs || by_hommel[place] <= by_hommel[other] + 1e-15);
            }
        }
    }
}
