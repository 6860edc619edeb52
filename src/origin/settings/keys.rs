//! The settings that there are, and the names that look like secrets.

/// One setting: a key of the file, an environment variable, and the flag of that name wherever a command has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// In the file; the flag is the same with hyphens.
    pub(crate) name: &'static str,
    /// In the environment.
    pub(super) environment: &'static str,
    /// What it says, for the help text.
    pub(super) meaning: &'static str,
}

/// Every setting. A flag of another name is not one: it belongs to one command, or to one run.
pub(super) const KEYS: &[Key] = &[
    Key { name: "store", environment: "NEARSIDE_STORE", meaning: "the store of imported events" },
    Key { name: "url", environment: "NEARSIDE_URL", meaning: "the Worker's address" },
    Key { name: "pack", environment: "NEARSIDE_PACK", meaning: "the pack that a command is about" },
    Key { name: "model_key_file", environment: "NEARSIDE_MODEL_KEY_FILE", meaning: "the file with the signing key" },
    Key { name: "seed", environment: "NEARSIDE_SEED", meaning: "where chance begins" },
    Key { name: "threads", environment: "NEARSIDE_THREADS", meaning: "how many threads work" },
    Key { name: "quiet", environment: "NEARSIDE_QUIET", meaning: "no progress on standard error" },
];

impl Key {
    /// The flag, without its two hyphens.
    pub(super) fn flag(&self) -> String {
        self.name.replace('_', "-")
    }
}

/// Finds a setting by its name in the file.
pub(super) fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Finds a setting by its flag.
pub(super) fn key_of_flag(flag: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.flag() == flag)
}

/// The names of all settings.
pub(crate) fn names() -> String {
    KEYS.iter().map(|key| key.name).collect::<Vec<_>>().join(", ")
}

/// Says where a secret belongs, when the name sounds like one.
pub(super) fn place_of_secret(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let has = |part: &str| name.contains(part);
    if has("auth_key") {
        Some("set AUTH_KEYS in the environment, or in .dev.vars")
    } else if has("export_key") {
        Some("set EXPORT_KEY in the environment, or in .dev.vars")
    } else if has("token") {
        Some("set NEARSIDE_TOKEN in the environment")
    } else if ["key", "private", "secret", "password", "passphrase", "credential"].into_iter().any(has) {
        Some(
            "keep it in the environment (NEARSIDE_TOKEN, AUTH_KEYS, EXPORT_KEY) or in the file that model_key_file names",
        )
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variables_follow_the_names_of_keys() {
        for key in KEYS {
            assert_eq!(key.environment, format!("NEARSIDE_{}", key.name.to_ascii_uppercase()));
            assert_eq!(key_of_flag(&key.flag()), Some(key));
        }
    }

    #[test]
    fn what_sounds_like_a_secret_is_told_where_it_belongs() {
        for (name, place) in [
            ("token", "NEARSIDE_TOKEN"),
            ("Admin-Token", "NEARSIDE_TOKEN"),
            ("auth_keys", "AUTH_KEYS"),
            ("export-key", "EXPORT_KEY"),
            ("model_key", "model_key_file"),
            ("private", "model_key_file"),
            ("db_password", "NEARSIDE_TOKEN"),
        ] {
            assert!(place_of_secret(name).is_some_and(|said| said.contains(place)), "{name}");
        }
        assert_eq!(place_of_secret("colour"), None);
    }
}
