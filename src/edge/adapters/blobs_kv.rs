//! `Blobs` in KV. Names hold the hash of what they name, so a value never changes and may be kept for long;
//! a name that is missing may only be late.

use std::rc::Rc;

use nearside_engine::ports::{Blobs, Unavailable};
use worker::KvStore;

use super::deadline::{READ, WRITE, within};

/// KV. Clones share one binding.
#[derive(Debug, Clone)]
pub(crate) struct BlobsKv {
    binding: Rc<KvStore>,
}

impl BlobsKv {
    /// Wraps a binding.
    pub(crate) fn new(binding: KvStore) -> Self {
        Self { binding: Rc::new(binding) }
    }
}

impl Blobs for BlobsKv {
    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        within(READ, "kv", self.binding.get(name).bytes()).await?.map_err(|_| unavailable("a read failed"))
    }

    async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Unavailable> {
        let put = self.binding.put_bytes(name, bytes).map_err(|_| unavailable("a write failed"))?;
        within(WRITE, "kv", put.execute()).await?.map_err(|_| unavailable("a write failed"))
    }
}

fn unavailable(reason: &str) -> Unavailable {
    Unavailable { store: "kv", reason: reason.to_owned() }
}
