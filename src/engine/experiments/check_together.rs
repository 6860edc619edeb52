//! What is wrong between definitions: two tests that cannot both run, and changes that would move people.

use nearside_json::Quoted;

use super::allocation::hashes_of;
use super::check::Report;
use super::definition::{Experiment, Status};
use crate::pack::Finding;

/// Returns what is wrong with a new or changed definition beside those that are there; one of its own name in its
/// environment is taken for the one it replaces.
pub fn check_beside(new: &Experiment, others: &[Experiment]) -> Vec<Finding> {
    let mut report = Report::default();
    let is_other = |other: &&Experiment| other.environment == new.environment && other.test_name != new.test_name;
    let Some(layer) = &new.layer else { return report.0 };
    for other in others.iter().filter(is_other) {
        let Some(slot) = other.layer.as_ref().filter(|slot| slot.name == layer.name) else { continue };
        if other.unit != new.unit {
            let detail = format!("{} assigns another unit in this layer", Quoted(&other.test_name));
            report.add("layer", "layer-unit", detail);
        }
        let overlap = hashes_of(slot.from.max(layer.from)) < hashes_of(slot.to.min(layer.to));
        if overlap && run_together(new, other) {
            report.add(
                "layer",
                "layer-overlap",
                format!("{} has some of these shares of the layer", Quoted(&other.test_name)),
            );
        }
    }
    report.0
}

fn run_together(one: &Experiment, other: &Experiment) -> bool {
    let start = |test: &Experiment| test.start_at_ms.unwrap_or(i64::MIN);
    let end = |test: &Experiment| test.end_at_ms.unwrap_or(i64::MAX);
    let are_running = one.status == Status::Running && other.status == Status::Running;
    are_running && start(one) < end(other) && start(other) < end(one)
}

/// Returns what is wrong with changing a definition into another. A draft may become anything of its name.
///
/// Variants keep their indices, since assignments name them: new ones come at the end. Unit, hashing and salt stay, since
/// another hash would assign everybody anew; who wants that makes a new test. What changes who sees what opens an epoch.
pub fn check_change(old: &Experiment, new: &Experiment) -> Vec<Finding> {
    let mut report = Report::default();
    if (&old.test_name, &old.environment) != (&new.test_name, &new.environment) {
        report.add("test_name", "other-test", "name and environment of a test stay");
    }
    if old.status == Status::Draft {
        return report.0;
    }
    for (index, variant) in old.variants.iter().enumerate() {
        if new.variants.get(index).is_none_or(|kept| kept.name != variant.name) {
            let path = format!("variants[{index}].name");
            report.add(
                &path,
                "variant-moved",
                format!("is {} already: drop a variant by 0 per cent", Quoted(&variant.name)),
            );
        }
    }
    let fixed = [
        ("unit", old.unit == new.unit),
        ("hashing.algorithm", old.hashing.algorithm == new.hashing.algorithm),
        ("hashing.seed", old.hashing.seed == new.hashing.seed),
        ("hashing.variant_seed", old.hashing.variant_seed == new.hashing.variant_seed),
        ("hashing.shards", old.hashing.shards == new.hashing.shards),
        ("salt", old.salt() == new.salt()),
    ];
    for (path, _) in fixed.into_iter().filter(|(_, is_same)| !is_same) {
        report.add(path, "assigns-anew", "cannot change once a test has run: everybody would be assigned anew");
    }
    let moves = old.variants != new.variants
        || old.coverage.to_bits() != new.coverage.to_bits()
        || old.current_allocation() != new.current_allocation()
        || (&old.layer, &old.eligibility, &old.hashing) != (&new.layer, &new.eligibility, &new.hashing);
    if new.epoch < old.epoch || (moves && new.epoch == old.epoch) {
        let detail = format!("must be above {}: the change decides who sees what", old.epoch);
        report.add("epoch", "epoch", detail);
    }
    report.0
}
