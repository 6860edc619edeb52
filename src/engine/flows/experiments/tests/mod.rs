//! Experiments from definition to sums, on the memory host.

mod carried;
mod counting;
mod devices;
mod faults;
mod life;
mod place;
mod results;
mod units;
mod unsealed;
