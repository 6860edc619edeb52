//! What training produced, as bytes that outlive the process: the signed envelope, and the model in it.

mod arrays;
mod envelope;
mod feature;
mod format;
mod invalid;
mod model;
mod term;

pub use arrays::to_base64;
pub use envelope::{Envelope, open, signed_message};
pub use feature::Feature;
pub use format::{DataWindow, EngineRange, FactorsFile, FactsFile, ModelFile, NeighboursFile};
pub use invalid::InvalidModel;
pub use model::{Factors, ItemFacts, Model, Neighbours};
pub use term::{Among, ModelTerm};
