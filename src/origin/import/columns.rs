//! Which column of a file says what: by the flags of the user, else by the names that such columns usually have.

use anyhow::{Result, bail, ensure};

/// What a row can say of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    User,
    Id,
    Kind,
    Target,
    TargetType,
    OccurredAt,
    Pack,
    Value,
    Session,
    Device,
    DeviceType,
    Action,
    Reason,
    Decision,
    Position,
    Category,
    Tags,
    Country,
    Context,
}

impl Field {
    /// Every field: its name in `--map` and `--set`, and the column names that mean it, without case and punctuation.
    pub(super) const ALL: [(Field, &'static str, &'static [&'static str]); 19] = [
        (
            Self::User,
            "user_id",
            &["userid", "user", "customerid", "customer", "person", "personid", "visitor", "visitorid"],
        ),
        (Self::Id, "id", &["id", "eventid", "interactionid"]),
        (Self::Kind, "type", &["type", "interactiontype", "eventtype", "event", "kind"]),
        (Self::Target, "target_id", &["targetid", "item", "itemid", "product", "productid", "sku", "stockcode"]),
        (Self::TargetType, "target_type", &["targettype", "itemtype"]),
        (Self::OccurredAt, "occurred_at", &["occurredat", "timestamp", "time", "at", "datetime", "date", "when", "ts"]),
        (Self::Pack, "pack", &["pack"]),
        (Self::Value, "value", &["value", "amount", "rating"]),
        (
            Self::Session,
            "session_id",
            &["sessionid", "session", "basket", "basketid", "order", "orderid", "invoice", "invoiceno"],
        ),
        (Self::Device, "device_id", &["deviceid"]),
        (Self::DeviceType, "device_type", &["devicetype"]),
        (Self::Action, "action", &["action"]),
        (Self::Reason, "reason", &["reason"]),
        (Self::Decision, "decision_id", &["decisionid"]),
        (Self::Position, "position", &["position", "rank"]),
        (Self::Category, "category", &["category"]),
        (Self::Tags, "tags", &["tags"]),
        (Self::Country, "country", &["country"]),
        (Self::Context, "context", &["context"]),
    ];
    /// Without these there is no event.
    const NEEDED: [Field; 5] = [Self::User, Self::Kind, Self::Target, Self::OccurredAt, Self::Pack];

    /// The place of the field's value in a row.
    pub(super) fn place(self) -> usize {
        self as usize
    }

    /// The name in `--map` and `--set`.
    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(field, _, _)| *field == self).map_or("", |(_, name, _)| name)
    }

    fn parse(name: &str) -> Result<Self> {
        match Self::ALL.iter().find(|(_, known, _)| *known == name) {
            Some((field, _, _)) => Ok(*field),
            None => bail!("{name:?} is not one of {}", Self::ALL.map(|(_, name, _)| name).join(", ")),
        }
    }
}

/// What the user said of columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mapping {
    /// Fields with the name of their column.
    columns: Vec<(Field, String)>,
    /// Fields with one value for every row.
    constants: Vec<(Field, String)>,
}

impl Mapping {
    /// Reads `--map FIELD=COLUMN` and `--set FIELD=VALUE`.
    ///
    /// # Errors
    /// A field that does not exist, or is given twice.
    pub(super) fn parse(map: &[String], set: &[String]) -> Result<Self> {
        let mut given: Vec<Field> = Vec::new();
        let mut read = |flag: &str, list: &[String]| -> Result<Vec<(Field, String)>> {
            let mut pairs = Vec::new();
            for text in list {
                let Some((name, value)) = text.split_once('=').filter(|(_, value)| !value.is_empty()) else {
                    bail!("{flag} {text:?} is not FIELD=VALUE");
                };
                let field = Field::parse(name.trim())?;
                ensure!(!given.contains(&field), "{} is given twice", field.name());
                given.push(field);
                pairs.push((field, value.to_owned()));
            }
            Ok(pairs)
        };
        Ok(Self { columns: read("--map", map)?, constants: read("--set", set)? })
    }

    /// The constants.
    pub(super) fn constants(&self) -> &[(Field, String)] {
        &self.constants
    }

    /// Finds the place of each field among column names. A column that the user names is taken by that exact name.
    ///
    /// # Errors
    /// A named column that is not there or there twice; a needed field without a column. Both say what there is.
    pub(super) fn places(&self, names: &[String]) -> Result<Vec<(Field, usize)>> {
        let there = || names.join(", ");
        let mut places = Vec::new();
        for (field, _, usual) in Field::ALL {
            if self.constants.iter().any(|(constant, _)| *constant == field) {
                continue;
            }
            let named = self.columns.iter().find(|(mapped, _)| *mapped == field);
            let name = match named {
                Some((_, name)) => Some(name.clone()),
                None => usual.iter().find_map(|usual| names.iter().find(|name| plain(name) == *usual)).cloned(),
            };
            let Some(name) = name else {
                ensure!(
                    !Field::NEEDED.contains(&field),
                    "no column says {0}: give --map {0}=COLUMN or --set {0}=VALUE; the columns are {1}",
                    field.name(),
                    there()
                );
                continue;
            };
            let mut found = names.iter().enumerate().filter(|(_, other)| **other == name).map(|(place, _)| place);
            let Some(place) = found.next() else {
                bail!("there is no column {name:?} for {}; the columns are {}", field.name(), there());
            };
            ensure!(found.next().is_none(), "two columns are called {name:?}, so that {} is not clear", field.name());
            places.push((field, place));
        }
        Ok(places)
    }
}

/// A column's name without case and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn texts(list: &[&str]) -> Vec<String> {
        list.iter().map(|text| (*text).to_owned()).collect()
    }

    fn places(map: &[&str], set: &[&str], names: &[&str]) -> Result<Vec<(&'static str, usize)>> {
        let places = Mapping::parse(&texts(map), &texts(set))?.places(&texts(names))?;
        Ok(places.into_iter().map(|(field, place)| (field.name(), place)).collect())
    }

    #[test]
    fn usual_names_are_found_and_the_users_word_comes_first() {
        let found = places(&[], &["type=PURCHASED", "pack=shop"], &["Customer ID", "StockCode", "when"]).unwrap();
        assert_eq!(found, [("user_id", 0), ("target_id", 1), ("occurred_at", 2)]);
        let found = places(
            &["user_id=customer", "target_id=thing"],
            &["type=CLICKED", "pack=shop"],
            &["user", "customer", "item", "thing", "time"],
        );
        assert_eq!(found.unwrap(), [("user_id", 1), ("target_id", 3), ("occurred_at", 4)]);
    }

    #[test]
    fn what_is_missing_is_named_with_what_there_is() {
        let error = |map: &[&str], set: &[&str], names: &[&str]| places(map, set, names).unwrap_err().to_string();
        let all = ["user", "item", "time"];
        assert_eq!(
            error(&[], &[], &all),
            "no column says type: give --map type=COLUMN or --set type=VALUE; the columns are user, item, time"
        );
        let set = ["type=CLICKED", "pack=shop"];
        assert_eq!(
            error(&["target_id=sku"], &set, &all),
            "there is no column \"sku\" for target_id; the columns are user, item, time"
        );
        assert!(error(&[], &set, &["user", "item", "item", "time"]).contains("two columns are called \"item\""));
        assert!(error(&["colour=x"], &set, &all).starts_with("\"colour\" is not one of user_id, id, type"));
        assert!(error(&["type=x"], &set, &all).contains("type is given twice"));
        assert!(error(&["type"], &[], &all).contains("is not FIELD=VALUE"));
        assert!(places(&[], &set, &["user", "item", "time", "x", "x"]).is_ok(), "an unused column may be there twice");
    }

    #[test]
    fn the_table_of_fields_is_in_the_order_of_places() {
        for (place, (field, _, _)) in Field::ALL.iter().enumerate() {
            assert_eq!(field.place(), place);
        }
    }
}
