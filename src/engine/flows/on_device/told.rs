//! A list in numbers: what the scores of its items were told to be made of, each while it was computed.

use serde::Serialize;

use crate::ranking::RankedList;
use crate::scoring::{Subject, score};
use crate::types::{Decision, TraceSink};

/// A decision whose items are numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct InNumbers {
    /// What the numbers do not say.
    pub head: NumbersHead,
    /// Of each item, best first: its place in [`super::Device::names`], score, confidence, adjusted priority, number of
    /// terms and of factors; then of each term its place in the head, and its value; then of each factor its place.
    pub numbers: Vec<f64>,
}

/// What of a decision in numbers is no number, and what is the same for its items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumbersHead {
    /// The decision without its items.
    pub decision: Decision,
    /// The names of terms and factors.
    pub names: Vec<String>,
    /// By name: the weight of a term, the multiplier of a factor. A term contributes its value times its weight.
    pub weights: Vec<f64>,
}

/// Hears the scores of a list.
pub(super) struct Told<'a> {
    /// Each term with its weight and each factor with its multiplier.
    names: Vec<(&'a str, f64)>,
    /// Of each item: the numbers of terms and factors, then those.
    numbers: Vec<f64>,
    /// By item of the shelf, where its numbers begin.
    begins: Vec<usize>,
    /// Where those of the present item begin.
    begin: usize,
    /// The place of the name that comes next, if this item tells what the one before it told.
    next: usize,
}

impl<'a> Told<'a> {
    /// What one item takes, with the terms of most packs.
    const NUMBERS: usize = 24;

    /// Nothing was told yet.
    pub(super) fn of(subject: &Subject<'a>) -> Self {
        let begins = vec![0; subject.shelf.items.len()];
        Self { names: Vec::new(), numbers: Vec::with_capacity(begins.len() * Self::NUMBERS), begins, begin: 0, next: 0 }
    }

    /// Scores the items of an order to hear them.
    pub(super) fn hear(&mut self, subject: &Subject<'a>, order: &RankedList) {
        for scored in &order.items {
            if let Some(shelved) = subject.shelf.items.get(scored.index) {
                score(subject, scored.index, shelved, self);
            }
        }
    }

    /// Lays out what was told of an order's items.
    pub(super) fn in_numbers(self, subject: &Subject<'a>, order: &RankedList, decision: Decision) -> InNumbers {
        let mut numbers = Vec::with_capacity(self.numbers.len() + 4 * order.items.len());
        for scored in &order.items {
            let of_item = self.begins.get(scored.index).and_then(|begin| self.numbers.get(*begin..));
            let (Some(shelved), Some(of_item)) = (subject.shelf.items.get(scored.index), of_item) else { continue };
            let [terms, factors, ..] = of_item else { continue };
            let length = 2 + 2 * *terms as usize + *factors as usize;
            let priority = f64::from(scored.adjusted_priority);
            for number in [scored.index as f64, scored.score, subject.confidence(shelved), priority] {
                numbers.push(number);
            }
            numbers.extend_from_slice(of_item.get(..length).unwrap_or_default());
        }
        let (names, weights) = self.names.into_iter().map(|(name, weight)| (name.to_owned(), weight)).unzip();
        InNumbers { head: NumbersHead { decision, names, weights }, numbers }
    }

    /// The place of a name with its weight. A name is known by where it stands: comparing texts would cost more than the
    /// terms themselves.
    fn place(&mut self, name: &'a str, weight: f64) -> f64 {
        let is_same = |known: &(&str, f64)| std::ptr::eq(known.0, name) && known.1.to_bits() == weight.to_bits();
        if !self.names.get(self.next).is_some_and(is_same) {
            self.next = self.names.iter().position(is_same).unwrap_or(self.names.len());
            if self.next == self.names.len() {
                self.names.push((name, weight));
            }
        }
        self.next += 1;
        (self.next - 1) as f64
    }

    fn count(&mut self, which: usize) {
        if let Some(count) = self.numbers.get_mut(self.begin + which) {
            *count += 1.0;
        }
    }
}

impl<'a> TraceSink<'a> for Told<'a> {
    fn item(&mut self, index: usize) {
        (self.begin, self.next) = (self.numbers.len(), 0);
        if let Some(begin) = self.begins.get_mut(index) {
            *begin = self.begin;
        }
        self.numbers.push(0.0);
        self.numbers.push(0.0);
    }

    fn term(&mut self, name: &'a str, value: f64, weight: f64, _contribution: f64) {
        let place = self.place(name, weight);
        // Two numbers are pushed sooner than a slice of two is copied, which is a call out of the wasm.
        self.numbers.push(place);
        self.numbers.push(value);
        self.count(0);
    }

    fn factor(&mut self, name: &'a str, multiplier: f64) {
        let place = self.place(name, multiplier);
        self.numbers.push(place);
        self.count(1);
    }
}
