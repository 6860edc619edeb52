//! Where something is wrong in a pack or a catalogue, said without names that the sender chose.

/// The names of our own formats that a finding's path may say. A name that is missing here only makes a place vaguer.
const NAMES: [&str; 92] = [
    "abbreviations",
    "after",
    "alias",
    "amount",
    "attributes",
    "before",
    "benefit",
    "benefits",
    "building_message",
    "by_tone",
    "categories",
    "category",
    "category_affinity",
    "claim",
    "complexity",
    "conditions",
    "consent_basis",
    "contributing",
    "countries",
    "country_aliases",
    "country_table",
    "currencies",
    "currency",
    "data_used",
    "deadline",
    "definition",
    "description",
    "events",
    "examples",
    "experiments",
    "expertise_literacy",
    "explain",
    "factors",
    "format",
    "framings",
    "from_age",
    "glossary",
    "half_life_days",
    "hiding",
    "id",
    "improve",
    "income_table",
    "item",
    "item_affinity",
    "items",
    "kind",
    "kinds",
    "language",
    "life_stage_table",
    "life_stages",
    "limit",
    "literacy_bands",
    "logic",
    "max_examples",
    "max_reasons",
    "months",
    "multiplier",
    "name",
    "none",
    "order_by",
    "percentage",
    "primary",
    "prior_observations",
    "priority",
    "profile",
    "protected",
    "published_at",
    "reasoning",
    "reasons",
    "relevance",
    "removes",
    "retention",
    "rules",
    "scale",
    "scopes",
    "scoring",
    "sentiment",
    "signals",
    "tag_affinity",
    "tags",
    "term",
    "terms",
    "text",
    "title",
    "tones",
    "urgency",
    "urgency_words",
    "variants",
    "version",
    "weights",
    "when",
    "words",
];

/// Returns the path up to the first name that is not ours.
pub(super) fn place_without_names(path: &str) -> String {
    let is_index = |rest: &str| {
        rest.split('[')
            .skip(1)
            .all(|index| index.strip_suffix(']').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())))
    };
    let is_ours = |part: &&str| {
        let name = part.split('[').next().unwrap_or_default();
        NAMES.contains(&name) && is_index(part)
    };
    let ours: Vec<&str> = path.split('.').take_while(is_ours).collect();
    if ours.is_empty() { "the document".to_owned() } else { ours.join(".") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn check(path: &str, expected: &str) {
        assert_eq!(place_without_names(path), expected);
    }

    #[test]
    fn places_of_our_own_are_said_in_full() {
        check("items[17].benefit.currency", "items[17].benefit.currency");
        check("words.reasons[3].when", "words.reasons[3].when");
    }

    #[test]
    fn a_name_that_the_sender_chose_ends_the_place() {
        check("attributes.item.secret.type", "attributes.item");
        check("relevance.life_stage_table.SECRET.x", "relevance.life_stage_table");
        check("items[secret].id", "the document");
        check("secret", "the document");
        check("", "the document");
    }
}
