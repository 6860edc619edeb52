//! `nearside verify`: whether a model keeps what models promise, whatever it was trained on: its terms are its scores, the
//! same input gives the same bytes, it is as small as it must be, and a damaged one never serves. What it is worth is
//! measured by `nearside evaluate`.

mod command;
mod damage;
mod decisions;
mod promise;

pub(crate) use command::{VerifyArgs, run};
