//! What Nearside recommends to each person of the test, as of its date.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use nearside_engine::types::{TimeMs, format_rfc3339};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::measure::LIST_LENGTH;
use super::names::Names;
use crate::api::{Api, in_parallel};
use crate::online_retail::{Purchases, Truth};
use crate::progress::Progress;

#[derive(Serialize)]
struct Question<'a> {
    scope: &'a str,
    limit: usize,
    user_id: Uuid,
    as_of: &'a str,
    explain: &'static str,
}

#[derive(Deserialize)]
struct Decision {
    personalization: String,
    #[serde(default)]
    degraded: Vec<String>,
    items: Vec<DecidedItem>,
}

#[derive(Deserialize)]
struct DecidedItem {
    id: String,
}

/// Returns one list for each person of the test, in their order.
///
/// # Errors
/// A refusal, or somebody who got the general order: then it is not Nearside that would be measured.
pub(super) fn ask_everybody(
    api: &Api,
    before: &Purchases,
    truth: &[Truth],
    names: &Names,
    scope: &str,
    as_of_ms: TimeMs,
) -> Result<Vec<Vec<u32>>> {
    let numbers: BTreeMap<&str, u32> = before.items.iter().map(String::as_str).zip(0..).collect();
    let as_of = format_rfc3339(as_of_ms);
    let progress = Progress::start("recommend", truth.len());
    let degraded = AtomicUsize::new(0);
    let lists = in_parallel(truth, &progress, |person| {
        let customer = before.customers.get(person.customer as usize).context("a customer has no name")?;
        let question =
            Question { scope, limit: LIST_LENGTH, user_id: names.user(customer), as_of: &as_of, explain: "none" };
        let decision: Decision = api.post("/recommend", &serde_json::to_vec(&question)?)?;
        ensure!(
            decision.personalization != "none",
            "somebody got the general order instead of their own; is personalization switched off?"
        );
        if !decision.degraded.is_empty() {
            degraded.fetch_add(1, Ordering::Relaxed);
        }
        // An item that the data does not know can only be a miss.
        Ok(decision.items.iter().map(|item| numbers.get(item.id.as_str()).copied().unwrap_or(u32::MAX)).collect())
    })?;
    progress.finish();
    let degraded = degraded.into_inner();
    if degraded > 0 {
        eprintln!("{degraded} of {} answers were degraded", truth.len());
    }
    Ok(lists)
}
