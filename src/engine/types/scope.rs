//! Capabilities: a store is asked with one of these, and only `privacy::access` can make them.
//! `tests/tidy` asserts that nobody else calls `granted`.

use super::ids::UserId;

/// The right to read and write one person's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonScope {
    user: UserId,
    actor: Actor,
}

/// The right to read and write what belongs to no person: packs, catalogues, pointers, exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdminScope {
    actor: UserId,
}

/// Who acts, for the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// The person.
    Own,
    /// An administrator, by id.
    Admin(UserId),
    /// The queue's consumer or a scheduled job, for what was authorised when it was taken.
    System,
}

impl PersonScope {
    pub(crate) fn granted(user: UserId, actor: Actor) -> Self {
        Self { user, actor }
    }

    /// Whose rows.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.actor
    }
}

impl AdminScope {
    pub(crate) fn granted(actor: UserId) -> Self {
        Self { actor }
    }

    /// Who acts.
    pub fn actor(&self) -> UserId {
        self.actor
    }
}
