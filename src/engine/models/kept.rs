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

/// A move of a pack's models, as the log has it.
#[derive(Debug, Clone, PartialEq, Eq, Read)]
pub struct LoggedMove {
    /// False for a way back.
    pub is_promotion: bool,
    /// The version that became live by it; empty for the pack's own weights.
    pub version: String,
    /// The version that was live until then; empty for the pack's own weights.
    pub from: String,
}

/// Returns what the next step back leads to after these moves, the oldest first: the version that was live before the one
/// that is live now. Empty for the pack's own weights.
///
/// A promotion is laid upon what was live; a step back takes away what lay above, so that what was taken back is no way
/// back any more. A version that is asked for by name comes back with what it was laid upon. Versions that are not kept
/// are left out.
pub fn previous<'a>(moves: &'a [LoggedMove], kept: &[KeptVersion]) -> &'a str {
    let line = Line::after(moves);
    let is_kept = |version: &&&str| kept.iter().any(|one| one.version == ***version && one.promoted_at_ms.is_some());
    line.live.iter().rev().skip(1).find(is_kept).copied().unwrap_or_default()
}

/// True for a version that was live and that none of these moves, the oldest first, took back.
pub fn stands(moves: &[LoggedMove], version: &str) -> bool {
    Line::after(moves).live.contains(&version)
}

/// What was live, one upon the other, and what each promoted version was laid upon.
#[derive(Default)]
struct Line<'a> {
    live: Vec<&'a str>,
    laid: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Line<'a> {
    fn after(moves: &'a [LoggedMove]) -> Self {
        let mut line = Self::default();
        for one in moves {
            line.lead_to(&one.from);
            if one.is_promotion {
                line.lay(&one.version);
            } else {
                line.lead_to(&one.version);
            }
        }
        line
    }

    fn lay(&mut self, version: &'a str) {
        self.live.retain(|other| *other != version);
        self.live.push(version);
        self.laid.push((version, self.live.clone()));
    }

    fn lead_to(&mut self, version: &'a str) {
        if version.is_empty() {
            self.live.clear();
        } else if let Some(at) = self.live.iter().position(|other| *other == version) {
            self.live.truncate(at + 1);
        } else {
            let laid = self.laid.iter().rev().find(|(other, _)| *other == version);
            self.live = laid.map_or_else(|| vec![version], |(_, laid)| laid.clone());
        }
    }
}

/// Returns the versions that go, of versions newest first: those behind the tenth that are not `needed`, since they serve
/// or are where the next step back leads. Where those are old, newer ones go in their place.
pub fn superfluous(kept: &[KeptVersion], needed: &[&str]) -> Vec<String> {
    let is_needed = |one: &&KeptVersion| needed.contains(&&*one.version);
    let room = KEPT_VERSIONS.saturating_sub(kept.iter().filter(is_needed).count());
    kept.iter().filter(|one| !is_needed(one)).skip(room).map(|one| one.version.clone()).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn kept(count: usize) -> Vec<KeptVersion> {
        let version = |index: usize| KeptVersion { version: format!("v{index}"), promoted_at_ms: Some(1) };
        (0..count).map(version).collect()
    }

    /// Promotions (`+v1`) and ways back (`-v1`, `-`).
    fn logged(moves: &str) -> Vec<LoggedMove> {
        let mut from = String::new();
        moves
            .split_whitespace()
            .map(|one| {
                let version = one[1..].to_owned();
                let from = std::mem::replace(&mut from, version.clone());
                LoggedMove { is_promotion: one.starts_with('+'), version, from }
            })
            .collect()
    }

    /// Where the next step back leads.
    fn previous_after(moves: &str) -> String {
        previous(&logged(moves), &kept(5)).to_owned()
    }

    #[test]
    fn what_was_live_stands_until_it_is_taken_back() {
        for (moves, standing) in [
            ("", ""),
            ("+v1", "v1"),
            ("+v1 +v2", "v1 v2"),
            ("+v1 +v2 -v1", "v1"),
            ("+v1 +v2 +v3 -v1 +v4", "v1 v4"),
            ("+v1 - +v2", "v2"),
            ("+v1 +v2 -v1 -v2", "v1 v2"),
            ("+v1 +v2 -v1 +v2", "v1 v2"),
        ] {
            let found: Vec<&str> =
                ["v1", "v2", "v3", "v4", ""].into_iter().filter(|version| stands(&logged(moves), version)).collect();
            assert_eq!(found.join(" "), standing, "{moves}");
        }
    }

    #[test]
    fn each_step_back_leads_further_back() {
        for (moves, expected) in [
            ("", ""),
            ("+v1", ""),
            ("+v1 +v2 +v3", "v2"),
            ("+v1 +v2 +v3 -v2", "v1"),
            ("+v1 +v2 +v3 -v2 -v1", ""),
            ("+v1 +v2 +v2", "v1"),
            ("+v1 +v2 -v2", "v1"),
        ] {
            assert_eq!(previous_after(moves), expected, "{moves}");
        }
    }

    #[test]
    fn what_was_taken_back_is_no_way_back() {
        for (moves, expected) in [
            ("+v1 -", ""),
            ("+v1 - +v2", ""),
            ("+v1 +v2 -v1 +v3", "v1"),
            ("+v1 +v2 -v1 +v3 -v1", ""),
            ("+v1 +v2 +v3 -v1 +v4", "v1"),
            ("+v1 +v2 +v1", "v2"),
            ("+v1 +v2 +v1 -v2", ""),
        ] {
            assert_eq!(previous_after(moves), expected, "{moves}");
        }
    }

    #[test]
    fn what_is_asked_for_by_name_comes_with_what_it_was_laid_upon() {
        assert_eq!(previous_after("+v1 +v2 +v3 - -v3"), "v2");
        assert_eq!(previous_after("+v1 +v2 -v1 -v2"), "v1");
        assert_eq!(previous_after("+v1 +v9 +v2"), "v1", "what is not kept is left out");
        let cut = [("v2", "v1"), ("v4", "v3")];
        let cut = cut.map(|(version, from)| LoggedMove {
            is_promotion: true,
            version: version.to_owned(),
            from: from.to_owned(),
        });
        assert_eq!(previous(&cut[..1], &kept(5)), "v1", "a log may be cut off");
        assert_eq!(previous(&cut, &kept(5)), "v3");
    }

    #[test]
    fn what_serves_or_served_before_stays_among_the_ten() {
        assert_eq!(superfluous(&kept(14), &["v13", "v12"]), ["v8", "v9", "v10", "v11"]);
        assert_eq!(superfluous(&kept(14), &["v13", "v11", "v12"]), ["v7", "v8", "v9", "v10"]);
        assert_eq!(superfluous(&kept(10), &["", ""]), [""; 0]);
    }
}
