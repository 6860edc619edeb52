//! Interactions that bring no receipt: they expose to what was shown, by the token that came with them or where nothing else
//! can have been shown, and to nothing otherwise.

use pollster::block_on;

use super::place::{HERE, NOW, Place, TEST, definition, event, user};
use crate::flows::experiments::definition::{Definition, LayerRange};
use crate::flows::experiments::definitions::TestMove;
use crate::flows::experiments::seals::{Echoed, Receipts};
use crate::flows::experiments::standing::recorded;
use crate::flows::{Asker, Intake, Taken, VariantAnswers, VariantAsk, decide_tests, record_outcome, track, variant};
use crate::ports::{Experiments, Library, People};
use crate::privacy::{for_jobs, for_system};
use crate::types::EventKind::{RecommendationAccepted as Accepted, RecommendationViewed as Viewed};
use crate::types::{Condition, DecidedReason, Interaction, Role, UnitKind};
use crate::wire::RawInteraction;
use nearside_json::read_json;

/// How people are decided for in these tests: enough of them that chance alone puts no arm right.
const PEOPLE: u32 = 24;

fn place(change: impl FnOnce(&mut Definition)) -> Place {
    let mut place = Place::testing(change);
    place.host.set_experiment_keys(vec![b"a secret of the tests".to_vec()]);
    place
}

fn decided(place: &Place, number: u32, token: Option<&str>) -> VariantAnswers {
    let asker = Asker { scope: for_system(user(number)), role: Role::Client };
    let ask = VariantAsk { experiments_token: token.map(str::to_owned), ..VariantAsk::default() };
    block_on(decide_tests(&place.host, &asker, ask)).unwrap()
}

/// What `track` makes of an event that a token came with.
fn carrying(place: &Place, number: u32, token: &str, event: Interaction) -> Interaction {
    let receipts = block_on(Receipts::read(&place.host, &block_on(place.host.pointers()).unwrap())).unwrap();
    let receipt = receipts.carried(user(number), token, Echoed::from(&event), event.occurred_at_ms);
    Interaction { receipt: Some(receipt), ..event }
}

fn exposed(place: &Place) -> u64 {
    place.cell("CONTROL", "exposure").0 + place.cell("LOUD", "exposure").0
}

/// Another share for each variant, a second after the start.
fn reweigh(place: &Place, change: impl FnOnce(&mut Definition)) {
    let mut next = definition();
    change(&mut next);
    (next.variants[0].traffic_percentage, next.variants[1].traffic_percentage) = (5.0, 95.0);
    place.host.set_now(NOW + 1_000);
    place.put(TEST, next).unwrap();
}

#[test]
fn after_a_reweighting_only_a_token_says_what_was_shown() {
    let hash_counts = |test: &mut Definition| test.count_without_receipt = Some(true);
    let place = place(hash_counts);
    let before: Vec<VariantAnswers> = (0..PEOPLE).map(|number| decided(&place, number, None)).collect();
    reweigh(&place, hash_counts);
    let shown: Vec<VariantAnswers> = before
        .iter()
        .zip(0..)
        .map(|(seen, number)| decided(&place, number, seen.experiments_token.as_deref()))
        .collect();
    for number in 0..PEOPLE {
        place.happen(number, vec![event(1, Viewed, NOW + 2_000), event(2, Accepted, NOW + 2_000)]);
    }
    assert_eq!((exposed(&place), place.health("no_receipt")), (0, 2 * u64::from(PEOPLE)));
    let mut of_control = 0;
    for (seen, number) in shown.iter().zip(0..) {
        of_control += u64::from(seen.tests[0].variant == "CONTROL");
        let token = seen.experiments_token.as_deref().unwrap();
        place.happen(number, vec![carrying(&place, number, token, event(3, Accepted, NOW + 2_000))]);
    }
    let arms = (place.cell("CONTROL", "exposure").0, place.cell("CONTROL", "accepted").0, exposed(&place));
    assert_eq!(arms, (of_control, of_control, u64::from(PEOPLE)));
    assert!(of_control > PEOPLE as u64 / 5, "{of_control} of {PEOPLE}: the token holds what the hash gives away");
}

#[test]
fn after_a_login_only_a_token_says_what_was_shown() {
    let place = place(|_| {});
    let mut of_control = 0;
    for number in 0..PEOPLE {
        let visitor = decided(&place, number, None).experiments_token.unwrap();
        let account = number + 100;
        let shown = decided(&place, account, Some(&visitor));
        assert!(matches!(shown.tests[0].reason, DecidedReason::Merged));
        place.happen(account, vec![event(1, Viewed, NOW)]);
        assert_eq!(exposed(&place), u64::from(number), "nothing says whose variant that was");
        let token = shown.experiments_token.unwrap();
        place.happen(account, vec![carrying(&place, account, &token, event(2, Accepted, NOW))]);
        of_control += u64::from(shown.tests[0].variant == "CONTROL");
        assert_eq!((exposed(&place), place.cell("CONTROL", "accepted").0), (u64::from(number) + 1, of_control));
        place.happen(number, vec![event(3, Accepted, NOW)]);
    }
    assert_eq!((exposed(&place), place.health("no_receipt")), (u64::from(PEOPLE), u64::from(PEOPLE)));
    assert_eq!(place.cell("CONTROL", "accepted"), (of_control, 2 * of_control, of_control as f64), "both are one unit");
}

#[test]
fn what_nothing_but_the_hash_can_have_decided_counts_without_either() {
    let on_device = |happened: Interaction| Interaction { device_id: Some("mine".to_owned()), ..happened };
    let counted = |place: &Place, happened: Interaction| {
        place.happen(1, vec![happened]);
        (exposed(place), place.health("no_receipt"))
    };
    let devices = place(|test| test.unit = UnitKind::Device);
    assert_eq!(counted(&devices, on_device(event(1, Viewed, NOW))), (1, 0));
    let people = place(|test| test.count_without_receipt = Some(true));
    assert_eq!(counted(&people, event(1, Viewed, NOW)), (1, 0));
    let eligible: Condition = read_json(br#"{"fact":"context.country","in":["GB"]}"#).unwrap();
    let kept_out: [fn(&mut Definition, Condition); 2] = [
        |test, eligible| test.eligibility = Some(eligible),
        |test, _| test.layer = Some(LayerRange { name: "words".to_owned(), from: 0.0, to: 100.0 }),
    ];
    for (keep_out, expected) in kept_out.into_iter().zip([1, 1]) {
        let place = place(|test| {
            test.unit = UnitKind::Device;
            keep_out(test, eligible.clone());
        });
        let mut here = on_device(event(1, Viewed, NOW));
        here.context.country = Some("GB".to_owned());
        assert_eq!(counted(&place, here), (0, expected), "who it was kept from then, nobody knows");
    }
    let paused = place(|test| test.unit = UnitKind::Device);
    for (at_ms, to) in [(10, TestMove::Stop), (20, TestMove::Start)] {
        paused.host.set_now(NOW + at_ms);
        paused.go(TEST, to).unwrap();
    }
    assert_eq!(counted(&paused, on_device(event(1, Viewed, NOW + 30))), (0, 1));
    let off = place(|test| test.count_without_receipt = Some(false));
    let token = decided(&off, 1, None).experiments_token.unwrap();
    assert_eq!(counted(&off, carrying(&off, 1, &token, event(1, Viewed, NOW))), (0, 0));
}

#[test]
fn a_token_that_is_nobodys_or_from_before_an_erasure_or_of_no_test_exposes_to_nothing() {
    let place = place(|test| test.count_without_receipt = Some(true));
    let token = decided(&place, 1, None).experiments_token.unwrap();
    let bad = || {
        let health = block_on(place.host.statistics_of_test(for_jobs(), HERE, "")).unwrap().health;
        health.first().map_or(0, |(_, count)| *count)
    };
    let forged: String = token.chars().rev().collect();
    for forged in ["", forged.as_str(), &"x".repeat(3_001)] {
        place.happen(1, vec![carrying(&place, 1, forged, event(bad() as u32, Viewed, NOW))]);
    }
    assert_eq!((exposed(&place), bad()), (0, 3));
    block_on(place.host.erase(for_system(user(1)), "receipt", NOW + 10)).unwrap();
    place.happen_at(1, vec![carrying(&place, 1, &token, event(10, Viewed, NOW + 20))], NOW + 20);
    assert_eq!((exposed(&place), bad()), (0, 4));
    place.put("LATER", definition()).unwrap();
    place.go("LATER", TestMove::Start).unwrap();
    let older = decided(&place, 2, None).experiments_token.unwrap();
    place.put("LATEST", Definition { count_without_receipt: Some(true), ..definition() }).unwrap();
    place.go("LATEST", TestMove::Start).unwrap();
    place.happen(2, vec![carrying(&place, 2, &older, event(11, Viewed, NOW))]);
    let latest = block_on(place.host.statistics_of_test(for_jobs(), HERE, "LATEST")).unwrap();
    assert!(latest.cells.is_empty(), "it came after the token");
    assert_eq!(latest.health.last(), Some(&("no_receipt".to_owned(), 1)));
    assert_eq!((exposed(&place), place.health("no_receipt")), (1, 0));
}

#[test]
fn tokens_come_with_events_and_give_way_to_receipts() {
    let place = place(|_| {});
    let answers = decided(&place, 1, None);
    let kept = |id: u32, receipt: Option<&str>, token: Option<&str>| {
        let raw = RawInteraction {
            kind: Some("RECOMMENDATION_VIEWED".to_owned()),
            id: Some(event(id, Viewed, NOW).id),
            target_id: Some("hat".to_owned()),
            category: Some("HATS".to_owned()),
            receipt: receipt.map(str::to_owned),
            experiments_token: token.map(str::to_owned),
            ..RawInteraction::default()
        };
        let intake = vec![Intake { scope: for_system(user(1)), raw: Ok(raw) }];
        let report =
            block_on(track(&place.host, intake, Taken { is_synchronous: true, may_import_old: false })).unwrap();
        assert_eq!(report.accepted, 1);
        let log = block_on(crate::ports::InteractionLog::all(&place.host, for_system(user(1)))).unwrap().1;
        log.into_iter().find(|kept| kept.id == event(id, Viewed, NOW).id).unwrap().receipt
    };
    let (receipt, token) = (answers.receipt.as_deref(), answers.experiments_token.as_deref());
    assert_eq!(kept(1, None, None), None);
    let carried = kept(2, None, token).unwrap();
    assert!(carried.is_carried && carried.tests[0].test_name == TEST);
    assert!(!kept(3, receipt, token).unwrap().is_carried);
    assert!(kept(4, None, Some("x")).unwrap().is_refused);
}

#[test]
fn what_is_recorded_overrules_a_token_and_that_is_counted_once_a_decision() {
    let place = place(|_| {});
    let before: Vec<String> =
        (0..PEOPLE).map(|number| decided(&place, number, None).experiments_token.unwrap()).collect();
    reweigh(&place, |_| {});
    let mut overruled = 0;
    for (token, number) in before.iter().zip(0..) {
        let opened = |receipt: &str, event: Interaction| {
            let receipts = block_on(Receipts::read(&place.host, &block_on(place.host.pointers()).unwrap())).unwrap();
            let receipt = receipts.verified(user(number), receipt, Echoed::from(&event), NOW + 2_000);
            Interaction { receipt: Some(receipt), ..event }
        };
        // On another device, without the token, the hash decides and is recorded first.
        let first = decided(&place, number, None);
        place.happen(number, vec![opened(first.receipt.as_ref().unwrap(), event(1, Viewed, NOW + 2_000))]);
        let carried = decided(&place, number, Some(token));
        assert_eq!(
            (&carried.tests[0].variant, carried.tests[0].reason),
            (&first.tests[0].variant, DecidedReason::Recorded)
        );
        let receipt = carried.receipt.unwrap();
        place.happen(number, [2, 3].map(|id| opened(&receipt, event(id, Viewed, NOW + 2_000))).into());
        overruled += u64::from(first.tests[0].epoch != Some(2));
        let again = decided(&place, number, carried.experiments_token.as_deref()).receipt.unwrap();
        place.happen(number, vec![opened(&again, event(4, Viewed, NOW + 2_000))]);
    }
    let conflicts = place.health("conflict");
    assert!(conflicts > 0 && conflicts <= overruled, "{conflicts} of {overruled}");
    let moved = place.cell("LOUD", "exposure").0;
    assert_eq!(conflicts, moved - before_loud(&place, &before), "those whom the token held in another arm");
}

/// How many carry the loud arm from before a reweighting.
fn before_loud(place: &Place, tokens: &[String]) -> u64 {
    let receipts = block_on(Receipts::read(&place.host, &block_on(place.host.pointers()).unwrap())).unwrap();
    let carries = |(token, number): (&String, u32)| {
        receipts.carried(user(number), token, Echoed::default(), NOW).tests[0].variant == "LOUD"
    };
    tokens.iter().zip(0..).filter(|pair| carries((pair.0, pair.1))).count() as u64
}

#[test]
fn a_token_from_before_an_erasure_is_forgotten_with_the_person() {
    let place = place(|_| {});
    let tokens: Vec<String> =
        (0..PEOPLE).map(|number| decided(&place, number, None).experiments_token.unwrap()).collect();
    reweigh(&place, |_| {});
    place.host.set_now(NOW + 10_000);
    for (token, number) in tokens.iter().zip(0..) {
        assert_eq!(decided(&place, number, Some(token)).tests[0].reason, DecidedReason::Token);
        block_on(place.host.erase(for_system(user(number)), "receipt", NOW + 5_000)).unwrap();
        let back = decided(&place, number, Some(token));
        assert_eq!(back.tests[0].reason, DecidedReason::Hash, "who comes back is somebody new");
        let token = back.experiments_token.unwrap();
        assert_eq!(decided(&place, number, Some(&token)).tests[0].reason, DecidedReason::Token);
    }
}

#[test]
fn an_outcome_of_who_goes_on_somebody_erased_is_said_to_count_nowhere() {
    let place = place(|_| {});
    let asker = |number: u32| Asker { scope: for_system(user(number)), role: Role::Client };
    let token = block_on(variant(&place.host, &asker(1), TEST, VariantAsk::default())).unwrap().experiments_token;
    let ask = || VariantAsk { experiments_token: token.clone(), ..VariantAsk::default() };
    let seen = block_on(variant(&place.host, &asker(2), TEST, ask())).unwrap();
    assert!(seen.counted);
    let report = |number: u32, outcome: &str| {
        let token = token.as_deref().unwrap();
        let request = format!(r#"{{"outcome":"{outcome}","experiments_token":"{token}"}}"#);
        let request = read_json(request.as_bytes()).unwrap();
        let report = block_on(record_outcome(&place.host, &asker(number), TEST, request)).unwrap();
        (report.accepted, report.unexposed, report.variant)
    };
    assert_eq!(report(2, "ACCEPTED"), (1, 0, Some(seen.variant.clone())));
    let accepted = place.cell(&seen.variant, "accepted");
    block_on(place.host.erase(for_system(user(1)), "receipt", NOW + 1)).unwrap();
    assert_eq!(
        report(2, "ACCEPTED"),
        (0, 1, Some(seen.variant.clone())),
        "there is a variant, and nothing to count for"
    );
    assert_eq!(report(3, "VIEWED"), (0, 1, Some(seen.variant.clone())), "nobody goes on who was erased");
    let record = block_on(People::load(&place.host, for_system(user(3)), &[])).unwrap();
    let rows = recorded(user(3), record.assignments_json.as_deref());
    assert_eq!(rows[0].counts_as.as_deref(), Some(""), "nor names them");
    assert_eq!((place.cell(&seen.variant, "accepted"), place.health("unexposed")), (accepted, 1));
}
