//! Similar people against the plainest possible search, and the export that they are read from.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use nearside_engine::collab::similarity;
use nearside_engine::math::hash64;
use nearside_engine::types::Level;

use super::*;

/// People made up a few of each kind of unknown, sets of a few names.
fn crowd(people: usize, seed: u64) -> Vec<PersonFacets> {
    let level = |number: u64| {
        [None, Some(Level::Low), Some(Level::Medium), Some(Level::High)].get(number as usize % 4).copied().flatten()
    };
    let set = |bits: u64| -> Vec<u64> { (0..16).filter(|bit| bits >> (2 * bit) & 3 == 0).collect() };
    let person = |index: usize| {
        let draw = |what: &str| hash64(&[&seed.to_string(), &index.to_string(), what]);
        let known = |what: &str, value: u64| (!draw(&format!("{what} is known")).is_multiple_of(5)).then_some(value);
        let age = known("age", 18 + draw("age") % 62);
        PersonFacets {
            age: age.map(|age| age as u8),
            life_stage: age.map(|age| age / 15),
            income: level(draw("income")),
            engagement: level(draw("engagement")),
            features: known("features", draw("features")).map(set),
            risk_tolerance: level(draw("risk")),
            categories: known("categories", draw("categories") | 0xffff_0000).map(set),
            literacy: known("literacy", draw("literacy") % 19).map(|half| 1.0 + half as f64 / 2.0),
        }
    };
    (0..people).map(person).collect()
}

/// Every pair, sorted.
fn naive(people: &[PersonFacets]) -> Vec<Vec<(usize, f64)>> {
    let list = |own: usize| {
        let others = (0..people.len()).filter(|other| *other != own);
        let mut all: Vec<(usize, f64)> =
            others.map(|other| (other, similarity(&people[own], &people[other]))).collect();
        all.retain(|(_, score)| *score > 0.5);
        all.sort_by(|left, right| right.1.total_cmp(&left.1).then(left.0.cmp(&right.0)));
        all.truncate(20);
        all
    };
    (0..people.len()).map(list).collect()
}

#[test]
fn the_most_similar_are_those_of_the_plainest_search_on_any_number_of_threads() {
    let people = crowd(300, 5);
    let expected = naive(&people);
    assert!(expected.iter().any(|list| list.len() == 20));
    for threads in [1, 3] {
        assert_eq!(most_similar(&people, threads), expected);
    }
}

#[test]
fn equal_people_stand_by_id_and_strangers_have_nobody() {
    let twin = || PersonFacets { age: Some(30), income: Some(Level::High), ..PersonFacets::default() };
    let mut people = vec![twin(); 30];
    people.push(PersonFacets::default());
    let found = most_similar(&people, 2);
    assert_eq!(
        found[3].iter().map(|(place, _)| *place).collect::<Vec<_>>(),
        [&[0, 1, 2][..], &(4..21).collect::<Vec<_>>()].concat()
    );
    assert!(found[30].is_empty(), "a half is not above a half");
}

#[test]
fn the_body_of_the_request_names_what_is_shared() {
    let person = |user_id: &str, age| SharedPerson {
        user_id: user_id.to_owned(),
        facets: PersonFacets { age: Some(age), income: Some(Level::Low), ..PersonFacets::default() },
    };
    let body = similar_people(&[person("a", 30), person("b", 33)], 1);
    let json = serde_json::to_value(&body).unwrap();
    assert_eq!(json["people"][0]["user_id"], "a");
    assert_eq!(json["people"][0]["similar"][0]["user_id"], "b");
    assert_eq!(json["people"][0]["similar"][0]["common_attributes"], serde_json::json!(["age", "income_level"]));
    assert!(json["people"][0]["similar"][0]["score"].as_f64().unwrap() > 0.5);
}
