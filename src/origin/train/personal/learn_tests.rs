//! A shop of 60 things in three rooms. Most people take what everybody takes, of any room; some look for things of their
//! own room, again and again, and care little for what is popular.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use nearside_engine::math::hash64;
use nearside_engine::models::{Among, Feature, LEAST_WEIGHT, MOST_WEIGHT, ModelTerm};
use nearside_engine::types::{EventKind, Item};
use serde_json::json;

use super::*;
use crate::data::{Dataset, Event, ItemInfo};
use crate::online_retail::retail_pack;
use crate::train::{FactorSettings, NeighbourSettings};

const ITEMS: u32 = 60;
const PEOPLE: u32 = 40;
/// People below this number are the few.
const FEW: u32 = 6;
const WEEKS: i64 = 40;
const START_MS: TimeMs = 1_700_000_000_000;
const END_MS: TimeMs = START_MS + WEEKS * 7 * DAY_MS;

fn draw(words: &[i64]) -> f64 {
    let words: Vec<String> = words.iter().map(i64::to_string).collect();
    hash64(&words.iter().map(String::as_str).collect::<Vec<_>>()) as f64 / u64::MAX as f64
}

/// The room of an item. Popular things, those with low numbers, are in all of them.
fn room(item: u32) -> u32 {
    item % 3
}

/// Most take popular things; the few take anything of their own room.
fn choice(person: u32, chance: f64) -> u32 {
    if person < FEW {
        (chance * f64::from(ITEMS / 3)) as u32 * 3 + person % 3
    } else {
        (chance.powi(3) * f64::from(ITEMS)) as u32
    }
}

fn world() -> World {
    let pack = retail_pack().unwrap().pack;
    let id = |item: u32| format!("item-{item:02}");
    let category = |item: u32| pack.categories[room(item) as usize].id.clone();
    let item = |item: u32| -> Item {
        serde_json::from_value(json!({"id": id(item), "category": category(item), "title": id(item)})).unwrap()
    };
    let mut events = Vec::new();
    for (week, person) in (0..WEEKS).flat_map(|week| (0..PEOPLE).map(move |person| (week, person))) {
        let mut basket: Vec<u32> = (0..6).map(|place| choice(person, draw(&[week, person.into(), place]))).collect();
        basket.sort_unstable();
        basket.dedup();
        let at_ms = START_MS + week * 7 * DAY_MS + i64::from(person) * 60_000;
        events.extend(basket.into_iter().map(|item| Event {
            at_ms,
            person,
            basket: week as u32,
            item,
            region: None,
            kind: EventKind::Purchased,
            value: None,
        }));
    }
    let info = |item: u32| ItemInfo { id: id(item), category: category(item), ..ItemInfo::default() };
    let dataset = Dataset {
        people: (0..PEOPLE).map(|person| format!("person-{person:02}")).collect(),
        items: (0..ITEMS).map(info).collect(),
        regions: Vec::new(),
        events,
    };
    let items = (0..ITEMS).map(item).collect();
    World::new(pack, items, dataset).unwrap()
}

fn term(name: &str, feature: Feature, cuts: &[f64], values: &[f64]) -> ModelTerm {
    let (cuts, values) = (cuts.to_vec(), values.to_vec());
    ModelTerm { name: name.to_owned(), feature, among: Among::All, cuts, values, unknown: 0.0 }
}

/// A model for most: popularity decides, and what one took before says a little.
fn model() -> ModelFile {
    let popularity: Vec<f64> = (0..12).map(|step| f64::from(step) * 0.4).collect();
    let cuts: Vec<f64> = (1..12).map(|cut| 3.3 + f64::from(cut) * 0.3).collect();
    let again = term("repeat_frequency", Feature::RepeatFrequency, &[0.1, 0.7, 1.2], &[0.0, 0.5, 1.0, 1.5]);
    let terms = vec![term("long_popularity", Feature::LongPopularity, &cuts, &popularity), again];
    ModelFile { terms, ..ModelFile::default() }
}

fn learn(threads: usize) -> PersonalModels {
    let train = TrainSettings {
        neighbours: NeighbourSettings { threads, ..NeighbourSettings::default() },
        factors: FactorSettings { dimensions: 4, ..FactorSettings::default() },
        ..TrainSettings::default()
    };
    let settings = PersonalSettings { best: 60, threads, ..PersonalSettings::default() };
    personal_models(&world(), &model(), END_MS, &train, &settings).unwrap()
}

#[test]
fn who_ignores_what_is_popular_gets_less_of_it_and_most_people_get_no_model() {
    let found = learn(1);
    assert_eq!((found.people, found.judged), (PEOPLE as usize, PEOPLE as usize));
    let of_few = found.kept.iter().filter(|model| model.user_id.as_str() < "person-06");
    assert_eq!(of_few.clone().count(), FEW as usize);
    for model in of_few {
        assert!(model.weights["long_popularity"] < 0.8, "{model:?}");
        assert!(model.performance.accuracy > 0.7 && model.performance.accuracy > model.performance.global_accuracy);
    }
    let others = found.kept.len() - FEW as usize;
    assert!(others <= (PEOPLE - FEW) as usize / 10, "{others} of those who are like everybody");
    let weights = found.kept.iter().flat_map(|model| model.weights.values());
    assert!(weights.clone().all(|weight| (LEAST_WEIGHT..=MOST_WEIGHT).contains(weight)));
    assert_eq!(learn(2), found, "threads change nothing");
}

#[test]
fn people_with_fewer_interactions_have_no_model() {
    let settings = PersonalSettings { least_interactions: 1_000, ..PersonalSettings::default() };
    let found = personal_models(&world(), &model(), END_MS, &TrainSettings::default(), &settings).unwrap();
    assert_eq!((found.people, found.judged, found.kept.len()), (0, 0, 0));
    let without_terms = ModelFile::default();
    assert!(personal_models(&world(), &without_terms, END_MS, &TrainSettings::default(), &settings).is_err());
}

#[test]
fn visits_are_never_cut_in_two() {
    let settings = PersonalSettings { least_held_out: 2, ..PersonalSettings::default() };
    let choices = |times: &[TimeMs]| -> Vec<Choice> {
        times.iter().map(|at_ms| Choice { at_ms: *at_ms, differences: vec![0.0] }).collect()
    };
    let cut_at = |times: &[TimeMs]| cut(0, choices(times), &settings).map(|person| person.cut);
    assert_eq!(cut_at(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), Some(8));
    assert_eq!(cut_at(&[1, 2, 3, 4, 5, 6, 7, 9, 9, 9]), Some(7));
    assert_eq!(cut_at(&[1, 9, 9, 9]), None, "one choice teaches nothing here");
    assert_eq!(cut_at(&[1]), None);
}

#[test]
fn models_are_sent_as_corrections_of_their_version() {
    use crate::api::Written;
    let performance =
        Performance { accuracy: 0.8, global_accuracy: 0.7, standard_error: 0.01, held_out: 9, learned_from: 36 };
    let weights = BTreeMap::from([("long_popularity".to_owned(), 0.6)]);
    let model = PersonalModel { user_id: "ann".to_owned(), weights, performance };
    let mut sent = Vec::new();
    let total = crate::train::send_personal_models(&[model], "v1", &mut |path, body| {
        sent.push((path.to_owned(), serde_json::from_slice::<serde_json::Value>(body).unwrap()));
        Ok(Written { written: 1, withheld: 0 })
    });
    assert_eq!(total.unwrap(), Written { written: 1, withheld: 0 });
    let performance =
        json!({"accuracy": 0.8, "global_accuracy": 0.7, "standard_error": 0.01, "held_out": 9, "learned_from": 36});
    let row = json!({"user_id": "ann", "model_type": "RECOMMENDATION_RANKING", "model_version": "v1", "weights": {"long_popularity": 0.6}, "performance": performance});
    assert_eq!(sent, [("/admin/user-models".to_owned(), json!({"models": [row]}))]);
}
