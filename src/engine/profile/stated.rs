//! A change of what a person states of themselves: checked whole, applied whole or not at all.

use crate::math::sort_list;
use crate::pack::{Pack, attribute_fits};
use crate::types::{Stated, is_text_id};
use crate::wire::PreferencesUpdate;

/// Channels that a person may prefer (seed 000).
const CHANNELS: [&str; 4] = ["EMAIL", "IN_APP", "SMS", "PUSH"];

/// Why a statement was refused: the field and the rule, without the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidStatement(pub String);

/// Returns the statements with the update in them; null takes a statement back.
///
/// # Errors
/// The first field that breaks its rule.
pub fn apply_preferences(stated: &Stated, update: PreferencesUpdate, pack: &Pack) -> Result<Stated, InvalidStatement> {
    let mut next = stated.clone();
    let demographics = update.demographics;
    set(&mut next.age, demographics.age);
    set(&mut next.country, demographics.country);
    set(&mut next.income_level, demographics.income_level);
    set(&mut next.net_worth_level, demographics.net_worth_level);
    let preferences = update.preferences;
    set(&mut next.risk_tolerance, preferences.risk_tolerance);
    set(&mut next.investment_style, preferences.investment_style);
    set(&mut next.communication_preference, preferences.communication_preference);
    set(&mut next.detail_level_preference, preferences.detail_level_preference);
    set(&mut next.notification_frequency, preferences.notification_frequency);
    set_list(&mut next.recommendation_categories_preferred, preferences.recommendation_categories_preferred);
    set_list(&mut next.preferred_channels, preferences.preferred_channels);
    set(&mut next.self_reported_expertise, update.sophistication.self_reported_expertise);
    for (name, value) in update.attributes {
        match value {
            None => {
                next.attributes.remove(&name);
            }
            Some(value) => {
                let declared = pack
                    .attributes
                    .profile
                    .get(&name)
                    .ok_or_else(|| refuse("attributes holds a name that the pack does not declare"))?;
                if !attribute_fits(&value, declared.attribute_type, &declared.values) {
                    return Err(refuse("attributes holds a value that does not have its declared type"));
                }
                next.attributes.insert(name, value);
            }
        }
    }
    check(next, pack)
}

fn set<T>(field: &mut Option<T>, said: Option<Option<T>>) {
    if let Some(value) = said {
        *field = value;
    }
}

fn set_list(field: &mut Vec<String>, said: Option<Option<Vec<String>>>) {
    if let Some(value) = said {
        *field = value.unwrap_or_default();
        sort_list(field, Ord::cmp);
        field.dedup();
    }
}

fn refuse(reason: &str) -> InvalidStatement {
    InvalidStatement(reason.to_owned())
}

fn check(mut next: Stated, pack: &Pack) -> Result<Stated, InvalidStatement> {
    if next.age.is_some_and(|age| age > 120) {
        return Err(refuse("demographics.age is 0 to 120"));
    }
    if let Some(country) = &next.country {
        let known = pack.country_aliases.get(country).unwrap_or(country);
        if known.len() != 2 || !known.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(refuse("demographics.country is a country of ISO 3166, two capital letters"));
        }
        next.country = Some(known.clone());
    }
    let texts = [
        ("preferences.investment_style", &next.investment_style),
        ("preferences.communication_preference", &next.communication_preference),
    ];
    for (name, text) in texts {
        if text.as_deref().is_some_and(|text| !is_text_id(text) || text.len() > 50) {
            return Err(InvalidStatement(format!("{name} is a text of 1 to 50 bytes")));
        }
    }
    let is_category = |id: &String| pack.categories.iter().any(|category| category.id == *id);
    if !next.recommendation_categories_preferred.iter().all(is_category) {
        return Err(refuse("preferences.recommendation_categories_preferred holds an unknown category"));
    }
    if !next.preferred_channels.iter().all(|channel| CHANNELS.contains(&channel.as_str())) {
        return Err(InvalidStatement(format!("preferences.preferred_channels are among {}", CHANNELS.join(", "))));
    }
    Ok(next)
}
