//! Where the people, items and events of training come from: the store, or a file of real data.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use nearside_engine::pack::Pack;
use nearside_engine::types::TimeMs;

use crate::api::{Api, ServerArgs};
use crate::models::Registry;
use crate::online_retail;
use crate::pack::{PackFolder, live_pack};
use crate::store::{Kinds, Store, StoreArgs};
use crate::train::World;

/// The store, and the pack whose events are looked at.
#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// The pack; needed when the store holds several.
    #[arg(long, value_name = "ID")]
    pub(crate) pack: Option<String>,
    /// Reads the pack from this folder instead of asking the Worker.
    #[arg(long, value_name = "DIR")]
    pub(crate) pack_folder: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

/// Reads the store's world.
///
/// # Errors
/// No store, no events of the pack, a pack that cannot be had.
pub(crate) fn stored_world(args: &SourceArgs) -> Result<World> {
    let store = Store::open_existing(&args.store.path)?;
    let id = match &args.pack {
        Some(id) => id.clone(),
        None => only_pack(&store)?,
    };
    let dataset = store.dataset(&id, Kinds::Positive)?;
    if dataset.events.is_empty() {
        bail!("the store holds no events of pack {id}; fill it with `nearside import`");
    }
    World::new(pack(args, &id)?, store.catalogue(&id)?, dataset)?.with_profiles(&store.profile_lines()?)
}

fn only_pack(store: &Store) -> Result<String> {
    let packs = store.packs()?;
    match packs.as_slice() {
        [one] => Ok(one.clone()),
        [] => bail!("the store holds no events; fill it with `nearside import`"),
        _ => bail!("the store holds several packs; choose one with --pack: {}", packs.join(", ")),
    }
}

fn pack(args: &SourceArgs, id: &str) -> Result<Pack> {
    let pack = match &args.pack_folder {
        Some(folder) => pack_of_folder(folder)?,
        None => {
            let advice = "the pack is read from the Worker, or with --pack-folder";
            let api = Api::connect(&args.server).context(advice)?;
            live_pack(Some(id), &mut |path| api.find_text(path)).context(advice)?
        }
    };
    if pack.id != id {
        bail!("the events are of pack {id}, the folder is of pack {}", pack.id);
    }
    Ok(pack)
}

/// Reads a store's world of a pack that is live.
///
/// # Errors
/// As [`stored_world`].
pub(super) fn world_of(registry: &dyn Registry, store: &Path, id: &str) -> Result<World> {
    let store = Store::open_existing(store)?;
    World::new(
        live_pack(Some(id), &mut |path| registry.read(path))?,
        store.catalogue(id)?,
        store.dataset(id, Kinds::Positive)?,
    )?
    .with_profiles(&store.profile_lines()?)
}

fn pack_of_folder(folder: &Path) -> Result<Pack> {
    let checked = PackFolder::read(folder)?.check().map_err(|findings| {
        let first = findings.first().map(|found| found.finding.to_string()).unwrap_or_default();
        anyhow!("the pack in {} breaks a rule: {first}", folder.display())
    })?;
    Ok(checked.pack)
}

/// Reads Online Retail by its protocol. What an item is called is taken from before the test only. `check` looks at the
/// time of the first and of the last purchase of the file before anything is made of it.
///
/// # Errors
/// Data that cannot be read; what `check` finds.
pub(crate) fn online_retail_world(
    data: &Path,
    from_ms: TimeMs,
    before_ms: TimeMs,
    check: impl FnOnce((TimeMs, TimeMs)) -> Result<()>,
) -> Result<World> {
    let mut purchases = online_retail::read(data)?;
    check(purchases.span_ms().with_context(|| format!("{} holds no purchases", data.display()))?)?;
    purchases.keep(TimeMs::MIN, before_ms);
    let pack = online_retail::retail_pack()?.pack;
    let dataset = online_retail::dataset(&purchases);
    let (before, _) = purchases.split(from_ms);
    let items = online_retail::items(&before, &pack).context("the shop's items break the retail pack's rules")?;
    World::new(pack, items, dataset)
}
