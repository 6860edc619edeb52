//! What training produced, as bytes that outlive the process: the signed envelope, and the model in it.

mod base64;
mod envelope;
mod header;
mod invalid;
mod kept;

pub use base64::base64_bytes;
pub use envelope::{Envelope, open, signed_message};
pub use header::{EngineRange, ModelHeader};
pub use invalid::InvalidModel;
pub use kept::{KEPT_VERSIONS, KeptVersion, previous, superfluous};
