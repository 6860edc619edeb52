//! Made-up experiments that somebody looks at after every event: how often is a difference seen that is not there, and how
//! soon one that is?

use nearside_engine::analysis::*;
use nearside_engine::math::{crossing, incomplete_beta, two_sided_p};

/// Beyond it a fixed-horizon test is significant.
const Z_AT_5_PER_CENT: f64 = 1.959_963_984_540_054;

/// The minimum sample of each arm of a definition that does not state one.
pub const USUAL_MINIMUM: u32 = 100;

/// The plan by which the route of results judges a test whose definition states this minimum: it knows no rate.
pub fn wired(minimum_units: u64) -> Plan {
    Plan::of_test(minimum_units, 0.05, 0.05)
}

/// What units do.
#[derive(Debug, Clone, Copy)]
pub enum Metric {
    /// Each converts with this chance.
    Conversion { rate: f64 },
    /// Each buys with this chance, for the exponential of a normal with this spread.
    Revenue { buyers: f64, spread: f64 },
    /// Each gains the exponential of a normal with this spread, and pays what that is on average.
    Balance { spread: f64 },
}

/// Numbers that look like chance: splitmix64 (Steele, Lea and Flood 2014).
#[derive(Debug, Clone, Copy)]
pub struct Chance(pub u64);

impl Chance {
    /// The next of 0 to 1, 1 excluded.
    pub fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
    }

    fn normal(&mut self) -> f64 {
        let length = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        length * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }
}

impl Metric {
    /// A unit's value, when the rate of conversion, or each value, is `1 + lift` times what it is without.
    fn draw(self, chance: &mut Chance, lift: f64) -> f64 {
        match self {
            Self::Conversion { rate } => f64::from(u8::from(chance.uniform() < rate * (1.0 + lift))),
            Self::Revenue { buyers, spread } if chance.uniform() < buyers => {
                (1.0 + lift) * libm::exp(spread * chance.normal())
            }
            Self::Revenue { .. } => 0.0,
            Self::Balance { spread } => libm::exp(spread * chance.normal()) - libm::exp(0.5 * spread * spread),
        }
    }

    pub fn mean(self) -> f64 {
        match self {
            Self::Conversion { rate } => rate,
            Self::Revenue { buyers, spread } => buyers * libm::exp(0.5 * spread * spread),
            Self::Balance { .. } => 0.0,
        }
    }

    fn is_conversion(self) -> bool {
        matches!(self, Self::Conversion { .. })
    }

    /// Units of both arms that a test of fixed horizon needs to find a lift with the usual error and this power.
    pub fn fixed_horizon(self, lift: f64, power: f64) -> f64 {
        let demands = Demands { power, ..Demands::default() };
        let of_control = match self {
            Self::Conversion { rate } => units_for_rates(rate, rate * (1.0 + lift), &demands, NullVariance::Pooled),
            Self::Revenue { buyers, spread } => {
                let mean = self.mean();
                let variance = buyers * libm::exp(2.0 * spread * spread) - mean * mean;
                // The mean of both arms' variances: the variant's values are all larger by the lift.
                let both = variance * (1.0 + (1.0 + lift) * (1.0 + lift)) / 2.0;
                units_for_means(mean * lift, both.sqrt(), &demands)
            }
            // A lift of nothing is nothing.
            Self::Balance { .. } => None,
        };
        2.0 * of_control.unwrap()
    }
}

/// One experiment, unit by unit.
pub struct Experiment {
    metric: Metric,
    lift: f64,
    chance: Chance,
    pub values: Stratum<Values>,
}

impl Experiment {
    pub fn new(metric: Metric, lift: f64, seed: u64) -> Self {
        let values = Stratum { control_share: 0.5, variant_share: 0.5, ..Stratum::default() };
        Self { metric, lift, chance: Chance(seed.wrapping_mul(0xd134_2543_de82_ef95)), values }
    }

    /// One more unit comes. Says whether it did anything.
    pub fn step(&mut self) -> bool {
        let is_variant = self.chance.uniform() < 0.5;
        let value = self.metric.draw(&mut self.chance, if is_variant { self.lift } else { 0.0 });
        let arm = if is_variant { &mut self.values.variant } else { &mut self.values.control };
        arm.count(value, 0.0);
        value != 0.0
    }

    pub fn conversions(&self) -> Stratum<Conversions> {
        let arm = |values: &Values| Conversions { units: values.units, conversions: values.sum as u64 };
        Stratum {
            control_share: 0.5,
            variant_share: 0.5,
            control: arm(&self.values.control),
            variant: arm(&self.values.variant),
        }
    }

    /// What `compare_conversions` and `compare_values` say of "the variant's mean is `ratio` times control's" from the
    /// minimum on, without the rest of what they say.
    fn log_e(&self, plan: &Plan, ratio: f64) -> f64 {
        if self.metric.is_conversion() {
            let strata = [self.conversions()];
            let pair = estimate_conversions(&strata).unwrap();
            return ConversionEvidence::new(&strata, &pair, plan).log_e(ratio);
        }
        if !self.has_minimum(plan) {
            return 0.0;
        }
        let pair = estimate_values(&[self.values]).unwrap();
        plan.mean_sequence().log_e(pair.z(ratio), pair.units())
    }

    fn has_units(&self, plan: &Plan) -> bool {
        self.values.control.units >= plan.minimum_units && self.values.variant.units >= plan.minimum_units
    }

    pub fn has_minimum(&self, plan: &Plan) -> bool {
        if self.metric.is_conversion() {
            let strata = [self.conversions()];
            return estimate_conversions(&strata)
                .is_some_and(|pair| ConversionEvidence::new(&strata, &pair, plan).has_means());
        }
        let is_worth = |arm: &Values| arm.effective_units() >= plan.minimum_effective_units;
        self.has_units(plan) && is_worth(&self.values.control) && is_worth(&self.values.variant)
    }
}

/// How many experiments were wrong at least once, by what was looked at.
#[derive(Debug, Default, Clone, Copy)]
pub struct Wrong {
    /// The exact e-value of conversions left out the true lift, looked at from the first event on.
    pub exact: u32,
    /// The confidence sequence of the difference left the true one out.
    pub absolute: u32,
    /// The confidence sequence of the lift left the true one out; without a lift that is a verdict that is wrong.
    pub relative: u32,
    /// A fixed-horizon test of the true difference, peeked at.
    pub peeked: u32,
}

/// Runs experiments with a true lift, looking after every unit.
pub fn wrong(metric: Metric, lift: f64, plan: &Plan, runs: u32, units: u32) -> Wrong {
    let mut wrong = Wrong::default();
    for run in 0..runs {
        let found = wrong_in_one(metric, lift, plan, u64::from(run) + 1, units);
        let flags = [found.exact, found.absolute, found.relative, found.peeked].map(u32::from);
        wrong.exact += flags[0];
        wrong.absolute += flags[1];
        wrong.relative += flags[2];
        wrong.peeked += flags[3];
    }
    wrong
}

#[derive(Default)]
struct WrongOnce {
    exact: bool,
    absolute: bool,
    relative: bool,
    peeked: bool,
}

fn wrong_in_one(metric: Metric, lift: f64, plan: &Plan, seed: u64, units: u32) -> WrongOnce {
    let mut experiment = Experiment::new(metric, lift, seed);
    let (exact, asymptotic, needed) = (plan.conversion_sequence(), plan.mean_sequence(), log_e_needed(plan.alpha));
    let difference = lift * metric.mean();
    let mut wrong = WrongOnce::default();
    for _ in 0..units {
        let did_something = experiment.step();
        if metric.is_conversion() && did_something && !wrong.exact {
            wrong.exact = exact.log_e(&[experiment.conversions()], 1.0 + lift) >= needed;
        }
        if !experiment.has_units(plan) {
            continue;
        }
        let pair = estimate_values(&[experiment.values]).unwrap();
        // Whoever peeks at a fixed-horizon test waits for the minimum, and knows nothing of effective units.
        let (found, variance) = pair.contrast(1.0);
        wrong.peeked |= (found - difference).abs() > Z_AT_5_PER_CENT * variance.sqrt();
        wrong.relative |= experiment.log_e(plan, 1.0 + lift) >= needed;
        if experiment.has_minimum(plan) {
            let reach = asymptotic.reach(pair.units(), plan.alpha);
            wrong.absolute |= (found - difference).abs() > reach * variance.sqrt();
        }
    }
    wrong
}

/// When a lift was found, in units of both arms; the limit when it was not.
#[derive(Debug, Clone, Copy)]
pub struct Stopped {
    pub units: u32,
    /// Whether one look at the fixed horizon found it.
    pub at_horizon: bool,
}

/// Runs experiments until the always-valid test has found the lift, or `limit` units came.
pub fn stopped(metric: Metric, lift: f64, plan: &Plan, runs: u32, horizon: u32, limit: u32) -> Vec<Stopped> {
    let needed = log_e_needed(plan.alpha);
    let one = |run: u32| {
        let mut experiment = Experiment::new(metric, lift, u64::from(run) + 1_000_001);
        let mut stopped = Stopped { units: limit, at_horizon: false };
        for units in 1..=limit {
            experiment.step();
            if stopped.units == limit && experiment.has_units(plan) && experiment.log_e(plan, 1.0) >= needed {
                stopped.units = units;
            }
            if units == horizon {
                stopped.at_horizon = two_sided_p(estimate_values(&[experiment.values]).unwrap().z(1.0)) <= plan.alpha;
            }
            if units >= horizon && stopped.units < limit {
                break;
            }
        }
        stopped
    };
    (0..runs).map(one).collect()
}

/// The middle one.
pub fn median(mut numbers: Vec<u32>) -> f64 {
    numbers.sort_unstable();
    f64::from(numbers[numbers.len() / 2])
}

/// The highest rate that so few of so many leave possible, with 95 % certainty on this side (Clopper and Pearson 1934).
pub fn highest_rate(found: u32, runs: u32) -> f64 {
    if found >= runs {
        return 1.0;
    }
    let (more, fewer) = (f64::from(found) + 1.0, f64::from(runs - found));
    crossing(0.0, 1.0, &|rate| incomplete_beta(more, fewer, rate) - 0.95)
}
