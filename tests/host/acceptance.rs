//! The work of the online learner for one event, without a host around it: twenty columns as in Bank Marketing, ten of
//! them numbers, and one pair: 31 features and the intercept.

use nearside_engine::acceptance::{FeatureRow, OnlineLearner};
use nearside_engine::math::{bucket, hash64};
use wasm_bindgen::prelude::wasm_bindgen;

/// Columns of each kind.
const COLUMNS: u32 = 10;

/// Events that were made beforehand, and a learner.
#[wasm_bindgen]
pub struct AcceptanceBench {
    learner: OnlineLearner,
    row: FeatureRow,
    events: Vec<Event>,
}

/// One event: as it comes, and with its features named and hashed.
struct Event {
    categories: Vec<(String, String)>,
    numbers: Vec<(String, f64)>,
    hashed: FeatureRow,
    accepted: bool,
}

#[wasm_bindgen]
impl AcceptanceBench {
    /// Makes so many events.
    #[wasm_bindgen(constructor)]
    pub fn new(events: u32) -> AcceptanceBench {
        let learner = OnlineLearner::new(OnlineLearner::USUAL_BITS).expect("the usual size is allowed");
        AcceptanceBench { learner, row: FeatureRow::new(), events: (0..events).map(event).collect() }
    }

    /// Predicts and learns each event whose features are hashed already; returns the sum of the log-losses.
    pub fn learn_hashed(&mut self) -> f64 {
        self.events.iter().map(|event| self.learner.learn(&event.hashed, event.accepted).loss).sum()
    }

    /// Names, hashes, predicts and learns each event; returns the sum of the log-losses.
    pub fn learn(&mut self) -> f64 {
        let mut sum = 0.0;
        for event in &self.events {
            fill(&mut self.row, &event.categories, &event.numbers);
            sum += self.learner.learn(&self.row, event.accepted).loss;
        }
        sum
    }
}

fn event(index: u32) -> Event {
    let draw = |stream: u32, values: u32| bucket(hash64(&[&stream.to_string(), &index.to_string()]), values);
    let categories: Vec<(String, String)> = (0..COLUMNS)
        .map(|column| (format!("category.{column}"), format!("value-{}", draw(column, 3 + column))))
        .collect();
    let numbers: Vec<(String, f64)> = (0..COLUMNS)
        .map(|column| (format!("number.{column}"), f64::from(draw(100 + column, 50)) * 1.7 - 3.0))
        .collect();
    let mut hashed = FeatureRow::new();
    fill(&mut hashed, &categories, &numbers);
    Event { categories, numbers, hashed, accepted: draw(1_000, 8) == 0 }
}

fn fill(row: &mut FeatureRow, categories: &[(String, String)], numbers: &[(String, f64)]) {
    row.clear();
    categories.iter().for_each(|(column, value)| row.category(column, value));
    numbers.iter().for_each(|(column, number)| row.number(column, *number));
    if let [(first, of_first), (second, of_second), ..] = categories {
        row.pair((first, of_first), (second, of_second));
    }
}
