//! Nobody is flipped: by a ramp, a reload, a lost token, or a change of weights that does not concern them. Logins are
//! the flows'.

use super::super::{Assignments, Experiment, Holder, Plan, SealKeys, UnitKind, open_token, seal_token};
use super::build::{first, id, plan, remembered, test};

const UNITS: u32 = 100_000;

/// What each unit sees when it comes again and again: the store keeps what was assigned first.
struct Population {
    stored: Vec<Assignments>,
}

impl Population {
    fn new() -> Self {
        Self { stored: vec![Assignments::new(); UNITS as usize] }
    }

    /// Every unit visits; returns how many take part and how many of those saw another variant before.
    fn visit(&mut self, plan: &Plan) -> (usize, usize) {
        let (mut counted, mut flips) = (0, 0);
        for (number, stored) in (0..UNITS).zip(&mut self.stored) {
            let verdict = first(plan, &id(number), stored);
            counted += usize::from(verdict.is_counted());
            let before = stored.iter().next().map(|assignment| assignment.variant);
            flips += usize::from(before.is_some_and(|before| before != verdict.variant || !verdict.is_counted()));
            remembered(plan, &verdict, 1_000).into_iter().for_each(|new| {
                stored.keep(new);
            });
        }
        (counted, flips)
    }
}

fn covering(coverage: f64) -> Experiment {
    Experiment { coverage, ..test("ramp") }
}

#[test]
fn ramps_and_reloads_move_nobody() {
    let mut people = Population::new();
    let mut before = 0;
    for coverage in [0.01, 0.1, 0.5, 0.5, 1.0, 0.2, 0.0, 0.7] {
        let (counted, flips) = people.visit(&plan(&[covering(coverage)]));
        assert_eq!(flips, 0, "at {coverage}");
        assert!(counted >= before, "who took part still does at {coverage}");
        before = counted;
    }
}

#[test]
fn without_any_memory_a_ramp_up_moves_nobody_either() {
    let none = Assignments::new();
    let [small, large] = [0.1, 0.6].map(|coverage| plan(&[covering(coverage)]));
    for user in (0..UNITS).map(id) {
        let early = first(&small, &user, &none);
        if early.is_counted() {
            assert_eq!(first(&large, &user, &none), early);
        }
    }
}

#[test]
fn a_lost_token_is_found_again_in_the_hash_or_in_the_store() {
    let keys = SealKeys::new("production", &[(1, &[7; 32])]);
    let mut definition = test("ramp");
    let before = plan(std::slice::from_ref(&definition));
    definition.reweight(&[20.0, 80.0]);
    let after = plan(&[definition]);
    let none = Assignments::new();
    for user in (0..UNITS / 10).map(id) {
        let holder = Holder { kind: UnitKind::User, id: &user };
        let seen = first(&before, &user, &none);
        let stored: Assignments = remembered(&before, &seen, 9_000).into_iter().collect();
        // Lost while nothing changed: the hash says the same.
        assert_eq!(first(&before, &user, &none), seen);
        // Weights changed: the token, or the store it is recovered from, keeps the variant.
        let token = seal_token(&stored, &keys, holder).unwrap();
        let recovered = open_token(&token, &keys, holder).unwrap();
        assert_eq!(recovered, stored);
        for known in [&recovered, &stored] {
            let verdict = first(&after, &user, known);
            assert_eq!((verdict.variant, verdict.epoch, verdict.is_counted()), (seen.variant, seen.epoch, true));
        }
    }
}

#[test]
fn a_change_of_weights_moves_the_distance_between_them() {
    let mut definition = test("weights");
    definition.variants.extend(["B", "C"].map(|name| super::super::Variant {
        name: name.to_owned(),
        description: String::new(),
        traffic_percentage: 0.0,
    }));
    let none = Assignments::new();
    let variants = |plan: &Plan| (0..UNITS).map(|number| first(plan, &id(number), &none).variant).collect::<Vec<u8>>();
    definition.reweight(&[25.0, 25.0, 25.0, 25.0]);
    let mut before = variants(&plan(std::slice::from_ref(&definition)));
    for (weights, distance) in
        [([24.0, 25.0, 25.0, 26.0], 0.01), ([50.0, 0.0, 24.0, 26.0], 0.26), ([0.0, 0.0, 50.0, 50.0], 0.5)]
    {
        definition.reweight(&weights);
        let after = variants(&plan(std::slice::from_ref(&definition)));
        let moved = before.iter().zip(&after).filter(|(old, new)| old != new).count() as f64 / f64::from(UNITS);
        // Five standard errors.
        let error = 5.0 * libm::sqrt(distance * (1.0 - distance) / f64::from(UNITS));
        assert!((moved - distance).abs() < error, "{weights:?} moved {moved}");
        before = after;
    }
}
