//! How recommendations are answered, counted in the isolate's memory and written now and then, beside the answers. Nothing
//! personal is written: how many people there were is a number.
//!
//! What an isolate has not written when it ends is lost, and so is a write that fails: the figures say how things are, they
//! are no ledger. The runtime's clock moves when something is read or written, so a latency is the time that the stores
//! took, and of no time at all where an answer came from memory.

use std::cell::{Cell, RefCell};
use std::fmt::Write;

use nearside_engine::ports::{Figures, FiguresAsk, ModelFacts, Surroundings};
use nearside_engine::privacy::for_jobs;
use nearside_engine::types::{Environment, TimeMs, UserId, day_of};
use worker::js_sys::Date;
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen_futures::future_to_promise;

use crate::adapters::{D1, D1Store};
use crate::host::EdgeHost;
use crate::runtime::{call, present};

/// Upper bounds of the buckets of latencies, in milliseconds; the last one takes whatever was slower.
const AT_MOST_MS: [i64; 22] =
    [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 2_000, 5_000, 10_000, 60_000];
/// So many answers are written at once …
const MOST_ANSWERS: u32 = 64;
/// … or those of so long.
const MOST_MS: i64 = 60_000;
/// Figures over fewer people are not shown. More need not be told apart.
const LEAST_PEOPLE: usize = 20;

/// What was counted and not written yet.
struct Count {
    environment: Environment,
    since_ms: TimeMs,
    answers: u32,
    general: u32,
    degraded: u32,
    latencies: [u32; AT_MOST_MS.len()],
    /// The first different people of the day, in memory only.
    people: Vec<UserId>,
}

impl Count {
    const fn of(environment: Environment) -> Self {
        let latencies = [0; AT_MOST_MS.len()];
        Self { environment, since_ms: 0, answers: 0, general: 0, degraded: 0, latencies, people: Vec::new() }
    }

    /// Takes out what is to be written, if it is time, and begins anew.
    fn take_due(&mut self, now_ms: TimeMs) -> Option<ModelFacts> {
        let is_over = day_of(now_ms) != day_of(self.since_ms);
        let is_due = self.answers >= MOST_ANSWERS || now_ms - self.since_ms >= MOST_MS || is_over;
        let facts = (self.answers > 0 && is_due).then(|| self.facts());
        if is_over {
            self.people.clear();
        }
        if is_due {
            *self = Self { since_ms: now_ms, people: std::mem::take(&mut self.people), ..Self::of(self.environment) };
        }
        facts
    }

    fn facts(&self) -> ModelFacts {
        let people = self.people.len();
        let mut counts =
            format!(r#"[["general",0,{}],["degraded",0,{}],["people",0,{people}]"#, self.general, self.degraded);
        for (at_most_ms, answers) in AT_MOST_MS.iter().zip(self.latencies).filter(|(_, answers)| *answers > 0) {
            // Writing to a text does not fail.
            let _ = write!(counts, r#",["latency",{at_most_ms},{answers}]"#);
        }
        counts.push(']');
        let facts = ModelFacts::of("").text("environment", self.environment.name());
        facts.json("day", &day_of(self.since_ms).to_string()).json("counts", &counts)
    }

    fn add(&mut self, answer: &Answered) {
        self.answers += 1;
        self.general += u32::from(answer.is_general);
        self.degraded += u32::from(answer.is_degraded);
        let bucket = AT_MOST_MS.iter().position(|at_most_ms| answer.latency_ms <= *at_most_ms);
        if let Some(bucket) = self.latencies.get_mut(bucket.unwrap_or(AT_MOST_MS.len() - 1)) {
            *bucket += 1;
        }
        if self.people.len() < LEAST_PEOPLE && !self.people.contains(&answer.user) {
            self.people.push(answer.user);
        }
    }
}

thread_local! {
    static COUNTS: RefCell<[Count; 2]> =
        const { RefCell::new([Count::of(Environment::Production), Count::of(Environment::Test)]) };
    static DUE: Cell<Option<ModelFacts>> = const { Cell::new(None) };
}

/// An answer, as it is counted.
struct Answered {
    user: UserId,
    is_general: bool,
    is_degraded: bool,
    latency_ms: i64,
}

/// Counts an answer to somebody.
pub(crate) fn count(host: &EdgeHost, user: UserId, is_general: bool, is_degraded: bool) {
    let now_ms = Date::now() as i64;
    let answer = Answered { user, is_general, is_degraded, latency_ms: now_ms - host.now_ms() };
    COUNTS.with_borrow_mut(|[production, test]| {
        let count = if host.environment() == Environment::Test { test } else { production };
        // Whoever counts is the request that writes: nobody comes between.
        DUE.set(count.take_due(now_ms));
        count.add(&answer);
    });
}

/// Writes what is due once the answer is on its way. Nobody waits for it, and its failure is nobody's.
pub(crate) fn write_due(env: &JsValue, context: &JsValue) {
    let (Some(facts), Some(database)) = (DUE.take(), present(env, "DB")) else { return };
    let written = future_to_promise(async move {
        let store = D1Store::new(D1::new(database));
        let _ = store.figures(for_jobs(), FiguresAsk::AddAnswers, &facts, 0).await;
        Ok(JsValue::UNDEFINED)
    });
    let _ = call(context, "waitUntil", &[written.into()]);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const NOON: TimeMs = 1_795_176_000_000;

    fn answer(person: u8, latency_ms: i64) -> Answered {
        let user = UserId::parse(&format!("00000000-0000-4000-8000-0000000000{person:02x}")).unwrap();
        Answered { user, is_general: person.is_multiple_of(2), is_degraded: person == 1, latency_ms }
    }

    fn said(count: &mut Count, now_ms: TimeMs) -> Option<serde_json::Value> {
        let facts = count.take_due(now_ms)?;
        Some(serde_json::from_str(&facts.asked(for_jobs(), now_ms)).unwrap())
    }

    #[test]
    fn answers_are_written_by_the_sixty_four_or_by_the_minute() {
        let mut count = Count::of(Environment::Production);
        assert_eq!(said(&mut count, NOON), None, "nothing was counted");
        for person in 0..64 {
            assert_eq!(said(&mut count, NOON + 59_999), None);
            count.add(&answer(person, i64::from(person)));
        }
        let facts = said(&mut count, NOON + 59_999).unwrap();
        assert_eq!((&facts["environment"], &facts["day"]), (&"production".into(), &20_777.into()));
        let counts = facts["counts"].as_array().unwrap();
        let expected =
            serde_json::json!([["general", 0, 32], ["degraded", 0, 1], ["people", 0, 20], ["latency", 1, 2]]);
        assert_eq!(counts[..4], *expected.as_array().unwrap());
        let answers: i64 = counts[3..].iter().map(|row| row[2].as_i64().unwrap()).sum();
        assert_eq!(answers, 64);
        count.add(&answer(1, 90_000));
        assert_eq!(said(&mut count, NOON + 119_998), None);
        let facts = said(&mut count, NOON + 119_999).unwrap();
        assert_eq!(
            facts["counts"][3],
            serde_json::json!(["latency", 60_000, 1]),
            "what is slower is in the last bucket"
        );
        assert_eq!(facts["counts"][2][2], 20, "people are those of the day, not of the minute");
    }

    #[test]
    fn a_new_day_is_counted_for_itself() {
        let mut count = Count::of(Environment::Test);
        count.take_due(NOON);
        count.add(&answer(1, 5));
        let midnight = NOON + 12 * 3_600_000;
        let facts = said(&mut count, midnight).unwrap();
        assert_eq!((&facts["environment"], &facts["day"]), (&"test".into(), &20_777.into()));
        count.add(&answer(2, 5));
        let facts = said(&mut count, midnight + 60_000).unwrap();
        assert_eq!((&facts["day"], &facts["counts"][2][2]), (&20_778.into(), &1.into()));
    }
}
