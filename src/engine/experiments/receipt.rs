//! The receipt of a decision: what a client echoes with its interactions, so that what was shown and what came of it belong
//! together without a write when it was shown.

use super::seal::{Body, Holder, InvalidSeal, SealKeys, SealPurpose};
use crate::math::hash64_of;
use crate::types::TimeMs;

const VERSION: u8 = 2;
/// The form without `before`.
const WITHOUT_BEFORE: u8 = 1;
/// The most items of an answer.
const MOST_POSITIONS: usize = 50;
/// The most tests that a decision counts.
pub const MOST_TESTS: usize = 64;
/// Versions are hashes or short texts.
const MOST_VERSION_BYTES: usize = 100;
const MOST_BODY_BYTES: usize = 1 + 8 + 2 + 2 * (1 + MOST_VERSION_BYTES) + 1 + 11 * MOST_TESTS + 1 + 12 * MOST_POSITIONS;

/// What was decided.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Receipt {
    /// When.
    pub decided_at_ms: TimeMs,
    /// What the unit had taken up and done until then, for tests that correct by it; None where nobody looked.
    pub before: Option<[u8; 2]>,
    /// By which model; empty without one.
    pub model_version: String,
    /// By which pack.
    pub pack_version: String,
    /// In which tests the decision counts. Testers' forced variants are not among them.
    pub tests: Vec<ReceiptTest>,
    /// The items in their order.
    pub positions: Vec<ReceiptPosition>,
}

/// A test in which a decision counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptTest {
    /// `id_of_test` of the test.
    pub test: u64,
    /// The epoch of the unit's assignment.
    pub epoch: u16,
    /// Index of the variant.
    pub variant: u8,
}

/// One item that was shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReceiptPosition {
    /// `item_hash` of the item.
    pub item: u64,
    /// The chance with which this item stood here, above 0 to 1; 1 where nothing was left to chance.
    pub propensity: f32,
}

/// Returns the number that stands for an item in receipts: xxh3-64 over its id.
pub fn item_hash(item_id: &str) -> u64 {
    hash64_of(item_id)
}

impl Receipt {
    /// Seals the receipt for a unit. None without a key, or with more than a receipt holds: 50 positions, 64 tests,
    /// versions of 100 bytes, propensities above 0 to 1.
    pub fn seal(&self, keys: &SealKeys, holder: Holder<'_>) -> Option<String> {
        let mut body = vec![if self.before.is_some() { VERSION } else { WITHOUT_BEFORE }];
        body.extend_from_slice(&self.decided_at_ms.to_be_bytes());
        body.extend_from_slice(self.before.as_ref().map_or(&[], <[u8; 2]>::as_slice));
        for version in [&self.model_version, &self.pack_version] {
            body.push(u8::try_from(version.len()).ok().filter(|length| usize::from(*length) <= MOST_VERSION_BYTES)?);
            body.extend_from_slice(version.as_bytes());
        }
        body.push(count_of(self.tests.len(), MOST_TESTS)?);
        for test in &self.tests {
            body.extend_from_slice(&test.test.to_be_bytes());
            body.extend_from_slice(&test.epoch.to_be_bytes());
            body.push(test.variant);
        }
        body.push(count_of(self.positions.len(), MOST_POSITIONS)?);
        for position in &self.positions {
            body.extend_from_slice(&position.item.to_be_bytes());
            body.extend_from_slice(&Some(position.propensity).filter(is_propensity)?.to_be_bytes());
        }
        keys.seal(SealPurpose::Receipt, holder, &body)
    }

    /// Opens a unit's receipt.
    ///
    /// # Errors
    /// Whatever was not sealed by these keys for this unit.
    pub fn open(text: &str, keys: &SealKeys, holder: Holder<'_>) -> Result<Self, InvalidSeal> {
        let body = keys.open(SealPurpose::Receipt, holder, text, MOST_BODY_BYTES)?;
        let mut body = Body(&body);
        let version = body.byte()?;
        let mut receipt = Self { decided_at_ms: i64::from_be_bytes(body.take()?), ..Self::default() };
        receipt.before = match version {
            VERSION => Some(body.take()?),
            WITHOUT_BEFORE => None,
            _ => return Err(InvalidSeal::Format),
        };
        receipt.model_version = body.text()?.to_owned();
        receipt.pack_version = body.text()?.to_owned();
        for _ in 0..body.byte()? {
            let test = u64::from_be_bytes(body.take()?);
            let epoch = u16::from_be_bytes(body.take()?);
            receipt.tests.push(ReceiptTest { test, epoch, variant: body.byte()? });
        }
        for _ in 0..body.byte()? {
            let item = u64::from_be_bytes(body.take()?);
            let propensity = f32::from_be_bytes(body.take()?);
            if !is_propensity(&propensity) {
                return Err(InvalidSeal::Format);
            }
            receipt.positions.push(ReceiptPosition { item, propensity });
        }
        body.end().map(|()| receipt)
    }
}

fn count_of(count: usize, most: usize) -> Option<u8> {
    u8::try_from(count).ok().filter(|_| count <= most)
}

fn is_propensity(value: &f32) -> bool {
    *value > 0.0 && *value <= 1.0
}
