//! Expected numbers as formulas: `0.5 + 0.3 * (4 / 6 - 0.5)` says where a number comes from, 0.55 does not.
//! Plain precedence, parentheses, and the functions ln, sqrt and exp2; std arithmetic, not the engine's.

/// Returns the value of a formula.
///
/// # Panics
/// When the text is no formula: that is a mistake in a test.
pub fn value(formula: &str) -> f64 {
    let mut reader = Reader { rest: formula };
    let value = reader.sum();
    assert!(reader.rest.trim().is_empty(), "formula {formula:?}: cannot read {:?}", reader.rest);
    value
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn takes(&mut self, mark: &str) -> bool {
        match self.rest.trim_start().strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> f64 {
        let mut sum = self.product();
        loop {
            if self.takes("+") {
                sum += self.product();
            } else if self.takes("-") {
                sum -= self.product();
            } else {
                return sum;
            }
        }
    }

    fn product(&mut self) -> f64 {
        let mut product = self.factor();
        loop {
            if self.takes("*") {
                product *= self.factor();
            } else if self.takes("/") {
                product /= self.factor();
            } else {
                return product;
            }
        }
    }

    fn factor(&mut self) -> f64 {
        if self.takes("-") {
            return -self.factor();
        }
        for (name, function) in
            [("ln", f64::ln as fn(f64) -> f64), ("sqrt", f64::sqrt), ("exp2", f64::exp2), ("", |x| x)]
        {
            if self.takes(&format!("{name}(")) {
                let inner = self.sum();
                assert!(self.takes(")"), "a parenthesis stays open before {:?}", self.rest);
                return function(inner);
            }
        }
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (number, rest) = rest.split_at(end);
        self.rest = rest;
        number.parse().unwrap_or_else(|_| panic!("a number must stand before {rest:?}"))
    }
}
