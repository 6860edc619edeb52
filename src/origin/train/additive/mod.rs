//! The exactly additive ranking model: step functions of single features, boosted on the slopes of NDCG.

mod lambdas;
mod lists;
mod stumps;

pub(crate) use lists::Lists;
pub(crate) use stumps::{Boosting, Expected, Slot, boost};
