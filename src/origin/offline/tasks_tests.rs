//! What is shown and judged of a comparison: both tasks, parted by what is known of people, and their categories.

use nearside_engine::pack::LifeStage;
use nearside_engine::types::{DAY_MS, EventKind, Item, TimeMs};
use serde_json::json;

use super::*;
use crate::data::{Dataset, Event, ItemInfo};
use crate::offline::comparison::Judge;
use crate::online_retail::retail_pack;
use crate::train::World;

const PEOPLE: u32 = 60;
const START_MS: TimeMs = 1_700_000_000_000;
const TEST_MS: TimeMs = START_MS + 10 * DAY_MS;

/// Four items in two categories. Everybody takes item 0 or 1, and in the test that again and item 2. The first forty live in
/// Great Britain and the others in France, or nobody says where.
fn world(has_countries: bool) -> World {
    let pack = retail_pack().unwrap().pack;
    let id = |item: u32| format!("item-{item}");
    let category = |item: u32| pack.categories[item as usize % 2].id.clone();
    let items: Vec<Item> = (0..4)
        .map(|item| {
            serde_json::from_value(json!({"id": id(item), "category": category(item), "title": id(item)})).unwrap()
        })
        .collect();
    let region = |person: u32| has_countries.then_some(u16::from(person < 40));
    let event = |person: u32, item: u32, at_ms: TimeMs| Event {
        at_ms: at_ms + i64::from(person),
        person,
        basket: 0,
        item,
        region: region(person),
        kind: EventKind::Purchased,
        value: None,
    };
    let before = (0..PEOPLE).map(|person| event(person, person % 2, START_MS));
    let after = (0..PEOPLE).map(|person| event(person, person % 2, TEST_MS));
    // Somebody must have taken an item before the test, or it is not known.
    let first = std::iter::once(event(PEOPLE, 2, START_MS));
    let new = (0..PEOPLE).map(|person| event(person, 2, TEST_MS + 1_000));
    let mut events: Vec<Event> = before.chain(first).chain(after).chain(new).collect();
    events.sort_by_key(|event| (event.at_ms, event.person, event.item));
    let dataset = Dataset {
        people: (0..=PEOPLE).map(|person| format!("person-{person:02}")).collect(),
        items: (0..4).map(|item| ItemInfo { id: id(item), ..ItemInfo::default() }).collect(),
        regions: vec!["FR".to_owned(), "GB".to_owned()],
        events,
    };
    World::new(pack, items, dataset).unwrap()
}

/// Says of everybody how old they are, and that it matters: half of them are 20 years old, the others 45.
fn with_ages(mut world: World) -> World {
    let stage =
        |id: &str, from_age: u8, to_age: u8| LifeStage { id: id.to_owned(), name: id.to_owned(), from_age, to_age };
    world.pack.relevance.life_stages = vec![stage("OLDER", 40, 99), stage("YOUNGER", 18, 39)];
    let line = |person: u32| {
        let age = if person.is_multiple_of(2) { 20 } else { 45 };
        json!({ "user_id": format!("person-{person:02}"), "stated": { "age": age } }).to_string() + "\n"
    };
    world.with_profiles(&(0..=PEOPLE).map(line).collect::<String>()).unwrap()
}

fn tasks_of(world: &World) -> [Task; 2] {
    let split = Split::new(world, TEST_MS, TimeMs::MAX).unwrap();
    let judge = Judge::new(&split, 1);
    let engine = |name: &str| judge.engine(name, None, 0.0).unwrap();
    tasks(&split, &[engine("live"), engine("candidate")], 1).unwrap()
}

fn parted(task: &Task) -> Vec<(&str, Vec<(&str, usize)>)> {
    task.segments
        .iter()
        .map(|chart| {
            let rows = chart.rows.iter().map(|row| (row.own.segment.as_str(), row.own.summary.count));
            (chart.parted_by.as_str(), rows.collect())
        })
        .collect()
}

#[test]
fn both_tasks_are_parted_by_history_country_and_life_stage_where_known() {
    let [repeats, new] = tasks_of(&with_ages(world(true)));
    assert_eq!((repeats.name.as_str(), new.name.as_str()), ("Repeats allowed", "New items"));
    for task in [&repeats, &new] {
        assert_eq!((task.models.len(), task.differences.len()), (2, 4));
        let found = parted(task);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(found[0], ("length of the history", vec![("under 10 items", 60)]));
        assert_eq!(found[1], ("country", vec![("FR", 20), ("GB", 40)]));
        assert_eq!(found[2], ("life stage", vec![("OLDER", 30), ("YOUNGER", 30)]));
        assert!(task.segments.iter().flat_map(|chart| &chart.rows).all(|row| row.paired.difference.mean == 0.0));
    }
    let [unknown, _] = tasks_of(&world(false));
    assert_eq!(parted(&unknown), [("length of the history", vec![("under 10 items", 60)])]);
}

#[test]
fn categories_of_lists_stand_beside_those_of_histories() {
    let [repeats, new] = tasks_of(&world(true));
    for task in [&repeats, &new] {
        let shares: Vec<f64> = task.calibration.iter().map(|share| share.of_histories).collect();
        assert_eq!(shares, [0.5, 0.5], "half took of either category");
        let shown: f64 = task.calibration.iter().map(|share| share.of_lists.mean).sum();
        assert!((shown - 1.0).abs() < 1e-12 && task.calibration[0].of_lists.count == 60);
    }
}
