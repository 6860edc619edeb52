//! How a score came about. The one code path that computes a score tells it to a sink; explanations are never recomputed.

use nearside_json::Read;
use serde::Serialize;

/// A named additive contribution: `contribution = value x weight`.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
pub struct Term {
    /// The term's name, such as `category_preference`.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// How much it counts.
    pub weight: f64,
    /// What it adds to the score before the factors.
    pub contribution: f64,
}

/// A named multiplier of the whole sum.
#[derive(Debug, Clone, PartialEq, Serialize, Read)]
pub struct Factor {
    /// The factor's name, such as `deadline_near`, or `clamp` where the limits of the product acted.
    pub name: String,
    /// What the sum is multiplied by.
    pub multiplier: f64,
}

/// Hears the parts of a score while it is computed. `'a` is how long the names last.
pub trait TraceSink<'a> {
    /// The score of the item at an index of the shelf begins.
    fn item(&mut self, _index: usize) {}
    /// A term was added.
    fn term(&mut self, name: &'a str, value: f64, weight: f64, contribution: f64);
    /// A factor was applied.
    fn factor(&mut self, name: &'a str, multiplier: f64);
}

/// The sink for when nobody asks; it compiles to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTrace;

impl TraceSink<'_> for NoTrace {
    fn term(&mut self, _name: &str, _value: f64, _weight: f64, _contribution: f64) {}
    fn factor(&mut self, _name: &str, _multiplier: f64) {}
}

/// The sink that keeps everything it hears.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Read)]
pub struct Trace {
    /// The additive part, in the order of addition.
    pub terms: Vec<Term>,
    /// The multiplicative part, in the order of multiplication.
    pub factors: Vec<Factor>,
}

impl TraceSink<'_> for Trace {
    fn term(&mut self, name: &str, value: f64, weight: f64, contribution: f64) {
        if self.terms.capacity() == 0 {
            // One piece of memory for most lists, in place of three that grow.
            self.terms.reserve(12);
        }
        self.terms.push(Term { name: name.to_owned(), value, weight, contribution });
    }

    fn factor(&mut self, name: &str, multiplier: f64) {
        self.factors.push(Factor { name: name.to_owned(), multiplier });
    }
}
