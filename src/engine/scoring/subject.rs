//! One person before one shelf: everything that is the same for all items of a request, computed once.

use super::facts::Situation;
use super::model_view::{ModelView, ServedModel};
use super::opinions::{Weighed, weighed};
use crate::affinity::{Affinities, Recency};
use crate::context::{HourOpinion, local_hour};
use crate::models::{Feature, PersonalWeights};
use crate::pack::{ContextFactor, Pack, Popularity, Shelf};
use crate::profile::{
    Behaviour, Evidence, PackState, ProfileState, Sophistication, country_of, derive_behaviour, detail_of, evidence,
    is_outlier, life_stage_of, sophistication,
};
use crate::segments::{demographics, life_stage_in_general};
use crate::types::{Allowed, Context, Detail, Stated, TimeMs};

/// Evidence of the first hour counts this much already: a person's own click must show at once. The rest comes with days.
const FIRST_EVIDENCE: f64 = 0.3;

/// What a request knows of its person. State and statements are redacted to what consent allows before they come here.
#[derive(Debug, Clone, Copy)]
pub struct SubjectInput<'a> {
    /// The learned part.
    pub state: &'a ProfileState,
    /// The stated part.
    pub stated: &'a Stated,
    /// What may be read.
    pub allowed: Allowed,
    /// The situation.
    pub context: &'a Context,
    /// The host's time.
    pub now_ms: TimeMs,
    /// Counts of the country's people.
    pub popularity: Option<&'a Popularity>,
}

/// One person before one shelf.
#[derive(Debug)]
pub struct Subject<'a> {
    /// What it was made from.
    pub input: SubjectInput<'a>,
    /// The pack.
    pub pack: &'a Pack,
    /// The items.
    pub shelf: &'a Shelf,
    /// How much there is to go by.
    pub evidence: Evidence,
    /// True when the person's volume is beyond belief: evidence is set aside.
    pub is_outlier: bool,
    /// Derived behaviour.
    pub behaviour: Behaviour,
    /// The life stage.
    pub life_stage: Option<&'a str>,
    /// The profile's country, else the request's where the location may be read.
    pub country: Option<&'a str>,
    /// The country whose items are open: the profile's, else the request's.
    pub eligible_country: Option<&'a str>,
    /// Literacy.
    pub sophistication: Sophistication,
    /// The detail wanted.
    pub detail: Detail,
    /// The local hour, where the offset is known.
    pub local_hour: Option<usize>,
    /// What the person's record says.
    pub affinities: Affinities,
    /// The published model's view; None while the pack's own weights serve.
    pub(super) model: Option<ModelView<'a>>,
    pub(super) recency: Recency,
    pub(super) hour: HourOpinion,
    /// By category, for the person's life stage.
    pub(super) life_stages: Vec<f64>,
    pub(super) demographics: Vec<f64>,
    pub(super) popularity: Vec<f64>,
    /// The pack's factors that can act before some item of the shelf.
    pub(super) factors: Vec<&'a ContextFactor>,
    /// The built-in terms that count.
    pub(super) weighed: Vec<Weighed>,
}

impl<'a> Subject<'a> {
    /// Computes everything that does not depend on an item.
    pub fn new(input: SubjectInput<'a>, pack: &'a Pack, shelf: &'a Shelf) -> Self {
        let SubjectInput { state, stated, context, now_ms, .. } = input;
        let is_outlier = is_outlier(state, pack);
        let evidence = evidence(state, now_ms);
        let days_weight = if is_outlier { 0.0 } else { evidence.weight };
        let shrinkage = if is_outlier { 0.0 } else { FIRST_EVIDENCE + (1.0 - FIRST_EVIDENCE) * evidence.weight };
        let part = state.packs.get(&pack.id);
        let life_stage = life_stage_of(stated, pack);
        let here = country_of(context.country.as_deref(), pack);
        let stated_country = country_of(stated.country.as_deref(), pack);
        // Where a request comes from says which items are open to it; of the person it says so only with their yes.
        let country = stated_country.or(here.filter(|_| input.allowed.location));
        let weights = &pack.scoring.weights;
        let demographic = |id: &str| demographics(id, life_stage, stated.income_level, country, pack);
        let demographics = if weights.demographics == 0.0 {
            Vec::new()
        } else {
            pack.categories.iter().map(|category| demographic(&category.id)).collect()
        };
        let popular = |id: &str| input.popularity.map_or(0.5, |popularity| popularity.value(country, id));
        let popularity = if weights.popularity == 0.0 || input.popularity.is_none() {
            Vec::new()
        } else {
            shelf.items.iter().map(|shelved| popular(&shelved.item.id)).collect()
        };
        let mut subject = Self {
            input,
            pack,
            shelf,
            evidence,
            is_outlier,
            behaviour: derive_behaviour(state, pack, now_ms),
            life_stage,
            country,
            eligible_country: stated_country.or(here),
            sophistication: sophistication(state, stated, pack),
            detail: detail_of(state, stated),
            local_hour: context.utc_offset_minutes.map(|offset| local_hour(now_ms, offset)),
            affinities: Affinities::new(
                part,
                &stated.recommendation_categories_preferred,
                pack,
                shelf,
                shrinkage,
                now_ms,
            ),
            model: None,
            recency: Recency::new(part, pack, shelf, shrinkage, now_ms),
            hour: HourOpinion::new(&state.hours, context.utc_offset_minutes, now_ms),
            life_stages: life_stage_in_general(life_stage, pack),
            demographics,
            popularity,
            factors: Vec::new(),
            // The cold-start terms count fully without evidence, and fade with it.
            weighed: weighed(weights, 1.0 - days_weight),
        };
        // Most factors turn on the situation alone: asking that once spares every item the question.
        if let Some(shelved) = shelf.items.first() {
            let situation = Situation { subject: &subject, index: 0, shelved };
            subject.factors = pack.scoring.factors.iter().filter(|factor| factor.when.may_hold(&situation)).collect();
        }
        subject
    }

    /// Lets a model rank instead of the pack's weights. `is_catalogue`: the shelf is the one it was laid beside.
    pub fn with_model(mut self, served: Option<&'a ServedModel>, is_catalogue: bool) -> Self {
        self.model = served.map(|served| ModelView::new(served, &self, is_catalogue));
        self
    }

    /// Lets the person's own weights correct the model, once their profile is full. An outlier's record is not believed.
    pub fn with_weights(mut self, weights: Option<&PersonalWeights>) -> Self {
        let is_known = !(self.evidence.is_building || self.is_outlier);
        if let (Some(view), Some(weights), true) = (&mut self.model, weights, is_known) {
            view.weights = weights.of_terms(&view.model.terms);
        }
        self
    }

    /// Appends to `row` what each of the model's terms adds to one item's score, before any personal weight; 0 where a
    /// term is for others. Nothing without a model, or beyond the shelf. This is what training learns a person's weights
    /// from.
    pub fn append_terms(&self, index: usize, row: &mut Vec<f64>) {
        let (Some(view), Some(shelved)) = (self.model.as_ref(), self.shelf.items.get(index)) else { return };
        let (item, situation) = (view.item(index), Situation { subject: self, index, shelved });
        let terms = view.model.terms.iter();
        row.extend(terms.map(|term| view.contribution(term, &item, &situation).unwrap_or(0.0)));
    }

    /// Appends the model's features of one item to `row`, in the order of `features`, NaN where nobody knows; returns
    /// whether the person had taken the item up before. None without a model, or beyond the shelf. This is what training
    /// learns from.
    pub fn append_features(&self, index: usize, features: &[Feature], row: &mut Vec<f64>) -> Option<bool> {
        let (view, shelved) = (self.model.as_ref()?, self.shelf.items.get(index)?);
        let (item, situation) = (view.item(index), Situation { subject: self, index, shelved });
        let value = |feature: &Feature| view.feature(*feature, &item, &situation).unwrap_or(f64::NAN);
        row.extend(features.iter().map(value));
        Some(item.is_taken)
    }

    /// The person's part of this pack, unless it is beyond belief.
    pub(super) fn trusted_part(&self) -> Option<&'a PackState> {
        self.part().filter(|_| !self.is_outlier)
    }

    /// The person's part of this pack.
    pub fn part(&self) -> Option<&'a PackState> {
        self.input.state.packs.get(&self.pack.id)
    }
}
