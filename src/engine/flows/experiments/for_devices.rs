//! The tests of an environment as everybody may read them: what assignment on a device needs, and nothing that an admin said
//! besides. Where they are offered is `on_device`.

use super::definition::{Definition, DefinitionSet, StoredTest, TestStatus, TestVariant};
use crate::experiments::{Allocation, CONTROL};

impl DefinitionSet {
    /// The tests of a pack, and those of all packs, for devices to assign; None where there is none. What was never started is
    /// the admins' own; of what does not run any more a device needs the name, to answer with the control.
    ///
    /// It is a set like any other, so that devices read it as they always did: what is left out is empty.
    pub(in crate::flows) fn for_devices(&self, pack: &str) -> Option<Self> {
        let is_offered = |test: &&StoredTest| {
            test.started_at_ms.is_some() && test.definition.pack.as_ref().is_none_or(|own| own == pack)
        };
        let tests: Vec<StoredTest> = self.tests.iter().filter(is_offered).map(StoredTest::for_devices).collect();
        // The environment's chance is in the holdout and in the layers, and in nothing else.
        let is_salted = self.holdout_percentage > 0.0 || tests.iter().any(|test| test.definition.layer.is_some());
        let salt = if is_salted { self.salt.clone() } else { String::new() };
        let Self { format, environment, holdout_percentage, .. } = *self;
        (!tests.is_empty()).then_some(Self { format, environment, salt, holdout_percentage, tests })
    }
}

impl StoredTest {
    fn for_devices(&self) -> Self {
        let bare = Self {
            test_name: self.test_name.clone(),
            status: self.status,
            epoch: self.epoch,
            stratum: self.epoch,
            opened_at_ms: 0,
            started_at_ms: None,
            stopped_at_ms: None,
            pauses: Vec::new(),
            salt: String::new(),
            allocation: Allocation::of_weights(&[1.0]),
            ranges: None,
            definition: Definition { pack: self.definition.pack.clone(), ..Definition::default() },
        };
        let Definition { variants, unit, .. } = &self.definition;
        let named = |variant: &TestVariant| TestVariant {
            name: variant.name.clone(),
            traffic_percentage: variant.traffic_percentage,
            ..TestVariant::default()
        };
        if self.status != TestStatus::Active {
            let control = variants.iter().filter(|variant| variant.name == CONTROL).map(named).collect();
            return Self { definition: Definition { variants: control, unit: *unit, ..bare.definition }, ..bare };
        }
        Self {
            salt: self.salt.clone(),
            allocation: self.allocation.clone(),
            ranges: self.ranges.clone(),
            definition: Definition {
                start_date: self.definition.start_date.clone(),
                end_date: self.definition.end_date.clone(),
                framing: self.definition.framing.clone(),
                variants: variants.iter().map(named).collect(),
                unit: *unit,
                hash: self.definition.hash.clone(),
                eligibility: self.definition.eligibility.clone(),
                traffic_percentage: self.definition.traffic_percentage,
                layer: self.definition.layer.clone(),
                in_holdout: self.definition.in_holdout,
                ..bare.definition
            },
            ..bare
        }
    }
}
