//! The tests of one answer of `/recommend`: what the person sees, what the client carries on, and the receipt of it.

use std::rc::Rc;

use super::known_facts::KnownFacts;
use super::live::{Ids, LiveExperiments, last_experiments, live_experiments};
use super::seals::{Seals, Shown};
use super::standing::{MOST_TOKEN_BYTES, Standing, recorded, token_of};
use crate::flows::Host;
use crate::flows::person::Person;
use crate::flows::refusal::Refusal;
use crate::pack::Pack;
use crate::ports::Pointers;
use crate::types::{DecidedItem, DecidedReason, DecidedTest, Environment, TimeMs, UserId, is_text_id};

/// Who asks, and what the client sent along.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct Carrier<'a> {
    /// The person.
    pub(in crate::flows) user: UserId,
    /// The person's id as text.
    pub(in crate::flows) user_id: &'a str,
    /// The session.
    pub(in crate::flows) session_id: Option<&'a str>,
    /// The device.
    pub(in crate::flows) device_id: Option<&'a str>,
    /// What an earlier answer gave.
    pub(in crate::flows) token: Option<&'a str>,
}

impl<'a> Carrier<'a> {
    /// Makes sure that ids and token are no longer than any of ours.
    ///
    /// # Errors
    /// Ids of no fit shape, a token that is too long.
    pub(in crate::flows) fn check(self) -> Result<(), Refusal> {
        let refuse = |detail: &str| Err(Refusal::invalid("invalid-request", detail));
        if ![self.session_id, self.device_id].into_iter().flatten().all(is_text_id) {
            return refuse("session_id and device_id have 1 to 128 bytes, no control characters and no outer spaces");
        }
        if self.token.is_some_and(|token| token.len() > MOST_TOKEN_BYTES) {
            return refuse("experiments_token is longer than any that was given out");
        }
        Ok(())
    }

    /// The ids of all kinds.
    pub(super) fn ids(self) -> Ids<'a> {
        Ids { user: Some(self.user_id), session: self.session_id, device: self.device_id }
    }
}

/// A test of an answer.
#[derive(Debug, Clone)]
pub(in crate::flows) struct ChosenTest {
    /// As the answer names it.
    pub(in crate::flows) shown: DecidedTest,
    /// The pack's framing that it tries.
    pub(in crate::flows) framing: Option<String>,
    id: u64,
    variant: u8,
    is_merged: bool,
}

/// The tests of an answer.
#[derive(Debug, Default)]
pub(in crate::flows) struct Chosen {
    /// Those that run for the pack.
    pub(in crate::flows) tests: Vec<ChosenTest>,
    /// What the client carries on.
    pub(in crate::flows) token: Option<String>,
    before: Option<UserId>,
}

/// Returns the live tests; those last seen where they cannot be read, and then `degraded` says `experiments`.
pub(super) async fn tests_at_hand<H: Host>(
    host: &H,
    environment: Environment,
    pointers: &Pointers,
    degraded: &mut Vec<String>,
) -> Option<Rc<LiveExperiments>> {
    match live_experiments(host, environment, pointers).await {
        Ok(live) => Some(live),
        Err(_) => {
            degraded.push("experiments".to_owned());
            last_experiments(host, environment)
        }
    }
}

/// Decides the tests that run for a pack. A person who did not agree takes part in none.
pub(in crate::flows) async fn choose<H: Host>(
    host: &H,
    carrier: Carrier<'_>,
    person: &Person,
    facts: &KnownFacts<'_>,
    degraded: &mut Vec<String>,
) -> Chosen {
    if !person.allowed.experiments {
        return Chosen::default();
    }
    let environment = host.environment();
    let Some(live) = tests_at_hand(host, environment, &person.record.pointers, degraded).await else {
        return Chosen::default();
    };
    if live.set.tests.is_empty() {
        return Chosen::default();
    }
    let (ids, seals) = (carrier.ids(), Seals::of(host));
    let rows = recorded(carrier.user, person.record.assignments_json.as_deref());
    let standing = Standing::new(&live, carrier.user, ids, rows, carrier.token, &seals);
    let stood = standing.decide(&live, ids, facts, facts.now_ms);
    let token = token_of(&seals, environment, carrier.user, ids, &stood);
    let runs_here = |test: &&super::standing::Stood<'_>| {
        let definition = &test.decided.test.definition;
        test.decided.test.is_running(facts.now_ms)
            && test.decided.reason != DecidedReason::NoUnit
            && definition.pack.as_ref().is_none_or(|pack| *pack == facts.pack.id)
    };
    let tests = stood.iter().filter(runs_here).map(|stood| ChosenTest {
        shown: DecidedTest {
            test_name: stood.decided.test.test_name.clone(),
            variant: stood.decided.variant_name.to_owned(),
            epoch: stood.decided.epoch,
            reason: stood.decided.reason,
        },
        framing: stood.decided.test.definition.framing.clone(),
        id: stood.decided.test.id(environment),
        variant: stood.decided.variant,
        is_merged: stood.counts_as.is_some(),
    });
    let before = stood.iter().find_map(|stood| stood.counts_as);
    Chosen { tests: tests.collect(), token, before }
}

impl Chosen {
    /// Seals what was shown. `triggers` says of a framing whether some variant of it would have changed something: the same
    /// for every arm, so that none is diluted.
    pub(in crate::flows) fn receipt<H: Host>(
        &self,
        host: &H,
        user: UserId,
        shown: (TimeMs, &str, &str),
        items: &[DecidedItem],
        triggers: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let (decided_at_ms, model_version, pack_version) = shown;
        let counted = self
            .tests
            .iter()
            .filter(|test| test.shown.reason.is_counted() && test.framing.as_deref().is_none_or(&triggers));
        let tests = counted.map(|test| (test.id, test.shown.epoch, test.variant, test.is_merged)).collect();
        let before = self.before;
        Seals::of(host).receipt(user, &Shown { decided_at_ms, model_version, pack_version, tests, before, items })
    }
}

/// The framings that an answer shows.
pub(in crate::flows) fn framings_of<'p>(_tests: &[ChosenTest], _pack: &'p Pack) -> Vec<&'p str> {
    Vec::new()
}
