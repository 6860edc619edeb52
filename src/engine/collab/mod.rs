//! How alike two people are, by what they told and how they behave. Who is compared with whom is the origin's work.

mod facets;
mod similarity;

pub use facets::PersonFacets;
pub use similarity::{
    CommonAttribute, MOST_SIMILAR_PEOPLE, SIMILAR_ABOVE, common_attributes, similarity, similarity_from,
};
