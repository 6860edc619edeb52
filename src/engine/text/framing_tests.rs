//! Every framing with its live fact, and every way in which the fact can be missing.

use super::*;
use crate::text::testing::{TestFacts, facts, item, pack, words};

/// 2027-04-01T00:00:00Z.
const NOW_MS: TimeMs = 1_806_537_600_000;
const HOUR_MS: TimeMs = 3_600_000;

/// The words of "Save" and "Text." under a variant, or None where they stay.
fn framed(framing: &str, variant: &str, item: &Item, facts: &TestFacts, live: LiveFacts) -> Option<(String, String)> {
    let (pack, all) = (pack(), words());
    let values = Fill::of_item(item, &all);
    let shown = ItemWords { title: item.title.clone(), description: item.description.clone() };
    let framed = pack.experiments.variant(framing, variant).unwrap();
    let words = frame(&shown, framed, item, facts, &Telling { tone: "plain", values: &values, live })?;
    Some((words.title, words.description))
}

#[track_caller]
fn check(framing: &str, variant: &str, facts: &TestFacts, live: LiveFacts, expected: Option<(&str, &str)>) {
    let item = item("Save", "Text.");
    let found = framed(framing, variant, &item, facts, live);
    let found = found.as_ref().map(|(title, description)| (title.as_str(), description.as_str()));
    assert_eq!(found, expected, "{framing} {variant} {live:?}");
    let regulated = Item { regulated: true, ..item };
    let claims = pack().experiments.framing(framing).unwrap().claim.is_some();
    let found = framed(framing, variant, &regulated, facts, live);
    assert_eq!(found.is_some(), expected.is_some() && !claims, "{framing} {variant} of a regulated item");
}

fn days(days: f64) -> (TestFacts, LiveFacts) {
    let deadline_ms = NOW_MS + (days * DAY_MS as f64) as TimeMs;
    (facts().number("item.days_to_deadline", days), LiveFacts::new(NOW_MS, Some(deadline_ms), None))
}

fn people(count: u32, window_days: u16) -> LiveFacts {
    LiveFacts::new(NOW_MS, None, Some((count, window_days)))
}

#[test]
fn the_control_leaves_the_words_alone() {
    let (facts, live) = days(2.0);
    for framing in ["WORTH", "URGENCY", "SOCIAL"] {
        check(framing, "CONTROL", &facts, live, None);
    }
    check("URGENCY", "LOW", &facts, live, None);
}

#[test]
fn a_benefit_is_named_where_the_item_states_one() {
    check("WORTH", "MONEY", &facts(), LiveFacts::default(), Some(("Worth £1,200: Save", "Text.")));
    check("WORTH", "SHARE", &facts(), LiveFacts::default(), None);
}

#[test]
fn urgency_is_never_more_than_the_truth() {
    let less_than = |days: f64| {
        let (facts, live) = self::days(days);
        framed("URGENCY", "HIGH", &item("Save", "Text."), &facts, live).map(|(_, text)| text)
    };
    assert_eq!(less_than(0.01).as_deref(), Some("Less than a day left. Text."));
    assert_eq!(less_than(0.99).as_deref(), Some("Less than a day left. Text."));
    assert_eq!(less_than(1.0).as_deref(), Some("Less than 2 days left. Text."));
    assert_eq!(less_than(1.99).as_deref(), Some("Less than 2 days left. Text."));
    assert_eq!(less_than(29.5).as_deref(), Some("Less than 30 days left. Text."));
    assert_eq!(less_than(30.0), None);
    assert_eq!(less_than(0.0), None, "the deadline itself is not in the future");
    assert_eq!(less_than(-3.0), None);
}

#[test]
fn urgency_without_a_deadline_is_not_said() {
    let (known, live) = days(2.0);
    check("URGENCY", "HIGH", &known, live, Some(("Save", "Less than 3 days left. Text.")));
    check("URGENCY", "HIGH", &known, LiveFacts::default(), None);
    check("URGENCY", "HIGH", &facts(), live, None);
    check("URGENCY", "PLAIN", &facts(), live, Some(("Save", "Soon over. Text.")));
    check("URGENCY", "PLAIN", &facts(), LiveFacts::default(), None);
    check("URGENCY", "PLAIN", &facts(), people(50, 90), None);
}

#[test]
fn popularity_needs_more_than_ten_people_and_is_rounded_down() {
    let said = |count: &str| Some(("Save".to_owned(), format!("Text.\n\nAt least {count} people in 90 days.")));
    let told = |count| framed("SOCIAL", "PEOPLE", &item("Save", "Text."), &facts(), people(count, 90));
    assert_eq!([0, 9, 10].map(told), [None, None, None]);
    assert_eq!([11, 19, 20, 1_239].map(told), [said("10"), said("10"), said("20"), said("1230")]);
    check("SOCIAL", "PEOPLE", &facts(), people(11, 0), None);
    check("SOCIAL", "PEOPLE", &facts(), LiveFacts::default(), None);
    check("SOCIAL", "PEOPLE", &facts(), days(2.0).1, None);
    check("SOCIAL", "PEOPLE", &facts(), people(11, 7), Some(("Save", "Text.\n\nAt least 10 people in 7 days.")));
}

#[test]
fn an_empty_description_gets_no_gap() {
    let empty = item("Save", "");
    let (known, live) = days(2.0);
    let urgent = framed("URGENCY", "HIGH", &empty, &known, live).unwrap();
    assert_eq!(urgent.1, "Less than 3 days left.");
    let popular = framed("SOCIAL", "PEOPLE", &empty, &facts(), people(12, 90)).unwrap();
    assert_eq!(popular.1, "At least 10 people in 90 days.");
}

#[test]
fn days_are_counted_to_the_last_moment() {
    let days = |left_ms: TimeMs| LiveFacts::new(NOW_MS, Some(NOW_MS + left_ms), None).days;
    assert_eq!(days(1), Some(1));
    assert_eq!(days(24 * HOUR_MS - 1), Some(1));
    assert_eq!(days(24 * HOUR_MS), Some(2));
    assert_eq!(LiveFacts::new(TimeMs::MIN, Some(TimeMs::MAX), None).days, Some(TimeMs::MAX / DAY_MS + 1));
    assert_eq!(LiveFacts::new(TimeMs::MAX, Some(TimeMs::MIN), None).days, None);
}
