//! Nouns that two rooms share. A noun that one room uses lives privately in that room.

mod condition;
mod context;
mod cursor;
mod decision;
mod experiment;
mod fact;
mod ids;
mod interaction;
mod item;
mod lowered;
mod scope;
mod search;
mod settings;
mod sorted_map;
mod sorted_set;
mod stated;
mod time;
mod trace;

pub use condition::{Condition, InvalidCondition};
pub use context::{Context, Place};
pub use cursor::Cursor;
pub use decision::{DecidedItem, Decision, Explain, Personalization};
pub use experiment::{
    Assignment, DecidedReason, DecidedTest, Environment, OutcomeKind, ReceiptFacts, ReceiptTest, Unit, UnitKind,
};
pub use fact::{Fact, FactValue, Facts};
pub use ids::{Role, UserId, is_text_id};
pub use interaction::{Direction, EventKind, Interaction, ItemFacts, Verdict};
pub use item::{AttributeValue, Benefit, Item};
pub use lowered::{lowered, push_lowered};
pub use scope::{Actor, AdminScope, PersonScope};
pub use search::{holds, split_around};
pub use settings::{Allowed, Purpose, Settings};
pub use sorted_map::SortedMap;
pub use sorted_set::SortedSet;
pub use stated::{Detail, Expertise, Level, NotificationFrequency, Stated};
pub use time::{
    CLOCK_TOLERANCE_MS, DAY_MS, HOUR_MS, TimeMs, WrittenTime, day_of, days_between, format_rfc3339, parse_rfc3339,
    parse_written,
};
pub use trace::{Factor, NoTrace, Term, Trace, TraceSink};
