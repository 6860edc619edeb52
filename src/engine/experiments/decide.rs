//! Who sees what: one path for one test and for all, for the fast answer and for the explained one.

use super::assignments::{Assignment, Assignments};
use super::definition::UnitKind;
use super::plan::{LayerPart, Plan, PlannedTest, Split};
use super::salts::{Purpose, Salt, as_fraction};
use crate::types::{Fact, FactValue, Facts, TimeMs};

/// Hashes of so many layers are kept during one call; those of others are made again for each of their tests.
const LAYERS_KEPT: usize = 4;

/// Who asks. Facts are those that consent allows; what is unknown makes no condition true.
#[derive(Debug)]
pub struct Asker<'a, F> {
    /// The person's id.
    pub user: Option<&'a str>,
    /// The session's id.
    pub session: Option<&'a str>,
    /// The device's id.
    pub device: Option<&'a str>,
    /// What conditions may read.
    pub facts: &'a F,
    /// What is known to be assigned, from tokens or the store.
    pub assignments: &'a Assignments,
    /// The host's time.
    pub now_ms: TimeMs,
}

/// What was decided on one test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// Index of the test in the plan.
    pub test: usize,
    /// Index of the variant to show.
    pub variant: u8,
    /// The epoch to count it under: that of the first assignment.
    pub epoch: u16,
    /// Why.
    pub reason: Reason,
    /// The hash that decided, as a share of all hashes; None where none was asked.
    pub bucket: Option<f64>,
}

/// Why a unit sees a variant, in the order in which it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The test does not run: CONTROL.
    Inactive,
    /// The request names no unit of the kind that the test assigns: CONTROL.
    NoUnit,
    /// Held out of all tests: CONTROL.
    HeldOut,
    /// The condition does not hold: CONTROL.
    Ineligible,
    /// Assigned before; the condition holds no more. Facts change from visit to visit, and who came and went with them would
    /// see both variants and count for one.
    KeptIneligible,
    /// Assigned before.
    Existing,
    /// Another test of the layer has this unit: CONTROL.
    OtherOfLayer,
    /// Not among the share that takes part: CONTROL.
    NotCovered,
    /// Assigned now.
    Assigned,
}

impl Reason {
    /// The reason's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::NoUnit => "no_unit",
            Self::HeldOut => "held_out",
            Self::Ineligible => "ineligible",
            Self::KeptIneligible => "kept_ineligible",
            Self::Existing => "existing",
            Self::OtherOfLayer => "other_of_layer",
            Self::NotCovered => "not_covered",
            Self::Assigned => "assigned",
        }
    }
}

impl Verdict {
    /// True when the unit takes part, so that what it sees and does is counted.
    pub fn is_counted(&self) -> bool {
        matches!(self.reason, Reason::Assigned | Reason::Existing | Reason::KeptIneligible)
    }
}

/// Decides one test of a plan by its index; None past the last.
pub fn decide<F: Facts>(plan: &Plan, test: usize, asker: &Asker<'_, F>) -> Option<Verdict> {
    let planned = plan.tests().get(test)?;
    Some(Deciding::new(plan, asker).verdict(test, planned))
}

/// Decides all tests of a plan, in its order.
pub fn decide_all<F: Facts>(plan: &Plan, asker: &Asker<'_, F>) -> Vec<Verdict> {
    let mut deciding = Deciding::new(plan, asker);
    plan.tests().iter().enumerate().map(|(index, test)| deciding.verdict(index, test)).collect()
}

/// True where a unit is held out of all tests of a plan.
pub fn is_held_out(plan: &Plan, unit: &str) -> bool {
    plan.holdout.is_some_and(|(salt, held_out)| u128::from(salt.hash(unit)) < held_out)
}

/// One call: what was hashed already is kept.
struct Deciding<'a, F> {
    plan: &'a Plan,
    asker: &'a Asker<'a, F>,
    /// By kind of unit.
    held_out: [Option<bool>; 3],
    /// Of the one kind of unit that all tests of a layer have (`check_beside`).
    layers: [u64; LAYERS_KEPT],
    /// One bit for each layer whose hash is kept.
    known_layers: u8,
}

impl<'a, F: Facts> Deciding<'a, F> {
    fn new(plan: &'a Plan, asker: &'a Asker<'a, F>) -> Self {
        Self { plan, asker, held_out: [None; 3], layers: [0; LAYERS_KEPT], known_layers: 0 }
    }

    /// The order of these lines is the order of the reasons.
    fn verdict(&mut self, index: usize, test: &PlannedTest) -> Verdict {
        let shown =
            |reason: Reason, variant: u8| Verdict { test: index, variant, epoch: test.epoch, reason, bucket: None };
        let out = |reason: Reason| shown(reason, test.control);
        if !test.is_running(self.asker.now_ms) {
            return out(Reason::Inactive);
        }
        let Some(unit) = self.unit_of(test) else { return out(Reason::NoUnit) };
        if self.is_held_out(test.unit, unit) {
            return out(Reason::HeldOut);
        }
        let kept = self.asker.assignments.of(test.id);
        // A variant that this definition does not have was assigned by another test of the same name.
        let kept = kept.filter(|kept| usize::from(kept.variant) < test.variants.len());
        let as_kept = |reason: Reason, kept: &Assignment| Verdict { epoch: kept.epoch, ..shown(reason, kept.variant) };
        if !self.is_eligible(test, unit) {
            return match kept {
                Some(kept) => as_kept(Reason::KeptIneligible, kept),
                None => out(Reason::Ineligible),
            };
        }
        if let Some(kept) = kept {
            return as_kept(Reason::Existing, kept);
        }
        if test.layer.is_some_and(|layer| !self.is_in_layer(test, layer, unit)) {
            return out(Reason::OtherOfLayer);
        }
        if test.coverage.is_some_and(|(salt, covered)| u128::from(salt.hash(unit)) >= covered) {
            return out(Reason::NotCovered);
        }
        match &test.split {
            Split::Native(salt, allocation) => {
                let hash = salt.hash(unit);
                let bucket = Some(as_fraction(hash));
                Verdict { bucket, ..shown(Reason::Assigned, allocation.variant_of(hash)) }
            }
            Split::Foreign(rule) => {
                let found = rule.assign(unit);
                let bucket = Some(found.bucket);
                match found.variant.filter(|variant| usize::from(*variant) < test.variants.len()) {
                    Some(variant) => Verdict { bucket, ..shown(Reason::Assigned, variant) },
                    None => Verdict { bucket, ..out(Reason::NotCovered) },
                }
            }
        }
    }

    fn unit_of(&self, test: &PlannedTest) -> Option<&'a str> {
        match test.unit {
            UnitKind::User => self.asker.user,
            UnitKind::Session => self.asker.session,
            UnitKind::Device => self.asker.device,
        }
    }

    fn is_held_out(&mut self, kind: UnitKind, unit: &str) -> bool {
        if self.plan.holdout.is_none() {
            return false;
        }
        let hashed = || is_held_out(self.plan, unit);
        self.held_out.get_mut(kind as usize).is_some_and(|known| *known.get_or_insert_with(hashed))
    }

    fn is_eligible(&self, test: &PlannedTest, unit: &str) -> bool {
        let facts = WithShares { facts: self.asker.facts, environment: &self.plan.environment, unit };
        test.eligibility.as_ref().is_none_or(|condition| condition.holds(&facts))
    }

    /// A unit is in the test whose part of the layer holds its hash, unless another running test of the layer has it
    /// already: parts may be moved, and tests of a layer still exclude each other.
    fn is_in_layer(&mut self, test: &PlannedTest, layer: LayerPart, unit: &str) -> bool {
        let Some(salt) = self.plan.layers.get(layer.index) else { return false };
        let hash = match self.layers.get_mut(layer.index) {
            Some(kept) => {
                let bit = 1 << layer.index;
                if self.known_layers & bit == 0 {
                    *kept = salt.hash(unit);
                    self.known_layers |= bit;
                }
                *kept
            }
            None => salt.hash(unit),
        };
        (layer.from..layer.to).contains(&u128::from(hash)) && !self.is_in_another(test, layer)
    }

    fn is_in_another(&self, test: &PlannedTest, layer: LayerPart) -> bool {
        let assignments = self.asker.assignments;
        let is_of_layer = |other: &&PlannedTest| other.layer.is_some_and(|part| part.index == layer.index);
        !assignments.is_empty()
            && self.plan.tests().iter().filter(is_of_layer).any(|other| {
                other.id != test.id && other.is_running(self.asker.now_ms) && assignments.of(other.id).is_some()
            })
    }
}

/// Facts, and the unit's share under any salt.
struct WithShares<'a, F> {
    facts: &'a F,
    environment: &'a str,
    unit: &'a str,
}

impl<F: Facts> Facts for WithShares<'_, F> {
    fn value(&self, fact: &Fact) -> FactValue<'_> {
        match fact {
            Fact::UnitShare(salt) => {
                let salt = Salt::new(Purpose::Eligibility, self.environment, salt);
                FactValue::Number(as_fraction(salt.hash(self.unit)))
            }
            fact => self.facts.value(fact),
        }
    }
}
