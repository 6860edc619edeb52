//! A variant that is asked for by name, and all of them at once. Asking for one is its use and exposes; asking for all does
//! not. Whatever is down, the answer is a variant: CONTROL.

use std::rc::Rc;

use nearside_json::RawJson;
use serde::Serialize;

use super::chosen::{Carrier, tests_at_hand};
use super::definition::StoredTest;
use super::exposed::expose;
use super::happened::AskedExposure;
use super::known_facts::{KnownFacts, done_before};
use super::live::LiveExperiments;
use super::seals::{Seals, Shown};
use super::standing::{Standing, Stood, recorded, token_of};
use crate::flows::Host;
use crate::flows::domain::{Domain, domain_of, live_domain};
use crate::flows::observe::resolve_context;
use crate::flows::person::{Asker, Person, Readable};
use crate::flows::refusal::Refusal;
use crate::pack::Basis;
use crate::ports::{Experiments, ExposureSource, People};
use crate::types::{Assignment, Context, DecidedReason, Environment, SortedMap, TimeMs, Unit, UnitKind};

/// The situation in which variants are asked for.
#[derive(Debug, Clone, Default)]
pub struct VariantAsk {
    /// The situation.
    pub context: Context,
    /// The session, for tests that assign sessions.
    pub session_id: Option<String>,
    /// The device, for tests that assign devices.
    pub device_id: Option<String>,
    /// What an earlier answer said under seal of the assignments.
    pub experiments_token: Option<String>,
}

/// One test as it is for who asks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantAnswer {
    /// The test.
    pub test_name: String,
    /// What to show.
    pub variant: String,
    /// What the definition gives the variant; null where it gives nothing.
    pub value: Option<RawJson>,
    /// Where.
    pub environment: Environment,
    /// The epoch that it is counted in; null where nothing is known of the test.
    pub epoch: Option<u32>,
    /// Why.
    pub reason: DecidedReason,
    /// True where what follows is counted.
    pub counted: bool,
    /// The assignments under seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiments_token: Option<String>,
}

/// All tests of an environment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VariantAnswers {
    /// Where.
    pub environment: Environment,
    /// By name.
    pub tests: Vec<VariantAnswer>,
    /// The assignments under seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiments_token: Option<String>,
    /// What was decided under seal, to send with the interactions that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// What could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<String>,
}

/// Everything that a decision is made of.
pub(super) struct Desk {
    pub(super) live: Rc<LiveExperiments>,
    carrier: Carrier,
    context: Context,
    /// None where consent could not be read.
    person: Option<(Person, Readable)>,
    standing: Standing,
    seals: Seals,
    domain: Rc<Domain>,
    /// Packs of tests that have one of their own.
    domains: SortedMap<String, Rc<Domain>>,
    now_ms: TimeMs,
}

/// What is read for a decision: all tests, or those of one name.
pub(super) enum Sought {
    /// What it takes.
    Found(Box<Desk>),
    /// The tests cannot be read.
    Unreadable,
}

impl Desk {
    /// Reads what decisions on tests are made of. `name` is the one that is asked for; None is all.
    ///
    /// # Errors
    /// A context or ids of no fit shape.
    pub(super) async fn prepare<H: Host>(
        host: &H,
        asker: &Asker,
        ask: VariantAsk,
        name: Option<&str>,
    ) -> Result<Sought, Refusal> {
        let now_ms = host.now_ms();
        let user = asker.scope.user();
        let carrier = Carrier::new(user, ask.session_id, ask.device_id, ask.experiments_token)?;
        let context = resolve_context(host, ask.context, now_ms)
            .map_err(|invalid| Refusal::invalid("invalid-request", invalid.detail))?;
        let record = People::load(host, asker.scope, &[]).await.ok();
        let Ok((main, _, pointers)) = live_domain(host, None, record.as_ref().map(|record| &record.pointers)).await
        else {
            return Ok(Sought::Unreadable);
        };
        let environment = host.environment();
        let Some(live) = tests_at_hand(host, environment, &pointers, &mut Vec::new()).await else {
            return Ok(Sought::Unreadable);
        };
        let is_asked = |test: &&StoredTest| name.is_none_or(|name| test.test_name == name);
        let mut domains = SortedMap::new();
        for pack in live.set.tests.iter().filter(is_asked).filter_map(|test| test.definition.pack.clone()) {
            if pointers.contains_key(&["pack/", &pack].concat())
                && !domains.contains_key(&pack)
                && let Ok(own) = domain_of(host, &pack, &pointers).await
            {
                domains.insert(pack, own.domain);
            }
        }
        let domain = main.domain;
        let seals = Seals::of(host);
        let mut standing = Standing::default();
        let mut person = None;
        if let Some(record) = record {
            let mut rows = recorded(user, record.assignments_json.as_deref());
            let whose = (user, record.erased_at_ms);
            let known = Person::for_tests(host, record);
            if known.allowed.experiments {
                let kinds: Vec<UnitKind> =
                    live.set.tests.iter().filter(is_asked).map(|test| test.definition.unit).collect();
                rows.extend(rows_of_others(host, asker, &carrier, &kinds).await);
                standing = Standing::new(&live, whose, carrier.ids(), rows, carrier.token.as_deref(), &seals);
            }
            let readable = known.readable(&domain.pack);
            person = Some((known, readable));
        }
        Ok(Sought::Found(Box::new(Self { live, carrier, context, person, standing, seals, domain, domains, now_ms })))
    }

    /// What may be read for a test; None where the person does not take part in those of its pack. One whose pack cannot be
    /// read is for those who said yes.
    fn facts(&self, pack: Option<&String>) -> Option<KnownFacts<'_>> {
        let own = pack.map(|pack| self.domains.get(pack));
        let domain = own.unwrap_or(Some(&self.domain));
        let basis = domain.map_or(Basis::OptIn, |domain| domain.pack.consent_basis);
        let (person, readable) = self.person.as_ref().filter(|(person, _)| person.takes_part(basis))?;
        Some(KnownFacts {
            pack: &domain.unwrap_or(&self.domain).pack,
            context: &self.context,
            stated: &readable.stated,
            state: &readable.state,
            allowed: person.allowed,
            now_ms: self.now_ms,
        })
    }

    /// Decides one test; None where the person takes part in nothing.
    fn decide_one(&self, test: &StoredTest) -> Option<Stood<'_>> {
        let facts = self.facts(test.definition.pack.as_ref())?;
        self.standing.decide_one(&self.live, &test.test_name, self.carrier.ids(), &facts, self.now_ms)
    }

    /// Decides all tests that ever started, in the order of their names: drafts are the admins' own.
    pub(super) fn decide(&self) -> Vec<(&StoredTest, Option<Stood<'_>>)> {
        self.live
            .set
            .tests
            .iter()
            .filter(|test| test.started_at_ms.is_some())
            .map(|test| (test, self.decide_one(test)))
            .collect()
    }

    /// A test's decision, and what is known of the others: a client keeps the latest token, and must lose nothing by it.
    fn known_with<'a>(&'a self, stood: Stood<'a>) -> Vec<Stood<'a>> {
        let test = stood.decided.test;
        let Some(facts) = self.facts(test.definition.pack.as_ref()) else { return vec![stood] };
        let mut all = self.standing.decide(&self.live, self.carrier.ids(), &facts, self.now_ms);
        all.retain(|other| {
            other.decided.test.test_name != test.test_name && other.decided.reason != DecidedReason::Hash
        });
        all.push(stood);
        all
    }

    fn token(&self, stood: &[Stood<'_>]) -> Option<String> {
        token_of(&self.seals, self.live.set.environment, self.carrier.user, self.carrier.ids(), stood)
    }

    /// Seals what was decided, with no item beside it.
    pub(super) fn receipt(&self, stood: &[Stood<'_>]) -> Option<String> {
        let environment = self.live.set.environment;
        let counted = stood.iter().filter(|stood| stood.is_counted());
        let tests = counted.filter_map(|stood| stood.sealed(environment, self.carrier.ids()));
        let shown = Shown {
            decided_at_ms: self.now_ms,
            done_before: self.person.as_ref().map_or([0, 0], |(_, readable)| done_before(&readable.state)),
            model_version: "",
            pack_version: "",
            tests: tests.collect(),
            before: stood.iter().find_map(|stood| stood.counts_as),
            items: &[],
        };
        self.seals.receipt(self.carrier.user, &shown)
    }

    /// What who takes part in nothing is told.
    pub(super) fn why_not(&self) -> DecidedReason {
        if self.person.is_some() { DecidedReason::NoConsent } else { DecidedReason::Degraded }
    }

    /// Answers on one test.
    pub(super) fn answer(&self, test: &StoredTest, stood: Option<&Stood<'_>>) -> VariantAnswer {
        let control = test.definition.variants.first();
        let shown = match stood {
            Some(stood) => test.definition.variants.get(usize::from(stood.decided.variant)),
            None => control,
        };
        VariantAnswer {
            test_name: test.test_name.clone(),
            variant: shown.map(|variant| variant.name.clone()).unwrap_or_default(),
            value: shown.and_then(|variant| variant.value.clone()),
            environment: self.live.set.environment,
            epoch: Some(stood.map_or(test.epoch, |stood| stood.decided.epoch)),
            reason: stood.map_or_else(|| self.why_not(), |stood| stood.decided.reason),
            counted: stood.is_some_and(Stood::is_counted),
            experiments_token: None,
        }
    }

    /// The exposure that a use is at a moment; None where it does not count, or is recorded.
    fn exposure(&self, stood: &Stood<'_>, at_ms: TimeMs) -> Option<AskedExposure> {
        let test = stood.decided.test;
        let kind = test.definition.unit;
        let id = self.carrier.ids().of(kind).filter(|_| stood.is_counted() && !stood.is_recorded)?;
        Some(AskedExposure {
            environment: self.live.set.environment,
            test_name: test.test_name.clone(),
            unit: Unit { kind, id: id.to_owned() },
            variant: stood.decided.variant_name.to_owned(),
            epoch: stood.decided.epoch,
            at_ms,
            source: if stood.counts_as.is_some() { ExposureSource::Merged } else { ExposureSource::Asked },
            counts_as: stood.counts_as.map(|before| before.to_string()),
            context: self.context.clone(),
        })
    }

    /// Answers on one test at the point of its use: the exposure is recorded with the answer. What others recorded in
    /// between holds.
    pub(super) async fn use_one<H: Host>(&self, host: &H, asker: &Asker, test: &StoredTest) -> VariantAnswer {
        let Some(stood) = self.decide_one(test) else { return self.answer(test, None) };
        let mut answer = self.answer(test, Some(&stood));
        if let Some(exposure) = self.exposure(&stood, self.now_ms) {
            match expose(host, asker, exposure, self.now_ms).await {
                Some(row) => {
                    let shown = test.definition.variants.iter().find(|variant| variant.name == row.variant);
                    answer.value = shown.and_then(|variant| variant.value.clone());
                    if row.variant != answer.variant {
                        answer.reason = DecidedReason::Recorded;
                    }
                    (answer.variant, answer.epoch) = (row.variant, Some(row.epoch));
                }
                None => answer.counted = false,
            }
        }
        answer.experiments_token = self.token(&self.known_with(stood));
        answer
    }
}

/// Rows of sessions and devices, where a test assigns such units. What cannot be read is not known.
async fn rows_of_others<H: Host>(host: &H, asker: &Asker, carrier: &Carrier, kinds: &[UnitKind]) -> Vec<Assignment> {
    let others = [UnitKind::Session, UnitKind::Device].into_iter().filter(|kind| kinds.contains(kind));
    let units = others.filter_map(|kind| Some(Unit { kind, id: carrier.ids().of(kind)?.to_owned() }));
    let units: Vec<Unit> = units.collect();
    if units.is_empty() {
        return Vec::new();
    }
    Experiments::assignments(host, asker.scope, host.environment(), &units).await.unwrap_or_default()
}

/// Answers which variant of a test who asks sees, and records that they do.
///
/// # Errors
/// `NotFound` for a test that there is not, or that was archived; a context or ids of no fit shape.
pub async fn variant<H: Host>(
    host: &H,
    asker: &Asker,
    test_name: &str,
    ask: VariantAsk,
) -> Result<VariantAnswer, Refusal> {
    let desk = match Desk::prepare(host, asker, ask, Some(test_name)).await? {
        Sought::Found(desk) => desk,
        Sought::Unreadable => return Ok(unreadable(host, test_name)),
    };
    let test = desk.live.definition(test_name).ok_or_else(Refusal::not_found)?;
    Ok(desk.use_one(host, asker, test).await)
}

/// Says what a view of a test at `at_ms` exposes to: nothing where who asks takes no part, or is exposed already.
///
/// # Errors
/// A context or ids of no fit shape.
pub(super) async fn view<H: Host>(
    host: &H,
    asker: &Asker,
    test_name: &str,
    ask: VariantAsk,
    at_ms: TimeMs,
) -> Result<Vec<AskedExposure>, Refusal> {
    let Sought::Found(desk) = Desk::prepare(host, asker, ask, Some(test_name)).await? else { return Ok(Vec::new()) };
    let Some(test) = desk.live.definition(test_name) else { return Ok(Vec::new()) };
    Ok(desk.decide_one(test).and_then(|stood| desk.exposure(&stood, at_ms)).into_iter().collect())
}

/// Answers which variants of all tests who asks would see, with what a client needs to use them by itself.
///
/// # Errors
/// A context or ids of no fit shape.
pub async fn decide_tests<H: Host>(host: &H, asker: &Asker, ask: VariantAsk) -> Result<VariantAnswers, Refusal> {
    let environment = host.environment();
    let desk = match Desk::prepare(host, asker, ask, None).await? {
        Sought::Found(desk) => desk,
        Sought::Unreadable => {
            let degraded = vec!["experiments".to_owned()];
            return Ok(VariantAnswers {
                environment,
                tests: Vec::new(),
                experiments_token: None,
                receipt: None,
                degraded,
            });
        }
    };
    let decided = desk.decide();
    let tests = decided.iter().map(|(test, stood)| desk.answer(test, stood.as_ref())).collect();
    let stood: Vec<Stood<'_>> = decided.into_iter().filter_map(|(_, stood)| stood).collect();
    let (experiments_token, receipt) = (desk.token(&stood), desk.receipt(&stood));
    let degraded = if desk.person.is_some() { Vec::new() } else { vec!["consent".to_owned()] };
    Ok(VariantAnswers { environment, tests, experiments_token, receipt, degraded })
}

fn unreadable<H: Host>(host: &H, test_name: &str) -> VariantAnswer {
    VariantAnswer {
        test_name: test_name.to_owned(),
        variant: crate::experiments::CONTROL.to_owned(),
        value: None,
        environment: host.environment(),
        epoch: None,
        reason: DecidedReason::Degraded,
        counted: false,
        experiments_token: None,
    }
}
