//! What every store promises, asked of the adapter and of the engine's memory: tests of the use cases run on memory, so it
//! must not promise more than D1 keeps.

use nearside_engine::ports::memory::Memory;
use nearside_engine::ports::{
    Applied, CheckpointWrite, ExpiredPerson, ExportedRow, InteractionLog, Library, People, Pointers, Saved,
    SettingsChange, Upkeep,
};
use nearside_engine::types::{DAY_MS, Settings, UserId};
use pollster::block_on;

use super::build::{NOW, admin, event, event_id, log, revision, save, scope, sharing, user, write};

trait Store: People + InteractionLog + Library + Upkeep {}
impl<S: People + InteractionLog + Library + Upkeep> Store for S {}

macro_rules! on_every_store {
    ($($promise:ident),* $(,)?) => {
        mod sqlite { $(#[test] fn $promise() { super::$promise(&super::super::sqlite::store()); })* }
        mod memory { $(#[test] fn $promise() { super::$promise(&super::Memory::<()>::default()); })* }
    };
}

on_every_store!(
    a_person_who_comes_twice_in_a_call_is_written_once,
    revisions_go_on_after_an_erasure,
    only_people_who_said_yes_to_sharing_are_exported,
    tombstones_come_in_the_order_of_writing_and_no_page_loses_one,
    loading_says_which_ids_the_log_holds,
    several_people_come_in_the_order_asked_for,
    the_learned_part_is_not_read_after_a_no,
    nobody_asked_for_still_gives_the_pointers,
    people_past_the_default_or_their_own_retention_are_named_with_their_limit,
    a_checkpoint_that_misses_an_event_is_refused_and_removes_nothing,
    active_people_come_in_pages,
    pages_name_every_interaction_once_though_many_share_a_time,
    a_person_without_history_has_an_empty_page,
    what_arrives_while_somebody_pages_does_not_repeat_what_they_saw,
);

fn pointers() -> Pointers {
    Pointers::from([("pack/finance".to_owned(), "abc".to_owned())])
}

fn days_ago(days: i64) -> i64 {
    NOW - days * DAY_MS
}

/// Reads everything in pages of this size: (sequence, user, is a tombstone).
fn read(store: &impl Store, page: u32) -> Vec<(i64, UserId, bool)> {
    let (mut lines, mut after) = (Vec::new(), 0);
    while let Some(last) = {
        let page = block_on(InteractionLog::export(store, admin(), after, page)).unwrap();
        lines.extend(page.rows.iter().map(|row| match row {
            ExportedRow::Interaction { sequence, user, .. } => (*sequence, *user, false),
            ExportedRow::Erased { sequence, user, .. } => (*sequence, *user, true),
        }));
        page.last_sequence
    } {
        after = last;
    }
    lines
}

fn a_person_who_comes_twice_in_a_call_is_written_once(store: &impl Store) {
    let writes = [write(1, 0, vec![event(1, NOW)]), write(2, 0, vec![event(1, NOW)]), write(1, 0, vec![event(2, NOW)])];
    assert_eq!(block_on(store.apply(&writes)).unwrap(), [Applied::Yes, Applied::Yes, Applied::Conflict]);
    assert_eq!(block_on(store.all(scope(1))).unwrap().1, [event(1, NOW)]);
}

fn revisions_go_on_after_an_erasure(store: &impl Store) {
    log(store, 1, vec![event(1, NOW)]);
    log(store, 1, vec![event(2, NOW)]);
    block_on(store.erase(scope(1), "receipt", NOW)).unwrap();
    assert_eq!(revision(store, 1), 3);
    let change = SettingsChange { settings: sharing(), at_ms: NOW };
    assert_eq!(block_on(store.save_settings(scope(1), &change, 2)).unwrap(), Saved::Conflict);
    assert_eq!(block_on(store.save_settings(scope(1), &change, 3)).unwrap(), Saved::Yes(4));
    block_on(store.erase(scope(1), "receipt", NOW)).unwrap();
    assert_eq!(revision(store, 1), 5);
}

fn only_people_who_said_yes_to_sharing_are_exported(store: &impl Store) {
    let cases = [
        (Some(sharing()), true),
        (None, false),
        (Some(Settings { personalization_enabled: None, ..sharing() }), false),
        (Some(Settings { personalization_enabled: Some(false), ..sharing() }), false),
        (Some(Settings { data_sharing_consent: false, ..sharing() }), false),
        (Some(Settings { privacy_mode: true, ..sharing() }), false),
    ];
    for (person, (settings, _)) in cases.iter().enumerate() {
        if let Some(settings) = settings {
            save(store, person as u32, settings.clone());
        }
        log(store, person as u32, vec![event(1, NOW)]);
    }
    let exported: Vec<UserId> = read(store, 10).into_iter().map(|(_, user, _)| user).collect();
    assert_eq!(exported, [user(0)]);
    let profiles = block_on(store.export_profiles(admin(), 0, 10)).unwrap();
    assert_eq!(profiles.len(), 1);
    assert_eq!(profiles[0].user, user(0));
}

fn tombstones_come_in_the_order_of_writing_and_no_page_loses_one(store: &impl Store) {
    for person in 0..4 {
        save(store, person, sharing());
        log(store, person, (0..3).map(|number| event(number, NOW)).collect());
    }
    let everything = read(store, 100);
    assert_eq!(everything.len(), 12);
    let last_read = everything.last().unwrap().0;
    block_on(store.erase(scope(3), "a", NOW)).unwrap();
    block_on(store.erase(scope(0), "b", NOW)).unwrap();
    log(store, 1, vec![event(9, NOW)]);
    for page in 1..=9 {
        let lines = read(store, page);
        assert!(lines.is_sorted_by(|left, right| left.0 < right.0), "page {page}");
        assert_eq!(lines.len(), 9, "page {page}");
        let news: Vec<_> = lines.iter().filter(|line| line.0 > last_read).map(|line| (line.1, line.2)).collect();
        assert_eq!(
            news,
            [(user(3), true), (user(0), true), (user(1), false)],
            "a reader who goes on hears of everything"
        );
    }
}

fn loading_says_which_ids_the_log_holds(store: &impl Store) {
    log(store, 1, vec![event(1, NOW), event(2, NOW)]);
    log(store, 2, vec![event(3, NOW)]);
    let ids = [event_id(2), event_id(3), event_id(4), "it's \"odd\"".to_owned()];
    assert_eq!(block_on(store.load(scope(1), &ids)).unwrap().applied_ids, [event_id(2)]);
}

fn several_people_come_in_the_order_asked_for(store: &impl Store) {
    block_on(store.point(admin(), &pointers(), NOW)).unwrap();
    save(store, 3, sharing());
    save(store, 1, Settings { location: false, ..sharing() });
    log(store, 1, vec![event(1, NOW)]);
    let scopes = [3, 2, 1, 3].map(scope);
    let records = block_on(store.load_many(&scopes)).unwrap();
    assert_eq!(records.iter().map(|record| record.revision).collect::<Vec<_>>(), [1, 0, 2, 1]);
    assert!(records.iter().all(|record| record.pointers == pointers()));
    assert_eq!(
        records.iter().map(|record| record.state_json.is_some()).collect::<Vec<_>>(),
        [false, false, true, false]
    );
    let (found, consents) = block_on(store.consents(&scopes)).unwrap();
    assert_eq!(found, pointers());
    assert_eq!(consents, [sharing(), Settings::default(), Settings { location: false, ..sharing() }, sharing()]);
}

fn the_learned_part_is_not_read_after_a_no(store: &impl Store) {
    log(store, 1, vec![event(1, NOW)]);
    let is_read = || block_on(store.load(scope(1), &[])).unwrap().state_json.is_some();
    assert!(is_read(), "a person who was never asked: the pack's basis decides, not the store");
    for (settings, expected) in [
        (sharing(), true),
        (Settings { personalization_enabled: Some(false), ..sharing() }, false),
        (Settings { behavioral: false, ..sharing() }, false),
        (Settings { privacy_mode: true, ..sharing() }, false),
        (sharing(), true),
    ] {
        save(store, 1, settings.clone());
        assert_eq!(is_read(), expected, "{settings:?}");
        assert_eq!(block_on(store.load_many(&[scope(1)])).unwrap()[0].state_json.is_some(), expected);
    }
}

fn nobody_asked_for_still_gives_the_pointers(store: &impl Store) {
    block_on(store.point(admin(), &pointers(), NOW)).unwrap();
    assert_eq!(block_on(store.consents(&[])).unwrap(), (pointers(), Vec::new()));
    assert_eq!(block_on(store.load_many(&[])).unwrap(), []);
}

fn people_past_the_default_or_their_own_retention_are_named_with_their_limit(store: &impl Store) {
    for (person, own, age) in
        [(0, None, 400), (1, None, 300), (2, Some(30), 31), (3, Some(30), 29), (4, Some(900), 400), (5, Some(30), 400)]
    {
        save(store, person, Settings { retention_days: own, ..sharing() });
        log(store, person, vec![event(1, days_ago(age)), event(2, days_ago(1))]);
    }
    log(store, 6, vec![event(1, days_ago(366))]);
    let expired = |number: u32, days: i64| ExpiredPerson { user: user(number), before_ms: days_ago(days) };
    let found = block_on(store.expired_people(365, NOW, 100)).unwrap();
    assert_eq!(found, [expired(0, 365), expired(2, 30), expired(4, 365), expired(5, 30), expired(6, 365)]);
    assert_eq!(block_on(store.expired_people(365, NOW, 2)).unwrap().len(), 2);
}

fn a_checkpoint_that_misses_an_event_is_refused_and_removes_nothing(store: &impl Store) {
    log(store, 1, vec![event(1, days_ago(400))]);
    let read = block_on(store.expiring(scope(1), days_ago(365))).unwrap();
    log(store, 1, vec![event(2, days_ago(390))]);
    let write = CheckpointWrite {
        scope: scope(1),
        expected_revision: read.revision,
        checkpoint_json: "{}".to_owned(),
        before_ms: days_ago(365),
        at_ms: NOW,
    };
    assert_eq!(block_on(store.checkpoint(&write)).unwrap(), Applied::Conflict);
    let (checkpoint, left) = block_on(store.all(scope(1))).unwrap();
    assert_eq!((checkpoint, left.len()), (None, 2));
}

fn active_people_come_in_pages(store: &impl Store) {
    for person in 0..5 {
        log(store, person, vec![event(1, NOW)]);
    }
    assert_eq!(block_on(store.active_people(NOW - 1, None, 2)).unwrap(), [user(0), user(1)]);
    assert_eq!(block_on(store.active_people(NOW - 1, Some(user(1)), 10)).unwrap(), [user(2), user(3), user(4)]);
    assert_eq!(block_on(store.active_people(NOW + 1, None, 10)).unwrap(), []);
}

fn pages_name_every_interaction_once_though_many_share_a_time(store: &impl Store) {
    let times = [5, 3, 3, 3, 9, 3, 3, 1, 9, 3];
    log(store, 1, times.iter().enumerate().map(|(number, at)| event(number as u32, NOW + at)).collect());
    log(store, 2, vec![event(99, NOW)]);
    for limit in 1..=11 {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = block_on(store.page(scope(1), after, limit)).unwrap();
            assert!(page.interactions.len() <= limit as usize);
            seen.extend(page.interactions);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), times.len(), "limit {limit}");
        assert!(seen.is_sorted_by(|left, right| left.occurred_at_ms >= right.occurred_at_ms));
        let ids: std::collections::BTreeSet<_> = seen.iter().map(|event| &event.id).collect();
        assert_eq!(ids.len(), times.len());
    }
}

fn a_person_without_history_has_an_empty_page(store: &impl Store) {
    let page = block_on(store.page(scope(1), None, 10)).unwrap();
    assert_eq!((page.interactions.len(), page.next), (0, None));
}

fn what_arrives_while_somebody_pages_does_not_repeat_what_they_saw(store: &impl Store) {
    log(store, 1, (0..4).map(|number| event(number, NOW + i64::from(number))).collect());
    let first = block_on(store.page(scope(1), None, 2)).unwrap();
    log(store, 1, vec![event(50, NOW + 50)]);
    let second = block_on(store.page(scope(1), first.next, 2)).unwrap();
    assert_eq!(second.interactions, [event(1, NOW + 1), event(0, NOW)]);
}
