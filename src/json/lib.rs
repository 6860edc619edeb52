//! JSON for the engine and its hosts.
//!
//! serde says what a type consists of; this crate says how that becomes text. It is ours for its size and speed in
//! wasm: serde_json's reader and writer are generic to the last digit, so every type carries a copy of much of them,
//! compiled as small and slow as the rest of the Worker. Here all that touches bytes exists once, in a crate of its
//! own, which is compiled for speed.

mod error;
mod name;
mod text;
mod write;

pub use error::WriteError;
pub use write::{to_string, to_vec};
