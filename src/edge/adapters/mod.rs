//! The ports' other side: D1, KV and Queue. An adapter moves rows and bytes and decides nothing.
//!
//! `D1Store` answers for everything that D1 holds. It is generic over a small `Database`, so that the tests run the very
//! same statements and the very same Rust on SQLite, natively. Texts of SQL live in `sql`, next to the index they use.

mod blobs_kv;
mod database;
mod database_d1;
mod dead_letters_d1;
mod deadline;
mod delegate;
mod ed25519_webcrypto;
mod events_queue;
mod events_write;
mod experiments_d1;
mod experiments_write;
mod figures_d1;
mod interactions_d1;
mod library_d1;
mod models_d1;
mod parameters;
mod people_d1;
mod person_rows;
mod sql;
mod store_d1;
mod upkeep_d1;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests;

pub(crate) use blobs_kv::BlobsKv;
pub(crate) use database_d1::D1;
pub(crate) use dead_letters_d1::DeadLetter;
pub(crate) use delegate::delegate_ports;
pub(crate) use ed25519_webcrypto::WebCrypto;
pub(crate) use events_queue::EventsQueue;
pub(crate) use store_d1::D1Store;
