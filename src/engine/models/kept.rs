//! Which versions of a pack's models are kept, and which one a way back leads to.

use nearside_json::Read;

use crate::types::TimeMs;

/// Versions that a pack keeps.
pub const KEPT_VERSIONS: usize = 10;

/// A version that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Read)]
pub struct KeptVersion {
    /// The hash.
    pub version: String,
    /// When it last became live by a promotion; later for every promotion than for all before.
    pub promoted_at_ms: Option<TimeMs>,
}

/// Returns the version that was live before `live` was promoted. A way back does not count as a promotion, so that the
/// next step back leads further back; before the first there is none.
pub fn previous<'a>(kept: &'a [KeptVersion], live: &str) -> Option<&'a str> {
    let promoted = kept.iter().find(|one| one.version == live)?.promoted_at_ms?;
    let before = kept.iter().filter(|one| one.promoted_at_ms.is_some_and(|at_ms| at_ms < promoted));
    before.max_by_key(|one| one.promoted_at_ms).map(|one| one.version.as_str())
}

/// Returns the versions that go, of versions newest first: those behind the tenth that neither serve (`live`, `canary`)
/// nor are where the next step back leads. Where those are old, newer ones go in their place.
pub fn superfluous(kept: &[KeptVersion], live: &str, canary: &str) -> Vec<String> {
    let back = previous(kept, live);
    let is_needed = |one: &&KeptVersion| one.version == live || one.version == canary || Some(&*one.version) == back;
    let needed = kept.iter().filter(is_needed).count();
    let others = kept.iter().filter(|one| !is_needed(one));
    others.skip(KEPT_VERSIONS.saturating_sub(needed)).map(|one| one.version.clone()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn kept(promoted: &[Option<TimeMs>]) -> Vec<KeptVersion> {
        let version = |(index, promoted_at_ms): (usize, &Option<TimeMs>)| KeptVersion {
            version: format!("v{index}"),
            promoted_at_ms: *promoted_at_ms,
        };
        promoted.iter().enumerate().map(version).collect()
    }

    #[test]
    fn each_step_back_leads_further_back() {
        let kept = kept(&[None, Some(30), Some(10), Some(20)]);
        assert_eq!(previous(&kept, "v1"), Some("v3"));
        assert_eq!(previous(&kept, "v3"), Some("v2"));
        assert_eq!(previous(&kept, "v2"), None);
        assert_eq!(previous(&kept, "v0"), None, "a candidate never was live");
        assert_eq!(previous(&kept, ""), None);
    }

    #[test]
    fn what_serves_or_served_before_stays_among_the_ten() {
        let mut promoted = vec![None; 14];
        promoted[12] = Some(1);
        promoted[13] = Some(2);
        assert_eq!(superfluous(&kept(&promoted), "v13", ""), ["v8", "v9", "v10", "v11"]);
        assert_eq!(superfluous(&kept(&promoted), "v13", "v11"), ["v7", "v8", "v9", "v10"]);
        assert_eq!(superfluous(&kept(&promoted[..10]), "", ""), [""; 0]);
    }
}
