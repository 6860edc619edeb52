//! Counting beside the log: reads what a batch of events needs to know of experiments, and asks `counting` for each person.

use std::rc::Rc;

use super::counting::{Live, counted};
use super::definition::StoredTest;
use super::happened::{AskedExposure, CountedPerson, Happened, StatedOutcome, unit_of};
use super::known_facts::{KnownFacts, done_before};
use super::live::{Ids, LiveExperiments, live_experiments, pointer_name};
use super::standing::{Standing, recorded};
use crate::flows::Host;
use crate::flows::apply::{Packs, PersonEvents};
use crate::flows::refusal::Refusal;
use crate::pack::{Basis, Pack};
use crate::ports::{ExperimentWrite, Experiments, PersonRecord, Pointers};
use crate::privacy::allowed;
use crate::profile::{ProfileState, country_of, derive_behaviour, life_stage_of, redact_state, redact_stated};
use crate::types::{Allowed, Assignment, Environment, Interaction, SortedSet, Stated, Unit, UnitKind};

/// What a batch needs to know of experiments. Without a test that ever started it knows nothing and costs nothing.
pub(in crate::flows) struct Counter {
    lives: Vec<Rc<LiveExperiments>>,
    /// What is recorded of the devices, the sessions and the people before a login that the batch names.
    of_units: Vec<Assignment>,
}

/// What is new of a person.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct Fresh<'a> {
    /// Events that the log does not hold.
    pub(in crate::flows) events: &'a [Interaction],
    /// Variants that were given out.
    pub(in crate::flows) asked: &'a [AskedExposure],
    /// Outcomes that are not known.
    pub(in crate::flows) outcomes: &'a [StatedOutcome],
}

impl Counter {
    /// Reads the live tests of the environments that a batch names, and what is recorded of its devices and sessions.
    ///
    /// # Errors
    /// `Unavailable` where there are tests and they cannot be read: the events are to come again, or a count is lost.
    pub(in crate::flows) async fn read<H: Host>(
        host: &H,
        batch: &[PersonEvents],
        pointers: &Pointers,
    ) -> Result<Self, Refusal> {
        let mut counter = Self { lives: Vec::new(), of_units: Vec::new() };
        for environment in Environment::ALL {
            let is_named = batch.iter().any(|person| names(person, environment));
            if !is_named || !pointers.contains_key(&pointer_name(environment)) {
                continue;
            }
            let live = live_experiments(host, environment, pointers).await?;
            if live.set.tests.iter().all(|test| test.started_at_ms.is_none()) {
                continue;
            }
            let units = units_of(&live, batch, environment);
            if let Some(first) = batch.first().filter(|_| !units.is_empty()) {
                counter.of_units.extend(Experiments::assignments(host, first.scope, environment, &units).await?);
            }
            counter.lives.push(live);
        }
        Ok(counter)
    }

    /// The packs that tests name.
    pub(in crate::flows) fn packs(&self) -> impl Iterator<Item = &String> {
        let tests = self.lives.iter().flat_map(|live| &live.set.tests);
        tests.filter_map(|test| test.definition.pack.as_ref())
    }

    /// The pack whose consent a test goes by; None is the default one.
    pub(in crate::flows) fn pack_of(&self, environment: Environment, test_name: &str) -> Option<&String> {
        let live = self.lives.iter().find(|live| live.set.environment == environment)?;
        live.definition(test_name)?.definition.pack.as_ref()
    }

    /// Returns what a person's new events add. `state` is that before them.
    pub(in crate::flows) fn count(
        &self,
        person: &PersonEvents,
        record: &PersonRecord,
        fresh: Fresh<'_>,
        state: &ProfileState,
        packs: &Packs,
    ) -> ExperimentWrite {
        let mut write = ExperimentWrite::default();
        let (settings, pack) = (&record.settings, packs.first());
        // Whoever takes part in the tests of some pack; in which, is asked below.
        let may = allowed(settings, Basis::OptOut, true);
        if self.lives.is_empty() || !may.experiments {
            return write;
        }
        let state = redact_state(state.clone(), may);
        let stated = redact_stated(record.stated.clone(), pack, may);
        let known = self.person(person, record, (&state, &stated), pack, may);
        for live in &self.lives {
            let environment = live.set.environment;
            let is_here = |event: &&Interaction| event.environment.unwrap_or_default() == environment;
            let events: Vec<&Interaction> = fresh.events.iter().filter(is_here).collect();
            let standing = Standing::of_rows(live, known.assignments.clone());
            let would_assign = |name: &str, event: &Interaction| {
                let (context, now_ms) = (&event.context, event.occurred_at_ms);
                let facts = KnownFacts { pack, context, stated: &stated, state: &state, allowed: may, now_ms };
                let ids = Ids {
                    user: Some(&known.user),
                    session: event.session_id.as_deref(),
                    device: event.device_id.as_deref(),
                };
                let stood = standing.decide_one(live, name, ids, &facts, now_ms)?;
                stood.is_counted().then(|| stood.decided.variant_name.to_owned())
            };
            // Events are here because their own pack's basis covers them; a test that names a pack is of that one.
            let is_covered = |pack: &String| allowed(settings, packs.get(pack).consent_basis, true).experiments;
            let takes_part = |test: &StoredTest, unit: &Unit| {
                test.definition.pack.as_ref().is_none_or(is_covered) && !live.is_held_out(test, unit)
            };
            let asks = Live { would_assign: &would_assign, takes_part: &takes_part };
            let happened = Happened { events: &events, asked: fresh.asked, outcomes: fresh.outcomes };
            let of_here = counted(environment, &live.set.tests, &known, happened, asks);
            write.exposures.extend(of_here.exposures);
            write.outcomes.extend(of_here.outcomes);
            write.totals.extend(of_here.totals);
            write.health.extend(of_here.health);
        }
        write
    }

    fn person<'p>(
        &self,
        person: &PersonEvents,
        record: &PersonRecord,
        (state, stated): (&ProfileState, &Stated),
        pack: &'p Pack,
        may: Allowed,
    ) -> CountedPerson<'p> {
        let user = person.scope.user();
        let mut assignments = recorded(user, record.assignments_json.as_deref());
        assignments.extend(self.of_units.iter().cloned());
        let behaviour = (state.events > 0).then(|| derive_behaviour(state, pack, person.received_at_ms));
        CountedPerson {
            received_at_ms: person.received_at_ms,
            erased_at_ms: record.erased_at_ms,
            pack,
            user: user.to_string(),
            assignments,
            before: done_before(state),
            life_stage: life_stage_of(stated, pack).map(str::to_owned),
            engagement: behaviour.map(|behaviour| behaviour.engagement.name()),
            country: country_of(stated.country.as_deref(), pack).map(str::to_owned),
            may_read_location: may.location,
        }
    }
}

fn names(person: &PersonEvents, environment: Environment) -> bool {
    person.events.iter().any(|event| event.environment.unwrap_or_default() == environment)
        || person.asked.iter().any(|asked| asked.environment == environment)
        || person.outcomes.iter().any(|outcome| outcome.environment == environment)
}

/// The devices and sessions that a batch names, where a test assigns such units, and the people that somebody was before a
/// login.
fn units_of(live: &LiveExperiments, batch: &[PersonEvents], environment: Environment) -> Vec<Unit> {
    let kinds = [UnitKind::Session, UnitKind::Device];
    let has_test = |kind: &UnitKind| {
        live.set.tests.iter().any(|test| test.definition.unit == *kind && test.started_at_ms.is_some())
    };
    let mut units = SortedSet::new();
    for kind in kinds.into_iter().filter(has_test) {
        for person in batch {
            let of_events = person.events.iter().filter_map(|event| unit_of(kind, "", event));
            let asked = person.asked.iter().filter(|asked| asked.environment == environment).map(|asked| &asked.unit);
            let stated = person.outcomes.iter().map(|outcome| &outcome.unit);
            for unit in of_events.chain(asked.chain(stated).filter(|unit| unit.kind == kind).cloned()) {
                units.insert(unit);
            }
        }
    }
    let user = |before: Option<&String>| Some(Unit { kind: UnitKind::User, id: before?.clone() });
    for person in batch {
        let of_receipts = person.events.iter().filter_map(|event| event.receipt.as_ref());
        for named in of_receipts.flat_map(|receipt| &receipt.tests) {
            units.extend(user(named.counts_as.as_ref()));
        }
        for asked in &person.asked {
            units.extend(user(asked.counts_as.as_ref()));
        }
    }
    units.into_iter().collect()
}
