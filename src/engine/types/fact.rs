//! What a condition can ask about: a person, an item, their history and the context.

use nearside_json::{Fault, Read, Reader};
use serde::Serialize;

use super::InvalidCondition;

/// The facts there are. Attribute facts carry the name that the pack declares.
///
/// A unit's share is a number from 0 to below 1 that a hash makes of its id and the salt that the fact carries: below 0.2
/// is a fifth of all units, always the same fifth. Only experiments know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
#[expect(missing_docs, reason = "the names in `FACTS` and `Fact::parse` say it")]
pub enum Fact {
    ContextCountry,
    ContextDeviceType,
    ContextHour,
    ContextLocale,
    ContextPlatform,
    ContextSocial,
    ContextSurface,
    ContextWeather,
    HistoryAccepted,
    HistoryCategoryAccepted,
    HistoryCategoryDismissed,
    HistoryCategoryPreference,
    HistoryInteractions,
    HistoryItemViews,
    ItemBenefitAmount,
    ItemBenefitPercentage,
    ItemCategory,
    ItemComplexity,
    ItemCountry,
    ItemDaysToDeadline,
    ItemKind,
    ItemLifeStage,
    ItemPriority,
    ItemRegulated,
    ItemTag,
    ItemType,
    ItemUrgency,
    PersonAge,
    PersonCountry,
    PersonDetailLevel,
    PersonEngagement,
    PersonExpertise,
    PersonIncomeLevel,
    PersonLifeStage,
    PersonLiteracy,
    PersonNetWorthLevel,
    PersonRiskTolerance,
    PersonAttribute(String),
    ItemAttribute(String),
    UnitShare(String),
}

/// The value of a fact in one situation.
#[derive(Debug, Clone, PartialEq)]
pub enum FactValue<'a> {
    /// Nobody knows, or no purpose allows reading it.
    Unknown,
    /// Yes or no.
    Flag(bool),
    /// A finite number.
    Number(f64),
    /// One text.
    Text(&'a str),
    /// Several texts.
    List(&'a [String]),
}

/// Something that can tell facts.
pub trait Facts {
    /// Returns the value of a fact; unknown names are `Unknown`.
    fn value(&self, fact: &Fact) -> FactValue<'_>;
}

/// Every fact without a free part, with its name in packs.
const FACTS: [(&str, Fact); 37] = [
    ("context.country", Fact::ContextCountry),
    ("context.device_type", Fact::ContextDeviceType),
    ("context.hour", Fact::ContextHour),
    ("context.locale", Fact::ContextLocale),
    ("context.platform", Fact::ContextPlatform),
    ("context.social", Fact::ContextSocial),
    ("context.surface", Fact::ContextSurface),
    ("context.weather", Fact::ContextWeather),
    ("history.accepted", Fact::HistoryAccepted),
    ("history.category_accepted", Fact::HistoryCategoryAccepted),
    ("history.category_dismissed", Fact::HistoryCategoryDismissed),
    ("history.category_preference", Fact::HistoryCategoryPreference),
    ("history.interactions", Fact::HistoryInteractions),
    ("history.item_views", Fact::HistoryItemViews),
    ("item.benefit_amount", Fact::ItemBenefitAmount),
    ("item.benefit_percentage", Fact::ItemBenefitPercentage),
    ("item.category", Fact::ItemCategory),
    ("item.complexity", Fact::ItemComplexity),
    ("item.country", Fact::ItemCountry),
    ("item.days_to_deadline", Fact::ItemDaysToDeadline),
    ("item.kind", Fact::ItemKind),
    ("item.life_stage", Fact::ItemLifeStage),
    ("item.priority", Fact::ItemPriority),
    ("item.regulated", Fact::ItemRegulated),
    ("item.tag", Fact::ItemTag),
    ("item.type", Fact::ItemType),
    ("item.urgency", Fact::ItemUrgency),
    ("person.age", Fact::PersonAge),
    ("person.country", Fact::PersonCountry),
    ("person.detail_level", Fact::PersonDetailLevel),
    ("person.engagement", Fact::PersonEngagement),
    ("person.expertise", Fact::PersonExpertise),
    ("person.income_level", Fact::PersonIncomeLevel),
    ("person.life_stage", Fact::PersonLifeStage),
    ("person.literacy", Fact::PersonLiteracy),
    ("person.net_worth_level", Fact::PersonNetWorthLevel),
    ("person.risk_tolerance", Fact::PersonRiskTolerance),
];

impl Fact {
    /// Reads a fact's name.
    ///
    /// # Errors
    /// `UnknownFact` when there is no fact of that name.
    pub fn parse(name: &str) -> Result<Self, InvalidCondition> {
        let attribute = |prefix: &str| name.strip_prefix(prefix).filter(|rest| !rest.is_empty()).map(str::to_owned);
        if let Some((_, fact)) = FACTS.iter().find(|(known, _)| *known == name) {
            return Ok(fact.clone());
        }
        let person = attribute("person.attribute.").map(Self::PersonAttribute);
        person
            .or_else(|| attribute("item.attribute.").map(Self::ItemAttribute))
            .or_else(|| attribute("unit.share.").map(Self::UnitShare))
            .ok_or_else(|| InvalidCondition::UnknownFact(name.chars().take(60).collect()))
    }

    /// True when the fact is the same before every item.
    pub fn is_of_person(&self) -> bool {
        match self {
            Self::ContextCountry | Self::ContextDeviceType | Self::ContextHour | Self::ContextLocale => true,
            Self::ContextPlatform | Self::ContextSocial | Self::ContextSurface | Self::ContextWeather => true,
            Self::HistoryAccepted | Self::HistoryInteractions => true,
            Self::PersonAge | Self::PersonCountry | Self::PersonDetailLevel | Self::PersonEngagement => true,
            Self::PersonExpertise | Self::PersonIncomeLevel | Self::PersonLifeStage | Self::PersonLiteracy => true,
            Self::PersonNetWorthLevel | Self::PersonRiskTolerance | Self::PersonAttribute(_) => true,
            Self::UnitShare(_) => true,
            Self::HistoryCategoryAccepted | Self::HistoryCategoryDismissed => false,
            Self::HistoryCategoryPreference | Self::HistoryItemViews => false,
            Self::ItemBenefitAmount | Self::ItemBenefitPercentage | Self::ItemCategory | Self::ItemComplexity => false,
            Self::ItemCountry | Self::ItemDaysToDeadline | Self::ItemKind | Self::ItemLifeStage => false,
            Self::ItemPriority | Self::ItemRegulated | Self::ItemTag | Self::ItemType => false,
            Self::ItemUrgency | Self::ItemAttribute(_) => false,
        }
    }

    /// The fact's name.
    pub fn name(&self) -> String {
        match self {
            Self::PersonAttribute(name) => format!("person.attribute.{name}"),
            Self::ItemAttribute(name) => format!("item.attribute.{name}"),
            Self::UnitShare(salt) => format!("unit.share.{salt}"),
            fact => {
                FACTS.iter().find(|(_, known)| known == fact).map_or_else(String::new, |(name, _)| (*name).to_owned())
            }
        }
    }
}

impl Read for Fact {
    fn blank() -> Self {
        Self::ContextCountry
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let fact = Self::parse(reader.text("a string")?);
        *self = fact.map_err(|invalid| Fault::shape(&invalid.to_string()))?;
        Ok(())
    }
}

impl From<Fact> for String {
    fn from(fact: Fact) -> Self {
        fact.name()
    }
}
