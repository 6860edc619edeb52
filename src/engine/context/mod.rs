//! What the moment says of an item: the person's own hours and the item's deadline.

mod timing;

pub use timing::{HourOpinion, deadline_nearness, local_hour};
