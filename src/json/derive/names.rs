//! `rename_all`: from the names of variants in Rust to those in JSON.

/// Returns the name of a variant under a rule of serde's.
pub(crate) fn renamed(variant: &str, rule: Option<&str>) -> Result<String, String> {
    let in_words = || {
        let mut name = String::new();
        for letter in variant.chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
        }
        name
    };
    match rule {
        None => Ok(variant.to_owned()),
        Some("lowercase") => Ok(variant.to_lowercase()),
        Some("UPPERCASE") => Ok(variant.to_uppercase()),
        Some("snake_case") => Ok(in_words()),
        Some("SCREAMING_SNAKE_CASE") => Ok(in_words().to_uppercase()),
        Some(rule) => Err(format!("Read does not know rename_all = {rule:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::renamed;

    fn check(rule: &str, expected: &str) {
        assert_eq!(renamed("RealTime", Some(rule)).as_deref(), Ok(expected));
    }

    #[test]
    fn variants_are_named_as_serde_names_them() {
        check("lowercase", "realtime");
        check("UPPERCASE", "REALTIME");
        check("snake_case", "real_time");
        check("SCREAMING_SNAKE_CASE", "REAL_TIME");
        assert!(renamed("RealTime", Some("kebab-case")).is_err());
        assert_eq!(renamed("RealTime", None).as_deref(), Ok("RealTime"));
    }
}
