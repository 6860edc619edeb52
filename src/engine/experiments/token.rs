//! The assignments of a unit as a token: 18 bytes and 16 for each test, so that a request needs no read to know them.

use super::assignments::{Assignment, Assignments, MOST_ASSIGNMENTS};
use super::seal::{Body, Holder, InvalidSeal, SealKeys, SealPurpose};

/// The form's version.
const VERSION: u8 = 1;
const ENTRY_BYTES: usize = 16;

/// Seals the assignments of a unit. None without a key.
///
/// Form, before base64url: key number (1), version (1), for each test ascending: test (8, big-endian as all that follow),
/// second of the assignment (4), epoch (2), variant (1), zero (1); at the end the code (16).
pub fn seal_token(assignments: &Assignments, keys: &SealKeys, holder: Holder<'_>) -> Option<String> {
    let mut body = Vec::with_capacity(1 + ENTRY_BYTES * assignments.len());
    body.push(VERSION);
    for assignment in assignments.iter() {
        body.extend_from_slice(&assignment.test.to_be_bytes());
        body.extend_from_slice(&assignment.assigned_at_s.to_be_bytes());
        body.extend_from_slice(&assignment.epoch.to_be_bytes());
        body.extend_from_slice(&[assignment.variant, 0]);
    }
    keys.seal(SealPurpose::Token, holder, &body)
}

/// Opens a unit's token.
///
/// # Errors
/// Whatever was not sealed by these keys for this unit.
pub fn open_token(text: &str, keys: &SealKeys, holder: Holder<'_>) -> Result<Assignments, InvalidSeal> {
    let body = keys.open(SealPurpose::Token, holder, text, 1 + ENTRY_BYTES * MOST_ASSIGNMENTS)?;
    let mut body = Body(&body);
    if body.byte()? != VERSION {
        return Err(InvalidSeal::Format);
    }
    let mut list: Vec<Assignment> = Vec::with_capacity(body.0.len() / ENTRY_BYTES);
    while !body.0.is_empty() {
        let test = u64::from_be_bytes(body.take()?);
        let assigned_at_s = u32::from_be_bytes(body.take()?);
        let epoch = u16::from_be_bytes(body.take()?);
        let [variant, zero] = body.take()?;
        if zero != 0 || list.last().is_some_and(|last| last.test >= test) {
            return Err(InvalidSeal::Format);
        }
        list.push(Assignment { test, assigned_at_s, epoch, variant });
    }
    Ok(list.into_iter().collect())
}
