//! Conditions: facts that the pack declares, comparisons that fit the fact's type, and values that exist.

use super::finding::Finding;
use super::report::{Report, quoted};
use crate::pack::{AttributeDeclaration, AttributeType, Pack};
use crate::types::{Condition, Fact};

/// The rule that keeps chance out of packs.
const EXPERIMENT_FACT: &str = "experiment-fact";

/// What a fact's values are.
enum FactType<'a> {
    Number,
    Flag,
    /// Texts of any spelling.
    Text,
    /// Texts of a closed list.
    OneOf(Vec<&'a str>),
    /// An attribute that the pack does not declare.
    Undeclared,
}

/// Returns what a pack finds wrong with a condition that is not its own, such as an experiment's, which may also read the
/// share of a unit.
pub fn check_condition(path: &str, condition: &Condition, pack: &Pack) -> Vec<Finding> {
    let mut report = Report::default();
    check(path, condition, pack, &mut report);
    report.into_findings().into_iter().filter(|finding| finding.rule != EXPERIMENT_FACT).collect()
}

/// Checks a condition and everything in it.
pub(super) fn check(path: &str, condition: &Condition, pack: &Pack, report: &mut Report) {
    let parts = |name: &str, parts: &[Condition], report: &mut Report| {
        if parts.is_empty() {
            report.add(&format!("{path}.{name}"), "condition-empty", "the list has no condition");
        }
        for (index, part) in parts.iter().enumerate() {
            check(&format!("{path}.{name}[{index}]"), part, pack, report);
        }
    };
    match condition {
        Condition::All(list) => parts("all", list, report),
        Condition::Any(list) => parts("any", list, report),
        Condition::Not(part) => check(&format!("{path}.not"), part, pack, report),
        Condition::In(fact, values) => check_values(path, fact, values, pack, report),
        Condition::Is(fact, _) => match type_of(fact, pack, path, report) {
            FactType::Flag | FactType::Undeclared => {}
            _ => wrong_type(path, fact, "is", "a flag", report),
        },
        Condition::Above(fact, _)
        | Condition::AtLeast(fact, _)
        | Condition::Below(fact, _)
        | Condition::AtMost(fact, _) => match type_of(fact, pack, path, report) {
            FactType::Number | FactType::Undeclared => {}
            _ => wrong_type(path, fact, "a bound", "a number", report),
        },
        Condition::Known(fact, _) => {
            type_of(fact, pack, path, report);
        }
        Condition::SameAs(left, right) => {
            let left_type = type_of(left, pack, path, report);
            let right_type = type_of(right, pack, path, report);
            let class = |fact_type: &FactType<'_>| match fact_type {
                FactType::Undeclared => None,
                FactType::Number => Some(0),
                FactType::Flag => Some(1),
                FactType::Text | FactType::OneOf(_) => Some(2),
            };
            match (class(&left_type), class(&right_type)) {
                (Some(0), _) | (_, Some(0)) => wrong_type(path, left, "same_as", "a text or flag", report),
                (Some(a), Some(b)) if a != b => {
                    wrong_type(path, left, "same_as", &format!("of the type of {}", right.name()), report);
                }
                _ => {}
            }
        }
    }
}

fn check_values(path: &str, fact: &Fact, values: &[String], pack: &Pack, report: &mut Report) {
    let path_in = format!("{path}.in");
    report.count(&path_in, values.len(), 1..=200);
    report.unique(values.iter().map(String::as_str), |index| format!("{path_in}[{index}]"));
    match type_of(fact, pack, path, report) {
        FactType::Text | FactType::Undeclared => {}
        FactType::OneOf(known) => {
            for (index, value) in values.iter().enumerate() {
                let what = format!("a value of {}", fact.name());
                report.known(&format!("{path_in}[{index}]"), "known-value", value, known.iter().copied(), &what);
            }
        }
        FactType::Number | FactType::Flag => wrong_type(path, fact, "in", "a text", report),
    }
}

fn wrong_type(path: &str, fact: &Fact, operator: &str, wanted: &str, report: &mut Report) {
    report.add(
        path,
        "condition-type",
        format!("{operator} needs a fact that is {wanted}, which {} is not", quoted(&fact.name())),
    );
}

/// Tells a fact's type, and notes an attribute that is not declared.
fn type_of<'a>(fact: &Fact, pack: &'a Pack, path: &str, report: &mut Report) -> FactType<'a> {
    let levels = || FactType::OneOf(vec!["LOW", "MEDIUM", "HIGH"]);
    match fact {
        Fact::PersonAttribute(name) => attribute_type(pack.attributes.profile.get(name), fact, path, report),
        Fact::ItemAttribute(name) => attribute_type(pack.attributes.item.get(name), fact, path, report),
        Fact::UnitShare(_) => {
            report.add(path, EXPERIMENT_FACT, format!("{} is known to experiments only", quoted(&fact.name())));
            FactType::Number
        }
        Fact::ItemRegulated => FactType::Flag,
        Fact::ItemCategory => FactType::OneOf(pack.categories.iter().map(|category| category.id.as_str()).collect()),
        Fact::ItemKind => FactType::OneOf(pack.kinds.iter().map(String::as_str).collect()),
        Fact::ItemCountry | Fact::PersonCountry | Fact::ContextCountry => {
            FactType::OneOf(pack.countries.iter().map(String::as_str).collect())
        }
        Fact::ItemLifeStage | Fact::PersonLifeStage => {
            FactType::OneOf(pack.relevance.life_stages.iter().map(|stage| stage.id.as_str()).collect())
        }
        Fact::PersonEngagement | Fact::PersonIncomeLevel | Fact::PersonNetWorthLevel | Fact::PersonRiskTolerance => {
            levels()
        }
        Fact::PersonExpertise => FactType::OneOf(vec!["NOVICE", "INTERMEDIATE", "EXPERT"]),
        Fact::PersonDetailLevel => FactType::OneOf(vec!["CONCISE", "MODERATE", "DETAILED"]),
        Fact::ContextDeviceType | Fact::ContextLocale | Fact::ContextPlatform | Fact::ContextSocial => FactType::Text,
        Fact::ContextSurface | Fact::ContextWeather | Fact::ItemTag | Fact::ItemType => FactType::Text,
        Fact::ContextHour | Fact::PersonAge | Fact::PersonLiteracy => FactType::Number,
        Fact::HistoryAccepted | Fact::HistoryCategoryAccepted | Fact::HistoryCategoryDismissed => FactType::Number,
        Fact::HistoryCategoryPreference | Fact::HistoryInteractions | Fact::HistoryItemViews => FactType::Number,
        Fact::ItemBenefitAmount | Fact::ItemBenefitPercentage | Fact::ItemComplexity => FactType::Number,
        Fact::ItemDaysToDeadline | Fact::ItemPriority | Fact::ItemUrgency => FactType::Number,
    }
}

fn attribute_type<'a>(
    declared: Option<&'a AttributeDeclaration>,
    fact: &Fact,
    path: &str,
    report: &mut Report,
) -> FactType<'a> {
    match declared {
        None => {
            report.add(
                path,
                "declared-attribute",
                format!("{} is not declared under attributes", quoted(&fact.name())),
            );
            FactType::Undeclared
        }
        Some(declared) => match declared.attribute_type {
            AttributeType::Flag => FactType::Flag,
            AttributeType::Number => FactType::Number,
            AttributeType::Text | AttributeType::List if declared.values.is_empty() => FactType::Text,
            AttributeType::Text | AttributeType::List => {
                FactType::OneOf(declared.values.iter().map(String::as_str).collect())
            }
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::check_broken;

    fn check(condition: Value, at: &str, rule: &str) {
        check_broken(
            |pack| pack["words"]["reasons"][0]["when"] = condition.clone(),
            &format!("words.reasons[0].when{at}"),
            rule,
        );
    }

    #[test]
    fn facts_that_are_not_declared_are_found() {
        check(json!({ "fact": "person.attribute.height", "above": 2 }), "", "declared-attribute");
        check(json!({ "not": { "fact": "item.attribute.height", "known": true } }), ".not", "declared-attribute");
        check(json!({ "fact": "unit.share.a", "below": 0.5 }), "", "experiment-fact");
    }

    #[test]
    fn values_that_do_not_exist_are_found() {
        check(json!({ "fact": "person.life_stage", "in": ["ADULT", "TEEN"] }), ".in[1]", "known-value");
        check(json!({ "fact": "item.category", "in": ["NOWHERE"] }), ".in[0]", "known-value");
        check(json!({ "fact": "item.kind", "in": ["thing"] }), ".in[0]", "known-value");
        check(json!({ "fact": "context.country", "in": ["UK"] }), ".in[0]", "known-value");
        check(json!({ "fact": "person.engagement", "in": ["high"] }), ".in[0]", "known-value");
        check(json!({ "fact": "person.attribute.sign", "in": ["OPHIUCHUS"] }), ".in[0]", "known-value");
        check(
            json!({ "all": [{ "any": [{ "fact": "person.expertise", "in": ["GURU"] }] }] }),
            ".all[0].any[0].in[0]",
            "known-value",
        );
    }

    #[test]
    fn comparisons_fit_the_type_of_the_fact() {
        check(json!({ "fact": "person.age", "in": ["ADULT"] }), "", "condition-type");
        check(json!({ "fact": "person.country", "above": 3 }), "", "condition-type");
        check(json!({ "fact": "item.tag", "is": true }), "", "condition-type");
        check(json!({ "fact": "item.regulated", "same_as": "item.tag" }), "", "condition-type");
        check(json!({ "fact": "person.age", "same_as": "item.complexity" }), "", "condition-type");
    }

    #[test]
    fn lists_are_not_empty_and_have_no_value_twice() {
        check(json!({ "any": [] }), ".any", "condition-empty");
        check(json!({ "fact": "item.tag", "in": [] }), ".in", "count");
        check(json!({ "fact": "item.tag", "in": ["a", "b", "a"] }), ".in[2]", "duplicate-id");
    }
}
