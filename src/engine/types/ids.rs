//! Who and what: user ids, roles, and the shape of text ids. How a role is proved is the host's business.

use nearside_json::{Fault, Read, Reader, deserialize_as_read};
use serde::Serialize;
use uuid::Uuid;

/// A person, by the UUID of the host's user system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct UserId(Uuid);

impl UserId {
    /// The scheduled jobs, where an audit trail wants an actor: 00000000-0000-7000-8000-000000000000.
    pub const JOBS: Self = Self(Uuid::from_u128(0x7000_8000_0000_0000_0000));

    /// Reads the one accepted spelling: hyphenated, lower case, not nil.
    pub fn parse(text: &str) -> Option<Self> {
        let id = Uuid::try_parse(text).ok()?;
        let mut buffer = Uuid::encode_buffer();
        let canonical: &str = id.hyphenated().encode_lower(&mut buffer);
        (canonical == text && !id.is_nil()).then_some(Self(id))
    }

    /// Wraps an id that a token check already read.
    pub fn from_uuid(id: Uuid) -> Option<Self> {
        (!id.is_nil()).then_some(Self(id))
    }

    /// The id's sixteen bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl std::fmt::Display for UserId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl Read for UserId {
    fn blank() -> Self {
        Self(Uuid::nil())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let id = Self::parse(reader.text("a string")?);
        *self = id.ok_or_else(|| Fault::shape("is not a UUID in lower case with hyphens"))?;
        Ok(())
    }
}

deserialize_as_read!(UserId);

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        id.to_string()
    }
}

/// What a token's bearer may do; the matrix is in `privacy::access`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A person in the app: their own data.
    Client,
    /// A person with read-only content rights in the app: their own data.
    Reader,
    /// A dashboard: aggregates only.
    Monitor,
    /// An operator: all.
    Admin,
    /// An operator of operators: all.
    Superadmin,
}

impl Role {
    /// Every role, in order of rights.
    pub const ALL: [Role; 5] = [Role::Client, Role::Reader, Role::Monitor, Role::Admin, Role::Superadmin];

    /// True for the roles that may act for others.
    pub fn is_admin(self) -> bool {
        matches!(self, Role::Admin | Role::Superadmin)
    }
}

/// True when a text is fit to be an id: 1 to 128 bytes, printable, without control characters or outer spaces.
pub fn is_text_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 128 && text.trim() == text && !text.chars().any(char::is_control)
}
