//! The exactly additive ranking model: step functions of single features, boosted on the slopes of NDCG.

mod lambdas;
mod lists;
mod stumps;

#[expect(unused_imports, reason = "the trainer is being built on these")]
pub(crate) use lists::Lists;
#[expect(unused_imports, reason = "the trainer is being built on these")]
pub(crate) use stumps::{Boosting, Expected, Slot, boost};
