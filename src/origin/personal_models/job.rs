//! From what happened and everybody's model to rows of the Worker.

use anyhow::Result;
use nearside_engine::types::TimeMs;
use serde::Serialize;

use super::base::Base;
use crate::api::{Put, Written};
use crate::train::{PersonalModel, PersonalSettings, TrainSettings, personal_models, send_personal_models};

/// What is to be done.
pub(super) struct Job {
    /// What is corrected, and what it is corrected by.
    pub(super) base: Base,
    /// True when nothing may be sent.
    pub(super) is_rehearsal: bool,
    /// How what is known of items is fitted.
    pub(super) train: TrainSettings,
    /// How people's models are learned.
    pub(super) settings: PersonalSettings,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Report {
    /// The pack.
    pub(super) pack: String,
    /// The version that is corrected.
    pub(super) version: String,
    /// People with enough interactions.
    pub(super) people: usize,
    /// Those with enough choices to learn from and to judge by.
    pub(super) judged: usize,
    /// The mean share of held-out pairs in the right order by everybody's model …
    pub(super) global_accuracy: f64,
    /// … and by people's own, kept or not.
    pub(super) personal_accuracy: f64,
    /// Models that are kept.
    pub(super) kept: usize,
    /// Over those: how much more of the held-out pairs are in the right order, on average.
    pub(super) kept_gain: f64,
    /// Models that the Worker holds now.
    pub(super) written: u64,
    /// Models of people who do not share any more.
    pub(super) withheld: u64,
    /// True when nothing was sent.
    pub(super) is_rehearsal: bool,
}

/// Learns people's models, and sends those that are kept.
///
/// # Errors
/// A model without terms; what the Worker refuses.
pub(super) fn learn_and_send(job: Job, put: &mut Put<'_>) -> Result<Report> {
    let Base { world, version, model } = job.base;
    let before_ms = world.span_ms().map_or(TimeMs::MIN, |(_, last_ms)| last_ms + 1);
    let learned = personal_models(&world, &model, before_ms, &job.train, &job.settings)?;
    let sent = if job.is_rehearsal { Written::default() } else { send_personal_models(&learned.kept, &version, put)? };
    Ok(Report {
        pack: world.pack.id,
        version,
        people: learned.people,
        judged: learned.judged,
        global_accuracy: learned.global_accuracy,
        personal_accuracy: learned.personal_accuracy,
        kept: learned.kept.len(),
        kept_gain: mean_gain(&learned.kept),
        written: sent.written,
        withheld: sent.withheld,
        is_rehearsal: job.is_rehearsal,
    })
}

/// 0 where none is kept.
fn mean_gain(kept: &[PersonalModel]) -> f64 {
    let gains = kept.iter().map(|model| model.performance.accuracy - model.performance.global_accuracy);
    gains.sum::<f64>() / kept.len().max(1) as f64
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod tests;
