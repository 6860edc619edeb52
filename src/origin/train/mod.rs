//! The trainers: linear models (item neighbours, factors, similar people), the boosted steps of the ranking model over
//! them, people's own models, and `nearside check-factors`, which compares factors of another engine with the edge's.
//!
//! Each takes people, items and choices as numbers and returns numbers, is the same on a second run and on any number of
//! threads, and says where its formula comes from. People's own models are also sent from here.
//!
//! **Out of scope**: measuring and comparing ranking models, publishing them; reading data, but for another engine's factors
//! and what `check-factors` holds them against.

mod additive;
mod best_first;
mod check_factors;
mod cholesky;
mod external_factors;
mod factors;
mod factors_args;
mod item_factors;
mod item_neighbours;
mod matrix;
mod personal;
mod quantize;
mod ranking_model;
mod shared_people;
mod similar_people;
mod symmetric;
mod threads;
mod vectors;
mod wide;
mod world;

pub(crate) use check_factors::{CheckFactorsArgs, check_factors};
pub(crate) use external_factors::ExternalFactors;
pub(crate) use factors::{FactorSettings, train_factors};
pub(crate) use factors_args::FactorsArgs;
pub(crate) use item_factors::ItemFactors;
pub(crate) use item_neighbours::{NeighbourSettings, Neighbours, train_neighbours};
pub(crate) use matrix::Csr;
pub(crate) use personal::{PersonalModel, PersonalSettings, personal_models, send_personal_models};
pub(crate) use quantize::quantize_neighbours;
pub(crate) use ranking_model::{
    ALLOWED, TrainSettings, Trained, base_of, first_stage, served, train, train_until, with_exact_factors,
};
pub(crate) use shared_people::read_shared_people;
pub(crate) use similar_people::{SimilarUsers, similar_people};
pub(crate) use threads::{available_threads, for_each_part};
pub(crate) use world::{Profiles, World};
