//! The native hash: xxh3-64 of a unit's id, under a seed of its own for every question. What the hash decides is not here.

use crate::math::{hash64, hash64_seeded};

/// What a hash is made for. Two purposes never share a seed, so that no answer tells anything about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Who is held out of everything.
    Holdout,
    /// The share of traffic that a condition names.
    Eligibility,
    /// Which test of a layer a unit may be in.
    Layer,
    /// Who takes part.
    Coverage,
    /// Who sees what.
    Variant,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Holdout => "holdout",
            Self::Eligibility => "eligibility",
            Self::Layer => "layer",
            Self::Coverage => "coverage",
            Self::Variant => "variant",
        }
    }
}

/// A seed made once, so that a decision hashes the unit's id alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Salt(u64);

impl Salt {
    /// Makes the seed: xxh3-64 over the UTF-8 of `nearside`, the purpose, the environment and the salt, separated by U+001F.
    pub fn new(purpose: Purpose, environment: &str, salt: &str) -> Self {
        Self(hash64(&["nearside", purpose.name(), environment, salt]))
    }

    /// Returns the hash of a unit: xxh3-64 over the UTF-8 of its id, with this seed.
    pub fn hash(self, unit: &str) -> u64 {
        hash64_seeded(unit, self.0)
    }
}

/// Returns a hash as a number from 0 to below 1, for people and conditions; decisions compare the hash itself.
pub fn as_fraction(hash: u64) -> f64 {
    // A double holds 53 bits: the rest is left out, so that nothing is rounded up to 1.
    (hash >> 11) as f64 / 9_007_199_254_740_992.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_makes_another_seed() {
        let salts = [
            Salt::new(Purpose::Variant, "production", "a"),
            Salt::new(Purpose::Coverage, "production", "a"),
            Salt::new(Purpose::Variant, "test", "a"),
            Salt::new(Purpose::Variant, "production", "b"),
            Salt::new(Purpose::Layer, "production", "a"),
            Salt::new(Purpose::Holdout, "production", "a"),
            Salt::new(Purpose::Eligibility, "production", "a"),
        ];
        for (at, salt) in salts.iter().enumerate() {
            assert!(!salts.iter().skip(at + 1).any(|other| other == salt || other.hash("x") == salt.hash("x")), "{at}");
        }
    }

    #[test]
    fn fractions_stay_below_one() {
        assert_eq!([as_fraction(0), as_fraction(1 << 63)], [0.0, 0.5]);
        assert!(as_fraction(u64::MAX) < 1.0);
    }
}
