//! What the conditions of a test may ask about a person, as far as consent allows reading it. Items have no say in who takes
//! part.

use crate::context::local_hour;
use crate::pack::Pack;
use crate::profile::{ProfileState, country_of, derive_behaviour, detail_of, life_stage_of, sophistication};
use crate::types::{Allowed, Context, EventKind, Expertise, Fact, FactValue, Facts, Level, Stated, TimeMs};

/// A person in a situation. State and statements are redacted before they come here.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct KnownFacts<'a> {
    /// The pack.
    pub(in crate::flows) pack: &'a Pack,
    /// The situation.
    pub(in crate::flows) context: &'a Context,
    /// What was stated.
    pub(in crate::flows) stated: &'a Stated,
    /// What was learned.
    pub(in crate::flows) state: &'a ProfileState,
    /// What may be read.
    pub(in crate::flows) allowed: Allowed,
    /// The host's time.
    pub(in crate::flows) now_ms: TimeMs,
}

/// The covariates count up to this much: what lies above says no more of a person, and would rule the variance.
const MOST_BEFORE: f64 = 50.0;

/// Returns how much a person has taken up, and done at all: 0 to 50 each.
pub(super) fn done_before(state: &ProfileState) -> [u8; 2] {
    let accepted = EventKind::ALL.iter().filter(|(kind, _)| kind.is_acceptance());
    let accepted: f64 = accepted.map(|(kind, _)| f64::from(state.count(*kind))).sum();
    // Whole numbers within a byte.
    [accepted, f64::from(state.events)].map(|count| count.min(MOST_BEFORE) as u8)
}

impl Facts for KnownFacts<'_> {
    fn value(&self, fact: &Fact) -> FactValue<'_> {
        let Self { pack, context, stated, state, .. } = *self;
        let here = country_of(context.country.as_deref(), pack);
        match fact {
            Fact::ContextCountry => text(here),
            Fact::ContextDeviceType => text(context.device_type.as_deref()),
            Fact::ContextHour => {
                number(context.utc_offset_minutes.map(|offset| local_hour(self.now_ms, offset) as f64))
            }
            Fact::ContextLocale => text(context.locale.as_deref()),
            Fact::ContextPlatform => text(context.platform.as_deref()),
            Fact::ContextSocial => text(context.social.as_deref()),
            Fact::ContextSurface => text(context.surface.as_deref()),
            Fact::ContextWeather => text(context.weather.as_deref()),
            Fact::HistoryAccepted => {
                let kinds = EventKind::ALL.iter().filter(|(kind, _)| kind.is_acceptance());
                FactValue::Number(kinds.map(|(kind, _)| f64::from(state.count(*kind))).sum())
            }
            Fact::HistoryInteractions => FactValue::Number(f64::from(state.events)),
            Fact::PersonAge => number(stated.age.map(f64::from)),
            Fact::PersonAttribute(name) => {
                stated.attributes.get(name).map_or(FactValue::Unknown, |value| value.as_fact())
            }
            Fact::PersonCountry => {
                text(country_of(stated.country.as_deref(), pack).or(here.filter(|_| self.allowed.location)))
            }
            Fact::PersonDetailLevel => FactValue::Text(detail_of(state, stated).name()),
            Fact::PersonEngagement if state.events == 0 => FactValue::Unknown,
            Fact::PersonEngagement => FactValue::Text(derive_behaviour(state, pack, self.now_ms).engagement.name()),
            Fact::PersonExpertise => text(stated.self_reported_expertise.map(Expertise::name)),
            Fact::PersonIncomeLevel => text(stated.income_level.map(Level::name)),
            Fact::PersonLifeStage => text(life_stage_of(stated, pack)),
            Fact::PersonLiteracy => number(sophistication(state, stated, pack).literacy),
            Fact::PersonNetWorthLevel => text(stated.net_worth_level.map(Level::name)),
            Fact::PersonRiskTolerance => text(stated.risk_tolerance.map(Level::name)),
            _ => FactValue::Unknown,
        }
    }
}

fn text(value: Option<&str>) -> FactValue<'_> {
    value.map_or(FactValue::Unknown, FactValue::Text)
}

fn number(value: Option<f64>) -> FactValue<'static> {
    value.map_or(FactValue::Unknown, FactValue::Number)
}
