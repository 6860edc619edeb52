//! The tests of one answer of `/recommend`: what the person sees, what the client carries on, and the receipt of it.

use std::rc::Rc;

use super::known_facts::{KnownFacts, done_before};
use super::live::{Ids, LiveExperiments, last_experiments, live_experiments};
use super::seals::{Seals, Shown};
use super::standing::{MOST_TOKEN_BYTES, Standing, Stood, recorded, token_of};
use crate::experiments::ReceiptTest;
use crate::flows::Host;
use crate::flows::person::Person;
use crate::flows::refusal::Refusal;
use crate::pack::{FramedVariant, Framing, Pack};
use crate::ports::Pointers;
use crate::types::{DecidedItem, DecidedReason, DecidedTest, Environment, UserId, is_text_id};

/// Who asks, and what the client sent along.
#[derive(Debug, Clone)]
pub(in crate::flows) struct Carrier {
    /// The person.
    pub(in crate::flows) user: UserId,
    user_id: String,
    session_id: Option<String>,
    device_id: Option<String>,
    pub(super) token: Option<String>,
}

impl Carrier {
    /// Takes ids and token that are no longer than any of ours.
    ///
    /// # Errors
    /// Ids of no fit shape, a token that is too long.
    pub(in crate::flows) fn new(
        user: UserId,
        session_id: Option<String>,
        device_id: Option<String>,
        token: Option<String>,
    ) -> Result<Self, Refusal> {
        let refuse = |detail: &str| Err(Refusal::invalid("invalid-request", detail));
        if ![&session_id, &device_id].into_iter().flatten().all(|id| is_text_id(id)) {
            return refuse("session_id and device_id have 1 to 128 bytes, no control characters and no outer spaces");
        }
        if token.as_ref().is_some_and(|token| token.len() > MOST_TOKEN_BYTES) {
            return refuse("experiments_token is longer than any that was given out");
        }
        Ok(Self { user, user_id: user.to_string(), session_id, device_id, token })
    }

    /// The ids of all kinds.
    pub(super) fn ids(&self) -> Ids<'_> {
        Ids { user: Some(&self.user_id), session: self.session_id.as_deref(), device: self.device_id.as_deref() }
    }
}

/// A test of an answer.
#[derive(Debug, Clone)]
pub(in crate::flows) struct ChosenTest {
    /// As the answer names it.
    pub(in crate::flows) shown: DecidedTest,
    /// The pack's framing that it tries.
    pub(in crate::flows) framing: Option<String>,
    sealed: Option<ReceiptTest>,
}

/// The tests of an answer.
#[derive(Debug, Default)]
pub(in crate::flows) struct Chosen {
    /// Those that run for the pack.
    pub(in crate::flows) tests: Vec<ChosenTest>,
    /// What the client carries on.
    pub(in crate::flows) token: Option<String>,
    before: Option<UserId>,
    done_before: [u8; 2],
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
    carrier: &Carrier,
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
    let standing =
        Standing::new(&live, (carrier.user, person.record.erased_at_ms), ids, rows, carrier.token.as_deref(), &seals);
    let stood = standing.decide(&live, ids, facts, facts.now_ms);
    let runs_here = |stood: &&Stood<'_>| stood.decided.runs_for(&facts.pack.id, facts.now_ms);
    // Tests of other packs go by their own facts and consent: what is known of them is carried on, and nothing new.
    let is_carried = |stood: &&Stood<'_>| runs_here(stood) || stood.decided.reason != DecidedReason::Hash;
    let carried: Vec<Stood<'_>> = stood.iter().filter(is_carried).copied().collect();
    let token = token_of(&seals, environment, carrier.user, ids, &carried);
    let tests = stood.iter().filter(runs_here).map(|stood| ChosenTest {
        shown: stood.decided.named(),
        framing: stood.decided.test.definition.framing.clone(),
        sealed: stood.sealed(environment, ids),
    });
    let before = stood.iter().find_map(|stood| stood.counts_as);
    Chosen { tests: tests.collect(), token, before, done_before: done_before(facts.state) }
}

impl Chosen {
    /// The framings that the answer shows.
    pub(in crate::flows) fn framings<'p>(&self, pack: &'p Pack) -> Vec<FramedVariant<'p>> {
        let variant = |test: &ChosenTest| pack.experiments.variant(test.framing.as_deref()?, &test.shown.variant);
        self.tests.iter().filter_map(variant).collect()
    }

    /// The framings that are tried, whatever this person sees of them.
    pub(in crate::flows) fn tried<'p>(&self, pack: &'p Pack) -> Vec<&'p Framing> {
        self.tests.iter().filter_map(|test| pack.experiments.framing(test.framing.as_deref()?)).collect()
    }

    /// What the answer names.
    pub(in crate::flows) fn shown(&self) -> Vec<DecidedTest> {
        self.tests.iter().map(|test| test.shown.clone()).collect()
    }

    /// Seals what was shown. A test counts where it has no framing, or one of the `acting` ones: those of which some
    /// variant changes an item of this answer, the same for every arm, so that none is diluted.
    pub(in crate::flows) fn receipt<H: Host>(
        &self,
        host: &H,
        user: UserId,
        versions: (&str, &str),
        items: &[DecidedItem],
        acting: &[String],
    ) -> Option<String> {
        let (model_version, pack_version) = versions;
        let acts = |framing: &String| acting.contains(framing);
        let counted =
            self.tests.iter().filter(|test| test.shown.reason.is_counted() && test.framing.as_ref().is_none_or(acts));
        let tests = counted.filter_map(|test| test.sealed).collect();
        let (decided_at_ms, before) = (host.now_ms(), self.before);
        let shown =
            Shown { decided_at_ms, done_before: self.done_before, model_version, pack_version, tests, before, items };
        Seals::of(host).receipt(user, &shown)
    }
}
