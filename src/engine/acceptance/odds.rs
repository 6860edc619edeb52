//! A logit, and all that follows from it, from one exponential: a learner asks for it four times an event.

/// The logarithm of the odds of an acceptance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Odds {
    pub(super) logit: f64,
    /// `1 / (1 + e^-logit)`.
    pub(super) probability: f64,
    /// `ln(1 + e^logit)`: the log-loss of a refusal.
    softplus: f64,
}

impl Odds {
    /// Takes any finite logit.
    pub(super) fn of(logit: f64) -> Self {
        // At most 1, so nothing overflows and no small probability is lost.
        let odds_against = libm::exp(-logit.abs());
        let larger = 1.0 / (1.0 + odds_against);
        let probability = if logit >= 0.0 { larger } else { odds_against * larger };
        Self { logit, probability, softplus: logit.max(0.0) + libm::log1p(odds_against) }
    }

    /// The log-loss of an answer, in nats.
    pub(super) fn loss(&self, accepted: bool) -> f64 {
        if accepted { self.softplus - self.logit } else { self.softplus }
    }

    /// The log-loss that is to be expected when the odds are right.
    pub(super) fn entropy(&self) -> f64 {
        self.softplus - self.probability * self.logit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_are_right_and_finite_everywhere() {
        let even = Odds::of(0.0);
        assert_eq!((even.probability, even.loss(true), even.loss(false)), (0.5, libm::log(2.0), libm::log(2.0)));
        for logit in [-2_000.0, -30.0, -1.0, 1.0, 30.0, 2_000.0] {
            let odds = Odds::of(logit);
            assert!((0.0..=1.0).contains(&odds.probability), "{odds:?}");
            assert!(odds.loss(true) >= 0.0 && odds.loss(false) >= 0.0 && odds.entropy() >= 0.0, "{odds:?}");
            let swapped = Odds::of(-logit);
            assert!((odds.loss(true) - swapped.loss(false)).abs() < 1e-12 * (1.0 + logit.abs()), "{odds:?}");
        }
    }
}
