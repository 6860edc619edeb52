//! Tables for the glossary: which terms are explained to whom, and where.

use super::*;
use crate::text::description::adapt_description;
use crate::text::prepare::prepare;
use crate::text::testing::{item, lexicon, pack, words};
use crate::text::title::adapt_title;

fn reader(literacy: f64, country: Option<&str>) -> Reader<'_> {
    Reader { literacy, detail: Detail::Moderate, country }
}

#[track_caller]
fn check(reader: Reader<'_>, title: &str, expected: &str) {
    let lexicon = lexicon();
    let item = item(title, "");
    assert_eq!(adapt_title(&item, &prepare(title, "", lexicon), &reader, lexicon), expected);
}

#[test]
fn a_term_above_the_readers_level_is_explained_once() {
    let novice = reader(2.0, Some("GB"));
    check(novice, "Use your ISA", "Use your ISA (an account whose growth is tax-free)");
    check(novice, "An ISA is an ISA.", "An ISA (an account whose growth is tax-free) is an ISA.");
    check(novice, "Is an annuity right?", "Is an annuity (an income for life) right?");
    check(novice, "Annuity: yes", "Annuity (an income for life): yes");
    check(novice, "Pick \"annuity\"", "Pick \"annuity (an income for life)\"");
    check(novice, "", "");
    check(novice, "Nothing to explain", "Nothing to explain");
}

#[test]
fn a_reader_at_the_terms_level_reads_the_publishers_text() {
    check(reader(4.0, Some("GB")), "Use your ISA", "Use your ISA");
    check(reader(3.9, Some("GB")), "Use your ISA", "Use your ISA (an account whose growth is tax-free)");
    check(reader(10.0, Some("GB")), "ISA or annuity", "ISA or annuity");
    check(reader(f64::NAN, Some("GB")), "ISA or annuity", "ISA or annuity");
}

#[test]
fn terms_are_whole_words_in_any_case_with_plurals_and_aliases() {
    let novice = reader(1.0, Some("GB"));
    check(novice, "Compare ANNUITIES", "Compare ANNUITIES (an income for life)");
    check(novice, "Bonds pay", "Bonds (a loan to a company or state) pay");
    check(novice, "Two ISAs", "Two ISAs (an account whose growth is tax-free)");
    check(
        novice,
        "An Individual Savings Account",
        "An Individual Savings Account (an account whose growth is tax-free)",
    );
    check(novice, "Visas and bondage", "Visas and bondage");
    check(novice, "isa or ra", "isa or ra");
    check(novice, "non-ISA, ISA-style, x/ISA, ISA's, isa.gov", "non-ISA, ISA-style, x/ISA, ISA's, isa.gov");
}

#[test]
fn the_longest_term_is_explained_and_not_the_one_inside_it() {
    let novice = reader(1.0, Some("ZA"));
    check(
        novice,
        "Your tax‑free savings account",
        "Your tax‑free savings account (an account whose growth is tax-free)",
    );
    check(novice, "A retirement annuity", "A retirement annuity (a pension you own)");
    check(reader(5.0, None), "A retirement annuity", "A retirement annuity");
}

#[test]
fn entries_of_a_country_are_for_its_readers_and_come_first() {
    check(reader(1.0, Some("ZA")), "Pay the bond", "Pay the bond (a home loan)");
    check(reader(1.0, Some("GB")), "Pay the bond", "Pay the bond (a loan to a company or state)");
    check(reader(1.0, None), "Pay the bond", "Pay the bond (a loan to a company or state)");
    check(reader(1.0, None), "Use your ISA", "Use your ISA");
    check(reader(1.0, Some("GB")), "A tax-free savings account", "A tax-free savings account (a place for cash)");
}

#[test]
fn nothing_is_explained_inside_or_before_a_parenthesis() {
    let novice = reader(1.0, Some("GB"));
    check(
        novice,
        "Individual Savings Account (ISA), then ISA",
        "Individual Savings Account (ISA), then ISA (an account whose growth is tax-free)",
    );
    check(novice, "Savings (an annuity or a bond)", "Savings (an annuity or a bond)");
    check(novice, "annuity [1]", "annuity [1]");
    check(novice, "(a\nannuity", "(a\nannuity (an income for life)");
}

#[test]
fn one_term_is_explained_in_a_title_and_two_in_a_description() {
    let lexicon = lexicon();
    let text = "ISA, annuity, bond, savings account";
    let item = item(text, text);
    let prepared = prepare(text, text, lexicon);
    let novice = reader(1.0, Some("GB"));
    let title = adapt_title(&item, &prepared, &novice, lexicon);
    assert_eq!(title, "ISA (an account whose growth is tax-free), annuity, bond, savings account");
    let description = adapt_description(&item, &prepared, &novice, lexicon, &words());
    let expected = "ISA, annuity (an income for life), bond (a loan to a company or state), savings account";
    assert_eq!(description, expected);
}

#[test]
fn a_short_explanation_with_a_negation_never_goes_into_a_text() {
    check(reader(1.0, Some("GB")), "Buy a gilt", "Buy a gilt");
}

#[test]
fn nothing_is_put_into_a_protected_span() {
    let mut pack = pack();
    pack.words.protected.warnings.push("annuity can fail".to_owned());
    let lexicon = Lexicon::new(&pack);
    let item = item("An annuity can fail, an annuity pays", "");
    let prepared = prepare(&item.title, "", &lexicon);
    let shown = adapt_title(&item, &prepared, &reader(1.0, None), &lexicon);
    assert_eq!(shown, "An annuity can fail, an annuity (an income for life) pays");
}

#[test]
fn a_template_that_would_leave_the_term_out_is_not_used() {
    let mut pack = pack();
    pack.words.inline_definition = "{short}".to_owned();
    let lexicon = Lexicon::new(&pack);
    let item = item("An annuity", "");
    let shown = adapt_title(&item, &prepare(&item.title, "", &lexicon), &reader(1.0, None), &lexicon);
    assert_eq!(shown, "An annuity (an income for life)");
}

#[test]
fn plurals_follow_english_spelling() {
    let cases = [
        ("annuity", Some("annuities")),
        ("payday", Some("paydays")),
        ("tax", Some("taxes")),
        ("bond", Some("bonds")),
        ("ISA", Some("isas")),
        ("savings", None),
        ("401(k)", None),
    ];
    for (singular, expected) in cases {
        assert_eq!(plural(singular).as_deref(), expected, "{singular}");
    }
}
