//! The stored sums of a test as the room `analysis` takes them: by stratum, one variant beside control.

use crate::math::sort_list;
use nearside_json::Read;

use super::definition::{Definition, MetricKind, TestStatus};
use super::judged::EXPOSURE;
use crate::analysis::{ArmCount, Conversions, Stratum, Values};
use crate::ports::StatisticsCell;

/// A test as its report says it.
#[derive(Debug, Clone, Read)]
pub(super) struct Report {
    pub(super) test_name: String,
    pub(super) status: TestStatus,
    pub(super) epoch: u32,
    pub(super) definition: Definition,
    pub(super) epochs: Vec<ReportEpoch>,
}

/// One of its epochs.
#[derive(Debug, Clone, Read)]
pub(super) struct ReportEpoch {
    pub(super) epoch: u32,
    pub(super) stratum: u32,
    pub(super) actor: String,
    pub(super) action: String,
    pub(super) reason: String,
    pub(super) opened_at: String,
    pub(super) definition: Definition,
}

impl Report {
    /// The names of the variants, the control first.
    pub(super) fn variants(&self) -> Vec<&str> {
        self.definition.variants.iter().map(|variant| variant.name.as_str()).collect()
    }

    /// False for a variant that was dropped, by a share of 0.
    pub(super) fn is_live(&self, place: usize) -> bool {
        self.definition.variants.get(place).is_some_and(|variant| variant.traffic_percentage > 0.0)
    }

    /// True for the control and every live variant.
    pub(super) fn is_compared(&self, place: usize) -> bool {
        place == 0 || self.is_live(place)
    }

    /// The kind of a metric; the built-in ones are had or not.
    pub(super) fn kind_of(&self, metric: &str) -> MetricKind {
        let own = self.definition.metrics.iter().find(|own| own.name == metric);
        own.map_or(MetricKind::Conversion, |own| own.kind)
    }

    /// The strata in their order: number, and the shares of traffic by the order of the variants. A variant that an older
    /// stratum did not have has none.
    pub(super) fn strata(&self) -> Vec<(u32, Vec<f64>)> {
        let mut strata: Vec<(u32, Vec<f64>)> = Vec::new();
        for epoch in &self.epochs {
            let share = |name: &&str| {
                let variant = epoch.definition.variants.iter().find(|variant| variant.name == **name);
                variant.map_or(0.0, |variant| variant.traffic_percentage)
            };
            let shares = self.variants().iter().map(share).collect();
            match strata.iter_mut().find(|(stratum, _)| *stratum == epoch.stratum) {
                Some(known) => known.1 = shares,
                None => strata.push((epoch.stratum, shares)),
            }
        }
        strata
    }

    fn stratum_of(&self, epoch: u32) -> u32 {
        self.epochs.iter().find(|known| known.epoch == epoch).map_or(epoch, |known| known.stratum)
    }
}

/// The sums of a test.
pub(super) struct Sums<'a> {
    pub(super) report: &'a Report,
    cells: Vec<(u32, &'a StatisticsCell)>,
}

impl<'a> Sums<'a> {
    /// Puts cells into their strata.
    pub(super) fn new(report: &'a Report, cells: &'a [StatisticsCell]) -> Self {
        Self { report, cells: cells.iter().map(|cell| (report.stratum_of(cell.epoch), cell)).collect() }
    }

    /// The segments that there are, without everybody.
    pub(super) fn segments(&self) -> Vec<&'a str> {
        let names = self.cells.iter().map(|(_, cell)| cell.segment.as_str()).filter(|segment| !segment.is_empty());
        let mut names: Vec<&str> = names.collect();
        sort_list(&mut names, |a, b| a.cmp(b));
        names.dedup();
        names
    }

    /// A variant's sums of a metric, over all strata.
    pub(super) fn whole(&self, variant: &str, metric: &str, segment: &str) -> StatisticsCell {
        self.added(variant, metric, segment, None)
    }

    /// Units exposed.
    pub(super) fn exposed(&self, variant: &str, segment: &str) -> u64 {
        self.whole(variant, EXPOSURE, segment).units
    }

    /// Units of each variant by stratum, with their shares.
    pub(super) fn arm_counts(&self) -> Vec<Vec<ArmCount>> {
        let mut counts = Vec::new();
        for (stratum, shares) in self.report.strata() {
            let mut arms: Vec<ArmCount> = Vec::new();
            for (name, share) in self.report.variants().into_iter().zip(shares) {
                arms.push((self.added(name, EXPOSURE, "", Some(stratum)).units, share));
            }
            counts.push(arms);
        }
        counts
    }

    /// A variant beside control, stratum by stratum.
    pub(super) fn pairs(&self, variant: usize, metric: &str, segment: &str) -> Vec<Stratum<Values>> {
        let names = self.report.variants();
        let mut pairs = Vec::new();
        let (Some(control), Some(name)) = (names.first(), names.get(variant)) else { return pairs };
        for (stratum, shares) in self.report.strata() {
            pairs.push(Stratum {
                control_share: shares.first().copied().unwrap_or_default(),
                variant_share: shares.get(variant).copied().unwrap_or_default(),
                control: self.arm(control, metric, segment, stratum),
                variant: self.arm(name, metric, segment, stratum),
            });
        }
        pairs
    }

    fn arm(&self, variant: &str, metric: &str, segment: &str, stratum: u32) -> Values {
        let of_metric = self.added(variant, metric, segment, Some(stratum));
        let exposed = self.added(variant, EXPOSURE, segment, Some(stratum));
        Values {
            units: exposed.units,
            active_units: of_metric.units,
            sum: of_metric.total,
            sum_of_squares: of_metric.total_squares,
            pre_sum: exposed.pre,
            pre_sum_of_squares: exposed.pre_squares,
            cross_products: of_metric.total_pre,
        }
    }

    fn added(&self, variant: &str, metric: &str, segment: &str, only: Option<u32>) -> StatisticsCell {
        let mut sum = StatisticsCell::default();
        for (stratum, cell) in &self.cells {
            let is_here = only.is_none_or(|only| only == *stratum) && cell.segment == segment;
            if is_here && cell.variant == variant && cell.metric == metric {
                sum.units += cell.units;
                sum.rows += cell.rows;
                sum.total += cell.total;
                sum.total_squares += cell.total_squares;
                sum.pre += cell.pre;
                sum.pre_squares += cell.pre_squares;
                sum.total_pre += cell.total_pre;
            }
        }
        sum
    }
}

/// The same sums of a metric that a unit has or has not: its total is 1 or 0.
pub(super) fn as_conversions(pairs: &[Stratum<Values>]) -> Vec<Stratum<Conversions>> {
    let mut strata = Vec::with_capacity(pairs.len());
    for pair in pairs {
        strata.push(Stratum {
            control_share: pair.control_share,
            variant_share: pair.variant_share,
            control: converted(&pair.control),
            variant: converted(&pair.variant),
        });
    }
    strata
}

fn converted(arm: &Values) -> Conversions {
    Conversions { units: arm.units, conversions: (arm.sum.max(0.0) as u64).min(arm.units) }
}
