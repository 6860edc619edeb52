//! Pointers, drafts, blobs and the queue.

use super::faults::{Port, Trouble};
use super::store::{Audit, Memory};
use crate::ports::{Blobs, DraftChange, EventQueue, Library, Pointers, Unavailable};
use crate::types::{Actor, AdminScope, Item, TimeMs};

impl<Cache> Library for Memory<Cache> {
    async fn pointers(&self) -> Result<Pointers, Unavailable> {
        self.call(Port::Library, "pointers", &[], |tables| tables.pointers.clone())
    }

    async fn point(&self, scope: AdminScope, changes: &Pointers, at_ms: TimeMs) -> Result<(), Unavailable> {
        self.call(Port::Library, "point", &[], |tables| {
            tables.pointers.extend(changes.clone());
            let actor = Actor::Admin(scope.actor());
            tables.audit.push(Audit { at_ms, action: "pointer.moved", actor, subject: None });
        })
    }

    async fn change_draft(&self, _: AdminScope, change: &DraftChange, _: TimeMs) -> Result<u32, Unavailable> {
        self.call(Port::Library, "change_draft", &[], |tables| {
            let draft = tables.drafts.entry(change.pack.clone()).or_default();
            draft.extend(change.items.iter().map(|item| (item.id.clone(), item.clone())));
            draft.retain(|id, _| !change.remove.contains(id));
            u32::try_from(draft.len()).unwrap_or(u32::MAX)
        })
    }

    async fn draft(&self, _: AdminScope, pack: &str) -> Result<Vec<Item>, Unavailable> {
        self.call(Port::Library, "draft", &[], |tables| {
            tables.drafts.get(pack).map(|draft| draft.values().cloned().collect()).unwrap_or_default()
        })
    }
}

impl<Cache> Blobs for Memory<Cache> {
    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
        self.call(Port::Blobs, "get", &[], |tables| tables.blobs.get(name).cloned())
    }

    async fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Unavailable> {
        self.call(Port::Blobs, "put", &[], |tables| {
            tables.blobs.insert(name.to_owned(), bytes.to_vec());
        })
    }

    async fn remove(&self, name: &str) -> Result<(), Unavailable> {
        self.call(Port::Blobs, "remove", &[], |tables| {
            tables.blobs.remove(name);
        })
    }
}

impl<Cache> EventQueue for Memory<Cache> {
    async fn send(&self, messages: &[String]) -> Result<usize, Unavailable> {
        // The queue is the one port that can be of two minds.
        let trouble = self.plan.borrow().next_trouble(Port::Queue);
        let taken = if trouble == Some(Trouble::TakesOne) { messages.len().min(1) } else { messages.len() };
        self.call(Port::Queue, "send", &[], |tables| {
            tables.queue.extend(messages.iter().take(taken).cloned());
            taken
        })
    }
}
