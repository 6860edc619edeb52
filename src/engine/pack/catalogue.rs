//! The items of one pack: reading and checking them. Preparing them for scoring is `ranking`'s business.

use nearside_json::{Quoted, Read};
use serde::Serialize;

use super::check::{Finding, InvalidPack};
use super::format::{AttributeType, Pack};
use crate::math::sort_list;
use crate::types::{AttributeValue, Item, is_text_id, parse_rfc3339};

/// An immutable version of a catalogue, as it is stored and hashed.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// The format's version: 1.
    pub format: u16,
    /// The pack it belongs to.
    pub pack: String,
    /// The items, by id ascending.
    pub items: Vec<Item>,
}

/// Reads a list of items and checks each against the pack.
///
/// # Errors
/// Every finding, with the item's index and the path inside it.
pub fn parse_catalogue(items: Vec<Item>, pack: &Pack) -> Result<Catalogue, InvalidPack> {
    let mut findings = Vec::new();
    for (index, item) in items.iter().enumerate() {
        check_item(item, pack, &format!("items[{index}]"), &mut findings);
    }
    let mut items = items;
    sort_list(&mut items, |a, b| a.id.cmp(&b.id));
    for pair in items.windows(2) {
        if let [a, b] = pair
            && a.id == b.id
        {
            findings.push(Finding::new("items", "duplicate-id", format!("the id {} stands twice", Quoted(&a.id))));
        }
    }
    if findings.is_empty() {
        Ok(Catalogue { format: 1, pack: pack.id.clone(), items })
    } else {
        Err(InvalidPack(findings))
    }
}

/// Adds a finding for everything in the item that the pack does not allow.
pub fn check_item(item: &Item, pack: &Pack, path: &str, findings: &mut Vec<Finding>) {
    let mut report = |field: &str, rule: &'static str, detail: String| {
        findings.push(Finding::new(&format!("{path}.{field}"), rule, detail));
    };
    if !is_text_id(&item.id) {
        report("id", "text-id", "an id has 1 to 128 bytes and no control characters".to_owned());
    }
    if !pack.kinds.contains(&item.kind) {
        report("kind", "known-kind", format!("{} is not one of the pack's kinds", Quoted(&short(&item.kind))));
    }
    if !pack.categories.iter().any(|category| category.id == item.category) {
        report(
            "category",
            "known-category",
            format!("{} is not one of the pack's categories", Quoted(&short(&item.category))),
        );
    }
    if item.title.trim().is_empty() || item.title.len() > 200 {
        report("title", "text-length", format!("a title has 1 to 200 bytes, this one {}", item.title.len()));
    }
    if item.description.len() > 8_000 {
        report(
            "description",
            "text-length",
            format!("a description has at most 8000 bytes, this one {}", item.description.len()),
        );
    }
    if item.tags.len() > 40 || item.tags.iter().any(|tag| !is_text_id(tag)) {
        report("tags", "text-id", "at most 40 tags of 1 to 128 bytes".to_owned());
    }
    if item.complexity.is_some_and(|complexity| !(1..=10).contains(&complexity)) {
        report("complexity", "range", "complexity is 1 to 10".to_owned());
    }
    if !(1..=100).contains(&item.priority) {
        report("priority", "range", format!("priority is 1 to 100, not {}", item.priority));
    }
    if item.urgency > 100 {
        report("urgency", "range", format!("urgency is 0 to 100, not {}", item.urgency));
    }
    for (field, time) in [("deadline", &item.deadline), ("published_at", &item.published_at)] {
        if time.as_deref().is_some_and(|text| parse_rfc3339(text).is_none()) {
            report(field, "time", "a time is RFC 3339, between the years 2000 and 2100".to_owned());
        }
    }
    if let Some(benefit) = &item.benefit {
        let bad = |number: Option<f64>| number.is_some_and(|value| !value.is_finite() || value < 0.0);
        if bad(benefit.amount) || bad(benefit.percentage) {
            report("benefit", "range", "a benefit is not negative".to_owned());
        }
        if benefit.amount.is_some() && benefit.currency.is_none() {
            report("benefit.currency", "required", "an amount needs a currency".to_owned());
        }
        if benefit
            .currency
            .as_ref()
            .is_some_and(|code| code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()))
        {
            report("benefit.currency", "currency", "a currency is three capital letters of ISO 4217".to_owned());
        }
    }
    for stage in &item.life_stages {
        if !pack.relevance.life_stages.iter().any(|known| known.id == *stage) {
            report(
                "life_stages",
                "known-life-stage",
                format!("{} is not one of the pack's life stages", Quoted(&short(stage))),
            );
        }
    }
    for country in &item.countries {
        if !pack.countries.contains(country) {
            report(
                "countries",
                "known-country",
                format!("{} is not one of the pack's countries", Quoted(&short(country))),
            );
        }
    }
    for (name, value) in &item.attributes {
        match pack.attributes.item.get(name) {
            None => report(
                "attributes",
                "declared-attribute",
                format!("{} is not declared by the pack", Quoted(&short(name))),
            ),
            Some(declared) if !attribute_fits(value, declared.attribute_type, &declared.values) => {
                report(
                    "attributes",
                    "attribute-type",
                    format!("{} does not have its declared type", Quoted(&short(name))),
                );
            }
            Some(_) => {}
        }
    }
}

/// True when a value has the declared type and, for texts, is one of the declared values.
pub fn attribute_fits(value: &AttributeValue, wanted: AttributeType, values: &[String]) -> bool {
    let allowed = |text: &String| is_text_id(text) && (values.is_empty() || values.contains(text));
    match (value, wanted) {
        (AttributeValue::Flag(_), AttributeType::Flag) => true,
        (AttributeValue::Number(number), AttributeType::Number) => number.is_finite(),
        (AttributeValue::Text(text), AttributeType::Text) => allowed(text),
        (AttributeValue::List(list), AttributeType::List) => list.len() <= 100 && list.iter().all(allowed),
        _ => false,
    }
}

/// The beginning of a text, for messages that must not echo at length.
fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
