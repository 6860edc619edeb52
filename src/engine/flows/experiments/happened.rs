//! What is counted: events with what was given out and reported beside them, and whose they are.

use crate::pack::Pack;
use crate::ports::ExposureSource;
use crate::types::{Assignment, Context, Environment, EventKind, Interaction, OutcomeKind, TimeMs, Unit, UnitKind};

/// A variant that a flow gave out at the point of use.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedExposure {
    /// Where.
    pub environment: Environment,
    /// The test.
    pub test_name: String,
    /// Who.
    pub unit: Unit,
    /// What was given out.
    pub variant: String,
    /// In which epoch.
    pub epoch: u32,
    /// When.
    pub at_ms: TimeMs,
    /// `Asked`, or `Merged` with the unit it goes on.
    pub source: ExposureSource,
    /// The unit before the login.
    pub counts_as: Option<String>,
    /// The situation it was asked in.
    pub context: Context,
}

/// An outcome that a client reported by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedOutcome {
    /// Where.
    pub environment: Environment,
    /// The test.
    pub test_name: String,
    /// Unique for the person.
    pub id: String,
    /// Whose.
    pub unit: Unit,
    /// What.
    pub outcome: OutcomeKind,
    /// Of which item.
    pub recommendation_id: Option<String>,
    /// A metric of the test's own that it adds to, with its value.
    pub metric: Option<(String, f64)>,
    /// When, as the client says.
    pub occurred_at_ms: TimeMs,
    /// When the decision was made that a verified receipt of the test ties it to.
    pub decided_at_ms: Option<TimeMs>,
    /// True where a receipt came with it that was refused, or was decided for another session or device.
    pub has_bad_receipt: bool,
}

/// What is known of a person before the events.
#[derive(Debug, Clone)]
pub(super) struct CountedPerson<'a> {
    /// When the host took what happened: nothing happened later, whatever a client's clock says.
    pub(super) received_at_ms: TimeMs,
    /// When the person was last erased: what was decided until then, was decided for nobody who is there.
    pub(super) erased_at_ms: Option<TimeMs>,
    /// The pack that knows the names of countries.
    pub(super) pack: &'a Pack,
    /// The person's id.
    pub(super) user: String,
    /// What is recorded of the person, and of the devices and sessions that the events name.
    pub(super) assignments: Vec<Assignment>,
    /// Items taken up, and events at all, so far: to 50.
    pub(super) before: [u8; 2],
    /// What results are split by, where it is of the person and may be read.
    pub(super) life_stage: Option<String>,
    /// See above.
    pub(super) engagement: Option<&'static str>,
    /// The country that the person stated.
    pub(super) country: Option<String>,
    /// True where the country of an event may be read.
    pub(super) may_read_location: bool,
}

impl CountedPerson<'_> {
    /// True where a decision was made for the person as they are, and not before an erasure.
    pub(super) fn was_there(&self, decided_at_ms: TimeMs) -> bool {
        self.erased_at_ms.is_none_or(|erased| decided_at_ms > erased)
    }
}

/// What happened, of one person: events of one environment, and what came beside them in any.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Happened<'a> {
    /// Events that are new.
    pub(super) events: &'a [&'a Interaction],
    /// Variants that were given out.
    pub(super) asked: &'a [AskedExposure],
    /// Outcomes that are new.
    pub(super) outcomes: &'a [StatedOutcome],
}

/// The kinds of events that are outcomes of what was shown.
pub(super) fn outcome_of(event: &Interaction) -> Option<OutcomeKind> {
    match event.kind {
        EventKind::RecommendationViewed => Some(OutcomeKind::Viewed),
        EventKind::RecommendationAccepted => Some(OutcomeKind::Accepted),
        EventKind::Rsvp | EventKind::Purchased | EventKind::Installed if event.facts.is_item => {
            Some(OutcomeKind::Accepted)
        }
        EventKind::GoalCompleted => Some(OutcomeKind::Completed),
        EventKind::RecommendationDismissed => Some(OutcomeKind::Dismissed),
        _ => None,
    }
}

/// What is known of the moment of something that happened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// The client's word, within what the host knows: no later than it was received, no earlier than the decision that it
    /// follows from.
    pub(super) at_ms: TimeMs,
    /// True where a verified receipt of the test shows that the unit saw its variant before.
    pub(super) follows_receipt: bool,
}

/// The unit of an event; None where the event does not name one of the kind.
pub(super) fn unit_of(kind: UnitKind, user: &str, event: &Interaction) -> Option<Unit> {
    let id = match kind {
        UnitKind::User => user.to_owned(),
        UnitKind::Session => event.session_id.clone()?,
        UnitKind::Device => event.device_id.clone()?,
    };
    Some(Unit { kind, id })
}
