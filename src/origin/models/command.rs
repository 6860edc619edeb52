//! The arguments of `nearside models`, `promote` and `rollback`.

use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::diff::{compare, fetch, text};
use super::kept::{KeptModel, PackModels, find_pack, models_of};
use super::moves::{COMPARED_WITH, Promotion, move_back, move_to};
use super::registry::Registry;
use crate::api::{Api, ServerArgs};
use crate::evaluate::TextTable;
use crate::exit::Exit;

/// What can be looked at in the Worker's registry of models. A VERSION is `live`, or the beginning of one.
#[derive(Debug, Subcommand)]
pub(crate) enum ModelsCommand {
    /// Lists the kept versions of every pack, or of one.
    List {
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Shows one version: what it was trained on, its figures, the gate's verdicts, how it came.
    Show {
        /// Which.
        version: String,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Compares two versions: figures, sizes, terms that came, went or changed.
    Diff {
        /// The one.
        from: String,
        /// The other.
        to: String,
        #[command(flatten)]
        common: CommonArgs,
    },
}

/// What every look at models takes.
#[derive(Debug, Args)]
pub(crate) struct CommonArgs {
    /// The pack; the only live one when it is not given.
    #[arg(long)]
    pack: Option<String>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    server: ServerArgs,
}

/// Promotes a kept version, such as a canary that did well.
///
/// The gate's verdicts are those that it was published with; where they did not pass, or compared it with another version
/// than the one that is live now, a reason must be given.
#[derive(Debug, Args)]
pub(crate) struct PromoteArgs {
    /// Which: the beginning of a version.
    version: String,
    /// Per cent of people, 1 to 100; 100 makes it the live one.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(1..=100))]
    share: u8,
    /// Promotes it though the gate did not pass.
    #[arg(long, requires = "reason")]
    force: bool,
    /// Why; it is recorded.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    common: CommonArgs,
}

/// Goes back to the version that was live before, and ends a canary.
#[derive(Debug, Args)]
pub(crate) struct RollbackArgs {
    /// The version to go back to instead: one that was live.
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    /// Why; it is recorded.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    common: CommonArgs,
}

/// Runs one look.
///
/// # Errors
/// A version that is not kept, a Worker that refuses.
pub(crate) fn run(command: &ModelsCommand) -> Result<ExitCode> {
    match command {
        ModelsCommand::List { common } => list(common),
        ModelsCommand::Show { version, common } => {
            let (api, pack) = connect(common)?;
            show(&api, &pack, version, common.json)
        }
        ModelsCommand::Diff { from, to, common } => {
            let (api, pack) = connect(common)?;
            let models = models_of(&api, &pack)?;
            let read = |name: &str| fetch(&api, &models.named(name)?.version);
            let difference = compare(&read(from)?, &read(to)?);
            if common.json {
                println!("{}", serde_json::to_string(&difference)?);
            } else {
                print!("{}", text(&difference));
            }
            Ok(())
        }
    }?;
    Ok(Exit::Done.into())
}

/// Promotes a version.
///
/// # Errors
/// A version that is not kept; the gate did not pass and no reason is given.
pub(crate) fn promote(args: &PromoteArgs) -> Result<ExitCode> {
    let (api, pack) = connect(&args.common)?;
    let models = models_of(&api, &pack)?;
    let kept = models.named(&args.version)?;
    if !models.has_share(&kept.version, args.share) {
        let reason = args.reason.as_deref().filter(|_| args.force);
        let forced_reason = match objection(&models, kept) {
            None => None,
            Some(_) if reason.is_some() => reason,
            Some(found) => {
                let version = short(&kept.version);
                let advice = "use nearside publish, or --force --reason TEXT";
                return Err(Exit::GateRefused.because(format!("{pack} {version}: {found}; {advice}")));
            }
        };
        let (version, share, gate) = (&kept.version, args.share, kept.gate.clone());
        let promotion = Promotion { version, share, gate, forced_reason, seen: models.seen() };
        move_to(&api, &pack, &promotion)?;
    }
    say(&models_of(&api, &pack)?, args.common.json);
    Ok(Exit::Done.into())
}

/// Why the verdicts that a version was published with do not let it be promoted now.
pub(super) fn objection(models: &PackModels, kept: &KeptModel) -> Option<&'static str> {
    match &kept.gate {
        None => Some("no gate judged it"),
        Some(gate) if gate["passed"] != true => Some("the gate did not pass it"),
        Some(gate) if gate.get(COMPARED_WITH) != Some(&json!(models.live)) => {
            Some("the gate compared it with another version than the one that is live now")
        }
        Some(_) => None,
    }
}

/// Goes back.
///
/// # Errors
/// A version that never was live; a Worker that refuses.
pub(crate) fn roll_back(args: &RollbackArgs) -> Result<ExitCode> {
    let (api, pack) = connect(&args.common)?;
    say(&go_back(&api, &pack, args.to.as_deref(), &args.reason)?, args.common.json);
    Ok(Exit::Done.into())
}

/// Goes back to a version, else to the one before the live one, else to the pack's own weights.
pub(super) fn go_back(registry: &dyn Registry, pack: &str, to: Option<&str>, reason: &str) -> Result<PackModels> {
    ensure!(!reason.trim().is_empty(), "--reason is empty; say why, it is recorded");
    let models = models_of(registry, pack)?;
    ensure!(
        models.live.is_some() || models.canary.is_some() || to.is_some(),
        "{pack}: no model is live: there is nothing to take back"
    );
    let named = to.map(|name| models.named(name).map(|kept| kept.version.clone())).transpose()?;
    // A canary alone is taken back without touching the live one.
    let back = match (&named, &models.canary) {
        (Some(version), _) => Some(version.as_str()),
        (None, Some(_)) => models.live.as_deref(),
        (None, None) => models.previous.as_deref(),
    };
    move_back(registry, pack, back, reason, models.seen()).with_context(|| format!("{pack}: going back"))
}

fn connect(common: &CommonArgs) -> Result<(Api, String)> {
    let api = Api::connect(&common.server)?;
    let pack = find_pack(&api, common.pack.as_deref())?;
    Ok((api, pack))
}

fn list(common: &CommonArgs) -> Result<()> {
    let api = Api::connect(&common.server)?;
    let path = common.pack.as_ref().map_or("/models".to_owned(), |pack| format!("/models/{pack}"));
    let said = api.read(&path)?.with_context(|| format!("no pack {} is live", common.pack.as_deref().unwrap_or("")))?;
    if common.json {
        println!("{said}");
        return Ok(());
    }
    let said: Value = serde_json::from_str(&said)?;
    let packs = said.get("packs").and_then(Value::as_array).cloned().unwrap_or_else(|| vec![said.clone()]);
    let mut table = TextTable::new(["version", "pack", "status", "bytes", "trained", "live since"]);
    for pack in packs {
        let models: PackModels = serde_json::from_value(pack)?;
        for kept in &models.versions {
            table.row(row(&models, kept));
        }
    }
    print!("{}", table.for_terminal());
    Ok(())
}

fn row(models: &PackModels, kept: &KeptModel) -> [String; 6] {
    let share = models.canary.as_deref().and_then(|canary| canary.strip_prefix(kept.version.as_str()));
    let status =
        share.map_or(kept.status.clone(), |share| format!("{} {}%", kept.status, share.trim_start_matches(':')));
    let day = |time: &str| time.get(..19).unwrap_or(time).to_owned();
    [
        short(&kept.version).to_owned(),
        models.pack.clone(),
        status,
        kept.size_bytes.to_string(),
        day(&kept.trained_at),
        kept.promoted_at.as_deref().map(day).unwrap_or_default(),
    ]
}

fn show(registry: &dyn Registry, pack: &str, name: &str, is_json: bool) -> Result<()> {
    let said: Value = serde_json::from_str(&registry.read(&format!("/models/{pack}"))?.unwrap_or_default())?;
    let models: PackModels = serde_json::from_value(said.clone())?;
    let version = &models.named(name)?.version;
    let mut all = said.get("versions").and_then(Value::as_array).into_iter().flatten();
    let found = all.find(|kept| kept.get("version").and_then(Value::as_str) == Some(version));
    let found = found.context("the version is not listed")?;
    if is_json {
        println!("{found}");
        return Ok(());
    }
    let mut lines = String::new();
    for (name, value) in found.as_object().into_iter().flatten() {
        add_lines(&mut lines, name, value);
    }
    print!("{lines}");
    Ok(())
}

/// Adds a value, and the members of an object or list under their paths.
fn add_lines(lines: &mut String, path: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| add_lines(lines, &format!("{path}.{name}"), value));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, value)| add_lines(lines, &format!("{path}[{at}]"), value));
        }
        Value::String(text) => lines.push_str(&format!("{path}: {text}\n")),
        other => lines.push_str(&format!("{path}: {other}\n")),
    }
}

/// Says what serves now.
fn say(models: &PackModels, is_json: bool) {
    if is_json {
        println!("{}", json!({ "pack": models.pack, "live": models.live, "canary": models.canary }));
        return;
    }
    let live = models
        .live
        .as_deref()
        .map_or_else(|| "the pack's own weights serve".to_owned(), |live| format!("{} serves", short(live)));
    let canary = models.canary.as_deref().and_then(|canary| canary.split_once(':'));
    let canary =
        canary.map(|(version, share)| format!(", {} for {share} % of people", short(version))).unwrap_or_default();
    println!("{}: {live}{canary}", models.pack);
}

fn short(version: &str) -> &str {
    version.get(..12).unwrap_or(version)
}
