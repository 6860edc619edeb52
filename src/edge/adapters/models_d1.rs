//! `Models` and `Neighbours` in D1: an ask is a list of statements over one JSON parameter.

use nearside_engine::ports::{ModelAsk, ModelFacts, Models, Neighbours, NeighboursChoices, Unavailable};
use nearside_engine::types::{AdminScope, PersonScope, TimeMs};

use super::database::{Database, Statement, unreadable};
use super::sql::models as sql;
use super::store_d1::D1Store;

impl<D: Database> Models for D1Store<D> {
    fn model_records(
        &self,
        scope: AdminScope,
        ask: ModelAsk,
        facts: &ModelFacts,
        at_ms: TimeMs,
    ) -> impl Future<Output = Result<String, Unavailable>> {
        self.told(sql::statements_of(ask), facts.asked(scope, at_ms))
    }
}

impl<D: Database> Neighbours for D1Store<D> {
    async fn neighbours_choices(&self, scope: PersonScope) -> Result<NeighboursChoices, Unavailable> {
        let statement = Statement::new(sql::NEIGHBOURS_CHOICES).text(scope.user().to_string());
        self.database.rows(statement).await?.pop().ok_or_else(unreadable)?.json()
    }
}
