//! What a term of a model may look at. What a feature *is* lives in `scoring`, for training and serving alike.

use nearside_json::Read;
use serde::Serialize;

/// One measurable fact of a person, an item and a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Read)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// How strongly the items that the person took up point to this one (`collab`).
    Neighbours,
    /// How near the item lies to the person in the space of the factors, solved at this moment (`collab`).
    Factors,
    /// How like the item's tags are to those of what the person engaged with (`content`).
    Content,
    /// `ln(1 + decayed count)` of the person's own engagement with the item.
    RepeatFrequency,
    /// Days since the person last took the item up; unknown when never.
    DaysSinceTaken,
    /// Days on which the person engaged with the item, of the latest 8.
    DaysTaken,
    /// `ln(1 + people)` who ever took the item up.
    Popularity,
    /// `ln(1 + events)`, each halved every 3 days.
    LatestPopularity,
    /// `ln(1 + events)`, each halved every 14 days.
    RecentPopularity,
    /// `ln(1 + events)`, each halved every 180 days.
    LongPopularity,
    /// Whether it sells more than it used to: `ln((recent week + 0.5) / (usual week + 0.5))`.
    Trend,
    /// `ln(1 + events)` in the person's own group (country or life stage), each halved every 14 days.
    GroupPopularity,
    /// Days since the item was first published, or first taken up by anybody.
    ItemAgeDays,
    /// Days between the last time anybody took the item up and the end of the training data. Serving does not age it by
    /// the clock: it stands still, like the counts, until the next model. Aged, it would say of what is sold every day
    /// that nobody took it since training, which the model cannot know; and it does not rank better: with models of 21
    /// days, on Online Retail from 2011-10-10 and from 2011-09-10 on, ageing moves NDCG@10 of new items by 0.0000 and
    /// -0.0003 (errors 0.0000 and 0.0002), of repeats by +0.0004 and -0.0011 (0.0006 and 0.0010).
    DaysSinceSold,
    /// The built-in term of this name.
    CategoryPreference,
    /// The built-in term of this name.
    SophisticationMatch,
    /// The built-in term of this name.
    LifeStageRelevance,
    /// The built-in term of this name.
    Timing,
    /// The built-in term of this name.
    Recency,
    /// The built-in term of this name.
    CategoryAffinity,
    /// The item's priority, 1 to 100.
    Priority,
}
