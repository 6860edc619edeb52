//! The learner: predicts, hears the answer, learns. One pass, a fixed amount of memory, no clock and no chance.
//!
//! Three members (`weights.rs`) each have a logit, the sum of their weights times the values of the row. The logit of the
//! learner is their mean with shares that follow from how well each did of late, `share ~ exp(-0.2 L)`, where `L` is the
//! member's log-loss summed with a memory of 500 events: exponential weighting with forgetting (as the dynamic model
//! averaging of Raftery, Karny and Ettler 2010), pooled in the logit (Genest 1984). Therefore it stays one additive
//! model, whose weights are the members' weights in these shares.
//!
//! Weights stand in a table of `2^bits` places, found by hash (Weinberger et al. 2009): two features may share a place.

use super::InvalidLearner;
use super::drift::{Drift, DriftAlarm};
use super::features::{Feature, FeatureRow, Value};
use super::odds::Odds;
use super::scales::Scales;
use super::weights::{Lesson, MEMBERS, Weights};
use crate::types::{NoTrace, TraceSink};

/// How fast shares follow the losses.
const SHARE_RATE: f64 = 0.2;
/// What a sum of losses keeps from one event to the next: a memory of 500 events.
const LOSS_KEPT: f64 = 0.998;
/// The name of the term that every row has.
const INTERCEPT: &str = "intercept";

/// How likely it is that a person accepts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prediction {
    /// The sum of the terms: the logarithm of the odds, finite.
    pub logit: f64,
    /// `1 / (1 + exp(-logit))`.
    pub probability: f64,
    /// The logit of each member: Bayes, coin, gradient.
    pub members: [f64; MEMBERS],
}

/// What an event was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Learned {
    /// What was predicted before the answer was known.
    pub prediction: Prediction,
    /// The log-loss of that prediction, in nats.
    pub loss: f64,
    /// Something changed, and this event is the one that makes it certain.
    pub drift: Option<Drift>,
}

/// An additive logistic model that learns as it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct OnlineLearner {
    pub(super) bits: u8,
    pub(super) events: u64,
    pub(super) accepted: u64,
    pub(super) intercept: Weights,
    /// `2^bits` places.
    pub(super) table: Vec<Weights>,
    pub(super) scales: Scales,
    pub(super) losses: [f64; MEMBERS],
    pub(super) shares: [f64; MEMBERS],
    pub(super) alarm: DriftAlarm,
}

impl OnlineLearner {
    /// Enough for some thousand features: 16,384 places, one megabyte.
    pub const USUAL_BITS: u8 = 14;

    /// Makes a learner that knows nothing, with `2^bits` places for weights of 64 bytes each.
    ///
    /// # Errors
    /// Bits outside of 8 to 20.
    pub fn new(bits: u8) -> Result<Self, InvalidLearner> {
        if !(8..=20).contains(&bits) {
            return Err(InvalidLearner(format!("a table of 2^{bits} weights is outside of 2^8 to 2^20")));
        }
        let table = vec![Weights::default(); 1 << bits];
        let share = 1.0 / MEMBERS as f64;
        Ok(Self {
            bits,
            events: 0,
            accepted: 0,
            intercept: Weights::default(),
            table,
            scales: Scales::default(),
            losses: [0.0; MEMBERS],
            shares: [share; MEMBERS],
            alarm: DriftAlarm::default(),
        })
    }

    /// Returns how many events were learned.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Predicts.
    pub fn predict(&self, row: &FeatureRow) -> Prediction {
        self.explain(row, &mut NoTrace)
    }

    /// Predicts, and tells each term: its name, value in -1..1, weight in the members' shares, and the product. The logit
    /// is the sum of these products in this order.
    pub fn explain<'a>(&self, row: &'a FeatureRow, sink: &mut impl TraceSink<'a>) -> Prediction {
        self.sum(row, sink).prediction()
    }

    /// Predicts, and then learns what happened.
    pub fn learn(&mut self, row: &FeatureRow, accepted: bool) -> Learned {
        let sum = self.sum(row, &mut NoTrace);
        let (thought, members) = (Odds::of(sum.logit), sum.members.map(Odds::of));
        let lesson = Lesson::new(members.map(|odds| odds.probability), sum.spread, accepted);
        self.intercept.learn(1.0, &lesson);
        for feature in row.features() {
            let x = match feature.value {
                Value::Present => 1.0,
                Value::Number(number) => self.scales.learn(feature.key, number),
            };
            let slot = self.slot(feature);
            if let Some(weights) = self.table.get_mut(slot) {
                weights.learn(x, &lesson);
            }
        }
        for (sum, odds) in self.losses.iter_mut().zip(members) {
            *sum = *sum * LOSS_KEPT + odds.loss(accepted);
        }
        self.shares = shares_of(&self.losses);
        self.events += 1;
        self.accepted += u64::from(accepted);
        let prediction = Prediction { logit: sum.logit, probability: thought.probability, members: sum.members };
        Learned { prediction, loss: thought.loss(accepted), drift: self.alarm.observe(&thought, accepted) }
    }

    /// The one path that computes a logit.
    fn sum<'a>(&self, row: &'a FeatureRow, sink: &mut impl TraceSink<'a>) -> Sum {
        let mut sum = Sum { logit: 0.0, members: [0.0; MEMBERS], spread: 0.0 };
        sum.add(INTERCEPT, 1.0, &self.intercept, &self.shares, sink);
        for feature in row.features() {
            if let Some(weights) = self.table.get(self.slot(feature)) {
                sum.add(row.name(feature), self.value(feature), weights, &self.shares, sink);
            }
        }
        sum
    }

    /// The place of a feature in the table.
    fn slot(&self, feature: &Feature) -> usize {
        // The upper bits, as `math::bucket` takes them.
        (feature.key >> (64 - u32::from(self.bits))) as usize
    }

    fn value(&self, feature: &Feature) -> f64 {
        match feature.value {
            Value::Present => 1.0,
            Value::Number(number) => self.scales.standardised(feature.key, number),
        }
    }
}

/// A logit while it is summed.
struct Sum {
    logit: f64,
    members: [f64; MEMBERS],
    /// Sum of `variance x^2`: how uncertain the Bayes member's logit is.
    spread: f64,
}

impl Sum {
    fn add<'a>(
        &mut self,
        name: &'a str,
        x: f64,
        weights: &Weights,
        shares: &[f64; MEMBERS],
        sink: &mut impl TraceSink<'a>,
    ) {
        let by_member = weights.by_member();
        let weight: f64 = by_member.iter().zip(shares).map(|(weight, share)| weight * share).sum();
        self.members.iter_mut().zip(by_member).for_each(|(sum, weight)| *sum += weight * x);
        self.spread += weights.variance * x * x;
        self.logit += weight * x;
        sink.term(name, x, weight, weight * x);
    }

    fn prediction(&self) -> Prediction {
        Prediction { logit: self.logit, probability: Odds::of(self.logit).probability, members: self.members }
    }
}

/// Returns the members' shares, which sum to 1, from their recent losses.
pub(super) fn shares_of(losses: &[f64; MEMBERS]) -> [f64; MEMBERS] {
    let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let shares = losses.map(|loss| libm::exp(SHARE_RATE * (least - loss)));
    let sum: f64 = shares.iter().sum();
    shares.map(|share| share / sum)
}
