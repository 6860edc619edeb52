//! What training produced, as bytes that outlive the process: the signed envelope, and the model in it.

mod envelope;
mod invalid;

pub use envelope::{Envelope, open, signed_message};
pub use invalid::InvalidModel;
