//! Whether the key that signs models is there, can be read, and by whom.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use base64ct::{Base64, Encoding};
use serde::Deserialize;

use super::finding::Finding;

const CHECK: &str = "model key";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelKey {
    id: String,
    private: String,
}

/// Looks at the file. What is in it is never shown.
pub(super) fn look(path: &Path) -> Finding {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let found = format!("there is none at {}, so no model can be published", path.display());
            return Finding::warning(
                CHECK,
                found,
                "npm start makes one for development; else name yours with --model-key-file",
            );
        }
        Err(error) => {
            let found = format!("{} cannot be read: {error}", path.display());
            return Finding::problem(CHECK, found, "let its owner run this, or name another with --model-key-file");
        }
    };
    let Some(id) = id_of(&text) else {
        let advice = r#"it must be {"id": NAME, "private": the 32 bytes of an Ed25519 seed in base64}"#;
        return Finding::problem(CHECK, format!("{} does not hold a key", path.display()), advice);
    };
    let found = format!("{} holds the key {id}", path.display());
    match strangers(path) {
        Strangers::None => Finding::ok(CHECK, found),
        Strangers::Group => Finding::warning(CHECK, format!("{found}, and its group may read it"), only_owner(path)),
        Strangers::World => Finding::problem(CHECK, format!("{found}, and everybody may read it"), only_owner(path)),
    }
}

fn only_owner(path: &Path) -> String {
    format!("chmod 600 {}, and replace the key if others were on this machine", path.display())
}

fn id_of(text: &str) -> Option<String> {
    let key: ModelKey = serde_json::from_str(text).ok()?;
    let seed = Base64::decode_vec(key.private.trim()).ok()?;
    (seed.len() == 32 && !key.id.is_empty()).then_some(key.id)
}

/// Who but the owner may do anything with the file.
enum Strangers {
    None,
    Group,
    World,
}

#[cfg(unix)]
fn strangers(path: &Path) -> Strangers {
    use std::os::unix::fs::PermissionsExt;
    match fs::metadata(path).map(|file| file.permissions().mode()) {
        Ok(mode) if mode & 0o007 != 0 => Strangers::World,
        Ok(mode) if mode & 0o070 != 0 => Strangers::Group,
        _ => Strangers::None,
    }
}

#[cfg(not(unix))]
fn strangers(_: &Path) -> Strangers {
    Strangers::None
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::finding::Verdict;
    use super::*;
    use crate::data::scratch_folder;

    #[test]
    fn a_key_is_judged_without_being_shown() {
        let folder = scratch_folder("doctor-key");
        let path = folder.path().join("model-key.json");
        let seed = Base64::encode_string(&[9; 32]);
        let check = |text: &str, mode: u32, verdict: Verdict, said: &str| {
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let finding = look(&path);
            let text = format!("{} {}", finding.found, finding.advice.unwrap_or_default());
            assert!(finding.verdict == verdict && text.contains(said) && !text.contains(&seed), "{text}");
        };
        let key = format!(r#"{{"id":"dev-1","private":"{seed}"}}"#);
        check(&key, 0o600, Verdict::Ok, "holds the key dev-1");
        check(&key, 0o640, Verdict::Warning, "chmod 600");
        check(&key, 0o644, Verdict::Problem, "everybody may read it");
        check(&key.replace(&seed, "AAAA"), 0o600, Verdict::Problem, "does not hold a key");
        check(&seed, 0o600, Verdict::Problem, "32 bytes");
        assert_eq!(look(&folder.path().join("none.json")).verdict, Verdict::Warning);
    }
}
