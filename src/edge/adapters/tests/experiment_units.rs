//! Who is one unit: testers, people before and after a login, and those who share a device.

use nearside_engine::ports::{
    ExperimentWrite, Experiments, Exposure, ExposureSource, InteractionLog, KnownId, People, SettingsChange, Tester,
};
use nearside_engine::types::{DAY_MS, Settings, Unit};
use pollster::block_on;

use super::build::{NOW, admin, event_id, revision, scope, user};
use super::experiment_records::{TEST, create};
use super::experiments::{PRODUCTION, added, cell, cells, change, count, device, exposed, exposure, outcome, person};
use super::sqlite::store;

#[test]
fn a_tester_who_is_taken_back_goes_on_as_they_were() {
    let store = store();
    create(&store);
    let force = |variant: Option<&str>| {
        let tester = Tester { user: user(1), variant: variant.map(str::to_owned) };
        block_on(store.force(admin(), PRODUCTION, TEST, &[tester], "because", NOW + 5)).unwrap();
    };
    let accepts = || count(&store, 1, added(vec![change(&person(1), "accepted", true, 1.0)]));
    count(&store, 1, exposed(&[(person(1), "LOUD")]));
    accepts();
    let before = cells(&store);
    for tester in [None, Some("CONTROL"), Some("CONTROL"), None] {
        force(tester);
        count(&store, 1, exposed(&[(person(1), "CONTROL")]));
    }
    assert_eq!(cells(&store), before);
    accepts();
    let accepted = cell(&store, "LOUD", "accepted");
    assert_eq!((accepted.units, accepted.rows, accepted.total), (1, 2, 1.0));
    let row = "SELECT variant || is_forced || assigned_at || COALESCE(counted_variant, '') FROM ab_test_assignments";
    assert_eq!(store.database.text(row), format!("LOUD0{NOW}"));
}

#[test]
fn who_goes_on_another_unit_exposes_it_and_nobody_who_was_erased() {
    let store = store();
    create(&store);
    let merged = |before: u32, number: u32| {
        let mut made = exposed(&[(person(before), "LOUD"), (person(number), "LOUD")]);
        (made.exposures[1].source, made.exposures[1].counts_as) = (ExposureSource::Merged, Some(person(before).id));
        made
    };
    count(&store, 2, merged(1, 2));
    count(&store, 3, merged(1, 3));
    count(&store, 3, added(vec![change(&person(1), "accepted", true, 1.0)]));
    assert_eq!((cell(&store, "LOUD", "exposure").units, cell(&store, "LOUD", "accepted").units), (1, 1));
    let of_the_first =
        format!("SELECT COUNT(*) FROM ab_test_assignments WHERE unit_id = user_id AND unit_id = '{}'", user(1));
    assert_eq!(store.database.number(&of_the_first), 1.0, "whose row it is");
    block_on(store.erase(scope(4), "receipt", NOW)).unwrap();
    count(&store, 5, merged(4, 5));
    let named = format!("SELECT COUNT(*) FROM ab_test_assignments WHERE unit_id = '{}'", user(4));
    assert_eq!((store.database.number(&named), cell(&store, "LOUD", "exposure").units), (0.0, 1));
    let linked = format!("SELECT COUNT(*) FROM ab_test_assignments WHERE counts_as = '{}'", user(4));
    assert_eq!(store.database.number(&linked), 0.0, "nor does anybody's row say who they were");
    assert_eq!(store.database.text("SELECT counts_as FROM ab_test_assignments ORDER BY sequence DESC"), "");
}

#[test]
fn a_device_of_two_is_counted_once_when_one_of_them_is_erased() {
    let store = store();
    create(&store);
    let accepts = |number: u32, unit: &Unit, id: u32| {
        let made = added(vec![change(unit, "accepted", true, 1.0)]);
        count(&store, number, ExperimentWrite { outcomes: vec![outcome(unit, id)], ..made });
    };
    count(&store, 1, exposed(&[(device(1), "LOUD"), (device(2), "LOUD")]));
    accepts(1, &device(1), 1);
    accepts(2, &device(1), 2);
    accepts(1, &device(2), 3);
    block_on(store.erase(scope(1), "receipt", NOW - 1)).unwrap();
    let units = "SELECT group_concat(unit_id || ' of ' || user_id) FROM ab_test_assignments";
    assert_eq!(
        store.database.text(units),
        format!("phone-1 of {}", user(2)),
        "what was the erased person's alone is gone"
    );
    count(&store, 2, exposed(&[(device(1), "LOUD")]));
    accepts(2, &device(1), 4);
    let accepted = cell(&store, "LOUD", "accepted");
    assert_eq!((cell(&store, "LOUD", "exposure").units, accepted.units, accepted.total), (2, 2, 2.0));
}

#[test]
fn one_id_is_known_for_the_test_that_it_was_reported_to() {
    let store = store();
    create(&store);
    count(&store, 1, ExperimentWrite { outcomes: vec![outcome(&person(1), 1)], ..exposed(&[(person(1), "LOUD")]) });
    let known = block_on(store.known(&[(scope(1), event_id(1)), (scope(2), event_id(1))])).unwrap();
    let test = Some((PRODUCTION, TEST.to_owned()));
    assert_eq!(known, [KnownId { user: user(1), id: event_id(1), test }]);
}

#[test]
fn nothing_is_ignored_by_whose_doings_did_not_count() {
    let store = store();
    create(&store);
    let settle = |days: i64| block_on(store.settle_tests(NOW + days * DAY_MS)).unwrap();
    let viewed = |number: u32, unit: &Unit, counts_as: Option<String>, days: i64| {
        let assigned_at_ms = NOW + days * DAY_MS;
        let exposures = vec![Exposure { assigned_at_ms, counts_as, ..exposure(unit, "LOUD") }];
        let totals = vec![change(unit, "viewed", true, 1.0)];
        count(&store, number, ExperimentWrite { exposures, totals, ..ExperimentWrite::default() });
    };
    let say = |number: u32, settings: Settings| {
        let change = SettingsChange { settings, at_ms: NOW };
        block_on(store.save_settings(scope(number), &change, revision(&store, number))).unwrap();
    };
    let silent = [
        Settings { experiments: false, ..Settings::default() },
        Settings { behavioral: false, ..Settings::default() },
        Settings { privacy_mode: true, ..Settings::default() },
        Settings { personalization_enabled: Some(false), ..Settings::default() },
        Settings { tracking_since_ms: NOW + 2 * DAY_MS, ..Settings::default() },
    ];
    for (settings, number) in silent.into_iter().zip(1..) {
        viewed(number, &person(number), None, 1);
        say(number, settings);
    }
    // Who goes on another unit and says no takes that one's doings along.
    viewed(10, &person(10), None, 1);
    viewed(11, &person(11), Some(person(10).id), 1);
    say(11, Settings { experiments: false, ..Settings::default() });
    viewed(12, &device(12), None, 1);
    let tester = Tester { user: user(12), variant: Some("LOUD".to_owned()) };
    block_on(store.force(admin(), PRODUCTION, TEST, &[tester], "to look", NOW)).unwrap();
    viewed(13, &person(13), None, -1);
    assert_eq!(settle(9), 0, "no, testers, and another holdout before");
    viewed(20, &person(20), None, 1);
    viewed(21, &person(21), None, 1);
    say(21, Settings::default());
    assert_eq!(settle(9), 2);
    assert_eq!(cell(&store, "LOUD", "ignored").units, 2);
}
