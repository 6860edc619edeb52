//! A small valid pack, and the one way in which the checks are tested: break one thing, expect one finding.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::finding::Finding;
use super::parse::parse_pack;
use super::whole::check_pack;

/// A pack that uses every part of the format once and breaks no rule.
pub(super) fn small_pack() -> Value {
    let terms = [
        "category_preference",
        "sophistication_match",
        "life_stage_relevance",
        "timing",
        "recency",
        "on_sale",
        "evening",
        "clamp",
    ];
    let terms: serde_json::Map<String, Value> = terms
        .into_iter()
        .map(|term| (term.to_owned(), json!({ "name": term, "change": "Look at other things." })))
        .collect();
    json!({
        "format": 1, "id": "shop", "version": "1", "title": "A shop", "language": "en",
        "kinds": ["recommendation", "article"],
        "categories": [{ "id": "SHOES", "name": "Shoes" }, { "id": "HATS", "name": "Hats" }],
        "countries": ["GB", "ZA"],
        "country_aliases": { "UK": "GB" },
        "scopes": [{ "id": "home" }, { "id": "hats", "limit": 5, "kinds": ["article"], "categories": ["HATS"] }],
        "events": { "PURCHASED": { "strength": 0.9, "alias": "BOUGHT" } },
        "attributes": {
            "item": { "sale": { "type": "flag" } },
            "profile": { "sign": { "type": "text", "values": ["ARIES", "LEO"], "purpose": "demographics" } }
        },
        "scoring": {
            "signals": [{ "name": "on_sale", "when": { "fact": "item.attribute.sale", "is": true }, "weight": 0.1 }],
            "factors": [{ "name": "evening", "when": { "fact": "context.hour", "at_least": 18 }, "multiplier": 1.2 }]
        },
        "relevance": {
            "life_stages": [
                { "id": "CHILD", "name": "Child", "from_age": 0, "to_age": 17 },
                { "id": "ADULT", "name": "Adult", "from_age": 18, "to_age": 120 }
            ],
            "literacy_bands": [{ "id": "LOW", "up_to": 5.0 }, { "id": "HIGH", "up_to": 10.0 }],
            "expertise_literacy": { "NOVICE": 2.0 },
            "life_stage_table": { "SHOES": { "ADULT": 0.8 } },
            "income_table": { "HATS": { "HIGH": 0.9 } },
            "country_table": { "HATS": { "GB": 0.4 } }
        },
        "words": {
            "building_message": "We are getting to know you.",
            "show_more": "[Show more]",
            "tones": [{ "id": "warm", "when": { "fact": "person.engagement", "in": ["HIGH"] } }, { "id": "plain" }],
            "reasons": [{
                "id": "liked", "when": { "fact": "history.category_accepted", "above": 0 },
                "text": "You like {category}.", "by_tone": { "warm": "You love {category}." }
            }],
            "benefits": [{ "id": "amount", "text": "Saves {amount}." }],
            "examples": [{ "id": "one", "text": "For instance in {country}." }],
            "context": { "HATS": "Hats are sold by size." },
            "deadline": "Until {date}.",
            "abbreviations": ["e.g."],
            "protected": { "negations": ["not"], "conditions": ["if"], "warnings": ["at risk"] },
            "currencies": { "GBP": { "prefix": "£", "thousands": ",", "decimal": "." } },
            "explain": {
                "primary": [{ "id": "liked", "text": "You took up {category} before." }],
                "contributing": [{ "id": "soon", "text": "It ends on {date}." }],
                "improve": ["Tell us what you like."],
                "none": "It is generally popular with us.",
                "logic": "We order by what you did.",
                "data_used": {
                    "behavioral": "What you did.", "demographics": "Your age.", "location": "Your country.",
                    "experiments": "Your group.", "third_party": "Nothing.", "sharing": "Nothing."
                },
                "terms": terms
            },
            "sentiment": { "positive": ["good"], "negative": ["bad"], "negators": ["not"] }
        },
        "glossary": [
            { "term": "brim", "aliases": ["hat brim"], "short": "the edge of a hat", "plain": "The edge.", "level": 4 },
            { "term": "sole", "short": "the part below", "plain": "The part below.", "level": 5, "countries": ["GB"] }
        ],
        "experiments": {
            "urgency_words": ["hurry"],
            "framings": [
                { "id": "WORTH", "variants": [{ "name": "CONTROL" }, {
                    "name": "MONEY", "title": [{ "id": "amount", "text": "Worth {amount}: {title}" }]
                }] },
                { "id": "URGENCY", "claim": "urgency", "variants": [{ "name": "CONTROL" }, {
                    "name": "HIGH", "before": [{
                        "id": "days", "when": { "fact": "item.days_to_deadline", "below": 30 },
                        "text": "Less than {days} days left.", "by_tone": { "warm": "Hurry, less than {days} days." }
                    }]
                }, { "name": "LOW", "removes": "urgency_words" }] },
                { "id": "SOCIAL", "claim": "popularity", "variants": [{ "name": "CONTROL" }, {
                    "name": "PEOPLE", "after": [{ "id": "count", "text": "More than {count} in {window_days} days." }]
                }] }
            ]
        }
    })
}

/// Breaks the small pack and expects exactly one finding, at this path and of this rule.
#[track_caller]
pub(super) fn check_broken(break_it: impl Fn(&mut Value), path: &str, rule: &str) {
    let mut pack = small_pack();
    break_it(&mut pack);
    let found = match parse_pack(pack.to_string().as_bytes()) {
        Ok(pack) => check_pack(&pack),
        Err(invalid) => invalid.0,
    };
    let shown: Vec<String> = found.iter().map(Finding::to_string).collect();
    assert!(
        found.len() == 1 && found[0].path == path && found[0].rule == rule,
        "{path} [{rule}], but found {shown:#?}"
    );
}

/// Puts a value into the small pack at a JSON pointer and expects one finding there.
#[track_caller]
pub(super) fn check_value(pointer: &str, value: Value, path: &str, rule: &str) {
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    check_broken(
        |pack| {
            let parent = pack.pointer_mut(parent).expect("a parent");
            match parent {
                Value::Array(list) => match key.parse::<usize>() {
                    Ok(index) => list[index] = value.clone(),
                    Err(_) => list.push(value.clone()),
                },
                table => table[key] = value.clone(),
            }
        },
        path,
        rule,
    );
}

#[test]
fn the_small_pack_breaks_no_rule() {
    let pack = parse_pack(small_pack().to_string().as_bytes()).expect("a pack");
    assert_eq!(check_pack(&pack), vec![]);
}

#[test]
fn every_finding_is_told_not_only_the_first() {
    let mut pack = small_pack();
    pack["format"] = json!(2);
    pack["id"] = json!("Shop");
    pack["words"]["max_reasons"] = json!(9);
    let pack = parse_pack(pack.to_string().as_bytes()).expect("a pack");
    let rules: Vec<&str> = check_pack(&pack).iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["format", "pack-id", "range"]);
}
