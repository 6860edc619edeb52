//! Where the keys of a development server are found. What is in them is read in `command`.

use std::{env, fs};

use anyhow::{Context, Result};

pub(super) const KEYS_VARIABLE: &str = "AUTH_KEYS";

/// Where wrangler keeps the secrets of a development server.
const SECRETS_FILE: &str = ".dev.vars";

/// Returns the text of `AUTH_KEYS`, from the environment or from the secrets file of the current folder.
///
/// # Errors
/// When neither has it; says how to get it.
pub(super) fn auth_keys() -> Result<String> {
    find_auth_keys(env::var(KEYS_VARIABLE).ok(), fs::read_to_string(SECRETS_FILE).ok())
}

/// Returns the secret by which the Worker of this folder hashes the ids of people in exports: `EXPORT_KEY`, else
/// `AUTH_KEYS`, each from the environment or from the secrets file. None when nothing is known here.
pub(crate) fn export_key() -> Option<String> {
    let stated = |name: &str| {
        let from_file = || assigned(&fs::read_to_string(SECRETS_FILE).ok()?, name);
        env::var(name).ok().or_else(from_file).filter(|key| !key.trim().is_empty())
    };
    stated("EXPORT_KEY").or_else(|| stated(KEYS_VARIABLE))
}

/// The environment is asked before the file, so that one command can use other keys.
fn find_auth_keys(environment: Option<String>, secrets_file: Option<String>) -> Result<String> {
    let is_given = |keys: &String| !keys.trim().is_empty();
    environment
        .filter(is_given)
        .or_else(|| secrets_file.and_then(|text| assigned(&text, KEYS_VARIABLE)).filter(is_given))
        .with_context(|| {
            format!(
                "no keys: {KEYS_VARIABLE} is not set and {SECRETS_FILE} in this folder has none. \
                 Run npm start once, or set {KEYS_VARIABLE}"
            )
        })
}

/// Finds `NAME=...` in a dotenv text; the value may be bare, or in any of the three quotes and then run over
/// several lines. The last one counts.
fn assigned(text: &str, name: &str) -> Option<String> {
    let mut found = None;
    let mut line_end = 0;
    for line in text.split_inclusive('\n') {
        line_end += line.len();
        let line = line.trim_start();
        let assignment = line.strip_prefix("export ").unwrap_or(line).trim_start().strip_prefix(name);
        let Some(value) = assignment.and_then(|rest| rest.trim_start().strip_prefix('=')).map(str::trim_start) else {
            continue;
        };
        let quote = value.chars().next().filter(|first| "'\"`".contains(*first));
        found = match quote {
            None => Some(value.trim_end().to_owned()),
            Some(quote) => text.get(line_end - value.len()..)?.split(quote).nth(1).map(str::to_owned),
        };
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_comes_before_the_file_and_both_may_be_absent() {
        let file = || Some("AUTH_KEYS='[1]'\n".to_owned());
        assert_eq!(find_auth_keys(Some("[2]".into()), file()).unwrap(), "[2]");
        assert_eq!(find_auth_keys(None, file()).unwrap(), "[1]");
        assert_eq!(find_auth_keys(Some(" ".into()), file()).unwrap(), "[1]");
        for file in [None, Some(String::new()), Some("AUTH_KEYS=\n".to_owned())] {
            assert!(find_auth_keys(None, file).unwrap_err().to_string().contains("npm start"));
        }
    }

    #[test]
    fn keys_are_found_in_every_form_of_a_secrets_file() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(assigned(text, KEYS_VARIABLE).as_deref(), expected, "{text}");
        };
        check("AUTH_KEYS=[1]", Some("[1]"));
        check("AUTH_KEYS=[1]  \r\nOTHER=2\r\n", Some("[1]"));
        check("OTHER=2\nexport AUTH_KEYS = '[{\"a\":1}]' # note\n", Some("[{\"a\":1}]"));
        check("AUTH_KEYS=\"[1]\"", Some("[1]"));
        check("AUTH_KEYS=`[1]`", Some("[1]"));
        check("AUTH_KEYS='[\n1\n]'\nOTHER=2", Some("[\n1\n]"));
        check("AUTH_KEYS='[1]'\nAUTH_KEYS='[2]'", Some("[2]"));
        check("# AUTH_KEYS=[1]\nAUTH_KEYS_OLD=[2]\n", None);
        check("AUTH_KEYS='[1]", Some("[1]"));
        check("", None);
    }
}
