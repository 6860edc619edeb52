//! Hashes are even and independent of each other.

use super::super::{Assignments, Experiment, Holdout, Plan, Reason};
use super::build::{first, id, plan, slot, test};
use crate::math::hash64;

const UNITS: u32 = 100_000;

/// Pearson's chi-square of a 2 by 2 table; above 10.83 with p < 0.001.
fn chi_square(table: [[f64; 2]; 2]) -> f64 {
    let total: f64 = table.iter().flatten().sum();
    let row = |at: usize| table[at][0] + table[at][1];
    let column = |at: usize| table[0][at] + table[1][at];
    let cell = |found: f64, expected: f64| (found - expected) * (found - expected) / expected;
    let cells = [(0, 0), (0, 1), (1, 0), (1, 1)];
    cells.map(|(r, c)| cell(table[r][c], row(r) * column(c) / total)).iter().sum()
}

fn check_share(found: usize, share: f64, of: usize, what: &str) {
    let expected = share * of as f64;
    // Four and a half standard errors: once in 150,000.
    let error = 4.5 * libm::sqrt(expected * (1.0 - share));
    assert!((found as f64 - expected).abs() <= error, "{what}: {found} of {of}, not {expected} +- {error}");
}

#[test]
fn variants_have_their_shares() {
    let none = Assignments::new();
    for (name, weights) in
        [("a", vec![50.0, 50.0]), ("b", vec![90.0, 9.0, 1.0]), ("c", vec![20.0; 5]), ("ü😀", vec![33.3, 33.3, 33.4])]
    {
        let mut definition = test(name);
        while definition.variants.len() < weights.len() {
            let variant =
                super::super::Variant { name: definition.variants.len().to_string(), ..definition.variants[1].clone() };
            definition.variants.push(variant);
        }
        for (variant, weight) in definition.variants.iter_mut().zip(&weights) {
            variant.traffic_percentage = *weight;
        }
        let plan = plan(&[definition]);
        let mut counts = vec![0; weights.len()];
        for number in 0..UNITS {
            counts[usize::from(first(&plan, &id(number), &none).variant)] += 1;
        }
        for (count, weight) in counts.iter().zip(&weights) {
            check_share(*count, weight / 100.0, UNITS as usize, name);
        }
    }
}

#[test]
fn short_ids_are_spread_as_evenly_as_long_ones() {
    let plan = plan(&[test("short")]);
    let none = Assignments::new();
    for width in [1, 3, 5, 8, 12, 16, 20, 60, 128, 200] {
        let of_width = |number: u32| format!("{number:0>width$}");
        let number = if width == 1 { 10 } else { 10_u32.pow(width.min(4) as u32) };
        let treated = (0..number).filter(|number| first(&plan, &of_width(*number), &none).variant == 1).count();
        check_share(treated, 0.5, number as usize, &format!("{width} digits"));
    }
}

#[test]
fn any_two_tests_are_independent() {
    let none = Assignments::new();
    let plans: Vec<Plan> =
        ["a", "b", "test-1", "test-2", "A", "ü", "a\u{1f}b"].iter().map(|name| plan(&[test(name)])).collect();
    let seen: Vec<Vec<u8>> =
        plans.iter().map(|plan| (0..UNITS).map(|number| first(plan, &id(number), &none).variant).collect()).collect();
    for (at, one) in seen.iter().enumerate() {
        for other in &seen[at + 1..] {
            let mut table = [[0.0; 2]; 2];
            one.iter().zip(other).for_each(|(a, b)| table[usize::from(*a)][usize::from(*b)] += 1.0);
            assert!(chi_square(table) < 10.83, "{table:?}");
        }
    }
}

#[test]
fn holdout_layers_coverage_and_variants_are_independent() {
    let none = Assignments::new();
    let covered = |name: &str| Experiment { coverage: 0.5, ..test(name) };
    let layered = |name: &str, layer: &str| Experiment { layer: slot(layer, 0.0, 0.5), ..test(name) };
    let holdout = Holdout { share: 0.5, salt: "h".to_owned() };
    let is_in = |plan: &Plan, number: u32| first(plan, &id(number), &none).is_counted();
    let plans = [
        plan(&[covered("a")]),
        plan(&[covered("b")]),
        plan(&[layered("a", "page")]),
        plan(&[layered("a", "mail")]),
        Plan::new("production", &holdout, &[test("a")]),
    ];
    let seen: Vec<Vec<bool>> =
        plans.iter().map(|plan| (0..UNITS).map(|number| is_in(plan, number)).collect()).collect();
    let plain = plan(&[test("a")]);
    let variant: Vec<bool> = (0..UNITS).map(|number| first(&plain, &id(number), &none).variant == 1).collect();
    let all: Vec<&Vec<bool>> = seen.iter().chain([&variant]).collect();
    for (at, one) in all.iter().enumerate() {
        check_share(one.iter().filter(|is_in| **is_in).count(), 0.5, UNITS as usize, "half");
        for other in &all[at + 1..] {
            let mut table = [[0.0; 2]; 2];
            one.iter().zip(*other).for_each(|(a, b)| table[usize::from(*a)][usize::from(*b)] += 1.0);
            assert!(chi_square(table) < 10.83, "{at}: {table:?}");
        }
    }
}

#[test]
fn a_holdout_is_the_same_for_every_test() {
    let holdout = Holdout { share: 0.1, salt: "2026".to_owned() };
    let tests = [test("a"), test("b"), Experiment { coverage: 0.01, ..test("c") }];
    let plan = Plan::new("production", &holdout, &tests);
    let none = Assignments::new();
    let mut held_out = 0;
    for number in 0..10_000 {
        let user = id(number);
        let verdicts = super::super::decide_all(&plan, &super::build::asker(&user, &none, &Default::default()));
        let out = verdicts.iter().filter(|verdict| verdict.reason == Reason::HeldOut).count();
        assert!(out == 0 || out == 3);
        held_out += out / 3;
    }
    check_share(held_out, 0.1, 10_000, "holdout");
}

/// The native hash is a promise: whoever recomputes it elsewhere needs xxh3-64 and these two lines.
#[test]
fn the_native_hash_can_be_made_elsewhere() {
    let none = Assignments::new();
    let seed = hash64(&["nearside", "variant", "production", "a"]);
    for user in ["", "u", "0192f0c1-2d3e-7a4b-8c5d-6e7f80912a3b", "ключ 😀"] {
        let hash = xxhash_rust::xxh3::xxh3_64_with_seed(user.as_bytes(), seed);
        assert_eq!(u64::from(first(&plan(&[test("a")]), user, &none).variant), hash >> 63, "{user}");
    }
}
