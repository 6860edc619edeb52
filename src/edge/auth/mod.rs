//! Who is asking: bearer tokens, checked against the keys in the secret `AUTH_KEYS`.
//!
//! *In scope*: reading the keys, verifying a signature, judging the claims; the public keys of models beside them.
//! *Out of scope*: what a role may do (that is ownership and access, beside the routes), making tokens
//! (`nearside token` in the origin), and the curve of Ed25519 (the host's, behind a trait). Nothing here knows the Worker runtime, so all of it is tested natively.

mod bearer;
mod claims;
mod ed25519;
mod invalid_keys;
mod keys;
mod model_keys;
mod strict_json;
mod token;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod corpus;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod testing;

pub use bearer::bearer_token;
pub use claims::Claims;
pub use ed25519::{Ed25519, PublicKey};
pub use invalid_keys::{InvalidKeys, KeyFault};
pub use keys::KeyRing;
pub use model_keys::ModelKeys;
pub use token::{TokenRefused, verify};
