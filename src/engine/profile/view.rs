//! The profile as its person sees it: the five factor groups of seed 000, completeness, insights.

use serde::Serialize;

use super::derive::{Behaviour, derive_behaviour, evidence};
use super::state::ProfileState;
use super::success::category_records;
use crate::math::rounded;
use crate::pack::Pack;
use crate::types::{
    AttributeValue, Detail, EventKind, Expertise, Level, NotificationFrequency, Personalization, SortedMap, Stated,
    TimeMs,
};

/// The weight of what a person says of their expertise, in read items.
const STATED_LITERACY_WEIGHT: f64 = 10.0;
/// The weight of the scale's middle, in read items, when nothing was said.
const PRIOR_LITERACY_WEIGHT: f64 = 4.0;
/// The middle of the scale 1 to 10 that a person nobody knows is taken for.
const PRIOR_LITERACY: f64 = 5.0;

/// How far a person is at home in the domain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sophistication {
    /// 1 to 10; None when nothing tells.
    pub literacy: Option<f64>,
    /// The complexity that suits, 1 to 10; None when nothing tells.
    pub comfortable: Option<f64>,
}

/// The whole profile as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the API's")]
pub struct ProfileView {
    pub user_id: String,
    pub demographics: Demographics,
    pub behavior: Behavior,
    pub preferences: Preferences,
    pub sophistication: SophisticationView,
    pub history: History,
    pub insights: SortedMap<&'static str, bool>,
    pub attributes: SortedMap<String, AttributeValue>,
    pub profile_completeness: f64,
    pub personalization: Personalization,
    pub revision: u64,
    pub last_updated: Option<String>,
}

/// The demographic group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Demographics {
    pub age: Option<u8>,
    pub life_stage: Option<String>,
    pub country: Option<String>,
    pub income_level: Option<Level>,
    pub net_worth_level: Option<Level>,
}

/// The behavioral group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Behavior {
    pub engagement_level: Option<Level>,
    pub login_frequency: Option<f64>,
    pub feature_usage: SortedMap<String, u32>,
    pub recommendation_interaction_rate: Option<f64>,
    pub goal_completion_rate: Option<f64>,
    pub average_session_duration_seconds: Option<f64>,
}

/// The preferences group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preferences {
    pub risk_tolerance: Option<Level>,
    pub investment_style: Option<String>,
    pub communication_preference: Option<String>,
    pub detail_level_preference: Detail,
    pub recommendation_categories_preferred: Vec<String>,
    pub notification_frequency: Option<NotificationFrequency>,
    pub preferred_channels: Vec<String>,
}

/// The sophistication group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SophisticationView {
    pub financial_literacy_score: u8,
    pub complexity_comfortable_with: u8,
    pub terminology_familiarity: f64,
    pub self_reported_expertise: Option<Expertise>,
}

/// The historical group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct History {
    pub recommendations_accepted: u32,
    pub recommendations_dismissed: u32,
    pub average_time_to_action_days: Option<f64>,
    pub most_successful_recommendation_types: SortedMap<String, f64>,
    pub abandoned_features: Vec<String>,
}

/// Returns the life stage that the stated age gives.
pub fn life_stage_of<'a>(stated: &Stated, pack: &'a Pack) -> Option<&'a str> {
    stated.age.and_then(|age| pack.relevance.life_stage_of(age))
}

/// Returns the stated country under the pack's own name.
pub fn country_of<'a>(country: Option<&'a str>, pack: &'a Pack) -> Option<&'a str> {
    let country = country?;
    Some(pack.country_aliases.get(country).map_or(country, String::as_str))
}

/// Returns literacy and comfortable complexity: what was said, moved by the complexity of what was read and taken up.
///
/// `literacy = (w0 x prior + sum of complexities) / (w0 + their number)`, where the prior is the stated expertise
/// (`w0` 10) or the middle of the scale (`w0` 4). Someone who finishes content of complexity 7 becomes a 7.
pub fn sophistication(state: &ProfileState, stated: &Stated, pack: &Pack) -> Sophistication {
    let said = stated.self_reported_expertise.and_then(|expertise| pack.relevance.expertise_literacy.get(&expertise));
    if said.is_none() && state.complexity_count == 0 {
        return Sophistication { literacy: None, comfortable: None };
    }
    let (prior, prior_weight) = match said {
        Some(level) => (*level, STATED_LITERACY_WEIGHT),
        None => (PRIOR_LITERACY, PRIOR_LITERACY_WEIGHT),
    };
    let observed = f64::from(state.complexity_count);
    let literacy = (prior_weight * prior + state.complexity_sum as f64) / (prior_weight + observed);
    Sophistication { literacy: Some(literacy.clamp(1.0, 10.0)), comfortable: Some(literacy.clamp(1.0, 10.0)) }
}

/// Returns the detail a person wants: said, or seen from how often they read content to its end.
pub fn detail_of(state: &ProfileState, stated: &Stated) -> Detail {
    if let Some(detail) = stated.detail_level_preference {
        return detail;
    }
    let (read, finished) = (state.count(EventKind::ContentRead), state.count(EventKind::ContentCompleted));
    match (finished, read) {
        (5.., read) if finished * 2 > read => Detail::Detailed,
        _ => Detail::Moderate,
    }
}

/// Returns the percentage of known fields of demographics, behavior and preferences, 0 to 100.
pub fn completeness(demographics: &Demographics, behavior: &Behavior, stated: &Stated) -> f64 {
    let known = [
        demographics.age.is_some(),
        demographics.life_stage.is_some(),
        demographics.country.is_some(),
        demographics.income_level.is_some(),
        demographics.net_worth_level.is_some(),
        behavior.engagement_level.is_some(),
        behavior.login_frequency.is_some(),
        !behavior.feature_usage.is_empty(),
        behavior.recommendation_interaction_rate.is_some(),
        behavior.goal_completion_rate.is_some(),
        behavior.average_session_duration_seconds.is_some(),
        stated.risk_tolerance.is_some(),
        stated.investment_style.is_some(),
        stated.communication_preference.is_some(),
        stated.detail_level_preference.is_some(),
        !stated.recommendation_categories_preferred.is_empty(),
        stated.notification_frequency.is_some(),
        !stated.preferred_channels.is_empty(),
    ];
    let number = known.iter().filter(|is_known| **is_known).count();
    rounded(number as f64 * 100.0 / known.len() as f64, 2)
}

/// Returns the profile as its person sees it at `now_ms`.
pub fn view(
    user_id: &str,
    state: &ProfileState,
    stated: &Stated,
    pack: &Pack,
    revision: u64,
    now_ms: TimeMs,
) -> ProfileView {
    let has_events = state.events > 0;
    let behaviour = derive_behaviour(state, pack, now_ms);
    let demographics = Demographics {
        age: stated.age,
        life_stage: life_stage_of(stated, pack).map(str::to_owned),
        country: country_of(stated.country.as_deref(), pack).map(str::to_owned),
        income_level: stated.income_level,
        net_worth_level: stated.net_worth_level,
    };
    let behavior = Behavior {
        engagement_level: has_events.then_some(behaviour.engagement),
        login_frequency: has_events.then(|| rounded(behaviour.logins_per_week, 2)),
        feature_usage: state.features.iter().map(|(name, feature)| (name.clone(), feature.count)).collect(),
        recommendation_interaction_rate: behaviour.interaction_rate.map(|rate| rounded(rate, 4)),
        goal_completion_rate: behaviour.goal_completion_rate.map(|rate| rounded(rate, 4)),
        average_session_duration_seconds: behaviour.average_session_seconds.map(|seconds| rounded(seconds, 1)),
    };
    let profile_completeness = completeness(&demographics, &behavior, stated);
    let evidence = evidence(state, now_ms);
    ProfileView {
        user_id: user_id.to_owned(),
        demographics,
        behavior,
        preferences: preferences(state, stated),
        sophistication: sophistication_view(state, stated, pack),
        history: history(state, pack, &behaviour, now_ms),
        insights: SortedMap::from([
            ("changed_behaviour", behaviour.has_drifted),
            ("shared_account_suspected", behaviour.looks_shared),
            ("inactive", evidence.is_inactive),
            ("outlier", super::is_outlier(state, pack)),
        ]),
        attributes: stated.attributes.clone(),
        profile_completeness,
        personalization: if evidence.is_building { Personalization::Building } else { Personalization::Full },
        revision,
        last_updated: state.last_ms.map(crate::types::format_rfc3339),
    }
}

fn preferences(state: &ProfileState, stated: &Stated) -> Preferences {
    Preferences {
        risk_tolerance: stated.risk_tolerance,
        investment_style: stated.investment_style.clone(),
        communication_preference: stated.communication_preference.clone(),
        detail_level_preference: detail_of(state, stated),
        recommendation_categories_preferred: stated.recommendation_categories_preferred.clone(),
        notification_frequency: stated.notification_frequency,
        preferred_channels: stated.preferred_channels.clone(),
    }
}

fn sophistication_view(state: &ProfileState, stated: &Stated, pack: &Pack) -> SophisticationView {
    let known = sophistication(state, stated, pack);
    let on_scale = |level: Option<f64>| libm::round(level.unwrap_or(PRIOR_LITERACY)) as u8;
    SophisticationView {
        financial_literacy_score: on_scale(known.literacy),
        complexity_comfortable_with: on_scale(known.comfortable),
        terminology_familiarity: rounded(known.literacy.map_or(0.5, |level| (level - 1.0) / 9.0), 2),
        self_reported_expertise: stated.self_reported_expertise,
    }
}

fn history(state: &ProfileState, pack: &Pack, behaviour: &Behaviour, now_ms: TimeMs) -> History {
    let mut successful = SortedMap::new();
    if let Some(part) = state.packs.get(&pack.id) {
        for (id, record) in category_records(part, pack, now_ms) {
            if record.observations() > 0 {
                successful.insert(id.to_owned(), rounded(record.success_rate(pack), 4));
            }
        }
    }
    History {
        recommendations_accepted: EventKind::ALL
            .iter()
            .filter(|(kind, _)| kind.is_acceptance())
            .map(|(kind, _)| state.count(*kind))
            .sum(),
        recommendations_dismissed: state.count(EventKind::RecommendationDismissed),
        average_time_to_action_days: behaviour.average_days_to_action.map(|days| rounded(days, 2)),
        most_successful_recommendation_types: successful,
        abandoned_features: behaviour.abandoned_features.clone(),
    }
}
