//! What one unit was assigned to, and what becomes of it when two units turn out to be one person.

use crate::math::hash64;
use crate::types::TimeMs;

/// The most assignments that are kept of one unit; a token of this many is 1.4 KB long.
pub const MOST_ASSIGNMENTS: usize = 64;

/// Returns the number that stands for a test in tokens and receipts: xxh3-64 over environment and name.
pub fn id_of_test(environment: &str, test_name: &str) -> u64 {
    hash64(&["nearside", "test", environment, test_name])
}

/// One assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// `id_of_test` of the test.
    pub test: u64,
    /// When it was made, in whole seconds since 1970.
    pub assigned_at_s: u32,
    /// The epoch in which it was made, which is the stratum of the analysis.
    pub epoch: u16,
    /// Index of the variant.
    pub variant: u8,
}

/// The assignments of one unit, one for each test, ascending by test.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assignments(Vec<Assignment>);

impl Assignments {
    /// None yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Returns the assignment to a test.
    pub fn of(&self, test: u64) -> Option<&Assignment> {
        // A handful, and most units have none.
        self.0.iter().find(|assignment| assignment.test == test)
    }

    /// Adds an assignment unless the test has one, and returns the one that holds: the one that was there wins. Beyond
    /// `MOST_ASSIGNMENTS` the oldest is left out: its test has most likely ended.
    pub fn keep(&mut self, new: Assignment) -> Assignment {
        match self.0.binary_search_by_key(&new.test, |assignment| assignment.test) {
            Ok(index) => self.0.get(index).copied().unwrap_or(new),
            Err(index) => {
                self.0.insert(index, new);
                if self.0.len() > MOST_ASSIGNMENTS {
                    let oldest = self.0.iter().map(|one| (one.assigned_at_s, one.test)).min();
                    self.0.retain(|one| Some((one.assigned_at_s, one.test)) != oldest);
                }
                new
            }
        }
    }

    /// All, ascending by test.
    pub fn iter(&self) -> impl Iterator<Item = &Assignment> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Assignment> for Assignments {
    fn from_iter<I: IntoIterator<Item = Assignment>>(assignments: I) -> Self {
        let mut kept = Self::new();
        for assignment in assignments {
            kept.keep(assignment);
        }
        kept
    }
}

/// Returns a time in whole seconds, within what 32 bits hold: 1970 to 2106.
pub fn whole_seconds(at_ms: TimeMs) -> u32 {
    u32::try_from(at_ms.div_euclid(1_000).max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(test: u64, variant: u8, assigned_at_s: u32) -> Assignment {
        Assignment { test, assigned_at_s, epoch: 1, variant }
    }

    #[test]
    fn the_assignment_that_is_there_wins() {
        let mut kept: Assignments = [made(2, 0, 10), made(1, 1, 20)].into_iter().collect();
        assert_eq!(kept.keep(made(2, 1, 5)), made(2, 0, 10));
        assert_eq!(kept.iter().map(|one| one.test).collect::<Vec<_>>(), [1, 2]);
        assert_eq!((kept.of(2), kept.of(3), kept.len()), (Some(&made(2, 0, 10)), None, 2));
    }

    #[test]
    fn beyond_the_most_the_oldest_goes() {
        let kept: Assignments = (0..70).map(|test| made(test, 0, 1_000 - test as u32)).collect();
        assert_eq!((kept.len(), kept.of(64), kept.of(63).is_some()), (MOST_ASSIGNMENTS, None, true));
    }

    #[test]
    fn times_are_whole_seconds_and_never_wrap() {
        assert_eq!([whole_seconds(1_999), whole_seconds(-5), whole_seconds(i64::MAX)], [1, 0, u32::MAX]);
    }
}
