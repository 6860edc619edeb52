//! Other engines' tests that are ramped or reweighted here: nobody moves whom the change does not concern.

use nearside_json::{read_json, write_json};

use super::super::{Algorithm, Assignments, Experiment, Hashing, KeptRanges, Variant, VariantRange};
use super::build::{first, id, plan, test};

/// With 100,000 it holds as well, and takes two minutes.
const UNITS: u32 = 6_000;
const FOREIGN: [Algorithm; 7] = [
    Algorithm::GrowthBookV1,
    Algorithm::GrowthBookV2,
    Algorithm::Unleash,
    Algorithm::Optimizely,
    Algorithm::LaunchDarkly,
    Algorithm::PostHog,
    Algorithm::Eppo,
];

/// A test as it is changed: its ranges are those that every change leaves.
struct Changed {
    test: Experiment,
    kept: Option<KeptRanges>,
}

impl Changed {
    fn new(algorithm: Algorithm, weights: &[f64], coverage: f64) -> Self {
        let hashing = Hashing { algorithm, seed: Some("s1".to_owned()), ..Hashing::default() };
        let test = Experiment { hashing, variants: variants(weights), coverage, ..test("moves") };
        Self { test, kept: None }
    }

    fn change(&mut self, weights: &[f64], coverage: f64) {
        let next = Experiment { variants: variants(weights), coverage, ..self.test.clone() };
        let kept = KeptRanges::after(self.kept.as_ref(), &self.in_force(), &next);
        // As it comes out of the store.
        self.kept = kept.map(|kept| read_json(write_json(&kept).as_bytes()).unwrap());
        self.test = next;
    }

    fn in_force(&self) -> Experiment {
        let mut test = self.test.clone();
        if let Some(kept) = &self.kept {
            test.hashing.ranges.clone_from(&kept.taking_part);
        }
        test
    }

    /// What everybody sees of whom nothing is recorded.
    fn seen(&self) -> Vec<Option<u8>> {
        let (plan, none) = (plan(&[self.in_force()]), Assignments::new());
        let seen = |number| {
            let verdict = first(&plan, &id(number), &none);
            verdict.is_counted().then_some(verdict.variant)
        };
        (0..UNITS).map(seen).collect()
    }
}

fn variants(weights: &[f64]) -> Vec<Variant> {
    let names = ["CONTROL", "B", "C", "D"];
    let variant = |(name, weight): (&str, &f64)| Variant {
        name: name.to_owned(),
        description: String::new(),
        traffic_percentage: *weight,
    };
    names.into_iter().zip(weights).map(variant).collect()
}

fn share(of: impl Iterator<Item = bool>) -> f64 {
    of.filter(|is_so| *is_so).count() as f64 / f64::from(UNITS)
}

/// Five standard errors, and a bucket a variant.
fn near(found: f64, expected: f64, what: &str) {
    let error = 5.0 * libm::sqrt(expected * (1.0 - expected) / f64::from(UNITS)) + 0.004;
    assert!((found - expected).abs() < error, "{what}: {found} and not {expected}");
}

/// Half the distance between shares, those who take no part among them.
fn distance(old: (&[f64], f64), new: (&[f64], f64)) -> f64 {
    let at = |(weights, coverage): (&[f64], f64), place: usize| {
        coverage * weights.get(place).copied().unwrap_or_default() / 100.0
    };
    let of_variants: f64 = (0..4).map(|place| (at(old, place) - at(new, place)).abs()).sum();
    (of_variants + (old.1 - new.1).abs()) / 2.0
}

#[test]
fn a_ramp_flips_nobody_even_of_whom_nothing_is_recorded() {
    let coverages = [0.5, 1.0, 0.2, 0.7, 0.4, 0.6, 1.0, 0.05];
    for algorithm in FOREIGN {
        for weights in [&[50.0, 50.0][..], &[50.0, 30.0, 20.0]] {
            let mut changed = Changed::new(algorithm, weights, 0.1);
            let mut before = changed.seen();
            let mut first_seen = before.clone();
            for coverage in coverages {
                let old = changed.test.coverage;
                changed.change(weights, coverage);
                let after = changed.seen();
                let what = format!("{} to {coverage}", algorithm.name());
                let flips = |seen: &[Option<u8>]| {
                    seen.iter().zip(&after).filter(|(old, new)| old.is_some() && new.is_some() && old != new).count()
                };
                assert_eq!((flips(&before), flips(&first_seen)), (0, 0), "{what}");
                near(share(after.iter().map(Option::is_some)), coverage, &what);
                near(share(before.iter().zip(&after).map(|(old, new)| old != new)), (coverage - old).abs(), &what);
                first_seen.iter_mut().zip(&after).for_each(|(known, now)| *known = known.or(*now));
                before = after;
            }
        }
    }
}

#[test]
fn new_weights_move_the_distance_between_them() {
    let steps: [(&[f64], f64); 7] = [
        (&[20.0, 30.0, 50.0], 1.0),
        (&[50.0, 30.0, 20.0], 1.0),
        (&[40.0, 20.0, 20.0, 20.0], 0.6),
        (&[70.0, 0.0, 10.0, 20.0], 0.6),
        (&[25.0, 25.0, 25.0, 25.0], 1.0),
        (&[10.0, 40.0, 40.0, 10.0], 0.3),
        (&[10.0, 40.0, 40.0, 10.0], 0.9),
    ];
    for algorithm in FOREIGN {
        let mut known: (&[f64], f64) = (&[50.0, 30.0, 20.0], 1.0);
        let mut changed = Changed::new(algorithm, known.0, known.1);
        let mut before = changed.seen();
        // Who takes part is another hash's business there, so both changes cannot be weighed against each other.
        let is_apart = matches!(algorithm, Algorithm::Unleash | Algorithm::PostHog);
        for step in steps {
            if is_apart && step.1 != known.1 {
                changed.change(known.0, step.1);
                before = changed.seen();
                known.1 = step.1;
            }
            changed.change(step.0, step.1);
            let after = changed.seen();
            let what = format!("{} to {step:?}", algorithm.name());
            near(share(before.iter().zip(&after).map(|(old, new)| old != new)), distance(known, step), &what);
            for (place, weight) in step.0.iter().enumerate() {
                near(share(after.iter().map(|seen| *seen == Some(place as u8))), step.1 * weight / 100.0, &what);
            }
            (known, before) = (step, after);
        }
    }
}

#[test]
fn ranges_that_the_other_engine_had_are_where_a_change_begins() {
    let range = |variant, from, to| VariantRange { variant, from, to };
    let mut changed = Changed::new(Algorithm::Optimizely, &[50.0, 50.0], 1.0);
    // The half of everybody, as another engine left it.
    let stated = vec![range(1, 0.0, 2_500.0), range(0, 5_000.0, 7_500.0)];
    changed.test.hashing.ranges.clone_from(&stated);
    changed.change(&[50.0, 50.0], 1.0);
    assert_eq!(changed.kept, None);
    changed.change(&[60.0, 40.0], 1.0);
    let kept = changed.kept.clone().unwrap();
    assert_eq!(kept.taking_part, [range(1, 0.0, 2_000.0), range(0, 5_000.0, 7_500.0), range(0, 2_000.0, 2_500.0)]);
    changed.change(&[60.0, 40.0], 0.6);
    let kept = changed.kept.unwrap();
    // Until then the half was what the ranges said, and now a share is stated: a tenth joins.
    assert_eq!(kept.taking_part[..2], [range(1, 0.0, 2_000.0), range(0, 5_000.0, 7_500.0)]);
    assert_eq!(kept.taking_part.iter().map(|range| range.to - range.from).sum::<f64>(), 6_000.0);
}

#[test]
fn the_engines_own_ranges_stay_where_they_move_no_more_than_they_must() {
    for algorithm in FOREIGN {
        let mut changed = Changed::new(algorithm, &[50.0, 50.0], 1.0);
        changed.change(&[60.0, 40.0], 1.0);
        assert_eq!(changed.kept, None, "{}", algorithm.name());
    }
    for algorithm in [Algorithm::GrowthBookV1, Algorithm::GrowthBookV2, Algorithm::Unleash, Algorithm::PostHog] {
        let mut changed = Changed::new(algorithm, &[50.0, 50.0], 0.2);
        changed.change(&[50.0, 50.0], 0.7);
        assert_eq!(changed.kept, None, "{}", algorithm.name());
    }
}
