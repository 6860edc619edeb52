//! A learner as bytes that outlive the process. Only places that learned something are written.

use nearside_json::Read;
use serde::Serialize;

use super::InvalidLearner;
use super::drift::DriftAlarm;
use super::learner::{OnlineLearner, shares_of};
use super::scales::{Scale, Scales};
use super::weights::{MEMBERS, Weights};

/// The version of the format and of what its numbers mean.
const FORMAT: u16 = 1;

/// All that a learner knows.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct LearnerState {
    /// The format's version: 1. A state of another version is not read.
    #[serde(rename = "v")]
    pub format: u16,
    /// The table has `2^bits` places.
    pub bits: u8,
    /// Events learned.
    #[serde(rename = "n")]
    pub events: u64,
    /// Of these, accepted.
    #[serde(rename = "y")]
    pub accepted: u64,
    /// Recent log-loss of the members: Bayes, coin, gradient.
    #[serde(rename = "l")]
    pub losses: Vec<f64>,
    /// What the drift alarm remembers.
    #[serde(rename = "d")]
    pub alarm: DriftAlarm,
    /// The weights of the intercept.
    #[serde(rename = "i")]
    pub intercept: Weights,
    /// Means and spreads of numbers, by key ascending.
    #[serde(rename = "s")]
    pub scales: Vec<Scale>,
    /// Places that learned, ascending.
    #[serde(rename = "w")]
    pub slots: Vec<SlotState>,
}

/// A place of the table and its weights.
pub type SlotState = (u32, Weights);

impl OnlineLearner {
    /// Returns all that the learner knows.
    pub fn state(&self) -> LearnerState {
        let untouched = Weights::default();
        let slots = (0..).zip(&self.table).filter(|(_, weights)| **weights != untouched);
        LearnerState {
            format: FORMAT,
            bits: self.bits,
            events: self.events,
            accepted: self.accepted,
            losses: self.losses.to_vec(),
            alarm: self.alarm,
            intercept: self.intercept,
            scales: self.scales.0.clone(),
            slots: slots.map(|(slot, weights)| (slot, *weights)).collect(),
        }
    }

    /// Brings a learner back. It goes on as the one whose state it was, to the bit.
    ///
    /// # Errors
    /// Another version, places outside of the table or out of order, numbers that no learning gives.
    pub fn from_state(state: LearnerState) -> Result<Self, InvalidLearner> {
        let wrong = |what: &str| InvalidLearner(what.to_owned());
        if state.format != FORMAT {
            return Err(InvalidLearner(format!("format {} is not {FORMAT}", state.format)));
        }
        let mut learner = Self::new(state.bits)?;
        learner.scales = Scales(state.scales);
        learner.losses = <[f64; MEMBERS]>::try_from(state.losses)
            .map_err(|losses| InvalidLearner(format!("{} losses instead of {MEMBERS}", losses.len())))?;
        learner.shares = shares_of(&learner.losses);
        if state.accepted > state.events {
            return Err(InvalidLearner(format!("{} of {} events accepted", state.accepted, state.events)));
        }
        if !learner.losses.iter().all(|loss| (0.0..=1e9).contains(loss)) {
            return Err(wrong("a loss that no learning gives"));
        }
        if !state.alarm.is_sound() {
            return Err(wrong("a drift alarm that no learning gives"));
        }
        if !learner.scales.are_sound() {
            return Err(wrong("scales of numbers that no learning gives"));
        }
        if !state.intercept.are_sound() || !state.slots.iter().all(|(_, weights)| weights.are_sound()) {
            return Err(wrong("weights that no learning gives"));
        }
        if !state.slots.is_sorted_by(|(before, _), (after, _)| before < after) {
            return Err(wrong("places of weights out of order"));
        }
        for (slot, weights) in state.slots {
            let place = usize::try_from(slot).ok().and_then(|slot| learner.table.get_mut(slot));
            *place.ok_or_else(|| InvalidLearner(format!("place {slot} is outside of 2^{}", learner.bits)))? = weights;
        }
        learner.events = state.events;
        learner.accepted = state.accepted;
        learner.alarm = state.alarm;
        learner.intercept = state.intercept;
        Ok(learner)
    }
}
