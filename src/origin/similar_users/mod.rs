//! `nearside similar-users`: finds for each person who shares the people most like them, and gives that to the Worker. How
//! alike people are is the engine's to say, and the search is training's.

mod command;
mod job;

pub(crate) use command::{SimilarUsersArgs, run};
