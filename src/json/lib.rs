//! JSON for the engine and its hosts: read strictly, written compactly.
//!
//! It is ours for its size and its speed in wasm. serde's way of reading is generic to the last digit, and every type
//! that is read so carries a copy of much of it, as small and slow as the Worker is compiled. Here a value is read into
//! its place ([`Read`]), a struct is a table of names and places, and all that touches bytes exists once, in a crate that
//! is compiled for speed. A struct is read from an object only, never from an array in its place.
//!
//! Writing takes serde's `Serialize`. Its `Deserialize` is implemented beside `Read` for native tools and tests, and goes
//! through the same reader.

#[cfg(test)]
extern crate self as nearside_json;

mod error;
mod names;
mod number;
mod object;
mod path;
mod plain_number;
mod quoted;
mod read;
mod reader;
mod scalar;
mod text;
mod value;
mod write;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]
mod tests;

pub use error::{Fault, JsonError, JsonMistake};
pub use names::{FromName, variant_named};
pub use nearside_json_derive::Read;
pub use object::{Entries, Fields, Shape};
pub use plain_number::PlainNumber;
pub use quoted::Quoted;
pub use read::{Kind, Read, fill, read_json, read_json_within, read_through_serde, walk_json};
pub use reader::{DEEPEST_JSON, Reader};
pub use value::RawJson;
pub use write::write_json;
