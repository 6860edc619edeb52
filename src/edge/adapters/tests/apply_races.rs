//! Writers that meet: one wins, the others write nothing and are told to read again.

use nearside_engine::ports::{Applied, FeedbackRow, InteractionLog, People, PersonWrite, Saved, Snapshot};
use nearside_engine::types::{Settings, Stated};
use pollster::block_on;

use super::build::{NOW, acceptance, event, event_id, log, revision, save, scope, sharing, write};
use super::sqlite::{Sqlite, store};
use crate::adapters::D1Store;

/// Everything that a write can leave behind.
fn trace(store: &D1Store<Sqlite>) -> String {
    store.database.text(
        "SELECT (SELECT COUNT(*) FROM user_interactions) || ' ' || (SELECT COUNT(*) FROM recommendation_outcomes) || ' '
             || (SELECT COUNT(*) FROM recommendation_feedback) || ' ' || (SELECT COUNT(*) FROM category_preferences) || ' '
             || (SELECT COUNT(*) FROM personalization_events_log) || ' ' || (SELECT COUNT(*) FROM user_personalization_profiles)",
    )
}

/// A write that would leave a trace in every table.
fn heavy(person: u32, expected: u64, number: u32) -> PersonWrite {
    let feedback = FeedbackRow {
        id: event_id(number),
        recommendation_id: None,
        feedback_type: "GENERAL_FEEDBACK".to_owned(),
        rating: None,
        feedback_text: None,
        timestamp: NOW,
    };
    let category = nearside_engine::ports::CategorySnapshot {
        category: "TAX".to_owned(),
        preference_score: 0.5,
        acceptance_count: 0,
        dismissal_count: 0,
        total_shown: 0,
        last_interaction: NOW,
    };
    let snapshot = Snapshot {
        categories: vec![category],
        significant_feedback: vec!["finance".to_owned()],
        ..Snapshot::default()
    };
    PersonWrite {
        feedback: vec![feedback],
        snapshot,
        ..write(person, expected, vec![acceptance(number, "pension", NOW)])
    }
}

#[test]
fn of_two_writers_who_read_the_same_row_one_wins() {
    let store = store();
    log(&store, 1, vec![event(1, NOW)]);
    assert_eq!(block_on(store.apply(&[write(1, 1, vec![event(2, NOW)])])).unwrap(), [Applied::Yes]);
    let before = trace(&store);
    assert_eq!(block_on(store.apply(&[heavy(1, 1, 3)])).unwrap(), [Applied::Conflict]);
    assert_eq!(trace(&store), before, "the loser left nothing");
    assert_eq!(block_on(store.apply(&[heavy(1, 2, 3)])).unwrap(), [Applied::Yes]);
    assert_eq!(revision(&store, 1), 3);
}

#[test]
fn two_first_writers_make_one_row() {
    let store = store();
    assert_eq!(block_on(store.apply(&[write(1, 0, vec![event(1, NOW)])])).unwrap(), [Applied::Yes]);
    assert_eq!(block_on(store.apply(&[write(1, 0, vec![event(2, NOW)])])).unwrap(), [Applied::Conflict]);
    assert_eq!(trace(&store), "1 0 0 0 0 1");
}

#[test]
fn one_persons_conflict_does_not_stop_the_others() {
    let store = store();
    log(&store, 2, vec![event(1, NOW)]);
    let writes = [heavy(1, 0, 5), heavy(2, 0, 5), heavy(3, 0, 5)];
    assert_eq!(block_on(store.apply(&writes)).unwrap(), [Applied::Yes, Applied::Conflict, Applied::Yes]);
    assert_eq!(trace(&store), "3 2 2 2 2 3");
}

#[test]
fn consent_that_was_withdrawn_after_the_read_stops_the_write() {
    let store = store();
    save(&store, 1, sharing());
    let read = revision(&store, 1);
    save(&store, 1, Settings { personalization_enabled: Some(false), ..sharing() });
    let before = trace(&store);
    assert_eq!(block_on(store.apply(&[heavy(1, read, 1)])).unwrap(), [Applied::Conflict]);
    assert_eq!(trace(&store), before);
}

#[test]
fn a_statement_that_came_in_between_stops_the_write_too() {
    let store = store();
    let stated = Stated { age: Some(40), ..Stated::default() };
    assert_eq!(block_on(store.save_stated(scope(1), &stated, NOW, 0)).unwrap(), Saved::Yes(1));
    assert_eq!(block_on(store.apply(&[heavy(1, 0, 1)])).unwrap(), [Applied::Conflict]);
    assert_eq!(block_on(store.apply(&[heavy(1, 1, 1)])).unwrap(), [Applied::Yes]);
    assert_eq!(
        block_on(store.load(scope(1), &[])).unwrap().stated,
        stated,
        "the write of events keeps what was stated"
    );
}

#[test]
fn an_erasure_after_the_read_stops_the_write() {
    let store = store();
    log(&store, 1, vec![event(1, NOW)]);
    let read = revision(&store, 1);
    block_on(store.erase(scope(1), "receipt", NOW)).unwrap();
    for expected in [0, read] {
        assert_eq!(block_on(store.apply(&[heavy(1, expected, 2)])).unwrap(), [Applied::Conflict]);
    }
    assert_eq!(trace(&store), "0 0 0 0 0 0");
}

#[test]
fn an_erasure_stops_a_first_write_as_well() {
    let store = store();
    block_on(store.erase(scope(1), "receipt", NOW - 10)).unwrap();
    assert_eq!(block_on(store.apply(&[heavy(1, 0, 2)])).unwrap(), [Applied::Conflict]);
    assert_eq!(trace(&store), "0 0 0 0 0 0");
}

#[test]
fn events_taken_before_an_erasure_never_come_in_and_later_ones_do() {
    let store = store();
    block_on(store.erase(scope(1), "receipt", NOW)).unwrap();
    let now = revision(&store, 1);
    for (received_at_ms, expected) in [(NOW - 1, Applied::Conflict), (NOW, Applied::Conflict), (NOW + 1, Applied::Yes)]
    {
        let late = PersonWrite { received_at_ms, ..heavy(1, now, 1) };
        assert_eq!(block_on(store.apply(&[late])).unwrap(), [expected]);
    }
    assert_eq!(trace(&store), "1 1 1 1 1 1");
}
