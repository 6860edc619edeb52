//! Where a person stands in the tests: what is recorded, what the client carries, and in which order they hold. A tester's
//! variant comes first, then what is recorded, then what is carried, then the hash.

use super::live::{Decided, Ids, LiveExperiments};
use super::seals::{Said, Seals, key_of, sealed_test};
use crate::experiments::{Assignment as Carried, Assignments, ReceiptTest as SealedTest, whole_seconds};
use crate::math::sort_list;
use crate::types::{Assignment, DecidedReason, Environment, Facts, ReceiptTest, TimeMs, Unit, UnitKind, UserId};
use nearside_json::{Fault, Read, Reader, read_json};

/// The longest carried text: two tokens of all that one holds.
pub(super) const MOST_TOKEN_BYTES: usize = 3_000;
/// Between a person's own token and that of the unit before the login.
pub(super) const BETWEEN: char = '~';

/// What is known of the units of a request.
#[derive(Debug, Default)]
pub(in crate::flows) struct Standing {
    rows: Vec<Assignment>,
    carried: Assignments,
    /// What the unit before the login carried, beyond that.
    before: Option<(UserId, Assignments)>,
}

/// What was decided on one test, and how it is known.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct Stood<'a> {
    /// The decision, its reason the true one.
    pub(in crate::flows) decided: Decided<'a>,
    /// The unit that the variant was taken over from.
    pub(in crate::flows) counts_as: Option<UserId>,
    /// True when the exposure is recorded.
    pub(in crate::flows) is_recorded: bool,
    /// True when it is recorded as another variant than the person carries: what is recorded holds.
    is_conflict: bool,
    assigned_at_s: u32,
}

impl Standing {
    /// What is recorded, where nothing is carried.
    pub(super) fn of_rows(live: &LiveExperiments, mut rows: Vec<Assignment>) -> Self {
        rows.retain(|row| row.environment == live.set.environment);
        Self { rows, ..Self::default() }
    }

    /// Gathers what is known. `token` is what the client sent; what it says the person was assigned until `erased_at_ms` is
    /// forgotten with all that was known of them. Of an erased unit before a login it names the variant, and the store
    /// writes no row that goes on it.
    pub(super) fn new(
        live: &LiveExperiments,
        (user, erased_at_ms): (UserId, Option<TimeMs>),
        ids: Ids<'_>,
        rows: Vec<Assignment>,
        token: Option<&str>,
        seals: &Seals,
    ) -> Self {
        let environment = live.set.environment;
        let mut standing = Self { rows, ..Self::default() };
        standing.rows.retain(|row| row.environment == environment);
        for part in token.into_iter().flat_map(|token| token.split(BETWEEN)).take(2) {
            let Some((owner, carried)) = seals.open_token(part) else { continue };
            let found = live.set.tests.iter().filter_map(|test| {
                let kind = test.definition.unit;
                let entry = carried.of(key_of(test.id(environment), kind, ids.of(kind)?))?;
                let assigned_at_ms = i64::from(entry.assigned_at_s) * 1_000;
                let is_forgotten = owner == user && erased_at_ms.is_some_and(|erased| assigned_at_ms <= erased);
                (!is_forgotten).then_some(())?;
                Some(Carried { test: test.id(environment), ..*entry })
            });
            if owner == user {
                standing.carried = found.collect();
            } else {
                standing.before = Some((owner, found.collect()));
            }
        }
        standing
    }

    /// What is carried of the tests that count without a receipt, as receipts name it, and when the earliest of it was
    /// assigned.
    pub(super) fn carried_tests(
        &self,
        live: &LiveExperiments,
        ids: Ids<'_>,
        now_ms: TimeMs,
    ) -> (TimeMs, Vec<ReceiptTest>) {
        let known = self.known(live, ids, now_ms);
        let mut earliest_ms = now_ms;
        let counted = live.set.tests.iter().filter(|test| test.definition.counts_without_receipt());
        let named = counted.filter_map(|test| {
            let id = test.id(live.set.environment);
            let entry = known.of(id)?;
            let variant = test.definition.variants.get(usize::from(entry.variant))?;
            earliest_ms = earliest_ms.min(i64::from(entry.assigned_at_s) * 1_000);
            // Sessions and devices stay what they are when somebody logs in.
            let is_taken_over = self.carried.of(id).is_none() && test.definition.unit == UnitKind::User;
            let before = self.before.as_ref().filter(|_| is_taken_over);
            Some(ReceiptTest {
                test_name: test.test_name.clone(),
                variant: variant.name.clone(),
                epoch: u32::from(entry.epoch),
                counts_as: before.map(|(owner, _)| owner.to_string()),
                is_conflict: false,
            })
        });
        let tests = named.collect();
        (earliest_ms, tests)
    }

    /// Decides all tests.
    pub(in crate::flows) fn decide<'a, F: Facts>(
        &self,
        live: &'a LiveExperiments,
        ids: Ids<'_>,
        facts: &F,
        now_ms: TimeMs,
    ) -> Vec<Stood<'a>> {
        let known = self.known(live, ids, now_ms);
        let decided = live.decide(ids, facts, &known, now_ms).into_iter();
        decided.map(|decided| self.stood(live.set.environment, ids, decided, now_ms)).collect()
    }

    /// Decides one test.
    pub(in crate::flows) fn decide_one<'a, F: Facts>(
        &self,
        live: &'a LiveExperiments,
        name: &str,
        ids: Ids<'_>,
        facts: &F,
        now_ms: TimeMs,
    ) -> Option<Stood<'a>> {
        let known = self.known(live, ids, now_ms);
        let decided = live.decide_one(name, ids, facts, &known, now_ms)?;
        Some(self.stood(live.set.environment, ids, decided, now_ms))
    }

    fn row(&self, test_name: &str, kind: UnitKind, id: &str) -> Option<&Assignment> {
        let is_it = |row: &&Assignment| row.test_name == test_name && row.unit.kind == kind && row.unit.id == id;
        self.rows.iter().find(is_it)
    }

    /// What the hash must not overrule: rows before what is carried, the earliest of them first, one's own before the
    /// other's. Of the tests of a layer the first one holds: after a login there may be two.
    fn known(&self, live: &LiveExperiments, ids: Ids<'_>, now_ms: TimeMs) -> Assignments {
        let mut rows: Vec<(TimeMs, Carried)> = Vec::new();
        for test in &live.set.tests {
            let kind = test.definition.unit;
            let row = ids.of(kind).and_then(|id| self.row(&test.test_name, kind, id)).filter(|row| !row.is_forced);
            if let Some(row) = row
                && let Some(variant) = test.variant_index(&row.variant)
            {
                let carried = Carried {
                    test: test.id(live.set.environment),
                    assigned_at_s: whole_seconds(row.assigned_at_ms),
                    epoch: u16::try_from(row.epoch).unwrap_or(u16::MAX),
                    variant,
                };
                rows.push((row.assigned_at_ms, carried));
            }
        }
        // Tests come in the order of their names, and those of one moment stay in it.
        sort_list(&mut rows, |a, b| a.0.cmp(&b.0));
        let mut known = Assignments::new();
        let before = self.before.iter().flat_map(|(_, before)| before.iter());
        for carried in rows.iter().map(|(_, carried)| carried).chain(self.carried.iter()).chain(before) {
            if !live.has_other_of_layer(carried.test, &known, now_ms) {
                known.keep(*carried);
            }
        }
        known
    }

    fn stood<'a>(&self, environment: Environment, ids: Ids<'_>, decided: Decided<'a>, now_ms: TimeMs) -> Stood<'a> {
        let test = decided.test;
        let kind = test.definition.unit;
        let row = ids.of(kind).and_then(|id| self.row(&test.test_name, kind, id));
        // Testers are people, whatever the test assigns.
        let tester = ids.user.and_then(|id| self.row(&test.test_name, UnitKind::User, id));
        let assigned_at_s = whole_seconds(now_ms);
        let stood = Stood { decided, counts_as: None, is_recorded: false, is_conflict: false, assigned_at_s };
        if let Some(row) = tester.filter(|row| row.is_forced && test.is_running(now_ms))
            && let Some(variant) = test.variant_index(&row.variant)
            && let Some(named) = test.definition.variants.get(usize::from(variant))
        {
            let reason = DecidedReason::Forced;
            return Stood { decided: Decided { variant, variant_name: &named.name, reason, ..decided }, ..stood };
        }
        if decided.reason != DecidedReason::Recorded {
            return stood;
        }
        let id = test.id(environment);
        match row {
            Some(row) => Stood {
                is_recorded: true,
                is_conflict: self.carried.of(id).is_some_and(|carried| carried.variant != decided.variant),
                assigned_at_s: whole_seconds(row.assigned_at_ms),
                ..stood
            },
            None => {
                let own = self.carried.of(id);
                let before = self.before.as_ref().and_then(|(owner, before)| Some((*owner, before.of(id)?)));
                let (reason, counts_as, carried) = match (own, before) {
                    (Some(own), _) => (DecidedReason::Token, None, Some(own)),
                    // Sessions and devices stay what they are when somebody logs in.
                    (None, Some((_, carried))) if kind != UnitKind::User => (DecidedReason::Token, None, Some(carried)),
                    (None, Some((owner, carried))) => (DecidedReason::Merged, Some(owner), Some(carried)),
                    (None, None) => (DecidedReason::Recorded, None, None),
                };
                let assigned_at_s = carried.map_or(stood.assigned_at_s, |carried| carried.assigned_at_s);
                Stood { decided: Decided { reason, ..decided }, counts_as, assigned_at_s, ..stood }
            }
        }
    }
}

impl Stood<'_> {
    /// True when what the unit sees and does counts.
    pub(in crate::flows) fn is_counted(&self) -> bool {
        self.decided.reason.is_counted()
    }

    /// The test for a receipt; None where the request names no unit of its kind.
    pub(super) fn sealed(&self, environment: Environment, ids: Ids<'_>) -> Option<SealedTest> {
        let Decided { test, epoch, variant, .. } = self.decided;
        let kind = test.definition.unit;
        let said = Said { is_merged: self.counts_as.is_some(), is_conflict: self.is_conflict };
        Some(sealed_test(test.id(environment), (kind, ids.of(kind)?), epoch, variant, said))
    }
}

/// Seals what was decided for the client to carry: the person's own, and what is the other unit's still.
pub(super) fn token_of(
    seals: &Seals,
    environment: Environment,
    user: UserId,
    ids: Ids<'_>,
    stood: &[Stood<'_>],
) -> Option<String> {
    let entries = |owner: Option<UserId>| -> Assignments {
        let counted = stood.iter().filter(|stood| stood.is_counted() && stood.counts_as == owner);
        let entry = |stood: &Stood<'_>| {
            let test = stood.decided.test;
            let kind = test.definition.unit;
            Some(Carried {
                test: key_of(test.id(environment), kind, ids.of(kind)?),
                assigned_at_s: stood.assigned_at_s,
                epoch: u16::try_from(stood.decided.epoch).unwrap_or(u16::MAX),
                variant: stood.decided.variant,
            })
        };
        counted.filter_map(entry).collect()
    };
    let own = entries(None);
    let before = stood.iter().find_map(|stood| stood.counts_as);
    let before = before.and_then(|owner| seals.token(owner, &entries(Some(owner))));
    let own = if own.is_empty() && before.is_none() { None } else { seals.token(user, &own) };
    match (own, before) {
        (Some(own), Some(before)) => Some([own, before].join("~")),
        (own, _) => own,
    }
}

/// Reads the assignments that come with a person's record.
pub(in crate::flows) fn recorded(user: UserId, json: Option<&str>) -> Vec<Assignment> {
    let rows: Vec<RecordedRow> = json.and_then(|json| read_json(json.as_bytes()).ok()).unwrap_or_default();
    let row = |RecordedRow(environment, test_name, variant, epoch, assigned_at_ms, is_forced, counts_as)| {
        Some(Assignment {
            unit: Unit { kind: UnitKind::User, id: user.to_string() },
            environment: Environment::parse(&environment)?,
            test_name,
            variant,
            epoch,
            assigned_at_ms,
            is_forced: is_forced == 1,
            counts_as,
        })
    };
    rows.into_iter().filter_map(row).collect()
}

/// Environment, test, variant, epoch, time, 1 where it is forced, and what it counts as.
#[derive(Default)]
struct RecordedRow(String, String, String, u32, TimeMs, u8, Option<String>);

impl Read for RecordedRow {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let Self(environment, test, variant, epoch, at_ms, is_forced, counts_as) = self;
        reader.tuple(&mut [environment, test, variant, epoch, at_ms, is_forced, counts_as])
    }
}
