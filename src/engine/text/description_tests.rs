//! Whole descriptions as readers get them, over paragraphs as publishers of the UK and South Africa write them.

use super::*;
use crate::text::prepare::prepare;
use crate::text::testing::{item, lexicon, words};

const ISA: &str = "Each tax year you can pay up to £20,000 into an ISA. Growth and income inside it are free of UK tax. \
                   Many people set up a monthly payment. The value of shares can fall as well as rise, and you may get \
                   back less than you put in. Check your plan once a year. It takes ten minutes.";

const TFSA: &str = "A tax-free savings account takes R36 000 a year, approx. R3 000 a month. It grows without tax on \
                    interest, dividends or gains. SARS charges 40 % on what you pay in above the limit. Start small. \
                    Raise it with your salary.";

fn reader(literacy: f64, detail: Detail, country: Option<&str>) -> Reader<'_> {
    Reader { literacy, detail, country }
}

#[track_caller]
fn check(reader: Reader<'_>, title: &str, description: &str, expected: &str) {
    let lexicon = lexicon();
    let item = item(title, description);
    let prepared = prepare(title, description, lexicon);
    assert_eq!(adapt_description(&item, &prepared, &reader, lexicon, &words()), expected);
}

const EXPERT_CONCISE: Reader<'_> = Reader { literacy: 9.0, detail: Detail::Concise, country: Some("GB") };
const EXPERT_MODERATE: Reader<'_> = Reader { literacy: 9.0, detail: Detail::Moderate, country: Some("GB") };
const EXPERT_DETAILED: Reader<'_> = Reader { literacy: 9.0, detail: Detail::Detailed, country: Some("GB") };

#[test]
fn concise_keeps_the_key_sentence_and_all_warnings_and_conditions() {
    check(
        EXPERT_CONCISE,
        "Use your ISA allowance",
        ISA,
        "Each tax year you can pay up to £20,000 into an ISA. The value of shares can fall as well as rise, and you may \
         get back less than you put in. [Show more]",
    );
    check(
        reader(9.0, Detail::Concise, Some("ZA")),
        "Open a tax-free savings account",
        TFSA,
        "A tax-free savings account takes R36 000 a year, approx. R3 000 a month. [Show more]",
    );
}

#[test]
fn the_key_sentence_need_not_be_the_first() {
    check(
        EXPERT_CONCISE,
        "Review your pension fees",
        "Time flies. High pension fees cost a typical saver £40,000 over a career. Have a look.",
        "High pension fees cost a typical saver £40,000 over a career. [Show more]",
    );
    check(
        EXPERT_CONCISE,
        "Build an emergency fund",
        "Could you pay for a new boiler? An emergency fund pays such bills. It gives you calm.",
        "An emergency fund pays such bills. [Show more]",
    );
}

#[test]
fn ties_go_to_the_earlier_sentence() {
    check(
        EXPERT_CONCISE,
        "Zzzz",
        "Alpha beta gamma delta. Epsilon zeta eta theta.",
        "Alpha beta gamma delta. [Show more]",
    );
}

#[test]
fn moderate_is_three_sentences_in_the_texts_order() {
    check(
        EXPERT_MODERATE,
        "Use your ISA allowance",
        ISA,
        "Each tax year you can pay up to £20,000 into an ISA. Growth and income inside it are free of UK tax. The value \
         of shares can fall as well as rise, and you may get back less than you put in.",
    );
    check(EXPERT_MODERATE, "T", "One is here now. Two is here now.", "One is here now. Two is here now.");
}

#[test]
fn moderate_is_more_than_three_where_more_must_be_kept() {
    let text =
        "It pays if you stay. It stops if you leave. It ends if you move. It falls if you sell. It is nice here now.";
    let kept = "It pays if you stay. It stops if you leave. It ends if you move. It falls if you sell.";
    check(EXPERT_MODERATE, "T", text, kept);
    check(EXPERT_CONCISE, "T", text, &format!("{kept} [Show more]"));
}

#[test]
fn detailed_is_the_whole_text_and_the_context() {
    check(
        EXPERT_DETAILED,
        "Use your ISA allowance",
        "Pay in.\n\nThen  wait.",
        "Pay in.\n\nThen  wait.\n\nTax rules change each year.\nISA: An ISA is an account in which savings grow free of \
         tax.\nThe last day is 5 April 2027.",
    );
}

#[test]
fn definitions_begin_with_the_terms_above_the_reader_and_stop_at_three() {
    let lexicon = lexicon();
    let item = item("T", "A savings account, an ISA, an annuity and a bond.");
    let prepared = prepare(&item.title, &item.description, lexicon);
    let shown = adapt_description(&item, &prepared, &reader(5.0, Detail::Detailed, Some("GB")), lexicon, &words());
    let terms: Vec<&str> = shown.lines().filter_map(|line| line.split_once(": ")).map(|(term, _)| term).collect();
    assert_eq!(terms, ["annuity", "bond", "savings account"]);
}

#[test]
fn a_term_is_explained_in_the_title_or_else_in_the_text() {
    let novice = reader(1.0, Detail::Moderate, Some("GB"));
    check(novice, "Use your ISA", "An ISA grows.", "An ISA grows.");
    check(novice, "Save tax", "An ISA grows.", "An ISA (an account whose growth is tax-free) grows.");
    check(
        novice,
        "Save tax",
        "An (ISA) or ISA grows. An ISA it is.",
        "An (ISA) or ISA (an account whose growth is tax-free) grows. An ISA it is.",
    );
}

#[test]
fn a_term_is_explained_in_the_first_sentence_that_is_shown() {
    check(
        reader(1.0, Detail::Concise, Some("GB")),
        "Check the fees of your pension",
        "Some hold an ISA. The fees of your pension are £300 a year. An ISA has them too if it is managed.",
        "The fees of your pension are £300 a year. An ISA (an account whose growth is tax-free) has them too if it is \
         managed. [Show more]",
    );
}

#[test]
fn short_and_odd_texts_work() {
    check(EXPERT_CONCISE, "T", "", "");
    check(EXPERT_MODERATE, "T", "", "");
    check(EXPERT_CONCISE, "T", "   ", "");
    check(EXPERT_DETAILED, "T", "", "Tax rules change each year.\nThe last day is 5 April 2027.");
    check(EXPERT_CONCISE, "T", "One sentence.", "One sentence. [Show more]");
    check(EXPERT_MODERATE, "T", " One sentence. ", "One sentence.");
    check(EXPERT_CONCISE, "T", "no punctuation at all", "no punctuation at all [Show more]");
    check(EXPERT_CONCISE, "T", "!!!", "!!! [Show more]");
}

#[test]
fn lines_of_a_list_stay_lines() {
    check(
        EXPERT_MODERATE,
        "T",
        "You need these things:\n- an account of yours\n- a number of yours",
        "You need these things:\n- an account of yours\n- a number of yours",
    );
}

#[test]
fn what_was_made_concise_stays_as_it_is() {
    let once = "High pension fees cost a saver £40,000. [Show more]";
    check(EXPERT_CONCISE, "Review your pension fees", once, once);
    check(EXPERT_MODERATE, "Review your pension fees", once, "High pension fees cost a saver £40,000.");
}

#[test]
fn a_pack_without_context_adds_nothing() {
    let lexicon = lexicon();
    let mut words = words();
    words.context.clear();
    words.deadline = None;
    let item = item("T", "One. Two.");
    let prepared = prepare(&item.title, &item.description, lexicon);
    assert_eq!(adapt_description(&item, &prepared, &EXPERT_DETAILED, lexicon, &words), "One. Two.");
}

#[test]
fn words_prepared_from_another_text_do_not_panic() {
    let lexicon = lexicon();
    let prepared = prepare("Use your ISA", ISA, lexicon);
    let other = item("é", "ééé");
    for detail in [Detail::Concise, Detail::Moderate, Detail::Detailed] {
        adapt_description(&other, &prepared, &reader(1.0, detail, Some("GB")), lexicon, &words());
    }
}
