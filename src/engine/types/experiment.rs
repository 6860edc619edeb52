//! Nouns of experiments: environments, units, assignments, what a decision names and what a receipt says.
//! How a unit is assigned is `experiments`, what is counted is `flows/experiments`.

use nearside_json::Read;
use serde::Serialize;

use super::time::TimeMs;

/// What is kept apart: keys, salts, definitions and counts of one are unknown to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Read)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// People.
    #[default]
    Production,
    /// Whoever tries something out.
    Test,
}

impl Environment {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Production, Self::Test];

    /// The name on the wire and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|environment| environment.name() == name)
    }
}

/// Whose id is hashed and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Read)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// The person.
    #[default]
    User,
    /// The session.
    Session,
    /// The device.
    Device,
}

impl UnitKind {
    /// The name on the wire and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Session => "session",
            Self::Device => "device",
        }
    }
}

/// One unit: a kind and an id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unit {
    /// The kind.
    pub kind: UnitKind,
    /// A person's id, or what the client calls a session or a device.
    pub id: String,
}

/// A recorded assignment, which is an exposure too: it is written on first use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Who.
    pub unit: Unit,
    /// Where.
    pub environment: Environment,
    /// Of which test.
    pub test_name: String,
    /// To which variant.
    pub variant: String,
    /// The epoch of the first exposure, which is where it is counted.
    pub epoch: u32,
    /// When the unit was first exposed.
    pub assigned_at_ms: TimeMs,
    /// A tester: shown, never counted.
    pub is_forced: bool,
    /// The anonymous unit that this one goes on; outcomes are that one's.
    pub counts_as: Option<String>,
}

/// Why a unit sees a variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedReason {
    /// Its hash says so.
    Hash,
    /// It was recorded before.
    Recorded,
    /// A token of its own says so.
    Token,
    /// A tester.
    Forced,
    /// A token of the anonymous unit that it was says so.
    Merged,
    /// The test does not run: CONTROL, as below.
    Inactive,
    /// Its start is to come.
    NotStarted,
    /// It has ended.
    Ended,
    /// The request names no unit of the test's kind.
    NoUnit,
    /// The condition does not hold.
    NotEligible,
    /// Not among the share that takes part.
    NotInTraffic,
    /// Another test of the layer has the unit.
    OtherLayer,
    /// Held out of all tests.
    Holdout,
    /// The person did not agree to experiments.
    NoConsent,
    /// What is needed to say it did not answer.
    Degraded,
}

impl DecidedReason {
    /// True when the unit takes part, so that what it sees and does counts. A merged one counts as the unit it was.
    pub fn is_counted(self) -> bool {
        matches!(self, Self::Hash | Self::Recorded | Self::Token | Self::Merged)
    }
}

/// One test in a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecidedTest {
    /// The test.
    pub test_name: String,
    /// The variant that the answer shows.
    pub variant: String,
    /// The epoch that it is counted in.
    pub epoch: u32,
    /// Why.
    pub reason: DecidedReason,
}

/// What a verified receipt said of the decision that an event follows from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
pub struct ReceiptFacts {
    /// When it was decided.
    pub decided_at_ms: TimeMs,
    /// Where.
    pub environment: Environment,
    /// The tests that the decision applied, as the unit saw them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<ReceiptTest>,
    /// What the person had taken up until then, to 50; None in receipts of before this was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_before: Option<u8>,
    /// What the person had done at all, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interactions_before: Option<u8>,
    /// With what probability the item stood where it stood, above 0 to 1; None where the event names no item of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propensity: Option<f64>,
    /// The model that ranked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_version: Option<String>,
    /// True where it was decided for another session or device than the event names: what it says of their tests is left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_of_another: bool,
    /// True where it is of a token, not of a receipt: the unit's assignments, of which the earliest was made at
    /// `decided_at_ms`, and nothing of a decision.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_carried: bool,
    /// True where one came and did not verify: then nothing else is said.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
}

/// One test of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Read)]
pub struct ReceiptTest {
    /// The test.
    pub test_name: String,
    /// What was shown.
    pub variant: String,
    /// The epoch it was decided in.
    pub epoch: u32,
    /// The anonymous unit that the variant was taken over from, when it was not seen under this one's name yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts_as: Option<String>,
    /// True where the client carried another variant than the recorded one, which was shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_conflict: bool,
}

/// What became of what was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the product's words")]
pub enum OutcomeKind {
    Viewed,
    Accepted,
    Dismissed,
    Ignored,
    Completed,
}

impl OutcomeKind {
    /// The name on the wire and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewed => "VIEWED",
            Self::Accepted => "ACCEPTED",
            Self::Dismissed => "DISMISSED",
            Self::Ignored => "IGNORED",
            Self::Completed => "COMPLETED",
        }
    }

    /// The metric that counts it.
    pub fn metric(self) -> &'static str {
        match self {
            Self::Viewed => "viewed",
            Self::Accepted => "accepted",
            Self::Dismissed => "dismissed",
            Self::Ignored => "ignored",
            Self::Completed => "completed",
        }
    }
}
