//! Experiments in memory.

use super::store::Memory;
use crate::ports::{Applied, Experiments, TestChange, TestStatistics, Tester, Unavailable};
use crate::types::{AdminScope, Assignment, Environment, PersonScope, TimeMs, Unit};

/// There are no tables yet.
const NOT_YET: Unavailable = Unavailable { store: "d1", reason: String::new() };

impl<Cache> Experiments for Memory<Cache> {
    async fn definition_set(&self, _: Environment) -> Result<String, Unavailable> {
        Err(NOT_YET)
    }

    async fn report_tests(&self, _: AdminScope, _: Environment, _: Option<&str>) -> Result<String, Unavailable> {
        Err(NOT_YET)
    }

    async fn change_test(&self, _: AdminScope, _: &TestChange, _: &str, _: TimeMs) -> Result<Applied, Unavailable> {
        Err(NOT_YET)
    }

    async fn force(&self, _: AdminScope, _: Environment, _: &str, _: &[Tester], _: TimeMs) -> Result<(), Unavailable> {
        Err(NOT_YET)
    }

    async fn assignments(&self, _: PersonScope, _: Environment, _: &[Unit]) -> Result<Vec<Assignment>, Unavailable> {
        Err(NOT_YET)
    }

    async fn statistics_of_test(&self, _: AdminScope, _: Environment, _: &str) -> Result<TestStatistics, Unavailable> {
        Err(NOT_YET)
    }

    async fn settle_tests(&self, _: TimeMs) -> Result<u32, Unavailable> {
        Ok(0)
    }
}
