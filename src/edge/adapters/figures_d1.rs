//! `Figures` in D1: an ask is a list of statements over one JSON parameter.

use nearside_engine::ports::{Figures, FiguresAsk, ModelFacts, Unavailable};
use nearside_engine::types::{AdminScope, TimeMs};

use super::database::Database;
use super::sql::figures as sql;
use super::store_d1::D1Store;

impl<D: Database> Figures for D1Store<D> {
    fn figures(
        &self,
        scope: AdminScope,
        ask: FiguresAsk,
        facts: &ModelFacts,
        at_ms: TimeMs,
    ) -> impl Future<Output = Result<String, Unavailable>> {
        self.told(sql::statements_of(ask), facts.asked(scope, at_ms))
    }
}
