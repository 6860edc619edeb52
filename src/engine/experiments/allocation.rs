//! Which hashes belong to which variant. How a hash is made of a person's id is `salts` or `foreign`.

use nearside_json::{Fault, Read, Reader, deserialize_as_read};
use serde::{Serialize, Serializer};

use crate::math::sort_list;

/// Number of hashes: 2^64.
pub const ALL_HASHES: u128 = 1 << 64;

/// The most segments of an allocation. Each change of weights adds one for each variant at most.
const MOST_SEGMENTS: usize = 4_096;

/// Returns how many of the 2^64 hashes, counted from 0, are a share of 0 to 1. What is no number is 0.
///
/// A hash belongs to the share when it is below the count: no modulo, so no hash falls through and none counts twice.
pub fn hashes_of(share: f64) -> u128 {
    // Multiplying by a power of two is exact, so equal shares have equal bounds.
    (share.clamp(0.0, 1.0) * 18_446_744_073_709_551_616.0) as u128
}

/// Every hash's variant: segments of hashes, each up to where the next begins.
///
/// Invariant: the first segment begins at 0, each begins after the one before, and neighbours differ in their variant. So
/// there are no gaps and no overlaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation(Vec<Segment>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    from: u64,
    variant: u8,
}

impl Allocation {
    /// Lays variants beside each other in the order of their weights. Weights are relative to their sum; without a sum
    /// above zero all hashes are the first variant's.
    pub fn of_weights(weights: &[f64]) -> Self {
        Self::of_pieces(lengths_of(weights).into_iter().zip(0..))
    }

    /// Moves as few hashes as new weights need: what a variant has too many of goes to those that have too few.
    ///
    /// The share of hashes that change their variant is the total-variation distance between old and new weights, half
    /// the sum of their differences. A variant that is not among the weights gives up everything.
    #[must_use]
    pub fn reweighted(&self, weights: &[f64]) -> Self {
        let targets = lengths_of(weights);
        let mut keeps = targets.clone();
        let mut lacks: Vec<(u8, u128)> = targets
            .iter()
            .zip(0..)
            .map(|(target, variant)| (variant, target.saturating_sub(self.hashes(variant))))
            .collect();
        lacks.reverse();
        let mut pieces: Vec<(u128, u8)> = Vec::with_capacity(self.0.len() + targets.len());
        for (length, variant) in self.pieces() {
            let kept = keeps.get_mut(usize::from(variant)).map_or(0, |left| {
                let kept = length.min(*left);
                *left -= kept;
                kept
            });
            pieces.push((kept, variant));
            let mut free = length - kept;
            while let Some((taker, lack)) = lacks.last_mut().filter(|_| free > 0) {
                let taken = free.min(*lack);
                *lack -= taken;
                free -= taken;
                pieces.push((taken, *taker));
                if *lack == 0 {
                    lacks.pop();
                }
            }
        }
        Self::of_pieces(pieces.into_iter())
    }

    /// Returns the variant of a hash.
    pub fn variant_of(&self, hash: u64) -> u8 {
        // Mostly two or three segments: walking from the end is quicker than halving.
        self.0.iter().rev().find(|segment| segment.from <= hash).map_or(0, |segment| segment.variant)
    }

    /// Returns how many hashes a variant has.
    pub fn hashes(&self, variant: u8) -> u128 {
        self.pieces().filter(|(_, owner)| *owner == variant).map(|(length, _)| length).sum()
    }

    /// Returns the share of hashes, 0 to 1, whose variant another allocation changes.
    pub fn moved_share(&self, other: &Self) -> f64 {
        let mut bounds: Vec<u64> = self.0.iter().chain(&other.0).map(|segment| segment.from).collect();
        sort_list(&mut bounds, Ord::cmp);
        bounds.dedup();
        let ends = bounds.iter().skip(1).map(|from| u128::from(*from)).chain([ALL_HASHES]);
        let lengths = bounds.iter().zip(ends).map(|(from, end)| (*from, end - u128::from(*from)));
        let moved = lengths.filter(|(from, _)| self.variant_of(*from) != other.variant_of(*from));
        moved.map(|(_, length)| length).sum::<u128>() as f64 / ALL_HASHES as f64
    }

    /// The largest index of a variant.
    pub fn last_variant(&self) -> u8 {
        self.0.iter().map(|segment| segment.variant).max().unwrap_or(0)
    }

    /// Lengths and variants of the segments.
    fn pieces(&self) -> impl Iterator<Item = (u128, u8)> + '_ {
        let ends = self.0.iter().skip(1).map(|segment| u128::from(segment.from)).chain([ALL_HASHES]);
        self.0.iter().zip(ends).map(|(segment, end)| (end - u128::from(segment.from), segment.variant))
    }

    fn of_pieces(pieces: impl Iterator<Item = (u128, u8)>) -> Self {
        let mut segments: Vec<Segment> = Vec::new();
        let mut from: u128 = 0;
        for (length, variant) in pieces.filter(|(length, _)| *length > 0) {
            if segments.last().is_none_or(|last| last.variant != variant) {
                segments.push(Segment { from: from as u64, variant });
            }
            from += length;
        }
        if segments.is_empty() {
            segments.push(Segment { from: 0, variant: 0 });
        }
        Self(segments)
    }
}

/// The number of hashes of each weight; together all of them.
fn lengths_of(weights: &[f64]) -> Vec<u128> {
    let weight_of = |weight: &f64| if weight.is_finite() { weight.max(0.0) } else { 0.0 };
    let total: f64 = weights.iter().map(weight_of).sum();
    let last = weights.iter().rposition(|weight| weight_of(weight) > 0.0);
    let (mut sum, mut end) = (0.0, 0);
    let length_of = |(index, weight): (usize, &f64)| {
        let from = end;
        sum += weight_of(weight);
        // The sum of parts may miss the whole by a last digit; the last variant ends where the hashes do.
        end = if last.is_some_and(|last| index >= last) { ALL_HASHES } else { hashes_of(sum / total) };
        end - from
    };
    weights.iter().enumerate().map(length_of).collect()
}

/// As JSON: `[["0000000000000000", 0], ["8000000000000000", 1]]`, where each segment begins in hexadecimal, since numbers
/// of JSON lose bits in JavaScript.
impl Serialize for Allocation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|segment| (format!("{:016x}", segment.from), segment.variant)))
    }
}

impl Read for Allocation {
    fn blank() -> Self {
        Self(vec![Segment { from: 0, variant: 0 }])
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.0.clear();
        reader.elements("a list of segments", &mut |reader| {
            let (from, variant) = reader.value::<(String, u8)>()?;
            let is_hex = from.len() == 16 && from.bytes().all(|byte| byte.is_ascii_hexdigit());
            let from = u64::from_str_radix(&from, 16).ok().filter(|_| is_hex);
            let from = from.ok_or_else(|| Fault::shape("a segment begins at 16 hexadecimal digits"))?;
            let is_next = match self.0.last() {
                None => from == 0,
                Some(last) => last.from < from && last.variant != variant,
            };
            if !is_next || self.0.len() >= MOST_SEGMENTS {
                return Err(Fault::shape("segments begin at 0 and ascend, and neighbours differ in their variant"));
            }
            self.0.push(Segment { from, variant });
            Ok(())
        })?;
        if self.0.is_empty() { Err(Fault::shape("an allocation has a segment")) } else { Ok(()) }
    }
}

deserialize_as_read!(Allocation);

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use nearside_json::{read_json, write_json};
    use proptest::prelude::*;

    use super::*;

    fn distance(old: &[f64], new: &[f64]) -> f64 {
        let share = |weights: &[f64], at: usize| weights.get(at).map_or(0.0, |w| w / weights.iter().sum::<f64>());
        (0..old.len().max(new.len())).map(|at| (share(old, at) - share(new, at)).abs()).sum::<f64>() / 2.0
    }

    fn check(old: &[f64], new: &[f64]) {
        let before = Allocation::of_weights(old);
        let after = before.reweighted(new);
        let moved = before.moved_share(&after);
        assert!((moved - distance(old, new)).abs() < 1e-15, "{old:?} to {new:?} moves {moved}");
        assert_eq!((0..20).map(|variant| after.hashes(variant)).sum::<u128>(), ALL_HASHES);
        let wanted = Allocation::of_weights(new);
        assert!((0..20).all(|variant| after.hashes(variant) == wanted.hashes(variant)), "{old:?} to {new:?}");
    }

    #[test]
    fn shares_are_exact_parts_of_the_hashes() {
        assert_eq!([hashes_of(0.0), hashes_of(0.5), hashes_of(1.0)], [0, 1 << 63, 1 << 64]);
        assert_eq!([hashes_of(-1.0), hashes_of(f64::NAN), hashes_of(7.0)], [0, 0, 1 << 64]);
        let halves = Allocation::of_weights(&[50.0, 50.0]);
        assert_eq!([halves.variant_of(0), halves.variant_of((1 << 63) - 1), halves.variant_of(1 << 63)], [0, 0, 1]);
        assert_eq!(halves.variant_of(u64::MAX), 1);
        assert_eq!(Allocation::of_weights(&[0.0, 1.0, 0.0]).variant_of(u64::MAX), 1);
        assert_eq!(Allocation::of_weights(&[]).variant_of(5), 0);
        assert_eq!(Allocation::of_weights(&[0.0, f64::NAN, -1.0]).variant_of(u64::MAX), 0);
    }

    #[test]
    fn a_change_of_weights_moves_what_it_must() {
        check(&[25.0, 25.0, 25.0, 25.0], &[24.0, 25.0, 25.0, 26.0]);
        check(&[50.0, 50.0], &[50.0, 50.0]);
        check(&[50.0, 50.0], &[90.0, 10.0]);
        check(&[50.0, 30.0, 20.0], &[50.0, 0.0, 50.0]);
        check(&[50.0, 50.0], &[40.0, 40.0, 20.0]);
        check(&[1.0, 0.0], &[0.0, 1.0]);
    }

    proptest! {
        #[test]
        fn any_change_of_weights_moves_what_it_must(
            old in proptest::collection::vec(0..1_000_u32, 1..8),
            new in proptest::collection::vec(0..1_000_u32, 1..8),
            newest in proptest::collection::vec(0..1_000_u32, 1..8),
        ) {
            let weights = |list: &[u32]| list.iter().map(|weight| f64::from(*weight) + 0.25).collect::<Vec<f64>>();
            check(&weights(&old), &weights(&new));
            let once = Allocation::of_weights(&weights(&old)).reweighted(&weights(&new));
            let twice = once.reweighted(&weights(&newest));
            let moved = once.moved_share(&twice);
            prop_assert!((moved - distance(&weights(&new), &weights(&newest))).abs() < 1e-15);
            let read: Allocation = read_json(write_json(&twice).as_bytes()).unwrap();
            prop_assert_eq!(read, twice);
        }
    }

    #[test]
    fn only_whole_allocations_are_read() {
        let good = r#"[["0000000000000000",0],["8000000000000000",1]]"#;
        let read: Allocation = read_json(good.as_bytes()).unwrap();
        assert_eq!((write_json(&read).as_str(), read), (good, Allocation::of_weights(&[1.0, 1.0])));
        for bad in [
            "[]",
            r#"[["0000000000000001",0]]"#,
            r#"[["0000000000000000",0],["0000000000000000",1]]"#,
            r#"[["0000000000000000",0],["8000000000000000",0]]"#,
            r#"[["0000000000000000",0],["+000000000000001",1]]"#,
            r#"[["00",0]]"#,
            r#"[["0000000000000000",256]]"#,
        ] {
            assert!(read_json::<Allocation>(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
