//! What a client carries and cannot make: a body, sealed for one unit of one environment. What bodies mean is `token`'s and
//! `receipt`'s.

use base64ct::{Base64UrlUnpadded, Encoding};

use super::definition::UnitKind;
use crate::math::{MacKey, is_same_code};

/// Bytes of the code: half of HMAC-SHA-256, which nobody guesses in 2^128 tries.
const CODE_BYTES: usize = 16;

/// What a seal is for. A receipt is no token, whoever sealed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SealPurpose {
    Token,
    Receipt,
}

/// Whom a seal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder<'a> {
    /// Kind of the unit.
    pub kind: UnitKind,
    /// Its id.
    pub id: &'a str,
}

/// The keys of one environment. The first seals, all open, so that a key can be replaced while its seals are out.
#[derive(Debug, Clone)]
pub struct SealKeys(Vec<NumberedKey>);

#[derive(Debug, Clone)]
struct NumberedKey {
    number: u8,
    token: MacKey,
    receipt: MacKey,
}

/// Why a sealed text was refused. Callers tell people no more than that it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidSeal {
    /// Longer than any that is made.
    TooLong,
    /// Not base64url without padding, or too short.
    Encoding,
    /// No key has that number.
    UnknownKey,
    /// Made by somebody else, for somebody else, for another environment or another purpose, or changed.
    Code,
    /// Sealed by us in a form that this version does not read.
    Format,
}

impl SealKeys {
    /// Derives the keys of an environment from secrets, each with a number of 0 to 255 of its own. Secrets are chance of 32
    /// bytes or more; who deploys checks that.
    pub fn new(environment: &str, secrets: &[(u8, &[u8])]) -> Self {
        let derived = |secret: &[u8], purpose: &str| {
            MacKey::new(&MacKey::new(secret).code(&[
                b"nearside\x1f",
                purpose.as_bytes(),
                b"\x1f",
                environment.as_bytes(),
            ]))
        };
        let key = |(number, secret): &(u8, &[u8])| NumberedKey {
            number: *number,
            token: derived(secret, "assignments"),
            receipt: derived(secret, "receipt"),
        };
        Self(secrets.iter().map(key).collect())
    }

    /// Seals a body: key number, body and code as base64url. None without a key.
    pub(super) fn seal(&self, purpose: SealPurpose, holder: Holder<'_>, body: &[u8]) -> Option<String> {
        let key = self.0.first()?;
        let mut bytes = Vec::with_capacity(1 + body.len() + CODE_BYTES);
        bytes.push(key.number);
        bytes.extend_from_slice(body);
        let code = key.code(purpose, holder, &bytes);
        bytes.extend(code.iter().take(CODE_BYTES));
        Some(Base64UrlUnpadded::encode_string(&bytes))
    }

    /// Opens a sealed text and returns its body.
    pub(super) fn open(
        &self,
        purpose: SealPurpose,
        holder: Holder<'_>,
        text: &str,
        most_body_bytes: usize,
    ) -> Result<Vec<u8>, InvalidSeal> {
        if text.len() > (1 + most_body_bytes + CODE_BYTES).div_ceil(3) * 4 {
            return Err(InvalidSeal::TooLong);
        }
        let bytes = Base64UrlUnpadded::decode_vec(text).map_err(|_| InvalidSeal::Encoding)?;
        let (signed, code) = bytes.split_last_chunk::<CODE_BYTES>().ok_or(InvalidSeal::Encoding)?;
        let (number, body) = signed.split_first().ok_or(InvalidSeal::Encoding)?;
        let key = self.0.iter().find(|key| key.number == *number).ok_or(InvalidSeal::UnknownKey)?;
        let expected = key.code(purpose, holder, signed);
        let is_ours = expected.first_chunk::<CODE_BYTES>().is_some_and(|expected| is_same_code(expected, code));
        if is_ours { Ok(body.to_vec()) } else { Err(InvalidSeal::Code) }
    }
}

impl NumberedKey {
    fn code(&self, purpose: SealPurpose, holder: Holder<'_>, signed: &[u8]) -> [u8; 32] {
        let key = match purpose {
            SealPurpose::Token => &self.token,
            SealPurpose::Receipt => &self.receipt,
        };
        // The length stands before the id, so that no id runs into the body.
        let length = u32::try_from(holder.id.len()).unwrap_or(u32::MAX).to_be_bytes();
        key.code(&[&[holder.kind as u8], &length, holder.id.as_bytes(), signed])
    }
}

impl std::fmt::Display for InvalidSeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLong => "is longer than any that is made",
            Self::Encoding => "is not base64url of a sealed body",
            Self::UnknownKey => "was sealed with a key that is not known",
            Self::Code => "was not sealed here for this unit and environment",
            Self::Format => "has a form that this version does not read",
        })
    }
}

impl std::error::Error for InvalidSeal {}

/// Reads a body from its front.
pub(super) struct Body<'a>(pub(super) &'a [u8]);

impl<'a> Body<'a> {
    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], InvalidSeal> {
        let (first, rest) = self.0.split_first_chunk::<N>().ok_or(InvalidSeal::Format)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(super) fn byte(&mut self) -> Result<u8, InvalidSeal> {
        self.take::<1>().map(|[byte]| byte)
    }

    /// A text behind its length in one byte.
    pub(super) fn text(&mut self) -> Result<&'a str, InvalidSeal> {
        let length = usize::from(self.byte()?);
        let (text, rest) = self.0.split_at_checked(length).ok_or(InvalidSeal::Format)?;
        self.0 = rest;
        std::str::from_utf8(text).map_err(|_| InvalidSeal::Format)
    }

    /// Nothing may be left.
    pub(super) fn end(&self) -> Result<(), InvalidSeal> {
        if self.0.is_empty() { Ok(()) } else { Err(InvalidSeal::Format) }
    }
}
