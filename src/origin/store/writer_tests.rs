//! Transactions, tombstones and what is put aside.

use nearside_engine::types::{EventKind, ItemFacts};
use serde_json::json;

use super::*;
use crate::data::scratch_folder;

fn event(id: &str, at_ms: TimeMs) -> Interaction {
    Interaction {
        target_id: Some("cup".to_owned()),
        value: Some(0.1 + 0.2),
        facts: ItemFacts { pack: "shop".to_owned(), ..ItemFacts::default() },
        ..Interaction::new(id.to_owned(), EventKind::Clicked, at_ms)
    }
}

fn count(store: &Store, table: &str) -> i64 {
    store.connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

fn at(cursor: i64) -> Known {
    Known { cursor, cursor_sha256: None }
}

#[test]
fn what_was_not_committed_is_gone_together_with_its_cursor() {
    let mut store = Store::in_memory().unwrap();
    let mut writer = store.write("edge:a", 1, false).unwrap();
    assert_eq!(writer.known().unwrap(), Known::default());
    assert_eq!(writer.event("ann", &event("1", 5), 0).unwrap(), Taken::New);
    writer.checkpoint(&at(7)).unwrap();
    assert_eq!(writer.event("ann", &event("2", 5), 0).unwrap(), Taken::New);
    // The program is killed here.
    drop(writer);
    assert_eq!(count(&store, "interactions"), 1);
    let mut writer = store.write("edge:a", 2, false).unwrap();
    assert_eq!(writer.known().unwrap(), at(7));
    assert_eq!(writer.event("ann", &event("1", 5), 0).unwrap(), Taken::Known);
    assert_eq!(writer.event("ann", &event("2", 5), 0).unwrap(), Taken::New);
    writer.finish(&at(8), 3).unwrap();
    let (rows, finished): (i64, i64) = store
        .connection
        .query_row("SELECT rows, finished_at_ms FROM imports", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!((rows, finished), (2, 3));
}

#[test]
fn a_rehearsal_answers_the_same_and_changes_no_byte() {
    let folder = scratch_folder("store-rehearsal");
    let path = folder.path().join("store.db");
    let mut store = Store::open(&path).unwrap();
    let mut writer = store.write("edge:a", 1, false).unwrap();
    writer.event("ann", &event("1", 5), 0).unwrap();
    writer.finish(&at(1), 1).unwrap();
    drop(store);
    let before = std::fs::read(&path).unwrap();

    let mut store = Store::open(&path).unwrap();
    let mut writer = store.write("edge:a", 2, true).unwrap();
    for number in 1..2_000 {
        let expected = if number == 1 { Taken::Known } else { Taken::New };
        assert_eq!(writer.event("ann", &event(&number.to_string(), 5), 0).unwrap(), expected);
        writer.checkpoint(&at(number)).unwrap();
    }
    writer.finish(&at(9), 2).unwrap();
    assert_eq!(count(&store, "interactions"), 1);
    drop(store);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_tombstone_deletes_and_keeps_late_rows_out() {
    let mut store = Store::in_memory().unwrap();
    let mut writer = store.write("edge:a", 1, false).unwrap();
    writer.event("ann", &event("1", 5), 0).unwrap();
    writer.event("bob", &event("1", 5), 0).unwrap();
    writer.profile("ann", 6, &json!({"stated": {}})).unwrap();
    writer.reject(RejectedRow { number: 1, reason: "r", sha256: "x", text: Some(b"user_id=ann") }).unwrap();
    assert_eq!(writer.tombstone("ann", 10).unwrap(), 2);
    assert_eq!(writer.event("ann", &event("late", 10), 0).unwrap(), Taken::Erased);
    assert_eq!(writer.profile("ann", 10, &json!({})).unwrap(), Taken::Erased);
    // Who comes back starts anew.
    assert_eq!(writer.event("ann", &event("new", 11), 0).unwrap(), Taken::New);
    assert_eq!(writer.tombstone("ann", 9).unwrap(), 0, "an older tombstone does not undo a younger one");
    assert_eq!(writer.event("ann", &event("late", 10), 0).unwrap(), Taken::Erased);
    writer.finish(&at(1), 1).unwrap();
    assert_eq!((count(&store, "interactions"), count(&store, "profiles"), count(&store, "rejected_rows")), (2, 0, 0));
}

#[test]
fn people_whom_a_source_names_no_more_leave_the_others_stay() {
    let mut store = Store::in_memory().unwrap();
    let mut other = store.write("file:b", 1, false).unwrap();
    other.event("zoe", &event("1", 5), 0).unwrap();
    other.finish(&at(1), 1).unwrap();
    let mut writer = store.write("edge:a", 1, false).unwrap();
    writer.event("ann", &event("1", 5), 0).unwrap();
    writer.event("bob", &event("1", 5), 0).unwrap();
    assert_eq!(writer.forget_others(["bob", "unknown"].into_iter()).unwrap(), 1);
    assert_eq!(writer.people().unwrap(), ["bob", "zoe"]);
    assert_eq!(writer.packs().unwrap(), ["shop"]);
}

#[test]
fn a_row_is_put_aside_once_and_cut() {
    let mut store = Store::in_memory().unwrap();
    let mut writer = store.write("file:a", 1, false).unwrap();
    let long = vec![b'x'; 5_000];
    let row = RejectedRow { number: 4, reason: "the value is not a number", sha256: "abc", text: Some(&long) };
    writer.reject(row).unwrap();
    writer.reject(row).unwrap();
    writer.finish(&at(4), 1).unwrap();
    let (rows, bytes): (i64, i64) = store
        .connection
        .query_row("SELECT count(*), max(length(row_text)) FROM rejected_rows", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!((rows, bytes), (1, 2_048));
}

#[test]
fn values_come_back_to_the_last_bit() {
    let mut store = Store::in_memory().unwrap();
    let mut writer = store.write("file:a", 1, false).unwrap();
    writer.event("ann", &event("1", 5), 0).unwrap();
    writer.finish(&at(1), 1).unwrap();
    let value: f64 = store.connection.query_row("SELECT value FROM interactions", [], |row| row.get(0)).unwrap();
    assert_eq!(value.to_bits(), (0.1_f64 + 0.2).to_bits());
}
