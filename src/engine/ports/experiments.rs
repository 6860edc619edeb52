//! Experiments in the store: definitions with their epochs, recorded assignments, and sums. What they mean is
//! `flows/experiments`.

use super::{Applied, Unavailable};
use crate::types::{AdminScope, Assignment, Environment, OutcomeKind, PersonScope, TimeMs, Unit, UnitKind, UserId};

/// One person's part of a write: what it exposes and counts. Empty where no test is touched.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExperimentWrite {
    /// Units that are exposed now, unless they were before.
    pub exposures: Vec<Exposure>,
    /// Outcomes for the record.
    pub outcomes: Vec<TestOutcome>,
    /// By how much the units' totals change, added up by unit and metric.
    pub totals: Vec<TotalChange>,
    /// What could not be counted.
    pub health: Vec<HealthCount>,
}

/// The first use of a variant by a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    /// Who.
    pub unit: Unit,
    /// Where.
    pub environment: Environment,
    /// The test.
    pub test_name: String,
    /// What was shown.
    pub variant: String,
    /// In which epoch.
    pub epoch: u32,
    /// When.
    pub assigned_at_ms: TimeMs,
    /// How it is known.
    pub source: ExposureSource,
    /// The anonymous unit that this one goes on.
    pub counts_as: Option<String>,
    /// The cells that the unit is counted in: `` (everybody), `country=GB`, …
    pub segments: Vec<String>,
    /// The covariate from before the exposure; 0 without one.
    pub pre: f64,
}

/// How an exposure is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExposureSource {
    /// A receipt came back.
    Receipt,
    /// The variant was asked for.
    Asked,
    /// An interaction with an item of the test's pack.
    Interaction,
    /// A tester, put there by an admin.
    Forced,
    /// A token of the unit before the login.
    Merged,
}

impl ExposureSource {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Asked => "asked",
            Self::Interaction => "interaction",
            Self::Forced => "forced",
            Self::Merged => "merged",
        }
    }
}

/// An outcome, for the record.
#[derive(Debug, Clone, PartialEq)]
pub struct TestOutcome {
    /// The interaction's id, or the client's.
    pub id: String,
    /// Where.
    pub environment: Environment,
    /// The test.
    pub test_name: String,
    /// Whose.
    pub unit: Unit,
    /// Of which item.
    pub recommendation_id: Option<String>,
    /// What.
    pub outcome: OutcomeKind,
    /// When.
    pub occurred_at_ms: TimeMs,
    /// The situation as JSON.
    pub context_json: Option<String>,
}

/// A change of a unit's total.
#[derive(Debug, Clone, PartialEq)]
pub struct TotalChange {
    /// Whose.
    pub unit: Unit,
    /// Where.
    pub environment: Environment,
    /// The test.
    pub test_name: String,
    /// The metric.
    pub metric: String,
    /// The total is 0 or 1, whatever is added.
    pub is_conversion: bool,
    /// What is added.
    pub delta: f64,
    /// Events behind it.
    pub rows: u32,
}

/// Something that could not be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthCount {
    /// Where.
    pub environment: Environment,
    /// The test; empty where none is known.
    pub test_name: String,
    /// What.
    pub name: HealthName,
    /// How often.
    pub count: u32,
}

/// What can go wrong without anybody's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HealthName {
    /// A token or receipt says something else than what is recorded.
    Conflict,
    /// An outcome of a unit that was not exposed before.
    Unexposed,
    /// An outcome past the window, or past the test's end.
    Late,
    /// A receipt that does not verify.
    BadReceipt,
    /// An interaction of somebody not exposed before that brought neither a receipt nor a token that says what was shown.
    NoReceipt,
}

impl HealthName {
    /// The name in tables and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Unexposed => "unexposed",
            Self::Late => "late",
            Self::BadReceipt => "bad_receipt",
            Self::NoReceipt => "no_receipt",
        }
    }
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestAction {
    /// A draft is new.
    Created,
    /// The definition is another one.
    Changed,
    /// It assigns from now on.
    Started,
    /// It assigns no more.
    Stopped,
    /// It leaves the lists.
    Archived,
}

impl TestAction {
    /// The name in tables and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Started => "started",
            Self::Stopped => "stopped",
            Self::Archived => "archived",
        }
    }
}

/// A change of an environment's set of tests.
#[derive(Debug, Clone, PartialEq)]
pub struct TestChange {
    /// Where.
    pub environment: Environment,
    /// The environment's salt, made with its first change and kept.
    pub salt: String,
    /// The share that is held out of all tests from now on, in per cent.
    pub holdout_percentage: f64,
    /// The test that changes; None where the holdout alone does.
    pub test: Option<TestRow>,
    /// Why.
    pub reason: String,
    /// The hash of the set's blob after the change: the pointer's next value.
    pub version: String,
}

/// A test's row, and its next epoch's.
#[derive(Debug, Clone, PartialEq)]
pub struct TestRow {
    /// What happens.
    pub action: TestAction,
    /// The test.
    pub test_name: String,
    /// What is tested.
    pub description: String,
    /// What is expected.
    pub hypothesis: String,
    /// From when; None is open.
    pub start_date: Option<TimeMs>,
    /// Until when; None is open.
    pub end_date: Option<TimeMs>,
    /// `DRAFT`, `ACTIVE`, `STOPPED` or `ARCHIVED`.
    pub status: &'static str,
    /// The variants as JSON.
    pub variants: String,
    /// The metric that decides.
    pub success_metric: String,
    /// Exposed units of every variant before a verdict.
    pub minimum_sample_size: u32,
    /// When it stopped.
    pub stopped_at_ms: Option<TimeMs>,
    /// The epoch that this change opens.
    pub epoch: u32,
    /// The epoch in which shares last changed.
    pub stratum: u32,
    /// Whose id is hashed.
    pub unit: UnitKind,
    /// The test's salt.
    pub salt: String,
    /// The hash's name.
    pub hash_algorithm: &'static str,
    /// The whole as JSON, as the set's blob holds it.
    pub definition: String,
}

/// A tester and the variant to show; None takes it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tester {
    /// Who.
    pub user: UserId,
    /// What.
    pub variant: Option<String>,
}

/// Everything that an analysis reads. It names nobody.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TestStatistics {
    /// The test with its epochs, as `report_tests` says it.
    pub report_json: String,
    /// The sums of every cell.
    pub cells: Vec<StatisticsCell>,
    /// Increments of exposures and of the success metric by day.
    pub days: Vec<DayCell>,
    /// What could not be counted, by name.
    pub health: Vec<(String, u64)>,
}

/// The sums of one cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatisticsCell {
    /// The epoch of exposure.
    pub epoch: u32,
    /// The variant.
    pub variant: String,
    /// The metric; `exposure` counts units.
    pub metric: String,
    /// The segment; empty is everybody.
    pub segment: String,
    /// Distinct units with an event.
    pub units: u64,
    /// Events.
    pub rows: u64,
    /// Sum over units of their totals.
    pub total: f64,
    /// Sum over units of the squares of their totals.
    pub total_squares: f64,
    /// Sum of the covariate.
    pub pre: f64,
    /// Sum of its squares.
    pub pre_squares: f64,
    /// Sum of total times covariate.
    pub total_pre: f64,
}

/// One day's increments of a cell of everybody.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DayCell {
    /// The metric.
    pub metric: String,
    /// Days since 1970, UTC.
    pub day: i32,
    /// The epoch of exposure.
    pub epoch: u32,
    /// The variant.
    pub variant: String,
    /// Units that were new on that day.
    pub units: u64,
    /// What was added to the sum.
    pub total: f64,
    /// What was added to the sum of squares.
    pub total_squares: f64,
}

/// Experiments.
#[expect(async_fn_in_trait, reason = "hosts are single-threaded: no Send bound is wanted")]
pub trait Experiments {
    /// Reads the environment's set as its blob holds it: JSON with holdout, salt and what is not archived, by name. For
    /// isolates whose blob has not arrived.
    async fn definition_set(&self, environment: Environment) -> Result<String, Unavailable>;

    /// Reads status at `now_ms`, definition and epochs of one test, or of all, as JSON; empty where there is no such test.
    async fn report_tests(
        &self,
        scope: AdminScope,
        environment: Environment,
        test: Option<&str>,
        now_ms: TimeMs,
    ) -> Result<String, Unavailable>;

    /// Writes a change where the pointer `experiments/{environment}` still is `expected` (empty: there is none), with
    /// epoch, audit trail and the pointer's next value, all or nothing.
    async fn change_test(
        &self,
        scope: AdminScope,
        change: &TestChange,
        expected: &str,
        at_ms: TimeMs,
    ) -> Result<Applied, Unavailable>;

    /// Sets or takes back what testers see, and logs who did so and why; reports of the test say it.
    async fn force(
        &self,
        scope: AdminScope,
        environment: Environment,
        test: &str,
        testers: &[Tester],
        reason: &str,
        at_ms: TimeMs,
    ) -> Result<(), Unavailable>;

    /// Reads recorded assignments of sessions and devices; those of people come with the person.
    async fn assignments(
        &self,
        scope: PersonScope,
        environment: Environment,
        units: &[Unit],
    ) -> Result<Vec<Assignment>, Unavailable>;

    /// Reads everything that an analysis needs, as many rows as a page of results shows; empty where there is no such
    /// test.
    async fn statistics_of_test(
        &self,
        scope: AdminScope,
        environment: Environment,
        test: &str,
    ) -> Result<TestStatistics, Unavailable>;

    /// Counts what was ignored, and removes rows of tests that were archived long ago. Returns how many rows changed.
    async fn settle_tests(&self, now_ms: TimeMs) -> Result<u32, Unavailable>;
}
