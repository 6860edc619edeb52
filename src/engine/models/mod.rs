//! What training produced, as bytes that outlive the process: the signed envelope, and the model in it.

mod envelope;
mod header;
mod invalid;
mod kept;

pub use envelope::{Envelope, open, signed_message};
pub use header::{EngineRange, ModelHeader};
pub use invalid::InvalidModel;
pub use kept::{KEPT_VERSIONS, KeptVersion, previous, superfluous};
