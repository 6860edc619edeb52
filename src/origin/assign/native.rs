//! Requests for our own hash: decided by the same call as at the edge.

use anyhow::{Context, Result, ensure};
use nearside_engine::experiments::{
    Asker, Assignments, CONTROL, Experiment, Holdout, LayerSlot, Plan, Purpose, Salt, Status, Variant, as_fraction,
    decide,
};
use nearside_engine::types::{Fact, FactValue, Facts};
use nearside_json::read_json;

use super::fields::{Fields, as_range};

/// Nothing is known of an id.
struct NoFacts;

impl Facts for NoFacts {
    fn value(&self, _: &Fact) -> FactValue<'_> {
        FactValue::Unknown
    }
}

/// Answers a request: the variant, and the share of all hashes at which the id's lies.
pub(super) fn answer(fields: Fields<'_>) -> Result<(Option<u8>, Option<f64>)> {
    let experiment = experiment(fields)?;
    let Some(unit) = fields.unit()? else { return Ok((None, None)) };
    let holdout = match fields.object(&["holdout"])? {
        Some(holdout) => Holdout {
            share: holdout.number(&["share"])?.context("the holdout has no share")?,
            salt: holdout.text(&["salt"])?.unwrap_or_default(),
        },
        None => Holdout::default(),
    };
    let plan = Plan::new(&experiment.environment, &holdout, std::slice::from_ref(&experiment));
    let assignments = Assignments::new();
    let asker =
        Asker { user: Some(&unit), session: None, device: None, facts: &NoFacts, assignments: &assignments, now_ms: 0 };
    let verdict = decide(&plan, 0, &asker).context("the test cannot be decided")?;
    let hash = Salt::new(Purpose::Variant, &experiment.environment, experiment.salt()).hash(&unit);
    Ok((verdict.is_counted().then_some(verdict.variant), Some(as_fraction(hash))))
}

fn experiment(fields: Fields<'_>) -> Result<Experiment> {
    let weights = fields.shares(100.0)?;
    let weights = if weights.is_empty() { vec![1.0] } else { weights };
    let sum: f64 = weights.iter().sum();
    ensure!((sum - 1.0).abs() < 1e-6, "the weights sum to {sum}, not to 1 or 100");
    ensure!(weights.len() <= 255, "there are more than 255 variants");
    ensure!(weights.iter().all(|weight| *weight >= 0.0), "a weight is below 0");
    let coverage = fields.coverage()?.unwrap_or(1.0);
    ensure!((0.0..=1.0).contains(&coverage), "the coverage is {coverage}, not 0 to 1");
    let seed = fields.text(&["seed", "salt", "test_name", "key"])?.unwrap_or_default();
    let mut experiment: Experiment = read_json(br#"{"test_name":"","variants":[]}"#)?;
    experiment.test_name = seed;
    experiment.status = Status::Running;
    experiment.coverage = coverage;
    if let Some(environment) = fields.text(&["environment"])? {
        experiment.environment = environment;
    }
    let name_of = |index: usize| if index == 0 { CONTROL.to_owned() } else { index.to_string() };
    let variant = |(index, weight): (usize, f64)| Variant {
        name: name_of(index),
        description: String::new(),
        traffic_percentage: weight * 100.0,
    };
    experiment.variants = weights.into_iter().enumerate().map(variant).collect();
    if let Some((_, layer)) = fields.any(&["layer"]) {
        let slot = Fields(layer.as_object().context("the layer is not an object")?);
        let (from, to) = as_range(layer).context("layer")?;
        let name = slot.text(&["name", "seed", "salt"])?.context("the layer has no name")?;
        experiment.layer = Some(LayerSlot { name, from, to });
    }
    Ok(experiment)
}
