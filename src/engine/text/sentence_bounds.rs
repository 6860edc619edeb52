//! The sentence bounds of Unicode Annex 29: its rules SB1 to SB11 and SB998, in one pass. What a sentence is beyond its
//! characters (abbreviations, lists, brackets) is judged in `sentences`.

use super::sentence_classes::{Class, class_of};

/// What stands before the next character, as far as the rules look back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A small letter or a capital.
    Cased,
    /// A full stop, and whether a small letter or a capital stands right before it.
    Stop {
        after_cased: bool,
    },
    Terminator,
    /// A terminator or full stop, then quotes or brackets.
    Closed {
        by_stop: bool,
    },
    /// A terminator or full stop, perhaps quotes or brackets, then spaces.
    Spaced {
        by_stop: bool,
    },
    LineEnd {
        is_return: bool,
    },
    Other,
}

/// Returns every place within a text where a sentence may begin, in order; neither its start nor its end is one.
pub(super) fn sentence_bounds(text: &str) -> Vec<usize> {
    let mut bounds = Vec::new();
    let mut before = Before::Other;
    // A bound after a full stop that stands only if no small letter comes before the next letter, end or line (SB8).
    let mut doubtful: Option<usize> = None;
    for (at, character) in text.char_indices() {
        let class = class_of(character);
        if is_decisive(class) {
            bounds.extend(doubtful.take().filter(|_| class != Class::Small));
        }
        match verdict(before, class, character) {
            Verdict::Bound => bounds.push(at),
            Verdict::Doubtful => doubtful = Some(at),
            Verdict::Whole => {}
        }
        before = after(before, class, character);
    }
    bounds.extend(doubtful);
    bounds
}

enum Verdict {
    Bound,
    Doubtful,
    Whole,
}

/// Judges the place between what stands before and the next character.
fn verdict(before: Before, class: Class, character: char) -> Verdict {
    let by_stop = match before {
        // SB3 and SB4.
        Before::LineEnd { is_return } => {
            return if is_return && character == '\n' { Verdict::Whole } else { Verdict::Bound };
        }
        // SB998.
        Before::Cased | Before::Other => return Verdict::Whole,
        Before::Stop { .. } => true,
        Before::Terminator => false,
        Before::Closed { by_stop } | Before::Spaced { by_stop } => by_stop,
    };
    match class {
        // SB5.
        Class::Mark => Verdict::Whole,
        // SB6.
        Class::Digit if matches!(before, Before::Stop { .. }) => Verdict::Whole,
        // SB7.
        Class::Capital if before == (Before::Stop { after_cased: true }) => Verdict::Whole,
        // SB8 where the next character already decides.
        Class::Small if by_stop => Verdict::Whole,
        // SB8a.
        Class::Continue | Class::Terminator | Class::Stop => Verdict::Whole,
        // SB9 and SB10.
        Class::Space | Class::LineEnd => Verdict::Whole,
        Class::Close if !matches!(before, Before::Spaced { .. }) => Verdict::Whole,
        // SB8 where a later character decides, and SB11.
        _ if by_stop && !is_decisive(class) => Verdict::Doubtful,
        _ => Verdict::Bound,
    }
}

/// True for a character that ends the look ahead of SB8.
fn is_decisive(class: Class) -> bool {
    use Class::{Capital, Letter, LineEnd, Small, Stop, Terminator};
    matches!(class, Small | Capital | Letter | LineEnd | Stop | Terminator)
}

/// What stands before the character after this one.
fn after(before: Before, class: Class, character: char) -> Before {
    match (class, before) {
        // A mark after a line end begins the next line.
        (Class::Mark, Before::LineEnd { .. }) => Before::Other,
        (Class::Mark, _) => before,
        (Class::Small | Class::Capital, _) => Before::Cased,
        (Class::Stop, _) => Before::Stop { after_cased: before == Before::Cased },
        (Class::Terminator, _) => Before::Terminator,
        (Class::LineEnd, _) => Before::LineEnd { is_return: character == '\r' },
        (Class::Close, Before::Stop { .. }) => Before::Closed { by_stop: true },
        (Class::Close, Before::Terminator) => Before::Closed { by_stop: false },
        (Class::Close, Before::Closed { .. }) => before,
        (Class::Space, Before::Stop { .. }) => Before::Spaced { by_stop: true },
        (Class::Space, Before::Terminator) => Before::Spaced { by_stop: false },
        (Class::Space, Before::Closed { by_stop } | Before::Spaced { by_stop }) => Before::Spaced { by_stop },
        _ => Before::Other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#[path = "sentence_bounds_tests.rs"]
mod tests;
