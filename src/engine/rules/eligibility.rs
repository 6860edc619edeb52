//! Which items may be shown: scope, country, publication and deadline. Eligibility for a product is the caller's to decide.

use crate::pack::{Scope, ShelvedItem};
use crate::types::TimeMs;

/// What eligibility depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eligibility<'a> {
    /// The surface that asks.
    pub scope: &'a Scope,
    /// The country of the request or the profile.
    pub country: Option<&'a str>,
    /// The host's time.
    pub now_ms: TimeMs,
}

/// True when the scope shows such items, the country fits or is unknown, it is published, and its deadline has not passed.
pub fn is_eligible(shelved: &ShelvedItem, eligibility: &Eligibility<'_>) -> bool {
    let item = &shelved.item;
    let allows = |list: &[String], name: &str| list.is_empty() || list.iter().any(|known| known == name);
    allows(&eligibility.scope.kinds, &item.kind)
        && allows(&eligibility.scope.categories, &item.category)
        && eligibility.country.is_none_or(|country| allows(&item.countries, country))
        && shelved.published_ms.is_none_or(|at_ms| at_ms <= eligibility.now_ms)
        && shelved.deadline_ms.is_none_or(|at_ms| at_ms >= eligibility.now_ms)
}
