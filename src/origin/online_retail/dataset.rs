//! Purchases as the origin job's dataset: one event a purchase, one basket an invoice.

use std::collections::BTreeSet;

use nearside_engine::types::EventKind;

use super::countries::country_code;
use super::purchases::Purchases;
use crate::data::{Dataset, Event, ItemInfo};

/// Turns purchases into a dataset. Items keep their numbers.
pub(crate) fn dataset(purchases: &Purchases) -> Dataset {
    let codes: BTreeSet<&str> = purchases.countries.iter().filter_map(|country| country_code(country)).collect();
    let regions: Vec<String> = codes.into_iter().map(str::to_owned).collect();
    let region = |country: u32| {
        let code = country_code(purchases.countries.get(country as usize)?)?;
        regions.binary_search_by(|known| known.as_str().cmp(code)).ok().and_then(|at| u16::try_from(at).ok())
    };
    let event = |purchase: &super::Purchase| Event {
        at_ms: purchase.at_ms,
        person: purchase.customer,
        basket: purchase.invoice,
        item: purchase.item,
        region: region(purchase.country),
        kind: EventKind::Purchased,
        value: Some(purchase.amount_pence as f64 / 100.0),
    };
    let item = |id: &String| ItemInfo { id: id.clone(), ..ItemInfo::default() };
    Dataset {
        people: purchases.customers.clone(),
        items: purchases.items.iter().map(item).collect(),
        events: purchases.purchases.iter().map(event).collect(),
        regions,
    }
}
