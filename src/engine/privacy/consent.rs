//! Consent: what holds now, and whether an event may still be applied.

use crate::pack::Basis;
use crate::types::{Allowed, Settings, TimeMs};

/// What holds when nothing is known, or everything is off.
pub const NOTHING: Allowed = Allowed {
    personalization: false,
    behavioral: false,
    demographics: false,
    location: false,
    experiments: false,
    third_party: false,
    sharing: false,
};

/// Returns what a person allows. The global switch off, an open question under `opt_in` and a no all give nothing.
///
/// Privacy mode leaves the aggregates: nothing individual is tracked or read.
pub fn allowed(settings: &Settings, basis: Basis, is_globally_enabled: bool) -> Allowed {
    let is_on = settings.personalization_enabled.unwrap_or(basis == Basis::OptOut);
    if !is_globally_enabled || !is_on {
        return NOTHING;
    }
    let individual = !settings.privacy_mode;
    Allowed {
        personalization: true,
        behavioral: individual && settings.behavioral,
        demographics: individual && settings.demographics,
        location: individual && settings.location,
        experiments: individual && settings.experiments,
        third_party: individual && settings.third_party,
        sharing: individual && settings.data_sharing_consent,
    }
}

/// True when new events of this person may be taken. The global switch does not stop learning: it keeps data intact.
pub fn may_track(settings: &Settings, basis: Basis) -> bool {
    allowed(settings, basis, true).behavioral
}

/// True when an event that was taken at `received_at_ms` may still be applied: consent holds now, held since before
/// the event was taken, and no erasure came in between.
pub fn may_apply(settings: &Settings, basis: Basis, erased_at_ms: Option<TimeMs>, received_at_ms: TimeMs) -> bool {
    may_track(settings, basis)
        && received_at_ms >= settings.tracking_since_ms
        && erased_at_ms.is_none_or(|erased| received_at_ms > erased)
}

/// True when what was taken at `received_at_ms` may be counted for experiments: it may be applied, and the person takes part
/// in experiments now.
pub fn may_count(settings: &Settings, basis: Basis, erased_at_ms: Option<TimeMs>, received_at_ms: TimeMs) -> bool {
    may_apply(settings, basis, erased_at_ms, received_at_ms) && allowed(settings, basis, true).experiments
}
