//! Feedback of ten types: what each says of an item, a feature, the style or the notifications, or of the whole.

use super::Host;
use super::apply::{PersonEvents, apply_events};
use super::domain::live_domain;
use super::observe::{Target, TrackReport, facts_of, other_domains};
use super::person::{Asker, Person};
use super::refusal::Refusal;
use crate::ports::{FeedbackRow, People};
use crate::tracking::{TakingRules, validate};
use crate::wire::{FeedbackRequest, PreferencesUpdate, RawInteraction, StatedPreferences};

/// Rows of the history.
const HISTORY: u32 = 100;

/// Takes feedback and applies it before it answers.
///
/// # Errors
/// An unknown type, a missing target or rating; a store that is down.
pub async fn give_feedback<H: Host>(host: &H, asker: &Asker, request: FeedbackRequest) -> Result<TrackReport, Refusal> {
    let sent_ids: Vec<String> = request.id.iter().cloned().collect();
    let record = People::load(host, asker.scope, &sent_ids).await?;
    let is_repeated = !record.applied_ids.is_empty();
    let (live, _, pointers) = live_domain(host, None, Some(&record.pointers)).await?;
    let person = Person::whatever_the_switch(host, record, &live.domain.pack);
    let raw = event_of(&request, |text| crate::text::sentiment(text, &live.domain.pack.words.sentiment))?;
    let domains = other_domains(host, &live.domain, Some(&pointers)).await;
    let target = Target { target_id: raw.target_id.as_deref(), target_type: raw.target_type.as_deref() };
    let facts = domains.iter().find_map(|domain| facts_of(target, domain));
    let rules = TakingRules { pack: &live.domain.pack, now_ms: host.now_ms(), may_import_old: false };
    let event = validate(raw, facts, &host.fresh_id(), &rules)
        .map_err(|invalid| Refusal::invalid("invalid-feedback", invalid.detail))?;
    if !person.may_track {
        return Ok(TrackReport { withheld: 1, ..TrackReport::default() });
    }
    // What was heard before says nothing new: the person may have stated something else since.
    if let (false, Some(update)) = (is_repeated, statement_of(&request)) {
        super::set_preferences(host, asker, update).await?;
    }
    let row = FeedbackRow {
        id: event.id.clone(),
        recommendation_id: request.recommendation_id,
        feedback_type: request.feedback_type,
        rating: request.rating.map(|rating| rating as u8),
        feedback_text: request.feedback_text,
        timestamp: event.occurred_at_ms,
    };
    let batch = PersonEvents { feedback: vec![row], ..PersonEvents::of(asker.scope, vec![event], host.now_ms()) };
    let applied = apply_events(host, vec![batch]).await?;
    Ok(TrackReport {
        accepted: applied.applied,
        duplicates: applied.duplicates,
        withheld: applied.withheld,
        ..TrackReport::default()
    })
}

/// Returns the person's feedback, newest first. It needs no consent: it is theirs, and they wrote it.
///
/// # Errors
/// `NotFound` for an admin who names a person nobody knows; `Unavailable`.
pub async fn feedback_history<H: Host>(host: &H, asker: &Asker) -> Result<Vec<FeedbackRow>, Refusal> {
    let record = People::load(host, asker.scope, &[]).await?;
    if asker.role.is_admin() && !record.is_known {
        return Err(Refusal::not_found());
    }
    Ok(People::feedback(host, asker.scope, HISTORY).await?)
}

/// The interaction that feedback amounts to. The text itself never enters the log: only how content it sounds.
pub(super) fn event_of(request: &FeedbackRequest, hear: impl Fn(&str) -> f64) -> Result<RawInteraction, Refusal> {
    let about_item = |action: &str| -> Result<RawInteraction, Refusal> {
        let target_id = request
            .recommendation_id
            .clone()
            .ok_or_else(|| Refusal::invalid("invalid-feedback", "recommendation_id is missing"))?;
        Ok(feedback(action, "recommendation", Some(target_id), request))
    };
    let rated = |raw: RawInteraction| -> Result<RawInteraction, Refusal> {
        match request.rating {
            Some(rating) if (1.0..=5.0).contains(&rating) && rating.fract() == 0.0 => {
                Ok(RawInteraction { value: Some(rating), ..raw })
            }
            _ => Err(Refusal::invalid("invalid-feedback", "rating is a whole number of 1 to 5")),
        }
    };
    match request.feedback_type.as_str() {
        "RECOMMENDATION_RATING" | "RATING" => rated(about_item("rating")?),
        "HELPFUL" => about_item("helpful"),
        "NOT_HELPFUL" => about_item("not_helpful"),
        "ALREADY_DONE" => about_item("already_done"),
        "NOT_RELEVANT" => about_item("not_relevant"),
        "RESTORE" => about_item("restore"),
        "FEATURE_RATING" => {
            let name = request
                .feature_name
                .clone()
                .ok_or_else(|| Refusal::invalid("invalid-feedback", "feature_name is missing"))?;
            rated(feedback("rating", "feature", Some(name), request))
        }
        "CONTENT_PREFERENCE" if request.preferred_style.is_none() => {
            Err(Refusal::invalid("invalid-feedback", "preferred_style is missing"))
        }
        "NOTIFICATION_PREFERENCE"
            if request.notification_frequency.is_none() && request.preferred_channels.is_none() =>
        {
            Err(Refusal::invalid("invalid-feedback", "notification_frequency or preferred_channels is missing"))
        }
        "CONTENT_PREFERENCE" | "NOTIFICATION_PREFERENCE" => Ok(feedback("general", "app", None, request)),
        "GENERAL_FEEDBACK" => {
            let text = request
                .feedback_text
                .as_deref()
                .ok_or_else(|| Refusal::invalid("invalid-feedback", "feedback_text is missing"))?;
            Ok(RawInteraction { value: Some(hear(text)), ..feedback("general", "app", None, request) })
        }
        _ => Err(Refusal::invalid(
            "invalid-feedback",
            "type is not one of RECOMMENDATION_RATING, FEATURE_RATING, CONTENT_PREFERENCE, NOTIFICATION_PREFERENCE, GENERAL_FEEDBACK, RATING, HELPFUL, NOT_HELPFUL, ALREADY_DONE, NOT_RELEVANT, RESTORE",
        )),
    }
}

fn feedback(action: &str, target_type: &str, target_id: Option<String>, request: &FeedbackRequest) -> RawInteraction {
    RawInteraction {
        id: request.id.clone(),
        kind: Some("FEEDBACK".to_owned()),
        action: Some(action.to_owned()),
        target_type: Some(target_type.to_owned()),
        target_id,
        category: request.category.clone(),
        ..RawInteraction::default()
    }
}

/// The statement that a preference amounts to.
pub(super) fn statement_of(request: &FeedbackRequest) -> Option<PreferencesUpdate> {
    let preferences = match request.feedback_type.as_str() {
        "CONTENT_PREFERENCE" => {
            StatedPreferences { detail_level_preference: Some(request.preferred_style), ..StatedPreferences::default() }
        }
        "NOTIFICATION_PREFERENCE" => StatedPreferences {
            notification_frequency: request.notification_frequency.map(Some),
            preferred_channels: request.preferred_channels.clone().map(Some),
            ..StatedPreferences::default()
        },
        _ => return None,
    };
    Some(PreferencesUpdate { preferences, ..PreferencesUpdate::default() })
}
