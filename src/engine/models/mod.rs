//! What training produced, as bytes that outlive the process: the signed envelope, and the model in it.

mod arrays;
mod base64;
mod envelope;
mod feature;
mod format;
mod header;
mod invalid;
mod kept;
mod model;
mod personal;
mod term;

pub use arrays::to_base64;
pub use base64::base64_bytes;
pub use envelope::{Envelope, open, signed_message};
pub use feature::Feature;
pub use format::{DataWindow, FactorsFile, ModelFile, NeighboursFile};
pub use header::{EngineRange, ModelHeader};
pub use invalid::InvalidModel;
pub use kept::{KEPT_VERSIONS, KeptVersion, LoggedMove, previous, stands, superfluous};
pub use model::{Factors, Model, Neighbours};
pub use personal::{LEAST_WEIGHT, MOST_WEIGHT, PersonalWeights};
pub use term::{Among, ModelTerm};
