//! Help, settings, exit codes, and what goes to which output.

use crate::support::{Folder, Run, subcommands};
use serde_json::Value;

#[test]
fn every_command_has_help_and_the_codes_are_listed() {
    let folder = Folder::new("help");
    let commands = subcommands(&folder, &[]);
    for expected in ["import", "doctor", "completions", "pack"] {
        assert!(commands.iter().any(|name| name == expected), "{commands:?}");
    }
    for name in &commands {
        let help = folder.run(&[name, "--help"]).ended_with(0);
        assert!(help.stdout.contains("Usage: nearside") && help.stdout.contains("--config <FILE>"), "{name}");
        for below in subcommands(&folder, &[name]) {
            folder.run(&[name, &below, "--help"]).ended_with(0);
        }
    }
    let help = folder.run(&["--help"]).ended_with(0).stdout;
    let codes = [
        "0  done",
        "3  rows were put aside",
        "4  the gate refused",
        "5  nothing was due",
        "6  the edge's scores",
        "130",
        "141",
    ];
    for line in codes {
        assert!(help.contains(line), "{help}");
    }
    assert!(help.contains("NEARSIDE_MODEL_KEY_FILE") && help.contains("a flag is stronger than the environment"));
    assert!(!help.contains('\x1b'), "help is not coloured unless a terminal reads it");
    folder.run(&["--no-such-flag"]).ended_with(2);
    folder.run(&["no-such-command"]).ended_with(2);
}

#[test]
fn a_flag_is_stronger_than_the_environment_and_that_than_the_file() {
    let folder = Folder::new("precedence");
    folder.write("nearside.toml", "store = 'of-the-file.db'\n");
    folder.write("other.toml", "store = 'of-the-other-file.db'\n");
    let store_of = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["export-events", "--to", "events.parquet"], arguments].concat();
        let said = folder.run_with(&arguments, variables).ended_with(1).stderr;
        said.split_whitespace().find(|word| word.contains(".db")).unwrap().trim_end_matches(';').to_owned()
    };
    let environment = ("NEARSIDE_STORE", "of-the-environment.db");
    assert_eq!(store_of(&[], &[]), "of-the-file.db");
    assert_eq!(store_of(&[], &[environment]), "of-the-environment.db");
    assert_eq!(store_of(&["--store", "of-the-flag.db"], &[environment]), "of-the-flag.db");
    let named = ("NEARSIDE_CONFIG", "other.toml");
    assert_eq!(store_of(&[], &[named]), "of-the-other-file.db");
    assert_eq!(store_of(&["--config", "nearside.toml"], &[named]), "of-the-file.db");
}

#[test]
fn a_file_that_cannot_be_understood_ends_with_2_and_leaves_help_alone() {
    let folder = Folder::new("settings");
    let check = |text: &str, said: &str| {
        folder.write("nearside.toml", text);
        let stderr = folder.run(&["export-events", "--to", "a"]).ended_with(2).stderr;
        assert!(stderr.contains(said) && !stderr.contains("hunter2"), "{text}: {stderr}");
        folder.run(&["export-events", "--help"]).ended_with(0);
        let seen = folder.run(&["doctor"]).ended_with(1).stdout;
        assert!(seen.contains(said) && !seen.contains("hunter2"), "{seen}");
    };
    check("seed = 1\ncolour = 'red'\n", "nearside.toml, line 2: colour is not a setting; there are: store, url");
    check("\ntoken = 'hunter2'\n", "nearside.toml, line 2: token sounds like a secret");
    check("auth_keys = 'hunter2'\n", "set AUTH_KEYS in the environment");
    check("private-key = 'hunter2'\n", "model_key_file");
    check("seed = 'many'\n", "nearside.toml, line 1: seed: invalid value 'many'");
    check("seed = \n", "nearside.toml, line 1: this is not TOML");
    folder.write("nearside.toml", "");
    let stderr = folder.run(&["export-events", "--to", "a", "--config", "none.toml"]).ended_with(2).stderr;
    assert!(stderr.contains("none.toml cannot be read"), "{stderr}");
}

#[test]
fn secrets_are_no_flags() {
    let folder = Folder::new("secrets");
    for name in subcommands(&folder, &[]) {
        let help = folder.run(&[&name, "--help"]).ended_with(0).stdout;
        for flag in ["--token ", "--auth-keys", "--export-key", "--password", "--secret"] {
            assert!(!help.contains(flag), "{name} has {flag}");
        }
    }
}

#[test]
fn a_token_is_printed_alone_or_as_json() {
    let folder = Folder::new("token");
    let keys =
        r#"[{"id":"a","algorithm":"HS256","key":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","roles":["client"]}]"#;
    let keys = [("AUTH_KEYS", keys)];
    let token = ["token", "--role", "client", "--user", "0192f0c1-2d3e-7a4b-8c5d-6e7f80912a3b"];
    let alone = folder.run_with(&token, &keys).ended_with(0).stdout;
    assert_eq!(alone.trim().split('.').count(), 3);
    let json = folder.run_with(&[&token[..], &["--json"]].concat(), &keys).ended_with(0).stdout;
    let said: Value = serde_json::from_str(&json).unwrap();
    assert!(said["token"].is_string() && said["expires_at_s"].is_i64(), "{said}");
    folder.run(&token).ended_with(1);
}

#[test]
fn every_shell_gets_its_completions() {
    let folder = Folder::new("completions");
    folder.write("nearside.toml", "broken");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = folder.run(&["completions", shell]).ended_with(0).stdout;
        assert!(script.contains("nearside") && script.contains("doctor") && script.contains("from-edge"), "{shell}");
    }
    folder.run(&["completions", "no-such-shell"]).ended_with(2);
}

#[test]
fn rows_that_are_put_aside_are_a_code_of_their_own_and_json_is_one_document() {
    let folder = Folder::new("strict");
    folder
        .write("events.csv", "user_id,item_id,type,timestamp\nann,i1,CLICKED,2026-01-01\nbob,i2,NONSENSE,2026-01-01\n");
    let import = ["import", "events.csv", "--set", "pack=retail", "--json"];
    let done = folder.run(&import).ended_with(0);
    let counts: Value = serde_json::from_str(&done.stdout).unwrap();
    assert!(done.stderr.contains("row 3"), "what is wrong is named: {}", done.stderr);
    assert_eq!(counts[0]["rows"], 2);
    folder.run(&[&import[..], &["--strict"]].concat()).ended_with(3);
    let quiet = folder.run(&["export-events", "--to", "a.parquet", "--quiet"]).ended_with(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    assert_eq!(folder.run_with(&["export-events", "--to", "b.parquet"], &[("NEARSIDE_QUIET", "1")]).stderr, "");
    let noted = folder.run(&["export-events", "--to", "c.parquet"]).ended_with(0);
    assert_eq!((noted.stdout.as_str(), noted.stderr.as_str()), ("", "c.parquet: 1 events\n"));
    let told = folder.run(&["export-events", "--to", "d.parquet", "--json"]).ended_with(0);
    assert_eq!(serde_json::from_str::<Value>(&told.stdout).unwrap()["events"], 1);
}

#[test]
fn a_reader_who_stops_reading_ends_the_program_without_a_word() {
    let folder = Folder::new("pipe");
    folder.write("events.csv", "user_id,item_id,type,timestamp\nann,i1,CLICKED,2026-01-01\n");
    folder.run(&["import", "events.csv", "--set", "pack=retail"]).ended_with(0);
    let printing = ["export-events", "--to", "a.parquet", "--json"];
    for arguments in
        [&printing[..], &["completions", "bash"], &["doctor"], &["import", "events.csv", "--set", "pack=shop"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = Run::of(folder.command(arguments).stdout(writer).output().unwrap()).ended_with(141);
        assert_eq!(ended.stderr, "", "{arguments:?}");
    }
}

#[test]
fn dates_that_leave_nothing_are_named_with_the_span_of_the_data() {
    let folder = Folder::new("dates");
    let header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
    let line = |day: u32| format!("{day},2217{day},A CUP,1,2011-03-0{day} 10:00:00,2.5,1{day}000,France\n");
    folder.write("lines.csv", &(header.to_owned() + &(1..6).map(line).collect::<String>()));
    let check = |arguments: &[&str], said: &str| {
        let stderr = folder.run(&[arguments, &["--data", "lines.csv"]].concat()).ended_with(1).stderr;
        let span = "the events go from 2011-03-01T10:00:00Z to 2011-03-05T10:00:00Z";
        assert!(stderr.contains(said) && stderr.contains(span), "{stderr}");
    };
    check(
        &["evaluate", "--test-from", "2011-03-04", "--test-to", "2011-03-03"],
        "--test-to 2011-03-03T00:00:00Z is not after the first moment of the test, 2011-03-04T00:00:00Z",
    );
    check(&["evaluate", "--test-from", "2010-01-01"], "--test-from 2010-01-01T00:00:00Z leaves nothing to learn from");
    check(&["evaluate", "--test-from", "2012-01-01"], "--test-from 2012-01-01T00:00:00Z leaves nothing to test on");
    check(&["verify", "--until", "2010-01-01"], "--until 2010-01-01T00:00:00Z leaves nothing to learn from");
}
