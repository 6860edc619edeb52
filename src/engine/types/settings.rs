//! What a person allows. The verdicts over it are in `privacy`.

use nearside_json::Read;
use serde::Serialize;

use super::time::TimeMs;

/// The purposes that a field, an event type or a feature can need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Learning from what the person does.
    Behavioral,
    /// Age, income and what follows from them.
    Demographics,
    /// Country and place.
    Location,
    /// Taking part in experiments.
    Experiments,
    /// Facts that come from others.
    ThirdParty,
    /// Letting data leave for export, training, popularity, neighbours and counts.
    Sharing,
}

/// A person's switches, as GET and POST /settings show them.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The master switch. None: never asked; the pack's basis decides.
    pub personalization_enabled: Option<bool>,
    /// True where the yes came with the privacy signal (`Sec-GPC: 1`): it then holds under the signal, too. Absent is false.
    #[serde(skip_serializing_if = "is_false")]
    pub consented_under_signal: bool,
    /// Purpose.
    pub behavioral: bool,
    /// Purpose.
    pub demographics: bool,
    /// Purpose.
    pub location: bool,
    /// Purpose.
    pub experiments: bool,
    /// Purpose.
    pub third_party: bool,
    /// May this person's data leave for export, training, popularity, neighbours and counts?
    pub data_sharing_consent: bool,
    /// Aggregates only: nothing individual is tracked or read.
    pub privacy_mode: bool,
    /// How long interactions are kept; never longer than the pack says.
    pub retention_days: Option<u16>,
    /// The aggregates' retention; never longer than the pack says.
    pub aggregate_retention_days: Option<u16>,
    /// Exports carry a keyed hash in place of the user id.
    pub hash_user_id: bool,
    /// Counts that this person is in are shown only above the group limit.
    pub aggregate_small_groups: bool,
    /// Server time of the last moment at which tracking became allowed; late messages from before it change nothing.
    #[serde(skip_serializing)]
    pub tracking_since_ms: TimeMs,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Default for Settings {
    /// What holds for a person who was never asked. Under `opt_in` the open master switch keeps everything off.
    fn default() -> Self {
        Self {
            personalization_enabled: None,
            consented_under_signal: false,
            behavioral: true,
            demographics: true,
            location: true,
            experiments: true,
            third_party: false,
            data_sharing_consent: false,
            privacy_mode: false,
            retention_days: None,
            aggregate_retention_days: None,
            hash_user_id: true,
            aggregate_small_groups: true,
            tracking_since_ms: 0,
        }
    }
}

/// What the settings, the pack's basis and the global switch allow at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allowed {
    /// Anything personal at all. When false, so is every field below.
    pub personalization: bool,
    /// Learning from, and reading, what the person did.
    pub behavioral: bool,
    /// Reading age, income and what follows.
    pub demographics: bool,
    /// Reading country and place of the profile.
    pub location: bool,
    /// Experiments.
    pub experiments: bool,
    /// Facts from others.
    pub third_party: bool,
    /// Leaving for export, training and counts.
    pub sharing: bool,
}
