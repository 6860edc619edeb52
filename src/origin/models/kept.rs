//! What the Worker says of a pack's models, and which version somebody means.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::registry::Registry;

/// Shorter beginnings of a version are no names.
const SHORTEST_PREFIX: usize = 4;

/// A pack's pointers and kept versions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct PackModels {
    /// The pack.
    pub(crate) pack: String,
    /// The version that serves; None: the pack's own weights.
    pub(crate) live: Option<String>,
    /// `VERSION:SHARE` of the canary.
    pub(crate) canary: Option<String>,
    /// What was live before the live one, where a step back leads; None: the pack's own weights.
    #[serde(default)]
    pub(crate) previous: Option<String>,
    /// Newest first.
    pub(crate) versions: Vec<KeptModel>,
}

/// One kept version.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct KeptModel {
    /// SHA-256 of the signed document.
    pub(crate) version: String,
    /// `CANDIDATE`, `LIVE`, `CANARY` or `RETIRED`.
    pub(crate) status: String,
    /// Bytes of the signed document.
    pub(crate) size_bytes: u64,
    /// When it was trained (RFC 3339).
    pub(crate) trained_at: String,
    /// Offline figures.
    #[serde(default)]
    pub(crate) metrics: BTreeMap<String, Value>,
    /// The gate's verdicts at its last promotion.
    #[serde(default)]
    pub(crate) gate: Option<Value>,
    /// When it last became live by a promotion (RFC 3339, always of the same length).
    #[serde(default)]
    pub(crate) promoted_at: Option<String>,
}

impl PackModels {
    /// Finds the version that somebody means: `live`, or the beginning of a version.
    ///
    /// # Errors
    /// None or several are meant.
    pub(crate) fn named(&self, name: &str) -> Result<&KeptModel> {
        let wanted = match name {
            "live" => self.live.as_deref().with_context(|| format!("{}: no model is live", self.pack))?,
            name => name,
        };
        ensure!(wanted.len() >= SHORTEST_PREFIX, "{wanted:?} is too short to name a version");
        let found: Vec<&KeptModel> = self.versions.iter().filter(|one| one.version.starts_with(wanted)).collect();
        match found.as_slice() {
            [one] => Ok(one),
            [] => bail!("{}: no version {wanted} is kept; see nearside models list", self.pack),
            several => bail!("{}: {wanted} begins {} versions; write more of it", self.pack, several.len()),
        }
    }
}

/// Reads what is kept of a pack.
///
/// # Errors
/// No such pack is live; a refusal.
pub(crate) fn models_of(registry: &dyn Registry, pack: &str) -> Result<PackModels> {
    let text = registry.read(&format!("/models/{pack}"))?;
    let text = text.with_context(|| format!("no pack {pack} is live; see nearside pack publish"))?;
    serde_json::from_str(&text).context("what the Worker says of its models does not have the documented shape")
}

/// The pack that is given, else the only one that is live.
///
/// # Errors
/// None or several are live.
pub(crate) fn find_pack(registry: &dyn Registry, given: Option<&str>) -> Result<String> {
    if let Some(pack) = given {
        return Ok(pack.to_owned());
    }
    let health: Value = serde_json::from_str(&registry.read("/health")?.unwrap_or_default())?;
    let packs: Vec<String> =
        health.get("packs").and_then(Value::as_object).into_iter().flatten().map(|(pack, _)| pack.clone()).collect();
    match packs.as_slice() {
        [pack] => Ok(pack.clone()),
        [] => bail!("no pack is live; see nearside pack publish"),
        several => bail!("several packs are live: say which with --pack: {}", several.join(", ")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn models(live: &str, versions: &[&str]) -> PackModels {
        let kept = |version: &&str| KeptModel {
            version: (*version).to_owned(),
            status: "RETIRED".to_owned(),
            size_bytes: 1,
            trained_at: String::new(),
            metrics: BTreeMap::new(),
            gate: None,
            promoted_at: None,
        };
        let versions = versions.iter().map(kept).collect();
        PackModels { pack: "shop".to_owned(), live: Some(live.to_owned()), canary: None, previous: None, versions }
    }

    #[test]
    fn a_version_is_named_by_its_beginning() {
        let models = models("abcd1", &["abcd1", "abcd2", "bbbbb"]);
        assert_eq!(models.named("live").unwrap().version, "abcd1");
        assert_eq!(models.named("bbbb").unwrap().version, "bbbbb");
        for (name, said) in [("abcd", "begins 2"), ("abc", "too short"), ("ffff", "no version ffff"), ("", "too short")]
        {
            assert!(models.named(name).unwrap_err().to_string().contains(said), "{name}");
        }
    }
}
