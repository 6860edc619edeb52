//! The memory ports as a host: what tests run the use cases on, natively and in wasm.

use std::cell::RefCell;

use super::Host;
use super::domain::DomainCache;
use crate::ports::memory::Memory;

/// The ports in memory, with a cache of prepared domains beside them.
pub type MemoryHost = Memory<RefCell<DomainCache>>;

impl Host for MemoryHost {
    fn domains(&self) -> &RefCell<DomainCache> {
        &self.cache
    }
}
