//! What changes the person: events, feedback, switches, statements. Each change is whole or refused, and nothing of it is
//! stored here: the host keeps the document that results.

use nearside_json::write_json;

use super::device::Device;
use super::person::{DevicePerson, Observed};
use crate::flows::feedback::{event_of, statement_of};
use crate::flows::observe::{Target, facts_of, resolve_time_zone, time_zone_of};
use crate::flows::refusal::Refusal;
use crate::ports::Surroundings;
use crate::privacy::{SaidAt, apply_settings};
use crate::profile::{ProfileView, apply_preferences, fold, view};
use crate::tracking::{TakingRules, validate};
use crate::types::{Personalization, Settings};
use crate::wire::{FeedbackRequest, PreferencesUpdate, RawInteraction, SettingsUpdate};

/// A name in place of a user id: on a device there is none.
const NOBODY: &str = "";

impl Device {
    /// Folds an event in, where the person agreed. Whether it came before is the host's to know.
    ///
    /// # Errors
    /// The first rule that the event breaks.
    pub fn observe<S: Surroundings>(&mut self, surroundings: &S, raw: RawInteraction) -> Result<Observed, Refusal> {
        if raw.user_id.is_some() || raw.receipt.is_some() {
            return Err(Refusal::invalid("invalid-interaction", "user_id and receipt are for the Worker"));
        }
        let target = Target { target_id: raw.target_id.as_deref(), target_type: raw.target_type.as_deref() };
        let facts = facts_of(target, &self.domain);
        let pack = &self.domain.pack;
        let rules = TakingRules { pack, now_ms: surroundings.now_ms(), may_import_old: false };
        let zone = time_zone_of(&raw);
        let mut event = validate(raw, facts, &surroundings.fresh_id(), &rules)
            .map_err(|invalid| Refusal::invalid(invalid.code, invalid.detail))?;
        if !self.person.may_track {
            return Ok(Observed { accepted: 0, withheld: 1 });
        }
        resolve_time_zone(surroundings, zone, &mut event);
        let mut kept = self.kept.clone();
        fold(&mut kept.state, &event, pack);
        self.keep(kept);
        Ok(Observed { accepted: 1, withheld: 0 })
    }

    /// Takes feedback: what it says of an item, and what it states of the person.
    ///
    /// # Errors
    /// An unknown type, a missing target or rating.
    pub fn give_feedback<S: Surroundings>(
        &mut self,
        surroundings: &S,
        request: &FeedbackRequest,
    ) -> Result<Observed, Refusal> {
        let words = &self.domain.pack.words;
        let raw = event_of(request, |text| crate::text::sentiment(text, &words.sentiment))?;
        let before = self.kept.clone();
        let observed = self.observe(surroundings, raw)?;
        if let (1, Some(update)) = (observed.accepted, statement_of(request))
            && let Err(refusal) = self.set_preferences(surroundings, update)
        {
            self.set_person(before);
            return Err(refusal);
        }
        Ok(observed)
    }

    /// Changes switches and returns them all.
    ///
    /// # Errors
    /// A value out of range: then nothing changed.
    pub fn change_settings<S: Surroundings>(
        &mut self,
        surroundings: &S,
        update: &SettingsUpdate,
    ) -> Result<Settings, Refusal> {
        let pack = &self.domain.pack;
        let said_at = SaidAt { now_ms: surroundings.now_ms(), has_privacy_signal: surroundings.has_privacy_signal() };
        let settings = apply_settings(&self.kept.settings, update, pack.consent_basis, &pack.retention, said_at)
            .map_err(|invalid| Refusal::invalid("invalid-settings", invalid.0))?;
        let mut kept = DevicePerson { settings, ..self.kept.clone() };
        kept.unit_id.get_or_insert_with(|| surroundings.fresh_id());
        self.keep(kept);
        Ok(self.kept.settings.clone())
    }

    /// States facts and preferences and returns the profile.
    ///
    /// # Errors
    /// `ConsentRequired`; the first field that breaks its rule. Then nothing changed.
    pub fn set_preferences<S: Surroundings>(
        &mut self,
        surroundings: &S,
        update: PreferencesUpdate,
    ) -> Result<ProfileView, Refusal> {
        if !self.person.allowed.personalization {
            return Err(Refusal::consent_required());
        }
        let stated = apply_preferences(&self.kept.stated, update, &self.domain.pack)
            .map_err(|invalid| Refusal::invalid("invalid-preferences", invalid.0))?;
        self.keep(DevicePerson { stated, ..self.kept.clone() });
        Ok(self.profile(surroundings))
    }

    /// The profile as far as it may be read.
    pub fn profile<S: Surroundings>(&self, surroundings: &S) -> ProfileView {
        let Device { readable, kept, .. } = self;
        let pack = &self.domain.pack;
        let mut shown = view(NOBODY, &readable.state, &readable.stated, pack, kept.revision, surroundings.now_ms());
        if !self.person.allowed.personalization {
            shown.personalization = Personalization::None;
        }
        shown
    }

    /// Everything that is kept of the person, as JSON. It needs no consent: it is theirs.
    pub fn export(&self) -> String {
        write_json(&self.kept)
    }

    fn keep(&mut self, kept: DevicePerson) {
        let revision = kept.revision + 1;
        self.set_person(DevicePerson { revision, ..kept });
    }
}
