//! One event of one user, after validation. Reading the wire shape and judging it is `tracking`'s business.

use nearside_json::{Read, write_json};
use serde::Serialize;

use super::context::Context;
use super::experiment::{Environment, ReceiptFacts};
use super::time::TimeMs;

/// The closed list of event types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the product's words")]
pub enum EventKind {
    RecommendationAccepted,
    Rsvp,
    Purchased,
    Installed,
    GoalCompleted,
    GoalCreated,
    Feedback,
    Saved,
    Shared,
    ContentCompleted,
    ContentRead,
    Clicked,
    FeatureUsed,
    NotificationOpened,
    RecommendationViewed,
    SearchPerformed,
    TimeSpent,
    RecommendationDismissed,
    SessionStarted,
    NotificationSent,
}

impl EventKind {
    /// Every type with its name on the wire.
    pub const ALL: [(EventKind, &'static str); 20] = [
        (Self::RecommendationAccepted, "RECOMMENDATION_ACCEPTED"),
        (Self::Rsvp, "RSVP"),
        (Self::Purchased, "PURCHASED"),
        (Self::Installed, "INSTALLED"),
        (Self::GoalCompleted, "GOAL_COMPLETED"),
        (Self::GoalCreated, "GOAL_CREATED"),
        (Self::Feedback, "FEEDBACK"),
        (Self::Saved, "SAVED"),
        (Self::Shared, "SHARED"),
        (Self::ContentCompleted, "CONTENT_COMPLETED"),
        (Self::ContentRead, "CONTENT_READ"),
        (Self::Clicked, "CLICKED"),
        (Self::FeatureUsed, "FEATURE_USED"),
        (Self::NotificationOpened, "NOTIFICATION_OPENED"),
        (Self::RecommendationViewed, "RECOMMENDATION_VIEWED"),
        (Self::SearchPerformed, "SEARCH_PERFORMED"),
        (Self::TimeSpent, "TIME_SPENT"),
        (Self::RecommendationDismissed, "RECOMMENDATION_DISMISSED"),
        (Self::SessionStarted, "SESSION_STARTED"),
        (Self::NotificationSent, "NOTIFICATION_SENT"),
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// All names, as a JSON array.
    pub fn names_json() -> String {
        write_json(&Self::ALL.map(|(_, name)| name))
    }

    /// Reads a name from the wire.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// The strength before a pack changes it. Feedback depends on its direction.
    pub fn default_strength(self) -> f64 {
        match self {
            Self::RecommendationAccepted | Self::Rsvp | Self::Purchased | Self::Installed | Self::GoalCompleted => 1.0,
            Self::GoalCreated | Self::Feedback => 0.9,
            Self::Saved => 0.8,
            Self::Shared => 0.7,
            Self::ContentCompleted => 0.6,
            Self::ContentRead => 0.4,
            Self::Clicked | Self::FeatureUsed | Self::NotificationOpened => 0.3,
            Self::RecommendationViewed | Self::SearchPerformed | Self::TimeSpent => 0.1,
            Self::RecommendationDismissed => -0.5,
            Self::SessionStarted | Self::NotificationSent => 0.0,
        }
    }

    /// True for the types that take an item up.
    pub fn is_acceptance(self) -> bool {
        matches!(
            self,
            Self::RecommendationAccepted | Self::Rsvp | Self::Purchased | Self::Installed | Self::GoalCompleted
        )
    }
}

/// What a FEEDBACK event says, from its `action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `positive` or `helpful`.
    Positive,
    /// `negative` or `not_helpful`.
    Negative,
    /// `rating`, with a value of 1 to 5.
    Rating,
    /// `already_done`: hides the item, says nothing against its category.
    AlreadyDone,
    /// `not_relevant`: hides the item.
    NotRelevant,
    /// `restore`: takes hiding back.
    Restore,
}

impl Direction {
    /// Every direction with its `action`.
    pub const ALL: [(&'static str, Direction); 8] = [
        ("positive", Self::Positive),
        ("helpful", Self::Positive),
        ("negative", Self::Negative),
        ("not_helpful", Self::Negative),
        ("rating", Self::Rating),
        ("already_done", Self::AlreadyDone),
        ("not_relevant", Self::NotRelevant),
        ("restore", Self::Restore),
    ];

    /// Reads an `action`.
    pub fn parse(action: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == action).map(|(_, direction)| *direction)
    }
}

/// What a person last said about an item's place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Show it again.
    Restored,
    /// Done already.
    AlreadyDone,
    /// Not for me.
    NotRelevant,
}

/// What the live catalogue knew of the target when the event was taken.
///
/// It travels with the event into the log, so that a profile rebuilt after the catalogue changed is the same profile.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(default)]
pub struct ItemFacts {
    /// The pack whose catalogue held the item.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pack: String,
    /// The item's category, or the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The item's tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The item's complexity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complexity: Option<u8>,
    /// True when the target is an item of the catalogue.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_item: bool,
}

/// A validated event. `id` is unique per user.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[expect(missing_docs, reason = "the names are the product's words")]
pub struct Interaction {
    pub id: String,
    pub kind: EventKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    #[serde(default, skip_serializing_if = "is_empty_context")]
    pub context: Context,
    pub occurred_at_ms: TimeMs,
    #[serde(default)]
    pub facts: ItemFacts,
    /// What the receipt that came with it said, once it was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptFacts>,
    /// Where it is counted; None is production.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
}

impl Interaction {
    /// An event with nothing beside what every event has.
    pub fn new(id: String, kind: EventKind, occurred_at_ms: TimeMs) -> Self {
        Self {
            id,
            kind,
            target_type: None,
            target_id: None,
            action: None,
            reason: None,
            value: None,
            session_id: None,
            device_id: None,
            device_type: None,
            decision_id: None,
            position: None,
            context: Context::default(),
            occurred_at_ms,
            facts: ItemFacts::default(),
            receipt: None,
            environment: None,
        }
    }
}

fn is_empty_context(context: &Context) -> bool {
    *context == Context::default()
}
