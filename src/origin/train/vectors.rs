//! Sums over f32 vectors in fixed order: the lanes are ours, so the compiler may put them side by side and every machine
//! gets the same bits.

/// Numbers that are summed side by side.
const LANES: usize = 16;

/// The sum of products. What one vector has beyond the other's end is left out.
#[inline(always)]
pub(super) fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (left, left_rest) = left.as_chunks::<LANES>();
    let (right, right_rest) = right.as_chunks::<LANES>();
    for (left, right) in left.iter().zip(right) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left * right;
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    let mut width = LANES / 2;
    while width > 0 {
        let (low, high) = sums.split_at_mut(width);
        low.iter_mut().zip(high).for_each(|(low, high)| *low += *high);
        width /= 2;
    }
    sums.first().copied().unwrap_or(0.0) + rest
}

/// `sums += factor x vector`.
#[inline(always)]
pub(super) fn add_scaled(sums: &mut [f32], factor: f32, vector: &[f32]) {
    sums.iter_mut().zip(vector).for_each(|(sum, value)| *sum += factor * value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_and_the_rest_count_once() {
        for length in [0, 1, 15, 16, 17, 64, 67] {
            let left: Vec<f32> = (0..length).map(|index| index as f32).collect();
            let right = vec![2.0; length];
            let expected = (0..length).sum::<usize>() as f32 * 2.0;
            assert_eq!(dot(&left, &right), expected, "{length}");
            let mut sums = vec![1.0; length];
            add_scaled(&mut sums, 2.0, &left);
            assert!(sums.iter().zip(&left).all(|(sum, value)| *sum == 1.0 + 2.0 * value));
        }
    }
}
