//! What the parts of a model are worth, and what making it small costs: the same test once more with one thing changed.
//!
//! Parts that are taken out are not trained around; what is left was learned beside them. So the figures say what a
//! model would lose that lost this part, not what a model without it could reach.

use anyhow::Result;
use nearside_engine::models::{Feature, ModelFile};

use super::comparison::{Compared, Judge};
use super::split::Split;
use crate::data::sizes;
use crate::evaluate::{Metric, Paired, compare};
use crate::progress::Progress;
use crate::train::{TrainSettings, Trained, base_of, first_stage, served, with_exact_factors};

/// Neighbours a column that are tried instead of the published number.
const NEIGHBOURS: [(&str, usize); 3] =
    [("all neighbours kept", usize::MAX), ("100 neighbours a column", 100), ("50 neighbours a column", 50)];

/// Parts that are taken out.
const PARTS: [(&str, &[Feature]); 8] = [
    ("without neighbours", &[Feature::Neighbours]),
    ("without factors", &[Feature::Factors]),
    ("without content", &[Feature::Content]),
    (
        "without popularity",
        &[
            Feature::Popularity,
            Feature::LatestPopularity,
            Feature::RecentPopularity,
            Feature::LongPopularity,
            Feature::GroupPopularity,
            Feature::Trend,
        ],
    ),
    ("without the item's age and last sale", &[Feature::ItemAgeDays, Feature::DaysSinceSold]),
    ("without personal frequency", &[Feature::RepeatFrequency]),
    ("without days since taken", &[Feature::DaysSinceTaken]),
    (
        "without the pack's own terms",
        &[
            Feature::CategoryPreference,
            Feature::SophisticationMatch,
            Feature::LifeStageRelevance,
            Feature::Timing,
            Feature::Recency,
            Feature::CategoryAffinity,
            Feature::Priority,
        ],
    ),
];

/// One thing changed.
pub(super) struct Ablation {
    /// What.
    pub(super) name: String,
    /// The document, and its gzip; None where it could not be published.
    pub(super) bytes: Option<(usize, usize)>,
    /// Differences to the model as it is: NDCG@10 of new items, and with repeats.
    pub(super) new: Paired,
    /// With repeats.
    pub(super) repeats: Paired,
}

/// Measures every change.
///
/// # Errors
/// A variant that cannot be trained or served.
pub(super) fn ablations(
    split: &Split<'_>,
    judge: &Judge<'_>,
    candidate: &Compared,
    trained: &Trained,
    settings: &TrainSettings,
) -> Result<Vec<Ablation>> {
    let variants = variants(split, trained, settings)?;
    let progress = Progress::start("ablations", variants.len() + 1);
    let mut found = Vec::new();
    let mut measure = |name: &str, served, bytes| -> Result<()> {
        let measured = judge.engine(name, Some(&served), 0.0)?;
        found.push(Ablation {
            name: name.to_owned(),
            bytes,
            new: compare(&measured.new, &candidate.new, Metric::Ndcg10, settings.seed)?,
            repeats: compare(&measured.repeats, &candidate.repeats, Metric::Ndcg10, settings.seed)?,
        });
        progress.advance(1);
        Ok(())
    };
    if let Some(exact) = &trained.exact_factors {
        measure("factors as f32", with_exact_factors(served(split.world, trained.file.clone())?, exact), None)?;
    }
    for (name, file) in variants {
        let bytes = sizes(&file)?;
        measure(&name, served(split.world, file)?, Some(bytes))?;
    }
    progress.finish();
    Ok(found)
}

fn variants(split: &Split<'_>, trained: &Trained, settings: &TrainSettings) -> Result<Vec<(String, ModelFile)>> {
    let mut variants = Vec::new();
    for (name, keep) in NEIGHBOURS {
        let mut settings = settings.clone();
        settings.neighbours.keep = keep.min(split.world.shelf.items.len());
        let other = first_stage(split.world, &split.states, split.at_ms, &settings)?;
        variants.push((name.to_owned(), ModelFile { neighbours: other.file.neighbours, ..trained.file.clone() }));
    }
    if !trained.pruned.is_empty() {
        let mut file = trained.file.clone();
        file.terms.extend(trained.pruned.iter().cloned());
        file.base = base_of(&file.terms);
        variants.push((format!("with {} weak terms", trained.pruned.len()), file));
    }
    for (name, features) in PARTS {
        let mut file = trained.file.clone();
        file.terms.retain(|term| !features.contains(&term.feature));
        if file.terms.len() < trained.file.terms.len() && !file.terms.is_empty() {
            variants.push((name.to_owned(), file));
        }
    }
    Ok(variants)
}
