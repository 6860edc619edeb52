//! Figures in memory: none. They are counted by SQL and are nobody's decision; what memory keeps is that a call can fail.

use super::faults::Port;
use super::store::Memory;
use crate::ports::{Figures, FiguresAsk, ModelFacts, Unavailable};
use crate::types::{AdminScope, TimeMs};

impl<Cache> Figures for Memory<Cache> {
    async fn figures(&self, _: AdminScope, _: FiguresAsk, _: &ModelFacts, _: TimeMs) -> Result<String, Unavailable> {
        self.call(Port::Upkeep, "figures", &[], |_| String::new())
    }
}
