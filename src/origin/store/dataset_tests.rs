//! What a dataset holds, and that neither the order nor the number of imports shows in it.

use nearside_engine::types::{DAY_MS, EventKind, Interaction, ItemFacts};
use serde_json::json;

use super::super::{Known, Store};
use super::*;
use crate::data::ItemInfo;

fn event(kind: EventKind, target: &str, at_ms: TimeMs) -> Interaction {
    Interaction {
        target_id: Some(target.to_owned()),
        facts: ItemFacts { pack: "shop".to_owned(), ..ItemFacts::default() },
        ..Interaction::new(format!("{}-{target}-{at_ms}", kind.name()), kind, at_ms)
    }
}

fn store(events: &[(&str, Interaction)]) -> Store {
    let mut store = Store::in_memory().unwrap();
    let mut writer = store.write("file:test", 0, false).unwrap();
    for (user, event) in events {
        writer.event(user, event, 0).unwrap();
    }
    writer.finish(&Known::default(), 0).unwrap();
    store
}

fn several() -> Vec<(&'static str, Interaction)> {
    let clicked = |target, at_ms| event(EventKind::Clicked, target, at_ms);
    let mut invoice = event(EventKind::Purchased, "cup", 2 * DAY_MS);
    invoice.session_id = Some("inv-1".to_owned());
    invoice.value = Some(2.5);
    invoice.context.country = Some("GB".to_owned());
    let mut same_invoice = event(EventKind::Purchased, "jug", 2 * DAY_MS + 1);
    same_invoice.session_id = Some("inv-1".to_owned());
    same_invoice.facts.category = Some("KITCHEN".to_owned());
    same_invoice.facts.tags = vec!["tea".to_owned(), "blue".to_owned()];
    vec![
        ("zoe", clicked("cup", 5)),
        ("ann", clicked("bag", 7)),
        ("ann", clicked("cup", 8)),
        ("zoe", invoice),
        ("zoe", same_invoice),
    ]
}

#[test]
fn names_are_numbered_in_their_order_and_events_stand_in_time() {
    let dataset = store(&several()).dataset("shop", Kinds::Positive).unwrap();
    assert_eq!(dataset.people, ["ann", "zoe"]);
    assert_eq!(dataset.regions, ["GB"]);
    let ids: Vec<&str> = dataset.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["bag", "cup", "jug"]);
    let rows: Vec<(TimeMs, u32, u32, u32)> =
        dataset.events.iter().map(|event| (event.at_ms, event.person, event.basket, event.item)).collect();
    let later = 2 * DAY_MS;
    assert_eq!(rows, [(5, 1, 1, 1), (7, 0, 0, 0), (8, 0, 0, 1), (later, 1, 2, 1), (later + 1, 1, 2, 2)]);
    assert_eq!((dataset.events[3].value, dataset.events[3].region), (Some(2.5), Some(0)));
    assert_eq!(dataset.items[2].category, "KITCHEN");
    assert_eq!(dataset.items[2].tags, ["blue", "tea"]);
}

#[test]
fn the_order_of_importing_does_not_show() {
    let forwards = several();
    let mut backwards = several();
    backwards.reverse();
    let dataset = |events: &[(&str, Interaction)]| store(events).dataset("shop", Kinds::All).unwrap();
    assert_eq!(dataset(&forwards), dataset(&backwards));
}

#[test]
fn only_choices_are_positive() {
    let feedback = |action: &str, value, at_ms| {
        let mut event = event(EventKind::Feedback, "cup", at_ms);
        event.action = Some(action.to_owned());
        event.value = value;
        event
    };
    let mut topic = event(EventKind::Saved, "tea", 9);
    topic.target_type = Some("topic".to_owned());
    let mut other_pack = event(EventKind::Purchased, "cup", 10);
    other_pack.facts.pack = "bank".to_owned();
    let store = store(&[
        ("ann", event(EventKind::RecommendationViewed, "cup", 1)),
        ("ann", event(EventKind::RecommendationDismissed, "cup", 2)),
        ("ann", event(EventKind::Clicked, "cup", 3)),
        ("ann", feedback("positive", None, 4)),
        ("ann", feedback("negative", None, 5)),
        ("ann", feedback("rating", Some(4.0), 6)),
        ("ann", feedback("rating", Some(3.0), 7)),
        ("ann", topic),
        ("ann", other_pack),
    ]);
    let times = |kinds| -> Vec<TimeMs> {
        store.dataset("shop", kinds).unwrap().events.iter().map(|event| event.at_ms).collect()
    };
    assert_eq!(times(Kinds::Positive), [3, 4, 6]);
    assert_eq!(times(Kinds::All), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(store.dataset("nothing", Kinds::All).unwrap(), Dataset::default());
}

#[test]
fn the_catalogue_speaks_before_what_events_carried() {
    let mut carried = event(EventKind::Clicked, "cup", 1);
    carried.facts.category = Some("OLD".to_owned());
    let mut store = store(&[("ann", carried)]);
    let mut writer = store.write("file:test", 0, false).unwrap();
    let item = json!({ "id": "cup", "category": "KITCHEN", "title": "A cup", "tags": ["tea"], "priority": 50 });
    writer.item("shop", "cup", &item).unwrap();
    writer.item("shop", "unsold", &json!({ "id": "unsold" })).unwrap();
    writer.finish(&Known::default(), 0).unwrap();
    let items = store.dataset("shop", Kinds::Positive).unwrap().items;
    let cup = ItemInfo {
        id: "cup".to_owned(),
        category: "KITCHEN".to_owned(),
        tags: vec!["tea".to_owned()],
        title: "A cup".to_owned(),
    };
    assert_eq!(items, [cup, ItemInfo { id: "unsold".to_owned(), ..ItemInfo::default() }]);
}
