//! The key that signs models: a file that its owner alone may read. What is in it is never shown.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64ct::{Base64, Encoding};
use ed25519_dalek::SigningKey;
use serde::Deserialize;

/// A key and the id by which the Worker knows its public half.
pub(crate) struct ModelKey {
    /// The id.
    pub(super) id: String,
    /// The seed.
    pub(super) signing: SigningKey,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    id: String,
    private: String,
}

impl ModelKey {
    /// Reads `{"id", "private"}`, the 32 bytes of an Ed25519 seed in base64.
    ///
    /// # Errors
    /// A file that is not there, is something else, or that everybody may read.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| {
            format!("the model key {shown} cannot be read: npm start makes one, --model-key-file names another")
        })?;
        ensure!(
            !is_open_to_all(path)?,
            "everybody may read the model key {shown}: chmod 600 {shown}, and replace it if others were on this machine"
        );
        // What serde says of a broken file may quote it.
        let key = Self::parse(&text);
        key.with_context(|| {
            format!(r#"{shown} does not hold a key: it must be {{"id": NAME, "private": 32 bytes of an Ed25519 seed in base64}}"#)
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let file: KeyFile = serde_json::from_str(text).ok()?;
        let seed: [u8; 32] = Base64::decode_vec(file.private.trim()).ok()?.try_into().ok()?;
        (!file.id.is_empty()).then(|| Self { id: file.id, signing: SigningKey::from_bytes(&seed) })
    }
}

#[cfg(unix)]
fn is_open_to_all(path: &Path) -> Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o007 != 0)
}

#[cfg(not(unix))]
fn is_open_to_all(_: &Path) -> Result<bool> {
    Ok(false)
}

impl ModelKey {
    /// A key that nobody trusts, for checks.
    pub(crate) fn of_seed(id: &str, seed: [u8; 32]) -> Self {
        Self { id: id.to_owned(), signing: SigningKey::from_bytes(&seed) }
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::data::scratch_folder;

    #[test]
    fn a_key_that_everybody_may_read_signs_nothing_and_none_is_shown() {
        let folder = scratch_folder("publish-key");
        let path = folder.path().join("model-key.json");
        let seed = Base64::encode_string(&[9; 32]);
        let read = |text: &str, mode: u32| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            ModelKey::read(&path).map(|key| key.id).map_err(|error| format!("{error:#}"))
        };
        let good = format!(r#"{{"id":"dev-1","private":"{seed}"}}"#);
        assert_eq!(read(&good, 0o600).unwrap(), "dev-1");
        for (text, mode, said) in [
            (good.clone(), 0o604, "chmod 600"),
            (good.replace(&seed, "AAAA"), 0o600, "does not hold a key"),
            (good.replace("id", "name"), 0o600, "does not hold a key"),
            (seed.clone(), 0o600, "does not hold a key"),
        ] {
            let error = read(&text, mode).unwrap_err();
            assert!(error.contains(said) && !error.contains(&seed), "{error}");
        }
        assert!(ModelKey::read(&folder.path().join("none")).err().unwrap().to_string().contains("npm start makes one"));
    }
}
