//! The arguments of `nearside replay` and the order of its steps.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use nearside_engine::types::{TimeMs, days_between};

use super::ask::ask_everybody;
use super::import::import;
use super::measure::{LIST_LENGTH, Measured, measure};
use super::names::Names;
use super::report;
use crate::api::{Api, ServerArgs};
use crate::data::read_date;
use crate::offline::{Past, RECENT_HALF_LIFE_DAYS, Taken, best_of};
use crate::online_retail;
use crate::online_retail::{Purchases, Truth};
use crate::pack::{publish_catalogue, publish_pack};
use crate::progress::note;

/// Replays real purchases through a running Worker and measures what it recommends.
///
/// Items and purchases from before the test date go in; then everybody who bought from that date on is asked for, as
/// of that date. NDCG@10 and Recall@20 count repeat purchases. Running it again sends nothing twice.
#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// What the data is.
    #[arg(long, value_enum)]
    format: Format,
    /// The data: .csv or .csv.gz.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// The first day of the test: a date (its midnight, UTC) or an RFC 3339 time.
    #[arg(long, value_name = "DATE", value_parser = read_date)]
    test_from: TimeMs,
    #[command(flatten)]
    server: ServerArgs,
    /// Prints an array of {model, users, ndcg10, recall20} instead of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// UCI Online Retail: invoice lines with customer, stock code, time, quantity and price.
    OnlineRetail,
}

/// Reads, imports, asks and measures.
///
/// # Errors
/// Data that cannot be read, a date with nothing before or after it, a Worker that refuses or loses something.
pub(crate) fn run(args: &ReplayArgs) -> Result<()> {
    let replay = match args.format {
        Format::OnlineRetail => online_retail::read(&args.data)?,
    };
    let (before, truth) = replay.split(args.test_from);
    ensure!(!before.purchases.is_empty(), "no purchase in {} lies before the test date", args.data.display());
    ensure!(!truth.is_empty(), "nobody who bought before the test date bought a known item from it on");
    note!(
        "{} purchases of {} items by {} customers before the test date, {} customers after it",
        before.purchases.len(),
        before.item_count(),
        before.customer_count(),
        truth.len()
    );
    // The Worker is asked last what costs most; that nobody answers should be said first.
    let api = Api::connect(&args.server)?;
    let nearside = nearside(&api, &before, &truth, args.test_from)?;
    let past = past(&before, args.test_from);
    let recent = past.recent_popularity(RECENT_HALF_LIFE_DAYS);
    let models = [
        measure("nearside", &nearside, &truth)?,
        measure("popularity", &everybody(&past.popularity()?, &before, &truth), &truth)?,
        measure("recent_popularity", &everybody(&recent, &before, &truth), &truth)?,
    ];
    report::print(&models, args.json)?;
    say_ratio(&models);
    Ok(())
}

fn nearside(api: &Api, before: &Purchases, truth: &[Truth], as_of_ms: TimeMs) -> Result<Vec<Vec<u32>>> {
    let checked = online_retail::retail_pack()?;
    let items = online_retail::items(before, &checked.pack)?;
    publish_pack(api, &checked.pack.id, &checked.bytes)?;
    publish_catalogue(api, &checked.pack.id, &items)?;
    let scope = checked.pack.scopes.first().map(|scope| scope.id.clone()).context("the retail pack has no scope")?;
    let names = Names::of_test(as_of_ms);
    import(api, before, &names)?;
    ask_everybody(api, before, truth, &names, &scope, as_of_ms)
}

/// What was bought before the test, by numbers.
fn past(before: &Purchases, now_ms: TimeMs) -> Past {
    let taken = before.purchases.iter().map(|purchase| Taken {
        person: purchase.customer,
        item: purchase.item,
        age_days: days_between(purchase.at_ms, now_ms),
    });
    Past::new(before.customers.len(), before.items.len(), taken.collect())
}

/// The same list for all: the sold items by these scores.
fn everybody(scores: &[f64], before: &Purchases, truth: &[Truth]) -> Vec<Vec<u32>> {
    let sold = before.sold_items();
    vec![best_of(scores, |item| sold.contains(item), LIST_LENGTH); truth.len()]
}

fn say_ratio(models: &[Measured]) {
    if let [nearside, .., recent] = models
        && recent.ndcg10 > 0.0
    {
        note!("NDCG@10 is {:.2} times that of recent popularity", nearside.ndcg10 / recent.ndcg10);
    }
}
