//! The facts that a pack's conditions may read, for one subject and one item.

use super::subject::Subject;
use crate::pack::ShelvedItem;
use crate::profile::country_of;
use crate::types::{EventKind, Expertise, Fact, FactValue, Facts, Level, days_between};

/// One subject before one item.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The person.
    pub subject: &'a Subject<'a>,
    /// The item's index on the shelf.
    pub index: usize,
    /// The item.
    pub shelved: &'a ShelvedItem,
}

impl Facts for Situation<'_> {
    fn value(&self, fact: &Fact) -> FactValue<'_> {
        let subject = self.subject;
        let context = subject.input.context;
        let stated = subject.input.stated;
        let item = &self.shelved.item;
        match fact {
            Fact::ContextCountry => text(country_of(context.country.as_deref(), subject.pack)),
            Fact::ContextDeviceType => text(context.device_type.as_deref()),
            Fact::ContextHour => number(subject.local_hour.map(|hour| hour as f64)),
            Fact::ContextLocale => text(context.locale.as_deref()),
            Fact::ContextPlatform => text(context.platform.as_deref()),
            Fact::ContextSocial => text(context.social.as_deref()),
            Fact::ContextSurface => text(context.surface.as_deref()),
            Fact::ContextWeather => text(context.weather.as_deref()),
            Fact::HistoryAccepted => {
                let kinds = EventKind::ALL.iter().filter(|(kind, _)| kind.is_acceptance());
                FactValue::Number(kinds.map(|(kind, _)| f64::from(subject.input.state.count(*kind))).sum())
            }
            Fact::HistoryCategoryAccepted => counted(&subject.affinities.accepted, self.shelved.category),
            Fact::HistoryCategoryDismissed => counted(&subject.affinities.dismissed, self.shelved.category),
            Fact::HistoryCategoryPreference => {
                number(subject.affinities.preference.get(self.shelved.category).copied())
            }
            Fact::HistoryInteractions => FactValue::Number(f64::from(subject.input.state.events)),
            Fact::HistoryItemViews => {
                let seen = subject.part().and_then(|part| part.items.get(&item.id));
                FactValue::Number(seen.map_or(0.0, |item| item.viewed_days.len() as f64))
            }
            Fact::ItemBenefitAmount => number(item.benefit.as_ref().and_then(|benefit| benefit.amount)),
            Fact::ItemBenefitPercentage => number(item.benefit.as_ref().and_then(|benefit| benefit.percentage)),
            Fact::ItemCategory => FactValue::Text(&item.category),
            Fact::ItemComplexity => number(item.complexity.map(f64::from)),
            Fact::ItemCountry => FactValue::List(&item.countries),
            Fact::ItemDaysToDeadline => {
                number(self.shelved.deadline_ms.map(|deadline_ms| days_between(subject.input.now_ms, deadline_ms)))
            }
            Fact::ItemKind => FactValue::Text(&item.kind),
            Fact::ItemLifeStage => FactValue::List(&item.life_stages),
            Fact::ItemPriority => FactValue::Number(f64::from(item.priority)),
            Fact::ItemRegulated => FactValue::Flag(item.regulated),
            Fact::ItemTag => FactValue::List(&item.tags),
            Fact::ItemType => text(item.item_type.as_deref()),
            Fact::ItemUrgency => FactValue::Number(f64::from(item.urgency)),
            Fact::ItemAttribute(name) => item.attributes.get(name).map_or(FactValue::Unknown, |value| value.as_fact()),
            Fact::PersonAge => number(stated.age.map(f64::from)),
            Fact::PersonCountry => text(subject.country),
            Fact::PersonDetailLevel => FactValue::Text(subject.detail.name()),
            Fact::PersonEngagement if subject.input.state.events == 0 => FactValue::Unknown,
            Fact::PersonEngagement => FactValue::Text(subject.behaviour.engagement.name()),
            Fact::PersonExpertise => text(stated.self_reported_expertise.map(Expertise::name)),
            Fact::PersonIncomeLevel => text(stated.income_level.map(Level::name)),
            Fact::PersonLifeStage => text(subject.life_stage),
            Fact::PersonLiteracy => number(subject.sophistication.literacy),
            Fact::PersonNetWorthLevel => text(stated.net_worth_level.map(Level::name)),
            Fact::PersonRiskTolerance => text(stated.risk_tolerance.map(Level::name)),
            // What a person sees does not depend on chance, however it is made: that is what experiments are for.
            Fact::UnitShare(_) => FactValue::Unknown,
            Fact::PersonAttribute(name) => {
                stated.attributes.get(name).map_or(FactValue::Unknown, |value| value.as_fact())
            }
        }
    }
}

fn text(value: Option<&str>) -> FactValue<'_> {
    value.map_or(FactValue::Unknown, FactValue::Text)
}

fn number(value: Option<f64>) -> FactValue<'static> {
    value.map_or(FactValue::Unknown, FactValue::Number)
}

fn counted(values: &[u32], index: usize) -> FactValue<'static> {
    FactValue::Number(values.get(index).copied().map_or(0.0, f64::from))
}
