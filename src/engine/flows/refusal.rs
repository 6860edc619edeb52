//! Why a use case was not carried out. Hosts turn it into a status; the engine knows none.

use super::places::place_without_names;
use crate::models::InvalidModel;
use crate::pack::InvalidPack;
use crate::ports::{BROKEN_CONSTRAINT, Unavailable};
use crate::privacy::Denied;
use crate::wire::BodyRefused;

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The request does not have its shape or breaks a rule.
    Invalid,
    /// The body is too large.
    TooLarge,
    /// There is no such thing, or it is somebody else's: one answer for both.
    NotFound,
    /// The role has no right to it.
    Forbidden,
    /// The person has not agreed.
    ConsentRequired,
    /// Somebody else changed it at the same time, again and again.
    Conflict,
    /// A store is down, and nothing true can be said without it.
    Unavailable,
}

/// A refusal: its kind, a stable code, and one sentence that never repeats the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The kind.
    pub kind: Kind,
    /// For programs.
    pub code: &'static str,
    /// For people.
    pub detail: String,
}

impl Refusal {
    /// A request that breaks a rule.
    pub fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self { kind: Kind::Invalid, code, detail: detail.into() }
    }

    /// Nothing there.
    pub fn not_found() -> Self {
        Self { kind: Kind::NotFound, code: "not-found", detail: "there is nothing here".to_owned() }
    }

    /// Not agreed.
    pub fn consent_required() -> Self {
        let detail = "the person has not agreed to personalization; change it with POST /settings".to_owned();
        Self { kind: Kind::ConsentRequired, code: "consent-required", detail }
    }

    /// Written by others in between, too often.
    pub fn conflict() -> Self {
        let detail = "others kept changing this at the same time; try again".to_owned();
        Self { kind: Kind::Conflict, code: "conflict", detail }
    }
}

impl From<Unavailable> for Refusal {
    fn from(down: Unavailable) -> Self {
        // Tables check the rows that are handed to them as they came.
        if down.reason == BROKEN_CONSTRAINT {
            return Self::invalid("invalid-request", "a member or a row does not have its documented shape or range");
        }
        Self {
            kind: Kind::Unavailable,
            code: "unavailable",
            detail: format!("the store {} does not answer; try again", down.store),
        }
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unknown => Self::not_found(),
            Denied::Role => Self {
                kind: Kind::Forbidden,
                code: "forbidden",
                detail: "the token's role has no right to this".to_owned(),
            },
            Denied::NamedUser => {
                Self::invalid("invalid-request", "user_id is for admins; the user is taken from the token")
            }
        }
    }
}

impl From<BodyRefused> for Refusal {
    fn from(refused: BodyRefused) -> Self {
        let detail = match refused {
            BodyRefused::TooLarge(limit) => {
                return Self {
                    kind: Kind::TooLarge,
                    code: "too-large",
                    detail: format!("the body has more than {limit} bytes"),
                };
            }
            BodyRefused::TooDeep(limit) => format!("the body nests deeper than {limit}"),
            BodyRefused::StringTooLong(limit) => format!("the body holds a string of more than {limit} bytes"),
            BodyRefused::TooMany(limit) => format!("the body holds a list of more than {limit} entries"),
            BodyRefused::Shape(detail) => detail,
        };
        Self::invalid("invalid-request", detail)
    }
}

impl From<InvalidModel> for Refusal {
    fn from(invalid: InvalidModel) -> Self {
        let code = match invalid.code {
            "envelope" => "model-envelope",
            "signature" => "model-signature",
            "format" => "model-format",
            "engine" => "model-engine",
            "pack" => "model-pack",
            "clock" => "model-clock",
            _ => "model-shape",
        };
        Self::invalid(code, invalid.detail)
    }
}

impl From<InvalidPack> for Refusal {
    fn from(invalid: InvalidPack) -> Self {
        // The findings' own words repeat the input. `pack check` shows them to the author, who has it; an answer names
        // places and rules.
        let said: Vec<String> = invalid
            .0
            .iter()
            .take(20)
            .map(|finding| format!("{} [{}]", place_without_names(&finding.path), finding.rule))
            .collect();
        Self::invalid("invalid-pack", said.join("; "))
    }
}
