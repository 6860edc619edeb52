//! The plain keys of a pack: ids, kinds, categories, countries, scopes, events, attributes, retention, rules.

use super::report::{Report, quoted};
use super::texts::{Place, check_text};
use crate::pack::{AttributeDeclaration, AttributeType, Pack};
use crate::types::{EventKind, SortedMap};

/// The most entries of the lists that people see as a whole.
const MOST_ENTRIES: usize = 200;
/// Two years: longer than any half-life that makes sense for single rows, and what a privacy notice can defend.
const MOST_RETENTION_DAYS: f64 = 730.0;
/// The profile keeps this many days of a category; a longer window would silently be shorter.
const MOST_WINDOW_DAYS: f64 = 120.0;
/// The profile keeps this many dismissals of an item.
const MOST_DISMISSALS: f64 = 5.0;

/// Checks everything that `pack.json` holds.
pub(super) fn check(pack: &Pack, report: &mut Report) {
    check_head(pack, report);
    check_kinds_and_categories(pack, report);
    check_countries(pack, report);
    check_scopes(pack, report);
    check_events(pack, report);
    check_attributes("attributes.item", &pack.attributes.item, report);
    check_attributes("attributes.profile", &pack.attributes.profile, report);
    check_retention(pack, report);
    check_rules(pack, report);
}

fn check_head(pack: &Pack, report: &mut Report) {
    if pack.format != 1 {
        report.add("format", "format", format!("this engine reads format 1, not {}", pack.format));
    }
    let is_id = (1..=64).contains(&pack.id.len())
        && pack.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !pack.id.starts_with('-');
    if !is_id {
        report.add("id", "pack-id", "a pack's id has 1 to 64 lower-case letters, digits and hyphens");
    }
    report.text_id("version", &pack.version);
    check_text("title", &pack.title, Place { most_bytes: 200, ..Place::NAME }, report);
    let is_language = (2..=35).contains(&pack.language.len())
        && pack.language.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !is_language {
        report.add("language", "language", "a language is a BCP 47 tag such as en or en-GB");
    }
    for (index, key) in pack.order_by.iter().enumerate() {
        if pack.order_by.iter().take(index).any(|earlier| earlier == key) {
            report.add(&format!("order_by[{index}]"), "duplicate-id", "the key stands twice");
        }
    }
}

fn check_kinds_and_categories(pack: &Pack, report: &mut Report) {
    report.count("kinds", pack.kinds.len(), 1..=MOST_ENTRIES);
    for (index, kind) in pack.kinds.iter().enumerate() {
        report.text_id(&format!("kinds[{index}]"), kind);
    }
    report.unique(pack.kinds.iter().map(String::as_str), |index| format!("kinds[{index}]"));
    report.count("categories", pack.categories.len(), 1..=MOST_ENTRIES);
    for (index, category) in pack.categories.iter().enumerate() {
        report.text_id(&format!("categories[{index}].id"), &category.id);
        check_text(&format!("categories[{index}].name"), &category.name, Place::NAME, report);
    }
    report
        .unique(pack.categories.iter().map(|category| category.id.as_str()), |index| format!("categories[{index}].id"));
}

fn check_countries(pack: &Pack, report: &mut Report) {
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    for (index, country) in pack.countries.iter().enumerate() {
        if !is_code(country) {
            let detail = format!("{} is not two capital letters of ISO 3166", quoted(country));
            report.add(&format!("countries[{index}]"), "country", detail);
        }
    }
    report.unique(pack.countries.iter().map(String::as_str), |index| format!("countries[{index}]"));
    for (alias, country) in &pack.country_aliases {
        let path = format!("country_aliases.{alias}");
        report.text_id(&path, alias);
        if pack.countries.contains(alias) {
            report.add(&path, "alias-of-itself", format!("{} is one of the pack's countries itself", quoted(alias)));
        }
        report.known(
            &path,
            "known-country",
            country,
            pack.countries.iter().map(String::as_str),
            "one of the pack's countries",
        );
    }
}

fn check_scopes(pack: &Pack, report: &mut Report) {
    report.count("scopes", pack.scopes.len(), 1..=MOST_ENTRIES);
    report.unique(pack.scopes.iter().map(|scope| scope.id.as_str()), |index| format!("scopes[{index}].id"));
    for (index, scope) in pack.scopes.iter().enumerate() {
        let path = format!("scopes[{index}]");
        report.text_id(&format!("{path}.id"), &scope.id);
        report.range(&format!("{path}.limit"), f64::from(scope.limit), 1.0..=50.0);
        for (index, kind) in scope.kinds.iter().enumerate() {
            let known = pack.kinds.iter().map(String::as_str);
            report.known(&format!("{path}.kinds[{index}]"), "known-kind", kind, known, "one of the pack's kinds");
        }
        for (index, category) in scope.categories.iter().enumerate() {
            let known = pack.categories.iter().map(|category| category.id.as_str());
            let path = format!("{path}.categories[{index}]");
            report.known(&path, "known-category", category, known, "one of the pack's categories");
        }
    }
}

fn check_events(pack: &Pack, report: &mut Report) {
    let mut aliases: SortedMap<&str, EventKind> = SortedMap::new();
    for (kind, rule) in &pack.events {
        let path = format!("events.{}", kind.name());
        if let Some(strength) = rule.strength {
            report.range(&format!("{path}.strength"), strength, -1.0..=1.0);
        }
        let Some(alias) = rule.alias.as_deref() else { continue };
        let path = format!("{path}.alias");
        if alias.len() > 50 {
            report.add(&path, "text-length", "an event's name has at most 50 bytes");
        }
        report.text_id(&path, alias);
        if EventKind::parse(alias).is_some_and(|other| other != *kind) {
            report.add(&path, "ambiguous-event", format!("{} is the name of another event type", quoted(alias)));
        }
        if let Some(other) = aliases.insert(alias, *kind) {
            report.add(&path, "ambiguous-event", format!("{} is the alias of {} too", quoted(alias), other.name()));
        }
    }
}

fn check_attributes(path: &str, attributes: &SortedMap<String, AttributeDeclaration>, report: &mut Report) {
    report.count(path, attributes.len(), 0..=50);
    for (name, declared) in attributes {
        let path = format!("{path}.{name}");
        report.name(&path, name);
        let path = format!("{path}.values");
        report.count(&path, declared.values.len(), 0..=MOST_ENTRIES);
        if !declared.values.is_empty() && matches!(declared.attribute_type, AttributeType::Flag | AttributeType::Number)
        {
            report.add(&path, "attribute-type", "only texts and lists have a list of values");
        }
        for (index, value) in declared.values.iter().enumerate() {
            report.text_id(&format!("{path}[{index}]"), value);
        }
        report.unique(declared.values.iter().map(String::as_str), |index| format!("{path}[{index}]"));
    }
}

fn check_retention(pack: &Pack, report: &mut Report) {
    let retention = &pack.retention;
    let limits = [
        ("interactions_days", retention.interactions_days, MOST_RETENTION_DAYS),
        ("feature_vectors_days", retention.feature_vectors_days, 90.0),
        ("ranks_hours", retention.ranks_hours, 168.0),
        ("evaluations_days", retention.evaluations_days, MOST_RETENTION_DAYS),
        ("dead_letters_days", retention.dead_letters_days, 90.0),
    ];
    for (name, value, most) in limits {
        report.range(&format!("retention.{name}"), f64::from(value), 1.0..=most);
    }
}

fn check_rules(pack: &Pack, report: &mut Report) {
    let rules = &pack.rules;
    report.range("rules.ignored_after_days", f64::from(rules.ignored_after_days), 1.0..=90.0);
    report.range("rules.outlier_events_per_day", f64::from(rules.outlier_events_per_day), 100.0..=1_000_000.0);
    let hiding = &rules.hiding;
    report.range("rules.hiding.item_dismissals", f64::from(hiding.item_dismissals), 1.0..=MOST_DISMISSALS);
    report.range("rules.hiding.category_min_shown", f64::from(hiding.category_min_shown), 1.0..=1_000.0);
    report.range("rules.hiding.category_window_days", f64::from(hiding.category_window_days), 1.0..=MOST_WINDOW_DAYS);
    report.range("rules.hiding.category_rate_above", hiding.category_rate_above, 0.0..=1.0);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::super::testing::{check_broken, check_value};

    #[test]
    fn the_head_is_checked() {
        check_value("/format", json!(2), "format", "format");
        for id in ["", "Shop", "a/b", "-a"] {
            check_value("/id", json!(id), "id", "pack-id");
        }
        check_value("/version", json!(" 1"), "version", "text-id");
        check_value("/title", json!(""), "title", "text-length");
        check_value("/language", json!("English!"), "language", "language");
        check_value("/order_by", json!(["id", "priority", "id"]), "order_by[2]", "duplicate-id");
    }

    #[test]
    fn ids_are_unique_and_lists_are_not_empty() {
        check_value("/kinds/-", json!("article"), "kinds[2]", "duplicate-id");
        check_value("/kinds/-", json!("two\nlines"), "kinds[2]", "text-id");
        check_value("/categories/-", json!({ "id": "HATS", "name": "Hats" }), "categories[2].id", "duplicate-id");
        check_value("/categories/0/name", json!(" "), "categories[0].name", "text-length");
        check_value("/countries/-", json!("Uk"), "countries[2]", "country");
        check_value("/countries/-", json!("GB"), "countries[2]", "duplicate-id");
        check_value("/country_aliases/SA", json!("XX"), "country_aliases.SA", "known-country");
        check_value("/country_aliases/ZA", json!("GB"), "country_aliases.ZA", "alias-of-itself");
        check_value("/scopes/1/id", json!("home"), "scopes[1].id", "duplicate-id");
        check_value("/scopes", json!([]), "scopes", "count");
    }

    #[test]
    fn scopes_name_what_exists() {
        check_value("/scopes/0/limit", json!(0), "scopes[0].limit", "range");
        check_value("/scopes/0/limit", json!(51), "scopes[0].limit", "range");
        check_value("/scopes/1/kinds/-", json!("video"), "scopes[1].kinds[1]", "known-kind");
        check_value("/scopes/1/categories/-", json!("GLOVES"), "scopes[1].categories[1]", "known-category");
    }

    #[test]
    fn events_have_bounded_strengths_and_one_name_each() {
        check_value("/events/SAVED", json!({ "strength": 1.1 }), "events.SAVED.strength", "range");
        check_value("/events/SAVED", json!({ "alias": "BOUGHT" }), "events.SAVED.alias", "ambiguous-event");
        check_value("/events/SAVED", json!({ "alias": "SHARED" }), "events.SAVED.alias", "ambiguous-event");
        check_value("/events/SAVED", json!({ "alias": "a".repeat(51) }), "events.SAVED.alias", "text-length");
        check_value("/events/BOUGHT", json!({}), "events.BOUGHT", "shape");
    }

    #[test]
    fn attributes_have_names_and_fitting_values() {
        check_value("/attributes/item/Big", json!({ "type": "flag" }), "attributes.item.Big", "name");
        let flag = json!({ "type": "flag", "values": ["yes"] });
        check_value("/attributes/item/big", flag, "attributes.item.big.values", "attribute-type");
        let text = json!({ "type": "text", "values": ["S", "L", "S"] });
        check_value("/attributes/item/size", text, "attributes.item.size.values[2]", "duplicate-id");
    }

    #[test]
    fn retention_and_rules_keep_to_their_ranges() {
        check_value("/retention", json!({ "interactions_days": 731 }), "retention.interactions_days", "range");
        check_value("/retention", json!({ "ranks_hours": 0 }), "retention.ranks_hours", "range");
        check_value("/rules", json!({ "ignored_after_days": 0 }), "rules.ignored_after_days", "range");
        check_value("/rules", json!({ "outlier_events_per_day": 5 }), "rules.outlier_events_per_day", "range");
        let hiding = json!({ "hiding": { "category_window_days": 121 } });
        check_value("/rules", hiding, "rules.hiding.category_window_days", "range");
        let hiding = json!({ "hiding": { "category_rate_above": 1.5 } });
        check_value("/rules", hiding, "rules.hiding.category_rate_above", "range");
    }

    #[test]
    fn wrong_conditions_in_signals_are_found_too() {
        check_broken(
            |pack| pack["scoring"]["signals"][0]["when"] = json!({ "fact": "item.attribute.price", "above": 2 }),
            "scoring.signals[0].when",
            "declared-attribute",
        );
    }
}
