//! What leaves for the origin: only people who share, in one order with the tombstones.

use nearside_engine::ports::{ExportedRow, InteractionLog, People, Saved, SharedProfile};
use nearside_engine::types::{Settings, Stated};
use pollster::block_on;

use super::build::{NOW, admin, event, log, revision, save, scope, sharing, user};
use super::sqlite::{Sqlite, store};
use crate::adapters::D1Store;

#[test]
fn a_row_says_whether_the_id_is_to_be_hashed_and_so_does_the_tombstone() {
    let store = store();
    save(&store, 1, Settings { hash_user_id: false, ..sharing() });
    log(&store, 1, vec![event(1, NOW)]);
    let hashed =
        |store: &D1Store<Sqlite>| match &block_on(InteractionLog::export(store, admin(), 0, 10)).unwrap().rows[0] {
            ExportedRow::Interaction { hash_user_id, event: exported, .. } => {
                assert_eq!(*exported, event(1, NOW));
                *hash_user_id
            }
            ExportedRow::Erased { hash_user_id, at_ms, .. } => {
                assert_eq!(*at_ms, NOW);
                *hash_user_id
            }
        };
    assert!(!hashed(&store));
    block_on(store.erase(scope(1), "a", NOW)).unwrap();
    assert!(!hashed(&store));
    block_on(store.erase(scope(1), "b", NOW)).unwrap();
    assert!(!hashed(&store), "a second erasure knows no better");
}

#[test]
fn a_profile_that_changes_is_exported_again() {
    let store = store();
    save(&store, 1, sharing());
    save(&store, 2, sharing());
    let page = |after: i64, limit: u32| block_on(store.export_profiles(admin(), after, limit)).unwrap();
    let first = page(0, 1);
    assert_eq!(first[0].user, user(1));
    let second = page(first[0].sequence, 10);
    assert_eq!(second.len(), 1);
    log(&store, 1, vec![event(1, NOW)]);
    let third = page(second[0].sequence, 10);
    assert_eq!((third.len(), third[0].user), (1, user(1)));
    assert_eq!(value(&third[0])["state"]["n"], 1);
    block_on(store.erase(scope(1), "a", NOW)).unwrap();
    assert_eq!(value(&page(third[0].sequence, 10)[0])["erased_at"], "2026-11-20T00:00:00.000Z");
}

fn value(line: &SharedProfile) -> serde_json::Value {
    serde_json::from_str(&line.json).unwrap()
}

#[test]
fn stated_facts_leave_only_with_their_purpose() {
    let store = store();
    let stated = Stated {
        age: Some(50),
        country: Some("GB".to_owned()),
        attributes: [("sign".to_owned(), nearside_engine::types::AttributeValue::Text("LEO".to_owned()))].into(),
        investment_style: Some("STEADY".to_owned()),
        ..Stated::default()
    };
    assert_eq!(block_on(store.save_stated(scope(1), &stated, NOW, 0)).unwrap(), Saved::Yes(1));
    for (settings, expected) in [
        (sharing(), r#"{"age":50,"attributes":{"sign":"LEO"},"country":"GB","investment_style":"STEADY"}"#),
        (Settings { demographics: false, ..sharing() }, r#"{"country":"GB","investment_style":"STEADY"}"#),
        (Settings { location: false, ..sharing() }, r#"{"age":50,"investment_style":"STEADY"}"#),
        (
            Settings { behavioral: false, ..sharing() },
            r#"{"age":50,"attributes":{"sign":"LEO"},"country":"GB","investment_style":"STEADY"}"#,
        ),
    ] {
        save(&store, 1, settings.clone());
        let line = value(&block_on(store.export_profiles(admin(), 0, 10)).unwrap()[0]);
        assert_eq!(line["stated"].to_string(), expected);
        assert!(line["state"].is_null() || settings.behavioral);
    }
    assert_eq!(revision(&store, 1), 5);
}
