//! A test as an admin writes it, as the store keeps it, and the set of all of an environment, which is what is served.
//! Whether it makes sense is `definitions`; how it assigns is `live`.

use nearside_json::{RawJson, Read};
use serde::Serialize;

use crate::experiments::{Allocation, Hashing, KeptRanges};
use crate::types::{Condition, Environment, EventKind, TimeMs, UnitKind, parse_rfc3339};

/// What an admin says of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct Definition {
    /// What is tested.
    pub description: String,
    /// What is expected, and why.
    pub hypothesis: String,
    /// RFC 3339; nobody takes part before.
    pub start_date: Option<String>,
    /// RFC 3339; nobody takes part from here on.
    pub end_date: Option<String>,
    /// The pack whose items count; None counts all.
    pub pack: Option<String>,
    /// The pack's framing that the variants show; None for a test that others read, over OFREP for instance.
    pub framing: Option<String>,
    /// 2 to 10, the first is the control.
    pub variants: Vec<TestVariant>,
    /// Whose id is hashed.
    pub unit: UnitKind,
    /// How it is hashed.
    pub hash: Hashing,
    /// Who may take part; everybody without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eligibility: Option<Condition>,
    /// The share of those that does, in per cent.
    pub traffic_percentage: f64,
    /// Tests of one layer exclude each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<LayerRange>,
    /// False touches those who are held out, too.
    pub in_holdout: bool,
    /// The metric that decides.
    pub success_metric: String,
    /// Metrics beside the built-in ones.
    pub metrics: Vec<Metric>,
    /// Metrics that must not get worse.
    pub guardrails: Vec<Guardrail>,
    /// What results are split by, at most three.
    pub segments: Vec<Segment>,
    /// An outcome counts until so many days after the exposure.
    pub window_days: u16,
    /// `accepted_before` or `interactions_before`: what CUPED corrects by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covariate: Option<String>,
    /// Exposed units of every variant before a verdict.
    pub minimum_sample_size: u32,
    /// The rate of false alarms that is accepted.
    pub alpha: f64,
    /// Whether an interaction that comes without a receipt exposes, where it is certain what was shown (`hash_is_shown`);
    /// None: where the test has a framing. True says of a test on people, too, that no client carries tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count_without_receipt: Option<bool>,
    /// Why this change. It goes into the epoch, and is empty in what is kept.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Default for Definition {
    fn default() -> Self {
        Self {
            description: String::new(),
            hypothesis: String::new(),
            start_date: None,
            end_date: None,
            pack: None,
            framing: None,
            variants: Vec::new(),
            unit: UnitKind::User,
            hash: Hashing::default(),
            eligibility: None,
            traffic_percentage: 100.0,
            layer: None,
            in_holdout: true,
            success_metric: "accepted".to_owned(),
            metrics: Vec::new(),
            guardrails: Vec::new(),
            segments: Vec::new(),
            window_days: 14,
            covariate: None,
            minimum_sample_size: 100,
            alpha: 0.05,
            count_without_receipt: None,
            reason: String::new(),
        }
    }
}

impl Definition {
    /// The status of a test at a time, its dates considered.
    pub fn status_at(&self, stored: TestStatus, now_ms: TimeMs) -> TestStatus {
        let has_ended = self.end_date.as_deref().and_then(parse_rfc3339).is_some_and(|end_ms| end_ms <= now_ms);
        if stored == TestStatus::Active && has_ended { TestStatus::Ended } else { stored }
    }

    /// Whether an interaction that comes without a receipt exposes.
    pub fn counts_without_receipt(&self) -> bool {
        self.count_without_receipt.unwrap_or(self.framing.is_some())
    }
}

/// One variant.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields, default)]
pub struct TestVariant {
    /// Unique in its test.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Share of the test's traffic; those of all variants sum to 100.
    pub traffic_percentage: f64,
    /// What OFREP answers with; the name without it.
    pub value: Option<RawJson>,
}

/// The part of a layer that a test has, in per cent.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct LayerRange {
    /// The layer.
    pub name: String,
    /// From.
    pub from: f64,
    /// To below.
    pub to: f64,
}

/// A metric beside the built-in ones.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Unique in its test.
    pub name: String,
    /// How events add up.
    pub kind: MetricKind,
    /// Which events.
    pub events: Vec<EventKind>,
    /// A value counts for no more than this, nor less than its negative.
    #[serde(default)]
    pub cap: Option<f64>,
}

/// How events add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Read)]
#[serde(rename_all = "lowercase")]
pub enum MetricKind {
    /// A unit did it or not.
    Conversion,
    /// The values of its events.
    Value,
}

/// A metric that must not get worse.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Guardrail {
    /// The metric.
    pub metric: String,
    /// Which way is worse.
    pub worse: Worse,
    /// How much worse is no harm yet, as a part of the control's mean, from 0 to below 1; None is 0.05.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
}

/// Which way is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Read)]
#[serde(rename_all = "lowercase")]
pub enum Worse {
    /// More.
    Up,
    /// Less.
    Down,
}

/// What results can be split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Read)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Segment {
    Country,
    DeviceType,
    LifeStage,
    Engagement,
    Personalization,
}

/// Where a test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Read)]
#[serde(rename_all = "UPPERCASE")]
pub enum TestStatus {
    /// Being written.
    #[default]
    Draft,
    /// Assigning, from its start to its end.
    Active,
    /// Past its end date: exposing nobody, while what follows from exposures still counts. It is said, never stored.
    Ended,
    /// Over; its results stay.
    Stopped,
    /// Over, and out of the lists.
    Archived,
}

impl TestStatus {
    /// The name on the wire and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Active => "ACTIVE",
            Self::Ended => "ENDED",
            Self::Stopped => "STOPPED",
            Self::Archived => "ARCHIVED",
        }
    }
}

/// A test as the store and the set's blob keep it: what the admin said, and what the server added.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct StoredTest {
    /// Unique in its environment.
    pub test_name: String,
    /// Where it stands.
    pub status: TestStatus,
    /// Counts its changes from 1.
    pub epoch: u32,
    /// The epoch in which shares last changed: epochs of one stratum are analysed as one.
    pub stratum: u32,
    /// When the epoch opened.
    pub opened_at_ms: TimeMs,
    /// When it first started; None before. From then on its unit, hash, metrics and segments stay.
    #[serde(default)]
    pub started_at_ms: Option<TimeMs>,
    /// When it stopped.
    #[serde(default)]
    pub stopped_at_ms: Option<TimeMs>,
    /// When it was stopped and started again: what happened in between does not count, however late it comes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// Random, so that its groups are nobody else's.
    pub salt: String,
    /// Which hashes see which variant.
    pub allocation: Allocation,
    /// Another engine's buckets, once a change has moved some; before, they are as that engine lays them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranges: Option<KeptRanges>,
    /// What the admin said.
    pub definition: Definition,
}

/// A time between a stop and the next start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// The stop.
    pub from_ms: TimeMs,
    /// The start.
    pub to_ms: TimeMs,
}

impl StoredTest {
    /// Lets it run from now on.
    pub fn start(&mut self, now_ms: TimeMs) {
        self.status = TestStatus::Active;
        self.started_at_ms = self.started_at_ms.or(Some(now_ms));
        let stopped = self.stopped_at_ms.take();
        self.pauses.extend(stopped.map(|from_ms| Pause { from_ms, to_ms: now_ms }));
    }

    /// True where a counted unit of its kind was shown what the hash says, and nothing else, ever since it started: nothing
    /// of it changed since, nobody was kept out of it by who they were or by another test, and nobody took a variant over
    /// from who they were before a login. Only clients know the latter of people; of sessions and devices it is so.
    pub fn hash_is_shown(&self) -> bool {
        let Definition { eligibility, layer, unit, count_without_receipt, .. } = &self.definition;
        self.started_at_ms == Some(self.opened_at_ms)
            && eligibility.is_none()
            && layer.is_none()
            && (*unit != UnitKind::User || *count_without_receipt == Some(true))
    }

    /// True where it was stopped at a time, or is since.
    pub fn was_stopped(&self, at_ms: TimeMs) -> bool {
        self.stopped_at_ms.is_some_and(|stopped| at_ms >= stopped)
            || self.pauses.iter().any(|pause| pause.from_ms <= at_ms && at_ms < pause.to_ms)
    }
}

/// All tests of an environment that are not archived, as they are served: an immutable blob, named by its hash.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct DefinitionSet {
    /// The format's version: 1.
    pub format: u16,
    /// Where.
    pub environment: Environment,
    /// Random, of the environment: layers and holdout derive theirs from it.
    pub salt: String,
    /// The share that is held out of all tests, in per cent.
    pub holdout_percentage: f64,
    /// By name.
    pub tests: Vec<StoredTest>,
}

impl DefinitionSet {
    /// The format that this engine reads.
    pub const FORMAT: u16 = 1;

    /// No test yet.
    pub fn empty(environment: Environment) -> Self {
        Self { format: Self::FORMAT, environment, salt: String::new(), holdout_percentage: 0.0, tests: Vec::new() }
    }

    /// The test of that name.
    pub fn test(&self, name: &str) -> Option<&StoredTest> {
        self.tests.iter().find(|test| test.test_name == name)
    }
}
