//! Each statement finds its rows by the index that its text names. A plan that scans a person's table is a bug: the
//! table grows with the number of people.

use super::sqlite::Sqlite;
use crate::adapters::sql::{
    ADVANCE_SEQUENCE, experiment_records, experiments, export, figures, interactions, library, models, people, upkeep,
};
use nearside_engine::ports::{FiguresAsk, ModelAsk};

/// Tables that grow with people or events.
const LARGE: [&str; 16] = [
    "user_interactions",
    "user_personalization_profiles",
    "personalization_settings",
    "recommendation_feedback",
    "recommendation_outcomes",
    "category_preferences",
    "user_feature_vectors",
    "personalization_events_log",
    "erasure_tombstones",
    "audit_log",
    "catalog_drafts",
    "similar_user_mappings",
    "personalization_models",
    "ab_test_assignments",
    "ab_test_unit_totals",
    "ab_test_outcomes",
];
/// Their names inside statements.
const ALIASES: [&str; 8] = ["i", "n", "p", "s", "t", "o", "m", "a"];

fn check(sql: &str, indexes: &[&str]) {
    let plan = Sqlite::migrated().plan(sql);
    for index in indexes {
        assert!(plan.contains(index), "{index} is not used by\n{sql}\n{plan}");
    }
    for line in plan.lines() {
        let scanned = line.trim().strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
        let is_large = scanned.is_some_and(|name| LARGE.contains(&name) || ALIASES.contains(&name));
        // The list of people with a retention of their own is a partial index, and is meant to be read as a whole.
        let is_short_list = line.contains("personalization_settings_own_retention");
        assert!(!is_large || is_short_list, "{line} in\n{sql}\n{plan}");
    }
}

const PROFILE_KEY: &str = "sqlite_autoindex_user_personalization_profiles_1";
const SETTINGS_KEY: &str = "sqlite_autoindex_personalization_settings_1";
const TOMBSTONE_KEY: &str = "sqlite_autoindex_erasure_tombstones_1";
const WEIGHTS_KEY: &str = "m USING PRIMARY KEY (user_id=? AND model_type=?)";
const ASSIGNMENTS_OF_PERSON: &str = "SEARCH a USING PRIMARY KEY (unit_kind=? AND unit_id=?)";
const ASSIGNMENT_KEY: &str = "SEARCH a USING PRIMARY KEY (unit_kind=? AND unit_id=? AND environment=? AND test_name=?)";
const EVENT_KEY: &str = "sqlite_autoindex_user_interactions_1";

#[test]
fn the_hot_path_reads_its_rows_by_key() {
    check(people::LOAD_MANY, &[PROFILE_KEY, SETTINGS_KEY, TOMBSTONE_KEY, ASSIGNMENTS_OF_PERSON]);
    check(people::LOAD, &[PROFILE_KEY, SETTINGS_KEY, TOMBSTONE_KEY, WEIGHTS_KEY, ASSIGNMENTS_OF_PERSON]);
    check(people::LOAD_WITH_IDS, &[PROFILE_KEY, SETTINGS_KEY, TOMBSTONE_KEY, WEIGHTS_KEY, EVENT_KEY]);
    check(people::CONSENTS, &[SETTINGS_KEY]);
}

#[test]
fn guarded_writes_find_their_person_by_key() {
    for sql in [
        people::AUDIT_SETTINGS,
        people::SAVE_SETTINGS,
        people::ADVANCE_REVISION,
        people::AUDIT_STATED,
        people::SAVE_STATED,
        people::BURY,
        interactions::INSERT_EVENTS,
        interactions::INSERT_FEEDBACK,
        interactions::UPSERT_CATEGORIES,
        interactions::CLEAR_CATEGORIES,
        interactions::LOG_SIGNIFICANT_FEEDBACK,
        interactions::WRITE_STATES,
    ] {
        check(sql, &[PROFILE_KEY, TOMBSTONE_KEY]);
    }
    check(interactions::INSERT_OUTCOMES, &["INTEGER PRIMARY KEY (rowid>?)"]);
    check(ADVANCE_SEQUENCE, &[]);
    check(upkeep::WRITE_CHECKPOINT, &[PROFILE_KEY]);
}

#[test]
fn history_and_duplicates_are_found_by_index() {
    check(interactions::KNOWN, &[EVENT_KEY, "SEARCH a USING PRIMARY KEY (user_id=? AND id=?)"]);
    for sql in [interactions::FIRST_PAGE, interactions::PAGE, interactions::ALL, upkeep::EXPIRING] {
        check(sql, &["user_interactions_by_user"]);
    }
    check(interactions::CHECKPOINT, &[PROFILE_KEY]);
    check(people::FEEDBACK, &["recommendation_feedback_by_user"]);
}

#[test]
fn the_export_walks_in_the_order_of_the_sequence() {
    check(
        export::SHARED_INTERACTIONS,
        &["SEARCH i USING INTEGER PRIMARY KEY (rowid>?)", "SEARCH t USING INTEGER PRIMARY KEY (rowid>?)", SETTINGS_KEY],
    );
    check(export::SHARED_PROFILES, &["user_personalization_profiles_by_sequence (export_sequence>?)", SETTINGS_KEY]);
}

#[test]
fn a_person_is_exported_and_erased_by_index() {
    for (_, sql) in people::OWN_EXPORT {
        check(sql, &[]);
    }
    for (_, sql) in people::ERASE {
        check(sql, &[]);
    }
    check(people::HAND_OVER, &["ab_test_assignments_by_user", "ab_test_outcomes_by_unit"]);
    check(people::FORGET_AS_UNIT, &["ab_test_assignments_by_counts_as"]);
    check(people::ERASE[13].1, &["ab_test_assignments_by_user"]);
    check(people::OWN_EXPORT[5].1, &["category_preferences_by_score"]);
}

#[test]
fn jobs_find_what_they_look_for_by_index() {
    check(upkeep::EXPIRED_PEOPLE, &["user_interactions_by_type", "user_interactions_by_user"]);
    for sql in upkeep::REMOVE_EXPIRED {
        check(sql, &[PROFILE_KEY]);
    }
    check(upkeep::REMOVE_EXPIRED[0], &["user_interactions_by_user"]);
    check(upkeep::ACTIVE_PEOPLE, &["COVERING INDEX user_personalization_profiles_by_update (user_id>?"]);
    check(upkeep::WRITE_FEATURES, &["user_interactions_by_user"]);
    check(
        upkeep::TIME_TO_ACTION,
        &["recommendation_outcomes_by_user (user_id=? AND outcome=? AND outcome_date>?)", "user_interactions_by_user"],
    );
    for sql in upkeep::COUNT_POPULARITY {
        check(sql, &["user_interactions_by_type (interaction_type=? AND timestamp>?)", SETTINGS_KEY]);
    }
    check(upkeep::PURGE_EVENTS_LOG, &["personalization_events_log_by_status (processing_status=? AND timestamp<?)"]);
    check(upkeep::PURGE_DEAD_LETTERS, &["dead_letters_by_time"]);
    check(upkeep::PURGE_TOMBSTONES, &["erasure_tombstones_by_time"]);
    check(upkeep::PURGE_AUDIT, &["audit_log_by_time"]);
    check(upkeep::PURGE_SIMILAR_USERS, &["similar_user_mappings_by_time"]);
    check(upkeep::PURGE_USER_MODELS, &["personalization_models_by_time"]);
    check(upkeep::PURGE_EVALUATIONS, &["personalization_eval_by_time"]);
    check(upkeep::POPULARITY, &["SEARCH item_popularity USING PRIMARY KEY (pack=?)"]);
}

#[test]
fn the_overview_reads_no_more_of_the_log_than_its_days() {
    let of_days = "user_interactions_by_type (interaction_type=? AND timestamp>? AND timestamp<?)";
    check(figures::statements_of(FiguresAsk::Show)[0], &[of_days, SETTINGS_KEY]);
    let [clear, count, _people] = figures::statements_of(FiguresAsk::Close) else { panic!("three statements") };
    check(clear, &["SEARCH overview_days USING PRIMARY KEY (day>? AND day<?)"]);
    check(count, &[of_days, SETTINGS_KEY]);
    for (sql, table) in upkeep::PURGE_DAYS.iter().zip(["overview_days", "overview_people", "service_days"]) {
        check(sql, &[&format!("SEARCH {table} USING")]);
    }
}

#[test]
fn drafts_are_found_by_key() {
    for sql in [library::REMOVE_FROM_DRAFT, library::COUNT_DRAFT, library::DRAFT_PAGE] {
        check(sql, &["sqlite_autoindex_catalog_drafts_1"]);
    }
}

#[test]
fn what_was_learned_of_people_is_found_by_index() {
    check(models::NEIGHBOURS_CHOICES, &["PRIMARY KEY (user_id=?)", SETTINGS_KEY, "recommendation_outcomes_by_user"]);
    for sql in people::WITHDRAW {
        check(sql, &[SETTINGS_KEY]);
    }
    check(people::WITHDRAW[0], &["similar_user_mappings_by_similar_user"]);
    for ask in [ModelAsk::SimilarUsers, ModelAsk::UserModels, ModelAsk::HashedPeople] {
        models::statements_of(ask).iter().for_each(|sql| check(sql, &[]));
    }
    check(models::statements_of(ModelAsk::Requests)[0], &["personalization_events_log_by_status"]);
    check(models::statements_of(ModelAsk::Retrained)[0], &["personalization_events_log_by_status"]);
}

#[test]
fn experiments_are_counted_and_read_by_key() {
    for sql in [experiments::COUNT_EXPOSURES, experiments::COUNT_EXPOSURES_BY_DAY] {
        check(sql, &[ASSIGNMENT_KEY]);
    }
    let total = "SEARCH t USING PRIMARY KEY (unit_kind=? AND unit_id=? AND environment=? AND test_name=? AND metric=?)";
    for sql in [experiments::COUNT_OUTCOMES, experiments::COUNT_OUTCOMES_BY_DAY, experiments::ADD_TOTALS] {
        check(sql, &[PROFILE_KEY, TOMBSTONE_KEY, ASSIGNMENT_KEY, total]);
    }
    check(experiments::INSERT_EXPOSURES, &[PROFILE_KEY, TOMBSTONE_KEY]);
    check(experiments::INSERT_TEST_OUTCOMES, &[PROFILE_KEY, TOMBSTONE_KEY, ASSIGNMENT_KEY]);
    check(experiments::COUNT_HEALTH, &[PROFILE_KEY, TOMBSTONE_KEY]);
    check(experiments::ASSIGNMENTS, &["USING PRIMARY KEY (unit_kind=? AND unit_id=? AND environment=?)"]);
    let of_test = "USING PRIMARY KEY (environment=? AND test_name=?";
    for sql in [experiment_records::REPORT, experiment_records::CELLS, experiment_records::HEALTH] {
        check(sql, &[of_test]);
    }
    check(experiment_records::REPORT, &["audit_log_of_testers"]);
    check(experiment_records::DAYS, &["SEARCH d USING PRIMARY KEY (environment=? AND test_name=? AND metric=?)"]);
    check(experiment_records::TAKE_BACK[0], &["USING PRIMARY KEY (unit_kind=? AND unit_id=? AND environment=?"]);
    check(experiment_records::FORCE, &[of_test]);
}
