//! What explanations say: reasons, advice, the data used, and words for every term that can move an item.

use super::report::{Report, quoted};
use super::texts::{Place, check_text};
use super::words::check_list;
use crate::pack::{FORMER_MODEL_TERMS, MODEL_TERMS, Pack, TERMS};
use crate::types::SortedSet;

/// The purposes, as settings and `data_used` name them.
const PURPOSES: [&str; 6] = ["behavioral", "demographics", "location", "experiments", "third_party", "sharing"];

/// Checks `words.explain`.
pub(super) fn check(pack: &Pack, report: &mut Report) {
    let explain = &pack.words.explain;
    check_list("words.explain.primary", &explain.primary, Place::EXPLANATION, pack, report);
    check_list("words.explain.contributing", &explain.contributing, Place::EXPLANATION, pack, report);
    report.count("words.explain.improve", explain.improve.len(), 1..=20);
    for (index, text) in explain.improve.iter().enumerate() {
        check_text(&format!("words.explain.improve[{index}]"), text, Place::PLAIN, report);
    }
    check_text("words.explain.none", &explain.none, Place::PLAIN, report);
    check_text("words.explain.logic", &explain.logic, Place::PLAIN, report);
    for (purpose, text) in &explain.data_used {
        let path = format!("words.explain.data_used.{purpose}");
        report.known(&path, "known-purpose", purpose, PURPOSES, "a purpose");
        check_text(&path, text, Place::PLAIN, report);
    }
    for purpose in PURPOSES.into_iter().filter(|purpose| !explain.data_used.contains_key(*purpose)) {
        report.add("words.explain.data_used", "purpose-words", format!("has no words for the purpose {purpose}"));
    }
    check_terms(pack, report);
}

fn check_terms(pack: &Pack, report: &mut Report) {
    let scoring = &pack.scoring;
    let own = scoring.signals.iter().map(|signal| signal.name.as_str());
    let own = own.chain(scoring.factors.iter().map(|factor| factor.name.as_str())).chain(["clamp"]);
    let weighed = scoring.weights.by_name().into_iter().filter(|(_, weight)| *weight > 0.0).map(|(term, _)| term);
    let needed: SortedSet<&str> = own.chain(weighed).collect();
    for (term, words) in &pack.words.explain.terms {
        let path = format!("words.explain.terms.{term}");
        let is_known =
            [&TERMS[..], &MODEL_TERMS, &FORMER_MODEL_TERMS].iter().any(|known| known.contains(&term.as_str()));
        if !is_known && !needed.contains(term.as_str()) {
            report.add(&path, "known-term", format!("{} is no term, signal or factor of the pack", quoted(term)));
        }
        check_text(&format!("{path}.name"), &words.name, Place::NAME, report);
        if let Some(change) = &words.change {
            check_text(&format!("{path}.change"), change, Place::PLAIN, report);
        }
    }
    for term in needed {
        if !pack.words.explain.terms.contains_key(term) {
            report.add("words.explain.terms", "term-words", format!("has no words for {}", quoted(term)));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use serde_json::json;

    use super::super::testing::{check_broken, check_value};

    #[test]
    fn every_term_that_can_move_an_item_has_words() {
        for term in ["timing", "on_sale", "evening", "clamp"] {
            check_broken(
                |pack| drop(pack["words"]["explain"]["terms"].as_object_mut().unwrap().remove(term)),
                "words.explain.terms",
                "term-words",
            );
        }
        check_value("/scoring/weights", json!({ "popularity": 0.1 }), "words.explain.terms", "term-words");
        let words = json!({ "name": "Tming" });
        check_value("/words/explain/terms/tming", words, "words.explain.terms.tming", "known-term");
        check_value("/words/explain/terms/timing/name", json!(""), "words.explain.terms.timing.name", "text-length");
    }

    #[test]
    fn every_purpose_says_what_it_reads() {
        check_broken(
            |pack| drop(pack["words"]["explain"]["data_used"].as_object_mut().unwrap().remove("location")),
            "words.explain.data_used",
            "purpose-words",
        );
        let path = "words.explain.data_used.marketing";
        check_value("/words/explain/data_used/marketing", json!("Ads."), path, "known-purpose");
    }

    #[test]
    fn texts_of_explanations_are_checked() {
        check_value("/words/explain/primary/0/text", json!("{term}"), "words.explain.primary[0].text", "placeholder");
        check_value("/words/explain/contributing/0/id", json!(""), "words.explain.contributing[0].id", "text-id");
        check_value("/words/explain/improve", json!([]), "words.explain.improve", "count");
        check_value("/words/explain/none", json!("{category}"), "words.explain.none", "placeholder");
        check_value("/words/explain/logic", json!(""), "words.explain.logic", "text-length");
    }
}
