//! Who is exposed, what attaches, and what does not.

use pollster::block_on;

use super::place::{HERE, NOW, Place, TEST, asked, definition, event, receipt, shown, stated, user};
use crate::flows::experiments::definition::{Definition, Metric, MetricKind, Segment};
use crate::flows::experiments::definitions::TestMove;
use crate::flows::experiments::happened::{AskedExposure, StatedOutcome};
use crate::flows::experiments::standing::recorded;
use crate::flows::{Asker, PersonEvents, VariantAsk, record_outcome, variant};
use crate::ports::{Experiments, ExposureSource, People, SettingsChange};
use crate::privacy::{for_jobs, for_system};
use crate::types::EventKind::{
    GoalCompleted, Purchased, RecommendationAccepted as Accepted, RecommendationDismissed as Dismissed,
    RecommendationViewed as Viewed,
};
use crate::types::{
    CLOCK_TOLERANCE_MS, Context, DAY_MS, DecidedReason, Environment, Interaction, OutcomeKind, Role, Settings,
    UnitKind, format_rfc3339,
};
use nearside_json::read_json;

#[test]
fn a_receipt_exposes_once_and_what_follows_attaches() {
    let place = Place::testing(|_| {});
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW), shown(2, Accepted, "LOUD", NOW)]);
    place.happen(1, vec![event(3, Accepted, NOW + 5), event(3, Accepted, NOW + 5), event(1, Viewed, NOW)]);
    assert_eq!(place.cell("LOUD", "exposure"), (1, 1, 0.0));
    assert_eq!(place.cell("LOUD", "viewed"), (1, 1, 1.0));
    assert_eq!(place.cell("LOUD", "accepted"), (1, 2, 1.0), "one unit, however often");
    assert_eq!(place.cell("LOUD", "engaged"), (1, 3, 1.0));
    assert_eq!(place.cell("LOUD", "dismissed"), (0, 0, 0.0));
}

#[test]
fn what_came_first_is_kept_and_another_word_is_a_conflict() {
    let place = Place::testing(|_| {});
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
    place.happen(1, vec![shown(2, Accepted, "CONTROL", NOW + 1)]);
    assert_eq!((place.cell("LOUD", "accepted").0, place.cell("CONTROL", "accepted").0), (1, 0));
    assert_eq!(place.health("conflict"), 1);
    let bad = Interaction { receipt: receipt("NO_SUCH", NOW), ..event(3, Viewed, NOW) };
    place.happen(2, vec![bad]);
    assert_eq!(place.cell("NO_SUCH", "exposure").0, 0);
}

#[test]
fn without_a_receipt_an_interaction_with_an_item_exposes_both_arms_alike() {
    let place = Place::testing(|test| test.count_without_receipt = Some(true));
    for number in 0..40 {
        place.happen(number, vec![event(1, Viewed, NOW), event(2, Accepted, NOW)]);
    }
    let (control, loud) = (place.cell("CONTROL", "exposure").0, place.cell("LOUD", "exposure").0);
    assert_eq!(control + loud, 40);
    assert!(control.min(loud) >= 10, "{control} and {loud}");
    assert_eq!(place.cell("CONTROL", "accepted").0, control);
    for (number, happened) in [
        (100, event(1, Purchased, NOW)),
        (101, event(1, Viewed, NOW - 1)),
        (102, Interaction { facts: crate::types::ItemFacts::default(), ..event(1, Viewed, NOW) }),
        (
            103,
            Interaction {
                receipt: receipt("LOUD", NOW)
                    .map(|receipt| crate::types::ReceiptFacts { tests: Vec::new(), ..receipt }),
                ..event(1, Viewed, NOW)
            },
        ),
        (104, Interaction { environment: Some(Environment::Test), ..event(1, Viewed, NOW) }),
    ] {
        place.happen(number, vec![happened]);
    }
    assert_eq!(place.cell("CONTROL", "exposure").0 + place.cell("LOUD", "exposure").0, 40);
    let off = Place::testing(|test| test.count_without_receipt = Some(false));
    off.happen(1, vec![event(1, Viewed, NOW)]);
    assert_eq!(off.cell("CONTROL", "exposure").0 + off.cell("LOUD", "exposure").0, 0);
}

#[test]
fn an_outcome_before_its_exposure_past_the_window_or_past_the_end_does_not_count() {
    let place = Place::testing(|test| test.window_days = 2);
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW + 10)]);
    place.host.set_now(NOW + 9 * DAY_MS);
    let before = NOW + 9 - CLOCK_TOLERANCE_MS;
    place.happen(1, vec![event(2, Accepted, before), event(3, Accepted, NOW + 11 + 2 * DAY_MS)]);
    assert_eq!((place.health("unexposed"), place.health("late")), (1, 1));
    assert_eq!(place.cell("LOUD", "accepted").0, 0);
    place.happen(1, vec![event(4, Accepted, NOW + 10 + 2 * DAY_MS)]);
    assert_eq!(place.cell("LOUD", "accepted").0, 1);
    place.host.set_now(NOW + DAY_MS);
    place.go(TEST, TestMove::Stop).unwrap();
    place.happen(1, vec![event(5, Dismissed, NOW + DAY_MS), event(6, Dismissed, NOW + DAY_MS - 1)]);
    assert_eq!(place.cell("LOUD", "dismissed"), (1, 1, 1.0), "what happened before the end counts when it comes late");
    place.happen(2, vec![shown(7, Viewed, "LOUD", NOW + DAY_MS)]);
    assert_eq!(place.cell("LOUD", "exposure").0, 1, "nobody is exposed after the end");
}

#[test]
fn clocks_that_are_off_lose_no_outcome_and_expose_nobody_in_the_future() {
    let place = Place::testing(|test| test.count_without_receipt = Some(true));
    // A verified receipt shows that it came after the decision, whatever the client's clock says.
    let slow = Interaction { occurred_at_ms: NOW - 9 * 60_000, ..shown(1, Accepted, "LOUD", NOW) };
    place.happen(1, vec![slow]);
    assert_eq!((place.cell("LOUD", "accepted").0, place.health("unexposed")), (1, 0));
    place.happen(2, vec![shown(1, Viewed, "LOUD", NOW), event(2, Accepted, NOW - CLOCK_TOLERANCE_MS)]);
    assert_eq!(place.cell("LOUD", "accepted").0, 2, "without one, clocks may be off a little");
    place.happen(2, vec![event(3, Dismissed, NOW - CLOCK_TOLERANCE_MS - 1)]);
    assert_eq!((place.cell("LOUD", "dismissed").0, place.health("unexposed")), (0, 1));
    place.happen_at(3, vec![event(1, Viewed, NOW + 240_000), event(2, Accepted, NOW)], NOW);
    let record = block_on(People::load(&place.host, for_system(user(3)), &[])).unwrap();
    let row = &recorded(user(3), record.assignments_json.as_deref())[0];
    assert_eq!(row.assigned_at_ms, NOW);
    assert_eq!(
        place.cell(&row.variant, "viewed").0 + place.cell(&row.variant, "accepted").0,
        if row.variant == "LOUD" { 5 } else { 2 }
    );
}

#[test]
fn a_reported_view_exposes_when_it_happened_and_counts_itself() {
    let place = Place::testing(|_| {});
    let viewed = |number: u32, at_ms: i64, received_at_ms: i64| {
        place.host.set_now(received_at_ms);
        let request = format!(r#"{{"outcome":"VIEWED","occurred_at":"{}"}}"#, format_rfc3339(at_ms));
        let request = read_json(request.as_bytes()).unwrap();
        let asker = Asker { scope: for_system(user(number)), role: Role::Client };
        let report = block_on(record_outcome(&place.host, &asker, TEST, request)).unwrap();
        let record = block_on(People::load(&place.host, for_system(user(number)), &[])).unwrap();
        let rows = recorded(user(number), record.assignments_json.as_deref());
        (report.accepted, report.unexposed, rows.first().map(|row| row.assigned_at_ms))
    };
    assert_eq!(viewed(1, NOW + 1_000, NOW + 3_600_000), (1, 0, Some(NOW + 1_000)));
    assert_eq!(viewed(2, NOW + 3_800_000, NOW + 3_600_000), (1, 0, Some(NOW + 3_600_000)), "not in the future");
    assert_eq!(viewed(3, NOW - 1_000, NOW + 1_000), (1, 0, Some(NOW)), "the test began in between");
    assert_eq!(viewed(4, NOW - DAY_MS, NOW + 1_000), (0, 1, None), "what was seen before it began is not known");
}

#[test]
fn kinds_of_events_are_outcomes_and_values_are_capped() {
    let revenue =
        Metric { name: "revenue".to_owned(), kind: MetricKind::Value, events: vec![Purchased], cap: Some(100.0) };
    let place = Place::testing(|test| test.metrics = vec![revenue]);
    let bought = |id: u32, value: Option<f64>| Interaction { value, ..event(id, Purchased, NOW + 1) };
    place.happen(
        1,
        vec![
            shown(1, Viewed, "LOUD", NOW),
            bought(2, Some(30.5)),
            bought(3, Some(1e9)),
            bought(4, Some(-1e9)),
            bought(5, None),
            event(6, GoalCompleted, NOW + 1),
        ],
    );
    assert_eq!(place.cell("LOUD", "revenue"), (1, 3, 30.5));
    assert_eq!((place.cell("LOUD", "accepted").1, place.cell("LOUD", "completed").0), (4, 1));
}

#[test]
fn who_opts_out_is_not_counted_and_goes_on_with_the_same_variant() {
    let place = Place::testing(|_| {});
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
    let mut revision = 1;
    let mut allow = |experiments: bool| {
        let settings = Settings { experiments, ..Settings::default() };
        let change = SettingsChange { settings, at_ms: NOW };
        block_on(place.host.save_settings(for_system(user(1)), &change, revision)).unwrap();
        revision += 2;
    };
    allow(false);
    let record = block_on(People::load(&place.host, for_system(user(1)), &[])).unwrap();
    assert_eq!(record.assignments_json, None);
    place.happen(1, vec![event(2, Accepted, NOW)]);
    assert_eq!(place.cell("LOUD", "accepted").0, 0);
    allow(true);
    place.happen(1, vec![event(3, Accepted, NOW), shown(4, Viewed, "CONTROL", NOW)]);
    assert_eq!(place.cell("LOUD", "accepted"), (1, 1, 1.0));
    assert_eq!(place.cell("LOUD", "exposure").0 + place.cell("CONTROL", "exposure").0, 1);
}

#[test]
fn consent_is_that_of_the_pack_that_a_test_names() {
    let place = Place::new();
    place.open_a_club();
    place.put(TEST, Definition { pack: Some("club".to_owned()), ..definition() }).unwrap();
    place.go(TEST, TestMove::Start).unwrap();
    let asker = Asker { scope: for_system(user(1)), role: Role::Client };
    let reason = || block_on(variant(&place.host, &asker, TEST, VariantAsk::default())).unwrap().reason;
    let exposed = || place.cell("LOUD", "exposure").0 + place.cell("CONTROL", "exposure").0;
    let viewed = || {
        let request = read_json(br#"{"outcome":"VIEWED"}"#).unwrap();
        let report = block_on(record_outcome(&place.host, &asker, TEST, request)).unwrap();
        (report.accepted, report.withheld)
    };
    assert_eq!((reason(), viewed()), (DecidedReason::NoConsent, (0, 1)));
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
    let person = PersonEvents { asked: vec![asked(1, "LOUD", NOW)], ..PersonEvents::of(asker.scope, Vec::new(), NOW) };
    place.apply(person).unwrap();
    assert_eq!(exposed(), 0, "the shop asks nobody, and the club does");
    let settings = Settings { personalization_enabled: Some(true), ..Settings::default() };
    let change = SettingsChange { settings, at_ms: NOW };
    let revision = block_on(People::load(&place.host, asker.scope, &[])).unwrap().revision;
    block_on(place.host.save_settings(asker.scope, &change, revision)).unwrap();
    assert_eq!((viewed(), reason(), exposed()), ((1, 0), DecidedReason::Recorded, 1));
}

#[test]
fn an_erasure_is_the_end_of_receipts_from_before_it() {
    let place = Place::testing(|test| test.count_without_receipt = Some(false));
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
    block_on(place.host.erase(for_system(user(1)), "receipt", NOW + 10)).unwrap();
    place.happen_at(1, vec![shown(2, Accepted, "LOUD", NOW + 10)], NOW + 20);
    assert_eq!((place.cell("LOUD", "exposure").0, place.cell("LOUD", "accepted").0), (1, 0));
    let health = block_on(place.host.statistics_of_test(for_jobs(), HERE, "")).unwrap().health;
    assert_eq!(health, [("bad_receipt".to_owned(), 1)]);
    let person = PersonEvents {
        asked: vec![asked(1, "LOUD", NOW + 10)],
        ..PersonEvents::of(for_system(user(1)), Vec::new(), NOW + 20)
    };
    place.apply(person).unwrap();
    assert_eq!(place.cell("LOUD", "exposure").0, 1);
    place.happen_at(1, vec![shown(3, Accepted, "LOUD", NOW + 11)], NOW + 20);
    assert_eq!(place.cell("LOUD", "exposure").0, 2, "who comes back is somebody new");
}

#[test]
fn what_happened_while_a_test_was_stopped_never_counts() {
    let place = Place::testing(|_| {});
    place.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
    for (at_ms, to) in [(100, TestMove::Stop), (200, TestMove::Start), (300, TestMove::Stop), (400, TestMove::Start)] {
        place.host.set_now(NOW + at_ms);
        place.go(TEST, to).unwrap();
    }
    place.happen(1, [150, 350].map(|at_ms| event(at_ms as u32, Accepted, NOW + at_ms)).into());
    place.happen(2, vec![shown(2, Viewed, "LOUD", NOW + 150)]);
    assert_eq!((place.cell("LOUD", "accepted").0, place.cell("LOUD", "exposure").0), (0, 1));
    assert_eq!(place.health("late"), 2);
    place.happen(1, [99, 250, 400].map(|at_ms| event(at_ms as u32, Accepted, NOW + at_ms)).into());
    assert_eq!(place.cell("LOUD", "accepted"), (1, 3, 1.0));
}

#[test]
fn reported_outcomes_count_once_and_only_after_an_exposure() {
    let place = Place::testing(|_| {});
    let report = |outcomes, asked| {
        let person = PersonEvents { outcomes, asked, ..PersonEvents::of(for_system(user(1)), Vec::new(), NOW) };
        place.apply(person).unwrap()
    };
    let first = report(vec![stated(1, 1, OutcomeKind::Accepted, NOW)], Vec::new());
    assert_eq!((first.applied, first.unexposed, place.health("unexposed")), (0, 1, 1));
    let second = report(vec![stated(1, 1, OutcomeKind::Accepted, NOW)], vec![asked(1, "LOUD", NOW)]);
    assert_eq!((second.applied, second.unexposed), (1, 0));
    let third = report(vec![stated(1, 1, OutcomeKind::Accepted, NOW)], vec![asked(1, "LOUD", NOW)]);
    assert_eq!((third.applied, third.duplicates), (0, 1));
    assert_eq!((place.cell("LOUD", "exposure").0, place.cell("LOUD", "accepted")), (1, (1, 1, 1.0)));
    place.put("OTHER", definition()).unwrap();
    place.go("OTHER", TestMove::Start).unwrap();
    let other = || {
        (
            vec![StatedOutcome { test_name: "OTHER".to_owned(), ..stated(1, 1, OutcomeKind::Accepted, NOW) }],
            vec![AskedExposure { test_name: "OTHER".to_owned(), ..asked(1, "LOUD", NOW) }],
        )
    };
    for expected in [(1, 0), (0, 1)] {
        let (outcomes, asked) = other();
        let report = report(outcomes, asked);
        assert_eq!((report.applied, report.duplicates), expected, "one id may be reported to two tests, once each");
    }
    let mut event = event(9, Viewed, NOW);
    event.id = stated(1, 1, OutcomeKind::Accepted, NOW).id;
    assert_eq!(place.happen(1, vec![event]).duplicates, 1);
}

#[test]
fn cells_are_of_segments_that_have_an_end() {
    let place =
        Place::testing(|test| test.segments = vec![Segment::Country, Segment::DeviceType, Segment::Personalization]);
    for (number, country, device) in [(1, "GB", "mobile"), (2, "<script>", "mobile"), (3, "UK", "toaster")] {
        let context =
            Context { country: Some(country.to_owned()), device_type: Some(device.to_owned()), ..Context::default() };
        place.happen(number, vec![Interaction { context, ..shown(1, Viewed, "LOUD", NOW) }]);
    }
    let cells = block_on(place.host.statistics_of_test(for_jobs(), HERE, TEST)).unwrap().cells;
    let exposed = cells.iter().filter(|cell| cell.metric == "exposure");
    let segments: Vec<(&str, u64)> = exposed.map(|cell| (&*cell.segment, cell.units)).collect();
    let expected = [
        ("", 3),
        ("country=GB", 1),
        ("country=UK", 1),
        ("device_type=mobile", 2),
        ("device_type=other", 1),
        ("personalization=new", 3),
    ];
    assert_eq!(segments, expected);
}

#[test]
fn what_was_done_before_is_kept_for_the_analysis() {
    let place = Place::testing(|test| test.covariate = Some("accepted_before".to_owned()));
    place.happen(1, (0..60).map(|id| event(id, Accepted, NOW - 5)).collect());
    place.happen(1, vec![shown(100, Viewed, "LOUD", NOW), event(101, Accepted, NOW)]);
    let cells = block_on(place.host.statistics_of_test(for_jobs(), HERE, TEST)).unwrap().cells;
    let of = |metric: &str| cells.iter().find(|cell| cell.metric == metric).unwrap();
    assert_eq!((of("exposure").pre, of("exposure").pre_squares, of("accepted").total_pre), (50.0, 2_500.0, 50.0));
    // A receipt says how it was when it was decided: what came since may come of the variant.
    place.happen(2, (200..210).map(|id| event(id, Accepted, NOW - 5)).collect());
    let mut late = shown(300, Viewed, "CONTROL", NOW);
    let receipt = late.receipt.as_mut().unwrap();
    (receipt.accepted_before, receipt.interactions_before) = (Some(4), Some(6));
    place.happen(2, vec![late]);
    let cells = block_on(place.host.statistics_of_test(for_jobs(), HERE, TEST)).unwrap().cells;
    let control = cells.iter().find(|cell| cell.variant == "CONTROL" && cell.metric == "exposure").unwrap();
    assert_eq!(control.pre, 4.0);
}

#[test]
fn a_receipt_that_does_not_verify_is_counted_and_says_nothing() {
    let place = Place::testing(|test| test.count_without_receipt = Some(false));
    let refused = crate::types::ReceiptFacts { is_refused: true, ..crate::types::ReceiptFacts::default() };
    place.happen(1, vec![Interaction { receipt: Some(refused), ..event(1, Viewed, NOW) }]);
    assert_eq!(place.cell("LOUD", "exposure").0 + place.cell("CONTROL", "exposure").0, 0);
    let health = block_on(place.host.statistics_of_test(for_jobs(), HERE, "")).unwrap().health;
    assert_eq!(health, [("bad_receipt".to_owned(), 1)]);
    let merged = AskedExposure { source: ExposureSource::Merged, ..asked(1, "LOUD", NOW) };
    assert_eq!((merged.variant.as_str(), definition().unit), ("LOUD", UnitKind::User));
}
