//! How other engines find a variant, as one form: a number made of a hash, ranges of numbers, and gates before them.
//! Which numbers and ranges are whose is in `foreign_rules`.

use crate::math::{fnv1a32_utf16, md5, murmur3_32, sha1};

/// How an id becomes a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Method {
    /// FNV-1a modulo 1,000, as thousandths.
    FnvThousandths,
    /// FNV-1a of the decimal text of FNV-1a, modulo 10,000, as ten-thousandths.
    DoubleFnv,
    /// MurmurHash3 under a seed, modulo a number of buckets.
    MurmurModulo { seed: u32, buckets: u32 },
    /// MurmurHash3 under seed 1, scaled to 10,000 whole buckets.
    MurmurScaled,
    /// The first 60 bits of SHA-1 over 2^60 - 1.
    Sha1Fraction,
    /// The first 32 bits of MD5, modulo a number of shards.
    Md5Shards { shards: u32 },
}

/// A method with the text before and behind the id.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bucketing {
    pub(super) method: Method,
    pub(super) before: String,
    pub(super) behind: String,
}

impl Bucketing {
    /// The number of an id, in the method's own units.
    fn number(&self, unit: &str) -> f64 {
        let text = || [&self.before, unit, &self.behind].concat();
        match self.method {
            Method::FnvThousandths => f64::from(fnv1a32_utf16(&[&self.before, unit, &self.behind]) % 1_000) / 1_000.0,
            Method::DoubleFnv => {
                let first = fnv1a32_utf16(&[&self.before, unit, &self.behind]);
                f64::from(fnv1a32_utf16(&[&first.to_string()]) % 10_000) / 10_000.0
            }
            Method::MurmurModulo { seed, buckets } => f64::from(murmur3_32(text().as_bytes(), seed) % buckets.max(1)),
            Method::MurmurScaled => {
                f64::from(((u64::from(murmur3_32(text().as_bytes(), 1)) * SCALE_OF_OPTIMIZELY) >> 32) as u32)
            }
            Method::Sha1Fraction => {
                let digest = sha1(text().as_bytes());
                let first = digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
                (first >> 4) as f64 / 1_152_921_504_606_846_975_u64 as f64
            }
            Method::Md5Shards { shards } => {
                let digest = md5(text().as_bytes());
                let first = digest.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
                f64::from(first % shards.max(1))
            }
        }
    }

    /// The numbers lie between 0 and this.
    fn units(&self) -> f64 {
        match self.method {
            Method::FnvThousandths | Method::DoubleFnv | Method::Sha1Fraction => 1.0,
            Method::MurmurModulo { buckets, .. } => f64::from(buckets),
            Method::MurmurScaled => SCALE_OF_OPTIMIZELY as f64,
            Method::Md5Shards { shards } => f64::from(shards),
        }
    }

    /// How many of them there are to tell apart.
    fn buckets(&self) -> u64 {
        match self.method {
            Method::FnvThousandths => 1_000,
            Method::DoubleFnv => 10_000,
            Method::Sha1Fraction => PARTS_OF_SHA1,
            Method::MurmurModulo { .. } | Method::MurmurScaled | Method::Md5Shards { .. } => self.units() as u64,
        }
    }

    /// The number as a share of the method's units, 0 to 1.
    fn fraction(&self, number: f64) -> f64 {
        let units = self.units();
        let fraction = number / units;
        // Whoever multiplies again and cuts off the decimals must find the same whole number.
        if fraction * units < number { fraction.next_up() } else { fraction }
    }
}

const SCALE_OF_OPTIMIZELY: u64 = 10_000;
/// A fraction of 60 bits has as good as no buckets; ranges of it are kept in so many parts, which decimals hit exactly.
const PARTS_OF_SHA1: u64 = 1_000_000_000_000;

/// The numbers of an engine, counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    /// How many there are.
    pub(super) buckets: u64,
    numbers: f64,
}

impl Grid {
    /// The number of a bucket, as the engine makes it.
    pub(super) fn number(&self, bucket: u64) -> f64 {
        if self.numbers == 1.0 { bucket as f64 / self.buckets as f64 } else { bucket as f64 }
    }

    /// The first bucket whose number is not below a bound.
    pub(super) fn first_from(&self, bound: f64) -> u64 {
        let near = libm::ceil(bound / self.numbers * self.buckets as f64) as u64;
        let mut bucket = near.saturating_sub(1).min(self.buckets);
        while bucket < self.buckets && self.number(bucket) < bound {
            bucket += 1;
        }
        bucket
    }
}

/// Numbers from the first to below the second.
pub(super) type Range = (f64, f64);

pub(super) fn holds(range: &Range, number: f64) -> bool {
    number >= range.0 && number < range.1
}

/// How another engine assigns one test.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignRule {
    pub(super) gates: Vec<(Bucketing, Vec<Range>)>,
    pub(super) split: Bucketing,
    pub(super) ranges: Vec<(Range, u8)>,
    /// The variant of numbers in no range.
    pub(super) otherwise: Option<u8>,
}

/// What another engine's rule says of an id.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ForeignBucket {
    /// Index of the variant; None for ids that take no part.
    pub variant: Option<u8>,
    /// The number that chose it as a share of the engine's buckets, 0 to 1.
    pub bucket: f64,
}

impl ForeignRule {
    /// Assigns an id. The first range that holds its number counts.
    pub fn assign(&self, unit: &str) -> ForeignBucket {
        let number = self.split.number(unit);
        let passes = |(gate, ranges): &(Bucketing, Vec<Range>)| {
            let number = gate.number(unit);
            ranges.iter().any(|range| holds(range, number))
        };
        let is_in = self.gates.iter().all(passes);
        let variant = if is_in { self.variant_at(number) } else { None };
        ForeignBucket { variant, bucket: self.split.fraction(number) }
    }

    /// Returns the variant of a number in the engine's own units, whatever the gates say.
    pub fn variant_at(&self, number: f64) -> Option<u8> {
        let found = self.ranges.iter().find(|(range, _)| holds(range, number));
        found.map(|(_, variant)| *variant).or(self.otherwise)
    }

    /// The numbers of the split, counted.
    pub(super) fn grid(&self) -> Grid {
        Grid { buckets: self.split.buckets(), numbers: self.split.units() }
    }

    /// Returns where the numbers of the split end, in the engine's own units; they begin at 0.
    pub(super) fn numbers(&self) -> f64 {
        self.split.units()
    }

    /// True when a gate hashes exactly what the split hashes: who passes it is not independent of the variant.
    pub(super) fn has_gate_of_its_split(&self) -> bool {
        self.gates.iter().any(|(gate, _)| *gate == self.split)
    }

    /// The ranges in the engine's own units, each with its variant.
    pub fn ranges(&self) -> impl Iterator<Item = (f64, f64, u8)> + '_ {
        self.ranges.iter().map(|((from, to), variant)| (*from, *to, *variant))
    }
}
