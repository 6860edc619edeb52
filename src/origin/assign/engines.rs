//! Requests of GrowthBook, Optimizely, LaunchDarkly, PostHog and Eppo, as hashing, weights and coverage.

use anyhow::{Context, Result, bail, ensure};
use nearside_engine::experiments::{Algorithm, ForeignRule, GateRule, Hashing, VariantRange};
use serde_json::Value;

use super::fields::{Fields, as_range, as_text};

/// A rule, and the id that it assigns.
pub(super) struct Question {
    pub(super) rule: ForeignRule,
    pub(super) unit: String,
    /// False for ids that the engine never assigns, such as none at all.
    pub(super) takes_part: bool,
    /// The variant that each index of the rule stands for.
    pub(super) names: Option<Vec<i64>>,
}

/// Reads a request; None for what the engine itself leaves without an answer.
pub(super) fn question(algorithm: Algorithm, fields: Fields<'_>) -> Result<Option<Question>> {
    match algorithm {
        Algorithm::GrowthBookV1 | Algorithm::GrowthBookV2 => growthbook(algorithm, fields),
        Algorithm::Optimizely => optimizely(fields).map(Some),
        Algorithm::LaunchDarkly => launchdarkly(fields).map(Some),
        Algorithm::PostHog => posthog(fields).map(Some),
        Algorithm::Eppo => eppo(fields).map(Some),
        Algorithm::Native | Algorithm::Unleash => bail!("{} is read elsewhere", algorithm.name()),
    }
}

fn made(hashing: &Hashing, weights: &[f64], coverage: Option<f64>, fields: Fields<'_>) -> Result<Question> {
    let rule = ForeignRule::new(hashing, "", weights, coverage)?;
    let unit = fields.unit()?;
    let takes_part = unit.is_some();
    Ok(Question { rule, unit: unit.unwrap_or_default(), takes_part, names: None })
}

fn index_range(variant: usize, (from, to): (f64, f64)) -> Result<VariantRange> {
    Ok(VariantRange { variant: u8::try_from(variant).context("there are more than 256 variants")?, from, to })
}

/// Without weights, ranges and variations it is a rollout: everybody at or below the coverage.
fn growthbook(algorithm: Algorithm, fields: Fields<'_>) -> Result<Option<Question>> {
    let algorithm = match fields.number(&["hashVersion", "hash_version"])? {
        None => algorithm,
        Some(1.0) => Algorithm::GrowthBookV1,
        Some(2.0) => Algorithm::GrowthBookV2,
        Some(_) => return Ok(None),
    };
    let seed = fields.text(&["seed", "key", "trackingKey", "experiment"])?;
    let mut hashing = Hashing { algorithm, seed, ..Hashing::default() };
    if let Some(ranges) = fields.ranges(&["ranges"])? {
        hashing.ranges =
            ranges.into_iter().enumerate().map(|(at, range)| index_range(at, range)).collect::<Result<_>>()?;
    } else if let Some((_, range)) = fields.any(&["range"]) {
        hashing.ranges = vec![index_range(0, as_range(range)?)?];
    }
    if let Some(namespace) = fields.any(&["namespace"]) {
        hashing.gates.push(growthbook_namespace(namespace.1).context("namespace")?);
    }
    for filter in fields.list(&["filters"])?.unwrap_or_default() {
        let filter = Fields(filter.as_object().context("a filter is an object")?);
        hashing.gates.push(GateRule {
            seed: filter.text(&["seed"])?.unwrap_or_default(),
            hash_version: filter.number(&["hashVersion", "hash_version"])?.map(|version| version as u8),
            ranges: filter.ranges(&["ranges"])?.unwrap_or_default(),
        });
    }
    let coverage = fields.coverage()?;
    let weights = match (fields.numbers(&["weights"])?, fields.any(&["variations", "variants", "numVariations"])) {
        // A list of another length than the variations counts as none, as there.
        (weights, Some((_, variations))) => {
            let count = match variations {
                Value::Array(list) => list.len(),
                other => super::fields::as_number(other).context("variations")?.max(0.0) as usize,
            };
            ensure!(count <= 256, "there are more than 256 variants");
            weights.filter(|weights| weights.len() == count).unwrap_or_else(|| vec![1.0 / count as f64; count])
        }
        (Some(weights), None) => weights,
        (None, None) => {
            if hashing.ranges.is_empty() {
                let end = coverage.unwrap_or(1.0);
                let end = if end <= 0.0 { 0.0 } else { end.next_up() };
                hashing.ranges = vec![VariantRange { variant: 0, from: 0.0, to: end }];
            }
            Vec::new()
        }
    };
    let mut question = made(&hashing, &weights, coverage, fields)?;
    question.takes_part = !question.unit.is_empty();
    Ok(Some(question))
}

/// `[name, from, to]`, or an object of these.
fn growthbook_namespace(value: &Value) -> Result<GateRule> {
    let (name, range) = match value {
        Value::Array(list) => match list.as_slice() {
            [name, from, to] => (as_text(name)?, as_range(&Value::Array(vec![from.clone(), to.clone()]))?),
            _ => bail!("has a name and two numbers"),
        },
        Value::Object(object) => {
            let name = Fields(object).text(&["name", "id", "namespace"])?.context("has no name")?;
            (name, as_range(value)?)
        }
        _ => bail!("has a name and two numbers"),
    };
    Ok(GateRule { seed: format!("__{name}"), hash_version: Some(1), ranges: vec![range] })
}

/// A table of traffic as ranges, each with its entity; the empty entity stands for nobody.
fn traffic(list: &[Value]) -> Result<Vec<(String, (f64, f64))>> {
    let mut from = 0.0_f64;
    let row = |row: &Value| {
        let row = Fields(row.as_object().context("a row of traffic is an object")?);
        let end = row.number(&["endOfRange", "end_of_range", "end"])?.context("a row of traffic has no endOfRange")?;
        let range = (from, end);
        from = from.max(end);
        Ok((row.text(&["entityId", "entity_id", "variation"])?.unwrap_or_default(), range))
    };
    list.iter().map(row).collect()
}

fn optimizely(fields: Fields<'_>) -> Result<Question> {
    let seed = fields.text(&["seed", "experimentId", "experiment_id", "parentId", "experiment"])?;
    let mut hashing = Hashing { algorithm: Algorithm::Optimizely, seed: seed.clone(), ..Hashing::default() };
    if let Some(table) = fields.list(&["trafficAllocation", "traffic_allocation"])? {
        let mut names: Vec<String> = Vec::new();
        let stated = match fields.list(&["variations", "variants"])? {
            Some(list) => Some(list.iter().map(name_of).collect::<Result<Vec<_>>>()?),
            None => None,
        };
        for (entity, range) in traffic(table)?.into_iter().filter(|(entity, _)| !entity.is_empty()) {
            let known = stated.as_ref().unwrap_or(&names).iter().position(|name| *name == entity);
            let index = match known {
                Some(index) => index,
                // An entity that is no variation stands for nobody, and still has its range.
                None if stated.is_some() => continue,
                None => {
                    names.push(entity);
                    names.len() - 1
                }
            };
            hashing.ranges.push(index_range(index, range)?);
        }
        if hashing.ranges.is_empty() {
            hashing.ranges.push(VariantRange { variant: 0, from: 0.0, to: 0.0 });
        }
    }
    if let Some(group) = fields.object(&["group"])? {
        let table = traffic(group.list(&["trafficAllocation", "traffic_allocation"])?.unwrap_or_default())?;
        let own = table.into_iter().filter(|(entity, _)| seed.as_ref() == Some(entity));
        hashing.gates.push(GateRule {
            seed: group.text(&["id", "groupId", "seed"])?.context("the group has no id")?,
            hash_version: None,
            ranges: own.map(|(_, range)| range).collect(),
        });
    }
    let shares = if hashing.ranges.is_empty() { fields.shares(10_000.0)? } else { Vec::new() };
    let shares = if shares.is_empty() { vec![1.0] } else { shares };
    made(&hashing, &shares, fields.coverage()?, fields)
}

/// The name of a variation: itself, or its id or key.
fn name_of(value: &Value) -> Result<String> {
    match value {
        Value::Object(object) => Fields(object).text(&["id", "key", "name"])?.context("a variation has no id"),
        other => as_text(other),
    }
}

fn launchdarkly(fields: Fields<'_>) -> Result<Question> {
    let key = fields.text(&["flag", "flagKey", "flag_key", "key"])?;
    let salt = fields.text(&["salt"])?;
    let prefix = match (fields.text(&["seed", "prefix"])?, key, salt) {
        // Seeds are numbers there: a text beside a salt, and no flag, is the flag's key.
        (Some(seed), None, Some(salt)) if seed.parse::<f64>().is_err() => format!("{seed}.{salt}"),
        (Some(seed), ..) => seed,
        (None, Some(key), salt) => format!("{key}.{}", salt.unwrap_or_default()),
        (None, None, _) => bail!("there is no seed and no flag"),
    };
    let hashing = Hashing { algorithm: Algorithm::LaunchDarkly, seed: Some(prefix), ..Hashing::default() };
    let shares = fields.shares(100_000.0)?;
    let shares = if shares.is_empty() { vec![1.0] } else { shares };
    let mut question = made(&hashing, &shares, fields.coverage()?, fields)?;
    // In vectors of theirs the id is called `key`, beside `flag`.
    if !question.takes_part
        && fields.any(&["seed", "prefix", "flag", "flagKey", "flag_key"]).is_some()
        && let Some(key) = fields.text(&["key"])?
    {
        (question.unit, question.takes_part) = (key, true);
    }
    if let Some(secondary) = fields.text(&["secondary"])? {
        question.unit = format!("{}.{secondary}", question.unit);
    }
    let listed = fields.list(&["variations", "variants"])?.unwrap_or_default();
    let index_of = |variation: &Value| variation.get("variation").and_then(Value::as_i64);
    question.names = listed.iter().map(index_of).collect();
    Ok(question)
}

fn posthog(fields: Fields<'_>) -> Result<Question> {
    let seed = fields.text(&["seed", "key", "flag", "flagKey", "flag_key"])?;
    let hashing = Hashing { algorithm: Algorithm::PostHog, seed, ..Hashing::default() };
    let percent = fields.number(&["rollout_percentage", "rolloutPercentage"])?.map(|percent| percent / 100.0);
    let rollout = fields.number(&["rollout"])?.map(|share| if share > 1.0 { share / 100.0 } else { share });
    let coverage = fields.coverage()?.or(percent).or(rollout);
    let nested = fields.object(&["multivariate"])?.unwrap_or(fields);
    made(&hashing, &nested.shares(100.0)?, coverage, fields)
}

fn eppo(fields: Fields<'_>) -> Result<Question> {
    let shards = fields.number(&["totalShards", "total_shards", "shards"])?.unwrap_or(10_000.0);
    ensure!((1.0..=4_294_967_295.0).contains(&shards), "totalShards is 1 to 4294967295, not {shards}");
    let seed = fields.text(&["seed", "salt"])?;
    let mut hashing = Hashing { algorithm: Algorithm::Eppo, seed, shards: Some(shards as u32), ..Hashing::default() };
    if let Some(splits) = fields.list(&["splits"])? {
        eppo_splits(splits, &mut hashing).context("splits")?;
    } else if let Some(ranges) = fields.ranges(&["ranges"])? {
        hashing.ranges =
            ranges.into_iter().enumerate().map(|(at, range)| index_range(at, range)).collect::<Result<_>>()?;
    }
    let shares = if hashing.ranges.is_empty() { fields.shares(100.0)? } else { Vec::new() };
    let shares = if shares.is_empty() { vec![1.0] } else { shares };
    made(&hashing, &shares, fields.coverage()?, fields)
}

/// Shards that all splits state alike are gates; the one salt that is left splits.
fn eppo_splits(splits: &[Value], hashing: &mut Hashing) -> Result<()> {
    let mut read: Vec<Vec<GateRule>> = Vec::new();
    for split in splits {
        let split = Fields(split.as_object().context("a split is an object")?);
        let mut shards = Vec::new();
        for shard in split.list(&["shards"])?.unwrap_or_default() {
            let shard = Fields(shard.as_object().context("a shard is an object")?);
            let ranges = shard.ranges(&["ranges"])?.context("a shard has no ranges")?;
            shards.push(GateRule {
                seed: shard.text(&["salt"])?.context("a shard has no salt")?,
                hash_version: None,
                ranges,
            });
        }
        read.push(shards);
    }
    let first = read.first().cloned().unwrap_or_default();
    let is_of_all = |gate: &GateRule| read.len() > 1 && read.iter().all(|shards| shards.contains(gate));
    hashing.gates.extend(first.into_iter().filter(is_of_all));
    for (index, shards) in read.iter().enumerate() {
        let own: Vec<&GateRule> = shards.iter().filter(|gate| !hashing.gates.contains(gate)).collect();
        let [own] = own.as_slice() else { bail!("split {index} has {} shards of its own, not 1", own.len()) };
        ensure!(
            index == 0 || hashing.seed.as_ref() == Some(&own.seed),
            "the splits use different salts: {:?} and {:?}",
            hashing.seed.as_deref().unwrap_or_default(),
            own.seed
        );
        hashing.seed = Some(own.seed.clone());
        for range in &own.ranges {
            hashing.ranges.push(index_range(index, *range)?);
        }
    }
    Ok(())
}
