//! Who is one unit: testers, people before and after a login, tests of one layer, devices.

use pollster::block_on;

use super::place::{HERE, NOW, Place, TEST, asked, definition, event, shown, unit, user};
use crate::flows::experiments::definition::{Definition, LayerRange};
use crate::flows::experiments::definitions::{TestMove, force_testers, set_holdout, show_tests};
use crate::flows::experiments::happened::AskedExposure;
use crate::flows::{Asker, PersonEvents, ResultsAsk, VariantAsk, decide_tests, results, variant};
use crate::ports::{Experiments, ExposureSource, People, SettingsChange, Tester};
use crate::privacy::{for_jobs, for_system};
use crate::types::EventKind::{
    GoalCompleted, RecommendationAccepted as Accepted, RecommendationDismissed as Dismissed,
    RecommendationViewed as Viewed,
};
use crate::types::{DAY_MS, DecidedReason, Interaction, Role, Settings, UnitKind, format_rfc3339};

#[test]
fn testers_are_shown_and_never_counted() {
    let place = Place::testing(|_| {});
    let tester = Tester { user: user(1), variant: Some("LOUD".to_owned()) };
    block_on(force_testers(&place.host, for_jobs(), HERE, TEST, &[tester], "because")).unwrap();
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW), event(2, Accepted, NOW)]);
    assert_eq!(place.cell("LOUD", "exposure").0 + place.cell("LOUD", "accepted").0, 0);
    assert_eq!(place.health("conflict") + place.health("unexposed"), 0);
    let report = block_on(show_tests(&place.host, for_jobs(), HERE, Some(TEST))).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let logged = &report["tester_changes"][0];
    assert_eq!((&logged["reason"], &logged["testers"]), (&"because".into(), &1.into()));
    let unknown = Tester { user: user(1), variant: Some("QUIET".to_owned()) };
    let refused = block_on(force_testers(&place.host, for_jobs(), HERE, TEST, &[unknown], "because")).unwrap_err();
    assert_eq!(refused.code, "invalid-test");
}

#[test]
fn making_a_tester_and_taking_them_back_counts_nobody_twice() {
    let place = Place::testing(|_| {});
    let force = |number: u32, variant: Option<&str>| {
        let tester = Tester { user: user(number), variant: variant.map(str::to_owned) };
        block_on(force_testers(&place.host, for_jobs(), HERE, TEST, &[tester], "because")).unwrap();
    };
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW), event(2, Accepted, NOW)]);
    force(1, None);
    place.happen(1, vec![event(3, Accepted, NOW)]);
    assert_eq!(place.cell("LOUD", "accepted"), (1, 2, 1.0), "who is no tester is not taken back");
    force(1, Some("CONTROL"));
    force(1, Some("CONTROL"));
    place.happen(1, vec![event(4, Accepted, NOW)]);
    assert_eq!(place.cell("LOUD", "accepted"), (1, 2, 1.0), "a tester is not counted");
    force(1, None);
    place.happen(1, vec![shown(5, Accepted, "LOUD", NOW)]);
    assert_eq!((place.cell("LOUD", "exposure").0, place.cell("LOUD", "accepted")), (1, (1, 3, 1.0)));
    assert_eq!(place.cell("CONTROL", "exposure").0 + place.health("conflict"), 0);
    force(2, Some("LOUD"));
    force(2, None);
    place.happen(2, vec![shown(6, Viewed, "CONTROL", NOW)]);
    assert_eq!(
        place.cell("CONTROL", "exposure").0,
        1,
        "a tester who never was counted begins when they are taken back"
    );
}

#[test]
fn a_tester_of_a_test_on_sessions_is_the_person() {
    let place = Place::testing(|test| (test.unit, test.framing) = (UnitKind::Session, None));
    let of = |id: u32, kind, number: u32| {
        let event = Interaction { session_id: Some("s1".to_owned()), ..shown(id, kind, "CONTROL", NOW) };
        place.happen(number, vec![event]);
    };
    let tester = Tester { user: user(1), variant: Some("LOUD".to_owned()) };
    block_on(force_testers(&place.host, for_jobs(), HERE, TEST, &[tester], "because")).unwrap();
    let asker = Asker { scope: for_system(user(1)), role: Role::Client };
    let ask = VariantAsk { session_id: Some("s1".to_owned()), ..VariantAsk::default() };
    let answer = block_on(variant(&place.host, &asker, TEST, ask)).unwrap();
    assert_eq!((answer.variant.as_str(), answer.reason, answer.counted), ("LOUD", DecidedReason::Forced, false));
    of(1, Accepted, 1);
    assert_eq!(place.cell("CONTROL", "exposure").0, 0);
    of(2, Viewed, 2);
    of(3, Accepted, 1);
    assert_eq!((place.cell("CONTROL", "exposure").0, place.cell("CONTROL", "accepted").0), (1, 0));
}

#[test]
fn of_the_tests_of_a_layer_the_one_that_exposed_first_holds() {
    let half = |from: f64| Some(LayerRange { name: "words".to_owned(), from, to: from + 50.0 });
    let place = Place::testing(|test| test.layer = half(50.0));
    place.put("A_SECOND", Definition { layer: half(0.0), ..definition() }).unwrap();
    place.go("A_SECOND", TestMove::Start).unwrap();
    let second = |id: u32, number: u32| {
        let mut event = shown(id, Dismissed, "LOUD", NOW + 1);
        let receipt = event.receipt.as_mut().unwrap();
        (receipt.tests[0].test_name, receipt.tests[0].counts_as) = ("A_SECOND".to_owned(), Some(unit(9).id));
        place.happen(number, vec![event]);
    };
    let dismissed = || {
        let cells = block_on(place.host.statistics_of_test(for_jobs(), HERE, "A_SECOND")).unwrap().cells;
        cells.len()
    };
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
    second(2, 1);
    assert_eq!((place.cell("LOUD", "dismissed").0, dismissed()), (1, 0), "the first holds");
    // Two rows, as a stop and a new start may leave them.
    place.go(TEST, TestMove::Stop).unwrap();
    second(3, 1);
    assert!(dismissed() > 0);
    place.go(TEST, TestMove::Start).unwrap();
    let before = dismissed();
    place.happen(1, vec![event(4, Accepted, NOW + 2)]);
    assert_eq!((place.cell("LOUD", "accepted").0, dismissed()), (1, before), "and again when it runs again");
    let asker = Asker { scope: for_system(user(1)), role: Role::Client };
    let answers = block_on(decide_tests(&place.host, &asker, VariantAsk::default())).unwrap().tests;
    let reasons: Vec<DecidedReason> = answers.iter().map(|answer| answer.reason).collect();
    assert_eq!(reasons, [DecidedReason::OtherLayer, DecidedReason::Recorded]);
}

#[test]
fn what_is_shown_is_what_is_counted_of_who_is_held_out_since() {
    let place = Place::testing(|_| {});
    let hold_out = |share: f64| block_on(set_holdout(&place.host, for_jobs(), HERE, share, "because")).unwrap();
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW), event(2, Dismissed, NOW)]);
    hold_out(100.0);
    place.happen(1, vec![event(3, Accepted, NOW + 1)]);
    place.happen(2, vec![shown(4, Viewed, "LOUD", NOW)]);
    assert_eq!((place.cell("LOUD", "accepted").0, place.cell("LOUD", "exposure").0), (0, 1));
    assert_eq!((place.cell("LOUD", "dismissed").0, place.health("unexposed")), (1, 0), "what was counted stays");
    hold_out(0.0);
    place.happen(1, vec![event(5, Accepted, NOW + 2)]);
    assert_eq!(place.cell("LOUD", "accepted").0, 1);
    let everybody = Place::testing(|test| test.in_holdout = false);
    everybody.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
    block_on(set_holdout(&everybody.host, for_jobs(), HERE, 100.0, "because")).unwrap();
    everybody.happen(1, vec![event(2, Accepted, NOW)]);
    assert_eq!(everybody.cell("LOUD", "accepted").0, 1, "a test that touches everybody");
}

#[test]
fn after_its_end_date_a_test_exposes_nobody_and_what_follows_counts_on() {
    let place = Place::testing(|test| test.end_date = Some(format_rfc3339(NOW + 1_000)));
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
    place.host.set_now(NOW + 2_000);
    place.happen(1, vec![event(2, Accepted, NOW + 2_000)]);
    assert_eq!(place.cell("LOUD", "accepted").0, 1);
    place.happen(2, vec![shown(3, Viewed, "LOUD", NOW + 1_000)]);
    place.happen(3, vec![event(4, Viewed, NOW + 1_500)]);
    assert_eq!(place.cell("LOUD", "exposure").0 + place.cell("CONTROL", "exposure").0, 1);
    place.happen(4, vec![shown(5, Viewed, "LOUD", NOW + 999)]);
    assert_eq!(place.cell("LOUD", "exposure").0, 2, "what was shown before it comes late");
    let status = || block_on(results(&place.host, for_jobs(), HERE, TEST, ResultsAsk::default())).unwrap().status;
    assert_eq!(status(), "ENDED");
    let shown = block_on(show_tests(&place.host, for_jobs(), HERE, None)).unwrap();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!((&shown["tests"][0]["status"], &shown["tests"][0]["active"]), (&"ENDED".into(), &false.into()));
    place.go(TEST, TestMove::Stop).unwrap();
    assert_eq!(status(), "STOPPED");
    place.happen(1, vec![event(6, Dismissed, NOW + 2_000)]);
    assert_eq!((place.cell("LOUD", "dismissed").0, place.health("late")), (0, 1), "until it is stopped");
}

#[test]
fn after_a_login_the_anonymous_unit_goes_on() {
    let place = Place::testing(|_| {});
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
    let mut merged = shown(2, Accepted, "LOUD", NOW + 1);
    if let Some(receipt) = &mut merged.receipt {
        receipt.tests[0].counts_as = Some(unit(1).id);
    }
    place.happen(2, vec![merged]);
    place.happen(2, vec![event(3, Dismissed, NOW + 2)]);
    assert_eq!(place.cell("LOUD", "exposure").0, 1, "one person is one unit");
    assert_eq!((place.cell("LOUD", "accepted").0, place.cell("LOUD", "dismissed").0), (1, 1));
    place.happen(1, vec![event(4, Accepted, NOW + 3)]);
    assert_eq!(place.cell("LOUD", "accepted"), (1, 2, 1.0));
}

#[test]
fn who_was_decided_before_the_login_and_first_saw_it_after_counts_as_one_unit() {
    let place = Place::testing(|_| {});
    let merged = |id: u32| {
        let mut event = shown(id, Accepted, "LOUD", NOW);
        event.receipt.as_mut().unwrap().tests[0].counts_as = Some(unit(1).id);
        event
    };
    place.happen(2, vec![merged(1)]);
    place.happen(2, vec![event(2, Dismissed, NOW + 1)]);
    assert_eq!((place.cell("LOUD", "exposure").0, place.cell("LOUD", "accepted").0), (1, 1));
    assert_eq!(place.cell("LOUD", "dismissed").0, 1);
    // What was on its way under the first name comes later, and is the same unit's.
    place.happen(1, vec![shown(3, Viewed, "LOUD", NOW)]);
    place.happen(3, vec![merged(4)]);
    assert_eq!((place.cell("LOUD", "exposure").0, place.cell("LOUD", "accepted")), (1, (1, 2, 1.0)));
    let asked = AskedExposure { source: ExposureSource::Merged, counts_as: Some(unit(2).id), ..asked(4, "LOUD", NOW) };
    let person = PersonEvents { asked: vec![asked], ..PersonEvents::of(for_system(user(4)), Vec::new(), NOW) };
    place.apply(person).unwrap();
    place.happen(4, vec![event(5, GoalCompleted, NOW + 1)]);
    assert_eq!((place.cell("LOUD", "exposure").0, place.cell("LOUD", "completed").0), (1, 1), "a login after a login");
    // Of who was erased there is no row, and so nothing that names them.
    block_on(place.host.erase(for_system(user(5)), "receipt", NOW)).unwrap();
    let mut event = shown(6, Accepted, "LOUD", NOW);
    event.receipt.as_mut().unwrap().tests[0].counts_as = Some(unit(5).id);
    place.happen(6, vec![event]);
    assert_eq!((place.cell("LOUD", "exposure").0, place.cell("LOUD", "accepted").1), (1, 2));
}

#[test]
fn nothing_is_ignored_by_who_agrees_no_more_or_may_have_been_held_out() {
    let place = Place::testing(|_| {});
    for number in 1..5 {
        place.happen(number, vec![shown(1, Viewed, "LOUD", NOW)]);
    }
    let settings = Settings { experiments: false, ..Settings::default() };
    let revision = block_on(People::load(&place.host, for_system(user(1)), &[])).unwrap().revision;
    block_on(place.host.save_settings(for_system(user(1)), &SettingsChange { settings, at_ms: NOW }, revision))
        .unwrap();
    let tester = Tester { user: user(2), variant: Some("LOUD".to_owned()) };
    block_on(force_testers(&place.host, for_jobs(), HERE, TEST, &[tester], "because")).unwrap();
    let settle = || block_on(place.host.settle_tests(NOW + 8 * DAY_MS)).unwrap();
    assert_eq!((settle(), place.cell("LOUD", "ignored").0, settle()), (2, 2, 0));
    place.happen(5, vec![shown(1, Viewed, "LOUD", NOW + 1)]);
    place.host.set_now(NOW + DAY_MS);
    block_on(set_holdout(&place.host, for_jobs(), HERE, 5.0, "because")).unwrap();
    assert_eq!(settle(), 0);
}

#[test]
fn devices_are_units_of_their_own_whoever_holds_them() {
    let place = Place::testing(|test| {
        (test.unit, test.framing, test.count_without_receipt) = (UnitKind::Device, None, Some(true))
    });
    let on = |device: &str, happened: Interaction| Interaction { device_id: Some(device.to_owned()), ..happened };
    place.happen(1, vec![on("a", shown(1, Viewed, "LOUD", NOW))]);
    place.happen(2, vec![on("a", shown(1, Accepted, "LOUD", NOW))]);
    place.happen(2, vec![event(2, Accepted, NOW), on("b", shown(3, Viewed, "LOUD", NOW))]);
    assert_eq!(place.cell("LOUD", "exposure").0, 2);
    assert_eq!(place.cell("LOUD", "accepted"), (1, 1, 1.0));
    block_on(place.host.erase(for_system(user(1)), "receipt", NOW)).unwrap();
    place.happen(2, vec![on("a", shown(4, Accepted, "LOUD", NOW + 1))]);
    assert_eq!(
        (place.cell("LOUD", "exposure").0, place.cell("LOUD", "accepted")),
        (2, (1, 2, 1.0)),
        "it is another's, too"
    );
}
