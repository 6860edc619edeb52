//! The bodies that routes take. Unknown fields are refused; what the fields mean is the business of `flows`.

use std::fmt;

use nearside_read_derive::Read;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::raw::RawInteraction;
use crate::types::{
    AttributeValue, Context, Detail, Expertise, Explain, Item, Level, NotificationFrequency, RawJson, SortedMap, UserId,
};

/// POST /recommend.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct RecommendRequest {
    /// Which surface asks; the pack's first scope when absent.
    pub scope: Option<String>,
    /// 1 to 50; the scope's own when absent.
    pub limit: Option<u8>,
    /// `general`: this request only, nothing personal is read.
    pub mode: Option<Mode>,
    /// Items or ids to order, in place of the scope's catalogue.
    pub candidates: Option<Vec<Candidate>>,
    /// The situation.
    pub context: Context,
    /// Interactions that the client has not seen acknowledged; folded in, not stored.
    pub pending: Vec<RawInteraction>,
    /// How much reasoning to send.
    pub explain: Explain,
    /// True shows what the person's own dismissals hide.
    pub show_hidden: bool,
    /// Admins only.
    pub user_id: Option<UserId>,
    /// Admins only: answer as of this time.
    pub as_of: Option<String>,
}

/// The `mode` of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The general order.
    General,
}

/// An item to order: its id in the catalogue, or the item itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Candidate {
    /// An id.
    Id(String),
    /// An item.
    Item(Box<Item>),
}

impl<'de> Deserialize<'de> for Candidate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CandidateVisitor)
    }
}

struct CandidateVisitor;

impl<'de> Visitor<'de> for CandidateVisitor {
    type Value = Candidate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an item or its id")
    }

    fn visit_str<E>(self, id: &str) -> Result<Candidate, E> {
        Ok(Candidate::Id(id.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Candidate, A::Error> {
        Item::deserialize(MapAccessDeserializer::new(fields)).map(|item| Candidate::Item(Box::new(item)))
    }
}

/// POST /track-interactions. Each entry is judged by itself, so each is kept as its text at first.
#[derive(Debug, Read)]
#[serde(deny_unknown_fields)]
pub struct TrackBatch {
    /// Up to 1,000.
    pub interactions: Vec<RawJson>,
}

/// POST /explain, and what the GET forms amount to.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct ExplainRequest {
    /// Which item.
    pub recommendation_id: String,
    /// Which surface asks.
    pub scope: Option<String>,
    /// The list it stood in; the scope's catalogue when absent.
    pub candidates: Option<Vec<Candidate>>,
    /// The situation.
    pub context: Context,
    /// Admins only.
    pub user_id: Option<UserId>,
    /// Admins only.
    pub as_of: Option<String>,
}

/// POST /feedback: the five types of the pseudo-code and the five of the table.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct FeedbackRequest {
    /// Unique per user; made by the host when absent.
    pub id: Option<String>,
    /// Admins only.
    pub user_id: Option<UserId>,
    /// The feedback's type.
    #[serde(rename = "type")]
    pub feedback_type: String,
    /// Which item.
    pub recommendation_id: Option<String>,
    /// Which feature.
    pub feature_name: Option<String>,
    /// Which category, where the item is not in the catalogue.
    pub category: Option<String>,
    /// 1 to 5.
    pub rating: Option<f64>,
    /// Free text; stored with the feedback, never with the interactions.
    pub feedback_text: Option<String>,
    /// For CONTENT_PREFERENCE.
    pub preferred_style: Option<Detail>,
    /// For NOTIFICATION_PREFERENCE.
    pub notification_frequency: Option<NotificationFrequency>,
    /// For NOTIFICATION_PREFERENCE.
    pub preferred_channels: Option<Vec<String>>,
}

/// POST /settings: any subset of the switches.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the settings")]
pub struct SettingsUpdate {
    pub user_id: Option<UserId>,
    pub personalization_enabled: Option<bool>,
    pub behavioral: Option<bool>,
    pub demographics: Option<bool>,
    pub location: Option<bool>,
    pub experiments: Option<bool>,
    pub third_party: Option<bool>,
    pub data_sharing_consent: Option<bool>,
    pub privacy_mode: Option<bool>,
    pub retention_days: Option<u16>,
    pub aggregate_retention_days: Option<u16>,
    pub hash_user_id: Option<bool>,
    pub aggregate_small_groups: Option<bool>,
}

/// PUT /profile/{id}/preferences: any subset; null takes a statement back.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the profile")]
pub struct PreferencesUpdate {
    pub demographics: StatedDemographics,
    pub preferences: StatedPreferences,
    pub sophistication: StatedSophistication,
    pub attributes: SortedMap<String, Option<AttributeValue>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the profile")]
pub struct StatedDemographics {
    #[serde(deserialize_with = "said")]
    pub age: Option<Option<u8>>,
    #[serde(deserialize_with = "said")]
    pub country: Option<Option<String>>,
    #[serde(deserialize_with = "said")]
    pub income_level: Option<Option<Level>>,
    #[serde(deserialize_with = "said")]
    pub net_worth_level: Option<Option<Level>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the profile")]
pub struct StatedPreferences {
    #[serde(deserialize_with = "said")]
    pub risk_tolerance: Option<Option<Level>>,
    #[serde(deserialize_with = "said")]
    pub investment_style: Option<Option<String>>,
    #[serde(deserialize_with = "said")]
    pub communication_preference: Option<Option<String>>,
    #[serde(deserialize_with = "said")]
    pub detail_level_preference: Option<Option<Detail>>,
    #[serde(deserialize_with = "said")]
    pub recommendation_categories_preferred: Option<Option<Vec<String>>>,
    #[serde(deserialize_with = "said")]
    pub notification_frequency: Option<Option<NotificationFrequency>>,
    #[serde(deserialize_with = "said")]
    pub preferred_channels: Option<Option<Vec<String>>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the profile")]
pub struct StatedSophistication {
    #[serde(deserialize_with = "said")]
    pub self_reported_expertise: Option<Option<Expertise>>,
}

/// PUT /catalog/{pack}: entries of the draft.
#[derive(Debug, Clone, Read)]
#[serde(deny_unknown_fields)]
pub struct CatalogUpload {
    /// Added, or put in the place of the item with the same id.
    #[serde(default)]
    pub items: Vec<Item>,
    /// Ids taken out of the draft.
    #[serde(default)]
    pub remove: Vec<String>,
}

/// POST /admin/features: the global switch.
#[derive(Debug, Clone, Copy, Read)]
#[serde(deny_unknown_fields)]
pub struct SwitchUpdate {
    /// False turns everybody to the general order and leaves all data and choices intact.
    pub personalization_enabled: bool,
}

/// Tells "not said" (absent) from "said to be nothing" (null).
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
