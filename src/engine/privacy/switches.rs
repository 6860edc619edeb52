//! A change of a person's switches.

use super::consent::may_track;
use crate::pack::{Basis, Retention};
use crate::types::{Settings, TimeMs};
use crate::wire::SettingsUpdate;

/// Why a change was refused: the field and the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSetting(pub String);

/// The moment at which a change is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidAt {
    /// The host's time.
    pub now_ms: TimeMs,
    /// Whether it came with the privacy signal.
    pub has_privacy_signal: bool,
}

/// Returns the settings with the update in them. A yes keeps whether it came with the privacy signal. Where the change makes
/// tracking allowed, the moment is kept: messages taken before it stay withheld.
///
/// # Errors
/// A retention of 0 days, or longer than the pack's.
pub fn apply_settings(
    settings: &Settings,
    update: &SettingsUpdate,
    basis: Basis,
    retention: &Retention,
    moment: SaidAt,
) -> Result<Settings, InvalidSetting> {
    let limits = [
        ("retention_days", update.retention_days, retention.interactions_days),
        ("aggregate_retention_days", update.aggregate_retention_days, retention.evaluations_days),
    ];
    for (name, days, most) in limits {
        if days.is_some_and(|days| days == 0 || days > most) {
            return Err(InvalidSetting(format!("{name} is 1 to {most}")));
        }
    }
    let mut next = Settings {
        personalization_enabled: update.personalization_enabled.or(settings.personalization_enabled),
        consented_under_signal: match update.personalization_enabled {
            Some(is_yes) => is_yes && moment.has_privacy_signal,
            None => settings.consented_under_signal,
        },
        behavioral: update.behavioral.unwrap_or(settings.behavioral),
        demographics: update.demographics.unwrap_or(settings.demographics),
        location: update.location.unwrap_or(settings.location),
        experiments: update.experiments.unwrap_or(settings.experiments),
        third_party: update.third_party.unwrap_or(settings.third_party),
        data_sharing_consent: update.data_sharing_consent.unwrap_or(settings.data_sharing_consent),
        privacy_mode: update.privacy_mode.unwrap_or(settings.privacy_mode),
        retention_days: update.retention_days.or(settings.retention_days),
        aggregate_retention_days: update.aggregate_retention_days.or(settings.aggregate_retention_days),
        hash_user_id: update.hash_user_id.unwrap_or(settings.hash_user_id),
        aggregate_small_groups: update.aggregate_small_groups.unwrap_or(settings.aggregate_small_groups),
        tracking_since_ms: settings.tracking_since_ms,
    };
    if may_track(&next, basis) && !may_track(settings, basis) {
        next.tracking_since_ms = moment.now_ms;
    }
    Ok(next)
}
