//! Properties that hold for any person, any events and any trouble: scores are exactly their reasons, the profile is a
//! fold, the ranking loses nobody, and whatever fails, the answer is a list and never personal without known consent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

#[path = "properties/generate.rs"]
mod generate;
#[path = "properties/models.rs"]
mod models;
#[path = "properties/world.rs"]
mod world;

use std::collections::BTreeSet;

use nearside_engine::flows::{Taken, apply_message, nightly, recommend, refresh, track};
use nearside_engine::pack::Pack;
use nearside_engine::ports::memory::{Fault, Port, Trouble};
use nearside_engine::text::{
    Lexicon, ProtectedKind, Reader, adapt_description, adapt_title, prepare, protected_spans, sentences,
};
use nearside_engine::types::{Decision, Detail, Item, Personalization};
use nearside_tests::folders;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

use generate::{a_context, a_crowded_log, a_log, a_pack_change, an_old_log, some_clicks, some_stated, some_trouble};
use world::{IMPORTED, World, close, now, sorted_ids};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(2_026), failure_persistence: None, ..ProptestConfig::default() }
}

fn bytes_of(decision: &Decision) -> String {
    serde_json::to_string(decision).unwrap()
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn every_score_is_the_exact_sum_of_its_terms_times_its_factors(
        log in a_log(60), stated in some_stated(), change in a_pack_change(), context in a_context(),
    ) {
        let world = World::with(&change);
        world.says(&stated);
        world.lives(&log);
        let decision = world.recommends(&context, 50);
        prop_assert!(!decision.items.is_empty());
        for item in &decision.items {
            let sum: f64 = item.terms.iter().flatten().map(|term| term.contribution).sum();
            let product: f64 = item.factors.iter().flatten().map(|factor| factor.multiplier).product();
            prop_assert!((sum * product - item.score.unwrap()).abs() < 1e-9, "{item:?}");
            prop_assert!((0.1 - 1e-9..=2.0 + 1e-9).contains(&product), "{product}");
            for term in item.terms.iter().flatten() {
                prop_assert!((term.value * term.weight - term.contribution).abs() < 1e-12);
                prop_assert!(term.value.is_finite() && term.contribution >= -10.0, "{term:?}");
            }
        }
        let scores: Vec<f64> = decision.items.iter().map(|item| item.score.unwrap()).collect();
        prop_assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]), "{scores:?}");
    }

    #[test]
    fn the_ranking_is_a_permutation_of_the_eligible_items_less_what_is_hidden(
        log in a_log(60), stated in some_stated(), context in a_context(),
    ) {
        let world = World::with(&Value::Null);
        world.says(&stated);
        world.lives(&log);
        let all = world.shows_everything(&context, 50);
        let shown = world.recommends(&context, 50);
        prop_assert_eq!(sorted_ids(&all), world.eligible(&all, &context, &stated));
        let (all_ids, shown_ids) = (sorted_ids(&all), sorted_ids(&shown));
        prop_assert!(shown_ids.iter().all(|id| all_ids.contains(id)));
        prop_assert!(!shown_ids.is_empty());
        let distinct: BTreeSet<&String> = shown_ids.iter().collect();
        prop_assert_eq!(distinct.len(), shown_ids.len());
        if shown.personalization == Personalization::Building {
            prop_assert_eq!(&shown_ids, &all_ids);
        }
        // The short list is the beginning of the long one, and what stays has kept its order.
        let long: Vec<&str> = shown.items.iter().map(|item| item.id.as_str()).collect();
        let short = world.recommends(&context, 3);
        let short: Vec<&str> = short.items.iter().map(|item| item.id.as_str()).collect();
        prop_assert_eq!(&short[..], &long[..short.len()]);
    }

    #[test]
    fn any_order_duplication_and_delay_of_events_gives_the_same_profile(
        log in a_log(50), seed in any::<u64>(), cut in 1_usize..20,
    ) {
        let straight = World::with(&Value::Null);
        straight.lives(&log);
        let crooked = World::with(&Value::Null);
        let (shuffled, repeated) = generate::disturbed(&log, seed);
        for part in shuffled.chunks(cut) {
            crooked.lives(part);
        }
        crooked.lives(&repeated);
        prop_assert_eq!(straight.logged(), crooked.logged());
        if let Err(difference) = close(&straight.state(), &crooked.state(), "state") {
            prop_assert!(false, "{difference}");
        }
    }

    #[test]
    fn the_stored_profile_is_the_one_rebuilt_from_the_log(log in a_log(50), cut in 1_usize..20) {
        let world = World::with(&Value::Null);
        for part in log.chunks(cut) {
            world.lives(part);
        }
        let stored = world.state();
        now(refresh(&world.memory, &world.asker)).unwrap();
        if let Err(difference) = close(&stored, &world.state(), "state") {
            prop_assert!(false, "{difference}");
        }
    }

    #[test]
    fn the_queue_gives_the_profile_that_applying_at_once_gives(log in a_log(40), cut in 1_usize..10) {
        let at_once = World::with(&Value::Null);
        at_once.lives(&log);
        let queued = World::with(&Value::Null);
        for part in log.chunks(cut) {
            let how = Taken { is_synchronous: false, ..IMPORTED };
            now(track(&queued.memory, queued.intake(part), how)).unwrap();
        }
        let messages = queued.memory.take_queue();
        for text in messages.iter().rev().chain(&messages) {
            now(apply_message(&queued.memory, serde_json::from_str(text).unwrap())).unwrap();
        }
        prop_assert_eq!(at_once.logged(), queued.logged());
        if let Err(difference) = close(&at_once.state(), &queued.state(), "state") {
            prop_assert!(false, "{difference}");
        }
    }

    #[test]
    fn pending_interactions_rank_as_applied_ones(log in a_log(30), clicks in some_clicks(5), context in a_context()) {
        let world = World::with(&Value::Null);
        world.lives(&log);
        let before = world.recommends_with_pending(&context, &clicks);
        world.lives(&clicks);
        let after = world.recommends(&context, 50);
        prop_assert_eq!(before.items.len(), after.items.len());
        for (left, right) in before.items.iter().zip(&after.items) {
            prop_assert!((left.score.unwrap() - right.score.unwrap()).abs() < 1e-9, "{left:?} {right:?}");
        }
    }

    #[test]
    fn the_same_person_gets_the_same_bytes(log in a_log(40), stated in some_stated(), context in a_context()) {
        let answer = || {
            let world = World::with(&Value::Null);
            world.says(&stated);
            world.lives(&log);
            bytes_of(&world.recommends(&context, 20))
        };
        prop_assert_eq!(answer(), answer());
    }

    #[test]
    fn an_explanation_has_the_score_of_the_list(log in a_log(30), stated in some_stated()) {
        let world = World::with(&Value::Null);
        world.says(&stated);
        world.lives(&log);
        let decision = world.recommends(&Value::Null, 50);
        let item = &decision.items[0];
        let explained = world.explains(&item.id);
        prop_assert_eq!(explained.rank, Some(1));
        prop_assert_eq!(explained.score, item.score);
        let terms: Vec<_> = explained.terms.unwrap().into_iter().map(|term| term.term).collect();
        prop_assert_eq!(Some(terms), item.terms.clone());
    }
}

proptest! {
    #![proptest_config(config(12))]

    #[test]
    fn what_a_profile_keeps_of_too_much_does_not_depend_on_the_order(log in a_crowded_log(), seed in any::<u64>()) {
        let straight = World::with(&Value::Null);
        straight.lives(&log);
        let crooked = World::with(&Value::Null);
        let (shuffled, repeated) = generate::disturbed(&log, seed);
        for part in shuffled.chunks(40).chain([&repeated[..]]) {
            crooked.lives(part);
        }
        if let Err(difference) = close(&straight.state(), &crooked.state(), "state") {
            prop_assert!(false, "{difference}");
        }
    }

    #[test]
    fn a_night_that_retires_old_interactions_changes_no_profile(log in an_old_log(60), later in some_clicks(5)) {
        let world = World::with(&Value::Null);
        world.lives(&log);
        let (stored, logged) = (world.state(), world.logged());
        let report = now(nightly(&world.memory));
        prop_assert!(report.failed.is_empty(), "{report:?}");
        prop_assert_eq!(report.checkpointed > 0, world.logged() < logged);
        now(refresh(&world.memory, &world.asker)).unwrap();
        if let Err(difference) = close(&stored, &world.state(), "state") {
            prop_assert!(false, "after the night: {difference}");
        }
        world.lives(&later);
        let live = world.state();
        now(nightly(&world.memory));
        now(refresh(&world.memory, &world.asker)).unwrap();
        if let Err(difference) = close(&live, &world.state(), "state") {
            prop_assert!(false, "after another: {difference}");
        }
    }
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn whatever_fails_the_answer_is_a_list_and_personal_only_with_known_consent(
        log in a_log(12), trouble in some_trouble(), says_yes in any::<bool>(), is_cold in any::<bool>(),
    ) {
        let world = World::with(&Value::Null);
        world.lives(&log);
        let general = sorted_ids(&world.general(50));
        if !says_yes {
            world.objects();
        }
        if is_cold {
            world.memory.cache.borrow_mut().clear();
        }
        world.memory.order(trouble.clone());
        let answered = now(recommend(&world.memory, &world.asker, world.request(&Value::Null, 50)));
        let calls = world.memory.calls();
        match answered {
            Ok(decision) => {
                let is_consent_lost = trouble.iter().any(|fault| hits(fault, &calls, "people.load"));
                prop_assert!(decision.personalization == Personalization::None || (says_yes && !is_consent_lost));
                if decision.personalization == Personalization::None {
                    prop_assert!(decision.items.iter().all(|item| item.score.is_none() && item.terms.is_none()));
                    // A catalogue that a cold isolate cannot read leaves nothing to list, and is named.
                    let has_catalogue = !decision.degraded.iter().any(|part| part == "catalog" || part == "pack");
                    prop_assert!(has_catalogue || is_cold);
                    prop_assert!(!has_catalogue || sorted_ids(&decision) == general);
                }
            }
            Err(refusal) => prop_assert!(false, "{refusal:?} {calls:?}"),
        }
    }

    #[test]
    fn whatever_fails_while_tracking_each_acknowledged_event_counts_once(log in a_log(10), trouble in some_trouble()) {
        let world = World::with(&Value::Null);
        world.memory.order(trouble);
        let first = now(track(&world.memory, world.intake(&log), Taken { is_synchronous: false, ..IMPORTED }));
        world.memory.order(Vec::new());
        let is_acknowledged = first.is_ok_and(|report| usize::try_from(report.accepted).unwrap() == log.len());
        if !is_acknowledged {
            // The client sends again what it has not seen acknowledged.
            now(track(&world.memory, world.intake(&log), IMPORTED)).unwrap();
        }
        for text in world.memory.take_queue() {
            now(apply_message(&world.memory, serde_json::from_str(&text).unwrap())).unwrap();
        }
        let expected = World::with(&Value::Null);
        expected.lives(&log);
        prop_assert_eq!(world.logged(), log.len());
        if let Err(difference) = close(&expected.state(), &world.state(), "state") {
            prop_assert!(false, "{difference}");
        }
    }
}

/// True when the fault took a call of this name away.
fn hits(fault: &Fault, calls: &[String], name: &str) -> bool {
    let is_down = matches!(fault.trouble, Trouble::Down | Trouble::AnswerLost);
    let at = |port: Option<Port>| -> Vec<&String> {
        calls.iter().filter(|call| port.is_none() || call.starts_with("people.")).collect()
    };
    is_down
        && matches!(fault.port, None | Some(Port::People))
        && match fault.call {
            None => true,
            Some(call) => at(fault.port).get(call as usize - 1).is_some_and(|call| call.as_str() == name),
        }
}

#[test]
fn every_single_call_of_a_recommendation_may_fail() {
    for trouble in [Trouble::Down, Trouble::AnswerLost] {
        for call in 1..=12 {
            let world = World::with(&Value::Null);
            world.memory.order(vec![Fault { port: None, call: Some(call), trouble }]);
            let decision = now(recommend(&world.memory, &world.asker, world.request(&Value::Null, 50)));
            assert!(!decision.unwrap().items.is_empty(), "{trouble:?} at call {call}");
        }
    }
}

#[test]
fn a_queue_that_takes_a_part_leaves_nothing_behind() {
    let world = World::with(&Value::Null);
    let log = generate::many_clicks(1_000);
    world.memory.order(vec![Fault { port: Some(Port::Queue), call: None, trouble: Trouble::TakesOne }]);
    let how = Taken { is_synchronous: false, ..IMPORTED };
    let report = now(track(&world.memory, world.intake(&log), how)).unwrap();
    assert_eq!((report.accepted, report.degraded), (1_000, vec!["queue".to_owned()]));
    let messages = world.memory.take_queue();
    assert_eq!(messages.len(), 1, "the events must fill more than one message");
    assert!((1..1_000).contains(&world.logged()), "{} applied at once", world.logged());
    now(apply_message(&world.memory, serde_json::from_str(&messages[0]).unwrap())).unwrap();
    assert_eq!(world.logged(), 1_000);
}

/// Every sentence with a warning or a condition is shown whole, and the protected spans of what is shown stand in the
/// order of the text, for every item of the finance catalogue and readers of every kind.
#[test]
fn protected_spans_of_a_real_catalogue_survive_every_adaptation() {
    let finance = folders::pack("finance");
    let pack: Pack = serde_json::from_value(finance["pack"].clone()).unwrap();
    let items: Vec<Item> = serde_json::from_value(finance["items"].clone()).unwrap();
    let lexicon = Lexicon::new(&pack);
    let explanations: Vec<String> = pack.glossary.iter().map(|entry| format!(" ({})", entry.short)).collect();
    let bare = |shown: &str| explanations.iter().fold(shown.to_owned(), |text, inserted| text.replace(inserted, ""));
    let mut sentences_kept = 0;
    for item in &items {
        let prepared = prepare(&item.title, &item.description, &lexicon);
        for detail in [Detail::Concise, Detail::Moderate, Detail::Detailed] {
            for (literacy, country) in [(1.0, Some("GB")), (1.0, Some("ZA")), (5.0, None), (10.0, Some("GB"))] {
                let reader = Reader { literacy, detail, country };
                let shown = bare(&adapt_description(item, &prepared, &reader, &lexicon, &pack.words));
                let mut from = 0;
                for range in sentences(&item.description, &lexicon) {
                    let sentence = item.description[range].trim();
                    let spans = protected_spans(sentence, &lexicon);
                    let must_stay =
                        spans.iter().any(|span| matches!(span.kind, ProtectedKind::Warning | ProtectedKind::Condition));
                    match shown[from..].find(bare(sentence).as_str()) {
                        Some(at) => {
                            from += at + bare(sentence).len();
                            sentences_kept += usize::from(must_stay);
                        }
                        None => assert!(!must_stay, "{} {detail:?}: {sentence:?} is lost in {shown:?}", item.id),
                    }
                }
                let title = bare(&adapt_title(item, &prepared, &reader, &lexicon));
                assert_eq!(title, bare(&item.title));
            }
        }
    }
    assert!(sentences_kept > 500, "{sentences_kept} sentences had to stay");
}
