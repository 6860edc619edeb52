//! ISO 3166 codes of the countries that the data names, as the edge's events write them.

/// Every name that means one country.
const CODES: [(&str, &str); 35] = [
    ("Australia", "AU"),
    ("Austria", "AT"),
    ("Bahrain", "BH"),
    ("Belgium", "BE"),
    ("Brazil", "BR"),
    ("Canada", "CA"),
    ("Cyprus", "CY"),
    ("Czech Republic", "CZ"),
    ("Denmark", "DK"),
    ("EIRE", "IE"),
    ("Finland", "FI"),
    ("France", "FR"),
    ("Germany", "DE"),
    ("Greece", "GR"),
    ("Hong Kong", "HK"),
    ("Iceland", "IS"),
    ("Israel", "IL"),
    ("Italy", "IT"),
    ("Japan", "JP"),
    ("Lebanon", "LB"),
    ("Lithuania", "LT"),
    ("Malta", "MT"),
    ("Netherlands", "NL"),
    ("Norway", "NO"),
    ("Poland", "PL"),
    ("Portugal", "PT"),
    ("RSA", "ZA"),
    ("Saudi Arabia", "SA"),
    ("Singapore", "SG"),
    ("Spain", "ES"),
    ("Sweden", "SE"),
    ("Switzerland", "CH"),
    ("USA", "US"),
    ("United Arab Emirates", "AE"),
    ("United Kingdom", "GB"),
];

/// Returns the code of a country; None for names of several countries or of none, such as the Channel Islands.
pub(crate) fn country_code(name: &str) -> Option<&'static str> {
    CODES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_codes_unless_they_are_of_no_one_country() {
        assert_eq!(country_code("EIRE"), Some("IE"));
        for name in ["Channel Islands", "European Community", "Unspecified", ""] {
            assert_eq!(country_code(name), None);
        }
        assert!(CODES.is_sorted_by(|left, right| left.0 < right.0), "ascending, each once");
    }
}
