//! The weights of one feature under three ways of learning, each with a rate of its own for every feature, and what one
//! event does to them. How the three become one is the learner's.
//!
//! With logit `z`, probability `p = sigmoid(z)`, answer `y` in {0, 1} and value `x` in -1..1, the gradient of the log-loss
//! is `g = (p - y) x`. All three are linear in a row's length, and none needs a rate that fits the data.
//!
//! - **Bayes**: a normal belief (weight, variance) for each feature, moved by the linearised Kalman step of a logistic
//!   model whose covariances are left out (Spiegelhalter and Lauritzen 1990), and widened at each step so that old
//!   evidence counts less (forgetting as in McCormick, Raftery, Madigan and Burd 2012). It follows a drift in some dozens
//!   of events.
//! - **Coin**: bets a share of what was won on the next gradient's sign, which needs no rate at all (the coin-betting
//!   potential of Krichevsky and Trofimov; Orabona and Pal 2016, Orabona and Tommasi 2017).
//! - **Gradient**: AdaGrad (Duchi, Hazan and Singer 2011), `w -= rate g / sqrt(sum g^2)`. The slow one.
//!
//! Constants were chosen on rows 20 % to 80 % of Bank Marketing, the same rows backwards, in shuffled blocks, and with the
//! base rate made to jump; within a factor of two of each, the log-loss moves by less than 0.001.

use nearside_json::Read;
use serde::Serialize;

/// How many ways of learning there are.
pub const MEMBERS: usize = 3;

/// The belief about a weight before any evidence: most features change the odds by less than half.
const PRIOR_VARIANCE: f64 = 0.1;
/// What a step keeps of the evidence: it is a memory of some 500 events with the feature.
const EVIDENCE_KEPT: f64 = 0.998;
/// An event that was certain teaches a little all the same, or a wrong certainty could not be unlearned.
const LEAST_INFORMATION: f64 = 1e-4;
/// Beliefs never get narrower than this.
const LEAST_VARIANCE: f64 = 1e-9;
/// What the bettor starts with.
const ENDOWMENT: f64 = 1.0;
/// The bound of a single gradient, which the bettor must know.
const LARGEST_GRADIENT: f64 = 1.0;
const GRADIENT_RATE: f64 = 0.1;
/// Stands for one gradient of full size, so that the first event does not move a weight by the whole rate.
const FIRST_SQUARES: f64 = 1.0;
/// No odds of e^30 are ever earned honestly.
const LARGEST_WEIGHT: f64 = 30.0;

/// What is learned of one feature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Read)]
pub struct Weights {
    /// Bayes: the mean of the belief.
    #[serde(rename = "b")]
    pub bayes: f64,
    /// Bayes: its variance.
    #[serde(rename = "v")]
    pub variance: f64,
    /// Coin: the weight.
    #[serde(rename = "c")]
    pub coin: f64,
    /// Coin: sum of `-g`.
    #[serde(rename = "cs")]
    pub coin_sum: f64,
    /// Coin: sum of `|g|`.
    #[serde(rename = "ca")]
    pub coin_absolute: f64,
    /// Coin: what was won, 0 or more.
    #[serde(rename = "cw")]
    pub coin_won: f64,
    /// Gradient: the weight.
    #[serde(rename = "g")]
    pub gradient: f64,
    /// Gradient: 1 and the sum of `g^2`.
    #[serde(rename = "gs")]
    pub gradient_squares: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            bayes: 0.0,
            variance: PRIOR_VARIANCE,
            coin: 0.0,
            coin_sum: 0.0,
            coin_absolute: 0.0,
            coin_won: 0.0,
            gradient: 0.0,
            gradient_squares: FIRST_SQUARES,
        }
    }
}

/// What an event says to each of its features, by member.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lesson {
    /// `p - y`.
    pub(super) errors: [f64; MEMBERS],
    /// What the Kalman step multiplies: `1 / (1 + h s)`, with `h = p (1 - p)` and `s` the sum of `variance x^2`.
    gain: f64,
    /// `h` times that.
    narrowing: f64,
}

impl Lesson {
    /// Makes the lesson of an event from the probability that each member gave it, and the sum of `variance x^2` over the
    /// row.
    pub(super) fn new(probabilities: [f64; MEMBERS], spread: f64, accepted: bool) -> Self {
        let answer = f64::from(u8::from(accepted));
        let [bayes, _, _] = probabilities;
        let information = (bayes * (1.0 - bayes)).max(LEAST_INFORMATION);
        let gain = 1.0 / (1.0 + information * spread);
        Self { errors: probabilities.map(|probability| probability - answer), gain, narrowing: information * gain }
    }
}

impl Weights {
    /// The weights by member.
    pub(super) fn by_member(&self) -> [f64; MEMBERS] {
        [self.bayes, self.coin, self.gradient]
    }

    /// Learns from an event in which the feature had the value `x`, in -1..1.
    pub(super) fn learn(&mut self, x: f64, lesson: &Lesson) {
        let [bayes, coin, gradient] = lesson.errors.map(|error| error * x);
        let pull = self.variance * x;
        self.bayes = bounded(self.bayes - self.variance * bayes * lesson.gain);
        let narrowed = (self.variance - pull * pull * lesson.narrowing).max(LEAST_VARIANCE);
        let widened = narrowed / (EVIDENCE_KEPT + (1.0 - EVIDENCE_KEPT) * narrowed / PRIOR_VARIANCE);
        self.variance = widened.min(PRIOR_VARIANCE);

        self.coin_absolute += coin.abs();
        self.coin_sum -= coin;
        self.coin_won = (self.coin_won - coin * self.coin).max(0.0);
        let share = self.coin_sum / (self.coin_absolute + LARGEST_GRADIENT);
        self.coin = bounded(share * (ENDOWMENT + self.coin_won));

        self.gradient_squares += gradient * gradient;
        self.gradient = bounded(self.gradient - GRADIENT_RATE * gradient / self.gradient_squares.sqrt());
    }

    /// True for weights that can have come from learning.
    pub(super) fn are_sound(&self) -> bool {
        let weights = self.by_member().into_iter().all(|weight| weight.abs() <= LARGEST_WEIGHT);
        let sums = [self.coin_absolute, self.coin_won, self.gradient_squares - FIRST_SQUARES];
        weights
            && (LEAST_VARIANCE..=PRIOR_VARIANCE).contains(&self.variance)
            && sums.into_iter().all(|sum| (0.0..=1e300).contains(&sum))
            && self.coin_sum.abs() <= self.coin_absolute + 1e-6
    }
}

fn bounded(weight: f64) -> f64 {
    weight.clamp(-LARGEST_WEIGHT, LARGEST_WEIGHT)
}
