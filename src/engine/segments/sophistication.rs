//! *What it measures*: whether the item's complexity suits the reader.
//! *Why it helps*: what is too hard is not understood, what is too easy is not read.
//! *How*: `1 - max(0, c - k) / 9 - 0.5 max(0, k - c) / 9` for complexity c and comfortable complexity k, both 1 to 10:
//! too hard costs twice as much as too easy.
//! *When it misleads*: somebody who reads simple things for others.
//! *What consent it needs*: `behavioral` for what was read; none for what was said.

use crate::types::Item;

/// Returns the match, 0 to 1; 0.5 when either side is unknown.
pub fn sophistication_match(item: &Item, comfortable: Option<f64>) -> f64 {
    let (Some(complexity), Some(comfortable)) = (item.complexity, comfortable) else { return 0.5 };
    let distance = f64::from(complexity) - comfortable;
    let cost = if distance > 0.0 { distance } else { -0.5 * distance };
    1.0 - cost / 9.0
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn too_hard_costs_twice_as_much_as_too_easy() {
        let item = |complexity: u8| -> Item {
            serde_json::from_value(
                serde_json::json!({"id": "a", "category": "A", "title": "A", "complexity": complexity}),
            )
            .unwrap()
        };
        let check = |complexity: u8, comfortable: Option<f64>, expected: f64| {
            let value = sophistication_match(&item(complexity), comfortable);
            assert!((value - expected).abs() < 1e-12, "{complexity} {comfortable:?}: {value}");
        };
        check(5, Some(5.0), 1.0);
        check(10, Some(1.0), 0.0);
        check(1, Some(10.0), 0.5);
        check(8, Some(5.0), 1.0 - 3.0 / 9.0);
        check(5, None, 0.5);
    }
}
