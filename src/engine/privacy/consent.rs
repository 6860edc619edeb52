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

/// Returns the switches as they hold for a request. Under the privacy signal (Global Privacy Control) the answer is no, until
/// the person says otherwise under it: a yes that was said without the signal is none, and neither is a pack's opt-out.
pub fn in_force(settings: Settings, has_privacy_signal: bool) -> Settings {
    if has_privacy_signal && !settings.consented_under_signal {
        return Settings { personalization_enabled: Some(false), ..settings };
    }
    settings
}

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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a request with the signal may personalise: the yes or no, whether it came with the signal, the pack's basis.
    fn check(said: Option<bool>, consented_under_signal: bool, basis: Basis, expected: [bool; 2]) {
        let settings = Settings { personalization_enabled: said, consented_under_signal, ..Settings::default() };
        let of = |has_signal| {
            let settings = in_force(settings.clone(), has_signal);
            assert_eq!(allowed(&settings, basis, true).personalization, may_track(&settings, basis));
            may_track(&settings, basis)
        };
        assert_eq!([of(false), of(true)], expected, "{settings:?} {basis:?}");
    }

    #[test]
    fn a_yes_without_the_signal_is_none_under_it() {
        for basis in [Basis::OptIn, Basis::OptOut] {
            check(Some(true), false, basis, [true, false]);
            check(Some(true), true, basis, [true, true]);
            check(Some(false), false, basis, [false, false]);
        }
        check(None, false, Basis::OptIn, [false, false]);
        check(None, false, Basis::OptOut, [true, false]);
    }
}
