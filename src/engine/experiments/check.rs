//! What is wrong with a definition, by path and rule. How definitions read as JSON is `definition`'s.

use nearside_json::{PlainNumber, Quoted};

use super::algorithm::Algorithm;
use super::allocation::hashes_of;
use super::check_condition::check_eligibility;
use super::check_ranges::check_ranges;
use super::definition::{CONTROL, Experiment, LayerSlot};
use crate::pack::{Finding, Pack};
use crate::types::is_text_id;

/// As long as the column that keeps it.
const MOST_NAME_BYTES: usize = 100;
const MOST_VARIANT_BYTES: usize = 50;
const MOST_TEXT_BYTES: usize = 4_000;
/// A test of more variants than this has no power.
const MOST_VARIANTS: usize = 20;
/// What the sum of percentages may miss 100 by: the last digits of sums such as 33.3 + 33.3 + 33.4.
const SUM_TOLERANCE: f64 = 1e-6;

/// What is wrong so far.
#[derive(Default)]
pub(super) struct Report(pub(super) Vec<Finding>);

impl Report {
    pub(super) fn add(&mut self, path: &str, rule: &'static str, detail: impl Into<String>) {
        self.0.push(Finding::new(path, rule, detail.into()));
    }

    fn text_id(&mut self, path: &str, id: &str, most_bytes: usize) {
        if !is_text_id(id) || id.len() > most_bytes {
            self.add(
                path,
                "text-id",
                format!("has 1 to {most_bytes} bytes, no control characters and no outer spaces"),
            );
        }
    }

    /// What is no number is outside every range.
    fn share(&mut self, path: &str, value: f64, most: f64) {
        if !(0.0..=most).contains(&value) {
            let [most, value] = [most, value].map(PlainNumber);
            self.add(path, "range", format!("must be 0 to {most}, not {value}"));
        }
    }
}

/// Returns what is wrong with a definition by itself; nothing when it can run. Facts of the condition are held against the
/// pack's attributes where a pack is given.
pub fn check_experiment(experiment: &Experiment, pack: Option<&Pack>) -> Vec<Finding> {
    let mut report = Report::default();
    check_head(experiment, &mut report);
    check_variants(experiment, &mut report);
    check_hashing(experiment, &mut report);
    if let Some(layer) = &experiment.layer {
        check_slot(layer, &mut report);
    }
    if let Some(condition) = &experiment.eligibility {
        check_eligibility("eligibility", condition, pack, &mut report);
    }
    report.0
}

fn check_head(experiment: &Experiment, report: &mut Report) {
    report.text_id("test_name", &experiment.test_name, MOST_NAME_BYTES);
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !(1..=32).contains(&experiment.environment.len()) || !experiment.environment.bytes().all(is_plain) {
        report.add("environment", "environment", "has 1 to 32 lower-case letters, digits and hyphens");
    }
    if experiment.epoch == 0 {
        report.add("epoch", "range", "epochs are counted from 1");
    }
    if let Some(salt) = &experiment.salt {
        report.text_id("salt", salt, MOST_NAME_BYTES);
    }
    let texts = [("description", &experiment.description), ("hypothesis", &experiment.hypothesis)];
    for (path, text) in texts.into_iter().filter(|(_, text)| text.len() > MOST_TEXT_BYTES) {
        report.add(path, "text-length", format!("has {} bytes, more than {MOST_TEXT_BYTES}", text.len()));
    }
    if experiment.success_metric.len() > MOST_NAME_BYTES {
        report.add("success_metric", "text-length", format!("has at most {MOST_NAME_BYTES} bytes"));
    }
    if let (Some(start_ms), Some(end_ms)) = (experiment.start_at_ms, experiment.end_at_ms)
        && end_ms <= start_ms
    {
        report.add("end_at_ms", "end-before-start", format!("ends at {end_ms}, and starts at {start_ms}"));
    }
    report.share("coverage", experiment.coverage, 1.0);
}

fn check_variants(experiment: &Experiment, report: &mut Report) {
    let variants = &experiment.variants;
    if !(2..=MOST_VARIANTS).contains(&variants.len()) {
        report.add("variants", "count", format!("has 2 to {MOST_VARIANTS} variants, not {}", variants.len()));
    }
    for (index, variant) in variants.iter().enumerate() {
        let path = format!("variants[{index}]");
        report.text_id(&format!("{path}.name"), &variant.name, MOST_VARIANT_BYTES);
        report.share(&format!("{path}.traffic_percentage"), variant.traffic_percentage, 100.0);
        if variants.iter().take(index).any(|earlier| earlier.name == variant.name) {
            report.add(&format!("{path}.name"), "duplicate-name", format!("{} stands twice", Quoted(&variant.name)));
        }
    }
    if experiment.variant_named(CONTROL).is_none() {
        report.add("variants", "control", format!("no variant is named {CONTROL}"));
    }
    let sum: f64 = variants.iter().map(|variant| variant.traffic_percentage).sum();
    // What is no number was reported at its place.
    if !variants.is_empty() && (sum - 100.0).abs() > SUM_TOLERANCE {
        report.add("variants", "traffic-sum", format!("the shares sum to {}, not to 100", PlainNumber(sum)));
    }
    check_allocation(experiment, report);
}

fn check_allocation(experiment: &Experiment, report: &mut Report) {
    let Some(allocation) = &experiment.allocation else { return };
    if experiment.hashing.algorithm != Algorithm::Native {
        report.add("allocation", "native-only", "only the native algorithm has one: other engines have ranges");
    }
    if usize::from(allocation.last_variant()) >= experiment.variants.len() {
        report.add("allocation", "known-variant", format!("names variant {}", allocation.last_variant()));
    }
    for (index, (variant, number)) in experiment.variants.iter().zip(0..).enumerate() {
        let share = 100.0 * (allocation.hashes(number) as f64 / super::allocation::ALL_HASHES as f64);
        if (share - variant.traffic_percentage).abs() > SUM_TOLERANCE {
            let [share, stated] = [share, variant.traffic_percentage].map(PlainNumber);
            let path = format!("variants[{index}].traffic_percentage");
            report.add(&path, "allocation-share", format!("is {stated}, and the allocation gives {share}"));
        }
    }
}

fn check_hashing(experiment: &Experiment, report: &mut Report) {
    let hashing = &experiment.hashing;
    let algorithm = hashing.algorithm;
    if algorithm == Algorithm::Native {
        let extra = [
            ("hashing.seed", hashing.seed.is_some()),
            ("hashing.variant_seed", hashing.variant_seed.is_some()),
            ("hashing.shards", hashing.shards.is_some()),
            ("hashing.ranges", !hashing.ranges.is_empty()),
            ("hashing.gates", !hashing.gates.is_empty()),
        ];
        for (path, _) in extra.into_iter().filter(|(_, is_stated)| *is_stated) {
            report.add(path, "foreign-only", "the native algorithm does not use it: see salt, layer and coverage");
        }
        return;
    }
    if hashing.seed.is_none() {
        let detail = format!("{} hashes it beside the id: state it as it is there, or people move", algorithm.name());
        report.add("hashing.seed", "seed", detail);
    }
    if hashing.variant_seed.is_some() && algorithm != Algorithm::Unleash {
        report.add("hashing.variant_seed", "unleash-only", "only unleash has one");
    }
    if hashing.shards.is_some() && algorithm != Algorithm::Eppo {
        report.add("hashing.shards", "eppo-only", "only eppo has them");
    }
    if hashing.shards == Some(0) {
        report.add("hashing.shards", "range", "must be 1 or more");
    }
    if algorithm == Algorithm::Unleash {
        check_thousandths(experiment, report);
    }
    let before = report.0.len();
    for (index, range) in hashing.ranges.iter().enumerate() {
        let path = format!("hashing.ranges[{index}]");
        check_range(&path, (range.from, range.to), report);
        if usize::from(range.variant) >= experiment.variants.len() {
            report.add(&path, "known-variant", format!("names variant {}", range.variant));
        }
    }
    for (index, gate) in hashing.gates.iter().enumerate() {
        let path = format!("hashing.gates[{index}]");
        if gate.ranges.is_empty() {
            report.add(&path, "count", "has no range, so nobody would pass");
        }
        for (at, range) in gate.ranges.iter().enumerate() {
            check_range(&format!("{path}.ranges[{at}]"), *range, report);
        }
        if !matches!(gate.hash_version, None | Some(1 | 2)) {
            report.add(&format!("{path}.hash_version"), "range", "is 1 or 2");
        }
    }
    match experiment.foreign_rule() {
        Err(invalid) => report.add("hashing", "hashing", invalid.to_string()),
        // Shares are counted of ranges that are ranges.
        Ok(Some(rule)) if report.0.len() == before => check_ranges(experiment, &rule, report),
        Ok(_) => {}
    }
}

/// Unleash has whole weights of 1,000 together: with another sum it would hash modulo another number, and move everybody.
fn check_thousandths(experiment: &Experiment, report: &mut Report) {
    for (index, variant) in experiment.variants.iter().enumerate() {
        let thousandths = variant.traffic_percentage * 10.0;
        if (thousandths - libm::round(thousandths)).abs() > SUM_TOLERANCE {
            let path = format!("variants[{index}].traffic_percentage");
            report.add(&path, "unleash-thousandths", "unleash has weights of whole thousandths: one decimal at most");
        }
    }
}

fn check_range(path: &str, (from, to): (f64, f64), report: &mut Report) {
    if !(from >= 0.0 && from <= to && to.is_finite()) {
        report.add(path, "range", "begins at 0 or above, and ends where it begins or behind");
    }
}

fn check_slot(layer: &LayerSlot, report: &mut Report) {
    report.text_id("layer.name", &layer.name, MOST_NAME_BYTES);
    report.share("layer.from", layer.from, 1.0);
    report.share("layer.to", layer.to, 1.0);
    if hashes_of(layer.from) >= hashes_of(layer.to) {
        let [from, to] = [layer.from, layer.to].map(PlainNumber);
        report.add("layer", "layer-empty", format!("goes from {from} to {to}, which holds nobody"));
    }
}
