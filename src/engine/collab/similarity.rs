//! *What it measures*: how alike two people are, 0 to 1 (seed 000).
//! *Why it helps*: what people like this one took up is worth a look.
//! *How*: demographics 0.30 (age 0.4, life stage 0.3, income 0.3), behaviour 0.30 (engagement 0.5, overlap of used features
//! 0.5), preferences 0.20 (risk 0.5: 1 if equal, else 0.5; overlap of preferred categories 0.5), sophistication 0.20
//! (1 - difference / 10). Ages are alike to 1 - years / 30, three-step levels to 1 - steps / 2, sets to the share of their
//! union that both hold (Jaccard). What nobody knows of either is 0.5, so a person is 1 to themself only when all is known.
//! *When it misleads*: like people want different things; so five suggestions only, above 0.5 only.
//! *What consent it needs*: `data_sharing_consent` of both, and each facet's own purpose.

use super::facets::PersonFacets;
use crate::types::Level;

/// People are similar strictly above this (seed 000).
pub const SIMILAR_ABOVE: f64 = 0.5;
/// How many similar people a person has at most (seed 000).
pub const MOST_SIMILAR_PEOPLE: usize = 20;

/// What nobody knows (PRODUCT).
const UNKNOWN: f64 = 0.5;
/// A generation apart is not alike at all.
const AGE_RANGE_YEARS: f64 = 30.0;
/// The scale of literacy (seed 000).
const LITERACY_RANGE: f64 = 10.0;
/// From this overlap on, features or categories are said to be in common.
const COMMON_OVERLAP: f64 = 0.5;
/// Up to this difference, age is said to be in common.
const COMMON_AGE_YEARS: u8 = 5;
/// Up to this difference, literacy is said to be in common.
const COMMON_LITERACY: f64 = 1.0;

/// Something that two people share, under the name of the profile's field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum CommonAttribute {
    Age,
    LifeStage,
    IncomeLevel,
    EngagementLevel,
    FeatureUsage,
    RiskTolerance,
    Categories,
    FinancialLiteracy,
}

impl CommonAttribute {
    /// The profile's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::LifeStage => "life_stage",
            Self::IncomeLevel => "income_level",
            Self::EngagementLevel => "engagement_level",
            Self::FeatureUsage => "feature_usage",
            Self::RiskTolerance => "risk_tolerance",
            Self::Categories => "recommendation_categories_preferred",
            Self::FinancialLiteracy => "financial_literacy_score",
        }
    }
}

/// Returns how alike two people are, 0 to 1; the same both ways, to the bit.
pub fn similarity(left: &PersonFacets, right: &PersonFacets) -> f64 {
    weighed(left, right, overlap(&left.features, &right.features), overlap(&left.categories, &right.categories))
}

/// Returns the similarity if it is at least `least`, else None: sets are compared only where they could matter.
///
/// Two sets overlap by no more than the smaller one's share of the larger one, and rounding keeps the order of sums, so
/// that the answer is that of [`similarity`] exactly.
pub fn similarity_from(left: &PersonFacets, right: &PersonFacets, least: f64) -> Option<f64> {
    let most = |left: &Option<Vec<u64>>, right: &Option<Vec<u64>>| match (left, right) {
        (Some(left), Some(right)) if left.len() + right.len() > 0 => {
            left.len().min(right.len()) as f64 / left.len().max(right.len()) as f64
        }
        _ => UNKNOWN,
    };
    let bound = weighed(left, right, most(&left.features, &right.features), most(&left.categories, &right.categories));
    if bound < least {
        return None;
    }
    Some(similarity(left, right)).filter(|score| *score >= least)
}

/// Returns what two people share, in the order of the profile. What nobody knows is never shared.
pub fn common_attributes(left: &PersonFacets, right: &PersonFacets) -> Vec<CommonAttribute> {
    let has_overlap = |left: &Option<Vec<u64>>, right: &Option<Vec<u64>>| {
        left.is_some() && right.is_some() && overlap(left, right) > COMMON_OVERLAP
    };
    let has_near_age = left.age.zip(right.age).is_some_and(|(left, right)| left.abs_diff(right) <= COMMON_AGE_YEARS);
    let literacy = left.literacy.zip(right.literacy);
    let has_near_literacy = literacy.is_some_and(|(left, right)| (left - right).abs() <= COMMON_LITERACY);
    let found = [
        (CommonAttribute::Age, has_near_age),
        (CommonAttribute::LifeStage, is_same(left.life_stage, right.life_stage)),
        (CommonAttribute::IncomeLevel, is_same(left.income, right.income)),
        (CommonAttribute::EngagementLevel, is_same(left.engagement, right.engagement)),
        (CommonAttribute::FeatureUsage, has_overlap(&left.features, &right.features)),
        (CommonAttribute::RiskTolerance, is_same(left.risk_tolerance, right.risk_tolerance)),
        (CommonAttribute::Categories, has_overlap(&left.categories, &right.categories)),
        (CommonAttribute::FinancialLiteracy, has_near_literacy),
    ];
    found.into_iter().filter(|(_, is_common)| *is_common).map(|(attribute, _)| attribute).collect()
}

fn weighed(left: &PersonFacets, right: &PersonFacets, features: f64, categories: f64) -> f64 {
    let years = |left: u8, right: u8| (1.0 - f64::from(left.abs_diff(right)) / AGE_RANGE_YEARS).max(0.0);
    let stage = |left: u64, right: u64| if left == right { 1.0 } else { 0.0 };
    let risk = |left: Level, right: Level| if left == right { 1.0 } else { 0.5 };
    let literacy = |left: f64, right: f64| (1.0 - (left - right).abs() / LITERACY_RANGE).max(0.0);
    let demographics = known(left.age, right.age, years) * 0.4
        + known(left.life_stage, right.life_stage, stage) * 0.3
        + known(left.income, right.income, levels) * 0.3;
    let behaviour = known(left.engagement, right.engagement, levels) * 0.5 + features * 0.5;
    let preferences = known(left.risk_tolerance, right.risk_tolerance, risk) * 0.5 + categories * 0.5;
    demographics * 0.30 + behaviour * 0.30 + preferences * 0.20 + known(left.literacy, right.literacy, literacy) * 0.20
}

fn known<T>(left: Option<T>, right: Option<T>, compare: impl Fn(T, T) -> f64) -> f64 {
    match (left, right) {
        (Some(left), Some(right)) => compare(left, right),
        _ => UNKNOWN,
    }
}

fn is_same<T: PartialEq>(left: Option<T>, right: Option<T>) -> bool {
    left.is_some() && left == right
}

fn levels(left: Level, right: Level) -> f64 {
    1.0 - f64::from((left as u8).abs_diff(right as u8)) / 2.0
}

/// The share of the union that both hold. Two empty sets tell nothing.
fn overlap(left: &Option<Vec<u64>>, right: &Option<Vec<u64>>) -> f64 {
    let (Some(left), Some(right)) = (left, right) else { return UNKNOWN };
    if left.is_empty() && right.is_empty() {
        return UNKNOWN;
    }
    let mut shared = 0_usize;
    let (mut lefts, mut rights) = (left.iter(), right.iter());
    let (mut one, mut other) = (lefts.next(), rights.next());
    while let (Some(here), Some(there)) = (one, other) {
        if here == there {
            shared += 1;
        }
        // Both move where they are equal.
        (one, other) =
            (if here <= there { lefts.next() } else { one }, if there <= here { rights.next() } else { other });
    }
    shared as f64 / (left.len() + right.len() - shared) as f64
}

#[cfg(test)]
#[path = "similarity_tests.rs"]
mod tests;
