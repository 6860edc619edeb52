//! Experiments from definition to sums, on the memory host.

mod counting;
mod faults;
mod life;
mod place;
mod results;
