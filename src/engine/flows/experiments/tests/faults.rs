//! Whatever call goes wrong, a count is neither lost nor doubled once the message has come through.

use super::place::{NOW, Place, TEST, definition, event, shown, user};
use crate::flows::PersonEvents;
use crate::flows::experiments::definitions::TestMove;
use crate::ports::memory::{Fault, Trouble};
use crate::privacy::for_system;
use crate::types::EventKind::{RecommendationAccepted as Accepted, RecommendationViewed as Viewed};

#[test]
fn a_message_that_comes_again_until_it_is_through_counts_once() {
    for trouble in [Trouble::Down, Trouble::AnswerLost, Trouble::Race] {
        for call in 1..12 {
            let place = Place::testing(|_| {});
            // As a new isolate, which has to read everything.
            place.host.cache.borrow_mut().clear();
            place.host.order(vec![Fault { port: None, call: Some(call), trouble }]);
            let events = vec![shown(1, Viewed, "LOUD", NOW), event(2, Accepted, NOW + 1)];
            let message = PersonEvents::of(for_system(user(1)), events, NOW);
            let tries = (0..3).take_while(|_| place.apply(message.clone()).is_err()).count();
            assert!(tries < 3, "{trouble:?} at call {call}");
            place.host.order(Vec::new());
            place.apply(message).unwrap();
            assert_eq!(place.cell("LOUD", "exposure"), (1, 1, 0.0), "{trouble:?} at call {call}");
            assert_eq!(place.cell("LOUD", "accepted"), (1, 1, 1.0), "{trouble:?} at call {call}");
        }
    }
}

#[test]
fn a_change_that_goes_wrong_leaves_the_set_whole() {
    for trouble in [Trouble::Down, Trouble::AnswerLost] {
        for call in 1..8 {
            let place = Place::new();
            place.put(TEST, definition()).unwrap();
            place.host.order(vec![Fault { port: None, call: Some(call), trouble }]);
            let first = place.go(TEST, TestMove::Start);
            place.host.order(Vec::new());
            let again = place.go(TEST, TestMove::Start);
            let is_running =
                first.is_ok() || again.is_ok() || again.is_err_and(|refusal| refusal.code == "test-status");
            assert!(is_running, "{trouble:?} at call {call}");
            place.happen(1, vec![shown(1, Viewed, "LOUD", NOW)]);
            assert_eq!(place.cell("LOUD", "exposure").0, 1, "{trouble:?} at call {call}");
        }
    }
}
