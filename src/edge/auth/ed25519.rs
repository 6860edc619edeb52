//! What is strict about Ed25519 (RFC 8032) whoever computes it: which keys and signatures are not even tried. The curve
//! itself is the runtime's.

/// Computes Ed25519 for this room: its own arithmetic would be a twentieth of the Worker, and slower.
pub trait Ed25519 {
    /// Says whether `signature` was made over `message` with the private half of `public_key`; false when in doubt.
    fn has_signed(&self, public_key: &PublicKey, message: &[u8], signature: &[u8]) -> impl Future<Output = bool>;
}

/// A point in its canonical encoding, and not one of the eight for which anybody can make signatures.
///
/// Whether it lies on the curve shows when it is used: no signature is good under one that does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Reads the 32 bytes of a key.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().filter(is_fit_for_use).map(Self)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Says whether a signature may be tried: one encoding only (S below the order, so that nobody makes a second one from
/// the first), and a commitment that is fit for use.
pub(super) fn is_canonical_signature(signature: &[u8]) -> bool {
    let Some((commitment, scalar)) = signature.split_first_chunk() else { return false };
    is_fit_for_use(commitment) && scalar.len() == ORDER.len() && is_below(scalar, &ORDER)
}

/// The order of the group, 2^252 + 27742317777372353535851937790883648493, lowest byte first.
pub(super) const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// What y is counted modulo: 2^255 - 19.
const MODULUS: [u8; 32] = y_below_modulus(0xed);

/// The y of the eight points whose order divides 8; each is that of a point and its opposite.
const SMALL_ORDER_YS: [[u8; 32]; 5] = [
    [0; 32],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    y_below_modulus(0xec),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// 2^255 - 256 plus the lowest byte.
const fn y_below_modulus(lowest: u8) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[0] = lowest;
    bytes[31] = 0x7f;
    bytes
}

fn is_fit_for_use(point: &[u8; 32]) -> bool {
    let mut y = *point;
    if let Some(top) = y.last_mut() {
        // The highest bit is the sign of x.
        *top &= 0x7f;
    }
    is_below(&y, &MODULUS) && !SMALL_ORDER_YS.contains(&y)
}

/// Compares numbers of the same length, lowest byte first.
fn is_below(number: &[u8], limit: &[u8]) -> bool {
    number.iter().rev().lt(limit.iter().rev())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use ed25519_dalek::{Signer, VerifyingKey};

    use super::super::testing::{public_key, signing_key, with_larger_s};
    use super::*;

    fn with_sign(mut y: [u8; 32]) -> [u8; 32] {
        y[31] |= 0x80;
        y
    }

    #[test]
    fn the_points_of_small_order_are_those_that_an_independent_program_calls_weak() {
        for y in SMALL_ORDER_YS {
            for encoded in [y, with_sign(y)] {
                assert!(VerifyingKey::from_bytes(&encoded).unwrap().is_weak(), "{encoded:x?}");
                assert_eq!(PublicKey::read(&encoded), None, "{encoded:x?}");
            }
        }
    }

    #[test]
    fn only_the_canonical_encoding_of_a_point_is_read() {
        for lowest in 0xed..=0xff {
            let encoded = y_below_modulus(lowest);
            assert_eq!(PublicKey::read(&encoded), None, "{lowest}");
            assert_eq!(PublicKey::read(&with_sign(encoded)), None, "{lowest}");
        }
        assert!(PublicKey::read(&y_below_modulus(0xeb)).is_some());
        assert!(PublicKey::read(&public_key()).is_some());
        assert_eq!(PublicKey::read(&public_key()[1..]), None);
    }

    #[test]
    fn a_signature_has_one_encoding() {
        let signature = signing_key().sign(b"message").to_bytes();
        assert!(is_canonical_signature(&signature));
        assert!(!is_canonical_signature(&with_larger_s(b"message")));
        assert!(!is_canonical_signature(&[&[1; 32][..], &ORDER].concat()));
        assert!(!is_canonical_signature(&[&SMALL_ORDER_YS[3][..], &signature[32..]].concat()));
        assert!(!is_canonical_signature(&signature[..63]));
        assert!(!is_canonical_signature(&[&signature[..], &[0]].concat()));
        assert!(!is_canonical_signature(&[]));
    }
}
