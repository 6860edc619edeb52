//! Similarity by hand, and what must hold for any two people.

#![allow(clippy::unwrap_used, reason = "tests may fail loudly")]

use proptest::prelude::*;

use super::*;

fn person() -> PersonFacets {
    PersonFacets {
        age: Some(30),
        life_stage: Some(1),
        income: Some(Level::Medium),
        engagement: Some(Level::High),
        features: Some(vec![1, 2, 3, 4]),
        risk_tolerance: Some(Level::Low),
        categories: Some(vec![7, 8]),
        literacy: Some(5.0),
    }
}

fn check(change: impl FnOnce(&mut PersonFacets), expected: f64) {
    let mut other = person();
    change(&mut other);
    let score = similarity(&person(), &other);
    assert!((score - expected).abs() < 1e-12, "{other:?}: {score}");
}

#[test]
fn each_facet_weighs_what_the_seed_says() {
    check(|_| {}, 1.0);
    check(|other| other.age = Some(45), 1.0 - 0.30 * 0.4 * 0.5);
    check(|other| other.age = Some(90), 1.0 - 0.30 * 0.4);
    check(|other| other.life_stage = Some(2), 1.0 - 0.30 * 0.3);
    check(|other| other.income = Some(Level::High), 1.0 - 0.30 * 0.3 * 0.5);
    check(|other| other.engagement = Some(Level::Low), 1.0 - 0.30 * 0.5);
    check(|other| other.features = Some(vec![3, 4, 5]), 1.0 - 0.30 * 0.5 * (1.0 - 2.0 / 5.0));
    check(|other| other.features = Some(vec![]), 1.0 - 0.30 * 0.5);
    check(|other| other.risk_tolerance = Some(Level::High), 1.0 - 0.20 * 0.5 * 0.5);
    check(|other| other.categories = Some(vec![8]), 1.0 - 0.20 * 0.5 * 0.5);
    check(|other| other.literacy = Some(9.0), 1.0 - 0.20 * 0.4);
}

#[test]
fn what_nobody_knows_is_a_half() {
    check(|other| *other = PersonFacets::default(), 0.5);
    check(|other| other.age = None, 1.0 - 0.30 * 0.4 * 0.5);
    check(|other| other.features = None, 1.0 - 0.30 * 0.5 * 0.5);
    let unknown = PersonFacets::default();
    assert!((similarity(&unknown, &unknown) - 0.5).abs() < 1e-12);
    assert!(common_attributes(&unknown, &unknown).is_empty());
}

#[test]
fn what_is_shared_is_named() {
    assert_eq!(common_attributes(&person(), &person()).len(), 8);
    let other = PersonFacets { age: Some(36), literacy: Some(6.0), categories: Some(vec![8]), ..person() };
    let names: Vec<&str> = common_attributes(&person(), &other).into_iter().map(CommonAttribute::name).collect();
    assert_eq!(
        names,
        [
            "life_stage",
            "income_level",
            "engagement_level",
            "feature_usage",
            "risk_tolerance",
            "financial_literacy_score"
        ]
    );
}

fn level() -> impl Strategy<Value = Option<Level>> {
    prop_oneof![Just(None), Just(Some(Level::Low)), Just(Some(Level::Medium)), Just(Some(Level::High))]
}

fn set() -> impl Strategy<Value = Option<Vec<u64>>> {
    proptest::option::of(proptest::collection::btree_set(0_u64..12, 0..8).prop_map(|set| set.into_iter().collect()))
}

fn anybody() -> impl Strategy<Value = PersonFacets> {
    let numbers = (proptest::option::of(16_u8..99), proptest::option::of(0_u64..4), proptest::option::of(1.0..10.0));
    (numbers, level(), level(), level(), set(), set()).prop_map(
        |((age, life_stage, literacy), income, engagement, risk_tolerance, features, categories)| PersonFacets {
            age,
            life_stage,
            income,
            engagement,
            features,
            risk_tolerance,
            categories,
            literacy,
        },
    )
}

proptest! {
    #[test]
    fn similarity_is_the_same_both_ways_and_within_its_range(left in anybody(), right in anybody()) {
        let score = similarity(&left, &right);
        prop_assert_eq!(score.to_bits(), similarity(&right, &left).to_bits());
        prop_assert!((0.0..=1.0 + 1e-12).contains(&score));
        prop_assert!(similarity(&left, &left) >= score - 0.5);
    }

    #[test]
    fn asking_from_a_limit_changes_no_answer(left in anybody(), right in anybody(), least in 0.0..1.0) {
        let score = similarity(&left, &right);
        prop_assert_eq!(similarity_from(&left, &right, least), Some(score).filter(|score| *score >= least));
        prop_assert_eq!(similarity_from(&left, &right, score), Some(score));
    }
}
