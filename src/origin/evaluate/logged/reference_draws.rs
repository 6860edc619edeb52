//! The same probabilities by drawing, with the random numbers of the published reference, so that its figures can be
//! reproduced to the last printed digit. The exact probabilities of `thompson.rs` are what to use otherwise.
//!
//! The reference draws from NumPy's frozen legacy generator: a 32 bit Mersenne Twister (Matsumoto and Nishimura 1998),
//! normal deviates by the polar method (Marsaglia and Bray 1964), gamma deviates by Marsaglia and Tsang (2000), and
//! beta deviates as a share of two gamma deviates, or by Jöhnk (1964) where both parameters are at most 1.

use super::thompson::Belief;

/// The share of `draws` in which each item came to each place.
pub(crate) fn drawn<const PLACES: usize>(beliefs: &[Belief], draws: u32, seed: u32) -> Vec<[f64; PLACES]> {
    let mut legacy = Legacy { twister: Twister::new(seed), spare: None };
    let mut counts = vec![[0.0; PLACES]; beliefs.len()];
    for _ in 0..draws {
        let mut rates: Vec<(f64, usize)> =
            beliefs.iter().enumerate().map(|(item, belief)| (legacy.beta(*belief), item)).collect();
        rates.sort_by(|left, right| right.0.total_cmp(&left.0));
        for (place, (_, item)) in rates.iter().take(PLACES).enumerate() {
            if let Some(count) = counts.get_mut(*item).and_then(|item| item.get_mut(place)) {
                *count += 1.0;
            }
        }
    }
    counts.iter_mut().flatten().for_each(|count| *count /= f64::from(draws.max(1)));
    counts
}

struct Legacy {
    twister: Twister,
    /// The polar method makes two deviates at a time.
    spare: Option<f64>,
}

impl Legacy {
    fn beta(&mut self, Belief { alpha, beta }: Belief) -> f64 {
        if alpha > 1.0 || beta > 1.0 {
            let above = self.gamma(alpha);
            return above / (above + self.gamma(beta));
        }
        loop {
            let (x, y) = (self.twister.unit().powf(1.0 / alpha), self.twister.unit().powf(1.0 / beta));
            if x + y <= 1.0 && x + y > 0.0 {
                return x / (x + y);
            }
        }
    }

    fn gamma(&mut self, shape: f64) -> f64 {
        if shape == 1.0 {
            return self.exponential();
        }
        if shape < 1.0 {
            return self.small_gamma(shape);
        }
        let b = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * b).sqrt();
        loop {
            let (normal, root) = loop {
                let normal = self.normal();
                let root = 1.0 + c * normal;
                if root > 0.0 {
                    break (normal, root);
                }
            };
            let cube = root * root * root;
            let chance = self.twister.unit();
            let square = normal * normal;
            if chance < 1.0 - 0.0331 * square * square || chance.ln() < 0.5 * square + b * (1.0 - cube + cube.ln()) {
                return b * cube;
            }
        }
    }

    fn small_gamma(&mut self, shape: f64) -> f64 {
        loop {
            let chance = self.twister.unit();
            let waited = self.exponential();
            if chance <= 1.0 - shape {
                let x = chance.powf(1.0 / shape);
                if x <= waited {
                    return x;
                }
            } else {
                let y = -((1.0 - chance) / shape).ln();
                let x = (1.0 - shape + shape * y).powf(1.0 / shape);
                if x <= waited + y {
                    return x;
                }
            }
        }
    }

    fn exponential(&mut self) -> f64 {
        -(1.0 - self.twister.unit()).ln()
    }

    fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        loop {
            let x = 2.0 * self.twister.unit() - 1.0;
            let y = 2.0 * self.twister.unit() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square != 0.0 {
                let factor = (-2.0 * square.ln() / square).sqrt();
                self.spare = Some(factor * x);
                return factor * y;
            }
        }
    }
}

/// Words of the state, and how far apart those are that are mixed.
const WORDS: usize = 624;
const APART: usize = 397;

struct Twister {
    state: Vec<u32>,
    next: usize,
}

impl Twister {
    fn new(seed: u32) -> Self {
        let word = |(last, index): &(u32, u32)| {
            let next = 1_812_433_253_u32.wrapping_mul(last ^ (last >> 30)).wrapping_add(index + 1);
            Some((next, index + 1))
        };
        let state = std::iter::successors(Some((seed, 0)), word).take(WORDS).map(|(word, _)| word).collect();
        Self { state, next: WORDS }
    }

    fn unit(&mut self) -> f64 {
        let (high, low) = (self.word() >> 5, self.word() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }

    fn word(&mut self) -> u32 {
        if self.next >= WORDS {
            self.refill();
        }
        let mut word = self.at(self.next);
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C_5680;
        word ^= (word << 15) & 0xEFC6_0000;
        word ^ (word >> 18)
    }

    fn refill(&mut self) {
        for index in 0..WORDS {
            let mixed = (self.at(index) & 0x8000_0000) | (self.at((index + 1) % WORDS) & 0x7FFF_FFFF);
            let turned = if mixed & 1 == 1 { 0x9908_B0DF } else { 0 };
            let word = self.at((index + APART) % WORDS) ^ (mixed >> 1) ^ turned;
            if let Some(slot) = self.state.get_mut(index) {
                *slot = word;
            }
        }
        self.next = 0;
    }

    fn at(&self, index: usize) -> u32 {
        self.state.get(index).copied().unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::super::thompson::thompson;
    use super::*;

    #[test]
    fn the_twister_is_the_published_one() {
        // The first and the ten thousandth number of the standard seed, as the C++ standard asks of `mt19937`.
        let mut twister = Twister::new(5_489);
        assert_eq!(twister.word(), 3_499_211_612);
        assert_eq!((0..9_999).map(|_| twister.word()).last(), Some(4_123_659_995));
    }

    #[test]
    fn drawing_comes_near_the_exact_probabilities() {
        let beliefs = [(3.0, 40.0), (0.5, 9.0), (1.0, 11.0), (0.7, 0.9), (20.0, 300.0)]
            .map(|(alpha, beta)| Belief { alpha, beta });
        let (exact, drawn) = (thompson::<2>(&beliefs).unwrap(), drawn::<2>(&beliefs, 20_000, 12_345));
        for (exact, drawn) in exact.iter().flatten().zip(drawn.iter().flatten()) {
            assert!((exact - drawn).abs() < 0.015, "{exact} {drawn}");
        }
    }
}
