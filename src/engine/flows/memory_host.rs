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

/// A small pack for tests.
#[cfg(test)]
pub(super) const A_SHOP: &str = r#"{
    "format": 1, "id": "shop", "version": "1", "title": "A shop", "language": "en-GB", "kinds": ["article"],
    "categories": [{"id": "HATS", "name": "Hats"}], "scopes": [{"id": "home"}], "countries": ["GB"],
    "words": {
        "building_message": "Building.", "show_more": "More", "tones": [{"id": "plain"}], "reasons": [], "benefits": [],
        "examples": [], "context": {}, "deadline": "Until {date}.", "months": [], "abbreviations": [],
        "protected": {"negations": [], "conditions": [], "warnings": []}, "currencies": {},
        "sentiment": {"positive": [], "negative": [], "negators": []},
        "explain": {"primary": [], "improve": [], "none": "", "logic": "", "data_used": {}, "terms": {}}
    }
}"#;
