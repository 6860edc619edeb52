//! The tests of an environment as everybody may read them: what assignment on a device needs, and nothing that an admin said
//! besides. Where they are offered is `on_device`.

use super::definition::{Definition, DefinitionSet, StoredTest, TestStatus};
use crate::experiments::{Allocation, CONTROL, Hashing};

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
    /// A copy without what is said to people, counted or concluded. Every field is named here, so that whoever adds one
    /// decides on it.
    fn for_devices(&self) -> Self {
        let mut test = self.clone();
        let Self {
            test_name: _,
            status,
            epoch,
            stratum,
            opened_at_ms,
            started_at_ms,
            stopped_at_ms,
            pauses,
            salt,
            allocation,
            ranges,
            definition,
        } = &mut test;
        (*stratum, *opened_at_ms, *started_at_ms, *stopped_at_ms) = (*epoch, 0, None, None);
        pauses.clear();
        let Definition {
            description,
            hypothesis,
            start_date,
            end_date,
            pack: _,
            framing,
            variants,
            unit: _,
            hash,
            eligibility,
            traffic_percentage: _,
            layer,
            in_holdout: _,
            success_metric,
            metrics,
            guardrails,
            segments,
            window_days,
            covariate,
            minimum_sample_size,
            alpha,
            count_without_receipt,
            reason,
        } = definition;
        for text in [description, hypothesis, success_metric, reason] {
            text.clear();
        }
        metrics.clear();
        guardrails.clear();
        segments.clear();
        (*window_days, *minimum_sample_size, *alpha) = (0, 0, 0.0);
        (*covariate, *count_without_receipt) = (None, None);
        for variant in variants.iter_mut() {
            variant.description.clear();
            variant.value = None;
        }
        if *status != TestStatus::Active {
            salt.clear();
            variants.retain(|variant| variant.name == CONTROL);
            (*allocation, *ranges, *hash) = (Allocation::of_weights(&[1.0]), None, Hashing::default());
            (*start_date, *end_date, *framing, *eligibility, *layer) = (None, None, None, None, None);
        }
        test
    }
}
