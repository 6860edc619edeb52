//! The candidate of the folder on its way to a Worker: what `nearside publish` and `nearside run` have in common.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use nearside_engine::types::TimeMs;

use super::key::ModelKey;
use super::signed::Signed;
use super::smoke::Patience;
use super::steps::{Measured, Plan, Published, publish};
use crate::api::ServerArgs;
use crate::data::now_ms;
use crate::gate::{Evaluation, Limits, ModelsArgs};
use crate::models::Registry;

/// Where the key is.
#[derive(Debug, Clone, Args)]
pub(crate) struct KeyArgs {
    /// The key that models are signed with: {"id", "private"}, the 32 bytes of the seed in base64.
    #[arg(long, value_name = "FILE", env = "NEARSIDE_MODEL_KEY_FILE", default_value = ".nearside/model-key.json")]
    pub(crate) model_key_file: PathBuf,
}

/// Which candidate, signed with what, judged by what, for which Worker.
#[derive(Debug, Clone, Args)]
pub(crate) struct CandidateArgs {
    /// The pack; the only live one when it is not given.
    #[arg(long)]
    pub(crate) pack: Option<String>,
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    #[command(flatten)]
    pub(crate) models: ModelsArgs,
    #[command(flatten)]
    pub(crate) limits: Limits,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

impl CandidateArgs {
    /// How a candidate that passes the gate is published now: to everybody, and nobody is asked for.
    pub(crate) fn plan<'a>(&'a self, pack: &'a str) -> Plan<'a> {
        Plan {
            pack,
            share: 100,
            forced_reason: None,
            is_rehearsal: false,
            smoke_user: None,
            limits: &self.limits,
            now_ms: now_ms(),
            patience: Patience::USUAL,
        }
    }

    /// Signs the candidate and publishes it as planned; returns also the end of the data that it learned from.
    ///
    /// # Errors
    /// No candidate; what was measured does not read, unless the plan names a reason to publish it all the same; the step
    /// that failed.
    pub(crate) fn publish(
        &self,
        registry: &dyn Registry,
        key: &ModelKey,
        plan: &Plan<'_>,
    ) -> Result<(Published, TimeMs)> {
        let signed = Signed::new(&self.models.candidate(plan.pack)?, plan.pack, key, plan.now_ms)?;
        let read = self.models.evaluation(plan.pack);
        let measured = measured(&read, plan)?;
        Ok((publish(registry, &signed, &measured, plan)?, signed.data_until_ms))
    }
}

/// A file that does not read stops publishing, and does not stop who insists: the verdict says so then, and is recorded.
fn measured<'a>(read: &'a Result<Option<Evaluation>>, plan: &Plan<'_>) -> Result<Measured<'a>> {
    match read {
        Ok(Some(evaluation)) => Ok(Measured::As(evaluation)),
        Ok(None) => Ok(Measured::Never),
        Err(error) if plan.forced_reason.is_some() => {
            eprintln!("warning: {error:#}; nothing of it is judged, as --force asks");
            // The record is read elsewhere: it need not know where the file lies on this machine.
            Ok(Measured::Unreadable(error.root_cause().to_string()))
        }
        Err(error) => {
            anyhow::bail!("{error:#}; run nearside evaluate again, or publish with --force and a --reason")
        }
    }
}
