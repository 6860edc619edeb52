//! Data sets whose columns and rules are known by name.

use std::path::Path;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use nearside_engine::types::{Context, EventKind, Interaction, ItemFacts};
use uuid::Uuid;

use super::intake::{Intake, Plan};
use super::judge::check_time;
use crate::online_retail::{self, Line, Purchase, Purchases, country_code};
use crate::store::Taken;

/// The root of the ids of purchases: an arbitrary fixed UUID.
const PURCHASES: Uuid = Uuid::from_u128(0x6e65_6172_7369_4e64_8000_6f6e_6c72_6574);

/// A data set by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Preset {
    /// UCI Online Retail: one PURCHASED for each customer, invoice and item, by the protocol of its published figures.
    OnlineRetail,
}

impl Preset {
    /// Takes a file of the data set, and the items that it describes within the span.
    ///
    /// # Errors
    /// A file of another shape.
    pub(super) fn import(self, path: &Path, plan: &Plan, intake: &mut Intake<'_>) -> Result<()> {
        match self {
            Self::OnlineRetail => import_online_retail(path, plan, intake),
        }
    }
}

/// Customers keep their numbers, an invoice is a session, and the value is what all its lines of the item cost, in
/// pounds. The whole file is read before anything is taken, since a purchase may have lines anywhere.
fn import_online_retail(path: &Path, plan: &Plan, intake: &mut Intake<'_>) -> Result<()> {
    let mut lines = 0_usize;
    let mut purchases = online_retail::read_judging(path, &mut |line, record, verdict| {
        match verdict {
            Line::Kept => lines += 1,
            Line::LeftOut(reason) => intake.leave_out(reason),
            Line::Unreadable(error) => {
                let row = record.iter().collect::<Vec<_>>().join(&b',');
                intake.put_aside(line.cast_signed(), &error.to_string(), &row, true)?;
            }
        }
        intake.row_done(line.cast_signed())
    })?;
    intake.leave_out_many("further lines of one purchase", lines - purchases.purchases.len());
    let all = purchases.purchases.len();
    purchases.keep(plan.span.since_ms, plan.span.until_ms);
    intake.leave_out_many("purchases outside of --since and --until", all - purchases.purchases.len());
    take(&purchases, intake)
}

fn take(purchases: &Purchases, intake: &mut Intake<'_>) -> Result<()> {
    let pack = online_retail::retail_pack()?.pack;
    let items = online_retail::items(purchases, &pack)?;
    for item in &items {
        if intake.writer.item(&pack.id, &item.id, item)? == Taken::New {
            intake.tally.items += 1;
        }
    }
    for purchase in &purchases.purchases {
        let (user, mut event) = event(purchases, purchase, &pack.id).context("a purchase has no names")?;
        let place = items.binary_search_by(|item| Some(item.id.as_str()).cmp(&event.target_id.as_deref()));
        event.facts.category = place.ok().and_then(|place| items.get(place)).map(|item| item.category.clone());
        match check_time(event.occurred_at_ms, intake.latest_ms) {
            Ok(()) => intake.take_now(user, &event)?,
            Err(reason) => intake.put_aside(0, reason, event.id.as_bytes(), false)?,
        }
        intake.commit_if_due()?;
    }
    Ok(())
}

fn event<'p>(purchases: &'p Purchases, purchase: &Purchase, pack: &str) -> Option<(&'p str, Interaction)> {
    let customer = purchases.customers.get(purchase.customer as usize)?;
    let invoice = purchases.invoices.get(purchase.invoice as usize)?;
    let item = purchases.items.get(purchase.item as usize)?;
    let country = purchases.countries.get(purchase.country as usize).and_then(|name| country_code(name));
    let id = Uuid::new_v5(&PURCHASES, format!("{customer}|{invoice}|{item}").as_bytes());
    let event = Interaction {
        id: id.hyphenated().to_string(),
        kind: EventKind::Purchased,
        target_type: Some("item".to_owned()),
        target_id: Some(item.clone()),
        action: None,
        reason: None,
        value: Some(purchase.amount_pence as f64 / 100.0),
        session_id: Some(invoice.clone()),
        device_id: None,
        device_type: None,
        decision_id: None,
        position: None,
        context: Context { country: country.map(str::to_owned), ..Context::default() },
        occurred_at_ms: purchase.at_ms,
        facts: ItemFacts { pack: pack.to_owned(), is_item: true, ..ItemFacts::default() },
        receipt: None,
        environment: None,
    };
    Some((customer, event))
}
