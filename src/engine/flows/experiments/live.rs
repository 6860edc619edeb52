//! The tests of an environment as they are live: read by hash, made ready once an isolate, and decided for a unit. The only
//! file that turns our definitions into those of the room `experiments`.

use std::rc::Rc;

use super::definition::{DefinitionSet, StoredTest, TestStatus};
use crate::experiments::{
    self as room, Asker, Assignments, Experiment, Hashing, Holdout, LayerSlot, Plan, Reason, Status, Variant,
};
use crate::flows::Host;
use crate::flows::domain::read_verified;
use crate::flows::refusal::Refusal;
use crate::ports::{Experiments, Pointers};
use crate::types::{DecidedReason, DecidedTest, Environment, Facts, TimeMs, Unit, UnitKind, parse_rfc3339};
use nearside_json::read_json;

/// Sets kept at once: two environments, and the one before of each.
const KEPT: usize = 4;

/// The sets of an isolate, the latest last.
#[derive(Debug, Default)]
pub(in crate::flows) struct ExperimentsCache {
    kept: Vec<Rc<LiveExperiments>>,
}

/// The tests of an environment, ready to be decided.
#[derive(Debug)]
pub(in crate::flows) struct LiveExperiments {
    /// The hash of the set's blob; empty where there is none.
    pub(in crate::flows) version: String,
    /// The definitions.
    pub(in crate::flows) set: DefinitionSet,
    plan: Plan,
    /// The same without a holdout, for tests that touch everybody.
    open: Option<Plan>,
}

/// The ids of who asks.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::flows) struct Ids<'a> {
    /// The person.
    pub(in crate::flows) user: Option<&'a str>,
    /// The session.
    pub(in crate::flows) session: Option<&'a str>,
    /// The device.
    pub(in crate::flows) device: Option<&'a str>,
}

impl<'a> Ids<'a> {
    /// The id of a kind.
    pub(in crate::flows) fn of(self, kind: UnitKind) -> Option<&'a str> {
        match kind {
            UnitKind::User => self.user,
            UnitKind::Session => self.session,
            UnitKind::Device => self.device,
        }
    }
}

/// What was decided on one test.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct Decided<'a> {
    /// The test.
    pub(in crate::flows) test: &'a StoredTest,
    /// The index of the variant to show.
    pub(in crate::flows) variant: u8,
    /// Its name.
    pub(in crate::flows) variant_name: &'a str,
    /// The epoch to count it in.
    pub(in crate::flows) epoch: u32,
    /// Why. What is known already is `Recorded` here; where it was known from, the caller knows.
    pub(in crate::flows) reason: DecidedReason,
}

/// Returns the live tests of an environment.
///
/// # Errors
/// `Unavailable` where there are some and they cannot be read.
pub(in crate::flows) async fn live_experiments<H: Host>(
    host: &H,
    environment: Environment,
    pointers: &Pointers,
) -> Result<Rc<LiveExperiments>, Refusal> {
    let pointer = pointers.get(pointer_name(environment).as_str()).filter(|hash| !hash.is_empty());
    let version = pointer.map(String::as_str).unwrap_or_default();
    let wanted = |live: &LiveExperiments| live.version == version && live.set.environment == environment;
    if let Some(live) = kept(host, wanted) {
        return Ok(live);
    }
    let set = match pointer {
        None => DefinitionSet::empty(environment),
        Some(hash) => {
            match read_verified(host, "experiments", hash).await.and_then(|bytes| parsed(&bytes, environment)) {
                Some(set) => set,
                // The blob is on its way; the tables are the truth.
                None => {
                    let json = Experiments::definition_set(host, environment).await?;
                    parsed(json.as_bytes(), environment).ok_or_else(unreadable)?
                }
            }
        }
    };
    let live = Rc::new(LiveExperiments::new(version.to_owned(), set));
    let mut cache = host.domains().borrow_mut();
    if cache.experiments.kept.len() >= KEPT {
        cache.experiments.kept.remove(0);
    }
    cache.experiments.kept.push(Rc::clone(&live));
    Ok(live)
}

/// The tests of an environment as this isolate last saw them, for answers that must not wait for a store.
pub(super) fn last_experiments<H: Host>(host: &H, environment: Environment) -> Option<Rc<LiveExperiments>> {
    kept(host, |live| live.set.environment == environment)
}

/// The pointer that names an environment's set.
pub(in crate::flows) fn pointer_name(environment: Environment) -> String {
    ["experiments/", environment.name()].concat()
}

fn kept<H: Host>(host: &H, wanted: impl Fn(&LiveExperiments) -> bool) -> Option<Rc<LiveExperiments>> {
    host.domains().borrow().experiments.kept.iter().rev().find(|live| wanted(live)).cloned()
}

/// Reads a set of this environment and of a format that this engine knows.
pub(in crate::flows) fn parsed(bytes: &[u8], environment: Environment) -> Option<DefinitionSet> {
    let set: DefinitionSet = read_json(bytes).ok()?;
    (set.format == DefinitionSet::FORMAT && set.environment == environment).then_some(set)
}

fn unreadable() -> Refusal {
    crate::ports::Unavailable { store: "d1", reason: "the tests do not read" }.into()
}

impl LiveExperiments {
    /// Makes a set ready.
    pub(in crate::flows) fn new(version: String, set: DefinitionSet) -> Self {
        let experiments: Vec<Experiment> = set.tests.iter().map(|test| experiment_of(&set, test)).collect();
        let environment = set.environment.name();
        let holdout = Holdout { share: set.holdout_percentage / 100.0, salt: set.salt.clone() };
        let is_open = holdout.share > 0.0 && set.tests.iter().any(|test| !test.definition.in_holdout);
        let plan = Plan::new(environment, &holdout, &experiments);
        let open = is_open.then(|| Plan::new(environment, &Holdout::default(), &experiments));
        Self { version, set, plan, open }
    }

    /// The definition of a test.
    pub(in crate::flows) fn definition(&self, name: &str) -> Option<&StoredTest> {
        self.set.test(name)
    }

    /// The test with that number in tokens and receipts, and the number's name of a variant.
    pub(in crate::flows) fn with_id(&self, id: u64) -> Option<&StoredTest> {
        self.plan.with_id(id).and_then(|test| self.set.test(&test.name))
    }

    /// True where a unit is held out of a test now.
    pub(super) fn is_held_out(&self, test: &StoredTest, unit: &Unit) -> bool {
        test.definition.in_holdout && room::is_held_out(&self.plan, &unit.id)
    }

    /// True where another running test of a test's layer is among the assignments.
    pub(super) fn has_other_of_layer(&self, test: u64, known: &Assignments, now_ms: TimeMs) -> bool {
        let Some(test) = self.with_id(test) else { return false };
        let is_known = |other: &StoredTest| known.of(other.id(self.set.environment)).is_some();
        self.set.tests.iter().any(|other| other.excludes(test, now_ms) && is_known(other))
    }

    /// Decides every test, in the order of their names. `known` is what is recorded or carried.
    pub(in crate::flows) fn decide<F: Facts>(
        &self,
        ids: Ids<'_>,
        facts: &F,
        known: &Assignments,
        now_ms: TimeMs,
    ) -> Vec<Decided<'_>> {
        let asker =
            Asker { user: ids.user, session: ids.session, device: ids.device, facts, assignments: known, now_ms };
        let verdicts = room::decide_all(&self.plan, &asker).into_iter();
        verdicts.filter_map(|verdict| self.decided(verdict, &asker)).collect()
    }

    /// Decides one test.
    pub(in crate::flows) fn decide_one<F: Facts>(
        &self,
        name: &str,
        ids: Ids<'_>,
        facts: &F,
        known: &Assignments,
        now_ms: TimeMs,
    ) -> Option<Decided<'_>> {
        let asker =
            Asker { user: ids.user, session: ids.session, device: ids.device, facts, assignments: known, now_ms };
        self.decided(room::decide(&self.plan, self.plan.index_of(name)?, &asker)?, &asker)
    }

    fn decided<F: Facts>(&self, verdict: room::Verdict, asker: &Asker<'_, F>) -> Option<Decided<'_>> {
        let planned = self.plan.tests().get(verdict.test)?;
        let test = self.set.test(&planned.name)?;
        let mut verdict = verdict;
        if verdict.reason == Reason::HeldOut
            && !test.definition.in_holdout
            && let Some(open) = &self.open
        {
            verdict = room::decide(open, verdict.test, asker)?;
        }
        let variant = test.definition.variants.get(usize::from(verdict.variant))?;
        let reason = reason_of(verdict.reason, test, asker.now_ms);
        Some(Decided {
            test,
            variant: verdict.variant,
            variant_name: &variant.name,
            epoch: u32::from(verdict.epoch),
            reason,
        })
    }
}

impl Decided<'_> {
    /// What an answer names.
    pub(in crate::flows) fn named(&self) -> DecidedTest {
        DecidedTest {
            test_name: self.test.test_name.clone(),
            variant: self.variant_name.to_owned(),
            epoch: self.epoch,
            reason: self.reason,
        }
    }

    /// True when the test runs for a pack, and has a unit to assign.
    pub(in crate::flows) fn runs_for(&self, pack: &str, now_ms: TimeMs) -> bool {
        self.test.is_running(now_ms)
            && self.reason != DecidedReason::NoUnit
            && self.test.definition.pack.as_ref().is_none_or(|own| own == pack)
    }
}

impl StoredTest {
    /// Its number in tokens and receipts.
    pub(in crate::flows) fn id(&self, environment: Environment) -> u64 {
        room::id_of_test(environment.name(), &self.test_name)
    }

    /// The index of a variant.
    pub(in crate::flows) fn variant_index(&self, name: &str) -> Option<u8> {
        let index = self.definition.variants.iter().position(|variant| variant.name == name)?;
        u8::try_from(index).ok()
    }

    /// True when it is another test of the same layer, and runs: then it keeps its units for itself.
    pub(super) fn excludes(&self, other: &Self, now_ms: TimeMs) -> bool {
        let (Some(own), Some(layer)) = (&self.definition.layer, &other.definition.layer) else { return false };
        own.name == layer.name && self.test_name != other.test_name && self.is_running(now_ms)
    }

    /// True when it assigns at a time.
    pub(in crate::flows) fn is_running(&self, now_ms: TimeMs) -> bool {
        self.status == TestStatus::Active && self.is_within_dates(now_ms)
    }

    /// True when it assigned at a time that may be past.
    pub(super) fn was_running(&self, at_ms: TimeMs) -> bool {
        self.started_at_ms.is_some_and(|started| started <= at_ms)
            && !self.was_stopped(at_ms)
            && self.is_within_dates(at_ms)
    }

    fn is_within_dates(&self, at_ms: TimeMs) -> bool {
        let definition = &self.definition;
        time_of(&definition.start_date).is_none_or(|start_ms| start_ms <= at_ms)
            && time_of(&definition.end_date).is_none_or(|end_ms| at_ms < end_ms)
    }
}

fn reason_of(reason: Reason, test: &StoredTest, now_ms: TimeMs) -> DecidedReason {
    match reason {
        Reason::Inactive if test.status == TestStatus::Active => {
            let is_early = time_of(&test.definition.start_date).is_some_and(|start_ms| now_ms < start_ms);
            if is_early { DecidedReason::NotStarted } else { DecidedReason::Ended }
        }
        Reason::Inactive => DecidedReason::Inactive,
        Reason::NoUnit => DecidedReason::NoUnit,
        Reason::HeldOut => DecidedReason::Holdout,
        Reason::Ineligible => DecidedReason::NotEligible,
        Reason::KeptIneligible | Reason::Existing => DecidedReason::Recorded,
        Reason::OtherOfLayer => DecidedReason::OtherLayer,
        Reason::NotCovered => DecidedReason::NotInTraffic,
        Reason::Assigned => DecidedReason::Hash,
    }
}

fn time_of(text: &Option<String>) -> Option<TimeMs> {
    text.as_deref().and_then(parse_rfc3339)
}

/// How a test hashes now: as it was written, and with the buckets that changes have moved.
fn hashing_of(test: &StoredTest) -> Hashing {
    let mut hashing = test.definition.hash.clone();
    if let Some(kept) = &test.ranges {
        hashing.ranges.clone_from(&kept.taking_part);
    }
    hashing
}

/// Returns a test as the room `experiments` knows it.
pub(in crate::flows) fn experiment_of(set: &DefinitionSet, test: &StoredTest) -> Experiment {
    let definition = &test.definition;
    let variants = definition.variants.iter().map(|variant| Variant {
        name: variant.name.clone(),
        description: variant.description.clone(),
        traffic_percentage: variant.traffic_percentage,
    });
    Experiment {
        test_name: test.test_name.clone(),
        environment: set.environment.name().to_owned(),
        epoch: u16::try_from(test.epoch).unwrap_or(u16::MAX),
        description: definition.description.clone(),
        hypothesis: definition.hypothesis.clone(),
        status: match test.status {
            TestStatus::Draft => Status::Draft,
            TestStatus::Active => Status::Running,
            TestStatus::Ended | TestStatus::Stopped => Status::Stopped,
            TestStatus::Archived => Status::Archived,
        },
        start_at_ms: time_of(&definition.start_date),
        end_at_ms: time_of(&definition.end_date),
        unit: match definition.unit {
            UnitKind::User => room::UnitKind::User,
            UnitKind::Session => room::UnitKind::Session,
            UnitKind::Device => room::UnitKind::Device,
        },
        hashing: hashing_of(test),
        salt: Some(test.salt.clone()),
        variants: variants.collect(),
        coverage: definition.traffic_percentage / 100.0,
        allocation: Some(test.allocation.clone()),
        layer: definition.layer.as_ref().map(|layer| LayerSlot {
            // The environment's own chance is in the layer's name, which is its salt.
            name: [&set.salt, "/", &layer.name].concat(),
            from: layer.from / 100.0,
            to: layer.to / 100.0,
        }),
        eligibility: definition.eligibility.clone(),
        success_metric: definition.success_metric.clone(),
        minimum_sample_size: definition.minimum_sample_size,
    }
}
