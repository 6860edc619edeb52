//! Consent, then purchases in time order, through the routes that any other client uses.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use nearside_engine::types::format_rfc3339;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::names::Names;
use crate::api::{Api, in_parallel};
use crate::online_retail::{Purchase, Purchases};
use crate::progress::{Progress, note};

/// The Worker takes this many interactions in one call.
const PURCHASES_A_CALL: usize = 1_000;
/// How many people's profiles are looked at to see that everything arrived.
const SAMPLE: usize = 24;
/// The longest wait for a queue to run dry.
const DRAIN: Duration = Duration::from_secs(180);

#[derive(Serialize)]
struct Consent {
    user_id: Uuid,
    personalization_enabled: bool,
    data_sharing_consent: bool,
}

#[derive(Serialize)]
struct Batch<'a> {
    interactions: Vec<Bought<'a>>,
}

#[derive(Serialize)]
struct Bought<'a> {
    id: Uuid,
    user_id: Uuid,
    #[serde(rename = "type")]
    kind: &'static str,
    target_type: &'static str,
    target_id: &'a str,
    occurred_at: String,
}

/// What became of a batch.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Taken {
    accepted: usize,
    duplicates: usize,
    withheld: usize,
    rejected: Vec<Rejected>,
}

#[derive(Debug, Deserialize)]
struct Rejected {
    index: usize,
    detail: String,
}

/// Sends everything, and waits until profiles show it.
///
/// # Errors
/// Anything that is refused, withheld or lost: figures over a part of the data would not compare.
pub(super) fn import(api: &Api, before: &Purchases, names: &Names) -> Result<()> {
    agree(api, before, names)?;
    send(api, before, names)?;
    wait_until_applied(api, before, names)
}

fn agree(api: &Api, before: &Purchases, names: &Names) -> Result<()> {
    let buyers: Vec<u32> = before.buyers().into_iter().collect();
    let progress = Progress::start("consent", buyers.len());
    in_parallel(&buyers, &progress, |customer| {
        let user_id = user_of(before, names, *customer);
        let consent = Consent { user_id, personalization_enabled: true, data_sharing_consent: true };
        api.post::<Value>("/settings", &serde_json::to_vec(&consent)?).context("consent was not stored")
    })?;
    progress.finish();
    Ok(())
}

fn send(api: &Api, before: &Purchases, names: &Names) -> Result<()> {
    let progress = Progress::start("purchases", before.purchases.len());
    let mut seen_before = 0;
    for chunk in before.purchases.chunks(PURCHASES_A_CALL) {
        let interactions = chunk.iter().map(|purchase| bought(before, names, purchase)).collect();
        let body = serde_json::to_vec(&Batch { interactions })?;
        let taken: Taken = api.post("/track-interactions?sync=1", &body).context("purchases were not taken")?;
        check_taken(&taken, chunk.len())?;
        seen_before += taken.duplicates;
        progress.advance(chunk.len());
    }
    progress.finish();
    if seen_before > 0 {
        note!("{seen_before} of them were known from an earlier run");
    }
    Ok(())
}

fn bought<'a>(before: &'a Purchases, names: &Names, purchase: &Purchase) -> Bought<'a> {
    Bought {
        id: names.purchase(before, purchase),
        user_id: user_of(before, names, purchase.customer),
        kind: "PURCHASED",
        target_type: "item",
        target_id: before.items.get(purchase.item as usize).map_or("", String::as_str),
        occurred_at: format_rfc3339(purchase.at_ms),
    }
}

fn user_of(before: &Purchases, names: &Names, customer: u32) -> Uuid {
    names.user(before.customers.get(customer as usize).map_or("", String::as_str))
}

fn check_taken(taken: &Taken, sent: usize) -> Result<()> {
    if let Some(first) = taken.rejected.first() {
        bail!(
            "{} of {sent} purchases were rejected, first number {}: {}",
            taken.rejected.len(),
            first.index,
            first.detail
        );
    }
    ensure!(taken.withheld == 0, "{} of {sent} purchases were withheld for want of consent", taken.withheld);
    let counted = taken.accepted + taken.duplicates;
    ensure!(counted == sent, "of {sent} purchases only {counted} were accounted for");
    Ok(())
}

/// Asks the profiles of the last buyers, and of some others, until each has taken up as many items as were sent.
fn wait_until_applied(api: &Api, before: &Purchases, names: &Names) -> Result<()> {
    let sample = sample(before);
    let progress = Progress::start("profiles", sample.len());
    let started = Instant::now();
    for (customer, expected) in sample {
        let path = format!("/profile/{}", user_of(before, names, customer));
        loop {
            let profile: Value = api.get(&path).context("a profile cannot be read")?;
            let applied =
                profile.pointer("/history/recommendations_accepted").and_then(Value::as_u64).unwrap_or_default();
            if applied == expected {
                break;
            }
            ensure!(
                started.elapsed() < DRAIN && applied < expected,
                "a profile holds {applied} purchases where {expected} were sent"
            );
            thread::sleep(Duration::from_millis(500));
        }
        progress.advance(1);
    }
    progress.finish();
    Ok(())
}

/// Customers with their number of purchases: the latest buyers first, then some from the whole time.
fn sample(before: &Purchases) -> Vec<(u32, u64)> {
    let half = SAMPLE / 2;
    let latest = before.purchases.iter().rev().take(PURCHASES_A_CALL).step_by(PURCHASES_A_CALL / half);
    let chosen = latest.chain(before.purchases.iter().step_by((before.purchases.len() / half).max(1)));
    let mut customers: Vec<u32> = Vec::new();
    for purchase in chosen {
        if !customers.contains(&purchase.customer) {
            customers.push(purchase.customer);
        }
    }
    let count = |customer: u32| before.purchases.iter().filter(|purchase| purchase.customer == customer).count() as u64;
    customers.into_iter().map(|customer| (customer, count(customer))).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_not_taken_ends_the_import() {
        let taken = |accepted, duplicates, withheld| Taken { accepted, duplicates, withheld, rejected: Vec::new() };
        assert!(check_taken(&taken(3, 2, 0), 5).is_ok());
        assert!(check_taken(&taken(3, 1, 0), 5).unwrap_err().to_string().contains("only 4"));
        assert!(check_taken(&taken(3, 0, 2), 5).unwrap_err().to_string().contains("consent"));
        let rejected = vec![Rejected { index: 4, detail: "occurred_at is too old".to_owned() }];
        let error = check_taken(&Taken { accepted: 4, rejected, ..Taken::default() }, 5).unwrap_err().to_string();
        assert_eq!(error, "1 of 5 purchases were rejected, first number 4: occurred_at is too old");
    }

    #[test]
    fn a_purchase_goes_out_in_the_documented_shape() {
        let before = Purchases {
            customers: vec!["17850".to_owned()],
            invoices: vec!["536365".to_owned()],
            items: vec!["85123A".to_owned()],
            ..Purchases::default()
        };
        let names = Names::of_test(0);
        let purchase = Purchase { at_ms: 1_291_191_960_000, ..Purchase::default() };
        let sent = serde_json::to_value(bought(&before, &names, &purchase)).unwrap();
        assert_eq!(sent["type"], "PURCHASED");
        assert_eq!(sent["target_id"], "85123A");
        assert_eq!(sent["occurred_at"], "2010-12-01T08:26:00Z");
        assert_eq!(sent["user_id"], names.user("17850").to_string());
    }

    #[test]
    fn the_sample_holds_the_latest_buyer_and_counts_all_of_theirs() {
        let bought = |at_ms, customer| Purchase { at_ms, customer, ..Purchase::default() };
        let before = Purchases { purchases: vec![bought(1, 5), bought(2, 6), bought(3, 5)], ..Purchases::default() };
        assert_eq!(sample(&before), [(5, 2), (6, 1)]);
    }
}
