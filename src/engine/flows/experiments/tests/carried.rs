//! What clients carry: an answer's receipt and token come back, and nobody else's do.

use pollster::block_on;

use super::place::{HERE, NOW, Place, TEST, definition, event, user};
use crate::flows::experiments::definition::{Definition, LayerRange};
use crate::flows::experiments::definitions::TestMove;
use crate::flows::experiments::live::{Ids, live_experiments};
use crate::flows::experiments::seals::{Echoed, Seals, Shown, sealed_test};
use crate::flows::experiments::standing::{Standing, recorded};
use crate::flows::{
    Asker, Intake, Taken, VariantAnswers, VariantAsk, decide_tests, evaluate_all, evaluate_one, recommend,
    record_outcome, track, variant,
};
use crate::ports::memory::{Fault, Port, Trouble};
use crate::ports::{Experiments, Library, People};
use crate::privacy::{for_jobs, for_system};
use crate::types::{
    Context, DAY_MS, DecidedItem, DecidedReason, Environment, EventKind, Interaction, Item, Role, UnitKind, UserId,
};
use crate::wire::{Candidate, RawInteraction, RecommendRequest};
use nearside_json::read_json;

fn place(change: impl FnOnce(&mut Definition)) -> Place {
    let mut place = Place::testing(change);
    place.host.set_experiment_keys(vec![b"a secret of the tests".to_vec()]);
    place
}

fn asker(number: u32) -> Asker {
    Asker { scope: for_system(user(number)), role: Role::Client }
}

fn ask(token: Option<&str>) -> VariantAsk {
    VariantAsk {
        context: Context::default(),
        session_id: None,
        device_id: None,
        experiments_token: token.map(str::to_owned),
    }
}

fn decided(place: &Place, number: u32, token: Option<&str>) -> VariantAnswers {
    block_on(decide_tests(&place.host, &asker(number), ask(token))).unwrap()
}

/// The first person who sees a variant.
fn who_sees(place: &Place, wanted: &str) -> u32 {
    (0..64).find(|number| decided(place, *number, None).tests[0].variant == wanted).unwrap()
}

fn hat() -> Item {
    read_json(br#"{"id":"hat","category":"HATS","kind":"article","title":"A hat","description":"It is warm."}"#)
        .unwrap()
}

fn list() -> RecommendRequest {
    RecommendRequest { candidates: Some(vec![Candidate::Item(Box::new(hat()))]), ..RecommendRequest::default() }
}

fn opened(place: &Place, whose: UserId, receipt: &str, event: &Interaction, now_ms: i64) -> Option<usize> {
    let pointers = block_on(place.host.pointers()).unwrap();
    let live = block_on(live_experiments(&place.host, HERE, &pointers)).unwrap();
    let facts = Seals::of(&place.host).open_receipt(whose, receipt, Echoed::from(event), &live, now_ms)?;
    Some(facts.tests.len())
}

#[test]
fn an_answer_names_its_test_shows_its_words_and_seals_both() {
    let place = place(|_| {});
    let number = who_sees(&place, "LOUD");
    let answer = block_on(recommend(&place.host, &asker(number), list())).unwrap();
    assert_eq!(answer.items[0].title.as_deref(), Some("Look: A hat"));
    assert_eq!(answer.items[0].framing, ["BENEFIT:LOUD"]);
    let named = &answer.experiments[0];
    assert_eq!((named.test_name.as_str(), named.variant.as_str(), named.reason), (TEST, "LOUD", DecidedReason::Hash));
    let receipt = answer.receipt.unwrap();
    let seen = |position: Option<u32>| Interaction { position, ..event(1, EventKind::RecommendationViewed, NOW) };
    assert_eq!(opened(&place, user(number), &receipt, &seen(Some(1)), NOW), Some(1));
    assert_eq!(opened(&place, user(number), &receipt, &seen(None), NOW + 29 * DAY_MS), Some(1));
    for (whose, event, now_ms) in [
        (user(number + 1), seen(Some(1)), NOW),
        (user(number), seen(Some(2)), NOW),
        (user(number), Interaction { target_id: Some("scarf".to_owned()), ..seen(None) }, NOW),
        (user(number), seen(Some(1)), NOW + 31 * DAY_MS),
        (user(number), seen(Some(1)), NOW - DAY_MS),
    ] {
        assert_eq!(opened(&place, whose, &receipt, &event, now_ms), None);
    }
    let turned: String = receipt.chars().rev().collect();
    assert_eq!(opened(&place, user(number), &turned, &seen(Some(1)), NOW), None);
}

#[test]
fn a_test_whose_words_could_change_nothing_is_not_in_the_receipt() {
    let place = place(|_| {});
    let nothing = RecommendRequest { candidates: Some(Vec::new()), ..RecommendRequest::default() };
    let answer = block_on(recommend(&place.host, &asker(1), nothing)).unwrap();
    let any = Interaction { target_id: None, ..event(1, EventKind::SessionStarted, NOW) };
    assert_eq!(answer.experiments.len(), 1);
    assert_eq!(opened(&place, user(1), &answer.receipt.unwrap(), &any, NOW), Some(0));
}

#[test]
fn the_general_order_without_keys_and_without_consent_carries_nothing() {
    let place = Place::testing(|_| {});
    let answer = block_on(recommend(&place.host, &asker(1), list())).unwrap();
    assert_eq!((answer.experiments.len(), answer.experiments_token, answer.receipt), (1, None, None));
    place.host.set_enabled(false);
    let answer = block_on(recommend(&place.host, &asker(1), list())).unwrap();
    assert_eq!((answer.experiments.len(), answer.experiments_token, answer.receipt), (0, None, None));
}

#[test]
fn a_token_is_worth_something_to_who_holds_it_and_to_who_logs_in() {
    let place = place(|_| {});
    let first = decided(&place, 7, None);
    let token = first.experiments_token.clone().unwrap();
    let reason = |answers: &VariantAnswers| answers.tests[0].reason;
    assert_eq!(reason(&first), DecidedReason::Hash);
    assert_eq!(reason(&decided(&place, 7, Some(&token))), DecidedReason::Token);
    let other =
        (8..64).find(|number| decided(&place, *number, None).tests[0].variant != first.tests[0].variant).unwrap();
    let merged = decided(&place, other, Some(&token));
    assert_eq!((merged.tests[0].variant.as_str(), reason(&merged)), (&*first.tests[0].variant, DecidedReason::Merged));
    // What is carried on says so too, until it is recorded.
    let again = decided(&place, other, merged.experiments_token.as_deref());
    assert_eq!((again.tests[0].variant.as_str(), reason(&again)), (&*first.tests[0].variant, DecidedReason::Merged));
    let used = block_on(variant(&place.host, &asker(other), TEST, ask(again.experiments_token.as_deref()))).unwrap();
    assert_eq!((used.variant, used.counted), (first.tests[0].variant.clone(), true));
    let record = block_on(People::load(&place.host, for_system(user(other)), &[])).unwrap();
    let rows = recorded(user(other), record.assignments_json.as_deref());
    assert_eq!(rows[0].counts_as, Some(user(7).to_string()));
    assert_eq!(reason(&decided(&place, other, None)), DecidedReason::Recorded);
}

#[test]
fn a_draft_is_in_no_list() {
    let place = place(|_| {});
    place.put("DRAFTED", definition()).unwrap();
    let names: Vec<String> = decided(&place, 1, None).tests.into_iter().map(|answer| answer.test_name).collect();
    assert_eq!(names, [TEST]);
    let flags = block_on(evaluate_all(&place.host, &asker(1), ask(None))).unwrap().flags;
    assert_eq!(flags.len(), 1);
}

#[test]
fn a_login_leaves_at_most_one_test_of_a_layer() {
    let half = |from: f64| Some(LayerRange { name: "words".to_owned(), from, to: from + 50.0 });
    let place = place(|test| (test.framing, test.layer) = (None, half(0.0)));
    place.put("OTHER", Definition { layer: half(50.0), framing: None, ..definition() }).unwrap();
    place.go("OTHER", TestMove::Start).unwrap();
    let sees = |name: &str| {
        let counts = |number: &u32| {
            decided(&place, *number, None).tests.iter().any(|answer| answer.test_name == name && answer.counted)
        };
        (0..64).find(counts).unwrap()
    };
    let (first, second) = (sees(TEST), sees("OTHER"));
    let token = decided(&place, first, None).experiments_token.unwrap();
    block_on(variant(&place.host, &asker(second), "OTHER", ask(None))).unwrap();
    let merged = decided(&place, second, Some(&token)).tests;
    let reasons: Vec<(&str, DecidedReason)> = merged.iter().map(|one| (&*one.test_name, one.reason)).collect();
    assert_eq!(reasons, [("OTHER", DecidedReason::Recorded), (TEST, DecidedReason::OtherLayer)]);
}

#[test]
fn a_receipt_of_what_was_taken_over_names_the_unit_before() {
    let place = place(|_| {});
    let pointers = block_on(place.host.pointers()).unwrap();
    let live = block_on(live_experiments(&place.host, HERE, &pointers)).unwrap();
    let seals = Seals::of(&place.host);
    let id = live.definition(TEST).unwrap().id(HERE);
    let shown = |before: Option<UserId>| Shown {
        decided_at_ms: NOW,
        done_before: [0, 0],
        model_version: "",
        pack_version: "",
        tests: vec![sealed_test(id, (UnitKind::User, ""), 2, 1, before.is_some())],
        before,
        items: &[],
    };
    let event = event(1, EventKind::Clicked, NOW);
    let merged = seals.receipt(user(1), &shown(Some(user(7)))).unwrap();
    let facts = seals.open_receipt(user(1), &merged, Echoed::from(&event), &live, NOW).unwrap();
    assert_eq!(facts.tests[0].counts_as, Some(user(7).to_string()));
    let (sealed, _) = merged.split_once('.').unwrap();
    let other = format!("{sealed}.{}", user(8).to_string().replace('-', ""));
    for forged in [sealed, other.as_str()] {
        assert_eq!(seals.open_receipt(user(1), forged, Echoed::from(&event), &live, NOW), None);
    }
    let plain = seals.receipt(user(1), &shown(None)).unwrap();
    assert_eq!(seals.open_receipt(user(1), &plain, Echoed::from(&event), &live, NOW).unwrap().tests[0].counts_as, None);
    assert!(DecidedItem::default().framing.is_empty());
}

#[test]
fn one_environment_opens_nothing_of_the_other() {
    let place = place(|_| {});
    let token = decided(&place, 7, None).experiments_token.unwrap();
    let here = Seals::of(&place.host);
    place.host.set_environment(Environment::Test);
    let there = Seals::of(&place.host);
    assert!(here.open_token(&token).is_some());
    assert!(there.open_token(&token).is_none());
}

#[test]
fn a_receipt_speaks_to_the_session_or_device_that_it_was_decided_for() {
    for kind in [UnitKind::Session, UnitKind::Device] {
        let place = place(|test| (test.unit, test.framing) = (kind, None));
        let id = Some("mine".to_owned());
        let session_id = id.clone().filter(|_| kind == UnitKind::Session);
        let ask = VariantAsk { session_id, device_id: id.filter(|_| kind == UnitKind::Device), ..ask(None) };
        let receipt = block_on(decide_tests(&place.host, &asker(1), ask)).unwrap().receipt.unwrap();
        let tracked = |id: u32, unit: Option<&str>| {
            let unit = unit.map(str::to_owned);
            let raw = RawInteraction {
                kind: Some("PURCHASED".to_owned()),
                id: Some(event(id, EventKind::Purchased, NOW).id),
                target_id: Some("hat".to_owned()),
                category: Some("HATS".to_owned()),
                session_id: unit.clone().filter(|_| kind == UnitKind::Session),
                device_id: unit.filter(|_| kind == UnitKind::Device),
                receipt: Some(receipt.clone()),
                ..RawInteraction::default()
            };
            let how = Taken { is_synchronous: true, may_import_old: false };
            let intake = vec![Intake { scope: for_system(user(1)), raw: Ok(raw) }];
            let report = block_on(track(&place.host, intake, how)).unwrap();
            let health = block_on(place.host.statistics_of_test(for_jobs(), HERE, "")).unwrap().health;
            let exposed = place.cell("LOUD", "exposure").0 + place.cell("CONTROL", "exposure").0;
            (report.accepted, exposed, health.first().map_or(0, |(_, count)| *count))
        };
        assert_eq!(tracked(1, Some("another")), (1, 0, 1), "the event is logged all the same");
        assert_eq!(tracked(2, None), (1, 0, 2));
        assert_eq!(tracked(3, Some("mine")), (1, 1, 2));
        let member = if kind == UnitKind::Session { "session_id" } else { "device_id" };
        let report = |unit: &str| {
            let request = format!(r#"{{"outcome":"ACCEPTED","receipt":"{receipt}","{member}":"{unit}"}}"#);
            let request = read_json(request.as_bytes()).unwrap();
            let report = block_on(record_outcome(&place.host, &asker(1), TEST, request)).unwrap();
            (report.accepted, report.unexposed)
        };
        assert_eq!((report("forged"), report("mine")), ((0, 1), (1, 0)));
        let health = block_on(place.host.statistics_of_test(for_jobs(), HERE, "")).unwrap().health;
        assert_eq!(health, [("bad_receipt".to_owned(), 3)]);
    }
}

#[test]
fn a_session_test_sticks_to_its_session() {
    let place = place(|test| test.unit = UnitKind::Session);
    let pointers = block_on(place.host.pointers()).unwrap();
    let live = block_on(live_experiments(&place.host, HERE, &pointers)).unwrap();
    let seals = Seals::of(&place.host);
    let of = |session: &str, token: Option<&str>| {
        let session_id = Some(session.to_owned());
        let ask = VariantAsk { session_id, ..ask(token) };
        block_on(decide_tests(&place.host, &asker(1), ask)).unwrap()
    };
    let token = of("s1", None).experiments_token.unwrap();
    assert_eq!(of("s1", Some(&token)).tests[0].reason, DecidedReason::Token);
    assert_eq!(of("s2", Some(&token)).tests[0].reason, DecidedReason::Hash);
    assert_eq!(decided(&place, 1, Some(&token)).tests[0].reason, DecidedReason::NoUnit);
    let logged_in = VariantAsk { session_id: Some("s1".to_owned()), ..ask(Some(&token)) };
    let logged_in = block_on(decide_tests(&place.host, &asker(2), logged_in)).unwrap();
    assert_eq!(logged_in.tests[0].reason, DecidedReason::Token, "the session is the same one");
    let ids = Ids { session: Some("s1"), ..Ids::default() };
    let standing = Standing::new(&live, user(1), ids, Vec::new(), Some("~~.~"), &seals);
    assert!(format!("{standing:?}").contains("rows: []"));
}

#[test]
fn whatever_is_down_the_answer_is_control_and_flags_say_that_nothing_is_known() {
    let place = place(|_| {});
    let down = |port| vec![Fault { port: Some(port), call: None, trouble: Trouble::Down }];
    place.host.order(down(Port::People));
    let answer = block_on(variant(&place.host, &asker(1), TEST, ask(None))).unwrap();
    assert_eq!((answer.variant.as_str(), answer.reason, answer.counted), ("CONTROL", DecidedReason::Degraded, false));
    assert!(block_on(evaluate_one(&place.host, &asker(1), TEST, ask(None))).is_err());
    place.host.order(down(Port::Interactions));
    let answer = block_on(variant(&place.host, &asker(1), TEST, ask(None))).unwrap();
    assert_eq!((answer.reason, answer.counted), (DecidedReason::Hash, false), "what cannot be recorded does not count");
    place.host.order(Vec::new());
    let flags = block_on(evaluate_all(&place.host, &asker(1), ask(None))).unwrap();
    assert_eq!((flags.flags[0].key.as_str(), flags.flags[0].reason), (TEST, "SPLIT"));
    assert!(block_on(evaluate_one(&place.host, &asker(1), "NONE", ask(None))).unwrap().is_none());
}

#[test]
fn a_token_of_one_test_carries_what_was_known_of_the_others() {
    let place = place(|test| test.framing = None);
    place.put("OTHER", Definition { framing: None, ..definition() }).unwrap();
    place.go("OTHER", TestMove::Start).unwrap();
    let known = decided(&place, 1, None).experiments_token.unwrap();
    let of_one =
        |token| block_on(variant(&place.host, &asker(1), TEST, ask(token))).unwrap().experiments_token.unwrap();
    assert_eq!(of_one(Some(&known)).len(), known.len(), "a client keeps the latest token");
    assert!(of_one(None).len() < known.len(), "what is not known yet is not made up");
}
