//! The bodies that routes take. Unknown fields are refused; what the fields mean is the business of `flows`.

use nearside_json::{Fault, Kind, RawJson, Read, Reader};

use super::raw::RawInteraction;
use crate::types::{
    AttributeValue, Context, Detail, Expertise, Explain, Item, Level, NotificationFrequency, SortedMap, UserId,
};

/// POST /recommend.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct RecommendRequest {
    /// Which surface asks; the pack's first scope when absent.
    pub scope: Option<String>,
    /// 1 to 50; the scope's own when absent.
    pub limit: Option<u16>,
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
    /// The session, for tests that assign sessions.
    pub session_id: Option<String>,
    /// The device, for tests that assign devices.
    pub device_id: Option<String>,
    /// What an earlier answer said under seal of the assignments.
    pub experiments_token: Option<String>,
}

/// The `mode` of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Read)]
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

impl Read for Candidate {
    fn blank() -> Self {
        Self::Id(String::new())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = match reader.kind() {
            Some(Kind::Text) => Self::Id(reader.value()?),
            Some(Kind::Object) => Self::Item(reader.value()?),
            _ => return Err(reader.mismatch("an item or its id")),
        };
        Ok(())
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

#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the profile")]
pub struct StatedDemographics {
    #[read(place = "said")]
    pub age: Option<Option<u8>>,
    #[read(place = "said")]
    pub country: Option<Option<String>>,
    #[read(place = "said")]
    pub income_level: Option<Option<Level>>,
    #[read(place = "said")]
    pub net_worth_level: Option<Option<Level>>,
}

#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the profile")]
pub struct StatedPreferences {
    #[read(place = "said")]
    pub risk_tolerance: Option<Option<Level>>,
    #[read(place = "said")]
    pub investment_style: Option<Option<String>>,
    #[read(place = "said")]
    pub communication_preference: Option<Option<String>>,
    #[read(place = "said")]
    pub detail_level_preference: Option<Option<Detail>>,
    #[read(place = "said")]
    pub recommendation_categories_preferred: Option<Option<Vec<String>>>,
    #[read(place = "said")]
    pub notification_frequency: Option<Option<NotificationFrequency>>,
    #[read(place = "said")]
    pub preferred_channels: Option<Option<Vec<String>>>,
}

#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the profile")]
pub struct StatedSophistication {
    #[read(place = "said")]
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
pub(super) fn said<T>(place: &mut Option<Option<T>>) -> &mut Option<T> {
    place.insert(None)
}
