//! What clients carry between requests: the assignments of a person as a token, and what was decided as a receipt. The seal
//! itself is made in the room `experiments`.

use std::rc::Rc;

use uuid::Uuid;

use super::chosen::tests_at_hand;
use super::definition::StoredTest;
use super::live::{Ids, LiveExperiments};
use super::standing::{BETWEEN, MOST_TOKEN_BYTES, Standing};
use crate::experiments::{
    Assignments, Holder, Receipt, ReceiptPosition, ReceiptTest as SealedTest, SealKeys, UnitKind, item_hash,
    open_token, seal_token,
};
use crate::flows::Host;
use crate::math::hash64;
use crate::ports::{Pointers, Surroundings};
use crate::types::{
    DAY_MS, DecidedItem, Environment, Interaction, ReceiptFacts, ReceiptTest, TimeMs, UnitKind as Kind, UserId,
};

/// A variant that was taken over from the unit before the login has this bit set: tests have fewer variants.
const IS_MERGED: u8 = 0x80;
/// One of a session has this, and one of a device the next: then the number of its test is that unit's own (`key_of`).
const OF_SESSION: u8 = 0x40;
const OF_DEVICE: u8 = 0x20;
/// What is left for the index of the variant.
const VARIANT: u8 = 0x1f;
/// The epoch of a variant that is recorded, while the client carried another, has this bit set: tests change less often.
const IS_CONFLICT: u16 = 0x8000;
/// A receipt is as old as interactions may be.
const OLDEST_MS: i64 = 30 * DAY_MS;
/// Clocks of two isolates differ.
const AHEAD_MS: i64 = 60_000;

/// The keys of a request's environment.
#[derive(Debug)]
pub(super) struct Seals(Vec<SealKeys>);

/// What a receipt is made of.
#[derive(Debug)]
pub(super) struct Shown<'a> {
    pub(super) decided_at_ms: TimeMs,
    /// What the person had taken up and done.
    pub(super) done_before: [u8; 2],
    pub(super) model_version: &'a str,
    pub(super) pack_version: &'a str,
    /// The tests that count, each for the unit it was decided for.
    pub(super) tests: Vec<SealedTest>,
    /// The unit that they were taken over from.
    pub(super) before: Option<UserId>,
    pub(super) items: &'a [DecidedItem],
}

/// What an echo of a receipt comes with.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::flows) struct Echoed<'a> {
    pub(super) session: Option<&'a str>,
    pub(super) device: Option<&'a str>,
    /// The item that it is of.
    pub(super) item: Option<&'a str>,
    /// Where it stood, from 1.
    pub(super) position: Option<u32>,
}

impl<'a> From<&'a Interaction> for Echoed<'a> {
    fn from(event: &'a Interaction) -> Self {
        Self {
            session: event.session_id.as_deref(),
            device: event.device_id.as_deref(),
            item: event.target_id.as_deref().filter(|_| event.facts.is_item),
            position: event.position,
        }
    }
}

/// What is said of a decision on a test beside its variant.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said {
    /// It was taken over from the unit before the login.
    pub(super) is_merged: bool,
    /// It is recorded, and the client carried another.
    pub(super) is_conflict: bool,
}

/// A test as it was decided for a unit.
pub(super) fn sealed_test(id: u64, (kind, unit): (Kind, &str), epoch: u32, variant: u8, said: Said) -> SealedTest {
    let of_unit = match kind {
        Kind::User => 0,
        Kind::Session => OF_SESSION,
        Kind::Device => OF_DEVICE,
    };
    let merged = if said.is_merged { IS_MERGED } else { 0 };
    let conflict = if said.is_conflict { IS_CONFLICT } else { 0 };
    let epoch = u16::try_from(epoch).unwrap_or(u16::MAX).min(!IS_CONFLICT) | conflict;
    SealedTest { test: key_of(id, kind, unit), epoch, variant: variant | of_unit | merged }
}

/// The number of a test for a unit: a seal of one session's says nothing of the next one's.
pub(super) fn key_of(test: u64, kind: Kind, id: &str) -> u64 {
    match kind {
        Kind::User => test,
        Kind::Session | Kind::Device => hash64(&["unit", kind.name(), &format!("{test:016x}"), id]),
    }
}

impl Seals {
    /// Derives the keys; the first signs.
    pub(super) fn of(host: &impl Surroundings) -> Self {
        let environment = host.environment().name();
        // Each secret is a ring of its own, so that their numbers need not differ.
        Self(host.experiment_keys().iter().map(|key| SealKeys::new(environment, &[(0, key)])).collect())
    }

    /// Seals the assignments of a person: the person's id, and the token for it.
    pub(super) fn token(&self, owner: UserId, assignments: &Assignments) -> Option<String> {
        let sealed = seal_token(assignments, self.0.first()?, holder(&owner.to_string()))?;
        Some([&simple(owner), ".", &sealed].concat())
    }

    /// Opens a token of whomever. None where it was not sealed here, for this environment.
    pub(super) fn open_token(&self, text: &str) -> Option<(UserId, Assignments)> {
        let (owner, sealed) = text.split_once('.')?;
        let owner = UserId::from_uuid(Uuid::try_parse(owner).ok()?)?;
        let name = owner.to_string();
        self.0.iter().find_map(|keys| open_token(sealed, keys, holder(&name)).ok()).map(|known| (owner, known))
    }

    /// Seals what was decided for a person.
    pub(super) fn receipt(&self, user: UserId, shown: &Shown<'_>) -> Option<String> {
        // Nothing in an order is left to chance yet.
        let position = |item: &DecidedItem| ReceiptPosition { item: item_hash(&item.id), propensity: 1.0 };
        let receipt = Receipt {
            decided_at_ms: shown.decided_at_ms,
            before: Some(shown.done_before).filter(|_| !shown.tests.is_empty()),
            model_version: shown.model_version.to_owned(),
            pack_version: shown.pack_version.to_owned(),
            tests: shown.tests.clone(),
            positions: shown.items.iter().map(position).collect(),
        };
        let before = shown.before.filter(|_| shown.tests.iter().any(|test| test.variant & IS_MERGED != 0));
        let sealed = receipt.seal(self.0.first()?, holder(&holder_name(user, before)))?;
        Some(match before {
            None => sealed,
            Some(before) => [&sealed, ".", &simple(before)].concat(),
        })
    }

    /// Opens the receipt that was echoed by a person. None where it was not sealed here for this person and environment, is
    /// too old, or did not show the item there. Of sessions and devices it speaks only to that for which it was decided.
    pub(super) fn open_receipt(
        &self,
        user: UserId,
        text: &str,
        echoed: Echoed<'_>,
        live: &LiveExperiments,
        now_ms: TimeMs,
    ) -> Option<ReceiptFacts> {
        let (sealed, before) = match text.split_once('.') {
            None => (text, None),
            Some((sealed, before)) => (sealed, Some(UserId::from_uuid(Uuid::try_parse(before).ok()?)?)),
        };
        let name = holder_name(user, before);
        let receipt = self.0.iter().find_map(|keys| Receipt::open(sealed, keys, holder(&name)).ok())?;
        let decided_at_ms = receipt.decided_at_ms;
        if !(now_ms - OLDEST_MS..=now_ms + AHEAD_MS).contains(&decided_at_ms) {
            return None;
        }
        let propensity = propensity_of(&receipt.positions, echoed)?;
        let mut facts = ReceiptFacts {
            decided_at_ms,
            environment: live.set.environment,
            accepted_before: receipt.before.map(|[accepted, _]| accepted),
            interactions_before: receipt.before.map(|[_, interactions]| interactions),
            propensity,
            model_version: Some(receipt.model_version).filter(|version| !version.is_empty()),
            ..ReceiptFacts::default()
        };
        for sealed in &receipt.tests {
            let found = decided_test(live, sealed, echoed);
            // A test that is archived by now is not known, either; one of a person is passed over.
            facts.is_of_another |= found.is_none() && sealed.variant & (OF_SESSION | OF_DEVICE) != 0;
            let Some(test) = found else { continue };
            let Some(variant) = test.definition.variants.get(usize::from(sealed.variant & VARIANT)) else { continue };
            let is_merged = sealed.variant & IS_MERGED != 0;
            facts.tests.push(ReceiptTest {
                test_name: test.test_name.clone(),
                variant: variant.name.clone(),
                epoch: u32::from(sealed.epoch & !IS_CONFLICT),
                is_conflict: sealed.epoch & IS_CONFLICT != 0,
                counts_as: before.filter(|_| is_merged).map(|before| before.to_string()),
            });
        }
        Some(facts)
    }
}

/// The test of a receipt, where it was decided for the unit that the echo names.
fn decided_test<'l>(live: &'l LiveExperiments, sealed: &SealedTest, echoed: Echoed<'_>) -> Option<&'l StoredTest> {
    let (kind, id) = match sealed.variant & (OF_SESSION | OF_DEVICE) {
        0 => return live.with_id(sealed.test).filter(|test| test.definition.unit == Kind::User),
        OF_SESSION => (Kind::Session, echoed.session?),
        _ => (Kind::Device, echoed.device?),
    };
    let environment = live.set.environment;
    let is_it =
        |test: &&StoredTest| test.definition.unit == kind && key_of(test.id(environment), kind, id) == sealed.test;
    live.set.tests.iter().find(is_it)
}

/// Receipts as the events of one request bring them.
#[derive(Debug)]
pub(in crate::flows) struct Receipts {
    seals: Seals,
    live: Rc<LiveExperiments>,
}

impl Receipts {
    /// Reads what it takes to verify them; None where that is not at hand: then what they say is lost, not the events.
    pub(in crate::flows) async fn read<H: Host>(host: &H, pointers: &Pointers) -> Option<Self> {
        let live = tests_at_hand(host, host.environment(), pointers, &mut Vec::new()).await?;
        Some(Self { seals: Seals::of(host), live })
    }

    /// What is said of an echo whose seals cannot be looked at: that they were refused.
    pub(in crate::flows) fn refused(environment: Environment) -> ReceiptFacts {
        ReceiptFacts { is_refused: true, environment, ..ReceiptFacts::default() }
    }

    /// Says what the token of an echo says of the tests that count without a receipt, or that it was refused.
    pub(in crate::flows) fn carried(
        &self,
        user: UserId,
        token: &str,
        echoed: Echoed<'_>,
        now_ms: TimeMs,
    ) -> ReceiptFacts {
        let environment = self.live.set.environment;
        let parts = token.split(BETWEEN).take(2);
        if token.len() > MOST_TOKEN_BYTES || !parts.into_iter().all(|part| self.seals.open_token(part).is_some()) {
            return Self::refused(environment);
        }
        let name = user.to_string();
        let ids = Ids { user: Some(&name), session: echoed.session, device: echoed.device };
        let standing = Standing::new(&self.live, (user, None), ids, Vec::new(), Some(token), &self.seals);
        let (decided_at_ms, tests) = standing.carried_tests(&self.live, ids, now_ms);
        ReceiptFacts { decided_at_ms, environment, tests, is_carried: true, ..ReceiptFacts::default() }
    }

    /// Says what the receipt of an echo says, or that it was refused.
    pub(in crate::flows) fn verified(
        &self,
        user: UserId,
        receipt: &str,
        echoed: Echoed<'_>,
        now_ms: TimeMs,
    ) -> ReceiptFacts {
        let environment = self.live.set.environment;
        let facts = self.seals.open_receipt(user, receipt, echoed, &self.live, now_ms);
        facts.unwrap_or_else(|| Self::refused(environment))
    }
}

/// The propensity of the item where it stood; `Some(None)` where the event is of no item, or the receipt lists none; None
/// where the receipt does not list it, or not there.
#[expect(clippy::option_option, reason = "the outer one refuses, the inner one does not know")]
fn propensity_of(positions: &[ReceiptPosition], echoed: Echoed<'_>) -> Option<Option<f64>> {
    let item = echoed.item.filter(|_| !positions.is_empty());
    let Some(item) = item else { return Some(None) };
    let hash = item_hash(item);
    let at = positions.iter().position(|position| position.item == hash)?;
    // Ranks are counted from 1.
    if echoed.position.is_some_and(|rank| usize::try_from(rank).is_ok_and(|rank| rank != at + 1)) {
        return None;
    }
    Some(positions.get(at).map(|position| f64::from(position.propensity)))
}

fn simple(user: UserId) -> String {
    Uuid::from_bytes(*user.as_bytes()).simple().to_string()
}

fn holder(name: &str) -> Holder<'_> {
    Holder { kind: UnitKind::User, id: name }
}

/// A receipt that takes something over is bound to both.
fn holder_name(user: UserId, before: Option<UserId>) -> String {
    match before {
        None => user.to_string(),
        Some(before) => [user.to_string(), before.to_string()].join("+"),
    }
}
