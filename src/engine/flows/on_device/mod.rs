//! The use cases on a person's own device: the same engine over values that the host keeps, without a store and without
//! waiting. What is published for everybody (pack, catalogue, model, tests) comes in by hash; what is personal never leaves.

mod changes;
mod device;
mod offered;
mod person;
mod published;
mod reranked;
mod told;

pub use device::{Device, ListId};
pub use offered::{published_part, published_versions};
pub use person::{DevicePerson, Observed};
pub use published::{Published, PublishedVersions};
pub use told::{InNumbers, NumbersHead};
