//! The drift alarm: people accept more or less than they used to, or the learner is surprised more than it expects.
//!
//! Three cumulative sums (Page 1954), each of which falls back to 0 and rings above a limit:
//!
//! - **More** and **fewer**: the log-likelihood ratio of odds that are `f` or `1/f` times those of the reference rate `r`,
//!   `y ln f - ln(1 + (f - 1) r)`, with `f = 3` and limit 20. The reference is the rate since the last alarm, with a
//!   half-life of 4,000 events, so that a slow change is followed silently.
//! - **Surprise**: the log-loss less what the prediction itself expects of it (its entropy), in spreads, less a quarter.
//!   A learner that is right gives 0 in the mean, whatever the rates; one whose world changed does not. Limit 30.
//!
//! The tests show no false alarm in 210,000 events of steady worlds, and 60 of 60 jumps of a rate by a factor of three or
//! more rung within 500 events. On Bank Marketing's first 80 % it rings five times, each at a burst or the end of one.
//! An alarm changes no weight: the learner forgets by itself.

use nearside_json::Read;
use serde::Serialize;

use super::odds::Odds;

const ODDS_FACTOR: f64 = 3.0;
const RATE_LIMIT: f64 = 20.0;
/// What a reference or a spread keeps from one event to the next: half after 4,000 events.
const REFERENCE_KEPT: f64 = 0.999_826_728_2;
/// Before so many events there is nothing to compare with.
const WARM_UP_EVENTS: u64 = 500;
const SURPRISE_ALLOWED: f64 = 0.25;
const SURPRISE_LIMIT: f64 = 30.0;
/// One event says at most so many spreads.
const LARGEST_SURPRISE: f64 = 4.0;
/// A spread below is that of a learner which is certain of everything.
const LEAST_SPREAD_SQUARED: f64 = 1e-4;

/// What the alarm says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// People accept more often than they used to.
    MoreAccepted,
    /// People accept less often than they used to.
    FewerAccepted,
    /// The learner is wrong more often than it expects to be.
    Surprise,
}

/// What the alarm remembers. It begins anew after each alarm.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Read)]
pub struct DriftAlarm {
    /// Events since the last alarm.
    #[serde(rename = "n")]
    events: u64,
    /// Decayed count of events.
    #[serde(rename = "c")]
    count: f64,
    /// Decayed count of acceptances.
    #[serde(rename = "a")]
    accepted: f64,
    /// Decayed sum of the variances that the predictions expect of their log-loss.
    #[serde(rename = "s")]
    spread_squared: f64,
    /// The sum that rings for more.
    #[serde(rename = "m")]
    more: f64,
    /// The sum that rings for fewer.
    #[serde(rename = "f")]
    fewer: f64,
    /// The sum that rings for surprise.
    #[serde(rename = "x")]
    surprise: f64,
}

impl DriftAlarm {
    /// Hears what was thought of an event, and what happened. Says whether something changed.
    pub(super) fn observe(&mut self, thought: &Odds, accepted: bool) -> Option<Drift> {
        let spread_squared = thought.probability * (1.0 - thought.probability) * thought.logit * thought.logit;
        if self.events >= WARM_UP_EVENTS {
            let rate = (self.accepted + 0.5) / (self.count + 1.0);
            self.more = (self.more + log_likelihood_ratio(ODDS_FACTOR, rate, accepted)).max(0.0);
            self.fewer = (self.fewer + log_likelihood_ratio(1.0 / ODDS_FACTOR, rate, accepted)).max(0.0);
            let spread = (self.spread_squared / self.count).max(LEAST_SPREAD_SQUARED).sqrt();
            let surprise =
                ((thought.loss(accepted) - thought.entropy()) / spread).clamp(-LARGEST_SURPRISE, LARGEST_SURPRISE);
            self.surprise = (self.surprise + surprise - SURPRISE_ALLOWED).max(0.0);
        }
        self.events += 1;
        self.count = self.count * REFERENCE_KEPT + 1.0;
        self.accepted = self.accepted * REFERENCE_KEPT + f64::from(u8::from(accepted));
        self.spread_squared = self.spread_squared * REFERENCE_KEPT + spread_squared;
        let drift = self.rings();
        if drift.is_some() {
            *self = Self::default();
        }
        drift
    }

    fn rings(&self) -> Option<Drift> {
        if self.more > RATE_LIMIT {
            Some(Drift::MoreAccepted)
        } else if self.fewer > RATE_LIMIT {
            Some(Drift::FewerAccepted)
        } else if self.surprise > SURPRISE_LIMIT {
            Some(Drift::Surprise)
        } else {
            None
        }
    }

    /// True for an alarm that can have come from observing.
    pub(super) fn is_sound(&self) -> bool {
        let sums = [self.count, self.accepted, self.spread_squared, self.more, self.fewer, self.surprise];
        sums.into_iter().all(|sum| (0.0..=1e9).contains(&sum)) && self.accepted <= self.count
    }
}

fn log_likelihood_ratio(odds_factor: f64, rate: f64, accepted: bool) -> f64 {
    let accepted = if accepted { libm::log(odds_factor) } else { 0.0 };
    accepted - libm::log1p((odds_factor - 1.0) * rate)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use super::*;
    use crate::math::hash64;

    /// Whether event `index` of a world with this rate is an acceptance.
    fn happens(seed: u32, index: u32, rate: f64) -> bool {
        hash64(&["drift", &seed.to_string(), &index.to_string()]) as f64 / u64::MAX as f64 <= rate
    }

    /// Feeds events of a rate and predictions of a rate; returns the first event that rings, and why.
    fn first_alarm(
        alarm: &mut DriftAlarm,
        seed: u32,
        events: std::ops::Range<u32>,
        rate: f64,
        thought: f64,
    ) -> Option<(u32, Drift)> {
        let thought = Odds::of(libm::log(thought / (1.0 - thought)));
        events
            .into_iter()
            .find_map(|index| alarm.observe(&thought, happens(seed, index, rate)).map(|drift| (index, drift)))
    }

    #[test]
    fn a_steady_world_does_not_ring() {
        let mut rung = 0;
        for (seed, rate) in (0..).zip([0.01, 0.02, 0.05, 0.1, 0.3, 0.5, 0.8]) {
            rung += usize::from(first_alarm(&mut DriftAlarm::default(), seed, 0..30_000, rate, rate).is_some());
        }
        assert_eq!(rung, 0, "of 7 worlds of 30,000 events");
    }

    #[test]
    fn a_jump_of_the_rate_rings_within_500_events() {
        let cases = [(0.05, 0.15), (0.06, 0.3), (0.12, 0.45), (0.3, 0.1), (0.45, 0.12), (0.02, 0.1)];
        for (before, after) in cases {
            for seed in 0..10 {
                let mut alarm = DriftAlarm::default();
                assert_eq!(first_alarm(&mut alarm, seed, 0..5_000, before, before), None);
                // The learner follows at once, so only the rate itself can ring.
                let (at, drift) = first_alarm(&mut alarm, seed, 5_000..6_000, after, after).unwrap();
                assert!(at < 5_500, "{before} to {after}: event {at}");
                assert_eq!(drift, if after > before { Drift::MoreAccepted } else { Drift::FewerAccepted });
            }
        }
    }

    #[test]
    fn a_learner_that_is_wrong_rings_though_the_rate_stays() {
        let mut alarm = DriftAlarm::default();
        // Half of the people accept always and half never; from event 3,000 on it is the other half.
        let mut feed = |events: std::ops::Range<u32>, flipped: bool| {
            events.into_iter().find_map(|index| {
                let logit = if index % 2 == 0 { 2.0 } else { -2.0 };
                let accepted = happens(1, index, if (index % 2 == 0) == flipped { 0.12 } else { 0.88 });
                alarm.observe(&Odds::of(logit), accepted).map(|drift| (index, drift))
            })
        };
        assert_eq!(feed(0..3_000, false), None);
        let (at, drift) = feed(3_000..3_500, true).unwrap();
        assert!(at < 3_100, "{at}");
        assert_eq!(drift, Drift::Surprise);
    }
}
