//! Another engine's buckets after a change of weights or traffic. An engine that lays variants beside each other would lay them
//! anew, and move people whom the change does not concern; here buckets keep their owner, and only the difference moves.
//!
//! Those who take part and those who do not yet are two lists, in the order in which they joined. More traffic takes of the
//! second what rests there for the same variant; less gives back who joined last, so that whoever comes again sees what was
//! seen. New weights move, in either list, what a variant has too much of to those that lack.

use nearside_json::Read;
use serde::Serialize;

use super::algorithm::{Algorithm, VariantRange};
use super::definition::Experiment;
use super::foreign::{ForeignRule, Grid};
use crate::math::sort_list;

/// The owner of buckets that no variant has.
const NOBODY: u8 = u8::MAX;

/// Which buckets of another engine are whose once a change has moved some, in the engine's own units.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
#[serde(deny_unknown_fields)]
pub struct KeptRanges {
    /// Those that take part, those that joined first at the front.
    pub taking_part: Vec<VariantRange>,
    /// Those that do not, with the variant that they would see; the next to join at the front.
    pub resting: Vec<VariantRange>,
}

impl KeptRanges {
    /// Returns whose buckets are whose after a change, from the test as it was and as it is written now; None for the native
    /// algorithm, and as long as the engine's own ranges move no more people than the change must.
    ///
    /// `kept` is what the last change left. The share of ids that see something else is the total-variation distance
    /// between the old and the new shares, those who take no part being one of them, to within a bucket a variant.
    pub fn after(kept: Option<&Self>, before: &Experiment, after: &Experiment) -> Option<Self> {
        let (Ok(Some(old)), Ok(Some(new))) = (before.foreign_rule(), after.foreign_rule()) else { return None };
        let (old_weights, weights) = (before.weights(), after.weights());
        let is_reweighted = old_weights != weights;
        let is_ramped = before.coverage.to_bits() != after.coverage.to_bits() && has_coverage_in_split(after);
        let grid = old.grid();
        if !(is_reweighted || is_ramped) || grid != new.grid() {
            return kept.cloned();
        }
        if kept.is_none() && after.hashing.ranges.is_empty() && moves_no_more_than_it_must(&grid, &old, &new) {
            return None;
        }
        let mut lists = match kept {
            Some(kept) => {
                Lists { taking_part: pieces(&grid, &kept.taking_part), resting: pieces(&grid, &kept.resting) }
            }
            None => Lists::of_rule(&grid, &old, &old_weights),
        };
        let now = total(&lists.taking_part);
        let then = if is_ramped { libm::round(after.coverage * grid.buckets as f64) as u64 } else { now };
        // Growing first, or shrinking last: whom new weights would move is then whoever joins or leaves anyway.
        if then > now {
            lists.grow(&lengths_of(&old_weights, then));
        }
        if is_reweighted {
            for list in [&mut lists.taking_part, &mut lists.resting] {
                let targets = lengths_of(&weights, total(list));
                *list = shared_out(list, &targets);
            }
        }
        if then < now {
            lists.shrink(&lengths_of(&weights, then));
        }
        Some(Self { taking_part: ranges(&grid, &lists.taking_part), resting: ranges(&grid, &lists.resting) })
    }
}

/// These two ask another hash for the coverage.
fn has_coverage_in_split(experiment: &Experiment) -> bool {
    !matches!(experiment.hashing.algorithm, Algorithm::Unleash | Algorithm::PostHog)
}

/// Buckets `from` to below `to`.
#[derive(Debug, Clone, Copy)]
struct Piece {
    from: u64,
    to: u64,
    variant: u8,
}

impl Piece {
    fn length(&self) -> u64 {
        self.to - self.from
    }

    /// Cuts off up to so many buckets at the front; None of none.
    fn cut(&mut self, most: u64) -> Option<Self> {
        let cut = Self { to: self.from + self.length().min(most), ..*self };
        self.from = cut.to;
        (cut.length() > 0).then_some(cut)
    }
}

struct Lists {
    taking_part: Vec<Piece>,
    resting: Vec<Piece>,
}

impl Lists {
    /// The engine's own ranges take part. What lies between is shared out by the weights.
    fn of_rule(grid: &Grid, rule: &ForeignRule, weights: &[f64]) -> Self {
        let (mut taking_part, mut free) = (Vec::new(), Vec::new());
        for piece in pieces_of_rules(grid, &[rule]) {
            let owner = rule.variant_at(grid.number(piece.from));
            let list = if owner.is_some() { &mut taking_part } else { &mut free };
            list.push(Piece { variant: owner.unwrap_or(NOBODY), ..piece });
        }
        let resting = shared_out(&free, &lengths_of(weights, total(&free)));
        Self { taking_part, resting }
    }

    /// Lets resting buckets take part until each variant has so many: its own, and where those are a bucket short any.
    fn grow(&mut self, targets: &[u64]) {
        for is_own in [true, false] {
            let mut left = Vec::with_capacity(self.resting.len());
            for mut piece in std::mem::take(&mut self.resting) {
                for (target, variant) in targets.iter().zip(0..) {
                    if is_own && piece.variant != variant {
                        continue;
                    }
                    let lack = target.saturating_sub(of_variant(&self.taking_part, variant));
                    self.taking_part.extend(piece.cut(lack).map(|cut| Piece { variant, ..cut }));
                }
                left.extend(Some(piece).filter(|piece| piece.length() > 0));
            }
            self.resting = left;
        }
    }

    /// Lets the last to join rest, until each variant has no more than so many.
    fn shrink(&mut self, targets: &[u64]) {
        let mut room = targets.to_vec();
        let mut kept = Vec::with_capacity(self.taking_part.len());
        let mut resting = Vec::new();
        for mut piece in std::mem::take(&mut self.taking_part) {
            kept.extend(room.get_mut(usize::from(piece.variant)).and_then(|room| taken(&mut piece, room)));
            resting.extend(Some(piece).filter(|piece| piece.length() > 0));
        }
        resting.append(&mut self.resting);
        *self = Self { taking_part: kept, resting };
    }
}

/// Each variant keeps the first of what it has up to its target; what is over goes, behind all, to those that lack.
fn shared_out(list: &[Piece], targets: &[u64]) -> Vec<Piece> {
    let mut room = targets.to_vec();
    let (mut kept, mut over) = (Vec::with_capacity(list.len()), Vec::new());
    for mut piece in list.iter().copied() {
        kept.extend(room.get_mut(usize::from(piece.variant)).and_then(|room| taken(&mut piece, room)));
        over.push(piece);
    }
    for mut piece in over {
        for (room, variant) in room.iter_mut().zip(0..) {
            kept.extend(taken(&mut piece, room).map(|cut| Piece { variant, ..cut }));
        }
    }
    kept
}

fn taken(piece: &mut Piece, room: &mut u64) -> Option<Piece> {
    let cut = piece.cut(*room)?;
    *room -= cut.length();
    Some(cut)
}

fn total(list: &[Piece]) -> u64 {
    list.iter().map(Piece::length).sum()
}

fn of_variant(list: &[Piece], variant: u8) -> u64 {
    list.iter().filter(|piece| piece.variant == variant).map(Piece::length).sum()
}

/// The buckets of each weight; together so many.
fn lengths_of(weights: &[f64], buckets: u64) -> Vec<u64> {
    let weight_of = |weight: &f64| if weight.is_finite() { weight.max(0.0) } else { 0.0 };
    let whole: f64 = weights.iter().map(weight_of).sum();
    let (mut sum, mut from) = (0.0, 0);
    let length_of = |weight: &f64| {
        sum += weight_of(weight);
        let to = (libm::round(sum / whole * buckets as f64) as u64).clamp(from, buckets);
        let length = to - from;
        from = to;
        length
    };
    weights.iter().map(length_of).collect()
}

/// True when the new rule moves as few buckets as any rule with its shares.
fn moves_no_more_than_it_must(grid: &Grid, old: &ForeignRule, new: &ForeignRule) -> bool {
    let mut shares = vec![(0_u64, 0_u64); 1 + usize::from(NOBODY)];
    let mut moved = 0;
    for piece in pieces_of_rules(grid, &[old, new]) {
        let owner = |rule: &ForeignRule| rule.variant_at(grid.number(piece.from)).unwrap_or(NOBODY);
        let (before, after) = (owner(old), owner(new));
        moved += if before == after { 0 } else { piece.length() };
        shares.get_mut(usize::from(before)).into_iter().for_each(|share| share.0 += piece.length());
        shares.get_mut(usize::from(after)).into_iter().for_each(|share| share.1 += piece.length());
    }
    moved == shares.iter().map(|(before, after)| before.saturating_sub(*after)).sum::<u64>()
}

/// All buckets, cut where any range of these rules begins or ends.
fn pieces_of_rules(grid: &Grid, rules: &[&ForeignRule]) -> Vec<Piece> {
    let mut bounds = vec![0, grid.buckets];
    for (from, to, _) in rules.iter().flat_map(|rule| rule.ranges()) {
        bounds.extend([grid.first_from(from), grid.first_from(to)]);
    }
    sort_list(&mut bounds, Ord::cmp);
    bounds.dedup();
    let ends = bounds.iter().skip(1);
    bounds.iter().zip(ends).map(|(from, to)| Piece { from: *from, to: *to, variant: NOBODY }).collect()
}

fn pieces(grid: &Grid, ranges: &[VariantRange]) -> Vec<Piece> {
    let piece = |range: &VariantRange| {
        let from = grid.first_from(range.from);
        Piece { from, to: grid.first_from(range.to).max(from), variant: range.variant }
    };
    ranges.iter().map(piece).collect()
}

/// Neighbours that belong together are one range.
fn ranges(grid: &Grid, pieces: &[Piece]) -> Vec<VariantRange> {
    let mut ranges: Vec<VariantRange> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let (from, to) = (grid.number(piece.from), grid.number(piece.to));
        match ranges.last_mut() {
            Some(last) if last.variant == piece.variant && last.to.to_bits() == from.to_bits() => last.to = to,
            _ => ranges.push(VariantRange { variant: piece.variant, from, to }),
        }
    }
    ranges
}
