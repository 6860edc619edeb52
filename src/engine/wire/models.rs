//! What decides where a model goes. Other bodies of the origin job go into their tables as they came, and are only asked
//! whether they hold members that nobody reads.

use nearside_json::{Fault, RawJson, Read, Reader};

use super::limits::{BodyLimits, BodyRefused, read_body};
use super::requests::said;

/// POST /models/{pack}/promote: `version`, `share`, `gate`, `forced_reason`. POST /models/{pack}/rollback: `to`, `reason`.
/// Both: `expected_live`, `expected_canary`.
#[derive(Debug, Clone, Default, Read)]
#[serde(deny_unknown_fields, default)]
pub struct MoveRequest {
    /// The version to promote.
    pub version: Option<String>,
    /// Per cent of people, 1 to 100; 100 makes it the live one, less a canary beside it.
    pub share: Option<u8>,
    /// The gate's verdicts, an object with `passed`.
    pub gate: Option<RawJson>,
    /// Why it is promoted though the gate does not say that it passed.
    pub forced_reason: Option<String>,
    /// A kept version that was live, to go back to; empty for the pack's own weights; None for the one before.
    pub to: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The version that must be live, null for none; absent for whichever is.
    #[read(place = "said")]
    pub expected_live: Option<Option<String>>,
    /// The canary that must be there, `VERSION:SHARE`, null for none; absent for whichever is.
    #[read(place = "said")]
    pub expected_canary: Option<Option<String>>,
}

/// Makes sure that a body keeps to its limits, and is an object with no other members than these.
///
/// # Errors
/// The first limit that it breaks; its shape.
pub fn check_members(bytes: &[u8], limits: BodyLimits, names: &[&str]) -> Result<(), BodyRefused> {
    let Members(sent) = read_body(bytes, limits)?;
    let is_known = |name: &String| names.contains(&name.as_str());
    let is_twice = |at: usize| sent.iter().skip(at + 1).any(|other| sent.get(at) == Some(other));
    if !sent.iter().all(is_known) || (0..sent.len()).any(is_twice) {
        return Err(BodyRefused::Shape("the body does not have its documented shape".to_owned()));
    }
    Ok(())
}

/// The names of an object's members.
struct Members(Vec<String>);

impl Read for Members {
    fn blank() -> Self {
        Self(Vec::new())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        reader.members("an object", &mut |reader, name| {
            self.0.push(name);
            reader.pass_over()
        })
    }
}
