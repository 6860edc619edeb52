//! Chance with a seed: the same numbers on every machine. Not for secrets, and not for the engine, which has no chance.

/// A stream of numbers: `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
///
/// One multiplication more than a counter, a period of 2^64, and no state worth saving but the seed.
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    state: u64,
}

impl Chance {
    /// Begins the stream of a seed.
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub(crate) const fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 to `count` - 1; 0 when there is nothing to choose from.
    ///
    /// The high half of a product, which favours no number by more than `count` / 2^64.
    pub(crate) const fn below(&mut self, count: usize) -> usize {
        ((self.bits() as u128 * count as u128) >> 64) as usize
    }

    #[cfg(test)]
    /// A number from 0 to 1, without 1, in steps of 2^-53.
    pub(crate) const fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // The first numbers of seed 1234567, as the generator's reference prints them.
        let mut chance = Chance::new(1_234_567);
        assert_eq!(chance.bits(), 6_457_827_717_110_365_317);
        assert_eq!(chance.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_in_their_range_and_are_spread_evenly() {
        let mut chance = Chance::new(7);
        let mut counts = [0_u32; 5];
        for _ in 0..10_000 {
            if let Some(count) = counts.get_mut(chance.below(5)) {
                *count += 1;
            }
            assert!((0.0..1.0).contains(&chance.unit()));
        }
        assert!(counts.iter().all(|count| (1_850..2_150).contains(count)), "{counts:?}");
        assert_eq!(Chance::new(1).below(0), 0);
    }
}
