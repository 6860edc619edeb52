//! Bounds of rates, and rounding for display.

/// The 90 % point of the standard normal distribution, one-sided.
pub const Z_90_ONE_SIDED: f64 = 1.281_551_565_544_6;

/// Returns the lower bound of Wilson's score interval for a rate of `successes` in `trials`; 0 without trials.
///
/// Wilson (1927). It stays inside 0..1 and behaves at small counts, where the normal approximation does not.
pub fn wilson_lower_bound(successes: f64, trials: f64, z: f64) -> f64 {
    if trials <= 0.0 {
        return 0.0;
    }
    let rate = (successes / trials).clamp(0.0, 1.0);
    let z2 = z * z;
    let centre = rate + z2 / (2.0 * trials);
    let margin = z * libm::sqrt(rate * (1.0 - rate) / trials + z2 / (4.0 * trials * trials));
    ((centre - margin) / (1.0 + z2 / trials)).max(0.0)
}

/// Returns the value rounded to `decimals` places, for figures that people read. Never used inside a score.
pub fn rounded(value: f64, decimals: u8) -> f64 {
    let scale = [1.0, 10.0, 100.0, 1_000.0, 10_000.0].get(usize::from(decimals)).copied().unwrap_or(1.0);
    libm::round(value * scale) / scale
}

/// True for a finite number below 2^53: from there on, integers that differ are read as the same number.
pub fn is_exact(value: f64) -> bool {
    value.abs() < 9_007_199_254_740_992.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_bound_matches_a_figure_worked_out_by_hand() {
        // Worked out by hand: (0.8821 - 1.2816 x 0.1418) / 1.1642.
        let bound = wilson_lower_bound(8.0, 10.0, Z_90_ONE_SIDED);
        assert!((bound - 0.6016).abs() < 5e-4, "{bound}");
        assert_eq!(wilson_lower_bound(0.0, 0.0, Z_90_ONE_SIDED), 0.0);
    }
}
