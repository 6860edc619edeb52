//! A small pack, items and facts for this room's tests.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::json;

use super::lexicon::Lexicon;
use crate::pack::{Pack, Words};
use crate::types::{Fact, FactValue, Facts, Item};

static PACK: LazyLock<Pack> = LazyLock::new(build);
static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(&PACK));

/// A copy that a test may change.
pub(super) fn pack() -> Pack {
    PACK.clone()
}

pub(super) fn words() -> Words {
    PACK.words.clone()
}

pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

fn build() -> Pack {
    let pack = json!({
        "format": 1, "id": "test", "version": "1", "title": "Test", "language": "en-GB",
        "kinds": ["recommendation"], "categories": [{"id": "TAX", "name": "Tax"}], "scopes": [{"id": "home"}],
        "countries": ["GB", "ZA"],
        "words": {
            "building_message": "Building.", "show_more": "[Show more]",
            "tones": [
                {"id": "simple", "when": {"fact": "person.literacy", "below": 4}},
                {"id": "expert", "when": {"fact": "person.literacy", "at_least": 8}},
                {"id": "plain"}
            ],
            "reasons": [
                {"id": "early", "when": {"fact": "person.life_stage", "in": ["EARLY_CAREER"]},
                 "text": "Starting early gives you decades.", "by_tone": {"simple": "You have lots of time."}},
                {"id": "rate", "when": {"fact": "person.country", "known": true}, "text": "It is worth {percentage} %."},
                {"id": "gb", "when": {"fact": "person.country", "in": ["GB"]}, "text": "This uses UK allowances."},
                {"id": "again", "when": {"fact": "history.category_accepted", "at_least": 2}, "text": "{category} worked well."},
                {"id": "much", "when": {"fact": "history.accepted", "at_least": 5}, "text": "You act on what you read."}
            ],
            "benefits": [
                {"id": "both", "text": "About {percentage} % or {amount}."},
                {"id": "amount", "text": "Could be worth {amount}."}
            ],
            "examples": [
                {"id": "one", "text": "For instance with {category}."},
                {"id": "same", "text": "For instance with {category}."},
                {"id": "gb", "when": {"fact": "person.country", "in": ["GB"]}, "text": "A UK example."},
                {"id": "three", "when": {"fact": "person.country", "in": ["GB"]}, "text": "A third example."}
            ],
            "context": {"TAX": "Tax rules change each year."},
            "deadline": "The last day is {date}.",
            "months": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
            "abbreviations": ["e.g.", "i.e.", "p.a.", "approx.", "etc.", "Mr.", "Mrs.", "Dr.", "St.", "Ltd.", "vs.", "No.", "Co.", "Inc.", "(Pty)", "min.", "max."],
            "protected": {
                "negations": ["not", "no", "never", "cannot", "without", "neither", "nor"],
                "conditions": ["if", "only if", "unless", "up to", "subject to", "provided that", "as long as", "until"],
                "warnings": ["may get back less than", "capital is at risk", "could lose 100", "could lose", "repossessed", "warning"]
            },
            "currencies": {
                "GBP": {"prefix": "£", "thousands": ",", "decimal": "."},
                "ZAR": {"prefix": "R", "thousands": " ", "decimal": "."},
                "EUR": {"prefix": "€", "thousands": ".", "decimal": ","}
            },
            "sentiment": {
                "positive": ["great", "helpful"], "negative": ["confusing", "useless", "waste of time"],
                "negators": ["not", "never"]
            },
            "explain": {"primary": [], "improve": [], "none": "", "logic": "", "data_used": {}, "terms": {}}
        },
        "experiments": {
            "urgency_words": ["hurry", "act now", "act now to", "immediately", "last chance"],
            "framings": [
                {"id": "WORTH", "variants": [{"name": "CONTROL"},
                    {"name": "MONEY", "title": [{"id": "amount", "text": "Worth {amount}: {title}"}]},
                    {"name": "SHARE", "title": [{"id": "percentage", "text": "{percentage}%: {title}"}]}]},
                {"id": "URGENCY", "claim": "urgency", "variants": [{"name": "CONTROL"},
                    {"name": "HIGH", "before": [
                        {"id": "day", "when": {"fact": "item.days_to_deadline", "below": 1}, "text": "Less than a day left."},
                        {"id": "days", "when": {"fact": "item.days_to_deadline", "below": 30}, "text": "Less than {days} days left."}]},
                    {"name": "LOW", "removes": "urgency_words"},
                    {"name": "PLAIN", "before": [{"id": "soon", "text": "Soon over."}]}]},
                {"id": "SOCIAL", "claim": "popularity", "variants": [{"name": "CONTROL"},
                    {"name": "PEOPLE", "after": [{"id": "count", "text": "At least {count} people in {window_days} days."}]}]}
            ]
        },
        "glossary": [
            {"term": "ISA", "aliases": ["Individual Savings Account"], "short": "an account whose growth is tax-free", "plain": "An ISA is an account in which savings grow free of tax.", "level": 4, "countries": ["GB"]},
            {"term": "annuity", "short": "an income for life", "plain": "You hand over savings and get an income for life.", "level": 6},
            {"term": "tax-free savings account", "aliases": ["TFSA"], "short": "an account whose growth is tax-free", "plain": "A South African account in which savings grow free of tax.", "level": 4, "countries": ["ZA"]},
            {"term": "savings account", "short": "a place for cash", "plain": "An account that pays interest.", "level": 2},
            {"term": "bond", "short": "a home loan", "plain": "A loan to buy a home.", "level": 5, "countries": ["ZA"]},
            {"term": "bond", "short": "a loan to a company or state", "plain": "You lend money and get interest.", "level": 5},
            {"term": "RA", "aliases": ["retirement annuity"], "short": "a pension you own", "plain": "A pension that you set up for yourself.", "level": 5},
            {"term": "gilt", "short": "a loan that is not risky", "plain": "A loan to the UK state.", "level": 7}
        ]
    });
    serde_json::from_value(pack).unwrap()
}

pub(super) fn item(title: &str, description: &str) -> Item {
    serde_json::from_value(json!({
        "id": "one", "category": "TAX", "title": title, "description": description,
        "deadline": "2027-04-05T22:59:59Z", "benefit": {"amount": 1200, "currency": "GBP"}
    }))
    .unwrap()
}

/// Facts by name; all others are unknown.
#[derive(Default)]
pub(super) struct TestFacts(BTreeMap<String, TestValue>);

enum TestValue {
    Number(f64),
    Text(String),
}

pub(super) fn facts() -> TestFacts {
    TestFacts::default()
}

impl TestFacts {
    pub(super) fn number(mut self, name: &str, value: f64) -> Self {
        self.0.insert(name.to_owned(), TestValue::Number(value));
        self
    }

    pub(super) fn text(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), TestValue::Text(value.to_owned()));
        self
    }
}

impl Facts for TestFacts {
    fn value(&self, fact: &Fact) -> FactValue<'_> {
        match self.0.get(&*fact.name()) {
            Some(TestValue::Number(value)) => FactValue::Number(*value),
            Some(TestValue::Text(value)) => FactValue::Text(value),
            None => FactValue::Unknown,
        }
    }
}
