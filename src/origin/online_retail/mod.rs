//! UCI Online Retail: the real purchases that quality is measured on. Its protocol, its shop as a pack with items, and the
//! countries it names. What is done with it is the business of `import` and `replay`.

mod categories;
mod countries;
mod dataset;
mod purchases;
mod read;
mod shop;

pub(crate) use countries::country_code;
pub(crate) use dataset::dataset;
pub(crate) use purchases::{Purchase, Purchases, Truth};
pub(crate) use read::{Line, read, read_judging};
pub(crate) use shop::{items, retail_pack};
