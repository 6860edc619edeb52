//! Strict reading of JSON into typed values. Writing is serde_json's.
//!
//! The reader is ours for its size: serde_json's is generic to the last digit, and every type that it reads carries a
//! copy of much of it (the Worker's wasm shrinks by a fifth without it). Here all that touches bytes exists once, and a
//! struct is read from an object only, never from an array in its place.

mod error;
mod field;
mod inside;
mod number;
mod path;
mod raw;
mod read;
mod text;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests;

pub use error::{JsonError, JsonMistake};
pub use field::{FieldName, required};
pub use raw::RawJson;
pub use read::{read_json, read_json_as};
