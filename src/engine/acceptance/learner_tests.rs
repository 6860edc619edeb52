//! What the learner promises: additive to the last term, the same on every run, unmoved by hostile input, brought back
//! from its state, and nearly as good as knowing the truth.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use nearside_json::{read_json, write_json};

use super::*;
use crate::math::hash64;
use crate::types::Trace;

/// The state after `made_up(0..40)` with 8 bits, as version 1 writes it.
const GOLDEN: &str = include_str!("learner_v1.golden");

/// A number in 0..1 that looks like chance and never changes.
fn chance(stream: &str, index: u32) -> f64 {
    hash64(&[stream, &index.to_string()]) as f64 / u64::MAX as f64
}

/// An event of a made-up world: three categories and two numbers, and the true logit.
fn event(index: u32) -> (FeatureRow, f64) {
    let job = (chance("job", index) * 6.0) as usize;
    let month = index / 2_000 % 4;
    let (age, rate) = (18.0 + 60.0 * chance("age", index), 5_000.0 + 200.0 * chance("rate", index));
    let contact = ["phone", "post"][usize::from(chance("contact", index) < 0.4)];
    let mut row = FeatureRow::new();
    row.category("job", ["student", "nurse", "clerk", "farmer", "retired", "none"][job]);
    row.category("month", &month.to_string());
    row.category("contact", contact);
    row.number("age", age);
    row.number("rate", rate);
    let truth = [0.8, -0.5, 0.0, -0.9, 0.4, 0.2][job] - 1.2 + 0.006 * (rate - 5_100.0);
    (row, truth + if contact == "phone" { 0.7 } else { -0.4 })
}

fn happens(index: u32, logit: f64) -> bool {
    chance("answer", index) < 1.0 / (1.0 + libm::exp(-logit))
}

/// A learner after events of the made-up world.
fn made_up(bits: u8, events: std::ops::Range<u32>) -> OnlineLearner {
    let mut learner = OnlineLearner::new(bits).unwrap();
    for index in events {
        let (row, logit) = event(index);
        learner.learn(&row, happens(index, logit));
    }
    learner
}

#[test]
fn the_terms_sum_to_the_logit() {
    let learner = made_up(8, 0..3_000);
    for index in 3_000..3_500 {
        let (row, _) = event(index);
        let mut trace = Trace::default();
        let explained = learner.explain(&row, &mut trace);
        assert_eq!(explained, learner.predict(&row));
        let sum: f64 = trace.terms.iter().map(|term| term.contribution).sum();
        assert!((sum - explained.logit).abs() < 1e-9, "{sum} against {}", explained.logit);
        assert!(trace.terms.iter().all(|term| (term.value * term.weight - term.contribution).abs() < 1e-12));
        assert_eq!((trace.terms.len(), trace.terms[0].name.as_str()), (row.len() + 1, "intercept"));
        assert!(trace.factors.is_empty());
    }
}

#[test]
fn it_learns_nearly_what_can_be_known() {
    let mut learner = OnlineLearner::new(OnlineLearner::USUAL_BITS).unwrap();
    let (mut loss, mut least) = (0.0, 0.0);
    for index in 0..20_000 {
        let (row, logit) = event(index);
        let accepted = happens(index, logit);
        let learned = learner.learn(&row, accepted);
        if index >= 4_000 {
            loss += learned.loss / 16_000.0;
            least += (libm::log1p(libm::exp(logit)) - if accepted { logit } else { 0.0 }) / 16_000.0;
        }
    }
    assert!(loss - least < 0.006, "{loss} against {least} of the truth");
}

#[test]
fn a_changed_world_is_followed_and_rings() {
    let mut learner = made_up(12, 0..5_000);
    let mut rings = Vec::new();
    let (mut late, mut least) = (0.0, 0.0);
    for index in 5_000..8_000 {
        let (row, logit) = event(index);
        let logit = logit + 2.5;
        let accepted = happens(index, logit);
        let learned = learner.learn(&row, accepted);
        rings.extend(learned.drift.map(|drift| (index, drift)));
        if index >= 6_000 {
            late += learned.loss / 2_000.0;
            least += (libm::log1p(libm::exp(logit)) - if accepted { logit } else { 0.0 }) / 2_000.0;
        }
    }
    assert!(rings[0].0 < 5_500 && rings[0].1 == Drift::MoreAccepted, "{rings:?}");
    assert!(late - least < 0.015, "{late} against {least} of the truth");
}

#[test]
fn the_order_of_features_makes_no_difference() {
    let (mut forwards, mut backwards) = (OnlineLearner::new(10).unwrap(), OnlineLearner::new(10).unwrap());
    for index in 0..500 {
        let values = [("a", chance("a", index)), ("b", chance("b", index)), ("c", 1e6 * chance("c", index))];
        let (mut row, mut other) = (FeatureRow::new(), FeatureRow::new());
        row.category("job", ["x", "y"][(index % 2) as usize]);
        values.iter().for_each(|(name, number)| row.number(name, *number));
        values.iter().rev().for_each(|(name, number)| other.number(name, *number));
        other.category("job", ["x", "y"][(index % 2) as usize]);
        let accepted = chance("order", index) < 0.2;
        assert_eq!(forwards.learn(&row, accepted), backwards.learn(&other, accepted));
    }
    assert_eq!(forwards, backwards);
}

#[test]
fn hostile_numbers_leave_every_figure_finite() {
    let hostile =
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, -0.0, 1e15];
    let mut learner = made_up(8, 0..50);
    for index in 0..5_000_u32 {
        let mut row = FeatureRow::new();
        let number = |shift: u32| hostile[((index / 3 + shift) % 9) as usize];
        row.number("age", number(0));
        row.number("rate", number(4));
        row.category("", "\u{0}=&#");
        // Certain for a thousand events, and then wrong.
        let learned = learner.learn(&row, index / 1_000 % 2 == 0);
        assert!(learned.loss.is_finite() && learned.prediction.logit.is_finite(), "event {index}: {learned:?}");
    }
    let state = learner.state();
    assert_eq!(OnlineLearner::from_state(state.clone()).unwrap().state(), state);
}

#[test]
fn nothing_known_is_even_odds() {
    let learner = OnlineLearner::new(8).unwrap();
    assert_eq!(learner.predict(&FeatureRow::new()).probability, 0.5);
    assert!(OnlineLearner::new(7).is_err() && OnlineLearner::new(21).is_err());
}

#[test]
fn a_learner_goes_on_from_its_state_to_the_bit() {
    let mut learner = made_up(10, 0..2_000);
    let text = write_json(&learner.state());
    let mut back = OnlineLearner::from_state(read_json(text.as_bytes()).unwrap()).unwrap();
    assert_eq!(back, learner);
    for index in 2_000..2_500 {
        let (row, logit) = event(index);
        let accepted = happens(index, logit);
        assert_eq!(back.learn(&row, accepted), learner.learn(&row, accepted));
    }
    assert_eq!(write_json(&back.state()), write_json(&learner.state()));
}

#[test]
fn the_state_is_written_as_version_1_always_was() {
    assert_eq!(write_json(&made_up(8, 0..40).state()), GOLDEN.trim_end());
    let read: LearnerState = read_json(GOLDEN.trim_end().as_bytes()).unwrap();
    assert_eq!(OnlineLearner::from_state(read).unwrap(), made_up(8, 0..40));
}

/// Damages a state.
type Change<'a> = &'a dyn Fn(&mut LearnerState);

#[test]
fn states_that_no_learning_gives_are_refused() {
    let state = made_up(8, 0..40).state();
    let refused = |change: Change<'_>| {
        let mut state = state.clone();
        change(&mut state);
        OnlineLearner::from_state(state).unwrap_err().to_string()
    };
    let cases: [(&str, Change<'_>); 12] = [
        ("format 2 is not 1", &|state| state.format = 2),
        ("a table of 2^40 weights", &|state| state.bits = 40),
        ("2 losses instead of 3", &|state| state.losses.truncate(2)),
        ("a loss that", &|state| state.losses[0] = f64::NAN),
        ("41 of 40 events", &|state| state.accepted = 41),
        ("weights that", &|state| state.slots[0].1.bayes = f64::INFINITY),
        ("weights that", &|state| state.slots[0].1.variance = 0.0),
        ("weights that", &|state| state.intercept.gradient_squares = 0.5),
        ("places of weights out of order", &|state| state.slots.reverse()),
        ("scales of numbers", &|state| state.scales[0].variance = -1.0),
        ("scales of numbers", &|state| state.scales.reverse()),
        ("place 300 is outside of 2^8", &|state| state.slots.last_mut().unwrap().0 = 300),
    ];
    for (expected, change) in cases {
        let found = refused(change);
        assert!(found.starts_with(expected), "{found} instead of {expected}");
    }
}
