//! Conditions of eligibility: small, about people and situations, and over what the pack knows.

use nearside_json::Quoted;

use super::check::Report;
use crate::pack::{Pack, check_condition};
use crate::types::Condition;

/// Conditions are evaluated for every request, and read by people.
const MOST_PARTS: usize = 64;
const MOST_DEPTH: usize = 8;

pub(super) fn check_eligibility(path: &str, condition: &Condition, pack: Option<&Pack>, report: &mut Report) {
    let (parts, depth) = size_of(condition);
    if parts > MOST_PARTS || depth > MOST_DEPTH {
        let limits = format!("has {parts} parts and {depth} levels, more than {MOST_PARTS} and {MOST_DEPTH}");
        report.add(path, "condition-size", limits);
        return;
    }
    condition.visit_facts(&mut |fact| {
        if !fact.is_of_person() {
            report.add(
                path,
                "person-fact",
                format!("{} is of an item: nobody is assigned by an item", Quoted(&fact.name())),
            );
        }
    });
    if let Some(pack) = pack {
        report.0.extend(check_condition(path, condition, pack));
    }
}

/// Number of parts, and of levels.
fn size_of(condition: &Condition) -> (usize, usize) {
    let of_list = |list: &[Condition]| {
        let sizes = list.iter().map(size_of);
        sizes.fold((1, 1), |(parts, depth), (more, deeper)| (parts + more, depth.max(deeper + 1)))
    };
    match condition {
        Condition::All(list) | Condition::Any(list) => of_list(list),
        Condition::Not(part) => of_list(std::slice::from_ref(part)),
        Condition::In(_, texts) => (1 + texts.len() / 16, 1),
        _ => (1, 1),
    }
}
