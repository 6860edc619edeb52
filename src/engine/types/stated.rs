//! What a person said of themselves: the part of a profile that is not learned.

use nearside_json::Read;
use serde::Serialize;

use super::SortedMap;
use super::item::AttributeValue;

/// A three-step scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Level {
    Low,
    Medium,
    High,
}

impl Level {
    /// The seeds' spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
        }
    }
}

/// How much text a person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "UPPERCASE")]
pub enum Detail {
    /// The key sentence.
    Concise,
    /// Three sentences.
    Moderate,
    /// Everything, and context.
    Detailed,
}

impl Detail {
    /// The seeds' spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::Concise => "CONCISE",
            Self::Moderate => "MODERATE",
            Self::Detailed => "DETAILED",
        }
    }
}

/// How expert a person says they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Expertise {
    Novice,
    Intermediate,
    Expert,
}

impl Expertise {
    /// The seeds' spelling.
    pub fn name(self) -> &'static str {
        match self {
            Self::Novice => "NOVICE",
            Self::Intermediate => "INTERMEDIATE",
            Self::Expert => "EXPERT",
        }
    }
}

/// How often a person wants to hear from the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names say it")]
pub enum NotificationFrequency {
    RealTime,
    Daily,
    Weekly,
    Monthly,
}

/// Stated facts and preferences; None is "not said".
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the profile")]
pub struct Stated {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub income_level: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_worth_level: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_tolerance: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub investment_style: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communication_preference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_level_preference: Option<Detail>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recommendation_categories_preferred: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_frequency: Option<NotificationFrequency>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub preferred_channels: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_reported_expertise: Option<Expertise>,
    #[serde(skip_serializing_if = "SortedMap::is_empty")]
    pub attributes: SortedMap<String, AttributeValue>,
}
