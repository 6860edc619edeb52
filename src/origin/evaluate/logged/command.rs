//! `nearside evaluate` of logged policies: what a policy would have earned, from the log of another one.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::beliefs_file;
use super::estimators::{Estimate, Estimates, Estimator, Options, Round, estimate};
use super::open_bandit::{self, Log, PLACES};
use super::reference_draws::drawn;
use super::reward_model::{FOLDS, Shown, cross_fit};
use super::thompson::thompson;
use crate::data::write_whole;
use crate::evaluate::report::{EstimatorSection, Fact, Report, html};
use crate::evaluate::statistics::{RESAMPLES, Summary};
use crate::evaluate::table::{TextTable, decimals};

/// Judges a policy from another one's log: IPS, SNIPS, DM, DR and SNDR, each with its error and intervals.
///
/// The log is that of `random`. The policy is the Thompson sampling of --policy, or without it what the other log (`bts`)
/// shows on average. The policy's own log tells how near the judgement came.
#[derive(Debug, Args)]
pub(crate) struct EvaluateLoggedArgs {
    /// Beliefs of the policy: a .csv of item_id,alpha,beta, or the .yaml of the Open Bandit Pipeline.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The part of a .yaml to read.
    #[arg(long, default_value = "all", requires = "policy")]
    campaign: String,
    /// Draws the policy's probabilities so often, as the reference does, instead of integrating them.
    #[arg(long, value_name = "COUNT", requires = "policy")]
    policy_draws: Option<u32>,
    /// The seed of those draws.
    #[arg(long, default_value_t = 12_345, requires = "policy_draws")]
    policy_seed: u32,
    /// Weights above it count as it.
    #[arg(long, value_name = "WEIGHT")]
    largest_weight: Option<f64>,
    /// Resamples of the bootstrap intervals.
    #[arg(long, default_value_t = RESAMPLES)]
    resamples: usize,
}

/// What is printed.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Answer {
    #[serde(flatten)]
    estimates: Estimates,
    /// Of what the policy would show, the share that the log never shows at that place.
    unsupported_ratio: f64,
    /// The reward per round in the policy's own log.
    own_log: Summary,
}

/// Reads, fits the reward model, estimates and prints.
///
/// # Errors
/// Data or a policy that cannot be read or used.
pub(crate) fn run(data: &Path, args: &EvaluateLoggedArgs, seed: u64, page: Option<&Path>, json: bool) -> Result<()> {
    let (log, own) = (open_bandit::read(data, "random")?, open_bandit::read(data, "bts")?);
    let policy = policy(args, &own)?;
    anyhow::ensure!(
        policy.len() == log.space.action_features.len(),
        "the policy has {} items and the log {}",
        policy.len(),
        log.space.action_features.len()
    );
    let options = Options { largest_weight: args.largest_weight, resamples: args.resamples, seed };
    let answer = Answer {
        estimates: estimate(&rounds(&log, &policy, seed), &options, &Estimator::ALL)?,
        unsupported_ratio: unsupported(&log, &policy),
        own_log: Summary::of(own.rounds.iter().map(|round| round.shown.reward)),
    };
    if let Some(path) = page {
        write_whole(path, html(&report(data, args, seed, &answer)).as_bytes())?;
    }
    let text = if json { serde_json::to_string(&answer)? } else { table(&answer) };
    writeln!(io::stdout(), "{}", text.trim_end())?;
    Ok(())
}

fn policy(args: &EvaluateLoggedArgs, own: &Log) -> Result<Vec<[f64; PLACES]>> {
    let Some(path) = &args.policy else { return Ok(own.shares()) };
    let beliefs = beliefs_file::read(path, &args.campaign)?;
    match args.policy_draws {
        Some(draws) => Ok(drawn(&beliefs, draws, args.policy_seed)),
        None => thompson(&beliefs),
    }
}

/// The policy's probability of an item at a place.
fn chance(policy: &[[f64; PLACES]], action: u32, position: usize) -> f64 {
    policy.get(action as usize).and_then(|item| item.get(position)).copied().unwrap_or_default()
}

fn rounds(log: &Log, policy: &[[f64; PLACES]], seed: u64) -> Vec<Round> {
    let shown: Vec<Shown> = log.rounds.iter().map(|round| round.shown.clone()).collect();
    let opinions = cross_fit(&shown, &log.space, FOLDS, seed);
    let round = |(logged, opinion): (&open_bandit::LoggedRound, super::reward_model::Opinion)| {
        let Shown { action, position, reward, .. } = logged.shown;
        let of_policy = (0..).zip(&opinion.of_actions).map(|(other, value)| chance(policy, other, position) * value);
        Round {
            reward,
            propensity: logged.propensity,
            target: chance(policy, action, position),
            predicted: opinion.of_actions.get(action as usize).copied().unwrap_or_default(),
            expected: of_policy.sum(),
        }
    };
    log.rounds.iter().zip(opinions).map(round).collect()
}

fn unsupported(log: &Log, policy: &[[f64; PLACES]]) -> f64 {
    let seen = log.shares();
    let pairs = policy.iter().flatten().zip(seen.iter().flatten());
    pairs.filter(|(_, seen)| **seen == 0.0).fold(0.0, |sum, (chance, _)| sum + chance) / PLACES as f64
}

fn report(data: &Path, args: &EvaluateLoggedArgs, seed: u64, answer: &Answer) -> Report {
    let fact = |name: &str, value: String| Fact { name: name.to_owned(), value };
    let policy = match (&args.policy, args.policy_draws) {
        (None, _) => "what bts showed on average".to_owned(),
        (Some(path), None) => format!("{}, {}, integrated", file_name(path), args.campaign),
        (Some(path), Some(draws)) => {
            format!("{}, {}, {draws} draws with seed {}", file_name(path), args.campaign, args.policy_seed)
        }
    };
    let section = EstimatorSection {
        title: "bts, from the log of random".to_owned(),
        estimates: answer.estimates.clone(),
        own_log: Some(answer.own_log),
    };
    Report {
        title: "A policy judged from another one's log".to_owned(),
        facts: vec![
            fact("Data", format!("{}, Open Bandit", file_name(data))),
            fact("Policy", policy),
            fact("Seed", seed.to_string()),
            fact("Nearside", env!("CARGO_PKG_VERSION").to_owned()),
        ],
        estimators: vec![section],
        ..Report::default()
    }
}

/// The last part of a path: the folders above it are nobody's business.
fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn table(answer: &Answer) -> String {
    let mut table = TextTable::new(["estimator", "value", "standard error", "95 % normal", "95 % bootstrap"]);
    for Estimate { estimator, value, standard_error, normal, bootstrap } in &answer.estimates.estimates {
        let range = |interval: &crate::evaluate::statistics::Interval| {
            format!("{} to {}", decimals(interval.lower, 6), decimals(interval.upper, 6))
        };
        let (value, error) = (decimals(*value, 6), decimals(*standard_error, 6));
        table.row([(*estimator).to_owned(), value, error, range(normal), range(bootstrap)]);
    }
    let own = &answer.own_log;
    table.row(["own log".to_owned(), decimals(own.mean, 6), decimals(own.standard_error, 6)]);
    let found = &answer.estimates.diagnostics;
    let notes = format!(
        "{} rounds, as good as {:.0} of the policy's own; weights: mean {:.4}, largest {:.2}, {:.1} % clipped, {:.1} % zero; \
         {:.1} % of the policy is never logged",
        found.rounds,
        found.effective_rounds,
        found.mean_weight,
        found.largest_weight,
        100.0 * found.clipped_ratio,
        100.0 * found.unused_ratio,
        100.0 * answer.unsupported_ratio
    );
    table.for_terminal() + &notes
}
