//! A score and a place in one whole number, so that sorting numbers sorts by score: the best first, of equal ones the
//! earlier place. Numbers are compared in one instruction, where a comparison of pairs takes several and a jump.

/// Returns a number that is the smaller the better the score is. NaN has no place among scores.
pub(super) fn best_first(score: f32, place: u32) -> u64 {
    let bits = score.to_bits();
    // The bits of ascending numbers ascend, once those of negative ones are turned round.
    let ascending = if bits >> 31 == 1 { !bits } else { bits | 1 << 31 };
    u64::from(!ascending) << 32 | u64::from(place)
}

/// Returns the place that a number was made of.
pub(super) fn place_of(number: u64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_as_scores_do() {
        let scores = [0.5, -1.0, f32::INFINITY, 0.0, 3.5, -7.25, 0.5, f32::MIN];
        let mut numbers: Vec<u64> = (0..).zip(scores).map(|(place, score)| best_first(score, place)).collect();
        numbers.sort_unstable();
        let places: Vec<u32> = numbers.into_iter().map(place_of).collect();
        assert_eq!(places, [2, 4, 0, 6, 3, 1, 5, 7]);
    }
}
