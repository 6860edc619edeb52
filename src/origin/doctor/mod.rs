//! `nearside doctor`: looks at everything that the other commands need, and says what to do about what is missing. It
//! changes nothing.

mod command;
mod finding;
mod local;
mod model_key;
mod worker;

pub(crate) use command::{DoctorArgs, run};
