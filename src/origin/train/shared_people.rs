//! People who share their data, as `GET /export/profiles` gives them. How alike they are is not asked here.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use nearside_engine::collab::PersonFacets;
use nearside_engine::pack::Pack;
use nearside_engine::profile::{ProfileState, evidence};
use nearside_engine::types::{Stated, TimeMs, UserId};
use serde::Deserialize;
use serde_json::Value;

/// One person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SharedPerson {
    /// The id, or its hash, as the export names them.
    pub(crate) user_id: String,
    /// What they are compared by.
    pub(crate) facets: PersonFacets,
}

/// Who takes part, and who does not.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SharedPeople {
    /// By id ascending.
    pub(crate) people: Vec<SharedPerson>,
    /// People under a name that the Worker does not know: neither an id nor the hash that its export makes of one.
    pub(crate) unnamed: usize,
    /// People without an interaction for 60 days.
    pub(crate) inactive: usize,
    /// Lines whose learned profile is of another format; the people take part by what they stated.
    pub(crate) unreadable_states: usize,
}

#[derive(Deserialize)]
struct Line {
    user_id: String,
    #[serde(default)]
    erased_at: Option<String>,
    #[serde(default)]
    stated: Option<Stated>,
    #[serde(default)]
    state: Option<Value>,
}

/// Reads the lines in their order: the last one of a person counts, and an erasure ends what came before it.
///
/// # Errors
/// A line that is not one of the export's.
pub(crate) fn read_shared_people(lines: &str, pack: &Pack, now_ms: TimeMs) -> Result<SharedPeople> {
    let mut latest: BTreeMap<String, Line> = BTreeMap::new();
    for (number, text) in (1..).zip(lines.lines()).filter(|(_, text)| !text.is_empty()) {
        let line: Line =
            serde_json::from_str(text).with_context(|| format!("line {number} is not a profile of the export"))?;
        if line.erased_at.is_some() {
            latest.remove(&line.user_id);
        } else {
            latest.insert(line.user_id.clone(), line);
        }
    }
    let mut found = SharedPeople::default();
    for (user_id, line) in latest {
        if !is_name(&user_id) {
            found.unnamed += 1;
            continue;
        }
        let state = line.state.filter(|state| !state.is_null()).map(readable_state);
        found.unreadable_states += usize::from(matches!(state, Some(None)));
        let state = state.flatten();
        if state.as_ref().is_some_and(|state| evidence(state, now_ms).is_inactive) {
            found.inactive += 1;
            continue;
        }
        let facets = PersonFacets::of(state.as_ref(), &line.stated.unwrap_or_default(), pack, now_ms);
        found.people.push(SharedPerson { user_id, facets });
    }
    Ok(found)
}

/// True for an id, and for what the export names people by who want to be hashed: the Worker finds them again by it.
fn is_name(name: &str) -> bool {
    let is_hash = || name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    UserId::parse(name).is_some() || is_hash()
}

fn readable_state(state: Value) -> Option<ProfileState> {
    let state: ProfileState = serde_json::from_value(state).ok()?;
    (state.format == ProfileState::FORMAT).then_some(state)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail loudly")]
mod tests {
    use std::path::Path;

    use super::*;

    const NOW: TimeMs = 1_790_000_000_000;

    fn finance() -> Pack {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/finance");
        crate::pack::PackFolder::read(&folder).unwrap().check().unwrap().pack
    }

    fn id(number: u8) -> String {
        format!("00000000-0000-7000-8000-0000000000{number:02x}")
    }

    #[test]
    fn the_last_line_of_a_person_counts_and_erased_people_are_gone() {
        let line = |number: u8, rest: &str| format!("{{\"sequence\":1,\"user_id\":\"{}\",{rest}}}\n", id(number));
        let active = format!(
            r#""last_updated":"x","stated":{{"age":30}},"state":{{"v":1,"n":3,"from":1,"to":{NOW},"f":{{"budget":[2,1]}}}}"#
        );
        let lines = [
            line(1, r#""stated":{"age":20},"state":null"#),
            line(2, &active),
            line(3, &active),
            line(1, r#""stated":{"age":21,"income_level":"HIGH"},"state":null"#),
            line(3, r#""erased_at":"2026-11-20T00:00:00Z""#),
            line(4, r#""stated":{},"state":{"v":1,"n":3,"from":1,"to":2}"#),
            line(5, r#""stated":{},"state":{"v":9}"#),
            "{\"sequence\":9,\"user_id\":\"h:abc\",\"stated\":{},\"state\":null}\n".to_owned(),
        ];
        let found = read_shared_people(&lines.concat(), &finance(), NOW).unwrap();
        let ids: Vec<&str> = found.people.iter().map(|person| person.user_id.as_str()).collect();
        assert_eq!(ids, [id(1), id(2), id(5)]);
        assert_eq!((found.unnamed, found.inactive, found.unreadable_states), (1, 1, 1));
        let facets: Vec<&PersonFacets> = found.people.iter().map(|person| &person.facets).collect();
        assert_eq!(facets.iter().map(|facets| facets.age).collect::<Vec<_>>(), [Some(21), Some(30), None]);
        assert!(facets.iter().map(|facets| facets.engagement.is_some()).eq([false, true, false]));
        assert!(facets.iter().all(|facets| facets.features.as_ref().is_none_or(|features| features.len() == 1)));
    }

    #[test]
    fn a_line_that_is_no_profile_is_named() {
        let error = read_shared_people("\n{\"user\":1}\n", &finance(), NOW).unwrap_err();
        assert_eq!(error.to_string(), "line 2 is not a profile of the export");
    }
}
