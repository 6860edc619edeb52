//! What can be wrong with `AUTH_KEYS`, in words for the person who set it. The checks are in `keys`.

use std::fmt;

use super::keys::{FEWEST_DIFFERENT_BYTES, LONGEST_KEY_ID_BYTES, SHORTEST_SECRET_BYTES};

/// What is wrong with `AUTH_KEYS`. Says where and what to do; never repeats what was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidKeys {
    /// The secret is absent, blank or an empty list.
    Missing,
    /// The host gave an empty issuer or audience to check against.
    NoIssuerOrAudience,
    /// The text does not parse, names something twice, or nests too deep.
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The text is JSON but not a list.
    NotAnArray,
    /// One entry is wrong.
    Entry {
        /// The position of the entry, from 1.
        number: usize,
        /// What is wrong with it.
        fault: KeyFault,
    },
}

/// What is wrong with one entry of `AUTH_KEYS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// It is not an object.
    NotAnObject,
    /// It has a field with a name that is not known.
    UnknownField,
    /// The named field is absent or of the wrong type.
    Field(&'static str),
    /// The id is empty, too long, or has other characters than letters, digits, `.`, `_` and `-`.
    Id,
    /// An earlier entry has the same id.
    IdTwice,
    /// An earlier entry has the same key.
    MaterialTwice,
    /// The algorithm is neither `HS256` nor `EdDSA`.
    Algorithm,
    /// The key is not canonical base64url without padding.
    Encoding,
    /// The secret has fewer bytes than the hash.
    ShortSecret(usize),
    /// The secret is a pattern.
    GuessableSecret,
    /// The bytes are not an Ed25519 public key, or one of the weak ones.
    PublicKey,
    /// The list of roles is empty or names one that does not exist.
    Roles,
}

impl std::error::Error for InvalidKeys {}

impl fmt::Display for InvalidKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => formatter.write_str("AUTH_KEYS is missing: set the secret, or run npm start once"),
            Self::NoIssuerOrAudience => formatter.write_str("the issuer or the audience of tokens is not set"),
            Self::NotJson { line, column } => {
                write!(formatter, "AUTH_KEYS is not JSON with every name once: see line {line}, column {column}")
            }
            Self::NotAnArray => formatter.write_str("AUTH_KEYS is not a JSON array of keys"),
            Self::Entry { number, fault } => write!(formatter, "AUTH_KEYS, key {number}: {fault}"),
        }
    }
}

impl fmt::Display for KeyFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => formatter.write_str("not a JSON object"),
            Self::UnknownField => formatter.write_str("a field is none of id, algorithm, key, roles, not_after_ms"),
            Self::Field(name) => write!(formatter, "{name} is missing or of the wrong type"),
            Self::Id => write!(
                formatter,
                "id must be 1 to {LONGEST_KEY_ID_BYTES} letters, digits, dots, underscores or hyphens"
            ),
            Self::IdTwice => formatter.write_str("an earlier key has the same id"),
            Self::MaterialTwice => formatter.write_str("an earlier entry has the same key bytes"),
            Self::Algorithm => formatter.write_str("algorithm must be HS256 or EdDSA"),
            Self::Encoding => formatter.write_str("key is not base64url without padding"),
            Self::ShortSecret(bytes) => {
                write!(formatter, "the HS256 secret has {bytes} bytes, fewer than {SHORTEST_SECRET_BYTES}")
            }
            Self::GuessableSecret => write!(
                formatter,
                "the HS256 secret has fewer than {FEWEST_DIFFERENT_BYTES} different bytes, so it can be guessed"
            ),
            Self::PublicKey => formatter.write_str("key is not a 32-byte Ed25519 public key fit for use"),
            Self::Roles => {
                formatter.write_str("roles must name one or more of client, reader, monitor, admin, superadmin")
            }
        }
    }
}
