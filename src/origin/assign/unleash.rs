//! Requests of Unleash: a rollout and variants, each by its own stickiness.

use anyhow::{Context, Result, bail};
use nearside_engine::experiments::{Algorithm, ForeignBucket, ForeignRule, Hashing};
use serde_json::Value;

use super::fields::{Fields, as_text};

const NOBODY: ForeignBucket = ForeignBucket { variant: None, bucket: f64::NAN };

/// Answers a request. A bucket that is no number stands for none.
pub(super) fn answer(fields: Fields<'_>) -> Result<ForeignBucket> {
    let group = fields.text(&["seed", "group", "groupId", "group_id", "feature", "toggleName"])?;
    let variant_group = fields.text(&["variantGroup", "variant_group", "variantSeed", "variant_seed"])?;
    let hashing =
        Hashing { algorithm: Algorithm::Unleash, seed: group, variant_seed: variant_group, ..Hashing::default() };
    let percent = fields.number(&["rollout", "percentage", "rolloutPercentage", "rollout_percentage"])?;
    let coverage = fields.coverage()?.or(percent.map(|percent| percent / 100.0));
    let stickiness = fields.text(&["stickiness"])?.unwrap_or_else(|| "default".to_owned());
    let rollout = match coverage {
        Some(coverage) => Some(rolled_out(&hashing, coverage, &stickiness, fields)?),
        None => None,
    };
    let variants = fields.list(&["variants"])?;
    let weights = match fields.numbers(&["weights"])? {
        Some(weights) => Some(whole(weights)),
        None => fields.weights_of_variants()?.map(whole),
    };
    let Some(weights) = weights else {
        // A rollout alone: the one variant is to be on.
        return match rollout {
            Some(rollout) => Ok(rollout),
            None => rolled_out(&hashing, 1.0, &stickiness, fields),
        };
    };
    let first = variants.and_then(|list| list.first()).and_then(|variant| variant.get("stickiness"));
    let stickiness = first.and_then(Value::as_str).unwrap_or(&stickiness);
    let found = among(&hashing, &weights, stickiness, variants.unwrap_or_default(), fields)?;
    match rollout {
        Some(rollout) if rollout.variant.is_none() => Ok(ForeignBucket { variant: None, ..found }),
        _ => Ok(found),
    }
}

/// Weights are whole numbers there; shares of one count as thousandths.
fn whole(weights: Vec<f64>) -> Vec<f64> {
    let are_whole = weights.iter().all(|weight| weight.fract() == 0.0);
    weights.into_iter().map(|weight| if are_whole { weight } else { (weight * 1_000.0).round() }).collect()
}

fn rolled_out(hashing: &Hashing, coverage: f64, stickiness: &str, fields: Fields<'_>) -> Result<ForeignBucket> {
    let rule = ForeignRule::new(hashing, "", &[], Some(coverage))?;
    match id_of(stickiness, &["userId", "sessionId"], fields)? {
        Some(id) => Ok(rule.assign(&id)),
        None if !is_by_chance(stickiness) || coverage <= 0.0 => Ok(NOBODY),
        None if coverage >= 1.0 => Ok(ForeignBucket { variant: Some(0), ..NOBODY }),
        None => bail!("without an id this rollout is left to chance"),
    }
}

fn among(
    hashing: &Hashing,
    weights: &[f64],
    stickiness: &str,
    variants: &[Value],
    fields: Fields<'_>,
) -> Result<ForeignBucket> {
    for (index, variant) in variants.iter().enumerate() {
        if is_overridden(variant, fields)? {
            return Ok(ForeignBucket { variant: u8::try_from(index).ok(), ..NOBODY });
        }
    }
    let rule = ForeignRule::new(hashing, "", weights, None)?;
    match id_of(stickiness, &["userId", "sessionId", "remoteAddress"], fields)? {
        Some(id) => Ok(rule.assign(&id)),
        None => {
            let mut possible = weights.iter().zip(0..).filter(|(weight, _)| **weight > 0.0).map(|(_, index)| index);
            match (possible.next(), possible.next()) {
                (only, None) => Ok(ForeignBucket { variant: only, ..NOBODY }),
                _ => bail!("without an id this variant is left to chance"),
            }
        }
    }
}

fn is_by_chance(stickiness: &str) -> bool {
    matches!(stickiness, "default" | "random" | "")
}

/// The id by which a rollout or variant sticks; an empty one is none. A `unit` of the request is the id in any case.
fn id_of(stickiness: &str, defaults: &[&'static str], fields: Fields<'_>) -> Result<Option<String>> {
    let found = match fields.object(&["context"])? {
        _ if stickiness == "random" => None,
        Some(context) => match fields.text(&["unit"])? {
            Some(unit) => Some(unit),
            None if is_by_chance(stickiness) => {
                let mut found = None;
                for name in defaults {
                    found = found.or(context_value(context, name)?.filter(|id| !id.is_empty()));
                }
                found
            }
            None => context_value(context, stickiness)?,
        },
        None => fields.unit()?,
    };
    Ok(found.filter(|id| !id.is_empty()))
}

fn context_value(context: Fields<'_>, name: &str) -> Result<Option<String>> {
    let nested = context.object(&["properties"])?.and_then(|properties| properties.0.get(name));
    context.0.get(name).or(nested).filter(|value| !value.is_null()).map(as_text).transpose()
}

/// True when an override of the variant names a value of the context.
fn is_overridden(variant: &Value, fields: Fields<'_>) -> Result<bool> {
    let Some(variant) = variant.as_object() else { return Ok(false) };
    for rule in Fields(variant).list(&["overrides"])?.unwrap_or_default() {
        let rule = Fields(rule.as_object().context("an override is an object")?);
        let name = rule.text(&["contextName", "context_name"])?.context("an override has no contextName")?;
        let value = match fields.object(&["context"])? {
            Some(context) => context_value(context, &name)?,
            None if name == "userId" => fields.unit()?,
            None => None,
        };
        let values = rule.list(&["values"])?.unwrap_or_default();
        let values = values.iter().map(as_text).collect::<Result<Vec<_>>>()?;
        if value.is_some_and(|value| values.contains(&value)) {
            return Ok(true);
        }
    }
    Ok(false)
}
