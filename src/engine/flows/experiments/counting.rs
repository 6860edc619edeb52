//! What a person's events mean for experiments: who is exposed to what, and which outcomes follow. Pure: it is told what is
//! recorded, and says what to write. What an outcome adds is in `adding`.

use super::cells::cells_of;
use super::definition::{StoredTest, TestStatus};
use super::happened::{CountedPerson, Happened, Moment, unit_of};
use crate::math::sort_list;
use crate::ports::{ExperimentWrite, Exposure, ExposureSource, HealthCount, HealthName};
use crate::types::{
    Assignment, CLOCK_TOLERANCE_MS, Context, DAY_MS, Environment, EventKind, Interaction, ReceiptFacts, ReceiptTest,
    SortedSet, TimeMs, Unit, UnitKind,
};

/// What counting asks of the tests as they are live.
#[derive(Clone, Copy)]
pub(super) struct Live<'a> {
    /// The variant of a named test that the unit of an event would have been assigned; None where it takes no part.
    pub(super) would_assign: &'a dyn Fn(&str, &Interaction) -> Option<String>,
    /// True where a unit may be counted in a test now: consent covers it, and the unit is not held out.
    pub(super) takes_part: &'a dyn Fn(&StoredTest, &Unit) -> bool,
}

/// Returns what to write. `unexposed` of the health counts stated outcomes, and events before their exposure; a receipt
/// that does not verify, or was decided for another session or device, is of no test.
pub(super) fn counted(
    environment: Environment,
    tests: &[StoredTest],
    person: &CountedPerson<'_>,
    happened: Happened<'_>,
    live: Live<'_>,
) -> ExperimentWrite {
    let mut write = ExperimentWrite::default();
    let is_bad = |receipt: &ReceiptFacts| {
        receipt.is_refused || receipt.is_of_another || !person.was_there(receipt.decided_at_ms)
    };
    let of_events = happened.events.iter().filter(|event| event.receipt.as_ref().is_some_and(is_bad)).count();
    let of_outcomes =
        happened.outcomes.iter().filter(|stated| stated.environment == environment && stated.has_bad_receipt);
    let count = u32::try_from(of_events + of_outcomes.count()).unwrap_or(u32::MAX);
    if count > 0 {
        let (test_name, name) = (String::new(), HealthName::BadReceipt);
        write.health.push(HealthCount { environment, test_name, name, count });
    }
    let mut assigned = Vec::new();
    for test in tests.iter().filter(|test| test.started_at_ms.is_some()) {
        let (assigned, write) = (&mut assigned, &mut write);
        let mut counting = Counting { environment, tests, test, person, live, assigned, write };
        counting.expose(happened);
        counting.add_up(happened);
    }
    write
}

/// One test while a person is counted.
pub(super) struct Counting<'a> {
    pub(super) environment: Environment,
    tests: &'a [StoredTest],
    pub(super) test: &'a StoredTest,
    person: &'a CountedPerson<'a>,
    live: Live<'a>,
    /// Exposed now, to whichever test.
    assigned: &'a mut Vec<Assignment>,
    pub(super) write: &'a mut ExperimentWrite,
}

impl Counting<'_> {
    /// Exposures first, those that are surest before the others and the earliest of each: the order of events in a message
    /// says nothing.
    fn expose(&mut self, happened: Happened<'_>) {
        for asked in happened.asked {
            if !self.is_named(asked.environment, &asked.test_name) || !self.may_expose(asked.at_ms) {
                continue;
            }
            let exposure = Exposure {
                source: asked.source,
                counts_as: asked.counts_as.clone(),
                ..self.exposure(
                    asked.unit.clone(),
                    asked.variant.clone(),
                    asked.epoch,
                    asked.at_ms,
                    &asked.context,
                    None,
                )
            };
            self.record(exposure);
        }
        self.note_overruled(happened.events);
        let mut receipts: Vec<Exposure> = happened.events.iter().filter_map(|event| self.by_receipt(event)).collect();
        sort_list(&mut receipts, |a, b| a.assigned_at_ms.cmp(&b.assigned_at_ms));
        receipts.into_iter().for_each(|exposure| self.record(exposure));
        if self.test.status == TestStatus::Active && self.test.definition.counts_without_receipt() {
            let mut seen: Vec<(Exposure, bool)> =
                happened.events.iter().filter_map(|event| self.by_interaction(event)).collect();
            sort_list(&mut seen, |(a, _), (b, _)| a.assigned_at_ms.cmp(&b.assigned_at_ms));
            let (certain, guessed): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(_, is_certain)| *is_certain);
            certain.into_iter().for_each(|(exposure, _)| self.record(exposure));
            for (exposure, _) in guessed {
                if self.assignment_of(&exposure.unit).is_none()
                    && self.takes_part(&exposure.unit, exposure.assigned_at_ms)
                {
                    self.note(HealthName::NoReceipt);
                }
            }
        }
    }

    /// Records an exposure unless the unit was exposed before. One that goes on another unit since a login exposes that one,
    /// too, where nobody saw it yet under its own name: or what follows would be nobody's.
    fn record(&mut self, exposure: Exposure) {
        if self.takes_part(&exposure.unit, exposure.assigned_at_ms) {
            self.record_new(exposure);
        }
    }

    fn record_new(&mut self, mut exposure: Exposure) {
        match self.assignment_of(&exposure.unit) {
            Some(known) if known.variant != exposure.variant && !known.is_forced => {
                self.note(HealthName::Conflict);
            }
            Some(_) => {}
            None => {
                if let Some(id) = exposure.counts_as.clone() {
                    let before = Unit { kind: exposure.unit.kind, id };
                    match self.assignment_of(&before).map(|known| known.counts_as.clone()) {
                        Some(further) => exposure.counts_as = further.or(exposure.counts_as),
                        None => self.record_new(Exposure { unit: before, counts_as: None, ..exposure.clone() }),
                    }
                }
                self.assigned.push(Assignment {
                    unit: exposure.unit.clone(),
                    environment: self.environment,
                    test_name: exposure.test_name.clone(),
                    variant: exposure.variant.clone(),
                    epoch: exposure.epoch,
                    assigned_at_ms: exposure.assigned_at_ms,
                    is_forced: false,
                    counts_as: exposure.counts_as.clone(),
                });
                self.write.exposures.push(exposure);
            }
        }
    }

    /// What a decision overruled of what the client carried, once a decision. Nothing is written while it is served.
    fn note_overruled(&mut self, events: &[&Interaction]) {
        let mut decisions = SortedSet::new();
        for event in events {
            let named = self.named_by(event).filter(|(named, _)| named.is_conflict);
            if named.is_some_and(|(_, receipt)| decisions.insert(receipt.decided_at_ms)) {
                self.note(HealthName::Conflict);
            }
        }
    }

    fn by_receipt(&self, event: &Interaction) -> Option<Exposure> {
        let (named, receipt) = self.named_by(event).filter(|(_, receipt)| !receipt.is_carried)?;
        let at_ms = receipt.decided_at_ms;
        let has_variant = self.test.definition.variants.iter().any(|variant| variant.name == named.variant);
        let unit = self.unit_of(event).filter(|_| has_variant && self.may_expose(at_ms))?;
        let epoch = named.epoch.min(self.test.epoch);
        let device = event.device_type.as_deref();
        let exposure = self.exposure(unit, named.variant.clone(), epoch, at_ms, &event.context, device);
        let source = if named.counts_as.is_some() { ExposureSource::Merged } else { ExposureSource::Receipt };
        // What was done since the decision may come of the variant: only what was before corrects for nothing of it.
        let before = receipt.accepted_before.zip(receipt.interactions_before);
        let pre = before.map_or(exposure.pre, |(accepted, interactions)| self.covariate([accepted, interactions]));
        Some(Exposure { source, counts_as: named.counts_as.clone(), pre, ..exposure })
    }

    fn may_expose(&self, at_ms: TimeMs) -> bool {
        self.test.was_running(at_ms) && self.person.was_there(at_ms)
    }

    /// What the receipt or token of an event says of this test.
    pub(super) fn named_by<'e>(&self, event: &'e Interaction) -> Option<(&'e ReceiptTest, &'e ReceiptFacts)> {
        let receipt = event.receipt.as_ref();
        let receipt = receipt.filter(|receipt| receipt.environment == self.environment && !receipt.is_refused)?;
        let named = receipt.tests.iter().find(|named| named.test_name == self.test.test_name)?;
        Some((named, receipt))
    }

    /// Clocks run fast or slow: nothing happens after it was received, nor before the decision that it follows from.
    pub(super) fn moment(&self, occurred_at_ms: TimeMs, decided_at_ms: Option<TimeMs>) -> Moment {
        let at_ms = occurred_at_ms.min(self.person.received_at_ms);
        Moment {
            at_ms: decided_at_ms.map_or(at_ms, |decided| at_ms.max(decided)),
            follows_receipt: decided_at_ms.is_some(),
        }
    }

    /// The fallback where no receipt came, and whether it is certain that the variant is the one that was shown: the token
    /// says it, or nothing but the hash can have decided. Who saw a list from before the start, or was held out of it then, is
    /// of both arms alike, so that it dilutes and does not bias.
    fn by_interaction(&self, event: &Interaction) -> Option<(Exposure, bool)> {
        let is_of_item = event.facts.is_item
            && matches!(
                event.kind,
                EventKind::RecommendationViewed
                    | EventKind::RecommendationAccepted
                    | EventKind::RecommendationDismissed
            );
        let has_receipt = event.receipt.as_ref().is_some_and(|receipt| !receipt.is_carried);
        if has_receipt || !is_of_item || !self.is_of_pack(event) {
            return None;
        }
        let carried = self.named_by(event);
        let moment = self.moment(event.occurred_at_ms, carried.map(|(_, receipt)| receipt.decided_at_ms));
        let unit = self.unit_of(event).filter(|unit| self.assignment_of(unit).is_none())?;
        let (may_expose, device) = (self.may_expose(moment.at_ms), event.device_type.as_deref());
        let exposure = |variant: String, epoch: u32| Exposure {
            source: ExposureSource::Interaction,
            ..self.exposure(unit, variant, epoch, moment.at_ms, &event.context, device)
        };
        if let Some((named, receipt)) = carried {
            let is_there = may_expose && self.person.was_there(receipt.decided_at_ms);
            let has_variant = self.test.definition.variants.iter().any(|variant| variant.name == named.variant);
            let seen =
                (is_there && has_variant).then(|| exposure(named.variant.clone(), named.epoch.min(self.test.epoch)))?;
            let source = if named.counts_as.is_some() { ExposureSource::Merged } else { seen.source };
            return Some((Exposure { source, counts_as: named.counts_as.clone(), ..seen }, true));
        }
        let variant = (self.live.would_assign)(&self.test.test_name, event).filter(|_| may_expose)?;
        // Whoever carries a token that does not name the test saw it before the token, or not at all.
        let is_certain = event.receipt.is_none() && self.test.hash_is_shown();
        Some((exposure(variant, self.test.epoch), is_certain))
    }

    /// Returns the unit that an outcome counts for; None where it comes before its exposure, past the window, past the
    /// test's stop, or of who takes no part now. An `end_date` ends exposures: what follows from them counts on within the
    /// window, until the test is stopped. Before is by more than clocks may be off, where no receipt says that it is not: what one
    /// did so shortly before is of no variant, so that it dilutes and does not bias.
    pub(super) fn attached(&mut self, unit: &Unit, moment: Moment, is_stated: bool) -> Option<Unit> {
        let Some(assignment) = self.assignment_of(unit).cloned() else {
            if is_stated {
                self.note(HealthName::Unexposed);
            }
            return None;
        };
        if assignment.is_forced || !self.takes_part(unit, moment.at_ms) {
            return None;
        }
        // The unit that it goes on was erased with all that it had: nothing adds to it.
        if assignment.counts_as.as_ref().is_some_and(String::is_empty) {
            if is_stated {
                self.note(HealthName::Unexposed);
            }
            return None;
        }
        let Moment { at_ms, follows_receipt } = moment;
        if !follows_receipt && at_ms < assignment.assigned_at_ms - CLOCK_TOLERANCE_MS {
            self.note(HealthName::Unexposed);
            return None;
        }
        let window_ms = i64::from(self.test.definition.window_days) * DAY_MS;
        let is_past = at_ms > assignment.assigned_at_ms + window_ms || self.test.was_stopped(at_ms);
        if is_past {
            self.note(HealthName::Late);
            return None;
        }
        let id = assignment.counts_as.unwrap_or(assignment.unit.id);
        Some(Unit { kind: assignment.unit.kind, id })
    }

    fn note(&mut self, name: HealthName) {
        let test_name = &self.test.test_name;
        let is_known = |known: &&mut HealthCount| known.name == name && known.test_name == *test_name;
        if let Some(known) = self.write.health.iter_mut().find(is_known) {
            known.count += 1;
            return;
        }
        let (environment, test_name) = (self.environment, test_name.clone());
        self.write.health.push(HealthCount { environment, test_name, name, count: 1 });
    }

    fn assignment_of(&self, unit: &Unit) -> Option<&Assignment> {
        self.assignment_to(&self.test.test_name, unit)
    }

    fn assignment_to(&self, test_name: &str, unit: &Unit) -> Option<&Assignment> {
        let is_of_test = |known: &&Assignment| {
            known.unit == *unit && known.environment == self.environment && known.test_name == test_name
        };
        self.person.assignments.iter().chain(self.assigned.iter()).find(is_of_test)
    }

    /// What a unit is shown is what is counted: nothing of who is a tester, held out or does not agree to it now, or is another
    /// test's of the layer. None of that depends on the variant, so that leaving it out is not biased; and what was counted
    /// before stays.
    fn takes_part(&self, unit: &Unit, at_ms: TimeMs) -> bool {
        (self.live.takes_part)(self.test, unit) && !self.is_tester() && !self.is_anothers(unit, at_ms)
    }

    /// True for a tester, whatever the test assigns.
    fn is_tester(&self) -> bool {
        let person = Unit { kind: UnitKind::User, id: self.person.user.clone() };
        self.assignment_of(&person).is_some_and(|row| row.is_forced)
    }

    /// True where another running test of the layer exposed the unit before: it is shown the control of this one.
    fn is_anothers(&self, unit: &Unit, at_ms: TimeMs) -> bool {
        let own = self.assignment_of(unit).map_or(TimeMs::MAX, |row| row.assigned_at_ms);
        let is_first = |row: &Assignment| (row.assigned_at_ms, &row.test_name) < (own, &self.test.test_name);
        let has = |other: &StoredTest| {
            self.assignment_to(&other.test_name, unit).is_some_and(|row| !row.is_forced && is_first(row))
        };
        self.tests.iter().any(|other| other.excludes(self.test, at_ms) && has(other))
    }

    pub(super) fn is_named(&self, environment: Environment, test_name: &str) -> bool {
        environment == self.environment && test_name == self.test.test_name
    }

    pub(super) fn unit_of(&self, event: &Interaction) -> Option<Unit> {
        unit_of(self.test.definition.unit, &self.person.user, event)
    }

    pub(super) fn is_of_pack(&self, event: &Interaction) -> bool {
        self.test.definition.pack.as_ref().is_none_or(|pack| *pack == event.facts.pack)
    }

    /// The test's covariate among what was taken up and done before.
    fn covariate(&self, [accepted, interactions]: [u8; 2]) -> f64 {
        f64::from(match self.test.definition.covariate.as_deref() {
            Some("accepted_before") => accepted,
            Some("interactions_before") => interactions,
            _ => 0,
        })
    }

    /// An exposure now; the covariate is that of now, too, which is the best that is known without a receipt.
    fn exposure(
        &self,
        unit: Unit,
        variant: String,
        epoch: u32,
        assigned_at_ms: TimeMs,
        context: &Context,
        device_type: Option<&str>,
    ) -> Exposure {
        Exposure {
            unit,
            environment: self.environment,
            test_name: self.test.test_name.clone(),
            variant,
            epoch,
            assigned_at_ms,
            source: ExposureSource::Asked,
            counts_as: None,
            segments: cells_of(&self.test.definition.segments, self.person, context, device_type),
            pre: self.covariate(self.person.before),
        }
    }
}
