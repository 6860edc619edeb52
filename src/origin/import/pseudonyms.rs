//! The names under which the edge exports people who want their id hashed.

use std::fmt::Write;

use anyhow::Result;
use hmac::{Hmac, Mac};
use nearside_engine::types::UserId;
use sha2::Sha256;

/// What the edge puts before the id, so that the same key never hashes the same bytes for another purpose.
const PURPOSE: &[u8] = b"nearside export\x1f";
/// A pseudonym is a SHA-256 in hex.
const PSEUDONYM_BYTES: usize = 64;

/// The key of a Worker.
#[derive(Clone)]
pub(super) struct Pseudonyms {
    key: String,
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pseudonyms")
    }
}

impl Pseudonyms {
    /// Takes the key.
    pub(super) fn new(key: String) -> Self {
        Self { key }
    }

    /// The name of a person: HMAC-SHA-256 of the id's sixteen bytes, as the edge's host makes it. None for what is no
    /// user id.
    pub(super) fn of(&self, user: &str) -> Option<String> {
        let user = UserId::parse(user)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.as_bytes()).ok()?;
        mac.update(PURPOSE);
        mac.update(user.as_bytes());
        let mut text = String::with_capacity(PSEUDONYM_BYTES);
        for byte in mac.finalize().into_bytes() {
            let _ = write!(text, "{byte:02x}");
        }
        Some(text)
    }

    /// The other names of a person: of an id its pseudonym, of a pseudonym the ids among `people` that have it.
    pub(super) fn other_names(&self, user: &str, people: impl FnOnce() -> Result<Vec<String>>) -> Result<Vec<String>> {
        if let Some(pseudonym) = self.of(user) {
            return Ok(vec![pseudonym]);
        }
        if user.len() != PSEUDONYM_BYTES {
            return Ok(Vec::new());
        }
        Ok(people()?.into_iter().filter(|other| self.of(other).as_deref() == Some(user)).collect())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const USER: &str = "018f4e9a-0000-7000-8000-000000000001";

    #[test]
    fn an_id_and_its_pseudonym_find_each_other() {
        let pseudonyms = Pseudonyms::new("secret".to_owned());
        let hashed = pseudonyms.of(USER).unwrap();
        assert_eq!(hashed.len(), PSEUDONYM_BYTES);
        assert_ne!(Pseudonyms::new("other".to_owned()).of(USER), Some(hashed.clone()));
        let people = || Ok(vec!["17850".to_owned(), USER.to_owned()]);
        assert_eq!(pseudonyms.other_names(&hashed, people).unwrap(), [USER]);
        assert_eq!(pseudonyms.other_names(USER, people).unwrap(), [hashed]);
        assert!(pseudonyms.other_names("17850", people).unwrap().is_empty());
        assert_eq!(format!("{pseudonyms:?}"), "Pseudonyms", "the key is in no log");
    }
}
