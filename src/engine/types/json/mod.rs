//! Strict reading of JSON into typed values, and writing.
//!
//! The reader is ours for its size: serde's way of reading is generic to the last digit, and every type that is read so
//! carries a copy of much of it. Here a value is read into its place (`Read`), a struct is a table of names and places,
//! and all that touches bytes exists once. A struct is read from an object only, never from an array in its place.
//!
//! serde's `Deserialize` is implemented beside it for native tools and tests, and goes through the same reader.

mod error;
mod names;
mod number;
mod object;
mod path;
mod read;
mod scalar;
mod text;
mod value;
mod write;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests;

pub use error::{Fault, JsonError, JsonMistake};
pub use names::{FromName, variant_named};
pub use object::{Fields, Shape};
pub(crate) use read::deserialize_as_read;
pub use read::{Kind, Read, fill, read_json, read_json_within, read_through_serde, walk_json};
pub use text::{DEEPEST_JSON, Reader};
pub use value::RawJson;
pub use write::write_json;
