//! Tables for the segmentation: each row is a text with `|` where a new sentence must begin, and nowhere else.

use super::sentences;
use crate::text::testing::lexicon;

#[track_caller]
fn check(marked: &str) {
    let text = marked.replace('|', "");
    let found: Vec<&str> = sentences(&text, lexicon()).into_iter().map(|range| text.get(range).unwrap()).collect();
    assert_eq!(found.join("|"), marked);
}

#[test]
fn plain_sentences_are_parted() {
    check("");
    check("One.");
    check("One. |Two.");
    check("One! |Two? |Three.");
    check("No end at all");
    check("One.  |Two.\t|Three. ");
    check("  One. |Two.  ");
    check("Really?! |Yes.");
    check("Why? because it pays.");
    check("Pay in each month. |£20 is enough. |R500 is too.");
    check("You keep more of it. |20 per cent is paid back.");
    check("It grew by 5%. |Then it fell.");
    check("The limit is £20,000. |You may use it once.");
    check("It ends in 2027. |Act before then.");
}

#[test]
fn abbreviations_do_not_end_a_sentence() {
    check("Shelters, e.g. ISAs, help. |Use one.");
    check("Use a shelter, e.g. The Pension Plan. |Then relax.");
    check("Some (i.e. Most) people. |Others not.");
    check("It costs approx. 5 per cent. |That is much.");
    check("Savings help. |Interest is at most ca. 3 % and never more. |Great.");
    check("You pay Rs. 500 if you leave. |Pay in at least min. £500 each month.");
    check("Ask Mr. Jones or Dr. Smith. |They know.");
    check("St. James's Place is a firm. |So is Acme Ltd. |It is old.");
    check("Acme (Pty) Ltd. Holdings pays well.");
    check("Debt vs. Savings: which first?");
    check("It yields 5% p.a. |The fund is large.");
    check("It yields 5% P.A. Gross figures differ.");
    check("Bonds, funds etc. |You choose.");
    check("Bonds, funds etc. and more.");
    check("See No. 5 of the list. |Then No. 12.");
    check("Is it safe? |No. |It is not.");
    check("The answer is no. |Ask why.");
    check("Fees (min. R50, max. R500) apply. |Check them.");
}

#[test]
fn initials_and_acronyms_do_not_end_a_sentence() {
    check("J. K. Rowling wrote it. |We read it.");
    check("By A. A. Milne.");
    check("The U.K. Government pays. |The U.S. Treasury too.");
    check("He lives in the U.K. |The rules differ.");
    check("Choose plan B. |It is cheaper.");
    check("At 5 p.m. London closes.");
}

#[test]
fn decimals_and_addresses_stay_whole() {
    check("It is 3.5 % or R1 000.50 a day. |Good.");
    check("See gov.uk/isa. |Then www.sars.gov.za for more.");
    check("Pay 0.25. |Or .5 of it.");
    check("Version 2.Beta is out.");
    check("It costs £20.The rest is yours.");
}

#[test]
fn an_ellipsis_ends_a_sentence_before_a_capital_only() {
    check("Wait... and see.");
    check("Wait... |Then act.");
    check("Wait… and see.");
    check("Wait… |Then act.");
}

#[test]
fn quotes_and_brackets_stay_with_their_sentence() {
    check("He said \"Go.\" |Then he left.");
    check("“Save first. Spend later.” |That is the rule.");
    check("\"Go!\" he said. |We went.");
    check("It pays (a little. Not much.) |Still, use it.");
    check("It pays. |(Not much.) |Use it.");
    check("An open ( bracket. |It never closes.");
    check("[See the note. It is short.] |Done.");
}

#[test]
fn lines_and_list_marks_are_understood() {
    check("First line\n|Second line");
    check("Your money\nmay go down\r\nas well as up. |You may get back less\nthan you put in.");
    check("You pay\n£500 if you leave.");
    check("You may get\n\n|back less");
    check("First.\n|\nSecond.");
    check("You need:\n|- a bank account\n|- your tax number\n|• a pen");
    check("1. Open an account. |2. Pay in. |3. Wait.");
    check("a. Open it.\n|b. Pay in.");
    check("Do this:\r\n|iv. Pay.\r\n");
    check("• One thing. |Another.");
    check("Approx.\n|5 items");
}

#[test]
fn other_scripts_are_parted() {
    check("これは文です。|これも文です。");
    check("यह एक वाक्य है। |यह दूसरा है।");
    check("Это предложение. |Вот второе.");
    check("Ça va? |Élan vital.");
}

#[test]
fn a_run_of_dots_and_spaces_takes_linear_time() {
    for unit in [". ", ".", ") ", "\u{345}", " ", "(", "(.", "a.", "1. ", "\u{a0}5", "。中", ".中", "! "] {
        let text = format!("Start. {}", unit.repeat(200_000));
        let found = sentences(&text, lexicon());
        assert_eq!(found.last().map(|range| range.end), Some(text.len()), "{unit:?}");
    }
}

#[test]
fn a_long_run_without_letters_does_not_hide_the_next_sentence() {
    let text = format!("One.{}Two. Three.", " ".repeat(90));
    assert_eq!(sentences(&text, lexicon()).len(), 3);
}

#[test]
fn the_function_words_are_sorted() {
    assert!(super::FUNCTION_WORDS.is_sorted());
}
