//! The migrations themselves: order, style, and the names that the seeds gave.

use super::sqlite::Sqlite;
use crate::adapters::database::Cell;

/// Names and texts of the migrations, in the order in which they apply.
pub(super) fn files() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "sql"))
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// Names of the columns of a table, hidden ones included.
fn columns(database: &Sqlite, table: &str) -> Vec<String> {
    let rows = database.query(&format!("SELECT name FROM pragma_table_xinfo('{table}')"));
    rows.into_iter()
        .map(|row| match &row[0] {
            Cell::Text(name) => name.clone(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn migrations_are_numbered_without_gaps_and_say_why_first() {
    for (place, (name, text)) in files().iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", place + 1)), "{name}");
        assert!(text.starts_with("-- "), "{name} begins with its reason");
        assert!(!text.contains("INSERT INTO"), "{name} holds no data");
    }
}

#[test]
fn every_column_says_what_it_holds() {
    for (name, text) in files() {
        let mut above = "";
        for line in text.lines() {
            let is_column = line.starts_with("    ")
                && line
                    .split_whitespace()
                    .nth(1)
                    .is_some_and(|word| matches!(word.trim_end_matches(','), "TEXT" | "INTEGER" | "REAL"));
            let explains = line.contains("-- ") || line.contains("CHECK (") || above.trim_start().starts_with("-- ");
            assert!(!is_column || explains, "{name}: {line}");
            above = line;
        }
    }
}

#[test]
fn the_seeds_tables_and_columns_keep_their_names() {
    let database = Sqlite::migrated();
    let named = [
        (
            "user_personalization_profiles",
            "user_id engagement_level financial_literacy_score risk_tolerance detail_preference preferred_categories dismissed_categories communication_style notification_frequency preferred_channels profile_completeness last_updated created_at",
        ),
        (
            "user_interactions",
            "id user_id interaction_type target_id target_type action context session_id timestamp device_type",
        ),
        ("recommendation_feedback", "id recommendation_id user_id feedback_type rating feedback_text timestamp"),
        (
            "recommendation_outcomes",
            "id recommendation_id user_id outcome outcome_date time_to_action_days actual_benefit_realized notes",
        ),
        (
            "category_preferences",
            "user_id category preference_score acceptance_count dismissal_count total_shown last_interaction",
        ),
        ("user_feature_vectors", "user_id features calculated_at"),
        ("personalization_events_log", "id user_id event_type event_data timestamp processing_status"),
        ("personalization_settings", "user_id personalization_enabled"),
        ("similar_user_mappings", "user_id similar_user_id similarity_score common_attributes calculated_at"),
        (
            "personalization_models",
            "user_id model_type model_data model_version training_date performance_metrics feature_importance active",
        ),
        (
            "ab_test_configurations",
            "test_name description hypothesis start_date end_date active variants success_metric minimum_sample_size created_by created_at",
        ),
        ("ab_test_assignments", "user_id test_name variant assigned_at"),
        ("ab_test_outcomes", "id test_name variant user_id recommendation_id outcome timestamp context"),
    ];
    for (table, names) in named {
        let columns = columns(&database, table);
        for name in names.split(' ') {
            assert!(columns.iter().any(|column| column == name), "{table}.{name}");
        }
    }
}

#[test]
fn the_seeds_indexes_exist() {
    let database = Sqlite::migrated();
    let indexes = database.query("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
    let indexes: Vec<String> = indexes.into_iter().map(|row| format!("{:?}", row[0])).collect();
    for wanted in [
        "ON user_interactions (user_id, timestamp DESC)",
        "ON user_interactions (interaction_type, timestamp DESC)",
        "ON recommendation_outcomes (user_id, outcome, outcome_date)",
        "ON category_preferences (user_id, preference_score DESC)",
        "ON ab_test_outcomes (test_name, variant, outcome",
        "ON personalization_events_log (processing_status, timestamp)",
    ] {
        assert!(indexes.iter().any(|index| index.contains(wanted)), "{wanted}");
    }
}

#[test]
fn a_person_belongs_to_one_of_256_shards() {
    let database = Sqlite::migrated();
    for (user, shard) in [
        ("00000000-0000-4000-8000-000000000000", 0.0),
        ("00000000-0000-4000-8000-0000000000ff", 255.0),
        ("00000000-0000-4000-8000-0000000000a7", 167.0),
    ] {
        let insert = format!(
            "INSERT INTO user_personalization_profiles (user_id, revision, export_sequence, created_at, last_updated) VALUES ('{user}', 1, 1, 0, 0) RETURNING 1"
        );
        database.query(&insert);
        assert_eq!(
            database.number(&format!("SELECT shard FROM user_personalization_profiles WHERE user_id = '{user}'")),
            shard
        );
    }
}
