//! Whether a free text sounds content or not, by the pack's own small word lists. A hint, never a verdict.

use super::phrases::{LoweredWords, PhraseTable, is_contracted_negation};
use crate::pack::SentimentWords;

/// How many words a negator turns round.
const NEGATED_WORDS: usize = 2;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heard {
    Negator,
    Positive,
    Negative,
}

/// Returns how content a text sounds, from -1 to 1: the balance of the words heard, 0 when none is.
///
/// A negator, or a contraction of "not", turns the next two words round. It knows no irony and no comparison.
pub fn sentiment(text: &str, words: &SentimentWords) -> f64 {
    let lists =
        [(Heard::Negator, &words.negators), (Heard::Positive, &words.positive), (Heard::Negative, &words.negative)];
    let table =
        PhraseTable::new(lists.iter().flat_map(|(heard, list)| list.iter().map(|word| (word.as_str(), *heard))));
    let spoken = LoweredWords::of(text);
    let (mut content, mut discontent) = (0u32, 0u32);
    let mut negated: usize = 0;
    let mut index = 0;
    while index < spoken.words.len() {
        let heard = table.matches_at(&spoken, index).next();
        index += heard.map_or(1, |(count, _)| count);
        let is_turned = negated > 0;
        negated = negated.saturating_sub(1);
        match heard {
            Some((_, Heard::Negator)) => negated = NEGATED_WORDS,
            None if is_contracted_negation(spoken.lowered(index - 1)) => negated = NEGATED_WORDS,
            Some((_, Heard::Positive)) if is_turned => discontent += 1,
            Some((_, Heard::Negative)) if is_turned => content += 1,
            Some((_, Heard::Positive)) => content += 1,
            Some((_, Heard::Negative)) => discontent += 1,
            None => {}
        }
    }
    let all = content + discontent;
    if all == 0 { 0.0 } else { (f64::from(content) - f64::from(discontent)) / f64::from(all) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::text::testing::words;

    #[track_caller]
    fn check(text: &str, expected: f64) {
        assert_eq!(sentiment(text, &words().sentiment), expected, "{text:?}");
    }

    #[test]
    fn words_are_weighed_against_each_other() {
        check("", 0.0);
        check("It is a table.", 0.0);
        check("Great, really helpful!", 1.0);
        check("Useless and confusing.", -1.0);
        check("Helpful but confusing", 0.0);
        check("great great confusing", 1.0 / 3.0);
        check("HELPFUL", 1.0);
        check("greatly", 0.0);
        check("a waste of time", -1.0);
    }

    #[test]
    fn a_negator_turns_the_next_two_words_round() {
        check("not helpful", -1.0);
        check("not very helpful", -1.0);
        check("not at all very helpful", 1.0);
        check("never confusing", 1.0);
        check("It isn’t helpful", -1.0);
        check("I don't think it helpful", 1.0);
        check("not great, not confusing", 0.0);
    }
}
