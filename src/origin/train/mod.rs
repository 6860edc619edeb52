//! The trainers of linear models: item neighbours, factors, similar people, content. Each takes numbers and returns
//! numbers, is the same on a second run and on any number of threads, and says where its formula comes from.
//!
//! **Out of scope**: reading data, comparing models, publishing.

mod cholesky;
mod factors;
mod item_neighbours;
mod matrix;
mod symmetric;
mod threads;
mod vectors;

pub(crate) use factors::{FactorSettings, ItemFactors, train_factors};
pub(crate) use item_neighbours::{NeighbourSettings, Neighbours, train_neighbours};
pub(crate) use matrix::Csr;
pub(crate) use threads::available_threads;
