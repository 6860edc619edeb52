//! The checks of all parts, in the order in which the parts stand in the format.

use super::finding::Finding;
use super::report::Report;
use super::{experiments, explain, glossary, relevance, scoring, structure, words};
use crate::pack::Pack;

/// Returns everything that is wrong with a pack; empty when it may be published.
pub fn check_pack(pack: &Pack) -> Vec<Finding> {
    let mut report = Report::default();
    structure::check(pack, &mut report);
    scoring::check(pack, &mut report);
    relevance::check(pack, &mut report);
    words::check(pack, &mut report);
    explain::check(pack, &mut report);
    glossary::check(pack, &mut report);
    experiments::check(pack, &mut report);
    report.into_findings()
}
