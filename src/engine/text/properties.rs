//! Properties that hold for any text: nothing is lost, nothing is added, nothing panics.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::testing::{item, lexicon, pack, words};
use super::{Fill, ProtectedKind, Reader, adapt_description, adapt_title, fill, format_amount, prepare};
use super::{protected_spans, sentences, sentiment, without_urgency};
use crate::types::Detail;

/// Pieces of finance texts, so that spans, terms and brackets meet in every order.
const PIECES: [&str; 51] = [
    "You",
    "may",
    "save",
    "£20,000",
    "R1 000.50",
    "ZAR 500",
    "3.5 %",
    "20 per cent",
    "5 April 2027",
    "2027-04-05",
    "April",
    "if",
    "unless",
    "up to",
    "subject to",
    "not",
    "no",
    "won't",
    "cannot",
    "capital is at risk",
    "could lose",
    "100",
    "ISA",
    "ISAs",
    "annuity",
    "annuities",
    "bond",
    "tax-free savings account",
    "RA",
    "e.g.",
    "p.a.",
    "Dr.",
    "No. 5",
    "J. K.",
    "U.K.",
    "(",
    ")",
    "“",
    "”",
    ".",
    "!",
    "?",
    "...",
    "\n",
    "\n- ",
    "The",
    "hurry",
    "Act now",
    "act now to",
    "immediately",
    "Last chance",
];

fn finance_text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(
        (prop::sample::select(&PIECES[..]), prop::sample::select(&[" ", " ", " ", "", ". "][..])),
        0..60,
    );
    pieces.prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![finance_text(), ".{0,200}", "[a-zA-Z0-9 .!?()%£\u{a0}\u{301}’'\n-]{0,200}", any::<String>()]
}

fn any_reader() -> impl Strategy<Value = (f64, Detail, Option<&'static str>)> {
    let detail = prop::sample::select(&[Detail::Concise, Detail::Moderate, Detail::Detailed][..]);
    (0.0..11.0f64, detail, prop::sample::select(&[None, Some("GB"), Some("ZA")][..]))
}

/// The protected spans of a text, as texts.
fn spans(text: &str) -> Vec<String> {
    protected_spans(text, lexicon()).into_iter().map(|span| text[span.range].to_owned()).collect()
}

fn must_be_kept(text: &str) -> bool {
    let kinds = [ProtectedKind::Warning, ProtectedKind::Condition];
    protected_spans(text, lexicon()).iter().any(|span| kinds.contains(&span.kind))
}

fn binds(text: &str) -> bool {
    let spans = protected_spans(text, lexicon());
    must_be_kept(text) || spans.iter().any(|span| span.kind == ProtectedKind::Negation)
}

/// Removes the explanations of the test pack, so that what is left must be the publisher's own.
fn without_explanations(text: &str) -> String {
    pack().glossary.iter().fold(text.to_owned(), |text, entry| text.replace(&format!(" ({})", entry.short), ""))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(20_260), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sentences_together_are_the_text(text in any_text()) {
        let joined: String = sentences(&text, lexicon()).into_iter().map(|range| &text[range]).collect();
        prop_assert_eq!(joined, text);
    }

    #[test]
    fn no_sentence_is_empty(text in any_text()) {
        prop_assert!(sentences(&text, lexicon()).iter().all(|range| !range.is_empty()));
    }

    #[test]
    fn protected_spans_are_ordered_and_apart(text in any_text()) {
        let found = protected_spans(&text, lexicon());
        prop_assert!(found.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
        prop_assert!(found.iter().all(|span| !text[span.range.clone()].is_empty()));
    }

    #[test]
    fn every_digit_is_protected(text in any_text()) {
        let found = protected_spans(&text, lexicon());
        for (at, character) in text.char_indices().filter(|(_, character)| character.is_numeric()) {
            prop_assert!(found.iter().any(|span| span.range.contains(&at)), "{character} at {at}");
        }
    }

    #[test]
    fn kept_sentences_are_the_publishers_own(title in any_text(), text in any_text(), (literacy, detail, country) in any_reader()) {
        let (lexicon, words) = (lexicon(), words());
        let item = item(&title, &text);
        let prepared = prepare(&title, &text, lexicon);
        let shown = adapt_description(&item, &prepared, &Reader { literacy, detail, country }, lexicon, &words);
        let shown = without_explanations(shown.strip_suffix(" [Show more]").unwrap_or(&shown));
        let all = sentences(text.trim_end(), lexicon);
        let chosen = match detail {
            Detail::Concise => prepared.concise,
            Detail::Moderate => prepared.moderate,
            Detail::Detailed => {
                prop_assert!(shown.starts_with(&without_explanations(&text)));
                return Ok(());
            }
        };
        let own: Vec<String> = chosen.iter().map(|index| without_explanations(text[all[*index].clone()].trim())).collect();
        let own = own.iter().filter(|sentence| !sentence.is_empty()).cloned().collect::<Vec<_>>();
        prop_assert_eq!(shown.replace('\n', " "), own.join(" ").replace('\n', " "));
        for (index, sentence) in all.into_iter().enumerate() {
            prop_assert!(chosen.contains(&index) || !must_be_kept(&text[sentence]));
        }
    }

    #[test]
    fn sentences_that_must_be_kept_keep_their_spans_in_order(text in any_text(), (literacy, detail, country) in any_reader()) {
        let (lexicon, words) = (lexicon(), words());
        let item = item("Use it", &text);
        let prepared = prepare("Use it", &text, lexicon);
        let shown = adapt_description(&item, &prepared, &Reader { literacy, detail, country }, lexicon, &words);
        let mut shown_spans = spans(&shown).into_iter();
        for sentence in sentences(&text, lexicon) {
            let sentence = &text[sentence];
            if must_be_kept(sentence) {
                for wanted in spans(sentence) {
                    prop_assert!(shown_spans.any(|span| span == wanted), "{wanted:?} of {sentence:?} in {shown:?}");
                }
            }
        }
    }

    #[test]
    fn a_shortened_text_adds_no_span_that_the_text_has_not(text in finance_text(), (literacy, _, country) in any_reader()) {
        let (lexicon, words) = (lexicon(), words());
        let item = item(&text, &text);
        let prepared = prepare(&text, &text, lexicon);
        let reader = Reader { literacy, detail: Detail::Concise, country };
        let all = spans(&text);
        for shown in [
            adapt_title(&item, &prepared, &reader, lexicon),
            adapt_description(&item, &prepared, &reader, lexicon, &words),
        ] {
            let mut of_text = all.iter();
            for span in spans(&shown) {
                prop_assert!(of_text.any(|known| *known == span), "{span:?} of {shown:?} is new or out of order");
            }
        }
    }

    #[test]
    fn a_title_without_its_explanations_is_the_publishers(title in any_text(), (literacy, detail, country) in any_reader()) {
        let lexicon = lexicon();
        let item = item(&title, "");
        let prepared = prepare(&title, "", lexicon);
        let shown = adapt_title(&item, &prepared, &Reader { literacy, detail, country }, lexicon);
        prop_assert_eq!(without_explanations(&shown), without_explanations(&title));
    }

    #[test]
    fn moderate_shows_all_that_concise_shows(title in any_text(), text in any_text()) {
        let prepared = prepare(&title, &text, lexicon());
        prop_assert!(prepared.concise.iter().all(|index| prepared.moderate.contains(index)));
        let mandatory = prepared.sentences.iter().filter(|sentence| sentence.is_mandatory).count();
        let wanted = prepared.sentences.len().min(3.max(prepared.concise.len()));
        prop_assert_eq!(prepared.moderate.len(), wanted);
        prop_assert!(prepared.concise.len() <= mandatory + 1);
    }

    #[test]
    fn a_calm_text_keeps_its_spans_in_order(text in any_text()) {
        if let Some(calm) = without_urgency(&text, lexicon()) {
            prop_assert!(calm.chars().count() < text.chars().count(), "{calm:?} of {text:?}");
            prop_assert_eq!(spans(&calm), spans(&text));
        }
    }

    #[test]
    fn a_calm_text_is_calm(text in any_text()) {
        if let Some(calm) = without_urgency(&text, lexicon()) {
            prop_assert_eq!(without_urgency(&calm, lexicon()), None);
        }
    }

    #[test]
    fn a_calm_text_keeps_every_sentence_that_binds(text in any_text()) {
        let Some(calm) = without_urgency(&text, lexicon()) else { return Ok(()) };
        let mut rest = calm.as_str();
        for sentence in sentences(&text, lexicon()) {
            let sentence = text[sentence].trim();
            if binds(sentence) {
                let at = rest.find(sentence);
                prop_assert!(at.is_some(), "{sentence:?} is not in {calm:?} where it was in {text:?}");
                rest = &rest[at.unwrap_or(0) + sentence.len()..];
            }
        }
    }

    #[test]
    fn no_template_or_free_text_panics(text in any_text(), amount in any::<f64>()) {
        fill(&text, &Fill::default());
        format_amount(amount, &text, &words());
        let heard = sentiment(&text, &words().sentiment);
        prop_assert!((-1.0..=1.0).contains(&heard));
    }
}
