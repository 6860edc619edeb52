//! What others' behaviour says: items that go together, the space of the factors, and how alike two people are. The first
//! two start from what the person has taken up until this moment, so that a click counts now and not after the next
//! training.

mod facets;
mod factors;
mod neighbours;
mod similarity;

pub use facets::PersonFacets;
pub use factors::{factor_scores, fold_in};
pub use neighbours::neighbour_scores;
pub use similarity::{
    CommonAttribute, MOST_SIMILAR_PEOPLE, SIMILAR_ABOVE, common_attributes, similarity, similarity_from,
};
